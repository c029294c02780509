#!/bin/bash
# Rotation under attack and under bad luck: clients that race with one token,
# lost answers, sign-outs in the middle of it all, restarts.
# shellcheck source=tests/faults/instance.sh
. "$(dirname "$0")/instance.sh"

load=$(dirname "$0")/load.py

# serve NAME [NAME=VALUE...]: one more web server on the same database, kept
# under that name for: at NAME
declare -A url log
serve() {
	local name=$1
	shift
	instance_start DB_RUN_DIR="$database" "$@"
	url[$name]=$LATCHKEY_URL
	log[$name]=$LATCHKEY_LOG
}

at() {
	LATCHKEY_URL=${url[$1]}
	api=$LATCHKEY_URL/api/v1/users
	LATCHKEY_LOG=${log[$1]}
}

# serve_all: the settings that the page is about.  Grace 0, and a lost race is
# a theft or is none; grace 10; grace 1, to be waited for.
serve_all() {
	serve tutorial REFRESH_GRACE=0 REUSE_ENDS_SESSION=0
	serve strict REFRESH_GRACE=0 REUSE_ENDS_SESSION=1
	serve grace REFRESH_GRACE=10 REUSE_ENDS_SESSION=1
	serve short REFRESH_GRACE=1 REUSE_ENDS_SESSION=1
}

# python COMMAND...: its answer is kept for the checks, as a reply's body.
python() {
	echo "load.py $*" >"$scratch/request"
	: >"$scratch/head"
	/usr/bin/python3 "$load" "$@" >"$scratch/body" 2>"$scratch/curl" ||
		ok "load.py $1 ($(tail -n 1 "$scratch/curl"))" false
}

# present_all WANTED TOKEN...: each gets that answer.
present_all() {
	local wanted=$1
	shift
	printf '%s\n' "$@" | python present "$LATCHKEY_URL"
	ok "$# tokens: $wanted" equal "$(sort "$scratch/body" | uniq -c |
		sed 's/^ *//')" "$# $wanted"
}

# row_hash: of the session's current token, as the row has it.
row_hash() {
	sql "SELECT JSON_VALUE(refresh_token, '$.\"$session\".hash') FROM users
		WHERE id = X'${user_id//-/}'"
}

hash_of() {
	printf %s "$1" | sha256sum | cut -d' ' -f1
}

# wait_for_rotation OF: until the row holds another token than that.
wait_for_rotation() {
	local tries=100
	while [ "$(row_hash)" = "$(hash_of "$1")" ] && [ $((tries -= 1)) -gt 0 ]; do
		sleep 0.02
	done
	unequal "$(row_hash)" "$(hash_of "$1")"
}

# logged_reuse N: how often the log tells of this session, and all that it tells.
logged_reuse() {
	local lines
	lines=$(grep " event=refresh_token_reuse .*session=$session" \
		"$LATCHKEY_LOG" | sed 's/^.* event=/event=/')
	equal "$lines" "$(for ((i = 0; i < $1; i++)); do
		echo "event=refresh_token_reuse user=$user_id session=$session ip=127.0.0.1"
	done)"
}

no_token_in_log() {
	! grep -qE 'eyJ[A-Za-z0-9_-]{10}' "${log[@]}"
}

# ended ACCESS REFRESH: nothing is left of a session.
ended() {
	dead "$1"
	spent "$2"
	ok 'not in the row' equal "$(row_hash)" NULL
}

database_start
serve_all
serve apache SERVER=apache REFRESH_GRACE=10 REUSE_ENDS_SESSION=1
serve apache-tutorial SERVER=apache REFRESH_GRACE=0 REUSE_ENDS_SESSION=0

it '64 clients with one token, no grace, reuse ends nothing'
at tutorial
new_user
log_in
python race "$refresh" 20 "$LATCHKEY_URL" 64
json '[.rounds[].status] | unique | tostring' '[{"200":1,"401":63}]'
newest=$(reply_json .refresh)
alive "$(reply_json .access)"
ok 'one session' equal "$(row_sessions)" 1
refresh_with "$newest"
status 200

it '64 clients with one token, no grace, reuse ends the session'
at strict
for _ in 1 2 3 4 5 6 7 8; do
	log_in
	python race "$refresh" 1 "$LATCHKEY_URL" 64
	json '.rounds[0].status | tostring' '{"200":1,"401":63}'
	newest=$(reply_json .refresh)
	dead "$(reply_json .access)"
	dead "$access"
	spent "$newest"
	ok 'not in the row' equal "$(row_hash)" NULL
done

