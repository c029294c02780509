#!/bin/bash
# POST /change-password
. "$(dirname "$0")/lib.sh"

# change OLD NEW [options]
change() {
	local body
	body="{\"oldPassword\":$(quote "$1"),\"newPassword\":$(quote "$2")}"
	shift 2
	post change-password "$body" "${bearer[@]}" "$@"
}

new_user
log_in
other=$access other_refresh=$refresh
log_in
use_bearer "$access"
row="SELECT password, refresh_token FROM users WHERE id = X'${user_id//-/}'"
before=$(sql "$row")

it 'a field missing'
for body in '' '{}' '{"oldPassword":"correct horse"}' \
	'{"newPassword":"battery staple"}' \
	'{"oldPassword":"","newPassword":"battery staple"}' \
	'{"oldPassword":"correct horse","newPassword":""}' \
	'{"oldPassword":["correct horse"],"newPassword":"battery staple"}' \
	'{"oldPassword":"correct horse","newPassword":12345}' \
	'{"password":"correct horse","newPassword":"battery staple"}'; do
	post change-password "$body" "${bearer[@]}"
	answer 400 'Old and new password required'
done

it 'a wrong old password'
change wrong 'battery staple'
answer 401 'Incorrect password'
no_header WWW-Authenticate
no_header Set-Cookie
change "$(printf '%073d' 0)" 'battery staple'
answer 401 'Incorrect password'

it 'a new password that may not be'
change "$password" 1234
answer 400 'Password must be at least 5 characters'
change "$password" 'éééé'
answer 400 'Password must be at least 5 characters'
change "$password" "$(printf '%073d' 0)"
answer 400 'Password must be at most 72 bytes'
post change-password \
	"{\"oldPassword\":\"$password\",\"newPassword\":\"12345\\u00006\"}" \
	"${bearer[@]}"
answer 400 'Invalid JSON body'

it 'no token'
post change-password \
	"{\"oldPassword\":\"$password\",\"newPassword\":\"battery staple\"}"
no_token 'Token not found'
post change-password \
	"{\"oldPassword\":\"$password\",\"newPassword\":\"battery staple\"}" \
	-H "Cookie: refreshToken=$refresh"
no_token 'Token not found'

it 'from a foreign page'
change "$password" 'battery staple' -H 'Origin: https://example.org'
answer 403 'Cross-site request refused'

it 'none of that has changed the row'
ok 'password and sessions' equal "$(sql "$row")" "$before"

it 'the right one'
change "$password" 'battery staple'
answer 200 'Password changed successfully'
json 'keys_unsorted | join(",")' message
no_header Set-Cookie
header Cache-Control no-store

it 'all other sessions have ended'
dead "$other"
spent "$other_refresh"
ok 'one session in the row' equal "$(row_sessions)" 1
it 'this one goes on'
alive "$access"
refresh_with "$refresh"
answer 200 'Access token refreshed'

it 'after that'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
answer 401 'Incorrect password'
change "$password" 'battery staple'
answer 401 'Incorrect password'
password='battery staple'
log_in
json_matches .user.updatedAt '^20'
ok 'another time in updatedAt' unequal "$(reply_json .user.updatedAt)" \
	"$(reply_json .user.createdAt)"

it 'by cookie and form, to the longest password'
form change-password \
	"oldPassword=battery+staple&newPassword=$(printf '%072d' 0)" \
	-H "Cookie: accessToken=$access"
answer 200 'Password changed successfully'
password=$(printf '%072d' 0)
log_in

it 'to the same one'
use_bearer "$access"
change "$password" "$password"
answer 200 'Password changed successfully'
log_in

it 'in a session that has ended'
post logout '' -H "Authorization: Bearer $access"
use_bearer "$access"
change "$password" 'battery staple'
bad_token 'Session has ended'

finish
