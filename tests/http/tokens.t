#!/bin/bash
# Tokens: another implementation verifies ours, and ours judges those that it,
# or somebody with worse intentions, makes.
. "$(dirname "$0")/lib.sh"

tokens_py() {
	/usr/bin/python3 "$(dirname "$0")/tokens.py" "$@"
}

new_user
log_in

it 'ours, verified by PyJWT with the secret alone'
tokens_py verify access "$access" >"$scratch/claims" 2>&1
ok 'the access token' equal \
	"$(jq -c '[._id, .sid, .email, .exp - .iat]' "$scratch/claims")" \
	"[\"$user_id\",\"$session\",\"$email\",900]"
tokens_py verify refresh "$refresh" >"$scratch/claims" 2>&1
ok 'the refresh token' equal \
	"$(jq -c '[._id, .sid, (.jti | type), .exp - .iat]' "$scratch/claims")" \
	"[\"$user_id\",\"$session\",\"string\",1296000]"
ok 'neither with the secret of the other' equal \
	"$(tokens_py verify refresh "$access" 2>&1 | tail -n 1)" \
	'jwt.exceptions.InvalidSignatureError: Signature verification failed'
first_access=$access
refresh_with "$refresh"
tokens_py verify access "$access" >"$scratch/claims" 2>&1
ok 'an access token after a refresh' equal \
	"$(jq -r .sid "$scratch/claims")" "$session"

# The tokens of another's making, by name.
declare -A token
while read -r name text; do
	token[$name]=$text
done < <(tokens_py make "$user_id" "$session" "$email")
judged=' '

# judge WHAT NAMES CHECK...: show each of these tokens, and check the answer.
judge() {
	local name
	for name in $2; do
		judged+="$name "
		about="$1: $name"
		get me -H "Authorization: Bearer ${token[$name]-}"
		"${@:3}"
		no_header Set-Cookie
	done
}

# shown: accepted, and the user is the one of the row.
shown() {
	status 200
	json .user.email "$email"
	no_header WWW-Authenticate
}

no_user() {
	answer 404 'User not found'
	no_header WWW-Authenticate
}

judge accepted 'valid raw no_typ kid more_claims iat_50_s_ahead nbf_past
	lasts_for_ever another_email exp_float exp_exponent' shown
judge expired 'expired expired_now expired_long_ago' bad_token 'jwt expired'
judge 'algorithm and MAC' 'alg_none_signed alg_None_signed alg_lower_case
	alg_missing alg_null alg_array alg_RS256 hs384 hs512 hs384_called_hs256
	hs256_called_hs384 wrong_secret empty_secret other_secret
	secret_and_newline tampered_payload tampered_header tampered_mac cut_mac
	jwk_in_header expired_and_wrong_secret' bad_token 'invalid signature'
judge form 'alg_none no_mac two_parts four_parts no_header no_payload padded
	padded_payload plain_base64 stray_bit comma header_no_json header_array
	header_junk header_alg_twice json_serialization over_4_kib' \
	bad_token 'jwt malformed'
judge claims 'exp_missing exp_string exp_fraction
	exp_null exp_true exp_array exp_negative exp_zero exp_huge iat_missing
	iat_string iat_ahead nbf_ahead nbf_string id_missing id_upper_case
	id_without_dashes id_number id_empty id_quote sid_missing sid_upper_case
	sid_path email_missing email_number kind_refresh kind_both claim_twice
	exp_twice claim_nul payload_array payload_string payload_no_json
	payload_junk crit crit_b64 typ_other expired_and_other_kind' \
	bad_token 'invalid token'
judge 'the user' nobody no_user
judge 'the session' no_session bad_token 'Session has ended'
it 'all of them'
for name in "${!token[@]}"; do
	[[ $judged == *" $name "* ]] || ok "$name is judged" false
done
ok 'are judged' test "${#token[@]}" -gt 80

