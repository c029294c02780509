#!/bin/bash
# Guessing at passwords: what it is counted by, over two web servers and their
# processes, and that nobody locks the owner out.
. "$(dirname "$0")/instance.sh"

# --- Servers and clients ---

# serve NAME [NAME=VALUE...]: one more web server on the same database, kept
# under that name for: at NAME
declare -A url log runs
serve() {
	local name=$1
	shift
	instance_start DB_RUN_DIR="$database" "$@"
	url[$name]=$LATCHKEY_URL
	log[$name]=$LATCHKEY_LOG
	runs[$name]=$run
}

at() {
	LATCHKEY_URL=${url[$1]}
	api=$LATCHKEY_URL/api/v1/users
	LATCHKEY_LOG=${log[$1]}
	run=${runs[$1]}
}

# Windows so long that none gives anything back while the page runs: after
# 3,000, 15,000 and 3,600 seconds.
limits=(THROTTLE=1 THROTTLE_ACCOUNT_ADDRESS=3/9000 THROTTLE_ACCOUNT=6/90000
	THROTTLE_ADDRESS=10/36000)

# from_elsewhere: $source is an address of this machine that was not used yet;
# from ADDRESS
addresses=0
from_elsewhere() {
	addresses=$((addresses + 1))
	source=127.1.$((addresses / 250)).$((addresses % 250 + 1))
}

from() {
	source=$1
}

# The page signs people up where nothing is counted.
new_owner() {
	local api=${url[off]}/api/v1/users
	new_user
}

# credentials PASSWORD [EMAIL]: as JSON.
credentials() {
	printf '{"email":%s,"password":%s}' "$(quote "${2-$email}")" \
		"$(quote "$1")"
}

# One attempt each from $source: of the owner, of who guesses, and of who has
# one of the owner's access tokens.
right() {
	post login "$(credentials "$password")" --interface "$source" "$@"
}

wrong() {
	post login "$(credentials 'no horse')" --interface "$source" "$@"
}

unknown() {
	post login "$(credentials 'no horse' "$(new_email)")" \
		--interface "$source"
}

change() { # OLD NEW
	post change-password \
		"{\"oldPassword\":$(quote "$1"),\"newPassword\":$(quote "$2")}" \
		--interface "$source" -H "Authorization: Bearer $access" "${@:3}"
}

delete_me() { # PASSWORD
	ask DELETE "$api/me" -H 'Content-Type: application/json' \
		--data-binary "{\"password\":$(quote "$1")}" \
		--interface "$source" -H "Authorization: Bearer $access" "${@:2}"
}

sign_up() { # EMAIL
	post register "$(credentials "$password" "$1")" --interface "$source"
}

sign_up_somebody() {
	sign_up "$(new_email)"
}

# gives STATUSES COMMAND...: again and again, as often as there are statuses.
gives() {
	local wanted=$1 got=() status
	shift
	# shellcheck disable=SC2034 # counts
	for status in $wanted; do
		"$@"
		got+=("$(reply_status)")
	done
	ok "$1: $wanted" equal "${got[*]}" "$wanted"
}

# throttled SECONDS: the last answer, and that it asks for no longer.
throttled() {
	answer 429 'Too many attempts, try again later'
	no_header Set-Cookie
	header Content-Type 'application/json; charset=utf-8'
	ok 'says when to come again' matches "$(reply_header Retry-After)" \
		'^[1-9][0-9]*$'
	ok "in $1 s, or sooner" [ "$(reply_header Retry-After)" -le "$1" ]
}

# later SECONDS: time passes, for what is counted.
later() {
	sql "UPDATE attempts SET due = due - $1 * 1000"
}

forget() {
	sql 'DELETE FROM attempts'
}

rows() { # [WHERE]
	sql "SELECT COUNT(*) FROM attempts ${1-}"
}

