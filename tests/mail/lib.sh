# For pages that read what the programs mail: it goes through msmtp to the
# server of sink.py, which keeps it in $box.  Sourced in place of
# tests/faults/instance.sh, which it sources.
#
# shellcheck shell=bash
# The pages read what is set here.
# shellcheck disable=SC2034

mail_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/faults/instance.sh
. "$mail_dir/../faults/instance.sh"

site=https://www.example.org
box=
declare -A mails_read
trap end_page EXIT

# The command reads fifos of $scratch in some pages, and must not outlive them.
end_page() {
	[ -z "$box" ] || kill "$sink" 2>/dev/null
	instances_stop
	rm -rf "$box"
}

# mail_start: the server, a command for MAIL_COMMAND, and the settings with it in
# $mail_on.  The command is a script that is msmtp, unless how_to_mail says
# something else.
mail_start() {
	box=$(mktemp -d)
	setpriv --pdeathsig TERM "$mail_dir/sink.py" "$box" &
	sink=$!
	await 20 [ -e "$box/msmtprc" ] || {
		echo 'Bail out! no mail server'
		exit 1
	}
	# Programs of root's servers are not root's.
	chmod 711 "$box"
	[ "$(id -u)" -ne 0 ] || chown www-data "$box/msmtprc"
	mail_on=(MAIL_FROM='The Site <noreply@example.org>' SITE_URL="$site"
		MAIL_COMMAND="$box/sendmail -t -i")
	how_to_mail
}

# how_to_mail [COMMAND...]: what the programs start from now on.  Moved into
# place, for one of them may be starting the other just then.
# shellcheck disable=SC2120 # a command may be given
how_to_mail() {
	cat >"$box/sendmail.new" <<-END
		#!/bin/bash
		${*:-exec /usr/bin/msmtp -C $box/msmtprc "\$@"}
	END
	chmod 755 "$box/sendmail.new"
	mv "$box/sendmail.new" "$box/sendmail"
}

# serve NAME [NAME=VALUE...]: one more web server on the same database, which
# mails; for: at NAME
declare -A url log run_of
serve() {
	instance_start DB_RUN_DIR="$database" "${mail_on[@]}" "${@:2}"
	url[$1]=$LATCHKEY_URL
	log[$1]=$LATCHKEY_LOG
	run_of[$1]=$run
}

at() {
	LATCHKEY_URL=${url[$1]}
	api=$LATCHKEY_URL/api/v1/users
	LATCHKEY_LOG=${log[$1]}
	run=${run_of[$1]}
}

# mails_to ADDRESS: their files, the first one first.
mails_to() {
	grep -lixF -- "X-Envelope-To: $1"$'\r' "$box"/*.eml 2>/dev/null |
		sort -t / -k "$(tr -dc / <<<"$box" | wc -c)" -V
}

# mail_count ADDRESS: how many there are.
mail_count() {
	mails_to "$1" | wc -l
}

has_mails() { # ADDRESS COUNT
	[ "$(mail_count "$1")" -ge "$2" ]
}

# next_mail [ADDRESS]: wait for one more, to $email unless another is named.  It
# is $mail then, $code the code in its text, $link the link.
# shellcheck disable=SC2120 # an address may be given
next_mail() {
	local to=${1-$email} number
	number=$((${mails_read[$to]-0} + 1))
	code='' link='' mail=/dev/null
	await 20 has_mails "$to" "$number" || {
		ok "a mail to $to" false
		return 1
	}
	mails_read[$to]=$number
	mail=$(mails_to "$to" | sed -n "${number}p")
	text=$(<"${mail%.eml}.txt")
	html=$(<"${mail%.eml}.html")
	[[ ! $text =~ (^|[^0-9A-Z])([0-9A-Z]{4}-[0-9A-Z]{4})($|[^0-9A-Z]) ]] ||
		code=${BASH_REMATCH[2]}
	[[ ! $text =~ (https?://[^[:space:]]*) ]] || link=${BASH_REMATCH[1]}
}

# mail_header NAME: its value, folded or not.
mail_header() {
	sed -e 's/\r$//' -e '/^$/q' "$mail" | sed -e ':a' -e '$!N' \
		-e 's/\n[ \t]/ /' -e 'ta' -e 'P' -e 'D' |
		sed -n "s/^$1: *//Ip"
}

# no_more_mails [ADDRESS]: than have been read, and none is on its way.
# shellcheck disable=SC2120 # an address may be given
no_more_mails() {
	local to=${1-$email}
	await 20 nothing_is_due
	ok "no more mails to $to" equal "$(mail_count "$to")" \
		"${mails_read[$to]-0}"
}

nothing_is_due() {
	[ "$(sql 'SELECT COUNT(*) FROM codes WHERE mail_at IS NOT NULL')" = 0 ]
}

# Asking.

# fields NAME VALUE...: as a JSON object.
fields() {
	local json=
	while [ $# -gt 0 ]; do
		json+=",\"$1\":$(quote "$2")"
		shift 2
	done
	printf '{%s}' "${json#,}"
}

# shellcheck disable=SC2120 # options may be given
forgot() { # [options]
	post forgot-password "$(fields email "$email")" "$@"
}

# shellcheck disable=SC2120 # options may be given
resend() { # [options]
	post resend-verification "$(fields email "$email")" "$@"
}

verify() { # CODE [options]
	post verify-email "$(fields email "$email" code "$1")" "${@:2}"
}

reset() { # CODE PASSWORD [options]
	post reset-password \
		"$(fields email "$email" code "$1" newPassword "$2")" "${@:3}"
}

change_email() { # ADDRESS [options]: with $access
	post change-email "$(fields password "$password" newEmail "$1")" \
		-H "Authorization: Bearer $access" "${@:2}"
}

# shellcheck disable=SC2120 # a password may be given
try_login() { # [PASSWORD [options]]
	post login "$(fields email "$email" password "${1-$password}")" "${@:2}"
}

sent() {
	answer 200 'If the account exists, an e-mail has been sent'
}

wrong_code() {
	answer 401 'Code is incorrect or has expired'
	no_header Set-Cookie
}

# new_reader: somebody who signed up and verified the address.
new_reader() {
	new_user
	next_mail
	verify "$code"
	[ "$(reply_status)" = 200 ] || ok 'verifying' false
}

# in_codes [WHERE]: how many rows there are.
# shellcheck disable=SC2120 # a condition may be given
in_codes() {
	sql "SELECT COUNT(*) FROM codes ${1-}"
}

# verified [EMAIL]: what the row says.
# shellcheck disable=SC2120 # an address may be given
verified() {
	sql "SELECT email_verified FROM users WHERE email = '${1-$email}'"
}
