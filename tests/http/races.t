#!/bin/bash
# What happens at once.
. "$(dirname "$0")/lib.sh"

json_type='Content-Type: application/json'

# crowd COUNT NAME BODY: as many clients ask the same at once; how often each
# status came goes into $statuses ("1 201, 49 400"), the bodies into crowd-N.
crowd() {
	rm -f "$scratch"/crowd-*
	echo "$1 times POST $2 $3" >"$scratch/request"
	statuses=$(curl -sS -m 60 -Z --parallel-immediate --parallel-max "$1" \
		-X POST -H "$json_type" -d "$3" -o "$scratch/crowd-#1" \
		-w '%{http_code}\n' "$api/$2?[1-$1]" 2>"$scratch/curl" |
		sort | uniq -c | sed 's/^ *//' | paste -s -d , | sed 's/,/, /g')
	cat "$scratch/curl" >>"$scratch/request"
}

# bodies: how often each message came.
bodies() {
	jq -r .message "$scratch"/crowd-* | sort | uniq -c | sed 's/^ *//'
}

# add FILE URL LINE...: one request more in a configuration file of curl's.
add() {
	local file=$1 url=$2
	shift 2
	[ ! -s "$file" ] || echo next >>"$file"
	printf '%s\n' "url = \"$url\"" "$@" >>"$file"
}

# ask_status PATH LINE: one request more in $scratch/config, which prints its
# status and no more.
ask_status() {
	add "$scratch/config" "$api/$1" "$2" "output = \"$scratch/unread\"" \
		'write-out = "%{http_code}\n"'
}

# request NAME PATH BODY [HEADER]: one of those that duel() sends at once; its
# reply is then in $scratch/NAME, and its status in ${reply[NAME]}.
declare -A reply
request() {
	add "$scratch/duel" "$api/$2" 'request = POST' "data = $(quote "$3")" \
		"header = \"$json_type\"" "${4:+header = \"$4\"}" \
		"output = \"$scratch/$1\"" "write-out = \"$1 %{http_code}\\n\""
}

duel() {
	local name code
	while read -r name code; do
		reply[$name]=$code
	done < <(curl -sS --no-progress-meter -m 60 -Z --parallel-immediate \
		-K "$scratch/duel" 2>/dev/null)
	: >"$scratch/duel"
}

it 'fifty people sign up with one address'
email=$(new_email)
crowd 50 register "{\"email\":\"$email\",\"password\":\"correct horse\"}"
ok 'one of them does' equal "$statuses" '1 201, 49 400'
ok 'the others are told' equal "$(bodies)" \
	"49 User already exists
1 User created successfully"
ok 'there is one row' equal \
	"$(sql "SELECT COUNT(*) FROM users WHERE email = '$email'")" 1
password='correct horse'
post login "{\"email\":\"$email\",\"password\":\"$password\"}"
status 200
user_id=$(reply_json .user._id)
ok 'who was told so is it' equal "$user_id" \
	"$(jq -r 'select(.user).user._id' "$scratch"/crowd-*)"

it '64 clients refresh with one token'
log_in
crowd 64 refresh-token "{\"refreshToken\":\"$refresh\"}"
ok 'one of them does' equal "$statuses" '1 200, 63 401'
ok 'the others are told' equal "$(bodies)" \
	"1 Access token refreshed
63 Refresh token is incorrect"
old=$refresh
refresh=$(jq -r 'select(.refreshToken).refreshToken' "$scratch"/crowd-*)
access=$(jq -r 'select(.accessToken).accessToken' "$scratch"/crowd-*)
ok 'the row holds this session and the one before' equal "$(row_sessions)" 2
spent "$old"
alive "$access"
it 'the chain goes on'
crowd 64 refresh-token "{\"refreshToken\":\"$refresh\"}"
ok 'one of them does' equal "$statuses" '1 200, 63 401'
refresh=$(jq -r 'select(.refreshToken).refreshToken' "$scratch"/crowd-*)
refresh_with "$refresh"
answer 200 'Access token refreshed'
alive "$access"
ok 'no session more' equal "$(row_sessions)" 2

it '200 refreshes in a row'
new_user
post login "{\"email\":\"$email\",\"password\":\"$password\"}" -c "$scratch/jar"
# One curl, which keeps cookies and connection.
curl -sS -m 60 -X POST -d '' -b "$scratch/jar" -c "$scratch/jar" \
	-D "$scratch/heads" -o "$scratch/last" -w '%{http_code}\n' \
	"$api/refresh-token?[1-200]" >"$scratch/statuses"
ok 'all of them work' equal "$(sort "$scratch/statuses" | uniq -c)" '    200 200'
tr -d '\r' <"$scratch/heads" |
	sed -n 's/^[Ss]et-[Cc]ookie: refreshToken=\([^;]*\);.*/\1/p' >"$scratch/chain"
