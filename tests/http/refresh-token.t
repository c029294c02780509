#!/bin/bash
# POST /refresh-token
. "$(dirname "$0")/lib.sh"

new_user
log_in

it 'the token in the body'
first=$refresh old_access=$access
post refresh-token "{\"refreshToken\":\"$refresh\"}"
answer 200 'Access token refreshed'
json 'keys_unsorted | join(",")' 'accessToken,refreshToken,message'
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
header X-Content-Type-Options nosniff
no_header WWW-Authenticate
two_cookies
access=$(reply_json .accessToken)
refresh=$(reply_json .refreshToken)

it 'what the new tokens say'
ok 'another refresh token' unequal "$refresh" "$first"
for name in _id sid; do
	ok "the same $name" equal "$(claims "$refresh" | jq -r ".$name")" \
		"$(claims "$first" | jq -r ".$name")"
done
ok 'another jti' unequal "$(claims "$refresh" | jq -r .jti)" \
	"$(claims "$first" | jq -r .jti)"
ok 'the claims of the access token' equal \
	"$(claims "$access" | jq -r 'keys | join(",")')" '_id,email,exp,iat,sid'
ok 'the claims of the refresh token' equal \
	"$(claims "$refresh" | jq -r 'keys | join(",")')" '_id,exp,iat,jti,sid'
ok 'for 15 minutes' equal "$(claims "$access" | jq '.exp - .iat')" 900
ok 'for 15 days' equal "$(claims "$refresh" | jq '.exp - .iat')" 1296000

it 'the row'
ok 'holds the hash of the token, and no token' equal \
	"$(sql "SELECT JSON_VALUE(refresh_token, '$.\"$session\".hash')
		FROM users WHERE id = X'${user_id//-/}'")" \
	"$(printf %s "$refresh" | sha256sum | cut -d ' ' -f 1)"
ok 'holds no part of one either' equal \
	"$(sql "SELECT CONCAT(password, refresh_token) FROM users
		WHERE id = X'${user_id//-/}'" |
		grep -cF -e "${refresh##*.}" -e "$(cut -d . -f 2 <<<"$refresh")" \
			-e "$(claims "$refresh" | jq -r .jti)")" 0

it 'the token that was spent'
spent "$first"
it 'and the session lives on'
alive "$access"
alive "$old_access"
spent "$first"
refresh_with "$refresh"
status 200

it 'the token in the cookie'
post refresh-token '' -H "Cookie: refreshToken=$refresh"
answer 200 'Access token refreshed'
two_cookies
refresh=$(reply_json .refreshToken)
post refresh-token '{}' -H "Cookie: a=b; refreshToken=$refresh; c=d"
answer 200 'Access token refreshed'
refresh=$(reply_json .refreshToken)

it 'the cookie decides, the body is then not looked at'
post refresh-token "{\"refreshToken\":\"$refresh\"}" \
	-H "Cookie: refreshToken=$first"
bad_token 'Refresh token is incorrect'
post refresh-token '{"refreshToken":"x"}' -H "Cookie: refreshToken=$refresh"
answer 200 'Access token refreshed'
refresh=$(reply_json .refreshToken)

it 'two cookies of the name count as none'
post refresh-token '' -H "Cookie: refreshToken=$first; refreshToken=$refresh"
no_token 'Refresh token not found'
post refresh-token "{\"refreshToken\":\"$refresh\"}" \
	-H "Cookie: refreshToken=$first; refreshToken=x"
answer 200 'Access token refreshed'
refresh=$(reply_json .refreshToken)
post refresh-token '' -H "Cookie: refreshToken=$refresh; refreshToken=$refresh"
answer 200 'Access token refreshed'
refresh=$(reply_json .refreshToken)

it 'the token in a form'
form refresh-token "refreshToken=$refresh"
answer 200 'Access token refreshed'
refresh=$(reply_json .refreshToken)

it 'no token'
for body in '' '{}' '{"refreshToken":""}' '{"refreshToken":null}' \
	"{\"refreshToken\":[\"$refresh\"]}" '{"refreshToken":1}' \
	"{\"RefreshToken\":\"$refresh\"}" "{\"token\":\"$refresh\"}"; do
	post refresh-token "$body"
	no_token 'Refresh token not found'
	no_header Set-Cookie
done
post refresh-token '' -H "Authorization: Bearer $refresh"
no_token 'Refresh token not found'
ask POST "$api/refresh-token?refreshToken=$refresh" -d ''
no_token 'Refresh token not found'
post refresh-token '' -H "Cookie: accessToken=$access"
no_token 'Refresh token not found'

it 'what is no token'
for bad in x . .. a.b a.b.c a.b.c.d "$refresh." "$refresh=" " $refresh" \
	"$(printf '%05000d' 0)"; do
	post refresh-token "{\"refreshToken\":\"$bad\"}"
	bad_token 'jwt malformed'
	no_header Set-Cookie
done
post refresh-token '{"refreshToken":"x"}' -H 'Cookie: refreshToken=y'
bad_token 'jwt malformed'

it 'an access token'
post refresh-token "{\"refreshToken\":\"$access\"}"
bad_token 'invalid signature'

it 'none of that has cost the session anything'
refresh_with "$refresh"
answer 200 'Access token refreshed'

it 'a session that has ended'
sql "UPDATE users SET refresh_token = NULL WHERE id = X'${user_id//-/}'"
spent "$refresh"
dead "$access"

it 'a session unused for 15 days'
# age KEY SECONDS: set the session's time back.
age() {
	sql "UPDATE users SET refresh_token = JSON_SET(refresh_token,
		'$.\"$session\".$1', UNIX_TIMESTAMP() - $2)
		WHERE id = X'${user_id//-/}'"
}
log_in
age 'rotated[0]' $((1296000 - 60))
alive "$access"
age 'rotated[0]' 1296000
dead "$access"
spent "$refresh"

it 'a session 90 days old'
log_in
age opened $((7776000 - 60))
alive "$access"
refresh_with "$refresh"
answer 200 'Access token refreshed'
it 'its tokens do not outlive it'
for token in "$access" "$refresh"; do
	ok 'they end within the minute' test \
		"$(claims "$token" | jq .exp)" -le $(($(date +%s) + 60))
done
for token in accessToken refreshToken; do
	age=$(reply_header Set-Cookie |
		sed -n "s/^$token=.*Max-Age=\([0-9]*\);.*/\1/p")
	ok "nor does the cookie $token" test "$age" -le 60
done
it 'a session 90 days old'
age opened 7776000
dead "$access"
spent "$refresh"

it 'from a foreign page'
log_in
post refresh-token '' -H "Cookie: refreshToken=$refresh" \
	-H 'Origin: https://example.org'
answer 403 'Cross-site request refused'
no_header Set-Cookie
refresh_with "$refresh"
status 200

finish
