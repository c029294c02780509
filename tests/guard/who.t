#!/bin/bash
# Who gets in: whoever has a good access token of a session that is open.
. "$(dirname "$0")/lib.sh"

new_user
log_in
id=$user_id good=$access good_email=$email
tokens=$(tokens_py make "$user_id" "$session" "$email")
declare -A token
while read -r name text; do token[$name]=$text; done <<<"$tokens"

# In a cookie, as a bearer, and in both.
by_cookie() {
	who=(-H "Cookie: accessToken=$1")
}

by_bearer() {
	who=(-H "Authorization: Bearer $1")
}

by_both() {
	who=(-H "Cookie: a=b; accessToken=$1" -H "Authorization: Bearer $1")
}

let_in() { # TEXT; who it is, is in $who
	ask_each "${who[@]}" -- "${things[@]}"
	each "$1" has_bytes
}

turned_away() { # TEXT MESSAGE
	ask_each "${who[@]}" -- "${things[@]}"
	each "$1" is_refusal "$2"
}

it 'a good token'
for how in by_cookie by_bearer by_both; do
	"$how" "$good"
	let_in "$how"
	ask GET "$members/show.php" "${who[@]}"
	ok "$how: and is known" is_seen_as "$id" "$email"
done
who=(-H "Cookie: accessToken=$good; accessToken=$good")
let_in 'twice the same'
who=(-H "Cookie: accessToken=$good" -H 'Authorization: Bearer x')
let_in 'cookie before bearer'
who=(-H "Authorization: bearer $good" -H 'Cookie: accessToken=')
let_in 'an empty cookie, and a bearer'

it 'no token'
while read -r header; do
	header=${header//GOOD/$good}
	who=(-H "$header")
	turned_away "${header:0:50}" 'Token not found'
done <<'END_OF_HEADERS'
Accept: */*
Cookie: accessToken=
Cookie: accesstoken=GOOD
Cookie: xaccessToken=GOOD
Cookie: refreshToken=GOOD
Cookie: accessToken=GOOD; accessToken=x
Cookie: accessToken=x; accessToken=GOOD
Authorization: GOOD
Authorization: Basic YTpi
Proxy-Authorization: Bearer GOOD
X-Access-Token: GOOD
END_OF_HEADERS
who=(-H "Cookie: accessToken=$good" -H 'Cookie: accessToken=x')
turned_away 'two cookie headers with different tokens' 'Token not found'
for query in "accessToken=$good" "access_token=$good" "Authorization=Bearer%20$good"; do
	ask_each -- "${things[@]/%/?$query}"
	each "in the query: ${query%%=*}" is_refusal 'Token not found'
done

it 'a bad token'
while read -r name message; do
	by_cookie "${token[$name]}"
	turned_away "$name" "$message"
	by_bearer "${token[$name]}"
	ask GET "$members/show.php" "${who[@]}"
	refused "$message"
done <<'END_OF_TOKENS'
no_mac jwt malformed
two_parts jwt malformed
alg_none jwt malformed
alg_none_signed invalid signature
wrong_secret invalid signature
other_secret invalid signature
tampered_payload invalid signature
tampered_mac invalid signature
kind_refresh invalid token
kind_both invalid token
exp_missing invalid token
id_quote invalid token
expired jwt expired
expired_long_ago jwt expired
no_session Session has ended
nobody Session has ended
END_OF_TOKENS
by_cookie "${token[over_4_kib]}"
turned_away 'over_4_kib' 'jwt malformed'
by_cookie "$refresh"
turned_away 'a refresh token' 'invalid signature'
who=(-H 'Cookie: accessToken=x' -H "Authorization: Bearer $good")
turned_away 'a bad cookie before a good bearer' 'jwt malformed'

it 'the token of a friend'
new_user
log_in
friend=$access friend_id=$user_id
stranger=$(tokens_py sign access "$(claims "$good" |
	jq -c --arg u "$friend_id" '._id = $u')")
by_cookie "$stranger"
turned_away 'their name, and a session of mine' 'Session has ended'

it 'one connection, one after the other'
curl -sS -m 60 -o "$scratch/1" -H "Cookie: accessToken=$good" "$members/show.php" \
	--next -o "$scratch/2" "$members/show.php" \
	--next -o "$scratch/3" -H "Cookie: accessToken=$friend" "$members/show.php" \
	--next -o "$scratch/4" "$members/show.php" \
	--next -o "$scratch/5" -H "Authorization: Bearer $good" "$members/show.php"
ok 'each is who they are' equal \
	"$(sed -n 's/^AUTH_USER_ID=//p' "$scratch/1" "$scratch/3" "$scratch/5" | paste -sd ' ')" \
	"$id $friend_id $id"
ok 'and nobody nobody' equal "$(cat "$scratch/2" "$scratch/4")" \
	'{"message":"Token not found"}{"message":"Token not found"}'

it 'a session that ends'
by_cookie "$friend"
let_in 'open'
post logout '' "${who[@]}"
turned_away 'ended: at once' 'Session has ended'
log_in
by_bearer "$access"
let_in 'the next one'
sql "UPDATE users SET refresh_token = NULL WHERE id = X'${user_id//-/}'"
turned_away 'ended in the database' 'Session has ended'
sql "UPDATE users SET refresh_token = '[]' WHERE id = X'${user_id//-/}'"
turned_away 'damaged' 'Session has ended'

it 'a user that is deleted'
sql "UPDATE users SET refresh_token = NULL WHERE id = X'${user_id//-/}'"
log_in
by_cookie "$access"
let_in 'there'
delete me -d 'password=correct+horse' "${who[@]}"
turned_away 'gone: at once' 'Session has ended'

it 'a password that is changed'
email=$good_email
by_cookie "$good"
log_in
post change-password '{"oldPassword":"correct horse","newPassword":"correct mare"}' \
	-H "Cookie: accessToken=$access"
turned_away 'elsewhere: the other session is over' 'Session has ended'
by_cookie "$access"
let_in 'this one is not'

finish
