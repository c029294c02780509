# shellcheck shell=bash
# For growth.sh and soak.sh: our programs alone, behind lighttpd as it ships, on a
# database of their own, asked by wrk.  All of it is in $DIR and ends with the script.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/servers/mariadb.sh
. "$HERE/../servers/mariadb.sh"

DIR=$(realpath -m "${RUN_DIR:-$ROOT/.run}")/${0##*/}
PORT=${PORT:-8080}
URL=http://127.0.0.1:$PORT
web=

# shellcheck disable=SC2317 # the trap calls it
alone_close() {
	trap '' INT TERM HUP
	[ -z "$web" ] || { kill -TERM "$web" && wait "$web"; } 2>/dev/null
	stop "$DIR/mariadb.pid"
	alias_drop "$DIR"
	rm -rf "$DIR"
}

alone_open() { # MARIADB-OPTION...
	"$ROOT/tests/servers/install.sh" build run bench
	make -s --no-print-directory -C "$ROOT" all bench-programs
	MARIADB_OPTIONS+=("$@")
	become_server_user
	run_dir_open "$DIR"
	trap alone_close EXIT
	trap 'exit 1' INT TERM HUP
	mariadb_start "$DIR"
	disown -a
	PORT=$PORT SERVER=lighttpd RUN_DIR=$DIR/web DB_RUN_DIR=$DIR \
		setpriv --pdeathsig TERM "$ROOT/tests/servers/run.sh" \
		</dev/null >"$DIR/web.out" 2>&1 9>&- &
	web=$!
	echo "$web" >"$DIR/run.pid"
	wait_for 60 "$DIR/run.pid" grep -q '^ready ' "$DIR/web.out" ||
		give_up "$DIR/web.out" "our programs do not start"
	rm "$DIR/run.pid"
}

# shellcheck disable=SC2120 # growth.sh gives some
alone_sql() { # [OPTION...], SQL from stdin
	mariadb_admin "$DIR" latchkey "$@"
}

# People who are signed in, with their tokens in $DIR/users.
alone_users() { # COUNT SESSIONS-EACH
	# shellcheck disable=SC2119 # no options
	alone_sql <<<'TRUNCATE users'
	# shellcheck disable=SC2119
	ACCESS_TOKEN_TTL=86400 LATCHKEY_ENV=$DIR/web/run.env \
		"$O/bench/users" "$1" "$DIR/users" "$2" | alone_sql
}

# Prints the RESULT of wrk/common.lua: requests microseconds p50 p99 errors bytes.
alone_load() { # SCRIPT PATH CONNECTIONS SECONDS [USERS-FILE]
	local threads=1
	[ "$1" != refresh ] || threads=$3
	BENCH_LUA=$HERE/wrk BENCH_USERS=${5:-$DIR/users} BENCH_NAME=new \
		wrk -t"$threads" -c"$3" -d"$4s" --timeout 60s -s "$HERE/wrk/$1.lua" \
		"$URL$2" | sed -n 's/^RESULT //p'
}
