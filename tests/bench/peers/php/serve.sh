# shellcheck shell=bash
# What the starters of the PHP peers share: php.ini settings, Apache's and lighttpd's
# configuration, and processes that end with the starter.  Each needs from the
# environment what ../README.md lists.
set -eu
# shellcheck source=tests/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../servers/common.sh"

# As many as our refresh-token has under lighttpd, and none of ours has more.
PHP_WORKERS=${PHP_WORKERS:-8}
PROGRAM_ENV="DB_SOCKET DB_NAME DB_USER DB_PASSWORD ACCESS_TOKEN_SECRET
	REFRESH_TOKEN_SECRET BCRYPT_COST STATIC_DIR PDO_NATIVE PHP_INI_SCAN_DIR"
RUN_DIR=$(realpath -m "$RUN_DIR")
pids=()

# shellcheck disable=SC2317 # the trap calls it
php_stop() {
	local pidfile

	trap '' INT TERM HUP
	for pidfile in "$RUN_DIR"/*.pid; do stop "$pidfile"; done
	alias_drop "$RUN_DIR"
}

# Opens RUN_DIR; $ALIAS is the short way to it, and $ALIAS/src to the code.
php_open() {
	become_server_user
	run_dir_open "$RUN_DIR"
	trap php_stop EXIT
	trap 'exit 0' INT TERM HUP
	mkdir -p "$RUN_DIR/php"
	# The empty place is PHP's own directory, which stays.
	# shellcheck disable=SC2034 # spawn reads it by its name
	PHP_INI_SCAN_DIR=:$ALIAS/run/php
	cat >"$RUN_DIR/php/peer.ini" <<-END
	opcache.enable=1
	opcache.validate_timestamps=0
	opcache.memory_consumption=16
	opcache.interned_strings_buffer=4
	opcache.max_accelerated_files=200
	expose_php=0
	display_errors=0
	log_errors=1
	END
	hand_over "$RUN_DIR"
}

php_spawn() { # NAME COMMAND...
	spawn "$RUN_DIR/$1.pid" "$RUN_DIR/log/$1.log" "${@:2}"
	pids+=("$(cat "$RUN_DIR/$1.pid")")
}

# Until one of them ends, which only a failure does.
php_wait() {
	wait -n "${pids[@]}" || :
	tail -n 20 -- "$RUN_DIR"/log/*.log >&2
	exit 1
}

php_apache_conf() { # MODULE...
	local module

	cat <<-END
	ServerRoot "$ALIAS/run"
	ErrorLog "$ALIAS/run/log/apache.log"
	ServerName localhost
	PidFile httpd.pid
	DefaultRuntimeDir .
	Mutex pthread default
	# Where it is installed, mod_fcgid would insist on root.
	Suexec Off
	Listen 127.0.0.1:$PORT
	END
	for module in mpm_event authz_core dir mime "$@"; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	cat <<-END
	ServerLimit 2
	StartServers 1
	ThreadsPerChild 64
	MaxRequestWorkers 128
	TypesConfig /dev/null
	DocumentRoot "$ALIAS/src/tests/bench/peers/php"
	<Directory />
		AllowOverride None
	</Directory>
	<Directory "$ALIAS/src/tests/bench/peers/php">
		Options ExecCGI FollowSymLinks
		Require all granted
		CGIPassAuth On
		DirectoryIndex index.php
		FallbackResource /index.php
	</Directory>
	END
}
