#!/bin/bash
# The database away, hung, locked, or not as it should be.
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/faults/connections.sh
. "$(dirname "$0")/connections.sh"

fastcgi=$(dirname "$0")/fastcgi.py
relays=()
trap end_page EXIT

# Whatever happens: nothing of this page stays behind, and nothing stopped.
end_page() {
	[ "${#relays[@]}" -eq 0 ] || kill "${relays[@]}" 2>/dev/null
	[ -z "$database" ] || kill -CONT "$(mariadb_pid)" 2>/dev/null
	instances_stop
}

# --- What this page asks and counts ---

mariadb_pid() {
	cat "$database/mariadb.pid"
}

# Everything that asks the database, by a name of ours.
endpoints=(register login logout everywhere refresh refresh_body me delete_me
	sessions delete_sessions delete_session change_password resume guard)

ask_endpoint() { # NAME [curl's options]
	local name=$1
	shift
	case $name in
	register) post register "{\"email\":\"$(new_email)\",\"password\":\"12345\"}" "$@" ;;
	login) post login "{\"email\":\"$email\",\"password\":\"$password\"}" "$@" ;;
	logout) post logout '{}' "${jar[@]}" "$@" ;;
	everywhere) post logout '{"everywhere":true}' "${jar[@]}" "$@" ;;
	refresh) post refresh-token '{}' "${jar[@]}" "$@" ;;
	refresh_body) post refresh-token "{\"refreshToken\":\"$refresh\"}" "$@" ;;
	me) get me "${jar[@]}" "$@" ;;
	delete_me) ask DELETE "$api/me" "${jar[@]}" \
		-H 'Content-Type: application/json' \
		--data-binary "{\"password\":\"$password\"}" "$@" ;;
	sessions) get sessions "${jar[@]}" "$@" ;;
	delete_sessions) delete sessions "${jar[@]}" "$@" ;;
	delete_session) delete "sessions/$session" "${jar[@]}" "$@" ;;
	change_password) post change-password \
		"{\"oldPassword\":\"$password\",\"newPassword\":\"new horse\"}" \
		"${jar[@]}" "$@" ;;
	resume) get resume "${jar[@]}" "$@" ;;
	guard) get guard "${jar[@]}" "$@" ;;
	esac
}

# all_unavailable NAME...: asked at once, each answers so, and in time.
all_unavailable() {
	local name all=$scratch scratch pids=()
	for name; do
		scratch=$all/$name
		mkdir -p "$scratch"
		ask_endpoint "$name" -w '%{time_total}' >"$scratch/took" &
		pids+=("$!")
	done
	wait "${pids[@]}"
	for name; do
		scratch=$all/$name
		unavailable "$name: "
		ok "$name: within 10 s" sooner 10
	done
}

# ask_process SOCKET COUNT: "me" by one process, again and again; how often
# which answer came.
ask_process() {
	"$fastcgi" alternate "$run/web/$1" "$2" REQUEST_METHOD=GET \
		REQUEST_URI=/api/v1/users/me "HTTP_AUTHORIZATION=Bearer $access" |
		sed 's/.*"user":.*/the user/; s/.*"message":"\(.*\)".*/\1/' |
		uniq -c | sed 's/^ *//'
}

# all_work: each of the endpoints answers what it should, in an order that
# leaves something to ask.
all_work() {
	local name
	for name in me refresh_body sessions change_password login; do
		ask_endpoint "$name"
		ok "$name works" equal "$(reply_status)" 200
		if [ "$name" = refresh_body ]; then
			access=$(reply_json .accessToken)
			refresh=$(reply_json .refreshToken)
			use_jar
		fi
		[ "$name" != change_password ] || password='new horse'
	done
	ask_endpoint register
	ok 'register works' equal "$(reply_status)" 201
}

# --- Away ---

database_start
instance_start DB_RUN_DIR="$database" PROCESSES=1

stop_it() {
	"$servers/mariadb.sh" stop "$database"
}

