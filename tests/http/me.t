#!/bin/bash
# GET /me and DELETE /me
. "$(dirname "$0")/lib.sh"

new_user
created=$(reply_json .user.createdAt)
log_in

it 'the access token in a cookie'
get me -H "Cookie: accessToken=$access"
status 200
json 'keys_unsorted | join(",")' user
json '.user | keys_unsorted | join(",")' '_id,email,createdAt,updatedAt'
json .user._id "$user_id"
json .user.email "$email"
json .user.createdAt "$created"
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
header X-Content-Type-Options nosniff
no_header Set-Cookie
no_header WWW-Authenticate

it 'the access token as a bearer'
use_bearer "$access"
get me "${bearer[@]}"
status 200
json .user._id "$user_id"

it 'HEAD'
ask HEAD "$api/me" --head "${bearer[@]}"
status 200
header Content-Type 'application/json; charset=utf-8'
ask HEAD "$api/me" --head
status 401
header WWW-Authenticate Bearer

it 'no token'
get me
no_token 'Token not found'
no_header Set-Cookie
for header in 'Authorization: Basic YTpi' 'Authorization: Bearer' \
	'Authorization: Bearerx' 'Cookie: accessToken=' 'Cookie: accesstoken=x' \
	"Cookie: refreshToken=$refresh" "Cookie: xaccessToken=$access" \
	"X-Access-Token: $access"; do
	get me -H "$header"
	no_token 'Token not found'
done

it 'a bad token'
get me -H 'Cookie: accessToken=x'
bad_token 'jwt malformed'
get me -H "Authorization: Bearer $refresh"
bad_token 'invalid signature'

it 'who is shown is the row, not the token'
moved=moved-$email
sql "UPDATE users SET email = '$moved' WHERE id = X'${user_id//-/}'"
get me "${bearer[@]}"
status 200
json .user.email "$moved"
sql "UPDATE users SET email = '$email' WHERE id = X'${user_id//-/}'"

it 'a damaged row is signed out, and mended by the next log-in'
for document in '{}' '[]' '""' '1' '{"x":1}' "{\"$session\":{}}" \
	"{\"$session\":[]}" "{\"$session\":{\"hash\":1,\"opened\":\"x\"}}"; do
	sql "UPDATE users SET refresh_token = '$document'
		WHERE id = X'${user_id//-/}'"
	dead "$access"
done
sql "UPDATE users SET refresh_token = NULL WHERE id = X'${user_id//-/}'"
dead "$access"
log_in
alive "$access"

# Deleting.

# erase BODY [options]
erase() {
	local body=$1
	shift
	delete me -H 'Content-Type: application/json' --data-binary "$body" \
		"${bearer[@]}" "$@"
}

# still_there: what is refused has changed nothing.
still_there() {
	no_header Set-Cookie
	alive "$access"
}

log_in
use_bearer "$access"

it 'deleting with no token'
delete me -H 'Content-Type: application/json' -d "{\"password\":\"$password\"}"
no_token 'Token not found'
still_there

it 'deleting with no password'
for body in '' '{}' '{"password":""}' '{"password":null}' \
	'{"password":["correct horse"]}' '{"oldPassword":"correct horse"}'; do
	erase "$body"
	answer 400 'Password required'
	no_header Set-Cookie
done
still_there

it 'deleting with a wrong password'
erase '{"password":"wrong"}'
answer 401 'Incorrect password'
no_header WWW-Authenticate
erase "{\"password\":\"$(printf '%073d' 0)\"}"
answer 401 'Incorrect password'
still_there

it 'deleting from a foreign page'
erase "{\"password\":\"$password\"}" -H 'Origin: https://example.org'
answer 403 'Cross-site request refused'
still_there

it 'deleting'
log_in
other=$access
erase "{\"password\":\"$password\"}"
answer 200 'Account deleted'
json 'keys_unsorted | join(",")' 'user,message'
json '.user | length' 0
cookies_cleared
ok 'the row is gone' equal \
	"$(sql "SELECT COUNT(*) FROM users WHERE email = '$email'")" 0

it 'after that'
for token in "$access" "$other"; do
	get me -H "Authorization: Bearer $token"
	answer 404 'User not found'
	no_header WWW-Authenticate
done
post refresh-token "{\"refreshToken\":\"$refresh\"}"
answer 404 'User not found'
erase "{\"password\":\"$password\"}"
answer 404 'User not found'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
answer 404 'User not found'

it 'the address is free again, and nothing of the old account comes back'
post register "{\"email\":\"$email\",\"password\":\"$password\"}"
status 201
ok 'another ID' unequal "$(reply_json .user._id)" "$user_id"
get me -H "Authorization: Bearer $access"
answer 404 'User not found'

it 'deleting by cookie and form'
user_id=$(reply_json .user._id)
log_in
ask DELETE "$api/me" -H "Cookie: accessToken=$access" -d 'password=correct+horse'
answer 200 'Account deleted'
cookies_cleared

finish
