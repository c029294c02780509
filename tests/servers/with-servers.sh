#!/bin/bash
# with-servers.sh COMMAND...: run COMMAND beside one MariaDB and a web server of
# each kind that run.sh knows (and lighttpd with the sanitizer build), all private,
# all gone afterwards, with the pages of tests/site.  It finds them in
# LATCHKEY_LIGHTTPD, LATCHKEY_APACHE, LATCHKEY_APACHE_CGI, LATCHKEY_APACHE_HTACCESS,
# LATCHKEY_APACHE_HTACCESS_CGI, LATCHKEY_APACHE_PROXY, LATCHKEY_NGINX and
# LATCHKEY_ASAN, the database in LATCHKEY_DB_SOCKET, the settings, logs and pid files
# below LATCHKEY_RUN.  Returns what COMMAND returns.
set -eu
here=$(dirname "$0")
# shellcheck source=tests/servers/mariadb.sh
. "$here/mariadb.sh"

dir=$(realpath -m "${RUN_DIR:-$ROOT/.run}")/test
runners=()
doctor_token=$(openssl rand -hex 32)

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
	trap '' INT TERM HUP
	if [ "${#runners[@]}" -gt 0 ]; then
		kill -TERM "${runners[@]}" 2>/dev/null || :
		wait "${runners[@]}" || :
	fi
	stop "$dir/mariadb.pid"
	alias_drop "$dir"
}

port=$((20000 + RANDOM % 9000))
next_free_port() { # below the ports that the kernel hands out; sets port
	port=$((port + 1))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
}

start() { # NAME [SERVER]
	next_free_port
	mkdir -p "$dir/$1"
	: >"$dir/$1.out"
	PORT=$port SERVER=${2-$1} SITE=tests/site RUN_DIR=$dir/$1 DB_RUN_DIR=$dir \
		DOCTOR_TOKEN=$doctor_token \
		setpriv --pdeathsig TERM "$here/run.sh" \
		</dev/null >"$dir/$1.out" 2>&1 9>&- &
	runners+=($!)
	echo $! >"$dir/$1.pid"
}

wait_ready() { # NAME
	local url=LATCHKEY_${1^^}

	wait_for 120 "$dir/$1.pid" grep -q '^ready ' "$dir/$1.out" ||
		give_up "$dir/$1.out" "$1 does not start"
	export "${url//-/_}=$(sed -n 's/^ready //p' "$dir/$1.out")"
}

# The same programs with the compiler's sanitizers inside, where they are built;
# what they find, they write into LATCHKEY_RUN/asan/found.PID.
sanitized=$ROOT/build/asan/cgi-bin
start_sanitized() {
	[ -d "$sanitized" ] || return 0
	rm -f "$dir"/asan/found.*
	O=$ROOT/build/asan ASAN_OPTIONS="log_path='$dir/asan/found'" \
		UBSAN_OPTIONS="print_stacktrace=1:log_path='$dir/asan/found'" \
		start asan lighttpd
}

become_server_user
run_dir_open "$dir"
trap stop_all EXIT
trap 'exit 1' INT TERM HUP
mariadb_start "$dir"
disown -a	# or bash announces it when a test kills it
start lighttpd
wait_ready lighttpd	# which makes the settings that the others share
others=(apache apache-cgi apache-htaccess apache-htaccess-cgi apache-proxy nginx)
for name in "${others[@]}"; do start "$name"; done
start_sanitized
for name in "${others[@]}"; do wait_ready "$name"; done
[ ! -d "$sanitized" ] || wait_ready asan
export LATCHKEY_RUN=$dir
LATCHKEY_DB_SOCKET=$(setting_get "$dir/lighttpd/run.env" DB_SOCKET)
export LATCHKEY_DB_SOCKET
status=0
"$@" 9>&- || status=$?
exit "$status"
