# shellcheck shell=bash
# What is measured: the database with its users, and the targets, each a server
# of its own on a port of its own.  Sourced by bench.sh.

USERS=${USERS:-10000}
declare -A TARGET_PID TARGET_URL	# of those that are up

# --- The database ---
stage_settings() {
	[ ! -s "$DIR/latchkey.env" ] || return 0
	cat >"$DIR/latchkey.env" <<-END
	ACCESS_TOKEN_SECRET=$(openssl rand -hex 32)
	REFRESH_TOKEN_SECRET=$(openssl rand -hex 32)
	DB_NAME=latchkey
	DB_USER=latchkey
	DB_PASSWORD=$(openssl rand -hex 16)
	END
}

# What README.md promises every target to be told.
stage_export() {
	local name

	DB_SOCKET=$(cat "$DIR/alias")/run/mariadb.sock
	for name in ACCESS_TOKEN_SECRET REFRESH_TOKEN_SECRET DB_NAME DB_USER DB_PASSWORD; do
		printf -v "$name" %s "$(setting_get "$DIR/latchkey.env" "$name")"
		export "${name?}"
	done
	export DB_SOCKET WORKERS=2 BCRYPT_COST=10 STATIC_DIR=$DIR/site/members
	export DB_RUN_DIR=$DIR
}

# The users are new each time, for a run spends tokens.
stage_users() {
	mariadb_load "$DIR" "$DB_NAME" "$DB_USER" "$DB_PASSWORD"
	mariadb_admin "$DIR" "$DB_NAME" <<<'TRUNCATE users; TRUNCATE attempts'
	ACCESS_TOKEN_TTL=86400 LATCHKEY_ENV=$DIR/latchkey.env \
		"$O/bench/users" "$USERS" "$DIR/users" >"$DIR/users.sql"
	tail -n "+$((USERS / 2 + 1))" "$DIR/users" >"$DIR/users.login"
	mariadb_admin "$DIR" "$DB_NAME" <"$DIR/users.sql"
	mariadb_admin "$DIR" "$DB_NAME" <<-'END'
	DROP TABLE IF EXISTS floor_users;
	CREATE TABLE floor_users LIKE users;
	INSERT INTO floor_users SELECT * FROM users;
	END
	if [ -x "$HERE/peers/fill" ]; then
		DB_ADMIN="mariadb --no-defaults --socket=$DB_SOCKET --user=root $DB_NAME" \
			"$HERE/peers/fill"
	fi
	mariadb_admin "$DIR" "$DB_NAME" <<<'ANALYZE TABLE users, floor_users' >/dev/null
}

stage_site() {
	mkdir -p "$STATIC_DIR"
	printf '<!DOCTYPE html>\n<title>Members</title>\n<p>%0960d\n' 0 \
		>"$STATIC_DIR/page.html"
	chmod -R a+rX "$DIR/site"
}

stage_open() {
	become_server_user
	run_dir_open "$DIR"
	rm -f "$DIR"/log/wrk.* "$DIR"/taken*
	trap stage_close EXIT
	trap 'exit 1' INT TERM HUP
	mariadb_start "$DIR"
	disown -a
	stage_settings
	stage_export
	stage_users
	stage_site
}

# shellcheck disable=SC2317 # the trap calls it
stage_close() {
	trap '' INT TERM HUP
	targets_stop
	stop "$DIR/mariadb.pid"
	alias_drop "$DIR"
}

# --- Targets ---
# The command that serves NAME, or nothing: there is no such target.
target_command() { # NAME
	case $1 in
	latchkey | latchkey-* | floor | floor-*) command=("$HERE/start.sh" "$1") ;;
	*) command=("$HERE/peers/$1/start") ;;
	esac
	[ -x "${command[0]}" ] || die "no target $1 in $HERE"
}

# Whether it can be started; says why not.
target_is_there() { # NAME
	local check=$HERE/peers/$1/check why
	[ -x "$check" ] || return 0
	why=$("$check" 2>&1) || {
		say "without $1: $why"
		return 1
	}
}

free_port() {
	while (: <>"/dev/tcp/127.0.0.1/$NEXT_PORT") 2>/dev/null; do
		NEXT_PORT=$((NEXT_PORT + 1))
	done
	port=$NEXT_PORT
	NEXT_PORT=$((NEXT_PORT + 1))
}

target_start() { # NAME
	local command port

	[ -z "${TARGET_PID[$1]-}" ] || return 0
	target_command "$1"
	free_port
	rm -rf "${DIR:?}/target/$1"
	mkdir -p "$DIR/target/$1"
	chmod a+rx "$DIR" "$DIR/target" "$DIR/target/$1"
	PORT=$port RUN_DIR=$DIR/target/$1 setsid setpriv --pdeathsig TERM "${command[@]}" \
		</dev/null >"$DIR/log/$1.log" 2>&1 9>&- &
	TARGET_PID[$1]=$!
	TARGET_URL[$1]=http://127.0.0.1:$port
	echo $! >"$DIR/target/$1.pid"
}

target_answers() { # NAME
	curl --silent --fail --max-time 5 --output /dev/null "${TARGET_URL[$1]}/"
}

# All start at once, and then are waited for.
targets_start() { # NAME...
	local name
	for name; do target_start "$name"; done
	for name; do
		wait_for 90 "$DIR/target/$name.pid" target_answers "$name" ||
			give_up "$DIR/log/$name.log" "$name does not serve"
	done
	disown -a
}

# One TERM each, for a second one may cut the cleaning up after the first short.
targets_stop() {
	local pid stopping=()
	for pid in "${TARGET_PID[@]}"; do
		end_process "$pid" &
		stopping+=($!)
	done
	wait "${stopping[@]}"
	TARGET_PID=()
}
