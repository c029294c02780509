#!/bin/bash
# What the mail command, the mail server and the database may do to a mail, and
# what a client may try with one; behind each web server.
# shellcheck source=tests/mail/lib.sh
. "$(dirname "$0")/lib.sh"

mail_start
cp -r "$mail_dir/../../mail" "$box/templates"
database_start
for name in apache apache-cgi nginx; do serve "$name" SERVER="$name"; done
serve off MAIL_FROM= SITE=tests/site
serve main MAIL_TEMPLATES="$box/templates" SITE=tests/site
at main

# trigger: any mail has those sent that are due, also one to nobody.
trigger() {
	local email
	email=$(new_email)
	forgot
}

# lease_ends: of the mails that were not sent.
lease_ends() {
	sql 'UPDATE codes SET mail_at = mail_at - INTERVAL 121 SECOND
		WHERE mail_at IS NOT NULL'
}

waits_for_lease() {
	[ "$(in_codes "WHERE email = '$email' AND mail_at >
		UTC_TIMESTAMP() + INTERVAL 60 SECOND")" = 1 ]
}

nobody_is_done() {
	[ "$(in_codes "WHERE purpose = 'nobody'")" = 0 ]
}

not_sent="the mail 'reset' of user [0-9a-f-]{36} is not sent"
is_logged() { # PATTERN [COUNT]
	[ "$(logged "$1")" -ge "${2-1}" ]
}

# --- Who is there, and who is not ---

# statements: how many the program runs for one request, by the general log.
statements() {
	sql "SET GLOBAL general_log = 0, log_output = 'TABLE';
		TRUNCATE mysql.general_log; SET GLOBAL general_log = 1"
	"$@"
	sql "SET GLOBAL general_log = 0;
		SELECT argument FROM mysql.general_log WHERE command_type = 'Execute'
		AND thread_id = (SELECT MAX(thread_id) FROM mysql.general_log
			WHERE argument LIKE 'INSERT INTO codes%')" |
		sed "s/'[^']*'/?/g; s/VALUES (.*) ON/VALUES ON/; s/email = .*/email/"
}

reply() {
	sed 's/^[Dd]ate:.*//' "$scratch/head"
	cat "$scratch/body"
}

it 'known and unknown'
new_user
next_mail
verify "$code"
known=$email unknown=$(new_email)
new_user
next_mail
unverified=$email
for name in forgot resend; do
	for email in "$known" "$unknown" "$unverified"; do $name; done
	for who in known unknown unverified; do
		email=${!who}
		statements "$name" >"$scratch/ran-$who"
		reply >"$scratch/reply-$who"
	done
	for who in known unverified; do
		ok "$name: the same bytes" cmp "$scratch/reply-$who" \
			"$scratch/reply-unknown"
		ok "$name: the same statements" cmp "$scratch/ran-$who" \
			"$scratch/ran-unknown"
	done
	ok "$name: which are some" [ "$(wc -l <"$scratch/ran-known")" -ge 2 ]
done
await 20 nothing_is_due
email=$unknown
no_more_mails

# --- A command that fails ---

# comes_later PATTERN: the mail was asked for, and failed with that in the log;
# it comes once all is well again.
comes_later() {
	sent
	ok 'it is logged' await 20 is_logged " forgot-password error: mail: .*$1"
	ok 'and that it is not sent' await 20 is_logged "$not_sent"
	ok 'it waits' await 20 waits_for_lease
	how_to_mail
	trigger
	await 20 nobody_is_done
	ok 'not at once' equal "$(mail_count "$email")" "${mails_read[$email]}"
	lease_ends
	trigger
	next_mail
	reset "$code" 'white horse'
	status 200
	next_mail
	no_more_mails
}

new_reader
while IFS='|' read -r what command pattern; do
	it "the command $what"
	log_mark
	how_to_mail "$command"
	[ "$what" != 'is missing' ] || rm "$box/sendmail"
	forgot
	comes_later "$pattern"
done <<'END'
is missing|:|sendmail cannot be started: No such file.*install
fails|cat >/dev/null; exit 75|ended with status 75: a temporary trouble
fails at once|exit 1|ended with status 1;
is killed|kill -KILL $$|ended by signal 9
END