# at_once FILE: many requests, "URL SOURCE EMAIL" a line; "COUNT STATUS" a line.
at_once() {
	local url source email next=
	while read -r url source email; do
		printf '%s\n' "$next" "url = \"$url/api/v1/users/login\"" \
			"interface = \"$source\"" 'output = "/dev/null"' \
			'header = "Content-Type: application/json"' \
			"data = \"{\\\"email\\\":\\\"$email\\\",\\\"password\\\":\\\"x\\\"}\"" \
			'write-out = "%{http_code}\n"' 'max-time = 60'
		next=next
	done <"$1" >"$scratch/config"
	curl -Z --parallel-max 40 --parallel-immediate -K "$scratch/config" \
		2>/dev/null | sort | uniq -c | sed 's/^ *//' | paste -sd ,
}

database_start
serve off THROTTLE=0
serve main "${limits[@]}" THROTTLE_EXEMPT=127.0.0.3/32
serve apache SERVER=apache "${limits[@]}"
serve hidden "${limits[@]}" HIDE_ACCOUNTS=1 COOKIE_PREFIX=__Host-
# Where a hash takes more than a minute, who is answered was not hashed for.
serve costly "${limits[@]}" HIDE_ACCOUNTS=1 BCRYPT_COST=20
at main

# --- What is counted ---

it 'account and address'
new_owner
from_elsewhere
gives '401 401 401' wrong
log_mark
wrong
throttled 3000
ok 'a line tells' equal "$(logged \
	" latchkey login event=throttled user=- session=- ip=$source\$")" 1
ok 'and none of a wrong password' equal "$(logged login_failed)" 0
right
throttled 3000
from_elsewhere
right
status 200

it 'when to come again'
new_owner
from_elsewhere
gives '401 401 401 429' wrong
later $(($(reply_header Retry-After) - 60))
wrong
throttled 60
later 60
gives '401 429' wrong
later 90000
gives '401 401 401 429' wrong

it 'account, from everywhere'
new_owner
for _ in 1 2 3; do
	from_elsewhere
	gives '401 401' wrong
done
from_elsewhere
wrong
throttled 15000
right
throttled 15000
later 15000
right
status 200

it 'address, with many accounts'
from_elsewhere
gives '404 404 404 404 404 404 404 404 404 404' unknown
log_mark
unknown
throttled 3600
ok 'and no wrong password is told' equal "$(logged login_failed)" 0
new_owner
right
throttled 3600
from_elsewhere
right
status 200

it 'one account, again and again'
new_owner
from_elsewhere
gives '401 401 401 429 429 429 429 429 429 429 429 429' wrong
gives '404 404 404 404 404 404 404 429' unknown

it 'whatever asks for the password'
new_owner
from_elsewhere
log_in
for last in wrong 'change no-horse white-horse' 'delete_me no-horse'; do
	from_elsewhere
	# shellcheck disable=SC2086 # commands
	{
		gives 401 wrong
		gives 401 change no-horse white-horse
		gives 401 delete_me no-horse
		gives 429 $last
	}
	forget
done
from_elsewhere
gives '401 401 401' change no-horse white-horse
delete_me "$password"
throttled 3000
change "$password" white-horse
throttled 3000
right
throttled 3000
ok 'the account is there' equal \
	"$(sql "SELECT COUNT(*) FROM users WHERE email = '$email'")" 1
get me --interface "$source" -H "Authorization: Bearer $access"
status 200

it 'signing up, by itself'
new_owner
from_elsewhere
gives '401 401 401 429' wrong
gives '400 400 400 429' sign_up "$email"
throttled 3000
gives '201 201 201 201 201 201 201' sign_up_somebody
sign_up_somebody
throttled 3600
gives '404 404 404 404 404 404 404 429' unknown

it 'what cannot be right is no attempt'
new_owner
from_elsewhere
gives '400 400 400 400' post login '{"email":"a"}' --interface "$source"
gives '400 400 400 400' sign_up nobody
gives '401 401 401' post change-password \
	'{"oldPassword":"a","newPassword":"white-horse"}' --interface "$source"
gives '401 401 401 429' wrong

# --- Nothing is hashed ---

it 'one attempt too many costs no hash'
new_owner
from_elsewhere
log_in
gives '401 401 401' wrong
# Days of work, for whoever compares it.
sql "UPDATE users SET password = CONCAT('\$2b\$31\$', SUBSTR(password, 8))
	WHERE email = '$email'"
