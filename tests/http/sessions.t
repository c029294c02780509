#!/bin/bash
# GET /sessions, DELETE /sessions and DELETE /sessions/ID
. "$(dirname "$0")/lib.sh"

uuid7='^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
iso='^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z$'

# age SESSION KEY SECONDS: set a session's time back.
age() {
	sql "UPDATE users SET refresh_token = JSON_SET(refresh_token,
		'$.\"$1\".$2', UNIX_TIMESTAMP() - $3)
		WHERE id = X'${user_id//-/}'"
}

new_user
log_in -A 'phone "5" \ one'
phone=$session phone_access=$access phone_refresh=$refresh
log_in -A 'Mozilla/5.0 (X11; Linux x86_64) "laptop"'
laptop=$session laptop_access=$access
log_in -A ''
desk=$session
use_bearer "$laptop_access"

it 'the list'
age "$phone" 'rotated[0]' 20
age "$desk" 'rotated[0]' 40
get sessions "${bearer[@]}"
status 200
json 'keys_unsorted | join(",")' sessions
json '.sessions[0] | keys_unsorted | join(",")' \
	'_id,createdAt,lastUsedAt,userAgent,ip,current'
json '.sessions | map(._id) | join(" ")' "$laptop $phone $desk"
json '.sessions | map(.current) | join(" ")' 'true false false'
json '.sessions[0].userAgent' 'Mozilla/5.0 (X11; Linux x86_64) "laptop"'
json '.sessions[1].userAgent' 'phone "5" \ one'
json '.sessions[2].userAgent' ''
json '.sessions[0].ip' 127.0.0.1
json_matches '.sessions[0]._id' "$uuid7"
json_matches '.sessions[0].createdAt' "$iso"
json_matches '.sessions[0].lastUsedAt' "$iso"
ok 'the second was last used 20 seconds ago, or a little more' matches \
	"$(($(date +%s) - $(date -d "$(reply_json '.sessions[1].lastUsedAt')" +%s)))" \
	'^(2|3)[0-9]$'
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
no_header Set-Cookie
ok 'neither a hash nor a token' equal \
	"$(grep -cE '[0-9a-f]{64}|eyJ|[$]2b' "$scratch/body")" 0

it 'a refresh is a use'
refresh_with "$phone_refresh"
phone_access=$access phone_refresh=$refresh
age "$laptop" 'rotated[0]' 10
get sessions "${bearer[@]}"
json '.sessions | map(._id) | join(" ")' "$phone $laptop $desk"
get sessions -H "Cookie: accessToken=$phone_access"
json '.sessions | map(.current) | join(" ")' 'true false false'

it 'HEAD'
ask HEAD "$api/sessions" --head "${bearer[@]}"
status 200

it 'no token'
get sessions
no_token 'Token not found'
delete sessions
no_token 'Token not found'
delete "sessions/$desk"
no_token 'Token not found'
delete "sessions/$desk" -H "Cookie: refreshToken=$phone_refresh"
no_token 'Token not found'
ok 'three sessions in the row' equal "$(row_sessions)" 3

it 'from a foreign page'
delete sessions "${bearer[@]}" -H 'Origin: https://example.org'
answer 403 'Cross-site request refused'
delete "sessions/$desk" "${bearer[@]}" -H 'Sec-Fetch-Site: same-site'
answer 403 'Cross-site request refused'
ok 'three sessions in the row' equal "$(row_sessions)" 3

it 'ending one'
delete "sessions/$phone" "${bearer[@]}"
answer 200 'Session ended'
json 'keys_unsorted | join(",")' message
no_header Set-Cookie
dead "$phone_access"
spent "$phone_refresh"
get sessions "${bearer[@]}"
json '.sessions | map(._id) | join(" ")' "$laptop $desk"

it 'ending what is not there'
delete "sessions/$phone" "${bearer[@]}"
answer 404 'Session not found'
for id in x 0 "${desk^^}" "$user_id" "$desk'" "${desk}0" \
	00000000-0000-7000-8000-000000000000 hash; do
	delete "sessions/$id" "${bearer[@]}"
	answer 404 'Session not found'
done
no_header WWW-Authenticate
for id in '%27%20OR%201' "%${desk:0:2}" "${desk/-/%2d}" '%'; do
	delete "sessions/$id" "${bearer[@]}"
	ok 'no escape is part of an ID' matches "$(reply_status)" '^40[04]$'
done
ok 'two sessions in the row' equal "$(row_sessions)" 2

