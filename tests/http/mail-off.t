#!/bin/bash
# Without MAIL_FROM: what would need mail says so, and nothing else is asked for.
. "$(dirname "$0")/lib.sh"

new_user
it 'nobody is told whether an address is verified'
ok 'signing up' equal "$(reply_json '.user | keys | join(" ")')" \
	'_id createdAt email updatedAt'
log_in
ok 'logging in' equal "$(reply_json '.user | keys | join(" ")')" \
	'_id createdAt email updatedAt'
use_bearer "$access"
get me "${bearer[@]}"
ok 'me' equal "$(reply_json '.user | keys | join(" ")')" \
	'_id createdAt email updatedAt'

whole="{\"email\":\"$email\",\"code\":\"00000000\",\"newPassword\":\"white horse\",
	\"password\":\"$password\",\"newEmail\":\"new-$email\"}"
for name in forgot-password reset-password verify-email resend-verification; do
	it "$name"
	for body in "$whole" '{}' '' "{\"email\":\"$(new_email)\"}" '{"email":"a"}'; do
		post "$name" "$body"
		answer 501 'Mail is not set up'
		no_header Set-Cookie
		no_header WWW-Authenticate
	done
	header Content-Type 'application/json; charset=utf-8'
	header Cache-Control no-store
	post "$name" "$whole" "${bearer[@]}"
	answer 501 'Mail is not set up'
	form "$name" "email=$email&code=0&newPassword=white"
	answer 501 'Mail is not set up'
	post "$name" '{'
	answer 400 'Invalid JSON body'
	post "$name" '{}' -H 'Origin: https://evil.example'
	answer 403 'Cross-site request refused'
	get "$name"
	answer 405 'Method not allowed'
	header Allow 'POST, OPTIONS'
done

it 'change-email'
post change-email "$whole"
no_token 'Token not found'
post change-email "$whole" -H 'Authorization: Bearer x'
bad_token 'jwt malformed'
for body in "$whole" '{}' ''; do
	post change-email "$body" "${bearer[@]}"
	answer 501 'Mail is not set up'
done
post change-email "$whole" -b "accessToken=$access"
answer 501 'Mail is not set up'

it 'and nothing has come of it'
alive "$access"
log_in
ok 'no code' equal "$(sql "SELECT COUNT(*) FROM codes
	WHERE email IN ('$email', 'new-$email')")" 0
post change-password \
	"{\"oldPassword\":\"$password\",\"newPassword\":\"white horse\"}" \
	-H "Authorization: Bearer $access"
answer 200 'Password changed successfully'
ok 'nor a mail for a new password' equal "$(sql "SELECT COUNT(*) FROM codes
	WHERE user_id = X'${user_id//-/}'")" 0

finish
