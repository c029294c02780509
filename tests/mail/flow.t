#!/bin/bash
# What is mailed when, and what comes of it: by the mails that arrive.
# shellcheck source=tests/mail/lib.sh
. "$(dirname "$0")/lib.sh"

mail_start
database_start
serve strict REQUIRE_VERIFIED_EMAIL=1
serve hidden HIDE_ACCOUNTS=1 SERVER=apache
# The command with nothing between, as the README has it.
serve main MAIL_COMMAND="/usr/bin/msmtp -C $box/msmtprc -t -i"
at main

email_verified() { # true or false
	ok "emailVerified: $1" equal "$(reply_json .user.emailVerified)" "$1"
}

is_mail() { # SUBJECT
	ok "the mail '$1'" equal "$(mail_header Subject)" "$1"
}

# A notice has neither a code nor a link that holds one.
no_code() {
	ok 'with no code' equal "$code" ''
	ok 'and none in the link' matches "$link" "^($site/auth/forgot\.html)?$"
}

# --- Verifying ---

it 'signing up'
new_user
email_verified false
next_mail
is_mail 'Confirm your e-mail address at www.example.org'
ok 'From' equal "$(mail_header From)" '"The Site" <noreply@example.org>'
ok 'To' equal "$(mail_header To)" "<$email>"
ok 'Date' matches "$(mail_header Date)" "^[A-Z][a-z]{2}, .* $(date -u +%Y) [0-9:]{8} \+0000$"
ok 'Message-ID' matches "$(mail_header Message-ID)" '^<[^<>@ ]+@[^<>@ ]+>$'
ok 'Auto-Submitted' equal "$(mail_header Auto-Submitted)" auto-generated
ok 'MIME-Version' equal "$(mail_header MIME-Version)" 1.0
ok 'one recipient' equal "$(mail_header X-Envelope-To)" "$email"
ok 'Cc and Bcc' equal "$(mail_header Cc)$(mail_header Bcc)" ''
ok 'a code' matches "$code" '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'
ok 'the link holds it' equal "$link" \
	"$site/auth/verify.html#email=${email/@/%40}&code=$code"
ok 'the HTML has both' matches "$html" \
	"href=\"${link/&/&amp;}\".*>$code<"
log_in
email_verified false
get me -H "Authorization: Bearer $access"
email_verified false
verify "$code"
answer 200 'Email verified'
email_verified true
ok 'and who it is' equal "$(reply_json .user._id)" "$user_id"
no_header Set-Cookie
log_in
email_verified true
verify "$code"
wrong_code
no_more_mails

it 'a code as people type it'
for how in lower blanks none odd; do
	new_user
	next_mail
	until [ "$how" != odd ] || [[ $code == *[01]* ]]; do
		resend
		next_mail
	done
	case $how in
	lower) typed=${code,,} ;;
	blanks) typed="  ${code:0:2} ${code:2:2} - ${code:5} " ;;
	none) typed=${code/-/} ;;
	odd)
		typed=${code//0/O}
		typed=${typed//1/l}
		typed=${typed/l/I} ;;
	esac
	verify "$typed"
	ok "$how" equal "$(reply_status)" 200
done
form verify-email "email=$email&code=$code"
wrong_code

it 'what is no code'
new_user
next_mail
for typed in '' - 0 "${code:0:8}" "${code}0" "$code$code" "$code;" "${code/-/_}" \
	"${code/-/\'}" "U${code:1}" "${code/-/%2d}" "*${code:1}" "${code/-/ㅡ}"; do
	verify "$typed"
	case $typed in
	'') answer 400 'Email and code required' ;;
	*) wrong_code ;;
	esac
done
verify "$code"
status 200

it 'an address in upper case'
new_user
next_mail
email=${email^^} verify "$code"
status 200
email_verified true

it 'another mail'
new_user
next_mail
older=$code
resend
sent
next_mail
is_mail 'Confirm your e-mail address at www.example.org'
ok 'another code' unequal "$code" "$older"
verify "$older"
wrong_code
verify "$code"
status 200
resend
sent
no_more_mails

it 'verified before anybody gets in'
at strict
new_user
email_verified false
try_login
answer 403 'Email not verified'
no_header Set-Cookie
try_login 'no horse'
answer 401 'Incorrect password'
next_mail
verify "$code"
answer 200 'Email verified'
no_header Set-Cookie
try_login
status 200
email_verified true
at main

it 'verifying ends sessions'
new_user
log_in
other=$access other_refresh=$refresh
log_in
next_mail
verify "$code" -H "Authorization: Bearer $access"
status 200
alive "$access"
dead "$other"
spent "$other_refresh"
refresh_with "$refresh"
status 200

it 'verifying with the cookie of somebody else'
new_user
mallory=$email
log_in
mallorys=$access
new_user
log_in
next_mail
verify "$code" -b "accessToken=$mallorys"
status 200
dead "$access"
alive "$mallorys"
ok 'who is not verified by it' equal "$(verified "$mallory")" 0

