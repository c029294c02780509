#!/bin/bash
# Settings that are wrong, told to who starts a program in a terminal, and to
# the log of a web server; and secrets, told to nobody.
. "$(dirname "$0")/instance.sh"

fastcgi=$(dirname "$0")/fastcgi.py
names=(register login logout refresh-token me sessions change-password
	change-email forgot-password reset-password verify-email
	resend-verification resume guard denied doctor index)
started=()
trap end_page EXIT

end_page() {
	[ "${#started[@]}" -eq 0 ] || kill "${started[@]}" 2>/dev/null
	instances_stop
}

instance_start SERVER=lighttpd PROCESSES=1
bin=$scratch/x/cgi-bin
mkdir -p "$bin"
for name in "${names[@]}"; do
	cp "$(<"$run/alias")/build/cgi-bin/$name" "$bin"
done
good=$scratch/good.env
install -m 600 "$run/run.env" "$good"

setting() { # NAME: what the file says
	sed -n "s/^$1=\"\?\([^\"]*\)\"\?$/\1/p" "$good" | tail -n 1
}

access_secret=$(setting ACCESS_TOKEN_SECRET)
refresh_secret=$(setting REFRESH_TOKEN_SECRET)
db_password=$(setting DB_PASSWORD)
secrets=("$access_secret" "$refresh_secret" "$db_password")

# --- In a terminal ---

# check NAME [NAME=VALUE...]: a program as a person starts it.
check() {
	local name=$1
	shift
	env -i LATCHKEY_ENV="$good" "$@" timeout 15 "$bin/$name" \
		</dev/null >"$scratch/out" 2>&1
	left=$?
	cat "$scratch/out" >>"$scratch/everything"
}

# said PATTERN COUNT: in how many lines of what it wrote.
said() {
	equal "$(grep -cE -- "$1" "$scratch/out")" "$2" || {
		sed 's/^/# /' "$scratch/out"
		return 1
	}
}

it 'all is good'
for name in "${names[@]}"; do
	check "$name"
	ok "$name: 0" equal "$left" 0
	ok "$name says what it is" said "^latchkey $name .*FastCGI" 1
	ok "$name has a line each for settings, database and schema" \
		said '^(settings|database|schema): good' 3
done
ok 'the file is named' said "^settings: .*$good" 1
ok 'and the database' said '^database: .*latchkey.*MariaDB' 1

it 'started in other ways'
timeout 15 script -qec "env -i LATCHKEY_ENV=$good $bin/login" \
	/dev/null </dev/null >"$scratch/out" 2>&1
ok 'from a terminal: 0' equal $? 0
ok 'good' said '^(settings|database|schema): good' 3
env -i LATCHKEY_ENV="$good" timeout 15 "$bin/login" <&- >"$scratch/out" 2>&1
ok 'without an input: 0' equal $? 0
ok 'good' said '^(settings|database|schema): good' 3
mkfifo "$scratch/pipe"
exec {hold}<>"$scratch/pipe"
env -i LATCHKEY_ENV="$good" timeout 15 "$bin/login" <"$scratch/pipe" \
	>"$scratch/out" 2>&1
ok 'from a pipe in which nothing comes: 0' equal $? 0
ok 'good' said '^(settings|database|schema): good' 3
exec {hold}>&-

# wrong WHAT PATTERN [NAME=VALUE...]: what is told about a wrong setting.
wrong() {
	local pattern=$2
	it "$1"
	shift 2
	check me "$@"
	ok '1' equal "$left" 1
	ok 'one line names it and the remedy' said "^settings: BAD.*$pattern" 1
	ok 'and nothing is good' said 'good' 0
	ok 'two lines in all' said '' 2
}

