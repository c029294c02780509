#!/bin/bash
# The guard broken, killed, hung or not there, and its database away: whatever
# happens, nobody sees what is protected who has not been let in; and it goes on
# when all is well again.
. "$(dirname "$0")/instance.sh"

here=$(dirname "$0")
fastcgi=$here/fastcgi.py
broken=()
trap end_page EXIT

end_page() {
	local one
	for one in "${broken[@]}"; do kill "${one%:*}" 2>/dev/null; done
	instances_stop
}

# --- Servers, each with programs of its own ---

declare -A url_of run_of
all=(lighttpd apache apache-htaccess nginx)
chmod 755 "$scratch" # for the servers' user
built=$(cd "$servers/../.." && realpath "${O:-build}")
bin=$built/cgi-bin

begin() { # NAME [NAME=VALUE...]
	local name=$1
	mkdir "$scratch/$name"
	cp -r "$bin" "$scratch/$name"
	[ "$name" != apache-htaccess ] || cp -r "$built/dist" "$scratch/$name"
	instance_start SERVER="$name" SITE="$servers/../site" O="$scratch/$name" \
		DB_RUN_DIR="$database"
	url_of[$name]=$LATCHKEY_URL run_of[$name]=$run
}

use() { # NAME
	name=$1
	run=${run_of[$name]}
	LATCHKEY_URL=${url_of[$name]}
	api=$LATCHKEY_URL/api/v1/users
	LATCHKEY_LOG=$run/log/web.log
	guard=$scratch/$name/cgi-bin/guard
	settings=$run/run.env
	[ "$name" = apache-htaccess ] || return 0
	guard=$run/web/home/www/shop/api/v1/users/guard
	settings=$run/web/home/latchkey/latchkey.env
}

database_start
for name in "${all[@]}"; do begin "$name"; done
use lighttpd
new_user
log_in
who=(-H "Authorization: Bearer $access")

