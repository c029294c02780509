#!/bin/bash
# The clock at the second before, at, and after: the programs' time is frozen
# where this page wants it, the database's is not.
# shellcheck source=tests/faults/instance.sh
. "$(dirname "$0")/instance.sh"

start=1800000000
clock=$(mktemp -d)
chmod 755 "$clock"

# All that the programs ask for the time is clock_gettime().  (libfaketime would
# do, but for its semaphore, on which a web server may wait for ever once one of
# its programs was killed.)
"${CC:-cc}" -shared -fPIC -o "$clock/frozen.so" -x c - <<-END || exit 1
	#define _GNU_SOURCE
	#include <fcntl.h>
	#include <stdlib.h>
	#include <sys/syscall.h>
	#include <time.h>
	#include <unistd.h>

	int clock_gettime(clockid_t id, struct timespec *out)
	{
		char text[32] = "";
		int fd;

		if (id != CLOCK_REALTIME)
			return (int)syscall(SYS_clock_gettime, id, out);
		fd = open("$clock/now", O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
			abort();
		close(fd);
		out->tv_sec = atoll(text);
		out->tv_nsec = 0;
		return 0;
	}
END
chmod 755 "$clock/frozen.so"

# now OFFSET: it is so many seconds after the start of the page, and stays so.
now() {
	echo $((start + $1)) >"$clock/new"
	chmod 644 "$clock/new"
	mv "$clock/new" "$clock/now"
}

# A variable of the server's script that is not in its environment: it is for
# the server alone, not for the tools that start it.
echo "LD_PRELOAD=$clock/frozen.so" >"$clock/variables"

# serve [NAME=VALUE...]: a web server in that time, on the one database.
serve() {
	now 0
	instance_start DB_RUN_DIR="$database" BASH_ENV="$clock/variables" \
		PROGRAM_ENV='ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS LD_PRELOAD' \
		"$@"
}

# in_row FILTER: what jq makes of the session in the row.
in_row() {
	sql "SELECT JSON_EXTRACT(refresh_token, '$.\"$session\"') FROM users
		WHERE id = X'${user_id//-/}'" | sed 's/^NULL$/null/' | jq -c "$1"
}

claim() {
	claims "$1" | jq -c "$2"
}

# lives ACCESS_S REFRESH_S: Max-Age of the two cookies that came.
lives() {
	ok "cookies for $1 s and $2 s" equal "$(reply_header Set-Cookie |
		sed 's/=.*Max-Age=\([0-9]*\).*/ \1/')" "accessToken $1
refreshToken $2"
}

expired_refresh() {
	post refresh-token "{\"refreshToken\":\"$1\"}"
	bad_token 'jwt expired'
	no_header Set-Cookie
}

logged_reuse() {
	grep -c " event=refresh_token_reuse .*session=$session" "$LATCHKEY_LOG"
}

trap 'rm -rf "$clock"; instances_stop' EXIT
database_start
serve REFRESH_GRACE=10 REUSE_ENDS_SESSION=1

it 'the clock'
new_user
ok 'is where it was put' equal "$(reply_json .user.createdAt)" \
	2027-01-15T08:00:00.000Z
log_in
ok 'in the tokens' equal "$(claim "$access" .iat) $(claim "$refresh" .iat)" \
	"$start $start"
ok 'in the row' equal "$(in_row '[.opened, .rotated]')" "[$start,[$start]]"
sleep 1.1
log_in
ok 'and stays there' equal "$(claim "$access" .iat)" "$start"
ok "but not the database's" unequal "$(sql 'SELECT UNIX_TIMESTAMP() DIV 1000')" \
	"$((start / 1000))"

it 'an access token lives for 900 s'
now 0
log_in
ok 'as it says' equal "$(claim "$access" .exp)" $((start + 900))
two_cookies
for second in 0 899; do
	now "$second"
	alive "$access"
done
for second in 900 901; do
	now "$second"
	get me -H "Authorization: Bearer $access"
	bad_token 'jwt expired'
	get sessions -b "accessToken=$access"
	bad_token 'jwt expired'
done

it 'a refresh token lives for 1296000 s'
for second in 1295998 1295999 1296000 1296001; do
	now 0
	log_in
	ok 'as it says' equal "$(claim "$refresh" .exp)" $((start + 1296000))
	now "$second"
	if [ "$second" -lt 1296000 ]; then
		refresh_with "$refresh"
		answer 200 'Access token refreshed'
		two_cookies
		ok 'anew' equal "$(claim "$refresh" '[.iat, .exp]')" \
			"[$((start + second)),$((start + second + 1296000))]"
	else
		expired_refresh "$refresh"
		post logout "{\"refreshToken\":\"$refresh\"}"
		answer 401 'Token not found'
	fi
done

it 'a token spent at most 10 s ago'
now 0
log_in
first=$refresh
now 100
refresh_with "$first"
second=$refresh
for after in 0 1 9 10; do
	now $((100 + after))
	refresh_with "$first"
	status 200
	ok 'the one successor' equal "$refresh" "$second"
	lives 900 $((1296000 - after))
	ok 'nothing written' equal "$(in_row .rotated)" \
		"[$start,$((start + 100))]"
	alive "$access"
done
ok 'no word of reuse' equal "$(logged_reuse)" 0

it 'a token spent 11 s ago'
now 111
spent "$first"
dead "$access"
spent "$second"
ok 'not in the row' equal "$(in_row .)" null
ok 'logged once' equal "$(logged_reuse)" 1

it 'a token spent 12 s ago'
now 0
log_in
first=$refresh
refresh_with "$first"
now 12
spent "$first"
dead "$access"