# without NAME [NAME=VALUE]: the file, with another value or none.
without() {
	grep -v "^$1=" "$good" >"$scratch/other.env"
	[ $# -eq 1 ] || echo "$2" >>"$scratch/other.env"
	chmod 600 "$scratch/other.env"
}
other=LATCHKEY_ENV=$scratch/other.env

without ACCESS_TOKEN_SECRET
wrong 'a secret is missing' 'ACCESS_TOKEN_SECRET.*missing.*openssl rand' "$other"
without REFRESH_TOKEN_SECRET
wrong 'the other is' 'REFRESH_TOKEN_SECRET.*missing.*openssl rand' "$other"
wrong 'a secret is empty' 'REFRESH_TOKEN_SECRET.*missing' REFRESH_TOKEN_SECRET=
short=$(openssl rand -hex 16)
short=${short%?}
without ACCESS_TOKEN_SECRET "ACCESS_TOKEN_SECRET=$short"
wrong 'a secret of 31 bytes' 'ACCESS_TOKEN_SECRET.*short.*32.*openssl rand' "$other"
without ACCESS_TOKEN_SECRET "ACCESS_TOKEN_SECRET=$refresh_secret"
wrong 'equal secrets' 'ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET.*equal.*openssl' \
	"$other"
ok 'a secret of 32 is good' check me "ACCESS_TOKEN_SECRET=${short}1"
ok '0' equal "$left" 0
for value in abc -1 1.5 '' ' 5' 5s 601 99999999999999999999; do
	wrong "REFRESH_GRACE='$value'" 'REFRESH_GRACE.*number.*0 to 600.*default' \
		"REFRESH_GRACE=$value"
done
without REFRESH_GRACE 'REFRESH_GRACE=ten'
wrong 'the same in the file' 'REFRESH_GRACE.*number' "$other"
without REFRESH_GRACE 'REFRESH_GRACE'
wrong 'a line that is none' "line [0-9]+ of .*other\.env.*mend" "$other"
without NOTHING
chmod 644 "$scratch/other.env"
wrong 'a file for everybody to read' 'other\.env.*chmod 6[04]0' "$other"
chmod 602 "$scratch/other.env"
wrong 'a file for everybody to write' 'other\.env.*chmod 6[04]0' "$other"
wrong 'a file that is named and missing' 'nowhere\.env.*(No such file|missing).*must be' \
	LATCHKEY_ENV="$scratch/nowhere.env"
wrong 'a directory for a file' "$scratch.*regular file" LATCHKEY_ENV="$scratch"

# trouble WHAT LINE PATTERN [NAME=VALUE...]: good settings, and a database that
# is not.
trouble() {
	local line=$2 pattern=$3
	it "$1"
	shift 3
	check me "$@"
	ok '1' equal "$left" 1
	ok 'the settings are good' said '^settings: good' 1
	ok 'what is not has one line' said "^$line: BAD" 1
	ok 'the remedy is named' said "$pattern" "${remedies-1}"
	ok 'the schema is not called good' said '^schema: good' 0
}

# The line of the log, above, is the other one that names it.
remedies=2
trouble 'the database is away' database 'DB_HOST, DB_PORT and DB_SOCKET' \
	DB_SOCKET="$scratch/nowhere.sock"
trouble 'a port where nothing listens' database 'DB_HOST, DB_PORT and DB_SOCKET' \
	DB_SOCKET= DB_HOST=127.0.0.1 DB_PORT=1
trouble 'a wrong password' database 'DB_USER and DB_PASSWORD' \
	DB_PASSWORD='not this one'
trouble 'a database that is not there' database 'DB_NAME' DB_NAME=nowhere
sql "CREATE DATABASE bare;
	GRANT SELECT, INSERT, UPDATE, DELETE ON bare.* TO latchkey@localhost"
remedies=1
trouble 'the table is missing' schema 'sql/schema\.sql' DB_NAME=bare
ok 'the database is good' said '^database: good' 1

it 'a database that never says a word'
"$fastcgi" relay - silent >"$scratch/port" &
started+=("$!")
await 10 [ -s "$scratch/port" ]
SECONDS=0
check me DB_SOCKET= DB_HOST=127.0.0.1 DB_PORT="$(<"$scratch/port")"
ok '1' equal "$left" 1
ok 'soon' [ "$SECONDS" -lt 10 ]
ok 'with a line for it' said '^database: BAD' 1

it 'the file beside the directory of the programs'
env -i timeout 15 "$bin/me" </dev/null >"$scratch/out" 2>&1
ok 'is not there: 1' equal $? 1
ok 'so a secret is missing' said '^settings: BAD.*ACCESS_TOKEN_SECRET' 1
install -m 600 "$good" "$scratch/x/latchkey.env"
for from in / "$bin"; do
	(cd "$from" && exec env -i timeout 15 "$bin/me") </dev/null >"$scratch/out" 2>&1
	ok "is found from $from: 0" equal $? 0
	ok 'and named' said "^settings: good, .*$scratch/x/latchkey\.env" 1
done
chmod 644 "$scratch/x/latchkey.env"
env -i timeout 15 "$bin/me" </dev/null >"$scratch/out" 2>&1
ok 'is for everybody to read: 1' equal $? 1
ok 'and named' said '^settings: BAD.*x/latchkey\.env.*chmod' 1
rm "$scratch/x/latchkey.env"

# --- Behind a server ---

new_user
log_in
jar=(-b "accessToken=$access; refreshToken=$refresh")

# Settings are read by each process once; new ones read what is there now.
restart_programs() {
	local old pid
	old=$(programs '')
	# shellcheck disable=SC2086 # pids
	kill $old
	for pid in $old; do await 10 process_gone "$pid"; done
	await 10 all_started
}

process_gone() {
	! grep -qs '^State:.[^ZX]' "/proc/$1/status"
}

count=$(programs '' | wc -w)
all_started() {
	[ "$(programs '' | wc -w)" = "$count" ]
}

# by_me COUNT: what one process answers, how often.
by_me() {
	"$fastcgi" alternate "$run/web/me-0" "$1" REQUEST_METHOD=GET \
		REQUEST_URI=/api/v1/users/me "HTTP_AUTHORIZATION=Bearer $access" |
		sed 's/.*"user":.*/the user/; s/.*"message":"\(.*\)".*/\1/' |
		uniq -c | sed 's/^ *//'
}

put() { # FILE: in the place of the settings, which keep owner and mode
	cat "$1" >"$run/run.env"
}

told_once() { # PATTERN
	log_mark
	ok 'one process, ten times' equal "$(by_me 10)" '10 Something went wrong'
	ok 'and one line of the log names it' equal \
		"$(logged " me error: settings: .*$1")" 1
	ok 'which is all' equal "$(logged ' me error: ')" 1
}

it 'wrong settings behind a server'
without REFRESH_GRACE REFRESH_GRACE=abc
put "$scratch/other.env"
restart_programs
before=$(programs '')
told_once 'REFRESH_GRACE.*number'

for name in "${names[@]}"; do
	it "$name with wrong settings"
	case $name in
	index) ask GET "$LATCHKEY_URL/" ;;
	me | sessions) get "$name" "${jar[@]}" ;;
	doctor) continue ;; # that is what it is for: see doctor.t
	*) post "$name" "{\"email\":\"$email\",\"password\":\"$password\"}" "${jar[@]}" ;;
	esac
	answer 500 'Something went wrong'
	header Content-Type 'application/json; charset=utf-8'
	header Cache-Control no-store
	no_header Set-Cookie