gives 429 right -m 20
gives 429 change "$password" white-horse -m 20
gives 429 delete_me "$password" -m 20
sign_up_costly() {
	post register "$(credentials "$password" "$(new_email)")" \
		--interface "$source" -m 20
}
from_elsewhere
gives '201 201 201 201 201 201 201 201 201 201' sign_up_somebody
at costly
gives 429 sign_up_costly
at hidden
from_elsewhere
email=$(new_email)
gives '401 401 401' wrong
at costly
gives 429 wrong -m 20
at main

# --- Success ---

it 'a right password: account and address anew, of the others one back'
new_owner
from_elsewhere
gives '401 401' wrong
gives 200 right
gives '401 401 401 429' wrong
gives '404 404 404 404 404 429' unknown
from_elsewhere
gives '401 429' wrong

it 'right passwords without end'
new_owner
from_elsewhere
gives '200 200 200 200 200 200 200 200 200 200 200 200' right
access=$(reply_json .accessToken)
for i in 1 2 3 4 5 6 7; do
	change "$password" "horse number $i"
	[ "$(reply_status)" = 200 ] || break
	password="horse number $i"
done
status 200
right
status 200

it 'a right password for another account'
new_owner
victim=$email
from_elsewhere
gives '401 401 401' wrong
new_owner
gives '200 200 200' right
email=$victim
gives 429 wrong

# --- Who is there, and who is not ---

it 'an account that nobody has'
email=$(new_email)
for _ in 1 2; do
	from_elsewhere
	gives '404 404 404 429' wrong
done
from_elsewhere
wrong
throttled 15000

# The whole reply, but for what is the time's.
bare_reply() {
	sed 's/^\([Dd]ate\|[Rr]etry-[Aa]fter\):.*//' "$scratch/head"
	cat "$scratch/body"
}

it 'hidden accounts'
at hidden
known=()
new_owner
from_elsewhere
for _ in 1 2 3 4; do
	wrong
	known+=("$(bare_reply)")
done
email=$(new_email)
from_elsewhere
for i in 0 1 2 3; do
	wrong
	ok "attempt $i answers alike" equal "$(bare_reply)" "${known[i]}"
done
throttled 3000
for _ in 1 2; do
	from_elsewhere
	wrong
done
gives '401 429' wrong

# --- Devices ---

it 'a device'
at main
new_owner
from_elsewhere
right
device=$(reply_cookie deviceToken)
ok 'gets a cookie' matches "$device" '^[0-9a-f]{32}\.[0-9a-f]{64}$'
ok 'with its attributes' equal "$(reply_header Set-Cookie | grep device)" \
	"deviceToken=$device; Path=/api/v1/users; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax"
right -b "deviceToken=$device"
ok 'the same next time' equal "$(reply_cookie deviceToken)" "$device"
right
ok 'another device another one' unequal "$(reply_cookie deviceToken)" "$device"
wrong
no_header Set-Cookie
unknown
no_header Set-Cookie
at hidden
right
ok 'with a prefix' matches "$(reply_header Set-Cookie | grep device)" \
	'^__Host-deviceToken=[0-9a-f.]{97}; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax$'
at off
right
ok 'none without a throttle' equal "$(reply_cookie deviceToken)" ''
ok 'but those of tokens' unequal "$(reply_cookie refreshToken)" ''
at main

# hammer: strangers guess at $email until nobody gets further.
hammer() {
	for _ in 1 2 3 4; do
		from_elsewhere
		wrong
		wrong
	done
	[ "$(reply_status)" = 429 ]
}

