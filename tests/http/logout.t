#!/bin/bash
# POST /logout
. "$(dirname "$0")/lib.sh"

# signed_out: the answer of every log-out.
signed_out() {
	answer 200 'Logged out successfully'
	json 'keys_unsorted | join(",")' 'user,message'
	json '.user | length' 0
	cookies_cleared
}

new_user

it 'by cookie'
log_in
post logout '' -H "Cookie: accessToken=$access; refreshToken=$refresh"
signed_out
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
no_header WWW-Authenticate

it 'at once, for both tokens'
dead "$access"
spent "$refresh"
ok 'no session in the row' equal "$(row_sessions)" 0

it 'once more'
post logout '' -H "Cookie: accessToken=$access; refreshToken=$refresh"
bad_token 'Session has ended'
cookies_cleared

it 'by bearer, with a body or none'
log_in # which is to stay
other=$access
for body in '' '{}' '{"everywhere":false}' '{"everywhere":"true"}' \
	'{"everywhere":1}' '{"everywhere":null}' '{"anything":true}'; do
	log_in
	use_bearer "$access"
	post logout "$body" "${bearer[@]}"
	signed_out
	dead "$access"
	ok 'this session alone' equal "$(row_sessions)" 1
done
alive "$other"
log_in
use_bearer "$access"
ask POST "$api/logout" -H 'Content-Length: 0' "${bearer[@]}"
signed_out

it 'no body and no Content-Length'
log_in
use_bearer "$access"
ask POST "$api/logout" "${bearer[@]}"
if behind_lighttpd; then
	answer 411 'Length required' # lighttpd wants a POST to have one
else
	signed_out
fi

it 'other sessions and other people stay'
log_in
ours=$access ours_refresh=$refresh
log_in
first_user=$user_id first_email=$email
new_user
log_in
theirs=$access
user_id=$first_user email=$first_email
use_bearer "$ours"
post logout '' "${bearer[@]}"
signed_out
dead "$ours"
get me -H "Authorization: Bearer $theirs"
status 200

it 'everywhere'
log_in
one=$access one_refresh=$refresh
log_in
use_bearer "$access"
post logout '{"everywhere":true}' "${bearer[@]}"
signed_out
dead "$access"
dead "$one"
spent "$refresh"
spent "$one_refresh"
ok 'no session in the row' equal "$(row_sessions)" 0
get me -H "Authorization: Bearer $theirs"
status 200
it 'everywhere, in a form'
log_in
log_in
form logout everywhere=true -H "Cookie: accessToken=$access"
signed_out
ok 'no session in the row' equal "$(row_sessions)" 0

it 'with the refresh token where there is no access token'
log_in
post logout '' -H "Cookie: refreshToken=$refresh"
signed_out
dead "$access"
log_in
post logout "{\"refreshToken\":\"$refresh\"}"
signed_out
dead "$access"
log_in
one=$access
log_in
post logout '{"everywhere":true}' -H "Cookie: refreshToken=$refresh"
signed_out
dead "$one"

it 'no token at all'
post logout
no_token 'Token not found'
cookies_cleared

it 'a bad access token'
log_in
post logout '' -H "Cookie: accessToken=x; refreshToken=$refresh"
bad_token 'jwt malformed'
cookies_cleared
post logout '' -H "Cookie: accessToken=$refresh; refreshToken=$refresh"
bad_token 'invalid signature'
cookies_cleared
alive "$access"

it 'a bad refresh token and no access token'
refresh_with "$refresh"
for bad in x "$ours_refresh" "$access"; do
	post logout '' -H "Cookie: refreshToken=$bad"
	status 401
	cookies_cleared
done
alive "$access"

it 'a spent refresh token signs nobody out'
old=$refresh
refresh_with "$refresh"
post logout '' -H "Cookie: refreshToken=$old"
status 401
cookies_cleared
alive "$access"

it 'what is refused clears nothing'
use_bearer "$access"
post logout '{' "${bearer[@]}"
answer 400 'Invalid JSON body'
no_header Set-Cookie
post logout '' "${bearer[@]}" -H 'Origin: https://example.org'
answer 403 'Cross-site request refused'
no_header Set-Cookie
alive "$access"

it 'GET logs nobody out'
get logout "${bearer[@]}"
answer 405 'Method not allowed'
header Allow 'POST, OPTIONS'
no_header Set-Cookie
alive "$access"

finish