done

it 'wrong in one way after the other'
without ACCESS_TOKEN_SECRET
put "$scratch/other.env"
told_once 'ACCESS_TOKEN_SECRET.*missing'
put "$good"
chmod 604 "$run/run.env"
told_once 'run\.env.*chmod'
chmod 600 "$run/run.env"
without ACCESS_TOKEN_SECRET "ACCESS_TOKEN_SECRET=$refresh_secret"
put "$scratch/other.env"
told_once 'equal'
mv "$run/run.env" "$run/run.away"
told_once 'run\.env.*No such file'
mv "$run/run.away" "$run/run.env"

it 'settings that are mended'
put "$good"
ok 'the next request works' equal "$(by_me 1)" '1 the user'
get sessions "${jar[@]}"
status 200
refresh_with "$refresh"
status 200
log_in
ask GET "$LATCHKEY_URL/"
body 'Hello World!'
ok 'in the same processes' equal "$(programs '')" "$before"

# --- Secrets ---

environment() { # PID
	tr '\0' '\n' <"/proc/$1/environ"
}

holds() { # FILE: one of the secrets
	local secret
	for secret in "${secrets[@]}"; do
		! grep -qaF -- "$secret" "$1" || return 0
	done
	return 1
}

hides() {
	! holds "$1"
}