it 'strangers fill the account'
new_owner
victim=$email
from_elsewhere
right
device=$(reply_cookie deviceToken)
jar=(-b "deviceToken=$device")
access=$(reply_json .accessToken)
hammer
from_elsewhere
right
throttled 15000
right "${jar[@]}"
status 200
from_elsewhere
right "${jar[@]}"
ok 'the owner is in, from anywhere' equal "$(reply_status)" 200
gives '200 200 200 200 200 200 200 200' right "${jar[@]}"
change "$password" white-horse
throttled 15000
change "$password" white-horse "${jar[@]}"
ok 'and changes the password' equal "$(reply_status)" 200
password=white-horse
before=$device
device=$(reply_cookie deviceToken)
jar=(-b "deviceToken=$device")
ok 'which makes it another device token' unequal "$device" "$before"
hammer
gives '200' right "${jar[@]}"
from_elsewhere
right -b "deviceToken=$before"
ok 'for the one before is good no more' equal "$(reply_status)" 429

# not_this COOKIES...: of no use while strangers are kept out.
not_this() {
	local name=$1 cookie options=()
	shift
	for cookie; do options+=(-H "Cookie: $cookie"); done
	from_elsewhere
	right "${options[@]}"
	ok "$name: 429" equal "$(reply_status)" 429
}