it 'the mail server is away'
log_mark
sed -i.good 's/^port .*/port 1/' "$box/msmtprc"
forgot
sent
await 20 is_logged "$not_sent"
cat "$box/msmtprc.good" >"$box/msmtprc"
comes_later 'ended with status'

it 'the mail server wants another password'
log_mark
sed -i 's/^password .*/password wrong/' "$box/msmtprc"
forgot
sent
await 20 is_logged "$not_sent"
cat "$box/msmtprc.good" >"$box/msmtprc"
comes_later 'ended with status'

it 'there are no templates'
log_mark
mv "$box/templates" "$box/elsewhere"
forgot
sent
await 20 is_logged "$not_sent"
mv "$box/elsewhere" "$box/templates"
comes_later 'template'

it 'a mailbox that refuses'
log_mark
for domain in refused later; do
	email=$RANDOM$RANDOM@$domain.example
	post register "$(fields email "$email" password 12345)"
	status 201
done
not_verify="the mail 'verify' of user [0-9a-f-]{36} is not sent"
ok 'is logged' await 20 is_logged "$not_verify" 2
ok 'each once' equal "$(logged 'mail: .*ended with status')" 2
new_user
next_mail
ok 'others get theirs' unequal "$code" ''
lease_ends
trigger
ok 'it is tried again' await 20 is_logged "$not_verify" 4
sql "UPDATE codes SET expires_at = '2020-01-01' WHERE email LIKE '%.example'
	AND email NOT LIKE '%@example.%'"
lease_ends
trigger
given_up="the mail 'verify' of user [0-9a-f-]{36} could not be sent .* given up"
ok 'and given up in the end' await 20 is_logged "$given_up" 2
ok 'the rows are gone' await 20 nothing_is_due
ok 'which is told once' equal "$(logged 'given up')" 2

# --- A command that hangs ---

# hold: it waits until there is $box/go.
hold() {
	rm -f "$box/go" "$box/waiting"
	how_to_mail "echo >>$box/waiting
		until [ -e $box/go ] || [ ! -e $box ]; do sleep 0.05; done
		exec /usr/bin/msmtp -C $box/msmtprc \"\$@\""
}

waiting() { # COUNT
	[ -e "$box/waiting" ] && [ "$(wc -l <"$box/waiting")" -ge "$1" ]
}

# zombies: children of the programs that nobody has waited for.
zombies() {
	local pids
	pids=$(programs '' | tr ' ' '|')
	grep -lE "^PPid:\s($pids)$" /proc/[0-9]*/status 2>/dev/null |
		xargs -r grep -ls '^State:.Z'
}

# no_mailers: no process of a program's that is nobody's child any more; what
# spawn-fcgi became is nobody's from the start.
no_mailers() {
	local pid line alias
	alias=$(<"$run/alias")
	for pid in $(programs ''); do
		! grep -qsx "$pid" "$run"/program-*.pid || continue
		line=$(grep -s ^PPid: "/proc/$pid/status") || continue
		grep -qsaF "$alias" "/proc/${line//[!0-9]/}/cmdline" || return 1
	done
}

# The pattern comes from a file, or grep would find itself.
no_commands() {
	echo "$box/" >"$scratch/box"
	! grep -qsaFf "$scratch/box" /proc/[0-9]*/cmdline
}

at main
new_reader
reader=$email
for name in main apache apache-cgi nginx; do
	it "the command hangs, behind $name"
	at "$name"
	email=$reader
	await 20 nothing_is_due
	hold
	forgot -m 20
	sent
	ok 'the command waits' await 20 waiting 1
	log_in
	post change-password "$(fields oldPassword "$password" \
		newPassword "$password")" -H "Authorization: Bearer $access" -m 20
	status 200
	trigger
	sent
	ok 'so do more of them' await 20 waiting 2
	get me -H "Authorization: Bearer $access" -m 20
	status 200
	reset 00000000 'white horse' -m 20
	wrong_code
	ok 'no mail yet' equal "$(mail_count "$email")" "${mails_read[$email]}"
	ok 'nor a zombie' equal "$(zombies)" ''
	touch "$box/go"
	next_mail
	next_mail
	no_more_mails
	ok 'no process stays behind' await 20 no_mailers
	ok 'nor a command' await 20 no_commands
	ok 'nor a zombie' equal "$(zombies)" ''
