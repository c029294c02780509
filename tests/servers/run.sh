#!/bin/bash
# Serve the built programs on 127.0.0.1:PORT, with everything private in RUN_DIR,
# until told to stop.  Environment: PORT, RUN_DIR, SERVER (lighttpd, apache,
# apache-cgi, apache-proxy, nginx; or apache-htaccess and apache-htaccess-cgi, which
# are a tenant's web space with what "make dist" made), SITE (a directory of pages
# beside those of htdocs/), any setting of the programs, PROCESSES (of each program,
# behind lighttpd, in place of the shipped numbers), and DB_RUN_DIR: the run directory
# of a MariaDB that somebody else starts and stops.
set -eu
# shellcheck source=tests/servers/mariadb.sh
. "$(dirname "$0")/mariadb.sh"
# shellcheck source=tests/servers/web.sh
. "$(dirname "$0")/web.sh"
# shellcheck source=tests/servers/tenant.sh
. "$(dirname "$0")/tenant.sh"

PORT=${PORT:-8000}
SERVER=${SERVER:-lighttpd}
RUN_DIR=$(realpath -m "${RUN_DIR:-$ROOT/.run}")
DB_DIR=$(realpath -m "${DB_RUN_DIR:-$RUN_DIR}")
SITE=${SITE:+$(cd "$ROOT" && realpath "$SITE")}
ORIGIN=http://127.0.0.1:$PORT
PROCESSES=${PROCESSES-}
URL=$ORIGIN$(tenant_base)
API=$URL/api/v1/users

# What is handed on from the environment of the command.
SETTINGS="ACCESS_TOKEN_SECRET REFRESH_TOKEN_SECRET CLIENT_URL DB_HOST DB_PORT
	DB_SOCKET DB_USER DB_PASSWORD DB_NAME DB_SSL_CA DB_PERSISTENT BCRYPT_COST ACCESS_TOKEN_TTL
	REFRESH_TOKEN_TTL REFRESH_GRACE PASSWORD_MIN_LENGTH HIDE_ACCOUNTS
	SESSIONS_PER_USER SESSION_MAX_AGE REUSE_ENDS_SESSION TOKENS_IN_BODY
	COOKIE_SECURE COOKIE_DOMAIN COOKIE_PREFIX LOGIN_URL THROTTLE
	THROTTLE_ADDRESS THROTTLE_ACCOUNT THROTTLE_ACCOUNT_ADDRESS THROTTLE_MAIL
	THROTTLE_EXEMPT MAIL_FROM MAIL_COMMAND MAIL_TEMPLATES SITE_URL
	REQUIRE_VERIFIED_EMAIL PASSWORD_BLOCKLIST DOCTOR_TOKEN"

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
	trap '' INT TERM HUP
	web_stop
	[ "$DB_DIR" != "$RUN_DIR" ] || stop "$RUN_DIR/mariadb.pid"
	alias_drop "$RUN_DIR"
}

port_is_free() {
	! (: <>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

# --- Settings ---
# DB_DIR/latchkey.env is the user's: made once, with secrets, and then kept.
settings_create() {
	[ ! -s "$DB_DIR/latchkey.env" ] || return 0
	cat >"$DB_DIR/latchkey.env" <<-END
	# The settings of the server run from here.  Made once; yours to edit.
	ACCESS_TOKEN_SECRET=$(openssl rand -hex 32)
	REFRESH_TOKEN_SECRET=$(openssl rand -hex 32)
	CLIENT_URL=$ORIGIN
	PASSWORD_MIN_LENGTH=5
	REFRESH_GRACE=0
	REUSE_ENDS_SESSION=0
	THROTTLE=0
	DB_NAME=latchkey
	DB_USER=latchkey
	DB_PASSWORD=$(openssl rand -hex 16)
	END
}

# The shortest of the socket's names, for it has to fit a socket address.
db_socket() {
	local path=$DB_DIR/mariadb.sock
	[ "$(printf %s "$path" | wc -c)" -le 100 ] ||
		path=$(cat "$DB_DIR/alias")/run/mariadb.sock
	echo "$path"
}

# RUN_DIR/run.env is what the programs read: that file, and over it what this run
# brings.  A file, for mod_fcgid would cut long values of environment variables.
settings_compose() {
	local name file=$RUN_DIR/run.env

	if [ "$DB_DIR" = "$RUN_DIR" ]; then
		setting_put "$DB_DIR/latchkey.env" DB_SOCKET "$(db_socket)"
	fi
	cat "$DB_DIR/latchkey.env" >"$file"
	if [[ $(setting_get "$file" CLIENT_URL) =~ ^http://127\.0\.0\.1:[0-9]+$ ]]; then
		setting_put "$file" CLIENT_URL "$ORIGIN"
	fi
	setting_put "$file" DB_SOCKET "$(db_socket)"
	# A file from before there was a throttle.
	setting_put "$file" MAIL_TEMPLATES "$ALIAS/src/mail"
	[ -n "$(setting_get "$file" THROTTLE)" ] || setting_put "$file" THROTTLE 0
	[ -z "${DB_HOST:-}" ] || setting_put "$file" DB_SOCKET ''
	for name in $SETTINGS; do
		[ -z "${!name+set}" ] || setting_put "$file" "$name" "${!name}"
	done
}

# --- Database ---
database_start() {
	local file=$RUN_DIR/run.env
	[ "$DB_DIR" != "$RUN_DIR" ] || mariadb_start "$RUN_DIR"
	mariadb_load "$DB_DIR" "$(setting_get "$file" DB_NAME)" \
		"$(setting_get "$file" DB_USER)" "$(setting_get "$file" DB_PASSWORD)"
}

# --- The whole ---
greet() {
	cat <<-END
	ready $URL

	Try, in another terminal:
	  curl $API/register --json '{"email":"nawaz@gmail.com","password":"12345"}'
	  curl -c jar $API/login --json '{"email":"nawaz@gmail.com","password":"12345"}'
	  curl -b jar $API/me
	  curl -b jar -c jar $API/refresh-token --json '{}'
	  curl -b jar -c jar $API/logout --json '{}'
	or, in a browser:
	  $URL/auth/signup.html
	  $URL/members/
	Settings: $DB_DIR/latchkey.env, logs: $RUN_DIR/log/.  Ctrl-C stops.
	END
}

wait_until_one_ends() {
	local web db='' gone=''
	web=$(cat "$RUN_DIR/web.pid")
	[ "$DB_DIR" != "$RUN_DIR" ] || db=$(cat "$RUN_DIR/mariadb.pid")
	wait -n -p gone "$web" ${db:+"$db"} || :
	case $gone in
	"$web") give_up "$RUN_DIR/log/web.log" "$SERVER has ended" ;;
	*) give_up "$RUN_DIR/log/mariadb.log" "MariaDB has ended" ;;
	esac
}

become_server_user
run_dir_open "$RUN_DIR"
trap stop_all EXIT
trap 'exit 0' INT TERM HUP
port_is_free || die "port $PORT is taken (choose another: PORT=8001)"
settings_create
settings_compose
database_start
web_start
greet
wait_until_one_ends
