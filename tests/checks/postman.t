#!/bin/bash
# The Postman collection passes, twice over, against a server of its own.
. "$(dirname "$0")/../faults/instance.sh"

collection=postman/latchkey.postman_collection.json
report=$scratch/report.json

instance_start SERVER=lighttpd
cd "$(dirname "$0")/.." || exit 1

node_modules/.bin/newman run "$collection" \
	--environment postman/latchkey.postman_environment.json \
	--env-var "baseUrl=$LATCHKEY_URL" --iteration-count 2 \
	--reporters json --reporter-json-export "$report" \
	>"$scratch/newman" 2>&1

# A line each: the request, the assertion, what is wrong with it.
assertions() {
	jq -r '.run.executions[] | .item.name as $name | .assertions[]? |
		[$name, .assertion, (.error.message // "")] | @tsv' "$report"
}

# What keeps a request or its script from getting as far as an assertion.
troubles() {
	jq -r '.run.failures[] | select(.error.test == null) |
		[.source.name // "newman", .error.message] | @tsv' "$report"
}

reported() {
	[ -s "$report" ] || {
		sed 's/^/# /' "$scratch/newman"
		return 1
	}
}

it 'newman'
ok 'ran' reported
ok 'sent every request of the collection, twice' equal \
	"$(jq '.run.executions | length' "$report")" \
	"$(jq '[.. | objects | select(has("request"))] | length * 2' "$collection")"
ok 'no request without a check' equal "$(jq -r '.run.executions[] |
	select([.assertions[]?] | length == 0) | .item.name' "$report")" ''
ok 'checked something' test "$(assertions | wc -l)" -gt 0
ok 'nothing broke on the way' equal "$(troubles)" ''

while IFS=$'\t' read -r name assertion error; do
	it "$name"
	ok "$assertion" equal "$error" ''
done < <(assertions)

finish
