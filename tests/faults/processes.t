#!/bin/bash
# Programs that are killed, told to stop, or spoken to in odd ways.
. "$(dirname "$0")/instance.sh"

fastcgi=$(dirname "$0")/fastcgi.py

# --- Servers, and going from one to the other ---

declare -A url_of run_of

start() { # NAME [NAME=VALUE...]
	local name=$1
	shift
	instance_start "$@"
	url_of[$name]=$LATCHKEY_URL run_of[$name]=$run
}

use() { # NAME
	run=${run_of[$1]}
	LATCHKEY_URL=${url_of[$1]}
	api=$LATCHKEY_URL/api/v1/users
	LATCHKEY_LOG=$run/log/web.log
}

start lighttpd
main=$run
start apache SERVER=apache DB_RUN_DIR="$main"
start apache-cgi SERVER=apache-cgi DB_RUN_DIR="$main"
start slow BCRYPT_COST=13 DB_RUN_DIR="$main"
start single PROCESSES=1 DB_RUN_DIR="$main"
start forked SERVER=nginx BCRYPT_COST=13 DB_RUN_DIR="$main"
all=(lighttpd apache apache-cgi)

use lighttpd
new_user
fast_credentials="{\"email\":\"$email\",\"password\":\"$password\"}"
# Somebody else, whose session stays when the log-ins push out one another.
new_user
log_in
bearer=(-H "Authorization: Bearer $access")

well() { # what must always go on
	get me "${bearer[@]}"
	ok 'me is well' equal "$(reply_status)" 200
	post login "$fast_credentials"
	ok 'login is well' equal "$(reply_status)" 200
}

priorities() { # NAME...: nice(1) of their processes
	local name
	for name; do
		# shellcheck disable=SC2046 # pids
		ps -o ni= -p $(programs "$name" | tr ' ' ,)
	done | sort -un | xargs
}

it 'who hashes passwords leaves the processor to the others'
ok 'those that hash' equal \
	"$(priorities login register change-password change-email reset-password)" 10
ok 'and those that do not' equal "$(priorities index me sessions logout refresh-token)" 0

# --- Killed, and told to stop ---

many() { # COUNT: "me", four at a time; "COUNT STATUS" a line
	local i options=()
	for ((i = 0; i < $1; i++)); do options+=(-o /dev/null "$api/me"); done
	curl -Z --parallel-max 4 --parallel-immediate -m 60 "${bearer[@]}" \
		-w '%{http_code}\n' "${options[@]}" 2>/dev/null |
		sort | uniq -c | sed 's/^ *//'
}

has_processes() { # NAME COUNT
	[ "$(programs "$1" | wc -w)" = "$2" ]
}

gone() { # PID...
	local pid
	for pid; do
		! grep -qs '^State:.[^ZX]' "/proc/$pid/status" || return 1
	done
}

load() {
	until [ -e "$scratch/enough" ]; do many 500; done
}

