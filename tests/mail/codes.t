#!/bin/bash
# What a code is good for: once, for one user, purpose and address, for a time,
# and for few tries; over two web servers with one database.
# shellcheck source=tests/mail/lib.sh
. "$(dirname "$0")/lib.sh"

mail_start
database_start
serve apache SERVER=apache
# Windows so long that none gives anything back while the page runs.
serve limited THROTTLE=1 THROTTLE_MAIL=2/3600 THROTTLE_ACCOUNT_ADDRESS=3/9000 \
	THROTTLE_ADDRESS=1000/3600
serve main
at main

# later SECONDS [WHERE]: time passes, for the codes.
later() {
	sql "UPDATE codes SET expires_at = expires_at - INTERVAL $1 SECOND ${2-}"
}

# another CODE: one that is not it.
another() {
	case $1 in
	0*) echo "1${1#?}" ;;
	*) echo "0${1#?}" ;;
	esac
}

# crowd COUNT NAME BODY: as many ask the same, of both servers by turns; how
# often each status came is in $statuses.
crowd() {
	local i
	for ((i = 0; i < $1; i++)); do
		[ "$i" = 0 ] || echo next
		[ $((i % 2)) = 0 ] && echo "url = ${url[main]}/api/v1/users/$2" ||
			echo "url = ${url[apache]}/api/v1/users/$2"
		printf '%s\n' "data = $(quote "$3")" 'output = /dev/null' \
			'header = "Content-Type: application/json"' \
			'write-out = "%{http_code}\n"' 'max-time = 60'
	done >"$scratch/config"
	statuses=$(curl -sS --no-progress-meter -Z --parallel-immediate \
		--parallel-max "$1" -K "$scratch/config" 2>"$scratch/curl" |
		sort | uniq -c | sed 's/^ *//' | paste -sd ,)
	echo "$1 times $2 $3" >"$scratch/request"
}

# --- Once ---

it 'fifty that race with one code'
new_user
next_mail
crowd 50 verify-email "$(fields email "$email" code "$code")"
ok 'verify-email: one of them' equal "$statuses" '1 200,49 401'
ok 'which verifies' equal "$(verified)" 1
forgot
next_mail
spent_code=$code
crowd 50 reset-password \
	"$(fields email "$email" code "$code" newPassword 'white horse')"
ok 'reset-password: one of them' equal "$statuses" '1 200,49 401'
next_mail
no_more_mails
reset "$spent_code" 'third horse'
wrong_code
try_login 'white horse'
status 200
password='white horse'
log_in
new=$(new_email)
change_email "$new"
next_mail "$new"
crowd 50 verify-email "$(fields email "$new" code "$code")"
ok 'for a new address: one of them' equal "$statuses" '1 200,49 401'

# --- For a time ---

it 'after its time'
new_user
next_mail
later $((24 * 3600 + 1)) "WHERE email = '$email'"
verify "$code"
wrong_code
ok 'not verified' equal "$(verified)" 0
resend
next_mail
later $((24 * 3600 - 30)) "WHERE email = '$email'"
verify "$code"
status 200
for seconds in 3601 3570; do
	forgot
	next_mail
	later "$seconds" "WHERE email = '$email'"
	reset "$code" 'white horse'
	[ "$seconds" = 3570 ] || wrong_code
done
status 200
next_mail
password='white horse'
log_in
new=$(new_email)
change_email "$new"
next_mail "$new"
later $((24 * 3600 + 1)) "WHERE email = '$new'"
email=$new verify "$code"
wrong_code

# --- For one ---

it 'an older one'
new_user
next_mail
codes=()
for _ in 1 2 3; do
	forgot
	next_mail
	codes+=("$code")
done
reset "${codes[0]}" 'white horse'
wrong_code
reset "${codes[1]}" 'white horse'
wrong_code
reset "${codes[2]}" 'white horse'
status 200

it "another user's"
new_user
next_mail
other=$email other_code=$code
new_user
next_mail
mine=$code
verify "$other_code"
wrong_code
email=$other verify "$mine"
wrong_code
ok 'nobody is verified' equal "$(verified)$(verified "$other")" 00
verify "$mine"
status 200
json .user.email "$email"
email=$other verify "$other_code"
status 200

