#!/bin/bash
# What the operator reads in the server's log, and what must never stand there.
. "$(dirname "$0")/lib.sh"

log=${LATCHKEY_LOG:?the log of the server}
start=$(stat -c %s "$log")

# fresh: what the log has got since this page began.
fresh() {
	tail -c +$((start + 1)) "$log"
}

# logged PROGRAM EVENT USER SESSION [COUNT]: that many such lines there are.
logged() {
	local line wanted=${5-1}
	local iso='^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\.[0-9]{3}Z'
	line="$iso latchkey $1 event=$2 user=$3 session=$4 ip=127\\.0\\.0\\.1\$"
	for _ in {1..50}; do
		count=$(fresh | grep -acE "$line")
		[ "$count" -lt "$wanted" ] || break
		sleep 0.05 # a server may hand the line on after the reply
	done
	ok "$wanted times $2 by $1" equal "$count" "$wanted"
}

secrets=$scratch/secrets
# keep TEXT...: it must not be found in the log.
keep() {
	printf '%s\n' "$@" >>"$secrets"
}

it 'signing up'
new_user 'open sesame 4711'
keep "$password"
logged register registered "$user_id" -

it 'logging in'
log_in
keep "$access" "$refresh"
logged login logged_in "$user_id" "$session"

it 'failing to'
post login "{\"email\":\"$email\",\"password\":\"guess 4712\"}"
status 401
post login "{\"email\":\"$email\",\"password\":\"guess 4712\"}"
keep 'guess 4712'
logged login login_failed "$user_id" - 2
it 'failing to, as nobody'
none=$(fresh | grep -acE 'login event=login_failed user=- session=- ip=127')
post login '{"email":"pass4713@example.org","password":"guess 4713"}'
status 404
keep 'pass4713' 'guess 4713'
logged login login_failed - - $((none + 1))

it 'refreshing'
spent=$refresh
refresh_with "$refresh"
keep "$access" "$refresh"
logged refresh-token refreshed "$user_id" "$session"

it 'refreshing with a token that was spent'
post refresh-token "{\"refreshToken\":\"$spent\"}"
status 401
logged refresh-token refresh_token_reuse "$user_id" "$session"
logged refresh-token refreshed "$user_id" "$session"

it 'logging out'
use_bearer "$access"
post logout '' "${bearer[@]}"
status 200
logged logout logged_out "$user_id" "$session"

it 'logging out everywhere'
log_in
keep "$access" "$refresh"
first=$session
log_in
keep "$access" "$refresh"
use_bearer "$access"
post logout '{"everywhere":true}' "${bearer[@]}"
status 200
logged logout logged_out "$user_id" "$first"
logged logout logged_out "$user_id" "$session"

it 'ending a session, and all others'
log_in
first=$session
log_in
second=$session
log_in
keep "$access" "$refresh"
use_bearer "$access"
delete "sessions/$first" "${bearer[@]}"
status 200
logged sessions session_ended "$user_id" "$first"
delete sessions "${bearer[@]}"
status 200
logged sessions session_ended "$user_id" "$second"
logged sessions session_ended "$user_id" "$session" 0

it 'changing the password'
own=$session
log_in
keep "$access" "$refresh" 'open simsim 4714'
post change-password \
	"{\"oldPassword\":\"$password\",\"newPassword\":\"open simsim 4714\"}" \
	"${bearer[@]}"
status 200
password='open simsim 4714'
logged change-password password_changed "$user_id" "$own"
logged change-password session_ended "$user_id" "$session"
logged change-password session_ended "$user_id" "$own" 0

it 'deleting the account'
keep "$(sql "SELECT password FROM users WHERE id = X'${user_id//-/}'")"
delete me -H 'Content-Type: application/json' \
	-d "{\"password\":\"$password\"}" "${bearer[@]}"
status 200
logged me account_deleted "$user_id" "$own"

it 'a foreign page'
none=$(fresh | grep -acE 'event=cross_site_refused')
post login '{}' -H 'Origin: https://evil.example.org'
status 403
logged login cross_site_refused - - $((none + 1))

it 'what is read and what is refused is no event'
count=$(fresh | grep -ac "user=$user_id")
get me "${bearer[@]}"
post refresh-token '{"refreshToken":"eyJx.eyJy.4715"}'
keep eyJx.eyJy.4715
post logout '' -H 'Cookie: accessToken=4716.4716.4716'
keep 4716.4716.4716
ok 'no line more' equal "$(fresh | grep -ac "user=$user_id")" "$count"

# Forging: a line of the attacker's own, wherever text can be sent.

it 'a line that a client would like to write'
new_user
line="2026-01-31T23:59:59.123Z latchkey login event=forged user=$user_id"
in_json=$(printf '%s' "\\r\\n$line\\r\\n\\u001b[2J")
in_url=$(printf '%s' "%0d%0a$line%0d%0a%1b%5b2J" | sed 's/ /%20/g')
post login "{\"email\":\"a@example.org$in_json\",\"password\":\"x\"}"
answer 400 'Invalid email'
post register "{\"email\":\"a@example.org$in_json\",\"password\":\"12345\"}"
answer 400 'Invalid email'
form login "email=a%40example.org$in_url&password=x"
answer 400 'Invalid email'
post login "{\"email\":\"$email\",\"password\":\"x$in_json\"}"
answer 401 'Incorrect password'
post "login$in_url" '{}'
post "login?x=$in_url" '{}'
delete "sessions/x$in_url" "${bearer[@]}"
post "$in_url" '{}'
post login '{}' -H "Origin: https://evil.example.org/$in_url"
post refresh-token "{\"refreshToken\":\"a.b.c$in_json\"}"
bad_token 'jwt malformed'
log_in -A "$line" -H "Referer: http://example.org/$in_url"
# Raw, where curl would not send it; the server may hang up on that.
for raw in $'\e[2J' $'\r' $'\v' $'\x9b2J' $'\n'; do
	body="{\"email\":\"$email\",\"password\":\"$password\"}"
	exec 3<>"/dev/tcp/${server%:*}/${server##*:}"
	printf '%s\r\n' "POST $base/api/v1/users/login HTTP/1.1" 'Host: localhost' \
		"User-Agent: curl$raw$line" 'Content-Type: application/json' \
		"Content-Length: ${#body}" 'Connection: close' '' >&3
	printf %s "$body" >&3
	timeout 10 cat <&3 >"$scratch/head"
	exec 3>&-
	ok 'the server is well' matches "$(reply_status)" '^(200|400)$'
done
log_in # and so it is behind all of that
logged login logged_in "$user_id" "$session"
ok 'is not there' equal "$(fresh | grep -ac '^20.*event=forged')" 0
ok 'nor is a terminal code' equal \
	"$(fresh | tr -d '\n\t -~' | wc -c)" 0

it 'secrets'
keep "$access" "$refresh"
sed -n 's/^\(ACCESS_TOKEN_SECRET\|REFRESH_TOKEN_SECRET\|DB_PASSWORD\)="\?\([^"]*\)"\?$/\2/p' \
	"$LATCHKEY_ENV" >>"$secrets"
ok 'there are some to look for' test "$(wc -l <"$secrets")" -gt 20
ok 'none is in the log' equal \
	"$(fresh | grep -acFf "$secrets")" 0
# The payload of a token is in each of its copies.
cut -d . -f 2 -s "$secrets" | grep -E '.{40}' >"$scratch/payloads"
ok 'nor is a part of a token' equal \
	"$(fresh | grep -acFf "$scratch/payloads")" 0
ok 'nor is any e-mail address' equal "$(fresh | grep -acF "$email")" 0

finish