it 'spent tokens of several ages'
now 0
log_in
tokens=("$refresh")
for second in 2 4 12; do
	now "$second"
	refresh_with "${tokens[-1]}"
	tokens+=("$refresh")
done
for i in 0 1 2; do
	refresh_with "${tokens[i]}"
	status 200
	ok 'led to the newest' equal "$refresh" "${tokens[3]}"
done
ok 'the row knows the last 10 s' equal "$(in_row .rotated)" \
	"[$((start + 2)),$((start + 4)),$((start + 12))]"
now 14
refresh_with "${tokens[1]}"
status 200
ok 'the second is in time' equal "$refresh" "${tokens[3]}"
spent "${tokens[0]}"
dead "$access"
spent "${tokens[3]}"

it 'a session unused for 15 days'
new_user
now 0
log_in
first_session=$session first_access=$access
now 1295999
log_in
get sessions -H "Authorization: Bearer $access"
json '.sessions | length' 2
ok 'two in the row' equal "$(row_sessions)" 2
now 1296000
get sessions -H "Authorization: Bearer $access"
json '.sessions | length' 1
get me -H "Authorization: Bearer $first_access"
bad_token 'jwt expired'
ok 'still in the row' equal "$(row_sessions)" 2
refresh_with "$refresh"
ok 'gone with the next write' equal "$(row_sessions)" 1
session=$first_session
ok 'that one' equal "$(in_row .)" null

it 'a clock that goes back'
new_user
for back in 1 30 59 60; do
	now 1000
	log_in
	refresh_with "$refresh"
	before=$refresh
	now $((1000 - back))
	alive "$access"
	refresh_with "$before"
	status 200
	ok 'rotated' unequal "$refresh" "$before"
	ok 'times ascend' equal "$(claim "$refresh" .iat)" $((start + 1000))
	alive "$access"
	newest=$refresh
	refresh_with "$before"
	status 200
	ok 'the spent one is led there' equal "$refresh" "$newest"
	now 1001
	refresh_with "$newest"
	status 200
	alive "$access"
done
ok 'no word of reuse' equal "$(logged_reuse)" 0

it 'a token that is ahead'
now 1061
log_in
now 1001
alive "$access"
now 1000
get me -H "Authorization: Bearer $access"
bad_token 'invalid token'
spent_not=$refresh
post refresh-token "{\"refreshToken\":\"$spent_not\"}"
bad_token 'invalid token'
no_header Set-Cookie
now 1061
alive "$access"
refresh_with "$refresh"
status 200

it 'a clock that was an hour ahead for a while'
now 4600
log_in
first=$refresh
refresh_with "$first"
now 1000
get me -H "Authorization: Bearer $access"
bad_token 'invalid token'
post refresh-token "{\"refreshToken\":\"$first\"}"
bad_token 'invalid token'
now 4611
spent "$first"
dead "$access"

# From here on each part has settings of its own.

it 'a session of at most 2000 s'
serve SESSION_MAX_AGE=2000 REFRESH_GRACE=10
new_user
log_in
lives 900 2000
ok 'the refresh token ends with it' equal "$(claim "$refresh" .exp)" \
	$((start + 2000))
now 1100
refresh_with "$refresh"
lives 900 900
ok 'both end with it' equal "$(claim "$access" .exp) $(claim "$refresh" .exp)" \
	"$((start + 2000)) $((start + 2000))"
now 1101
before=$refresh
refresh_with "$before"
lives 899 899
ok 'neither outlives it' equal \
	"$(claim "$access" .exp) $(claim "$refresh" .exp)" \
	"$((start + 2000)) $((start + 2000))"
now 1999
refresh_with "$refresh"
lives 1 1
alive "$access"
for second in 2000 2001; do
	now "$second"
	get me -H "Authorization: Bearer $access"
	bad_token 'jwt expired'
	expired_refresh "$refresh"
done
ok 'still in the row' equal "$(in_row .opened)" "$start"
now 2000
log_in
ok 'gone with the next write' equal "$(row_sessions)" 1
lives 900 2000

it 'a spent token, answered at the very end'
now 2005
before=$refresh
refresh_with "$before"
now 2015
refresh_with "$before"
lives 900 1985
ok 'no longer than the session' equal \
	"$(claim "$access" .exp) $(claim "$refresh" .exp)" \
	"$((start + 2915)) $((start + 4000))"

it 'a limit that came later than the tokens'
now 0
log_in
instance_stop
serve SESSION_MAX_AGE=1000 REFRESH_GRACE=10
now 899
alive "$access"
now 999
refresh_with "$refresh"
lives 1 1
alive "$access"
instance_stop
serve SESSION_MAX_AGE=0 REFRESH_GRACE=10
now 999
refresh_with "$refresh"
instance_stop
serve SESSION_MAX_AGE=1000 REFRESH_GRACE=10
now 1000
dead "$access"
spent "$refresh"

it '90 days, with the default'
instance_stop
serve SESSION_MAX_AGE=7776000 REFRESH_GRACE=10
log_in
for i in 1 2 3 4 5 6; do
	now $((i * 1295999))
	refresh_with "$refresh"
	status 200
done
lives 6 6
now 7775999
alive "$access"
now 7776000
expired_refresh "$refresh"

it 'without a limit'
instance_stop
serve SESSION_MAX_AGE=0 REFRESH_GRACE=10
log_in
for i in 1 2 3 4 5 6 7; do
	now $((i * 1295999))
	refresh_with "$refresh"
	status 200
	lives 900 1296000
done
alive "$access"

finish