it 'for something else'
new_user
next_mail
verify_code=$code
forgot
next_mail
reset_code=$code
reset "$verify_code" 'white horse'
wrong_code
verify "$reset_code"
wrong_code
log_in
new=$(new_email)
change_email "$new"
next_mail "$new"
change_code=$code
email=$new reset "$change_code" 'white horse'
wrong_code
reset "$change_code" 'white horse'
wrong_code
verify "$change_code"
wrong_code
log_in
ok 'all are good still, for what they are' equal "$(in_codes \
	"WHERE hash IS NOT NULL AND user_id = X'${user_id//-/}'")" 3
# The hash is of its purpose, whatever the row says.
sql "UPDATE codes SET purpose = IF(purpose = 'reset', 'spare', 'reset')
	WHERE user_id = X'${user_id//-/}' AND purpose IN ('reset', 'verify')
	ORDER BY purpose"
reset "$verify_code" 'white horse'
wrong_code
sql "UPDATE codes SET purpose = 'verify' WHERE purpose = 'spare'"
verify "$reset_code"
wrong_code
log_in

it 'for an address that the account has no more'
new_reader
log_in
forgot
next_mail
reset_code=$code
sql "UPDATE users SET email = 'x$email' WHERE email = '$email'"
reset "$reset_code" 'white horse'
wrong_code
email=x$email reset "$reset_code" 'white horse'
wrong_code
email=x$email try_login
status 200
new_user
next_mail
sql "UPDATE users SET email = 'x$email' WHERE email = '$email'"
verify "$code"
wrong_code
email=x$email verify "$code"
wrong_code
ok 'not verified' equal "$(verified "x$email")" 0

it 'of an account that is gone'
new_user
next_mail
verify_code=$code
forgot
next_mail
reset_code=$code
log_in
ask DELETE "$api/me" -H 'Content-Type: application/json' \
	--data-binary "$(fields password "$password")" \
	-H "Authorization: Bearer $access"
status 200
post register "$(fields email "$email" password "$password")"
status 201
next_mail
verify "$verify_code"
wrong_code
reset "$reset_code" 'white horse'
wrong_code
try_login
status 200
verify "$code"
status 200

# --- Tries ---

it 'four wrong tries, and the right one'
new_user
next_mail
wrong=$(another "$code")
for _ in 1 2 3 4; do verify "$wrong"; done
wrong_code
verify "$code"
status 200

it 'five, and no more'
new_user
next_mail
wrong=$(another "$code")
for _ in 1 2 3 4 5; do
	verify "$wrong"
	wrong_code
done
verify "$code"
wrong_code
ok 'not verified' equal "$(verified)" 0
resend
next_mail
verify "$code"
status 200
forgot
next_mail
for _ in 1 2 3 4 5; do reset "$(another "$code")" 'white horse'; done
reset "$code" 'white horse'
wrong_code
try_login
status 200
forgot
next_mail
crowd 50 reset-password "$(fields email "$email" code "$(another "$code")" \
	newPassword 'white horse')"
ok 'fifty at once are all wrong' equal "$statuses" '50 401'
ok 'of which five count' equal "$(sql "SELECT tries FROM codes
	WHERE email = '$email' AND purpose = 'reset'")" 5
reset "$code" 'white horse'
wrong_code

it 'what is no code, or not read, is no try'
forgot
next_mail
for _ in 1 2 3 4 5 6; do
	reset short 'white horse'
	reset "$(another "$code")" tiny
	post reset-password "$(fields email "$email" newPassword 'white horse')"
done
reset "$code" 'white horse'
status 200

it 'GET and HEAD spend nothing'
forgot
next_mail
[ -n "$code" ] || next_mail
form="email=$email&code=$code&newPassword=white%20horse"
for name in reset-password verify-email; do
	for method in GET HEAD; do
		options=(-m 60)
		[ "$method" = GET ] || options=(--head)
		ask "$method" "$api/$name?$form" "${options[@]}"
		status 405
	done
	ask OPTIONS "$api/$name?$form"
	status 204
	ask POST "$api/$name?$form" -d ''
	status 400
done
for page in reset verify forgot; do
	for at in "?$form" "#${link#*#}"; do
		ask GET "$LATCHKEY_URL/auth/$page.html$at"
		status 200
	done
done
ok 'no try' equal "$(sql "SELECT tries FROM codes
	WHERE email = '$email' AND purpose = 'reset'")" 0
reset "$code" 'white horse'
status 200