done
how_to_mail
at main

it 'the program ends while the command runs'
hold
email=$reader
forgot
await 20 waiting 1
kill "$(programs forgot-password | tr ' ' '\n' | head -n 1)"
touch "$box/go"
next_mail
ok 'a code' unequal "$code" ''
no_more_mails
how_to_mail

# --- The database ---

it 'the database is away when the mail is due'
forgot
next_mail
sql 'ALTER USER latchkey@localhost ACCOUNT LOCK'
log_mark
forgot
sent
ok 'it is logged' await 20 is_logged ' forgot-password error: db: '
database_kill9
for name in forgot resend 'verify 00000000' 'reset 00000000 12345' \
	"change_email x$email"; do
	$name
	answer 503 'Service unavailable'
	header Retry-After 1
	no_header Set-Cookie
done
database_again
sql 'ALTER USER latchkey@localhost ACCOUNT UNLOCK'
trigger
next_mail
reset "$code" "$password"
status 200
next_mail
no_more_mails

it 'the database goes while the mail is sent'
hold
forgot
await 20 waiting 1
database_kill9
touch "$box/go"
next_mail
older=$code
database_again
how_to_mail
trigger
ok 'it waits' await 20 waits_for_lease
lease_ends
trigger
next_mail
ok 'it comes again' unequal "$code" "$older"
reset "$older" 'white horse'
wrong_code
reset "$code" "$password"
status 200
next_mail

it 'the table is missing'
log_in
sql 'RENAME TABLE codes TO codes_elsewhere'
log_mark
for name in forgot 'verify 00000000' 'reset 00000000 12345' \
	"change_email x$email"; do
	$name
	answer 503 'Service unavailable'
done
ok 'a line tells what to load' is_logged \
	' forgot-password error: db: .*codes.*sql/schema\.sql'
try_login
status 200
sql 'RENAME TABLE codes_elsewhere TO codes'
no_more_mails

# --- Many ---

it 'twenty at once'
sql "INSERT INTO users (id, email, password, created_at, updated_at)
	SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('many-', seq, '@example.org'),
		'', UTC_TIMESTAMP(), UTC_TIMESTAMP() FROM seq_1_to_20"
for ((i = 1; i <= 20; i++)); do
	[ "$i" = 1 ] || echo next
	printf '%s\n' "url = $api/forgot-password" \
		"data = email=many-$i@example.org" 'output = /dev/null' \
		'write-out = "%{http_code}\n"' 'max-time = 60'
done >"$scratch/config"
ok 'all are answered' equal "$(curl -sS --no-progress-meter -Z \
	--parallel-immediate --parallel-max 20 -K "$scratch/config" |
	sort | uniq -c | sed 's/^ *//')" '20 200'