it 'the token of a friend'
friend=$access friend_id=$user_id friend_email=$email friend_session=$session
new_user
log_in
stranger=$(tokens_py sign access "$(jq -nc --arg u "$user_id" \
	--arg s "$friend_session" --arg e "$email" \
	'{_id: $u, sid: $s, email: $e, iat: now | floor,
	exp: (now + 900 | floor)}')")
get me -H "Authorization: Bearer $stranger"
bad_token 'Session has ended'

# Refresh tokens.

it 'a refresh token by PyJWT'
tip=$(claims "$refresh")
signed=$(tokens_py sign refresh "$tip")
post refresh-token "{\"refreshToken\":\"$signed\"}"
if [ "$signed" = "$refresh" ]; then
	answer 200 'Access token refreshed' # it writes the same bytes
	refresh=$(reply_json .refreshToken)
else
	bad_token 'Refresh token is incorrect' # the secret alone is not enough
fi
signed=$(tokens_py sign refresh "$(jq -c '.jti = "'"$(printf '%064d' 0)"'"' \
	<<<"$tip")")
post refresh-token "{\"refreshToken\":\"$signed\"}"
bad_token 'Refresh token is incorrect'
signed=$(tokens_py sign refresh "$(jq -c '.exp = 1' <<<"$tip")")
post refresh-token "{\"refreshToken\":\"$signed\"}"
bad_token 'jwt expired'
for change in '.email = "a@example.org"' 'del(.jti)' '.jti = 1' \
	'.jti = ("a" * 65)' 'del(.exp)' '.iat += 120' '._id |= ascii_upcase'; do
	signed=$(tokens_py sign refresh "$(jq -c "$change" <<<"$tip")")
	post refresh-token "{\"refreshToken\":\"$signed\"}"
	bad_token 'invalid token'
done
post refresh-token "{\"refreshToken\":\"$(tokens_py sign access "$tip")\"}"
bad_token 'invalid signature'
post refresh-token "{\"refreshToken\":\"${token[valid]}\"}"
bad_token 'invalid signature'
signed=$(tokens_py sign refresh "$(claims "$access")")
post refresh-token "{\"refreshToken\":\"$signed\"}"
bad_token 'invalid token'
refresh_with "$refresh"
answer 200 'Access token refreshed'

it 'an expired access token, and logging out'
expired=$(tokens_py sign access "$(claims "$access" | jq -c '.exp = .iat - 1')")
post logout '' -H "Cookie: accessToken=$expired"
bad_token 'jwt expired'
cookies_cleared
post logout '' -H "Cookie: accessToken=$expired; refreshToken=x"
bad_token 'jwt expired'
cookies_cleared
alive "$access"
post logout '' -H "Cookie: accessToken=$expired; refreshToken=$refresh"
answer 200 'Logged out successfully'
dead "$access"
log_in
expired=$(tokens_py sign access "$(claims "$access" | jq -c '.exp = .iat - 1')")
post logout "{\"refreshToken\":\"$refresh\"}" -H "Authorization: Bearer $expired"
answer 200 'Logged out successfully'
dead "$access"

# How a token is sent.

log_in
good=$access
it 'cookie and bearer: the cookie decides'
get me -H "Cookie: accessToken=$friend" -H "Authorization: Bearer $good"
json .user._id "$friend_id"
get me -H "Cookie: accessToken=$good" -H "Authorization: Bearer $friend"
json .user._id "$user_id"
get me -H "Cookie: accessToken=$good" -H 'Authorization: Bearer x'
status 200
get me -H 'Cookie: accessToken=x' -H "Authorization: Bearer $good"
bad_token 'jwt malformed'
get me -H "Cookie: accessToken=${token[expired]}" -H "Authorization: Bearer $good"
bad_token 'jwt expired'
get me -H 'Cookie: accessToken=' -H "Authorization: Bearer $good"
status 200