away() { # HOW COMMAND
	it "MariaDB $1"
	sign_in
	statuses 4 "$api/me" >"$scratch/before"
	before=$(programs '')
	log_mark
	"$2"
	ok 'one process, twenty times' equal "$(ask_process me-0 20)" \
		'20 Service unavailable'
	ok 'which it logs once' equal "$(logged ' me error: db: .*DB_HOST')" 1
	all_unavailable "${endpoints[@]}"
	ask GET "$LATCHKEY_URL/"
	status 200
	body 'Hello World!'
	ok 'the same processes live on' equal "$(programs '')" "$before"

	it "MariaDB $1, and started again"
	log_mark
	database_again
	ok 'the very next request works' equal "$(ask_process me-0 1)" '1 the user'
	ok 'and those after it' equal "$(ask_process me-0 20)" '20 the user'
	ok 'which is logged once' equal "$(logged ' me error: db: back again')" 1
	nobody_signed_out
	all_work
	ok 'no trouble is logged' equal "$(logged 'error: db: \(')" 0
	ok 'the same processes live on' equal "$(programs '')" "$before"
}

away 'stopped' stop_it
away 'killed' database_kill9

# A server that takes connections and never says a word.  "me" is asked of one
# process, whose log can be told.
it 'MariaDB hung'
sign_in
ask_process me-0 1 >"$scratch/before"
before=$(programs '')
log_mark
kill -STOP "$(mariadb_pid)"
SECONDS=0
ask_process me-0 2 >"$scratch/hung" &
hung=$!
mapfile -t others < <(printf '%s\n' "${endpoints[@]}" | grep -vx 'me\|delete_me')
all_unavailable "${others[@]}"
ask GET "$LATCHKEY_URL/" -m 2
status 200
wait "$hung"
ok 'one process, twice' equal "$(<"$scratch/hung")" '2 Service unavailable'
ok 'each within 10 s' [ "$SECONDS" -lt 15 ]
ok 'which it logs once' equal "$(logged ' me error: db: ')" 1
kill -CONT "$(mariadb_pid)"
it 'MariaDB hung, and going on'
ok 'the very next request works' equal "$(ask_process me-0 1)" '1 the user'
ok 'and is logged once' equal "$(logged ' me error: db: back again')" 1
nobody_signed_out
all_work
ok 'the same processes live on' equal "$(programs '')" "$before"

# --- Connections that end ---

it 'every connection is killed'
sign_in
log_mark
for _ in 1 2 3; do
	statuses 4 "$api/me" "$api/sessions" >"$scratch/before"
	end_connections
	ok 'all of them' no_connections
	ok 'the next requests notice nothing' equal \
		"$(statuses 8 "$api/me" "$api/sessions")" '16 200'
	end_connections
	refresh_with "$refresh"
	ok 'nor does a refresh' equal "$(reply_status)" 200
	use_jar
	end_connections
	ask_endpoint login
	ok 'nor a log-in' equal "$(reply_status)" 200
	end_connections
	ask_endpoint register
	ok 'nor a sign-up' equal "$(reply_status)" 201
done
ok 'the log is silent' equal "$(logged 'error: db: \(')" 0

it 'connections are killed under load'
statuses 1000 "$api/me" "$api/sessions" >"$scratch/statuses" &
load=$!
kills=0
while kill -0 "$load" 2>/dev/null; do
	kill_connections
	kills=$((kills + 1))
done
wait "$load"
ok 'several times' [ "$kills" -gt 3 ]
ok 'nobody notices' equal "$(<"$scratch/statuses")" '2000 200'

it 'idle connections time out'
sql 'SET GLOBAL wait_timeout = 1'
end_connections
statuses 4 "$api/me" >"$scratch/before"
refresh_with "$refresh"
ok 'there were some' [ -n "$(connections)" ]
ok 'and there are none' await 10 no_connections
log_mark
use_jar
ok 'the next requests notice nothing' equal "$(statuses 8 "$api/me")" '8 200'
refresh_with "$refresh"
status 200
ok 'the log is silent' equal "$(logged 'error: db: \(')" 0
sql 'SET GLOBAL wait_timeout = 28800'
end_connections

