#!/bin/bash
# A directory for a few: LATCHKEY_ALLOW="@example.com staff@example.org".
. "$(dirname "$0")/lib.sh"

# The address on the list is one, and so is the database of all servers: one page
# at a time.
exec {lock}>"$LATCHKEY_RUN/staff.lock"
flock "$lock"

urls=("$staff/" "$staff/secret.html" "$staff/show.php" "$staff/show.php?a=b")
[ "$LATCHKEY_SETUP" = nginx ] || urls+=("$staff/show.php/a")

new_user
log_in
as "$access"
registered=$email

rename() { # EMAIL, of whoever is asking
	sql "DELETE FROM users WHERE email = '$1' AND id <> X'${user_id//-/}';
		UPDATE users SET email = '$1' WHERE id = X'${user_id//-/}'"
	email=$1
}

is_forbidden() {
	status_is 403 && only_message Forbidden && no_bytes && no_leak &&
		equal "$(reply_header WWW-Authenticate)$(reply_header Location)" '' &&
		equal "$(reply_header Content-Type)" 'application/json; charset=utf-8'
}

it 'allowed'
for address in "g-$RANDOM@example.com" staff@example.org; do
	rename "$address"
	ask_each "${who[@]}" -- "${urls[@]}"
	each "$address" has_bytes
	each 'nothing of ours in the answer' no_leak
	ask GET "$staff/show.php" "${who[@]}"
	ok "$address is known" is_seen_as "$user_id" "$address"
done
ask_each "${page_load[@]}" "${who[@]}" -- "${urls[@]}"
each 'in a browser' has_bytes
ask POST "$staff/show.php" "${who[@]}" -d a=b
admitted

it 'not allowed'
for address in "$registered" xstaff@example.org staff@example.org.evil.example \
	staff@sub.example.org staffx@example.org evil@evil-example.com \
	evil@sub.example.com evil@example.com.evil.example evil@xexample.com \
	evil@example.co example.com@example.net '"@example.com"@example.net' \
	"evil'@example.net" staff@example.com.; do
	rename "${address/\'/\'\'}"
	ask_each "${who[@]}" -- "${urls[@]}"
	each "$address" is_forbidden
done
email=$registered
rename "$registered"
for method in POST PUT DELETE OPTIONS; do
	ask_each -X "$method" -d x "${who[@]}" -- "${urls[@]}"
	each "$method" is_forbidden
done
ask_each "${who[@]}" "${page_load[@]}" -- "${urls[@]}"
each 'nor sent round in circles' is_forbidden
ask HEAD "$staff/" --head "${who[@]}"
status 403
ask_each "${who[@]}" -H 'LATCHKEY_ALLOW: @example.org' -H 'Latchkey-Allow: @example.org' \
	-H 'X-Auth-Email: staff@example.org' -H 'AUTH_EMAIL: staff@example.org' -- "${urls[@]}"
each 'whatever is forged' is_forbidden
stranger=$(tokens_py sign access "$(claims "$access" |
	jq -c '.email = "staff@example.org"')")
ask_each -b "accessToken=$stranger" -- "${urls[@]}"
each 'nor by what the token says' is_forbidden
ask_each "${who[@]}" -- "$members/secret.html" "$members/show.php"
each 'but in the other directory' has_bytes

it 'however the path is written'
for path in /staff/secret.html //staff/secret.html /./staff/secret.html \
	/members/../staff/secret.html /members/%2e%2e/staff/secret.html \
	/%73taff/secret.html /staff//secret.html /staff/x/../secret.html \
	/staff%2fsecret.html /members/..%2fstaff/secret.html '/staff/secret.html?x' \
	'/staff;/secret.html' /STAFF/secret.html /members/show.php/../../staff/secret.html \
	/members/rewritten/to-staff /staff /staff/secret.html/ /staff/secret.html%00; do
	ask GET "$LATCHKEY_URL$path" --path-as-is "${who[@]}"
	ok "$path: nothing" no_bytes
	ok "$path: an error" matches "$(reply_status)" '^(30[1278]|40[0134])$'
done

it 'nobody'
ask_each -- "${urls[@]}"
each 'no token' is_refusal 'Token not found'
ask_each -H "Authorization: Bearer x" -- "${urls[@]}"
each 'a bad one' is_refusal 'jwt malformed'
ask GET "$staff/show.php?a=b" "${page_load[@]}"
status 302
ok 'to sign in' matches "$(reply_header Location)" \
	"$base/api/v1/users/resume\?next=$base/staff/show.php%3Fa%3Db\$"

it 'from one moment to the next'
rename staff@example.org
ask GET "$staff/secret.html" "${who[@]}"
admitted
rename "$registered"
ask GET "$staff/secret.html" "${who[@]}"
ok 'forbidden' is_forbidden
rename staff@example.org
post logout '' "${who[@]}"
ask GET "$staff/secret.html" "${who[@]}"
refused 'Session has ended'

it 'an address that somebody signs up with'
rename "$registered"
sql "DELETE FROM users WHERE email = 'staff@example.org'"
post register '{"email":"STAFF@Example.ORG","password":"correct horse"}'
email=STAFF@Example.ORG
log_in
as "$access"
ask GET "$staff/secret.html" "${who[@]}"
admitted
sql "DELETE FROM users WHERE email = 'staff@example.org'"
ask GET "$staff/secret.html" "${who[@]}"
refused 'Session has ended'

finish