it 'another site spends nothing'
forgot
next_mail
[ -n "$code" ] || next_mail
reset "$code" 'fourth horse' -H 'Origin: https://evil.example'
answer 403 'Cross-site request refused'
reset "$code" 'fourth horse'
status 200

# --- The table ---

it 'a dump of the database'
new_user
next_mail
codes=("$code" "${code/-/}")
log_in
codes+=("$access" "$refresh" "${access##*.}" "${refresh##*.}" "$password")
forgot
next_mail
codes+=("$code" "${code/-/}")
mariadb-dump --no-defaults -S "$LATCHKEY_DB_SOCKET" -u root --hex-blob latchkey \
	>"$scratch/dump" 2>&1 || mariadb --no-defaults -S "$LATCHKEY_DB_SOCKET" \
	-u root latchkey -e 'SELECT * FROM codes; SELECT * FROM users' >"$scratch/dump"
ok 'has the rows' grep -q "$email" "$scratch/dump"
for secret in "${codes[@]}"; do
	ok 'and no code, token or password' equal \
		"$(grep -ciF -- "$secret" "$scratch/dump")" 0
done
ok 'nor a bare hash of a code' equal "$(grep -cE "$(printf '%s' \
	"${code/-/}" | sha256sum | cut -c 1-64)" "$scratch/dump")" 0
hash=$(sql "SELECT hash FROM codes WHERE email = '$email' AND purpose = 'reset'")
reset "$hash" 'white horse'
wrong_code

it 'rows clean themselves up'
email=nobody-$$@example.org
forgot
sent
await 20 nothing_is_due
ok 'of nobody' equal "$(in_codes "WHERE purpose = 'nobody'")" 0
ok 'of notices' equal "$(in_codes "WHERE hash IS NULL")" 0
sql "UPDATE codes SET expires_at = '2020-01-01'"
ok 'there are some' [ "$(in_codes)" -gt 0 ]
left=$(in_codes)
while [ "$left" -gt 0 ]; do
	forgot
	is_swept() { [ "$(in_codes)" -lt "$left" ] && nothing_is_due; }
	await 20 is_swept || break
	left=$(in_codes)
done
ok 'of what is over' equal "$left" 0
no_more_mails

# --- Limits ---

# limited SECONDS: too many, and when to come again.
limited() {
	answer 429 'Too many attempts, try again later'
	ok 'says when to come again' matches "$(reply_header Retry-After)" \
		'^[1-9][0-9]*$'
	ok "in $1 s, or sooner" [ "$(reply_header Retry-After)" -le "$1" ]
}

it 'mails to one account'
at main
new_user
next_mail
known=$email unknown=$(new_email)
at limited
for email in "$known" "$unknown"; do
	for name in forgot resend; do
		$name
		sent
		$name --interface 127.0.1.2
		sent
		$name --interface 127.0.1.3
		limited 1800
	done
done
email=$known
for _ in 1 2 3; do next_mail; done
await 20 nothing_is_due
ok 'no more than that' [ "$(mail_count "$known")" -le 5 ]
ok 'and none to nobody' equal "$(mail_count "$unknown")" 0

it 'mails to a new address'
at main
new_user
log_in
at limited
new=$(new_email)
for wanted in 200 200; do
	change_email "$new"
	status "$wanted"
done
change_email "$new"
limited 1800
change_email "$(new_email)"
status 200
email=$new resend
limited 3000

it 'guesses at a code'
at main
new_user
next_mail
forgot
verify_code=$code
next_mail
known=$email unknown=$(new_email)
at limited
for email in "$known" "$unknown"; do
	for _ in 1 2 3; do
		verify 00000000
		wrong_code
	done
	verify 00000000
	limited 3000
	for _ in 1 2 3; do
		reset 00000000 'white horse'
		wrong_code
	done
	reset 00000000 'white horse'
	limited 3000
done
email=$known
reset "$code" 'white horse'
limited 3000
verify "$verify_code"
limited 3000
reset "$code" 'white horse' --interface 127.0.1.4
ok 'the owner, from elsewhere' equal "$(reply_status)" 200
verify "$verify_code" --interface 127.0.1.4
status 200

it 'the log'
ok 'has no address, code or password' equal \
	"$(cat "${log[@]}" | grep -aciE 'example\.org|[0-9A-Z]{4}-[0-9A-Z]{4}( |$)|horse')" 0
ok 'nor trouble' equal "$(cat "${log[@]}" | grep -ac ' error: ')" 0

finish