# Whoever signed up with an address that is not theirs.
it 'somebody was there before the owner'
new_user
log_in
mallorys=$access mallorys_refresh=$refresh
log_in
second=$access second_refresh=$refresh
next_mail
verify "$code"
status 200
dead "$mallorys"
dead "$second"
spent "$mallorys_refresh"
spent "$second_refresh"
get sessions -H "Authorization: Bearer $mallorys"
bad_token 'Session has ended'

it 'and had the address changed, for later'
new_user
log_in
victim=$email
next_mail
later=$(new_email)
change_email "$later"
status 200
next_mail "$later"
mallorys_code=$code
forgot
next_mail # the notice, or the code: they come in any order
[ -n "$code" ] || next_mail
reset "$code" 'owned again'
status 200
email=$later verify "$mallorys_code"
wrong_code
ok 'it stays' equal "$(verified "$victim")" 1

it 'or verified by its owner'
new_user
log_in
later=$(new_email)
next_mail
owners=$code
change_email "$later"
next_mail "$later"
mallorys_code=$code
verify "$owners"
status 200
email=$later verify "$mallorys_code"
wrong_code

# --- A new password ---

it 'a forgotten password'
new_user
log_in
next_mail
forgot
sent
no_header Set-Cookie
next_mail
is_mail 'Reset your password at www.example.org'
ok 'the link holds the code' equal "$link" \
	"$site/auth/reset.html#email=${email/@/%40}&code=$code"
alive "$access"
spent_code=$code
reset "$code" 'white horse'
answer 200 'Password has been reset'
no_header Set-Cookie
body '{"message":"Password has been reset"}'
dead "$access"
spent "$refresh"
next_mail
is_mail 'Your password at www.example.org was changed'
no_code
try_login
answer 401 'Incorrect password'
try_login 'white horse'
status 200
email_verified true

it 'and another one'
reset "$spent_code" 'third horse'
wrong_code
try_login 'white horse'
status 200
no_more_mails

it 'a new password that is none'
forgot
next_mail
for bad in '' 1234 "$(printf '%073d' 0)"; do
	reset "$code" "$bad"
	status 400
done
message 'Password must be at most 72 bytes'
post reset-password "$(fields email "$email" code "$code")"
answer 400 'Email, code and new password required'
post reset-password "$(fields email nobody code "$code" newPassword 12345)"
answer 400 'Invalid email'
reset "$code" 12345
status 200
next_mail

it 'a reset where addresses must be verified'
at strict
new_user
next_mail
forgot
next_mail
reset "$code" 'white horse'
status 200
try_login 'white horse'
status 200
next_mail
at main

it 'change-password'
new_reader
log_in
post change-password "$(fields oldPassword "$password" newPassword 'white horse')" \
	-H "Authorization: Bearer $access"
answer 200 'Password changed successfully'
next_mail
is_mail 'Your password at www.example.org was changed'
no_code
post change-password "$(fields oldPassword "$password" newPassword 'third horse')" \
	-H "Authorization: Bearer $access"
answer 401 'Incorrect password'
no_more_mails

# --- A new address ---

it 'change-email'
new_reader
log_in
other=$access
log_in
old=$email new=$(new_email)
change_email "$new"
answer 200 'A code has been sent'
next_mail "$new"
is_mail 'Confirm your new e-mail address at www.example.org'
ok 'the link holds the new one' equal "$link" \
	"$site/auth/verify.html#email=${new/@/%40}&code=$code"
codes=$code
next_mail
is_mail 'Is your e-mail address at www.example.org to change?'
no_code
ok 'the new one is nobody there' equal "$(grep -ci "$new" "$mail")" 0
ok 'the old one logs in' try_login
status 200
email=$new try_login
answer 404 'User not found'
verify "$codes"
wrong_code
email=$new
verify "$codes" -H "Authorization: Bearer $access"
answer 200 'Email verified'
json .user.email "$new"
email_verified true
try_login
status 200
alive "$access"
dead "$other"
email=$old
try_login
answer 404 'User not found'
next_mail
is_mail 'Your e-mail address at www.example.org was changed'
no_code
ok 'it stays silent about the new one' equal "$(grep -ci "$new" "$mail")" 0
email=$new verify "$codes"
wrong_code
no_more_mails "$new"
no_more_mails "$old"

it 'who may not'
email=$new
change_email "$old" -H 'Authorization: Bearer x'
status 401
post change-email "$(fields password "$password" newEmail "$old")"
no_token 'Token not found'
post change-email "$(fields password 'no horse' newEmail "$old")" \
	-H "Authorization: Bearer $access"
answer 401 'Incorrect password'
for body in '{}' "$(fields password "$password")" "$(fields newEmail "$old")"; do
	post change-email "$body" -H "Authorization: Bearer $access"
	answer 400 'Password and new email required'
done
change_email nobody
answer 400 'Invalid email'
no_more_mails "$old"
no_more_mails "$new"