it '64 clients with one token, within the grace'
at grace
new_user
log_in
first=$refresh
python race "$refresh" 15 "$LATCHKEY_URL" 64
json '[.rounds[].status] | unique | tostring' '[{"200":64}]'
json '[.rounds[].refresh | length] | unique | tostring' '[1]'
json '[.rounds[].refresh[]] | unique | length' 15
newest=$(reply_json .refresh)
alive "$(reply_json .access)"
alive "$access"
ok 'one session' equal "$(row_sessions)" 1
ok 'the row holds what they got' equal "$(row_hash)" "$(hash_of "$newest")"
refresh_with "$newest"
status 200
ok 'and goes on' unequal "$refresh" "$newest"
ok 'no word of reuse' logged_reuse 0
ok 'the first token is another' unequal "$first" "$newest"

it '64 clients, two web servers, one database, within the grace'
log_in
python race "$refresh" 4 "$LATCHKEY_URL" 48 "${url[apache]}" 16
json '[.rounds[].status] | unique | tostring' '[{"200":64}]'
json '[.rounds[].refresh | length] | unique | tostring' '[1]'
newest=$(reply_json .refresh)
ok 'the row holds what they got' equal "$(row_hash)" "$(hash_of "$newest")"
alive "$(reply_json .access)"

it '64 clients, two web servers, one database, no grace'
at tutorial
log_in
python race "$refresh" 4 "$LATCHKEY_URL" 48 "${url[apache-tutorial]}" 16
json '[.rounds[].status] | unique | tostring' '[{"200":1,"401":63}]'
alive "$(reply_json .access)"
refresh_with "$(reply_json .refresh)"

it 'a thousand rotations'
at tutorial
new_user
log_in
python chain "$refresh" 1000 "$LATCHKEY_URL"
mapfile -t tokens <"$scratch/body"
ok 'all of them' equal "${#tokens[@]}" 1001
ok 'all different' equal "$(sort -u "$scratch/body" | wc -l)" 1001
seconds=$(for i in {0..1000..50}; do claims "${tokens[i]}" | jq .iat; done |
	sort -u | wc -l)
ok "21 of them from $seconds seconds: many from the same" [ "$seconds" -lt 21 ]
ok 'one session' equal "$(row_sessions)" 1
old=("${tokens[999]}" "${tokens[998]}" "${tokens[0]}" "${tokens[1]}")
for i in {25..975..25}; do old+=("${tokens[i]}"); done
present_all '401 Refresh token is incorrect' "${old[@]}"
ok 'the row holds the last' equal "$(row_hash)" "$(hash_of "${tokens[1000]}")"
present_all '200 Access token refreshed' "${tokens[1000]}"
present_all '401 Refresh token is incorrect' "${tokens[1000]}"

it 'the client killed before it read the answer'
at grace
new_user
log_in
for _ in 1 2 3 4; do
	before=$refresh
	/usr/bin/python3 "$load" lose "$before" "$LATCHKEY_URL" &
	client=$!
	ok 'rotated' wait_for_rotation "$before"
	kill -KILL "$client"
	wait "$client" 2>/dev/null
	lost=$(row_hash)
	refresh_with "$before"
	status 200
	ok 'the successor that was lost' equal "$(hash_of "$refresh")" "$lost"
	again=$refresh
	refresh_with "$before"
	ok 'and once more' equal "$refresh" "$again"
	refresh_with "$refresh"
	status 200
done

it 'the client hung up at once'
for _ in 1 2 3 4 5 6 7 8; do
	before=$refresh
	/usr/bin/python3 "$load" drop "$before" "$LATCHKEY_URL"
	refresh_with "$before"
	status 200
	again=$refresh
	refresh_with "$before"
	ok 'the same successor' equal "$refresh" "$again"
done
alive "$access"
ok 'no word of reuse' logged_reuse 0

it 'ten tabs restored at once'
python tabs 25 "$LATCHKEY_URL"
json '.status | keys | join(",")' 200
json '.ends | tostring' '[1]'
ok 'nobody logged out' equal "$(sql "SELECT JSON_LENGTH(refresh_token) FROM users
	WHERE id = X'$(reply_json .user | tr -d -)'")" 16

it 'a token of two and of three rotations ago'
log_in
tokens=("$refresh")
for i in 1 2 3; do
	refresh_with "$refresh"
	tokens+=("$refresh")
done
for i in 2 1 0 1 2; do
	refresh_with "${tokens[i]}"
	status 200
	ok 'led to the newest' equal "$refresh" "${tokens[3]}"
done

it 'after the grace'
at short
new_user
log_in
first=$refresh
refresh_with "$first"
second=$refresh
sleep 2.1
log_in --cookie ''
bystander=$access
session=$(claims "$second" | jq -r .sid)
refresh_with "$second"
status 200
alive "$access"
spent "$first"
ended "$access" "$refresh"
spent "$second"
spent "$first"
ok 'logged once' logged_reuse 1
alive "$bystander"