# ask_all [SERVER...]: them all at once, for they wait for long, and each without
# a token and with one.
ask_all() {
	local scratch=$scratch/asked pids=() name
	rm -rf "$scratch"
	for name in "${@-"${all[@]}"}"; do
		ask_apart "$scratch/$name-nobody" "${url_of[$name]}" &
		pids+=($!)
		ask_apart "$scratch/$name-somebody" "${url_of[$name]}" "${who[@]}" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

ask_apart() { # DIRECTORY URL [curl's options]
	local scratch=$1
	mkdir -p "$scratch"
	ask GET "$2/members/secret.html" -m 120 "${@:3}"
}

# --- What must be so ---

has_bytes() {
	grep -qa PROTECTED-BYTES "$scratch/head" "$scratch/body"
}

nothing() {
	! has_bytes
}

# shut [STATUS]: nobody gets in, with a token or without; and is told so in
# JSON, of this status if it is given.
shut() {
	local path
	for path in secret.html sub/ show.php; do
		ask GET "$LATCHKEY_URL/members/$path"
		ok "$path: nothing without a token" nothing
		ok 'an error' matches "$(reply_status)" '^[45]'
		ask GET "$LATCHKEY_URL/members/$path" "${who[@]}"
		ok "$path: nothing with one" nothing
		ok 'an error' matches "$(reply_status)" "^${1-[45]}"
		[ -z "${1-}" ] || ok 'that says so' in_json
	done
	ask GET "$LATCHKEY_URL/members/" -H 'Accept: text/html'
	ok 'nothing for a browser' nothing
}

in_json() {
	matches "$(<"$scratch/body")" '^\{"message":"[A-Z][a-z ]*"\}$'
}

let_in() {
	ask GET "$LATCHKEY_URL/members/secret.html" "${who[@]}"
	has_bytes
}

# all_shut WHAT [SERVER...]: of what ask_all has brought.
all_shut() {
	local what=$1 name who
	shift
	for name in "${@-"${all[@]}"}"; do
		it "$what, behind $name"
		for who in nobody somebody; do
			cp "$scratch/asked/$name-$who"/* "$scratch"
			ok "nothing for $who" nothing
			ok "and no leave for $who" matches "$(reply_status)" '^(302|[45]..)$'
		done
	done
}

# open_again: soon; and only for those who may.
open_again() {
	ok 'open again' await 60 let_in
	ask GET "$LATCHKEY_URL/members/secret.html"
	answer 401 'Token not found'
	ok 'and only with a token' nothing
}

for name in "${all[@]}"; do
	use "$name"
	it "all is well behind $name"
	open_again
done

# --- The database ---

for how in stopped killed; do
	use lighttpd
	if [ "$how" = killed ]; then
		database_kill9
	else
		"$servers/mariadb.sh" stop "$database"
	fi
	for name in "${all[@]}"; do
		use "$name"
		it "the database is $how, behind $name"
		shut 503
		ask GET "$LATCHKEY_URL/members/secret.html" "${who[@]}"
		answer 503 'Service unavailable'
		header Retry-After 1
		ask GET "$LATCHKEY_URL/members/" "${who[@]}" -H 'Accept: text/html'
		answer 503 'Service unavailable'
		no_header Location
	done
	database_again
	for name in "${all[@]}"; do
		use "$name"
		it "after the database was $how, behind $name"
		open_again
	done
done

# --- Killed under load ---

# pids_of NAME: of its processes; not of what starts them.
pids_of() {
	local pid command
	for pid in /proc/[0-9]*; do
		! grep -qs '^latchkey-parent$' "$pid/comm" || continue
		mapfile -d '' -t command <"$pid/cmdline" || continue
		[[ "${command[*]:0:2}" == *"$(<"$run/alias")"/*"/$1" ]] &&
			echo "${pid#/proc/}"
	done 2>/dev/null
}

gone() { # PID...
	local pid
	for pid; do
		! grep -qs '^State:.[^ZX]' "/proc/$pid/status" || return 1
	done
}

kill_guards() { # [COUNT [NAME]]
	local pids
	mapfile -t pids < <(pids_of "${2-guard}" | head -n "${1-1000}")
	[ "${#pids[@]}" -gt 0 ] || return 0
	kill -KILL "${pids[@]}"
	await 10 gone "${pids[@]}"
}

many() { # COUNT [options]: of the protected program, four at a time
	local i urls=()
	for ((i = 0; i < $1; i++)); do urls+=("$LATCHKEY_URL/members/show.php"); done
	curl -s -Z --parallel-max 4 --parallel-immediate -m 60 "${@:2}" "${urls[@]}" 2>/dev/null
}

load() {
	until [ -e "$scratch/enough" ]; do
		many 40 >>"$scratch/refused"
		many 40 "${who[@]}" >>"$scratch/admitted"
	done
}

count() { # PATTERN FILE
	grep -acE "$1" "$scratch/$2"
}

served() { # COUNT: many more than were
	[ "$(count PROTECTED-BYTES admitted)" -ge "$1" ]
}

for name in "${all[@]}"; do
	use "$name"
	it "killed under load, behind $name"
	rm -f "$scratch/enough"
	: >"$scratch/refused"
	: >"$scratch/admitted"
	load &
	load=$!
	for round in 1 2 3; do
		await 20 served $((40 * round)) || ok 'served on' false
		kill_guards 1
	done
	ok 'served on' await 20 served 160
	touch "$scratch/enough"
	wait "$load"
	ok 'nothing for nobody' equal "$(count PROTECTED-BYTES refused)" 0
	ok 'who is told so, mostly' [ "$(count '"Token not found"' refused)" -ge 1 ]
	open_again
done

# --- Settings ---

for name in "${all[@]}"; do
	use "$name"
	cp "$settings" "$scratch/$name/settings"
	echo 'ACCESS_TOKEN_SECRET=short' >>"$settings"
	kill_guards
	kill_guards 1000 denied
done
ask_all
all_shut 'wrong settings'
for name in "${all[@]}"; do
	use "$name"
	ok 'told in the log' [ "$(grep -ac 'settings: ' "$LATCHKEY_LOG")" -ge 1 ]
	cat "$scratch/$name/settings" >"$settings"
	it "after wrong settings, behind $name"
	open_again
done

# --- Broken ---

# break_guard: what says something else takes its place.  mend_guard: it is back.
break_guard() {
	local sockets=()
	case $name in
	lighttpd) sockets=("$run"/web/guard-*-[01]) ;;
	nginx) sockets=("$run/web/guard") ;;
	*)
		ln -s "$scratch/fault" "$guard.fault"
		put_guard "$here/guard.py"
		return ;;
	esac
	: >"$scratch/ready"
	"$here/guard.py" "$scratch/fault" "${sockets[@]}" >"$scratch/ready" &
	broken+=("$!:$name")
	await 10 grep -q ready "$scratch/ready"
}

mend_guard() {
	local i
	for i in "${!broken[@]}"; do
		[ "${broken[i]#*:}" = "$name" ] || continue
		kill "${broken[i]%:*}"
		wait "${broken[i]%:*}"
		unset "broken[i]"
		return
	done
	put_guard "$bin/guard"
}

put_guard() { # FILE [MODE]
	cp "$1" "$guard.new"
	chmod "${2-755}" "$guard.new"
	mv "$guard.new" "$guard"
	kill_guards
}

echo nothing >"$scratch/fault"
for name in "${all[@]}"; do
	use "$name"
	break_guard
done
# Servers wait up to 40 s for the one that hangs.
for fault in nothing half-a-record half-a-head no-records noise status-0 \
	status-302 status-404 status-500 hang; do
	echo "$fault" >"$scratch/fault"
	ask_all
	all_shut "the answer is $fault"
done
for name in "${all[@]}"; do
	use "$name"
	it "after those answers, behind $name"
	mend_guard
	open_again
done

# --- Not there ---
# Which is for those servers that start it themselves.

starters=(lighttpd apache apache-htaccess)
printf '#!/bin/sh\nexit 1\n' >"$scratch/exit"
for fault in 'it ends at once' 'it is not executable' 'it is missing'; do
	for name in "${starters[@]}"; do
		use "$name"
		case $fault in
		*ends*) put_guard "$scratch/exit" ;;
		*executable) put_guard "$bin/guard" 644 ;;
		*missing) rm "$guard"; kill_guards ;;
		esac
	done
	ask_all "${starters[@]}"
	all_shut "$fault" "${starters[@]}"
done
for name in "${starters[@]}"; do
	use "$name"
	it "when it is there, behind $name"
	put_guard "$bin/guard"
	open_again
done

it 'it does not run, behind nginx'
use nginx
kill "$(<"$run/program-guard.pid")"
await 10 gone "$(<"$run/program-guard.pid")"
kill_guards
shut 500

# --- Asked for something else ---

# role ROLE SOCKET [NAME=VALUE...]: straight to a program.
role() {
	echo "$*" >"$scratch/request"
	"$fastcgi" ask "$run/web/$2" "$1" "$scratch/head" "$scratch/body" \
		REQUEST_METHOD=GET REQUEST_URI=/members/ "${@:3}" </dev/null
}
token="HTTP_AUTHORIZATION=Bearer $access"

it 'the role of an authorizer'
use lighttpd
role AUTHORIZER guard-members-0 "$token"
status 200
header Variable-AUTH_USER_ID "$user_id"
header Variable-AUTH_EMAIL "$email"
ok 'and not a header more' equal "$(wc -l <"$scratch/head")" 3
role AUTHORIZER guard-members-0
no_token 'Token not found'
role AUTHORIZER guard-members-0 FCGI_APACHE_ROLE=ACCESS_CHECKER
status 401
ok 'and nothing else' equal "$(wc -l <"$scratch/head")" 1
it 'the role of a responder'
role RESPONDER guard-members-0 "$token"
status 204
header X-Auth-User-Id "$user_id"
header X-Auth-Email "$email"
role RESPONDER guard-members-0
no_token 'Token not found'
it 'a role that is none'
role FILTER guard-members-0 "$token"
answer 500 'Something went wrong'
use nginx
for program in denied resume; do
	role AUTHORIZER "$program" "$token"
	answer 500 'Something went wrong'
done

it 'a list'
use lighttpd
for list in '' ' ' ',, ' "$email" "${email^^}" @example.org 'a@b.c, @Example.ORG'; do
	role AUTHORIZER guard-members-0 "$token" "LATCHKEY_ALLOW=$list"
	ok "'$list' lets in" equal "$(reply_status)" 200
done
for list in a@b.c @b.c "x$email" @xexample.org @ample.org; do
	role AUTHORIZER guard-members-0 "$token" "LATCHKEY_ALLOW=$list"
	answer 403 Forbidden
done
for list in alice @ "@example.org alice" "@example.org @" '*' "<$email>" \
	'@example.org;a@b.c' '@*.org'; do
	log_mark
	role AUTHORIZER guard-members-0 "$token" "LATCHKEY_ALLOW=$list"
	answer 403 Forbidden
	ok "'$list' is told in the log" equal "$(logged 'error: LATCHKEY_ALLOW')" 1
done

it 'plain CGI, which has no guards'
begin apache-cgi
use apache-cgi
shut 403

finish