it 'no device of the account'
hammer
id=${device%.*} mac=${device#*.}
case $mac in *0) other=${mac%?}1 ;; *) other=${mac%?}0 ;; esac
case $id in 0*) another=1${id#?} ;; *) another=0${id#?} ;; esac
email=$(new_email)
post register "$(credentials "$password")" --interface 127.0.0.3
from_elsewhere
right
mallory=$(reply_cookie deviceToken)
email=$victim
not_this 'none'
not_this 'empty' 'deviceToken='
not_this 'an ID alone' "deviceToken=$id"
not_this 'an ID and a dot' "deviceToken=$id."
not_this 'another MAC' "deviceToken=$id.$other"
not_this 'another ID' "deviceToken=$another.$mac"
not_this 'a MAC cut short' "deviceToken=${device%?}"
not_this 'a MAC and more' "deviceToken=${device}0"
not_this 'in upper case' "deviceToken=${device^^}"
not_this 'two dots' "deviceToken=$id..$mac"
not_this 'zeros' "deviceToken=${device//[0-9a-f]/0}"
not_this "another user's" "deviceToken=$mallory"
not_this "another user's MAC" "deviceToken=$id.${mallory#*.}"
not_this "another user's ID" "deviceToken=${mallory%.*}.$mac"
not_this 'two' "deviceToken=$device; deviceToken=$mallory"
not_this 'two, the other way round' \
	"deviceToken=$mallory; deviceToken=$device"
not_this 'two, one made up' "deviceToken=x; deviceToken=$device"
not_this 'with a prefix' "__Host-deviceToken=$device"
not_this 'another name' "devicetoken=$device"
not_this 'much' "deviceToken=$(printf 'a%.0s' {1..4000})"
not_this 'as a token' "refreshToken=$device; accessToken=$device"
from_elsewhere
right "${jar[@]}"
ok 'the right one still is' equal "$(reply_status)" 200

it 'a device opens nothing'
for name in me sessions; do
	get "$name" "${jar[@]}"
	status 401
done
post refresh-token '{}' "${jar[@]}"
status 401
post refresh-token "{\"refreshToken\":\"$device\"}"
status 401

it 'guesses on a device'
new_owner
from_elsewhere
right
jar=(-b "deviceToken=$(reply_cookie deviceToken)")
access=$(reply_json .accessToken)
right
second=(-b "deviceToken=$(reply_cookie deviceToken)")
from_elsewhere
gives 401 wrong "${jar[@]}"
gives 401 change no-horse white-horse "${jar[@]}"
gives 401 delete_me no-horse "${jar[@]}"
wrong "${jar[@]}"
throttled 3000
gives 429 change "$password" white-horse "${jar[@]}"
gives 429 delete_me "$password" "${jar[@]}"
from_elsewhere
right "${jar[@]}"
ok 'count wherever it is' equal "$(reply_status)" 429
gives 200 right "${second[@]}"
gives 200 right
gives '401 401 401 429' wrong
gives '404 404 404 404 404 404 404 429' unknown
later 3000
gives 200 right "${jar[@]}"
gives '401 401 401 429' wrong "${jar[@]}"

it 'another account on a device'
from_elsewhere
new_owner
gives '401 401 401 429' wrong "${jar[@]}"
right "${jar[@]}"
status 429
from_elsewhere
right "${jar[@]}"
status 200
ok 'it has a cookie of its own then' unequal \
	"$(reply_cookie deviceToken)" "${jar[1]#*=}"

# --- Exempt ---

it 'an address that is not counted'
from 127.0.0.3
gives '404 404 404 404 404 404 404 404 404 404 404 404' unknown
new_owner
gives '401 401 401 401 401 401' wrong
wrong
throttled 15000
from_elsewhere
wrong
throttled 15000
at apache
from 127.0.0.3
gives '404 404 404 404 404 404 404 404 404 404 429' unknown
at main

# --- All at once ---

each_of_two() { # COUNT SOURCE EMAIL
	local i
	for ((i = 0; i < $1; i++)); do
		echo "${url[main]} $2 $3"
		echo "${url[apache]} $2 $3"
	done
}

it 'forty at once over two servers'
for round in 1 2 3; do
	new_owner
	from_elsewhere
	each_of_two 20 "$source" "$email" >"$scratch/lines"
	ok "account and address, $round" equal "$(at_once "$scratch/lines")" \
		'3 401,37 429'
	new_owner
	for _ in {1..20}; do
		from_elsewhere
		each_of_two 1 "$source" "$email"
	done >"$scratch/lines"
	ok "account, $round" equal "$(at_once "$scratch/lines")" '6 401,34 429'
	from_elsewhere
	for _ in {1..20}; do
		each_of_two 1 "$source" "$(new_email)"
	done >"$scratch/lines"
	ok "address, $round" equal "$(at_once "$scratch/lines")" '10 404,30 429'
done
at apache
ok 'eight processes of Apache alone' equal "$(programs login | wc -w)" 8
at main

it 'forty that meet what is over'
for round in 1 2 3; do
	for _ in {1..20}; do
		from_elsewhere
		each_of_two 1 "$source" "$(new_email)"
	done >"$scratch/lines"
	sql 'UPDATE attempts SET due = 1'
	ok "all are answered, $round" equal "$(at_once "$scratch/lines")" '40 404'
done

# --- What survives ---

restart_programs() {
	local old pid
	old=$(programs '')
	# shellcheck disable=SC2086 # pids
	kill $old
	for pid in $old; do await 10 process_gone "$pid"; done
	await 10 get_200
}

process_gone() {
	! grep -qs '^State:.[^ZX]' "/proc/$1/status"
}

get_200() {
	ask GET "$LATCHKEY_URL/"
	[ "$(reply_status)" = 200 ]
}

it 'restarts'
new_owner
from_elsewhere
gives '401 401' wrong
restart_programs
gives '401 429' wrong
database_kill9
wrong
status 503
right
status 503
sign_up_somebody
status 503
database_again
await 20 get_200
gives '429 429' wrong
from_elsewhere
right
status 200

# --- The table ---

it 'the table'
rows_are_plain() {
	! sql 'SELECT * FROM attempts' | grep -vqE \
		$'^[0-9a-f]{32}\t[0-9]+$'
}
ok 'has rows' [ "$(rows)" -gt 10 ]
ok 'of a hash and a time each' rows_are_plain
ok 'and two columns' equal "$(sql "SELECT GROUP_CONCAT(column_name)
	FROM information_schema.columns
	WHERE table_schema = 'latchkey' AND table_name = 'attempts'")" id,due

it 'the table is missing'
new_owner
from_elsewhere
log_in
sql 'RENAME TABLE attempts TO attempts_elsewhere'
log_mark
right
answer 503 'Service unavailable'
header Retry-After 1
no_header Set-Cookie
gives '503 503' wrong
gives 503 unknown
gives 503 sign_up_somebody
gives 503 change "$password" white-horse
gives 503 delete_me "$password"
ok 'a line tells what to load' unequal "$(logged \
	' login error: db: .*attempts.*sql/schema\.sql')" 0
ok 'and nothing else is wrong' equal "$(logged 'error: db: \(')" \
	"$(logged 'error: db: \(1146\)')"
get me -H "Authorization: Bearer $access"
status 200
refresh_with "$refresh"
status 200
at off
gives 200 right
at main
sql 'RENAME TABLE attempts_elsewhere TO attempts'
gives 200 right

it 'the table is locked'
mkfifo "$scratch/statements"
mariadb --no-defaults -n -S "$LATCHKEY_DB_SOCKET" -u root latchkey \
	<"$scratch/statements" >"$scratch/lock" 2>&1 &
locker=$!
exec {hold}>"$scratch/statements"
echo "BEGIN; SELECT 'held', COUNT(*) FROM attempts FOR UPDATE;" >&"$hold"
ok 'it is' await 10 grep -q held "$scratch/lock"
right
answer 503 'Service unavailable'
no_header Set-Cookie
exec {hold}>&-
wait "$locker"
gives 200 right

# --- Clocks ---

it 'a clock that was ahead by years, and is not any more'
new_owner
from_elsewhere
gives '401 401 401 429' wrong
later -315360000
gives '401 401 401 429' wrong
throttled 3000

it 'and by less than a window'
from_elsewhere
new_owner
gives '401 401 401 429' wrong
later -8000
wrong
throttled 11000
later 8000
later 9000
gives '401 401 401 429' wrong

it 'a limit that was larger'
forget
from_elsewhere
wrong
sql "UPDATE attempts SET due = 1000 * (UNIX_TIMESTAMP() + 1000000)"
gives '401 401 401 429' wrong

it 'a time as large as can be'
for due in 9223372036854775807 -9223372036854775808 0; do
	new_owner
	from_elsewhere
	wrong
	sql "UPDATE attempts SET due = $due"
	gives '401 401 401 429' wrong
done

# --- Old rows ---

it 'old rows go'
forget
from_elsewhere
gives '404' unknown
later 1000000
ok 'three that are over' equal "$(rows)" 3
from_elsewhere
gives '404' unknown
ok 'three that are not' equal "$(rows)" 3
ok 'and none that is' equal "$(rows 'WHERE due < 1000 * UNIX_TIMESTAMP()')" 0

it 'a million old rows'
sql "INSERT INTO attempts SELECT LPAD(HEX(seq), 32, '0'), 1000 + seq
	FROM seq_1_to_1000000"
ok 'are there' [ "$(rows)" -ge 1000000 ]
for _ in 1 2 3 4 5; do
	from_elsewhere
	unknown
	[ "$(reply_status)" = 404 ] || break
done
status 404
ok 'fewer with each attempt' equal \
	"$(rows 'WHERE due < 1000 * UNIX_TIMESTAMP()')" $((1000000 - 5 * 30))
ok 'the oldest first' equal "$(sql 'SELECT MIN(due) FROM attempts')" 1151
for _ in {1..20}; do
	from_elsewhere
	each_of_two 1 "$source" "$(new_email)"
done >"$scratch/lines"
ok 'forty at once' equal "$(at_once "$scratch/lines")" '40 404'
ok 'and fewer again' [ "$(rows)" -lt $((1000000 - 500)) ]
ok 'found by their index' matches "$(sql 'EXPLAIN DELETE FROM attempts
	WHERE due < 1700000000000 ORDER BY due LIMIT 10')" attempts_due
new_owner
from_elsewhere
gives '401 401 401 429' wrong
forget

# --- The log ---

it 'the log'
no_secrets() {
	! grep -haiE "horse|example\.org|deviceToken|$id|$mac" "${log[@]}"
}
ok 'has lines' [ "$(grep -hac 'event=throttled' "${log[main]}")" -gt 50 ]
ok 'all of one form' equal "$(grep -ha throttled "${log[@]}" | grep -vcE \
	' latchkey (login|register|change-password|me) event=throttled user=- session=- ip=127[0-9.]+$')" 0
ok 'without an address, a password or a cookie' no_secrets
ok 'and tells of no deadlock' equal \
	"$(grep -hacE '\((1213|1205)\)' "${log[apache]}")" 0

finish