it 'an address that is taken'
new_reader
taken=$email
new_reader
log_in
change_email "$taken"
answer 400 'User already exists'
no_more_mails "$taken"
no_more_mails

it 'an address that is taken meanwhile'
new_reader
log_in
free=$(new_email)
change_email "$free"
next_mail "$free"
post register "$(fields email "$free" password 'white horse')"
status 201
old=$email email=$free
verify "$code"
answer 400 'User already exists'
verify "$code"
wrong_code
next_mail
verify "$code"
status 200
ok 'is whose it is' unequal "$(reply_json .user._id)" "$user_id"
email=$old
try_login
status 200

it 'a new password forgets the new address'
for how in change reset; do
	new_reader
	log_in
	new=$(new_email)
	change_email "$new"
	next_mail "$new"
	codes=$code
	next_mail
	if [ "$how" = change ]; then
		post change-password "$(fields oldPassword "$password" \
			newPassword 'white horse')" \
			-H "Authorization: Bearer $access"
	else
		forgot
		next_mail
		reset "$code" 'white horse'
	fi
	status 200
	old=$email email=$new
	verify "$codes"
	wrong_code
	email=$old
	try_login 'white horse'
	status 200
done

it 'the newest one alone'
new_reader
log_in
first=$(new_email) second=$(new_email)
change_email "$first"
next_mail "$first"
codes=$code
change_email "$second"
next_mail "$second"
email=$first verify "$codes"
wrong_code
email=$second verify "$code"
status 200

it 'to the address that it is'
new_user
log_in
next_mail
change_email "$email"
status 200
codes=
for _ in 1 2; do
	next_mail
	[ -z "$code" ] || codes=$code
done
verify "$codes"
status 200
email_verified true

# --- Languages ---

it 'languages'
while read -r wanted content header; do
	email=$(new_email)
	post register "$(fields email "$email" password 12345)" \
		-H "Accept-Language:${header:+ $header}"
	next_mail
	ok "'$header': $wanted" equal "$(mail_header Content-Language)" "$wanted"
	ok 'is what it says' matches "$text" "^$content"
	ok 'and its HTML' matches "$html" "<html lang=\"$wanted\">"
done <<'END'
de Guten de
de Guten de-AT,en;q=0.8
de Guten DE,en
en Hello en-GB,de;q=0.9
en Hello fr,de;q=0.5
en Hello *
en Hello ../../../../etc/passwd
en Hello deutsch
en Hello
END

# --- Hidden accounts ---

it 'hidden: signing up with a taken address'
at hidden
new_user
next_mail
verify "$code"
before=$(sql "SELECT * FROM users WHERE email = '$email'")
shape() {
	sed -e 's/[0-9a-f]\{8\}-[0-9a-f-]\{27\}/ID/' -e "s/$email/EMAIL/" \
		-e 's/20[0-9-]*T[0-9:.]*Z/TIME/g' "$scratch/body"
	sed 's/^Date:.*//; s/^Content-Length:.*//' "$scratch/head"
}
taken=$email
email=$(new_email)
post register "$(fields email "$email" password 'white horse')"
answer 201 'User created successfully'
free=$(shape)
next_mail
email=$taken
post register "$(fields email "$email" password 'white horse')"
answer 201 'User created successfully'
ok 'the same answer' equal "$(shape)" "$free"
ok 'an ID that nobody has' equal "$(sql "SELECT COUNT(*) FROM users
	WHERE id = X'$(reply_json .user._id | tr -d -)'")" 0
next_mail
is_mail 'You already have an account at www.example.org'
no_code
ok 'and nothing has changed' equal \
	"$(sql "SELECT * FROM users WHERE email = '$email'")" "$before"
try_login 'white horse'
answer 401 'Incorrect email or password'
try_login
status 200

it 'hidden: changing to a taken address'
new_reader
log_in
change_email "$taken"
answer 200 'A code has been sent'
next_mail "$taken"
is_mail 'You already have an account at www.example.org'
no_code
next_mail
is_mail 'Is your e-mail address at www.example.org to change?'
ok 'nobody is verified anew' equal \
	"$(sql "SELECT * FROM users WHERE email = '$taken'" | cut -f 2)" "$taken"

it 'hidden: what came before is forgotten alike'
free=$(new_email)
change_email "$free"
next_mail "$free"
codes=$code
next_mail
change_email "$taken"
next_mail "$taken"
next_mail
email=$free verify "$codes"
wrong_code

# --- The log ---

it 'the log'
logs=$scratch/logs
cat "${log[@]}" >"$logs"
for event in email_verified email_changed password_changed session_ended; do
	ok "tells $event" grep -qaE " event=$event user=[0-9a-f-]{36} " "$logs"
done
ok 'and no address, code or password' equal \
	"$(grep -aciE 'example\.org|[0-9A-Z]{4}-[0-9A-Z]{4}( |$)|horse' "$logs")" 0
ok 'nor trouble' equal "$(grep -ac ' error: ' "$logs")" 0

finish