await 20 nothing_is_due
many() {
	grep -lE '^X-Envelope-To: many-[0-9]+@' "$box"/*.eml
}
has_many() {
	[ "$(many | wc -l)" -ge 20 ]
}
ok 'twenty mails' await 20 has_many
ok 'and no more' equal "$(many | wc -l)" 20
ok 'each to another' equal "$(many | xargs grep -h ^X-Envelope-To |
	sort -u | wc -l)" 20
ok 'and each with another code' equal "$(many | sed 's/eml$/txt/' |
	xargs grep -hoE '^ +[0-9A-Z]{4}-[0-9A-Z]{4}' | sort -u | wc -l)" 20

# --- What a client may try ---

it 'headers in an address'
email=$reader
log_in
bad=('x@example.org\r\nBcc: evil@evil.example' 'x@example.org\nBcc: evil@evil.example'
	'x@example.org\rBcc: evil@evil.example' 'evil@evil.example,x@example.org'
	'x@example.org, evil@evil.example' 'x@example.org evil@evil.example'
	'<evil@evil.example>' 'x <evil@evil.example>' 'x@example.org;evil@evil.example'
	'\u0022x\u0022@evil.example' '(evil)x@example.org' 'x@example.org\t' ' evil@evil.example'
	'x@[127.0.0.1]' 'x@evil.example\u0085' 'x@evil.example\u2028')
for address in "${bad[@]}"; do
	for name in forgot-password resend-verification register verify-email \
		reset-password change-email; do
		post "$name" "{\"email\":\"$address\",\"password\":\"$password\",
			\"newEmail\":\"$address\",\"code\":\"00000000\",
			\"newPassword\":\"white horse\"}" \
			-H "Authorization: Bearer $access"
		[ "$(<"$scratch/body")" = '{"message":"Invalid email"}' ] ||
			ok "$name: $address" equal "$(<"$scratch/body")" \
				'{"message":"Invalid email"}'
	done
	ok "$address is refused" equal "$(reply_status)" 400
done
post forgot-password '{"email":"x@example.org\u0000"}'
answer 400 'Invalid JSON body'
form forgot-password 'email=x@example.org%00'
answer 400 'Invalid form body'
form forgot-password 'email=x@example.org%0d%0aBcc:evil@evil.example'
answer 400 'Invalid email'

it 'and elsewhere'
for value in '\r\nBcc: evil@evil.example' '\nBcc: evil@evil.example' '<b>&amp;\u0022' \
	'{code}{link}' '%s%n'; do
	post reset-password "{\"email\":\"$email\",\"code\":\"$value\",
		\"newPassword\":\"$value evil\"}"
	wrong_code
done
no_more_mails
forgot -H 'Accept-Language: de%0d%0aBcc:evil@evil.example' -A 'evil: evil@evil.example' \
	-H 'Referer: https://evil.example/'
next_mail
post reset-password "{\"email\":\"$email\",\"code\":\"$code\",
	\"newPassword\":\"horse\\r\\nBcc: evil@evil.example <b>\"}"
status 200
next_mail
forgot
next_mail
reset "$code" "$password"
status 200
next_mail
no_more_mails

it 'another Host'
for host in evil.example '"><b>evil' 'www.example.org.evil.example:80'; do
	forgot -H "Host: $host" -H "X-Forwarded-Host: $host" \
		-H "Forwarded: host=$host;proto=http" -H 'X-Forwarded-Proto: http' \
		-H "X-Host: $host" -H "X-Original-URL: https://$host/"
	[ "$(reply_status)" = 200 ] || continue
	next_mail
	ok 'links lead to SITE_URL' matches "$link" "^$site/auth/reset.html#"
done
ok 'nobody else is in any mail' equal "$(cat "$box"/*.eml "$box"/*.txt \
	"$box"/*.html | grep -ci evil)" 0

it 'odd addresses'
for address in "a.!#\$%&'*+/=^_\`{|}~?-z$RANDOM@example.org" \
	"..a..b$RANDOM.@example.org" "-t$RANDOM@example.org" "{code}$RANDOM@example.org" \
	"root$RANDOM@localhost" "$RANDOM$RANDOM@xn--bcher-kva.example" \
	"$(printf 'x%.0s' {1..58})$RANDOM@$(printf 'y%.0s' {1..63}).$(printf 'z%.0s' {1..63}).$(printf 'w%.0s' {1..50}).example"; do
	email=$address
	post register "$(fields email "$email" password "$password")"
	status 201
	next_mail
	# shellcheck disable=SC2016 # PHP's
	ok 'the link has it' equal "$(php -r 'echo rawurldecode($argv[1]);' \
		-- "${link#*#email=}")" "$email&code=$code"
	verify "$code"
	status 200
done

# --- A directory for a few ---

it 'an unverified address in LATCHKEY_ALLOW'
email=staff@example.org
post register "$(fields email "$email" password "$password")"
next_mail
log_in
ask GET "$LATCHKEY_URL/staff/secret.html" -H "Authorization: Bearer $access"
answer 403 Forbidden
ask GET "$LATCHKEY_URL/members/secret.html" -H "Authorization: Bearer $access"
status 200
at off
ask GET "$LATCHKEY_URL/staff/secret.html" -H "Authorization: Bearer $access"
status 200
at main
verify "$code" -H "Authorization: Bearer $access"
ask GET "$LATCHKEY_URL/staff/secret.html" -H "Authorization: Bearer $access"
status 200

# --- The log ---

it 'the log'
ok 'has no address, code or password' equal "$(cat "${log[@]}" | grep -av 'AH[0-9]*:' |
	grep -aciE '@|[0-9A-Z]{4}-[0-9A-Z]{4}( |$)|horse')" 0
ok 'and no process stays behind' await 20 no_commands

finish