it 'two cookies with different values count as none'
get me -H "Cookie: accessToken=$good; accessToken=$friend"
no_token 'Token not found'
get me -H "Cookie: accessToken=$good; a=b; accessToken="
no_token 'Token not found'
get me -H "Cookie: accessToken=$good" -H "Cookie: accessToken=$friend"
no_token 'Token not found'
get me -H "Cookie: accessToken=$friend; accessToken=x" \
	-H "Authorization: Bearer $good"
json .user._id "$user_id"

it 'two with the same value are fine'
get me -H "Cookie: accessToken=$good; accessToken=$good"
status 200
get me -H "Cookie: accessToken=$good" -H "Cookie: accessToken=$good"
status 200

it 'among other cookies'
get me -H "Cookie: a=b; accessToken=$good;c"
status 200
get me -H "Cookie: a=\"x; y\"; =; ;accessToken=\"$good\""
status 200
get me -H 'Cookie: a=b' -H "Cookie: accessToken=$good"
status 200
get me -H "Cookie: a=$(printf '%07000d' 0); accessToken=$good"
status 200
get me -H $'Cookie: a=\xc3\xa9\xff; accessToken='"$good"
status 200

it 'Authorization in other ways'
for scheme in bearer BEARER bEaReR; do
	get me -H "Authorization: $scheme $good"
	status 200
done
get me -H "Authorization: Bearer   $good"
status 200
get me -H "Authorization: Bearer $good x"
bad_token 'jwt malformed'
get me -H "Authorization: Bearer \"$good\""
bad_token 'jwt malformed'
get me -H "Authorization: Bearer $good" -H "Authorization: Bearer $good"
if behind_nginx; then
	answer 400 'Bad request' # nginx takes no two of these
else
	bad_token 'jwt malformed'
	get me -H "Authorization: Bearer $good" -H 'Authorization: Basic YTpi'
	status 401
fi
for header in "Authorization: $good" "Authorization: Bearer" \
	"Authorization: Bearer:$good" "Authorization: Token $good" \
	"Authorization: JWT $good" "Proxy-Authorization: Bearer $good" \
	"X-Authorization: Bearer $good"; do
	get me -H "$header"
	no_token 'Token not found'
done

it 'nowhere else'
get "me?access_token=$good"
no_token 'Token not found'
form logout "access_token=$good"
no_token 'Token not found'
post logout "{\"access_token\":\"$good\",\"accessToken\":\"$good\"}"
no_token 'Token not found'
ask DELETE "$api/me" -d "access_token=$good&password=correct+horse"
no_token 'Token not found'
alive "$good"

it 'every endpoint that is guarded'
while read -r method name; do
	ask "$method" "$api/$name" -H 'Content-Type: application/json' -d '{}'
	no_token 'Token not found'
	ask "$method" "$api/$name" -H 'Content-Type: application/json' -d '{}' \
		-H "Authorization: Bearer ${token[hs384]}"
	bad_token 'invalid signature'
	ask "$method" "$api/$name" -H 'Content-Type: application/json' -d '{}' \
		-H "Authorization: Bearer ${token[kind_both]}"
	bad_token 'invalid token'
	ask "$method" "$api/$name" -H 'Content-Type: application/json' -d '{}' \
		-H "Cookie: accessToken=${token[expired]}"
	bad_token 'jwt expired'
	ask "$method" "$api/$name" -H 'Content-Type: application/json' -d '{}' \
		-H "Authorization: Bearer ${token[nobody]}"
	answer 404 'User not found'
done <<'END'
DELETE me
POST logout
POST change-password
DELETE sessions
DELETE sessions/x
END
get sessions
no_token 'Token not found'
get sessions -H "Authorization: Bearer ${token[no_session]}"
bad_token 'Session has ended'

it 'after all that'
alive "$good"
email=$friend_email
get me -H "Authorization: Bearer $first_access"
json .user.email "$friend_email"

finish
