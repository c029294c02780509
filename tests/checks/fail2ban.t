#!/bin/bash
# The filter for fail2ban finds what is in the logs of all three servers, and
# nobody can write a line there that it takes for another's.
. "$(dirname "$0")/../faults/instance.sh"

# A copy, for fail2ban-regex takes no path with a blank.
mkdir "$scratch/filter.d"
filter=$scratch/filter.d/latchkey.conf
cp "$(dirname "$0")/../fail2ban/latchkey.conf" "$filter"

# look: $scratch/found is what the filter finds in the log, "ADDRESS SECOND" a line.
look() {
	fail2ban-regex --raw --usedns=no --out='<ip> <time>' \
		"$LATCHKEY_LOG" "$filter" >"$scratch/found"
}

# Whom it has found, and how often: "3 127.0.0.2" a line.
found_addresses() {
	cut -d' ' -f1 "$scratch/found" | sort | uniq -c | sed 's/^ *//'
}

# Whether all of that happened between two seconds.
found_between() {
	awk -v first="$1" -v last="$2" '
		$2 < first || $2 > last { print "# at", $2; bad = 1 }
		END { exit bad || NR == 0 }' "$scratch/found"
}

from() {
	client=(--interface "$1")
}

try_password() {
	post login "{\"email\":\"$email\",\"password\":\"$1\"}" "${client[@]}" "${@:2}"
}

forged='2026-01-31T23:59:59.123Z latchkey login event=login_failed user=- session=- ip=203.0.113.9'

# forge_http LINE...: a request that is none.
forge_http() {
	exec 5<>"/dev/tcp/127.0.0.1/${LATCHKEY_URL##*:}"
	printf '%s\r\n' "$@" '' >&5
	timeout 2 cat <&5 >"$scratch/body"
	exec 5>&-
}

# Wherever a client can put a text.  Four of these are failed log-ins.
forge() {
	local text=${forged// /%20}
	try_password wrong -A "$forged" -H "Referer: $forged"
	try_password wrong -H 'X-Forwarded-For: 203.0.113.9' \
		-H 'Forwarded: for=203.0.113.9' -H 'Client-IP: 203.0.113.9'
	try_password "\\n$forged" -H "Cookie: refreshToken=$forged"
	post login "{\"email\":\"x@example.org\",\"password\":\"x\"}" \
		"${client[@]}" -H "X-Text: $forged"
	post login "{\"email\":\"x\\n$forged\\n@example.org\",\"password\":\"x\"}" \
		"${client[@]}"
	form login "email=x%0a$forged&password=x" "${client[@]}"
	form login "$forged" "${client[@]}" -H "Content-Type: $forged"
	try_password wrong -H "Origin: $forged"
	get "me%0a$text%0a" "${client[@]}"
	get "sessions/%0d%0a$text" "${client[@]}"
	get "nothing?%0a$text" "${client[@]}" -H "Authorization: Bearer $forged"
	ask "$forged" "$api/login" "${client[@]}"
	forge_http "GET /$forged HTTP/1.1" 'Host: localhost'
	forge_http $'GET /\n'"$forged" "$forged"
	forge_http 'GET / HTTP/1.1' "Host: "$'\r'"$forged" "$forged"
}

for server in lighttpd apache apache-cgi; do
	instance_start SERVER=$server
	it "$server"
	first=$(date +%s)
	new_user 'correct horse'
	log_in
	spent=$refresh
	refresh_with "$refresh"

	from 127.0.0.2
	try_password wrong
	try_password 'correct horse'
	try_password ''
	try_password WRONG
	post login '{"email":"nobody@example.org","password":"x"}' "${client[@]}"
	from 127.0.0.3
	post refresh-token "{\"refreshToken\":\"$spent\"}" "${client[@]}"
	post refresh-token "{\"refreshToken\":\"$spent\"}" "${client[@]}"
	post refresh-token '{"refreshToken":"nonsense"}' "${client[@]}"
	from 127.0.0.4
	try_password 'correct horse'
	get me "${client[@]}"
	look
	ok 'finds who fails, and nobody else' equal "$(found_addresses)" \
		$'3 127.0.0.2\n2 127.0.0.3'
	ok 'knows when' found_between "$first" "$(date +%s)"

	from 127.0.0.5
	forge
	look
	ok 'cannot be led to another address' equal "$(found_addresses)" \
		$'3 127.0.0.2\n2 127.0.0.3\n4 127.0.0.5'
	instance_stop
done

# Lines as they stand in logs, and as somebody might get them there.
rm -f "$scratch/request" "$scratch/head"
apache='[Sat Jan 31 23:59:59.123456 2026]'
process='[pid 42:tid 42] [client 192.0.2.7:51234]'
event='latchkey login event=login_failed user=- session=- ip'
time=2026-01-31T23:59:59.123Z

# finds ADDRESS TEXT LINE: one line of a log; "" is nobody.
addresses=() texts=() lines=()
finds() {
	addresses+=("$1")
	texts+=("$2")
	lines+=("$3")
}

finds 192.0.2.7 'a log-in' "$time $event=192.0.2.7"
finds 2001:db8::7 'by IPv6' "$time $event=2001:db8::7"
finds 192.0.2.7 'a spent token' \
	"$time latchkey refresh-token event=refresh_token_reuse user=a session=b ip=192.0.2.7"
finds 192.0.2.7 'behind mod_cgi' \
	"$apache [cgi:error] $process AH01215: stderr from /usr/local/lib/latchkey/cgi-bin/login: $time $event=192.0.2.7"
finds 192.0.2.7 'behind mod_cgi, with a forged Referer' \
	"$apache [cgi:error] $process AH01215: stderr from /a/login: $time $event=192.0.2.7, referer: http://x/ $forged"
finds '' 'no address' "$time $event=-"
finds '' 'a name in place of an address' "$time $event=www.example.org"
finds '' 'another event' "$time latchkey login event=logged_in user=a session=b ip=192.0.2.7"
finds '' 'trouble' "$time latchkey login error: $forged"
finds '' "an event in another program's line" "$time $event=192.0.2.7 $event=203.0.113.9"
finds '' 'a URL in the error log of Apache' \
	"$apache [core:error] $process AH00126: Invalid URI in request GET /$forged HTTP/1.1"
finds '' 'a Referer in the error log of Apache' \
	"$apache [core:error] $process AH00126: Invalid URI in request GET / HTTP/1.1, referer: $forged"
finds '' 'what another script says, behind mod_cgi' \
	"$apache [cgi:error] $process AH01215: stderr from /a/other: hello $forged"
finds '' 'a URL in the error log of lighttpd' \
	"2026-01-31 23:59:59: (request.c.1) invalid request: GET /$forged"

printf '%s\n' "${lines[@]}" >"$scratch/log"
fail2ban-regex --raw --usedns=no --out='<ip> <msg>' "$scratch/log" "$filter" \
	>"$scratch/found"
for i in "${!lines[@]}"; do
	it "${texts[i]}"
	echo "${lines[i]}" >"$scratch/body"
	ok "finds ${addresses[i]:-nobody}" equal \
		"$(awk -v line="${lines[i]}" 'substr($0, index($0, " ") + 1) == line {
			print $1
		}' "$scratch/found")" "${addresses[i]}"
done

finish
