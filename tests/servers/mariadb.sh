#!/bin/bash
# A private MariaDB in DIR: mariadb.sh start|stop|kill9 DIR, or its functions.
# Unix socket only, its own accounts, durable commits, small otherwise.
set -eu
# shellcheck source=tests/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

MARIADB_OPTIONS=(--innodb-buffer-pool-size=64M --innodb-log-file-size=16M
	--innodb-flush-log-at-trx-commit=1 --skip-log-bin --performance-schema=OFF
	--skip-name-resolve)

# Made beside and moved, so that a run cut short leaves no half a database.
# With --force it does not mind a machine that cannot look up its own name.
mariadb_create() { # DIR
	[ ! -d "$1/data/mysql" ] || return 0
	rm -rf "$1/data" "$1/data.new"
	hand_over "$1"
	"${AS_SERVER[@]}" mkdir "$ALIAS/run/data.new"
	"${AS_SERVER[@]}" mariadb-install-db --no-defaults --force --skip-test-db \
		--datadir="$ALIAS/run/data.new" --tmpdir="$ALIAS/run/data.new" \
		--auth-root-authentication-method=normal "${MARIADB_OPTIONS[@]}" \
		</dev/null >"$1/log/mariadb-install.log" 2>&1 9>&- ||
		give_up "$1/log/mariadb-install.log" "MariaDB cannot be set up"
	mv "$1/data.new" "$1/data"
}

mariadb_admin() { # DIR [DATABASE], SQL from stdin
	mariadb --no-defaults --protocol=socket --socket="$(cat "$1/alias")/run/mariadb.sock" \
		--user=root "${@:2}"
}

mariadb_answers() { # DIR
	mariadb_admin "$1" <<<'SELECT 1'
}

mariadb_start() { # DIR
	ALIAS=$(cat "$1/alias")
	mariadb_create "$1"
	# More connections than all web servers of a test have together.
	spawn "$1/mariadb.pid" "$1/log/mariadb.log" mariadbd --no-defaults \
		--datadir="$ALIAS/run/data" --tmpdir="$ALIAS/run/data" \
		--socket="$ALIAS/run/mariadb.sock" --skip-networking \
		--max-connections=400 "${MARIADB_OPTIONS[@]}"
	wait_for 90 "$1/mariadb.pid" mariadb_answers "$1" ||
		give_up "$1/log/mariadb.log" "MariaDB does not answer"
}

# The programs' account may do no more than they need.
mariadb_load() { # DIR NAME USER PASSWORD
	local user="\`$3\`@localhost" password=${4//\\/\\\\}
	password=${password//\'/\'\'}
	mariadb_admin "$1" <<-END
	CREATE DATABASE IF NOT EXISTS \`$2\`;
	CREATE USER IF NOT EXISTS $user;
	ALTER USER $user IDENTIFIED BY '$password';
	GRANT SELECT, INSERT, UPDATE, DELETE ON \`$2\`.* TO $user;
	END
	cat "$ROOT"/sql/schema.sql "$ROOT"/sql/migrations/*.sql | mariadb_admin "$1" "$2"
}

mariadb_command() { # start|stop|kill9 DIR
	local dir
	dir=$(realpath "$2")
	case $1 in
	start)
		become_server_user
		# The caller goes, the server stays: it must not die with us.
		UNGUARDED=1
		mariadb_start "$dir" ;;
	stop) stop "$dir/mariadb.pid" ;;
	kill9) kill -KILL "$(cat "$dir/mariadb.pid")" ;;
	*) die "usage: mariadb.sh start|stop|kill9 DIR" ;;
	esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	[ $# -eq 2 ] || die "usage: mariadb.sh start|stop|kill9 DIR"
	mariadb_command "$@"
fi
