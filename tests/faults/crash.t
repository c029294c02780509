#!/bin/bash
# Programs and the database killed with -9 under a load of rotations: nobody is
# signed out, nothing is damaged, and what is spent stays spent.
# shellcheck source=tests/faults/instance.sh
. "$(dirname "$0")/instance.sh"

load=$(dirname "$0")/load.py
clients=12

# load_start: that many clients, each with a chain of its own.
load_start() {
	rm -f "$scratch/spent"*
	/usr/bin/python3 "$load" load "$clients" "$LATCHKEY_URL" \
		"$scratch/spent" >"$scratch/body" 2>"$scratch/head" &
	loader=$!
	until [ -e "$scratch/spent.ready" ]; do
		kill -0 "$loader" 2>/dev/null || {
			sed 's/^/# /' "$scratch/head"
			echo 'Bail out! no load'
			exit 1
		}
		sleep 0.1
	done
}

# lighttpd starts dead programs again once a second, so sleep before this.
# load_stop: what became of them is in the body.
load_stop() {
	kill -TERM "$loader"
	wait "$loader"
	ok 'the load ended well' equal "$?" 0
	echo "# $(reply_json 'del(.users, .works) | tostring')"
}

# kill_program NAME: one of its processes, whichever, ends with no warning.
kill_program() {
	pgrep -f "^$(<"$run/alias")/build/cgi-bin/$1\$" | shuf -n 1 |
		xargs -r kill -KILL
}

nobody_lost_anything() {
	json '.signed_out | tostring' '[]'
	json '.works | tostring' \
		"$(jq -nc --argjson n "$clients" '[range($n) | true]')"
	ok 'nothing but 200, 500, 503 and no answer' equal \
		"$(reply_json '.status | del(."0", ."200", ."500", ."503") | tostring')" '{}'
	json .cookies 0
	ok 'much went well' [ "$(reply_json '.status["200"]')" -gt 500 ]
	ok 'no error of ours but the database' equal \
		"$(grep ' error: ' "$LATCHKEY_LOG" | grep -v ' error: db: ')" ''
	ok 'no word of reuse' equal \
		"$(grep -c event=refresh_token_reuse "$LATCHKEY_LOG")" 0
}

rows_are_sound() {
	local ids
	ids=$(reply_json '.users | map("X\u0027" + gsub("-"; "") + "\u0027") | join(",")')
	ok 'every row is there, valid, with one session' equal \
		"$(sql "SELECT COUNT(*), MIN(JSON_VALID(refresh_token)),
			MIN(JSON_LENGTH(refresh_token)),
			MAX(JSON_LENGTH(refresh_token))
			FROM users WHERE id IN ($ids)")" "$clients	1	1	1"
	ok 'the table is sound' equal "$(sql 'CHECK TABLE users' | cut -f4)" OK
}

# what_is_spent_is_spent: where there is no grace, none of the older tokens of
# any client is good for anything, and each one's newest is.
what_is_spent_is_spent() {
	local spent
	spent=$(wc -l <"$scratch/spent")
	ok "$spent spent tokens" [ "$spent" -gt "$clients" ]
	ok 'refused' equal "$(/usr/bin/python3 "$load" present "$strict" \
		<"$scratch/spent" | sort | uniq -c | sed 's/^ *//')" \
		"$spent 401 Refresh token is incorrect"
	ok 'the newest are good' equal "$(/usr/bin/python3 "$load" present "$strict" \
		<"$scratch/spent.now" | sort | uniq -c | sed 's/^ *//')" \
		"$clients 200 Access token refreshed"
}

database_start
instance_start DB_RUN_DIR="$database" REFRESH_GRACE=0 REUSE_ENDS_SESSION=0
strict=$LATCHKEY_URL
instance_start DB_RUN_DIR="$database" REFRESH_GRACE=30 REUSE_ENDS_SESSION=1

it 'programs killed under load'
load_start
for _ in {1..40}; do
	kill_program refresh-token
	sleep "0.1$((RANDOM % 10))"
done
sleep 1.5
load_stop
nobody_lost_anything
ok 'answers were lost' [ "$(reply_json .healed)" -gt 10 ]
rows_are_sound
what_is_spent_is_spent

it 'the database killed under load'
load_start
for _ in {1..5}; do
	sleep "0.$((RANDOM % 4 + 2))"
	database_kill9
	sleep "0.$((RANDOM % 4))"
	database_again
	kill -USR1 "$loader"
done
sleep 0.5
load_stop
nobody_lost_anything
ok 'answers were lost' [ "$(reply_json .healed)" -ge "$clients" ]
json '.status | has("503")' true
json .marks_left 0
json '.mended_s | length' 5
ok 'well again within 2 s, each time' equal \
	"$(reply_json '.mended_s | max < 2')" true
rows_are_sound
what_is_spent_is_spent

it 'both at once'
load_start
for i in {1..30}; do
	kill_program refresh-token
	[ $((i % 10)) != 5 ] || {
		database_kill9
		kill_program refresh-token
		database_again
	}
	sleep "0.1$((RANDOM % 10))"
done
sleep 1.5
load_stop
nobody_lost_anything
rows_are_sound
what_is_spent_is_spent

finish