ok 'all tokens are distinct' equal "$(sort -u "$scratch/chain" | wc -l)" 200
while read -r token; do
	ask_status refresh-token "data = \"refreshToken=$token\""
done < <(head -n 199 "$scratch/chain")
ok 'none of the older ones works' equal \
	"$(curl -sS -m 60 -K "$scratch/config" | sort | uniq -c)" '    199 401'
refresh_with "$(tail -n 1 "$scratch/chain")"
answer 200 'Access token refreshed'
alive "$access"
ok 'the row holds one session' equal "$(row_sessions)" 1

it 'twenty log-ins at once'
new_user
crowd 20 login "{\"email\":\"$email\",\"password\":\"$password\"}"
ok 'they all work' equal "$statuses" '20 200'
ok 'sixteen sessions stay' equal "$(row_sessions)" 16
open=0
for file in "$scratch"/crowd-*; do
	get me -H "Authorization: Bearer $(jq -r .accessToken "$file")"
	[ "$(reply_status)" != 200 ] || open=$((open + 1))
done
ok 'and sixteen access tokens work' equal "$open" 16

# Ending a session against a refresh of it: whoever comes first, once the end
# has been answered, no token works, not the one that the racer got either.

# count_live ACCESS REFRESH...: pairs of tokens; $live counts those that work.
live=0
count_live() {
	: >"$scratch/config"
	while [ $# -ge 2 ]; do
		ask_status me "header = \"Authorization: Bearer $1\""
		ask_status refresh-token "data = \"refreshToken=$2\""
		shift 2
	done
	live=$((live + $(curl -sS -m 60 -K "$scratch/config" | grep -cv '^401$')))
}

it 'logging out against a refresh, 50 times'
new_user
ended=0 refreshed=0
for i in {1..50}; do
	log_in
	# Now one is a little ahead, now the other.
	[ $((i % 2)) = 0 ] || request end logout '' "Authorization: Bearer $access"
	request refresh refresh-token "{\"refreshToken\":\"$refresh\"}"
	[ $((i % 2)) = 1 ] || request end logout '' "Authorization: Bearer $access"
	duel
	[ "${reply[end]}" != 200 ] || ended=$((ended + 1))
	count_live "$access" "$refresh"
	if [ "${reply[refresh]}" = 200 ]; then
		refreshed=$((refreshed + 1))
		cp "$scratch/refresh" "$scratch/body"
		count_live "$(reply_json .accessToken)" "$(reply_json .refreshToken)"
	fi
done
echo "# $refreshed refreshes came first"
ok 'every log-out works' equal "$ended" 50
ok 'no token does after it' equal "$live" 0
ok 'no session is left' equal "$(row_sessions)" 0

it 'changing the password while another session refreshes, 20 times'
ended=0 refused=0 rounds=0 live=0
log_in
own=$access
for i in {1..20}; do
	log_in -c "$scratch/jar"
	# It does so until it is refused.
	curl -sf --fail-early -m 60 -X POST -d '' -b "$scratch/jar" \
		-c "$scratch/jar" -D "$scratch/heads" -o "$scratch/last" \
		"$api/refresh-token?[1-500]" &
	post change-password \
		"{\"oldPassword\":\"$password\",\"newPassword\":\"horse $i\"}" \
		-H "Authorization: Bearer $own"
	[ "$(reply_status)" != 200 ] || ended=$((ended + 1))
	password="horse $i"
	wait $!
	rounds=$((rounds + $(grep -c '^HTTP.* 200' "$scratch/heads")))
	[ "$(grep -c '^HTTP.* 401' "$scratch/heads")" != 1 ] || refused=$((refused + 1))
	cp "$scratch/heads" "$scratch/head"
	count_live "$(reply_cookie accessToken | tail -n 1)" \
		"$(reply_cookie refreshToken | tail -n 1)"
done
echo "# $rounds refreshes came first"
ok 'every change works' equal "$ended" 20
ok 'and every time the refreshes came to their end' equal "$refused" 20
ok 'no token of the others does after it' equal "$live" 0
ok 'the session that changed it stays, alone' equal "$(row_sessions)" 1
alive "$own"

it 'two log-outs at once'
log_in
request one logout '' "Authorization: Bearer $access"
request two logout '' "Authorization: Bearer $access"
duel
ok 'one ends the session, to the other it has ended' matches \
	"${reply[one]} ${reply[two]}" '^(200 401|401 200)$'
dead "$access"

it 'two changes of the password at once'
log_in
log_in
old=$password
request one change-password \
	"{\"oldPassword\":\"$old\",\"newPassword\":\"number one\"}" \
	"Authorization: Bearer $own"
request two change-password \
	"{\"oldPassword\":\"$old\",\"newPassword\":\"number two\"}" \
	"Authorization: Bearer $own"
duel
ok 'one changes it, to the other the old one is wrong' matches \
	"${reply[one]} ${reply[two]}" '^(200 401|401 200)$'
password='number one'
[ "${reply[one]}" = 200 ] || password='number two'
log_in

finish