it 'processes are killed under load'
read -ra pids < <(programs me)
count=${#pids[@]}
load >"$scratch/statuses" &
load=$!
for _ in 1 2 3; do
	read -ra pids < <(programs me)
	victim=${pids[RANDOM % count]}
	kill -KILL "$victim"
	await 10 gone "$victim"
	ok 'another one is started' await 10 has_processes me "$count"
done
touch "$scratch/enough"
wait "$load"
awk '{ count[$2] += $1 } END { for (status in count) print status, count[status] }' \
	"$scratch/statuses" >"$scratch/counts"
lost=$(awk '$1 != 200 { lost += $2 } END { print lost + 0 }' "$scratch/counts")
ok 'many are served' [ "$(awk '$1 == 200 { print $2 }' "$scratch/counts")" -ge 400 ]
ok 'and no more than two a death are not' [ "$lost" -le 6 ]
ok 'those with 500' equal "$(grep -v '^200 \|^500 ' "$scratch/counts")" ''
ok 'and serve' equal "$(many 20)" '20 200'

# A log-in that takes the better part of a second, and who is at it.
log_in_slowly() {
	local scratch=$scratch/slow
	mkdir -p "$scratch"
	post login "$credentials"
}

ticks() { # PID: of the processor, used so far
	local fields
	read -ra fields <"/proc/$1/stat"
	echo $((fields[13] + fields[14]))
}

at_work() { # leaves its pid in $worker
	for worker in "${!idle[@]}"; do
		[ "$(ticks "$worker")" -lt $((idle[$worker] + 5)) ] || return 0
	done 2>/dev/null
	return 1
}

slow_reply() { # CHECK...: of the log-in above
	local scratch=$scratch/slow
	"$@"
}

begin_slowly() {
	local pid
	declare -gA idle=()
	for pid in $(programs login); do idle[$pid]=$(ticks "$pid"); done
	log_in_slowly &
	client=$!
	ok 'a log-in is in hand' await 10 at_work
}

use slow
new_user
credentials="{\"email\":\"$email\",\"password\":\"$password\"}"
for signal in TERM USR1; do
	it "SIG$signal while a log-in is in hand"
	begin_slowly
	kill "-$signal" "${!idle[@]}"
	ok 'which goes on' kill -0 "$client"
	for pid in "${!idle[@]}"; do
		[ "$pid" = "$worker" ] ||
			ok 'who is idle is gone within 3 s' await 3 gone "$pid"
	done
	wait "$client"
	slow_reply answer 200 'Logged in successfully'
	slow_reply two_cookies
	ok 'and who answered is gone then' await 3 gone "$worker"
	slow_access=$(slow_reply reply_json .accessToken)
	get me -H "Authorization: Bearer $slow_access"
	ok 'it counts' equal "$(reply_status)" 200
	ok 'others are started' await 10 has_processes login "${#idle[@]}"
	for pid in $(programs login); do
		ok 'not the same' [ -z "${idle[$pid]-}" ]
	done
	post login "$credentials"
	ok 'and serve' equal "$(reply_status)" 200
done

it 'a process is killed while a log-in is in hand'
begin_slowly
kill -KILL "$worker"
wait "$client"
slow_reply answer 500 'Something went wrong'
slow_reply no_header Set-Cookie
post login "$credentials"
ok 'the next one is served' equal "$(reply_status)" 200

# Behind nginx the programs make their processes themselves.
use forked
it 'a process is killed that was forked'
before=$(programs login)
parent=$(parents login)
ok 'there is a parent' matches "$parent" '^[0-9]+$'
kill -KILL "${before%% *}"
ok 'it is gone' await 10 gone "${before%% *}"
ok 'another one is started' await 10 has_processes login "$(wc -w <<<"$before")"
post login "$credentials"
ok 'and serves' equal "$(reply_status)" 200

it 'SIGTERM to a parent while a log-in is in hand'
begin_slowly
kill -TERM "$parent"
wait "$client"
slow_reply answer 200 'Logged in successfully'
ok 'all are gone' await 5 gone "$parent" "${!idle[@]}"

it 'a parent is killed'
before=$(programs me)
kill -KILL "$(parents me)"
# shellcheck disable=SC2086 # pids
ok 'nobody is left alone' await 5 gone $before
use lighttpd
well

# --- Bodies cut short ---

# send METHOD NAME LENGTH BODY [half|close]: over a socket, as it is.
send() {
	local method=$1 name=$2 length=$3 body=$4
	shift 4
	echo "$method $name, Content-Length $length, $*: $body" >"$scratch/request"
	printf '%s /api/v1/users/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n%s\r\n\r\n%s' \
		"$method" "$name" "${LATCHKEY_URL#*//}" "Content-Length: $length" \
		'Content-Type: application/json' "$body" |
		"$fastcgi" http "${LATCHKEY_URL##*:}" "$scratch/head" "$scratch/body" "$@"
}

rows() { # EMAIL
	sql "SELECT COUNT(*) FROM users WHERE email = '$1'"
}

same_processes() {
	[ "$(programs '')" = "$before" ]
}

refused() { # [WHAT]: not done, whatever is said about it
	ok "${1-}nothing like success" matches "$(reply_status)" '^(|400|411|413|500)$'
	ok "${1-}no cookie" equal "$(reply_header Set-Cookie)" ''
}

for name in "${all[@]}"; do
	use "$name"
	it "a body cut short behind $name"
	before=$(programs '')
	email=$(new_email)
	body="{\"email\":\"$email\",\"password\":\"correct horse\"}"
	for length in $((${#body} + 1)) $((${#body} + 1000)) 100000 5000000; do
		for end in half close; do
			send POST register "$length" "$body" "$end"
			refused "$length ($end): "
		done
	done
	send POST register $((${#body} - 1)) "$body"
	answer 400 'Invalid JSON body'

	it "a length that is none behind $name"
	for length in '' -1 +5 "${#body}x" 0x50 99999999999999999999; do
		send POST register "$length" "$body" half
		refused "'$length': "
	done

	it "after bodies cut short behind $name"
	ok 'nobody is signed up' equal "$(rows "$email")" 0
	ok 'the same processes live on' await 5 same_processes
	send POST register "${#body}" "$body"
	ok 'the whole of it is welcome' equal "$(reply_status)" 201
	well

	it "a body without a length behind $name"
	post login "$fast_credentials" -H 'Transfer-Encoding: chunked'
	answer 200 'Logged in successfully'
	two_cookies
	post refresh-token "{\"refreshToken\":\"$(reply_json .refreshToken)\"}" \
		-H 'Transfer-Encoding: chunked'
	answer 200 'Access token refreshed'
	post login '' -H 'Transfer-Encoding: chunked'
	answer 400 'Email and password are required'
	head -c 102401 /dev/zero >"$scratch/large"
	post login "@$scratch/large" -H 'Transfer-Encoding: chunked'
	answer 413 'Request body too large'
done

# --- Straight to a program ---

# record ROLE NAME BODY [NAME=VALUE...]: by the records of FastCGI.
record() {
	local role=$1 name=$2 body=$3
	shift 3
	echo "$role $name $* $body" >"$scratch/request"
	printf %s "$body" | "$fastcgi" ask "$run/web/$name-0" "$role" \
		"$scratch/head" "$scratch/body" "$@"
}

use single
path=/api/v1/users
before=$(programs '')
posted=(REQUEST_METHOD=POST "REQUEST_URI=$path/login" CONTENT_TYPE=application/json)
size=${#fast_credentials}

it 'CONTENT_LENGTH as it should be'
record RESPONDER login "$fast_credentials" "${posted[@]}" "CONTENT_LENGTH=$size"
answer 200 'Logged in successfully'
two_cookies

for length in $((size - 1)) $((size + 1)) $((size + 1000)) 1 "+$size" "-$size" -1 \
	"${size}x" " $size" "$size " "$size,$size" 0x5 1e2 -; do
	it "CONTENT_LENGTH '$length' of $size bytes"
	record RESPONDER login "$fast_credentials" "${posted[@]}" "CONTENT_LENGTH=$length"
	answer 400 'Invalid JSON body'
	no_header Set-Cookie
done
for length in 102401 99999999999 18446744073709551700 "$(printf '%040d' 9)9999999"; do
	it "CONTENT_LENGTH '$length' of $size bytes"
	record RESPONDER login "$fast_credentials" "${posted[@]}" "CONTENT_LENGTH=$length"
	answer 413 'Request body too large'
	no_header Set-Cookie
done
it 'CONTENT_LENGTH empty, 0 or missing'
for length in CONTENT_LENGTH= CONTENT_LENGTH=0 NOTHING=; do
	record RESPONDER login "$fast_credentials" "${posted[@]}" "$length"
	answer 400 'Email and password are required'
	no_header Set-Cookie
done
it 'CONTENT_LENGTH without a body'
record RESPONDER login '' "${posted[@]}" "CONTENT_LENGTH=$size"
answer 400 'Invalid JSON body'

it 'no method, and no path'
record RESPONDER login "$fast_credentials" "${posted[@]:1}" "CONTENT_LENGTH=$size"
answer 405 'Method not allowed'
record RESPONDER login "$fast_credentials" REQUEST_METHOD= "${posted[@]:1}" \
	"CONTENT_LENGTH=$size"
answer 405 'Method not allowed'
record RESPONDER login "$fast_credentials" REQUEST_METHOD=post "${posted[@]:1}" \
	"CONTENT_LENGTH=$size"
answer 405 'Method not allowed'
record RESPONDER login "$fast_credentials" "${posted[0]}" "${posted[2]}" \
	"CONTENT_LENGTH=$size"
answer 404 'Not found'
record RESPONDER login ''
ok 'nothing at all is refused' matches "$(reply_status)" '^40[0-9]$'

# Whoever asks a guard takes 200 for yes.
use_jar() {
	jar=("HTTP_COOKIE=accessToken=$access; refreshToken=$refresh")
}
new_user
log_in
use_jar
body="{\"email\":\"$email\",\"password\":\"$password\"}"
for role in AUTHORIZER FILTER; do
	for name in index me sessions logout refresh-token login; do
		it "$name as $role"
		method=POST
		case $name in index | me | sessions) method=GET ;; esac
		uri=$path/$name
		[ "$name" != index ] || uri=/
		record "$role" "$name" "$body" "REQUEST_METHOD=$method" \
			"REQUEST_URI=$uri" "CONTENT_LENGTH=${#body}" \
			CONTENT_TYPE=application/json "${jar[@]}"
		answer 500 'Something went wrong'
		no_header Set-Cookie
	done
done
ok 'the log says what is wrong' grep -qa AUTHORIZER "$LATCHKEY_LOG"
get me -H "Authorization: Bearer $access"
ok 'and nobody is signed out' equal "$(reply_status)" 200
refresh_with "$refresh"
ok 'nor a token spent' equal "$(reply_status)" 200

it 'nonsense'
printf 'GET / HTTP/1.0\r\n\r\n' | "$fastcgi" raw "$run/web/me-0"
head -c 3000 /dev/urandom | "$fastcgi" raw "$run/web/me-0"
printf '\1\1\0\1\0\10\0\0\0\1' | "$fastcgi" raw "$run/web/me-0"
for _ in 1 2 3 4 5; do
	"$fastcgi" leave "$run/web/me-0" REQUEST_METHOD=GET "REQUEST_URI=$path/me" \
		"HTTP_AUTHORIZATION=Bearer $access"
done
record RESPONDER me '' REQUEST_METHOD=GET "REQUEST_URI=$path/me" \
	"HTTP_AUTHORIZATION=Bearer $access"
ok 'the process serves on' equal "$(reply_json .user.email)" "$email"
ok 'the same processes live on' same_processes

it 'two people and a nobody in turn, over one process'
one=$email one_access=$access
new_user
log_in
asked=(REQUEST_METHOD=GET "REQUEST_URI=$path/me")
"$fastcgi" alternate "$run/web/me-0" 300 \
	"${asked[@]}" "HTTP_COOKIE=accessToken=$one_access" -- \
	"${asked[@]}" "HTTP_AUTHORIZATION=Bearer $access" -- \
	"${asked[@]}" >"$scratch/replies"
ok 'each has an answer' equal "$(wc -l <"$scratch/replies")" 300
ok 'and always the same' equal "$(sort -u "$scratch/replies" | wc -l)" 3
ok 'the first their own' equal \
	"$(sed -n '1~3p' "$scratch/replies" | jq -r .user.email | sort | uniq -c | xargs)" \
	"100 $one"
ok 'the second theirs' equal \
	"$(sed -n '2~3p' "$scratch/replies" | jq -r .user.email | sort | uniq -c | xargs)" \
	"100 $email"
ok 'and nobody nothing' equal "$(sed -n '3~3p' "$scratch/replies" | sort -u)" \
	'{"message":"Token not found"}'

# --- Clients that are slow, or gone ---

slow_clients=()

# open_slowly NAME: twenty that have sent their head and the first of the body.
open_slowly() {
	local fd
	use "$1"
	for _ in {1..20}; do
		exec {fd}<>"/dev/tcp/127.0.0.1/${LATCHKEY_URL##*:}"
		slow_clients+=("$fd")
		printf 'POST %s/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n%s\r\n\r\n%s' \
			"$path" 'Content-Type: application/json' \
			"Content-Length: $size" "${fast_credentials:0:1}" >&"$fd"
	done
}

it 'a byte a second, from twenty clients of each server'
for name in "${all[@]}"; do open_slowly "$name"; done
for second in 1 2 3; do
	for fd in "${slow_clients[@]}"; do
		printf %s "${fast_credentials:$second:1}" >&"$fd"
	done
	SECONDS=0
	for name in "${all[@]}"; do
		use "$name"
		get me "${bearer[@]}" -w '%{time_total}' >"$scratch/took"
		ok "me is served behind $name" equal "$(reply_status)" 200
		ok 'at once' sooner 2
		post login "$fast_credentials" -w '%{time_total}' >"$scratch/took"
		ok "login is served behind $name" equal "$(reply_status)" 200
		ok 'in time' sooner 3
	done
	await 2 [ "$SECONDS" -ge 1 ]
done
for fd in "${slow_clients[@]}"; do
	printf %s "${fast_credentials:4}" >&"$fd"
done
for i in 0 20 40; do
	ok 'the patient are served in the end' matches \
		"$(timeout 30 cat <&"${slow_clients[i]}")" '^HTTP/1.1 200 '
done
for fd in "${slow_clients[@]}"; do exec {fd}>&-; done

it 'clients that do not wait for the answer'
for name in "${all[@]}"; do
	use "$name"
	before=$(programs '')
	for _ in 1 2 3 4 5 6; do
		send POST login "$size" "$fast_credentials" close
	done
	well
	[ "$name" = apache-cgi ] ||
		ok "the same processes live on behind $name" same_processes
done

finish
