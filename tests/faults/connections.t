#!/bin/bash
# More programs than the account, or the server, has connections for.
. "$(dirname "$0")/instance.sh"
# shellcheck source=tests/faults/connections.sh
. "$(dirname "$0")/connections.sh"

held=() signing=()
trap end_page EXIT

end_page() {
	[ "${#held[@]}" -eq 0 ] || kill "${held[@]}" 2>/dev/null
	instances_stop
}

# hold COUNT [OPTION...]: connections that somebody else has, and does not give back.
hold() {
	local count=$1
	shift
	for ((; count > 0; count--)); do
		mariadb --no-defaults -S "$LATCHKEY_DB_SOCKET" "$@" \
			-e 'DO SLEEP(60)' </dev/null >"$scratch/held" 2>&1 &
		held+=("$!")
	done
	ok 'connections are taken' await 10 are_held
}

are_held() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
		WHERE info = 'DO SLEEP(60)'")" = "${#held[@]}" ]
}

release() {
	kill "${held[@]}"
	wait "${held[@]}" 2>/dev/null
	held=()
	sql "$(sql "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist
		WHERE info = 'DO SLEEP(60)'")"
	ok 'and given back' await 10 are_held
}

# The one setting by which server and account can be refused more.
database_options=(--max-user-connections=300)
database_start
instance_start DB_RUN_DIR="$database"
secret=$(sed -n 's/^DB_PASSWORD="\?\([^"]*\)"\?$/\1/p' "$run/run.env" | tail -n 1)

# --- A process keeps its connection ---

sign_in

# full WHAT PATTERN: some have a connection and go on; the others say so.
full() {
	it "$1"
	log_mark
	statuses 30 "$api/me" "$api/sessions" >"$scratch/statuses"
	ok 'who has one goes on' grep -q ' 200$' "$scratch/statuses"
	ok 'and the others are told' equal "$(grep -v ' 200$\| 503$' "$scratch/statuses")" ''
	post register "{\"email\":\"$(new_email)\",\"password\":\"12345\"}" \
		-w '%{time_total}' >"$scratch/took"
	unavailable 'a program more: '
	ok 'at once' sooner 2
	ok 'the log names limit and setting' [ "$(logged "$2.*DB_PERSISTENT=0")" -gt 0 ]
	ok 'once a process' [ "$(logged 'error: db: \(')" -le 7 ]
}

again() {
	it "$1"
	end_connections
	ok 'all are served' equal "$(statuses 15 "$api/me" "$api/sessions")" '30 200'
	ok 'with as many processes' equal "$(programs '')" "$before"
	nobody_signed_out
}

before=$(programs '')
sql 'ALTER USER latchkey@localhost WITH MAX_USER_CONNECTIONS 2'
end_connections
full "the account's limit (1226)" "\(1226\).*max_user_connections.*value: 2"
sql 'ALTER USER latchkey@localhost WITH MAX_USER_CONNECTIONS 0'
again 'a higher one'

sql 'SET GLOBAL max_user_connections = 2'
end_connections
full 'the limit of all accounts (1203)' '\(1203\).*max_user_connections'
sql 'SET GLOBAL max_user_connections = 300'
again 'a higher one'

end_connections
sql 'SET GLOBAL max_connections = 10'
hold 8 -u root
full "the server's limit (1040)" '\(1040\).*Too many connections'
release
sql 'SET GLOBAL max_connections = 400'
again 'a higher one'

# --- Each gives it up after a request ---

instance_stop
end_connections
instance_start DB_RUN_DIR="$database" DB_PERSISTENT=0
before=$(programs '')

it 'two connections for all programs'
use_jar
sql 'ALTER USER latchkey@localhost WITH MAX_USER_CONNECTIONS 2'
log_mark
ok 'serve everybody' equal "$(statuses 100 "$api/me" "$api/sessions" "$api/guard" |
	sed 's/ 204$/ 200/' | awk '{ n += $1; s = $2 } END { print n, s }')" '300 200'
somebody_new() { # NUMBER
	local scratch=$scratch/$1
	mkdir "$scratch"
	new_user
	log_in
	refresh_with "$refresh"
	reply_status
}
for number in 1 2 3 4 5 6 7 8; do
	somebody_new "$number" >>"$scratch/signed" 2>&1 &
	signing+=("$!")
done
wait "${signing[@]}"
ok 'and whoever signs up, logs in and refreshes' equal \
	"$(sort "$scratch/signed" | uniq -c | tr -s ' ')" ' 8 200'
ok 'are given back' await 5 no_connections
ok 'with no line in the log' equal "$(logged 'error: db: ')" 0
nobody_signed_out

it 'none left'
hold 2 -u latchkey -p"$secret"
log_mark
get me "${jar[@]}" -w '%{time_total}' >"$scratch/took"
unavailable 'for long: '
ok 'in time' sooner 10
ok 'the log names the limit, once' equal "$(logged '\(1226\).*max_user_connections')" 1
get me "${jar[@]}" &
waiting=$!
cgi() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET LATCHKEY_ENV="$run/run.env" \
		REQUEST_URI=/api/v1/users/me "HTTP_COOKIE=accessToken=$access" \
		DB_PERSISTENT=1 "$(<"$run/alias")/build/cgi-bin/me" </dev/null
}
cgi >"$scratch/cgi" 2>&1 &
waiting_cgi=$!
sleep 1
release
wait "$waiting"
it 'one that comes free'
ok 'is waited for' equal "$(reply_status)" 200
wait "$waiting_cgi"
ok 'by a CGI program, too' grep -q '^Status: 200' "$scratch/cgi"
ok 'by the same processes' equal "$(programs '')" "$before"
nobody_signed_out

finish