it "ending somebody else's"
mine=$user_id my_email=$email
new_user
log_in
theirs=$session their_access=$access
delete "sessions/$theirs" "${bearer[@]}"
answer 404 'Session not found'
alive "$their_access"
get sessions -H "Authorization: Bearer $their_access"
json '.sessions | map(._id) | join(" ")' "$theirs"
user_id=$mine email=$my_email

it 'ending the current one by its ID'
log_in
delete "sessions/$session" -H "Authorization: Bearer $access"
answer 200 'Session ended'
dead "$access"

it 'ending all others'
log_in
log_in
other_access=$access other_refresh=$refresh
delete sessions "${bearer[@]}"
answer 200 'Other sessions ended'
json .count 3
json 'keys_unsorted | join(",")' 'message,count'
no_header Set-Cookie
dead "$other_access"
spent "$other_refresh"
alive "$laptop_access"
alive "$their_access"
delete sessions "${bearer[@]}"
answer 200 'Other sessions ended'
json .count 0
ok 'one session in the row' equal "$(row_sessions)" 1

it 'a log-in that brings a live refresh cookie replaces that session'
log_in
old_access=$access old_refresh=$refresh
log_in -H "Cookie: refreshToken=$refresh"
dead "$old_access"
spent "$old_refresh"
alive "$access"
ok 'two sessions in the row' equal "$(row_sessions)" 2
it 'a spent one replaces nothing'
log_in -H "Cookie: refreshToken=$old_refresh"
ok 'three sessions in the row' equal "$(row_sessions)" 3
old_refresh=$refresh
refresh_with "$refresh"
log_in -H "Cookie: refreshToken=$old_refresh"
ok 'four sessions in the row' equal "$(row_sessions)" 4
it "one in the body, or somebody else's, replaces nothing"
post login "{\"email\":\"$email\",\"password\":\"$password\",
	\"refreshToken\":\"$refresh\"}"
status 200
ok 'five sessions in the row' equal "$(row_sessions)" 5
new_user
log_in -H "Cookie: refreshToken=$refresh"
alive "$access"
user_id=$mine email=$my_email
ok 'five sessions in the row' equal "$(row_sessions)" 5
it 'a wrong password replaces nothing'
post login "{\"email\":\"$email\",\"password\":\"wrong\"}" \
	-H "Cookie: refreshToken=$refresh"
answer 401 'Incorrect password'
ok 'five sessions in the row' equal "$(row_sessions)" 5

it 'what is over is not shown'
log_in
age "$session" 'rotated[0]' 1296001
get sessions "${bearer[@]}"
status 200
json ".sessions | map(select(._id == \"$session\")) | length" 0
delete "sessions/$session" "${bearer[@]}"
answer 404 'Session not found'

it 'what a browser calls itself, whatever the bytes'
delete sessions "${bearer[@]}"
long=$(printf '%0300d' 0)
log_in -A $'not UTF-8 \xff\xc3 \xed\xa0\x80, a tab\there'
log_in -A "${long:0:255}é"
log_in -A "$long"
get sessions "${bearer[@]}"
status 200
ok 'good UTF-8' iconv -f UTF-8 -t UTF-8 -o "$scratch/utf8" "$scratch/body"
json '.sessions | length' 4
json '[.sessions[].userAgent | utf8bytelength] | max | . <= 256' true
json '[.sessions[].userAgent | test("[\u0000-\u001f\u007f]")] | any' false
json "[.sessions[].userAgent] | index(\"${long:0:255}\") != null" true
json "[.sessions[].userAgent] | index(\"${long:0:256}\") != null" true

it 'sixteen sessions, and the least recently used makes room'
delete sessions "${bearer[@]}"
for i in {2..16}; do
	log_in -A "$long"
	[ "$i" != 8 ] || eighth=$session eighth_access=$access
done
ok 'sixteen in the row' equal "$(row_sessions)" 16
ok 'the row stays small' test "$(sql "SELECT LENGTH(refresh_token) FROM users
	WHERE id = X'${user_id//-/}'")" -lt 8192
age "$eighth" 'rotated[0]' 3600
age "$laptop" opened 7200
log_in
ok 'sixteen in the row' equal "$(row_sessions)" 16
dead "$eighth_access"
alive "$laptop_access"
alive "$access"

it 'other paths'
for path in sessions/ sessions/x/y; do
	delete "$path" "${bearer[@]}"
	answer 404 'Not found'
done
get "sessions/$laptop" "${bearer[@]}"
answer 404 'Not found'

finish
