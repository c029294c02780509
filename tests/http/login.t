#!/bin/bash
# POST /login
. "$(dirname "$0")/lib.sh"

new_user

it 'the right password'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
answer 200 'Logged in successfully'
json '.user | keys_unsorted | join(",")' '_id,email,createdAt,updatedAt'
json .user.email "$email"
json .user._id "$user_id"
json 'keys_unsorted | join(",")' 'user,accessToken,refreshToken,message'
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
header X-Content-Type-Options nosniff
access=$(reply_json .accessToken)
refresh=$(reply_json .refreshToken)
two_cookies

it 'what the tokens say'
ok 'the claims of the access token' equal \
	"$(claims "$access" | jq -r 'keys | join(",")')" '_id,email,exp,iat,sid'
ok 'for 15 minutes' equal "$(claims "$access" | jq '.exp - .iat')" 900
ok 'the claims of the refresh token' equal \
	"$(claims "$refresh" | jq -r 'keys | join(",")')" '_id,exp,iat,jti,sid'
ok 'for 15 days' equal "$(claims "$refresh" | jq '.exp - .iat')" 1296000

it 'a form with the same fields'
form login "email=${email/@/%40}&password=correct+horse"
answer 200 'Logged in successfully'

it 'the address in capitals'
post login "{\"email\":\"${email^^}\",\"password\":\"$password\"}"
status 200
json .user.email "$email"

it 'a wrong password'
post login "{\"email\":\"$email\",\"password\":\"wrong\"}"
answer 401 'Incorrect password'
no_header Set-Cookie
no_header WWW-Authenticate

it 'nobody'
post login '{"email":"nobody@example.org","password":"correct horse"}'
answer 404 'User not found'
no_header Set-Cookie

it 'a field missing'
for body in '' '{}' '{"email":"a@example.org"}' '{"password":"x"}' \
	'{"email":"","password":"x"}' '{"email":"a@example.org","password":""}' \
	'{"email":["a@example.org"],"password":"x"}' \
	'{"email":"a@example.org","password":12345}' \
	'{"Email":"a@example.org","password":"x"}'; do
	post login "$body"
	answer 400 'Email and password are required'
done

it 'an address that is none'
post login '{"email":"nobody","password":"x"}'
answer 400 'Invalid email'

it 'a password over 72 bytes, which bcrypt would cut'
new_user "$(printf '%072d' 0)"
post login "{\"email\":\"$email\",\"password\":\"$(printf '%073d' 0)\"}"
answer 401 'Incorrect password'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
status 200

finish