it 'after the grace, where reuse ends nothing'
at tutorial
log_in
first=$refresh
refresh_with "$first"
spent "$first"
ok 'logged once' logged_reuse 1
alive "$access"
refresh_with "$refresh"
status 200

# racing WAY ROUNDS SESSIONS: each round ends so many sessions, of which nothing
# works afterwards.  Before that, the refreshing goes on for a while; then it is
# refused.
racing() {
	python end "$1" "$2" "$3" "$LATCHKEY_URL"
	json '.ended | tostring' "{\"200\":$2}"
	json '.refused | tostring' \
		"{\"401 Refresh token is incorrect\":$(($2 * $3))}"
	json .alive 0
	ok 'they did race' [ "$(reply_json .raced)" -gt $(($2 * $3 / 4)) ]
	echo "# $(cat "$scratch/body")"
}

at grace
it 'logging out races a refresh'
racing logout 200 1
it 'DELETE sessions/ID races a refresh'
racing one 40 1
it 'DELETE sessions races refreshes'
racing others 10 4
it 'logging out everywhere races refreshes'
racing everywhere 10 4
# Each round hashes twice: 50 rounds that race four refreshes take as long as
# the 200 log-outs.
it 'changing the password races refreshes'
racing password 50 4

# The cap, and the session that a log-in replaces.

# count_alive: of the access tokens in the last answer.
count_alive() {
	local token
	for token in $(reply_json '.access[]'); do
		curl -s -o /dev/null -w '%{http_code}\n' \
			-H "Authorization: Bearer $token" "$api/me"
	done | grep -c 200
}

for server in grace apache; do
	it "32 log-ins at once ($server)"
	at "$server"
	new_user
	python logins 32 "$email" "$password" "$LATCHKEY_URL"
	json '.status | tostring' '{"200":32}'
	ok '16 sessions in the row' equal "$(row_sessions)" 16
	ok '16 tokens alive' equal "$(count_alive)" 16
done

it 'a log-in with a live refresh cookie'
at grace
new_user
log_in
old_access=$access old_refresh=$refresh
log_in -b "refreshToken=$refresh"
ok 'one session' equal "$(row_sessions)" 1
dead "$old_access"
spent "$old_refresh"
alive "$access"

it 'a log-in with one that was spent within the grace'
old_access=$access old_refresh=$refresh
refresh_with "$refresh"
log_in -b "refreshToken=$old_refresh"
ok 'one session' equal "$(row_sessions)" 1
dead "$old_access"
alive "$access"

it "a log-in with another user's refresh cookie"
theirs=$access their_refresh=$refresh
new_user
log_in -b "refreshToken=$their_refresh"
ok 'one session' equal "$(row_sessions)" 1
alive "$theirs"
refresh_with "$their_refresh"
status 200
theirs=$access

it 'a log-in with a cookie that is no live one'
new_user
log_in
first=$access
for cookie in x "$access" "${refresh%?}x" ''; do
	log_in -b "refreshToken=$cookie"
done
ok 'five sessions' equal "$(row_sessions)" 5
alive "$first"
alive "$theirs"

# Restarts.  What is spent and what is ended, of each setting.

it 'before any restart'
at tutorial
new_user
log_in
chain=("$refresh")
for _ in 1 2 3; do
	refresh_with "$refresh"
	chain+=("$refresh")
done
present_all '401 Refresh token is incorrect' "${chain[@]:0:3}"
at strict
new_user
log_in
over=("$refresh")
refresh_with "$refresh"
over+=("$refresh")
over_access=$access
spent "${over[0]}"
present_all '401 Refresh token is incorrect' "${over[@]}"
at grace
log_in
out=("$refresh")
refresh_with "$refresh"
out+=("$refresh")
out_access=$access
post logout '{}' -H "Authorization: Bearer $access"
status 200

# still_spent: none of those is good for anything, wherever it is shown.
still_spent() {
	at tutorial
	present_all '401 Refresh token is incorrect' "${chain[@]:0:3}"
	for name in strict grace; do
		at "$name"
		present_all '401 Refresh token is incorrect' "${over[@]}" "${out[@]}"
		dead "$over_access"
		dead "$out_access"
	done
}

still_spent
it 'after the death of the database'
database_kill9
database_again
still_spent
it 'after a restart of the database'
"$servers/mariadb.sh" stop "$database"
database_again
still_spent
it 'after a restart of the web servers'
ok 'no token in any log' no_token_in_log
while [ "${#instances[@]}" -gt 0 ]; do instance_stop; done
serve_all
still_spent
at tutorial
refresh_with "${chain[3]}"
status 200
ok 'no token in any log' no_token_in_log

finish
