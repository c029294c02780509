#!/bin/bash
# The doctor as each server hands requests to it; tests/faults/doctor.t makes what it
# looks at wrong.
. "$(dirname "$0")/lib.sh"

token=$(sed -n 's/^DOCTOR_TOKEN=//p' "$LATCHKEY_ENV" | tail -n 1)
use_bearer "$token"

# report [WARNING...]: the answer is a line for each thing, and what is wrong is not
# more than what such a private server is meant to be.  (Of its processes it counts
# those that other pages start as well.)
report() {
	status 200
	header Content-Type 'text/plain; charset=utf-8'
	header Cache-Control no-store
	ok 'lines as they should be' equal \
		"$(grep -cvE '^[a-z-]+: (good|WARN), .' "$scratch/body")" 0
	ok 'warnings' equal "$(sed -n '/^connections/d; s/: WARN, .*//p' "$scratch/body" |
		paste -sd ' ')" "$1"
	ok 'the database' grep -q '^database: good, ' "$scratch/body"
	ok 'no secret' equal "$(grep -cF "$token" "$scratch/body")" 0
}

it 'with the token in a header'
get doctor "${bearer[@]}"
report blocklist
ok 'which reaches the program' grep -q '^authorization: good' "$scratch/body"
mode=FastCGI
[[ $LATCHKEY_SETUP != *-cgi ]] || mode=CGI
ok 'the mode' grep -q "^mode: good, $mode, by " "$scratch/body"

it 'with the token in a form'
form doctor "token=$token"
report 'blocklist authorization'
post doctor "{\"token\":\"$token\"}"
report 'blocklist authorization'
it 'as curl is told to ask'
form doctor "token=$token" "${bearer[@]}"
report blocklist

it 'HEAD'
ask HEAD "$api/doctor" --head "${bearer[@]}"
status 200
header Content-Type 'text/plain; charset=utf-8'

it 'without a token'
get doctor
no_token 'Token not found'
form doctor token=
no_token 'Token not found'
get "doctor?token=$token"
no_token 'Token not found'
get doctor -b "accessToken=$token; token=$token"
no_token 'Token not found'
it 'with another one'
new_user
log_in
for other in "$access" "$refresh" "${token%?}" "$token$token" "${token^^}"; do
	get doctor -H "Authorization: Bearer $other"
	bad_token 'invalid token'
done
form doctor 'token=x'
bad_token 'invalid token'

it 'a browser'
get doctor -H 'Accept: text/html,*/*;q=0.8' -H 'Sec-Fetch-Mode: navigate'
status 401
header Content-Type 'text/html; charset=utf-8'
header WWW-Authenticate Bearer
ok 'gets a form to post it' grep -q '<form method=post>.* name=token' "$scratch/body"
header Content-Security-Policy \
	"default-src 'none'; form-action 'self'; frame-ancestors 'none'"

finish
