#!/bin/bash
# growth.sh [USERS...]: what 10,000, 100,000 and 1,000,000 users with 16 sessions
# each make of me, refresh-token and login; their disk space; and how long schema
# and rows take to load.  No median may move by more than 20 % from the first size.
# Environment: BUFFER_POOL (1G) of InnoDB, RUN_DIR, PORT.  A million takes some
# 8 GB in RUN_DIR and minutes.
set -eu -o pipefail
# shellcheck source=tests/bench/alone.sh
. "$(dirname "$0")/alone.sh"

ACTIVE=10000	# who signs in, spread over all of the table
SESSIONS=16
sizes=("$@")
[ $# -gt 0 ] || sizes=(10000 100000 1000000)
pool=${BUFFER_POOL:-1G}

seconds_of() { # COMMAND...
	local start=$EPOCHREALTIME
	"$@"
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'
}

load_schema() {
	alone_sql <"$ROOT/sql/schema.sql"
}

# Those who sign in are made by our own lib/; each is followed, in the table as in
# the index, by copies of their row, which nobody has the tokens of.
load_rows() { # COUNT
	local from

	alone_users "$ACTIVE" "$SESSIONS"
	[ "$1" -gt "$ACTIVE" ] || return 0
	alone_sql <<<'CREATE OR REPLACE TABLE active LIKE users;
		INSERT INTO active SELECT * FROM users ORDER BY id'
	for ((from = 0; from < ACTIVE; from += 500)); do
		copy_rows "$from" $((from + 499)) $(($1 / ACTIVE - 1))
	done | alone_sql
	alone_sql <<<'DROP TABLE active'
}

copy_rows() { # FROM TO COPIES
	printf "INSERT INTO users (id, email, password, refresh_token, created_at,
		updated_at)
	SELECT UNHEX(CONCAT(LEFT(HEX(id), 26), LPAD(HEX(seq), 6, '0'))),
		CONCAT(LEFT(email, 9), '-', seq, '@bench.example'), password,
		refresh_token, created_at, updated_at
	FROM active STRAIGHT_JOIN seq_1_to_%d
	WHERE email BETWEEN 'user%05d@bench.example' AND 'user%05d@bench.example';\n" \
		"$3" "$1" "$2"
}

# Loading is over when its pages are on the disk; and of a table that is larger
# than the pool, those who sign in are what is in it.
settle() {
	local dirty=1000000 before=2000000

	alone_sql <<<'ANALYZE TABLE users;
		SET GLOBAL innodb_io_capacity_max = 20000;
		SET GLOBAL innodb_io_capacity = 20000,
			innodb_max_dirty_pages_pct_lwm = 0, innodb_max_dirty_pages_pct = 0' >/dev/null
	# Temporary pages stay.
	while [ "$dirty" -lt "$before" ]; do
		before=$dirty
		sleep 2
		read -r _ dirty < <(alone_sql -N <<<"SHOW STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")
	done
	alone_sql <<<'SET GLOBAL innodb_io_capacity = 200, innodb_io_capacity_max = 2000,
		innodb_max_dirty_pages_pct = 90'
	[ "$(alone_load signed-in /api/v1/users/me 16 8 | cut -d' ' -f5)" = 0 ]
}

measure() { # SCRIPT PATH CONNECTIONS SECONDS: the median, in microseconds
	local result
	result=$(alone_load "$1" "/api/v1/users/$2" "$3" "$4")
	[ "$(cut -d' ' -f5 <<<"$result")" = 0 ] || die "$2 has errors: $result"
	cut -d' ' -f3 <<<"$result"
}

bytes_per_user() { # COUNT
	local file
	alone_sql <<<'FLUSH TABLES'
	file=$(find "$DIR/data/latchkey" -name users.ibd)
	echo $(($(stat -c %s "$file") / $1))
}

grow() { # COUNT: a line of the table
	local rows schema me refresh login

	alone_sql <<<'DROP TABLE IF EXISTS users, codes, attempts'
	schema=$(seconds_of load_schema)
	rows=$(seconds_of load_rows "$1")
	[ "$(alone_sql -N <<<'SELECT COUNT(*) FROM users')" = "$1" ] ||
		die "there are not $1 users"
	settle
	me=$(measure signed-in me 1 6)
	refresh=$(measure refresh-each refresh-token 1 5)
	login=$(measure login login 1 8)
	printf '%9d %9d %9d %9d %9d %9s %9s\n' "$1" "$me" "$refresh" "$login" \
		"$(bytes_per_user "$1")" "$schema" "$rows"
}

alone_open --innodb-buffer-pool-size="$pool" --innodb-log-file-size=1G
echo "InnoDB buffer pool $pool; $SESSIONS sessions each; medians in microseconds, one connection"
printf '%9s %9s %9s %9s %9s %9s %9s\n' users me refresh login bytes/user schema/s rows/s
for size in "${sizes[@]}"; do
	grow "$size"
done | tee "$DIR/table"
awk 'NR == 1 { for (i = 2; i <= 4; i++) first[i] = $i }
	{ for (i = 2; i <= 4; i++) if ($i > first[i] * 1.2) bad = 1 }
	END { print bad ? "a median has moved by more than 20 %" : "no median has moved by 20 %"
		exit bad }' "$DIR/table"