# --- A database that is not as it should be ---

it 'the table is missing'
sign_in
ask_process me-0 1 >"$scratch/before"
log_mark
sql 'RENAME TABLE users TO users_elsewhere'
all_unavailable "${endpoints[@]}"
ok 'one process, ten times' equal "$(ask_process me-0 10)" \
	'10 Service unavailable'
ok 'names what to load' [ "$(logged ' me error: db: .*sql/schema\.sql')" -ge 1 ]
ok 'and nothing else' equal "$(logged ' me error: db: .*sql/schema\.sql')" \
	"$(logged ' me error: db: ')"
sql 'RENAME TABLE users_elsewhere TO users'
ok 'and serves when it is back' equal "$(ask_process me-0 1)" '1 the user'
nobody_signed_out

it 'a wrong DB_PASSWORD'
secret=$(sed -n 's/^DB_PASSWORD="\?\([^"]*\)"\?$/\1/p' "$run/run.env" | tail -n 1)
ask_process me-0 1 >"$scratch/before"
sql "ALTER USER latchkey@localhost IDENTIFIED BY 'something else'"
end_connections
log_mark
ok 'one process, ten times' equal "$(ask_process me-0 10)" \
	'10 Service unavailable'
ok 'names the setting, once' equal \
	"$(logged ' me error: db: .*DB_PASSWORD')" 1
all_unavailable login refresh logout
sql "ALTER USER latchkey@localhost IDENTIFIED BY '$secret'"
ok 'and serves when it is right' equal "$(ask_process me-0 1)" '1 the user'
nobody_signed_out
ok 'the log does not tell it' [ "$(grep -cF "$secret" "$LATCHKEY_LOG")" = 0 ]

# --- What a connection is set to ---

# The server's defaults are made as unlike as they can be.
it 'the settings of a connection that was made again'
sql "SET GLOBAL time_zone = '+05:00', sql_mode = '', autocommit = 0,
		character_set_server = latin1, innodb_lock_wait_timeout = 50;
	CREATE TABLE seen (zone TEXT, commits TEXT, wait_s TEXT);
	CREATE TRIGGER look BEFORE INSERT ON users FOR EACH ROW INSERT INTO seen
		VALUES (@@time_zone, @@autocommit, @@innodb_lock_wait_timeout)"
end_connections
sign_in
ok 'UTC, changes that count at once, a short wait for a lock' equal \
	"$(sql 'SELECT * FROM seen')" $'+00:00\t1\t2'
get me "${jar[@]}"
ok 'times are UTC in the row' equal "$(reply_json .user.createdAt)" \
	"$(sql "SELECT DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.')
		FROM users WHERE id = X'${user_id//-/}'")$(sql "SELECT
		LEFT(DATE_FORMAT(created_at, '%f'), 3)
		FROM users WHERE id = X'${user_id//-/}'")Z"
ok 'and now' [ "$(sql "SELECT ABS(TIMESTAMPDIFF(SECOND, created_at,
	UTC_TIMESTAMP())) FROM users WHERE id = X'${user_id//-/}'")" -lt 60 ]

agent=$'Zo\xc3\xab \xf0\x9f\x97\x9d'
log_in -A "$agent"
get sessions -b "accessToken=$access"
ok 'UTF-8, of four bytes too, comes back' equal \
	"$(reply_json '.sessions[] | select(.current) | .userAgent')" "$agent"
ok 'and is in the row as it is' equal "$(sql "SELECT HEX(JSON_VALUE(
	refresh_token, '$.\"$session\".agent'))
	FROM users WHERE id = X'${user_id//-/}'")" 5A6FC3AB20F09F979D

sql 'SET GLOBAL autocommit = 1'
end_connections
sql 'DELETE FROM users; ALTER TABLE users MODIFY email VARCHAR(10) NOT NULL'
ask_endpoint register
answer 500 'Something went wrong'
ok 'what does not fit is not cut' equal "$(sql 'SELECT COUNT(*) FROM users')" 0
end_connections
sql 'DROP TRIGGER look; ALTER TABLE users MODIFY email VARCHAR(254) NOT NULL'

