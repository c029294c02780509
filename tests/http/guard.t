#!/bin/bash
# The guard as a responder, which is how other proxies' forward-auth and nginx
# ask it; its other seats are in tests/guard.
. "$(dirname "$0")/lib.sh"

# admitted ID EMAIL
admitted() {
	status 204
	header X-Auth-User-Id "$1"
	header X-Auth-Email "$2"
	header Cache-Control no-store
	no_header Set-Cookie
}

# refused: by answer, bad_token or no_token, and without an identity.
refused() {
	"$@"
	no_header X-Auth-User-Id
	no_header X-Auth-Email
	no_header Set-Cookie
}

new_user
log_in
use_bearer "$access"

it 'a good token'
get guard -H "Cookie: accessToken=$access"
admitted "$user_id" "$email"
get guard "${bearer[@]}"
admitted "$user_id" "$email"
body ''

it 'whatever the method, for it is that of another request'
for method in POST PUT DELETE PATCH; do
	ask "$method" "$api/guard" "${bearer[@]}" -d x=y
	admitted "$user_id" "$email"
done
ask HEAD "$api/guard" --head "${bearer[@]}"
admitted "$user_id" "$email"

it 'from a page of another site too: nothing is changed by it'
get guard "${bearer[@]}" -H 'Origin: https://evil.example'
admitted "$user_id" "$email"

it 'headers of the client say nothing'
get guard "${bearer[@]}" -H 'X-Auth-User-Id: evil' -H 'X-Auth-Email: evil' \
	-H 'Auth-User-Id: evil' -H 'Latchkey-Allow: evil@example.org'
admitted "$user_id" "$email"
get guard -H 'X-Auth-User-Id: evil' -H 'X-Auth-Email: evil' \
	-H "Cookie: AUTH_USER_ID=$user_id"
refused no_token 'Token not found'

it 'the identity is that of the row'
sql "UPDATE users SET email = 'moved-$email' WHERE id = X'${user_id//-/}'"
get guard "${bearer[@]}"
admitted "$user_id" "moved-$email"

it 'no token'
get guard
refused no_token 'Token not found'
get guard -H 'Accept: text/html'
refused no_token 'Token not found'
get guard -H "Cookie: refreshToken=$refresh"
refused no_token 'Token not found'

it 'a preflight is a request like others: 204 would let it in'
ask OPTIONS "$api/guard" -H 'Access-Control-Request-Method: GET' \
	-H "Origin: $origin"
refused no_token 'Token not found'

it 'a bad token'
get guard -H 'Cookie: accessToken=x'
refused bad_token 'jwt malformed'
get guard -H "Authorization: Bearer $refresh"
refused bad_token 'invalid signature'
get guard -H "Cookie: accessToken=x" "${bearer[@]}"
refused bad_token 'jwt malformed'

it 'the refresh token is not touched'
refresh_with "$refresh"
status 200
use_bearer "$access"

it 'an ended session, at once'
post logout '' "${bearer[@]}"
status 200
get guard "${bearer[@]}"
refused bad_token 'Session has ended'

it 'a deleted user'
sql "UPDATE users SET email = '$email' WHERE id = X'${user_id//-/}'"
log_in
use_bearer "$access"
get guard "${bearer[@]}"
admitted "$user_id" "$email"
sql "DELETE FROM users WHERE id = X'${user_id//-/}'"
get guard "${bearer[@]}"
refused bad_token 'Session has ended'

# What the guard leaves to say to the server's error page.

it 'denied is no page of its own'
get denied
answer 404 'Not found'
get denied -H 'Accept: text/html'
answer 404 'Not found'

finish
