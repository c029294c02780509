# For pages that need a server of their own, to set it otherwise or to break
# it.  Sourced in place of tests/http/lib.sh, which it sources.
#
# shellcheck shell=bash

LATCHKEY_URL=
# shellcheck source=tests/http/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../http/lib.sh"

servers=$(cd "$(dirname "${BASH_SOURCE[0]}")/../servers" && pwd)
instances=()
trap instances_stop EXIT

# instance_start [NAME=VALUE...]: what "make run" starts, with these settings,
# SERVER=, SITE=, or DB_RUN_DIR=$run of another instance to share its database.
# Sets $LATCHKEY_URL and $api, $run (its RUN_DIR), $LATCHKEY_DB_SOCKET and
# $LATCHKEY_LOG.
instance_start() {
	local out port tries=0
	run=$(mktemp -d)
	out=$run.out
	port=$((30000 + RANDOM % 2000))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
	: >"$out"
	setpriv --pdeathsig TERM env RUN_DIR="$run" PORT="$port" "$@" \
		"$servers/run.sh" </dev/null >"$out" 2>&1 &
	instances+=("$!:$run")
	until grep -q '^ready ' "$out"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 600 ] || ! kill -0 "${instances[-1]%%:*}"; then
			sed 's/^/# /' "$out"
			echo 'Bail out! no server'
			exit 1
		fi
		sleep 0.1
	done
	LATCHKEY_URL=$(sed -n 's/^ready //p' "$out")
	locate
	export LATCHKEY_LOG=$run/log/web.log
	LATCHKEY_DB_SOCKET=$(sed -n 's/^DB_SOCKET=//p' "$run/run.env")
}

# Stop the instance that was started last.
instance_stop() {
	local last=${instances[-1]}
	kill -TERM "${last%%:*}"
	wait "${last%%:*}"
	rm -rf "${last#*:}" "${last#*:}.out"
	unset 'instances[-1]'
}

instances_stop() {
	while [ "${#instances[@]}" -gt 0 ]; do
		instance_stop
	done
	[ -z "$database" ] || database_stop
	rm -rf "$scratch"
}

# A database that is nobody's but the page's, to be killed and started again
# while the web servers of DB_RUN_DIR=$database go on.
database=
database_options=() # of mariadbd

database_start() {
	database=$(mktemp -d)
	(
		# shellcheck source=/dev/null
		. "$servers/mariadb.sh"
		MARIADB_OPTIONS+=("${database_options[@]}")
		become_server_user
		run_dir_open "$database"
		UNGUARDED=1 mariadb_start "$database"
	) </dev/null >"$database.out" 2>&1 || {
		sed 's/^/# /' "$database.out"
		echo 'Bail out! no database'
		exit 1
	}
}

# The accounts are in Aria tables, of which a crash takes the last half minute.
database_kill9() {
	local pid
	sql 'FLUSH TABLES mysql.global_priv, mysql.db'
	pid=$(<"$database/mariadb.pid")
	"$servers/mariadb.sh" kill9 "$database"
	while grep -qs '^State:.[^ZX]' "/proc/$pid/status"; do
		sleep 0.02
	done
}

database_again() {
	"$servers/mariadb.sh" start "$database"
}

database_stop() {
	"$servers/mariadb.sh" stop "$database"
	rm -rf "$(<"$database/alias")" "$database" "$database.out"
	database=
}

# Watching.

# await SECONDS COMMAND...: until it succeeds.
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# sooner SECONDS: what curl wrote into $scratch/took, for -w '%{time_total}'.
sooner() {
	local took
	took=$(<"$scratch/took")
	[ "${took%.*}" -lt "$1" ] || {
		echo "# took $took s"
		return 1
	}
}

# log_mark: from now on "logged PATTERN" counts the lines of the log.
log_mark() {
	mark=$(wc -c <"$LATCHKEY_LOG")
}

logged() {
	tail -c "+$((mark + 1))" "$LATCHKEY_LOG" | grep -acE "$1"
}

# processes NAME: the pids of its processes, a line each; of all, if ''.
processes() {
	grep -lsae "^$(<"$run/alias")/build/cgi-bin/$1" /proc/[0-9]*/cmdline |
		tr -dc '0-9\n' | sort -n
}

# programs NAME: of those that serve, in a row; parents NAME: of those that only
# wait for them.
programs() {
	processes "$1" | with_comm -v
}

parents() {
	processes "$1" | with_comm
}

with_comm() { # [-v]
	local pid
	while read -r pid; do
		! grep -qs "$@" '^latchkey-parent$' "/proc/$pid/comm" || echo "$pid"
	done | paste -sd ' '
}