forgotten() { # PID
	environment "$1" >"$scratch/environment"
	hides "$scratch/environment"
}

from_environment=(ACCESS_TOKEN_SECRET="$access_secret"
	REFRESH_TOKEN_SECRET="$refresh_secret" DB_PASSWORD="$db_password"
	DB_SOCKET="$(setting DB_SOCKET)" PASSWORD_MIN_LENGTH=5)

it 'secrets in the environment of a FastCGI program'
env -i "${from_environment[@]}" "$fastcgi" serve "$scratch/socket" "$bin/me" \
	2>"$scratch/log" &
started+=("$!")
process=$!
is_program() {
	[ "$(readlink "/proc/$process/exe")" = "$(realpath "$bin/me")" ]
}
ok 'it is started' await 10 is_program
environment "$process" >"$scratch/environment"
ok 'has them' holds "$scratch/environment"
echo 'GET me' >"$scratch/request"
"$fastcgi" ask "$scratch/socket" RESPONDER "$scratch/head" "$scratch/body" \
	REQUEST_METHOD=GET REQUEST_URI=/api/v1/users/me \
	"HTTP_AUTHORIZATION=Bearer $access" </dev/null
status 200
ok 'uses them' equal "$(reply_json .user.email)" "$email"
ok 'and has them no more' forgotten "$process"
ok 'but what is no secret' grep -qx PASSWORD_MIN_LENGTH=5 "$scratch/environment"
ok 'nor on its command line' hides "/proc/$process/cmdline"
ok 'and logs nothing' equal "$(<"$scratch/log")" ''

it 'secrets in the environment of a CGI program'
env -i "${from_environment[@]}" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST \
	REQUEST_URI=/api/v1/users/login CONTENT_TYPE=application/json \
	CONTENT_LENGTH=200 "$bin/login" <"$scratch/pipe" >"$scratch/out" 2>&1 &
process=$!
started+=("$!")
exec {hold}>"$scratch/pipe"
printf '{' >&"$hold"
waits_without() {
	[ "$(readlink "/proc/$process/exe")" = "$(realpath "$bin/login")" ] &&
		forgotten "$process"
}
ok 'has them no more when it waits for a body' await 10 waits_without
ok 'but what is no secret' grep -qx PASSWORD_MIN_LENGTH=5 "$scratch/environment"
exec {hold}>&-
wait "$process"
ok 'which is cut short' said '^Status: 400' 1

it 'wrong settings of a CGI program'
env -i "${from_environment[@]}" REFRESH_GRACE=abc GATEWAY_INTERFACE=CGI/1.1 \
	REQUEST_METHOD=GET REQUEST_URI=/api/v1/users/me "$bin/me" \
	</dev/null >"$scratch/out" 2>"$scratch/log"
ok 'are a 500' said '^Status: 500' 1
ok 'that says no more' said 'REFRESH_GRACE' 0
ok 'which the log does' [ "$(grep -c REFRESH_GRACE "$scratch/log")" = 1 ]
ok 'in one line' [ "$(wc -l <"$scratch/log")" = 1 ]

it 'what was written in all this'
secrets+=("$short" "$password" "$access" "$refresh" "${refresh##*.}")
ok 'is something' grep -q BAD "$scratch/everything"
ok 'and no secret in a terminal' hides "$scratch/everything"
ok 'something in the log' grep -qa logged_in "$LATCHKEY_LOG"
ok 'and no secret, password or token' hides "$LATCHKEY_LOG"

finish
