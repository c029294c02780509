#!/bin/bash
# Who a protected program takes its client for: the row of the token, and
# nothing that the client says; and nothing of that in the answer.
. "$(dirname "$0")/lib.sh"

new_user
log_in
as "$access"
urls=("${programs[@]/#/$members/}" "$members/show.php/a?b" "$members/rewritten/show.php")
forged=00000000-0000-7000-8000-000000000000

# known: every program sees the row, once, whatever else was sent; and nothing of
# that is in the answer.
known() { # TEXT
	each "$1" is_known
}

is_known() {
	is_seen_as "$user_id" "$email" && no_leak
}

it 'with a token'
ask_each "${who[@]}" -- "${urls[@]}"
known 'by cookie'
ask_each -H "Authorization: Bearer $access" -- "${urls[@]}"
known 'by bearer'
ask_each -X POST -d a=b "${who[@]}" -- "${urls[@]}"
known 'POST'

it 'forged'
names=(
	AUTH_USER_ID Auth-User-Id AUTH-USER-ID auth_user_id
	Variable-AUTH_USER_ID Variable-Auth-User-Id VARIABLE_AUTH_USER_ID
	X-Auth-User-Id X_AUTH_USER_ID X-Auth-Email
	REDIRECT_AUTH_USER_ID Redirect-Auth-User-Id REDIRECT_REDIRECT_AUTH_USER_ID
	HTTP_AUTH_USER_ID Http-Auth-User-Id HTTP_REDIRECT_AUTH_USER_ID
	AUTH_EMAIL Auth-Email Variable-AUTH_EMAIL REDIRECT_AUTH_EMAIL
	Remote-User REMOTE_USER X-Remote-User X-Forwarded-User Auth_Type
	Proxy Env-AUTH_USER_ID Status LATCHKEY_ALLOW Latchkey-Allow
	REDIRECT_LATCHKEY_ALLOW FCGI_ROLE Fcgi-Apache-Role
)
headers=()
for name in "${names[@]}"; do
	value=$forged
	[[ ${name^^} != *EMAIL ]] || value=evil@example.com
	headers+=(-H "$name: $value")
	ask_each "${who[@]}" -H "$name: $value" -- "${urls[@]}"
	known "$name"
	ask_each -H "$name: $value" -- "$members/secret.html" "$members/show.php"
	each "$name, and no token" is_refusal 'Token not found'
done
ask_each "${who[@]}" "${headers[@]}" -- "${urls[@]}"
known 'all of them'
ask_each "${headers[@]}" "${headers[@]}" -- "${things[@]}"
each 'all of them twice, and no token' is_refusal 'Token not found'

it 'forged elsewhere'
pairs="AUTH_USER_ID=$forged&AUTH_EMAIL=evil@example.com"
ask_each "${who[@]}" -- "${urls[@]/%/?$pairs}"
known 'in the query'
ask_each -- "${things[@]/%/?$pairs}"
each 'in the query, and no token' is_refusal 'Token not found'
ask_each -X POST -d "$pairs" "${who[@]}" -- "${urls[@]}"
known 'in a body'
ask_each -b "accessToken=$access; ${pairs/&/; }" -- "${urls[@]}"
known 'in cookies'
ask_each -b "${pairs/&/; }" -- "${things[@]}"
each 'in cookies, and no token' is_refusal 'Token not found'

# Apache does not ask again where it rewrites within the directory, and renames
# all that was said before.
is_renamed() {
	has_bytes && equal "$(seen REDIRECT_AUTH_USER_ID)" "$user_id" &&
		equal "$(seen REDIRECT_AUTH_EMAIL)" "$email" &&
		matches "$(seen AUTH_USER_ID)" "^($user_id|)$" &&
		matches "$(seen AUTH_EMAIL)" "^(${email//./\\.}|)$"
}
if on_apache; then
	it 'a rewrite within the directory'
	urls_again=("$members/rewritten/again" "$members/rewritten/again?a=b")
	ask_each "${who[@]}" -- "${urls_again[@]}"
	each 'the row under another name' is_renamed
	each 'nothing of ours in the answer' no_leak
	ask_each "${who[@]}" "${headers[@]}" -- "${urls_again[@]}"
	each 'with all that is forged' is_renamed
	ask_each "${headers[@]}" -- "${urls_again[@]}"
	each 'and no token' is_refusal 'Token not found'
fi
if [ "$LATCHKEY_SETUP" = apache-htaccess ]; then
	it 'an error document within the directory'
	ask GET "$members/rewritten/nothing" "${who[@]}"
	ok 'asked for twice, said once' is_seen_as "$user_id" "$email"
	ask GET "$members/rewritten/nothing"
	refused 'Token not found'
	# Who is refused after an internal redirect is told so by Apache itself.
	it 'a rewrite by another directory'
	ask GET "$LATCHKEY_URL/open/show.php" "${who[@]}"
	ok 'said once' is_seen_as "$user_id" "$email"
	for name in show.php secret.html sub/; do
		ask GET "$LATCHKEY_URL/open/$name" "${headers[@]}"
		status 401
		ok "$name: nothing" no_bytes
	done
	for options in '' "${who[*]:1}"; do
		ask GET "$members/rewritten/to-staff" -H "$options"
		status 401
		ok 'nothing of the directory of a few' no_bytes
	done
else
	it 'a rewrite into the directory'
	ask_each "${who[@]}" -- "$LATCHKEY_URL/into-members/show.php"
	known 'said once'
	ask_each "${headers[@]}" -- "$LATCHKEY_URL/into-members/show.php"
	each 'and no token' is_refusal 'Token not found'
fi

it 'the address is that of the row'
old=$email
email=moved-$email
sql "UPDATE users SET email = '$email' WHERE id = X'${user_id//-/}'"
ask_each "${who[@]}" -- "${urls[@]}"
known 'when it changes'
email="o'hara+%2e\$(id)&x=1-$old"
sql "UPDATE users SET email = '${email/\'/\'\'}' WHERE id = X'${user_id//-/}'"
ask_each "${who[@]}" -- "${urls[@]}"
known 'when it is an odd one'
email=$old
sql "UPDATE users SET email = '$email' WHERE id = X'${user_id//-/}'"
other=$(tokens_py sign access "$(claims "$access" |
	jq -c '.email = "evil@example.com"')")
as "$other"
ask_each "${who[@]}" -- "${urls[@]}"
known 'not of the token'

it 'what is not there'
ask GET "$members/nothing" "${who[@]}"
status 404
# Apache lets nobody take it out of the errors that it writes itself.
on_apache || ok 'nothing of ours in the answer' no_leak

it 'an open page'
ask GET "$LATCHKEY_URL/auth/login.html" "${who[@]}"
status 200
ok 'nothing of ours in the answer' no_leak

finish