# --- One server after the other ---

it 'DB_HOST names several'
relay() { # [silent]: the port is $relay
	local out=$scratch/relay${#relays[@]}
	"$fastcgi" relay "$LATCHKEY_DB_SOCKET" "$@" >"$out" 2>"$out.errors" &
	relays+=("$!")
	await 10 [ -s "$out" ] || ok 'a relay' false
	relay=$(<"$out")
}
relay silent
silent=$relay
relay
first=$relay
relay
second=$relay
sign_in
# Nothing listens on port 1.
instance_start DB_RUN_DIR="$database" PROCESSES=1 \
	DB_HOST="127.0.0.1:1,127.0.0.1:$silent,127.0.0.1:$first,127.0.0.1:$second"
get me "${jar[@]}" -w '%{time_total}' >"$scratch/took"
ok 'one refuses, one is silent, and the third serves' equal "$(reply_status)" 200
ok 'in time' sooner 10
ask_process me-0 1 >"$scratch/before"
kill "${relays[1]}"
wait "${relays[1]}" 2>/dev/null
ok 'the third goes, and the fourth serves: no request fails' equal \
	"$(ask_process me-0 10)" '10 the user'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
ok 'nor does a log-in' equal "$(reply_status)" 200
kill "${relays[2]}"
wait "${relays[2]}" 2>/dev/null
log_mark
ok 'all are gone' equal "$(ask_process me-0 3)" '3 Service unavailable'
ok 'which is logged once, or once a host, and not with every request' \
	[ "$(logged ' me error: db: \(')" -le 4 ]

# --- A row that somebody holds ---

# Who refreshes meanwhile needs another process.
instance_start DB_RUN_DIR="$database"

# In the background, so the reply goes elsewhere.
refresh_locked() {
	local scratch=$scratch/locked
	exec {hold}>&-
	mkdir "$scratch"
	post refresh-token "{\"refreshToken\":\"$locked_refresh\"}" \
		-w '%{time_total}' >"$scratch/took"
}

locked_is_unavailable() {
	local scratch=$scratch/locked
	unavailable 'then the refresh: '
	ok 'within 10 s' sooner 10
}

it 'a row is locked'
sign_in
locked_id=$user_id locked_refresh=$refresh locked_access=$access
sign_in
mkfifo "$scratch/holder"
mariadb --no-defaults -n -S "$LATCHKEY_DB_SOCKET" -u root -N -B latchkey \
	<"$scratch/holder" >"$scratch/held" 2>&1 &
holder=$!
exec {hold}>"$scratch/holder"
echo "BEGIN; SELECT 'held' FROM users
	WHERE id = X'${locked_id//-/}' FOR UPDATE;" >&"$hold"
ok 'it is' await 10 grep -q held "$scratch/held"
refresh_locked &
waiting=$!
is_waiting() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
		WHERE info LIKE 'UPDATE users %' AND time_ms > 100")" = 1 ]
}
ok 'a refresh waits for it' await 5 is_waiting
get me "${jar[@]}" -w '%{time_total}' >"$scratch/took"
ok 'others go on: me' equal "$(reply_status)" 200
ok 'at once' sooner 2
ask_endpoint refresh_body -w '%{time_total}' >"$scratch/took"
ok 'others go on: refresh-token' equal "$(reply_status)" 200
ok 'at once' sooner 2
get me -b "accessToken=$locked_access" -w '%{time_total}' >"$scratch/took"
ok 'its owner is let in' equal "$(reply_status)" 200
ok 'at once' sooner 2
ok 'while the refresh waits' kill -0 "$waiting"
wait "$waiting"
locked_is_unavailable
ok 'and the lock was held all the time' kill -0 "$holder"
exec {hold}>&-
wait "$holder"
it 'the row is free again'
refresh_with "$locked_refresh"
status 200
get me -b "accessToken=$access"
status 200

finish
