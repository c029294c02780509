#!/bin/bash
# GET /resume: how a page load goes on after the access token has expired.
. "$(dirname "$0")/lib.sh"

# resume QUERY [options]: with the refresh token of $refresh, if there is one.
resume() {
	local query=$1
	shift
	[ -z "$refresh" ] || set -- "$@" -H "Cookie: refreshToken=$refresh"
	ask GET "$api/resume$query" "$@"
}

# led_to PATH: back where the page was, with new tokens in cookies alone.
led_to() {
	status 302
	header Location "$1"
	ok 'two cookies' equal "$(reply_header Set-Cookie | sed 's/=[^;]*;/=T;/')" \
		"accessToken=T; Path=${base:-/}; Max-Age=900; HttpOnly; Secure; SameSite=Lax
refreshToken=T; Path=$base/api/v1/users; Max-Age=1296000; HttpOnly; Secure; SameSite=Lax"
	body '{}'
	access=$(reply_cookie accessToken)
	refresh=$(reply_cookie refreshToken)
}

# led_to_log_in NEXT: and nothing is set or cleared.
led_to_log_in() {
	status 302
	header Location "$base/auth/login.html?next=$1"
	no_header Set-Cookie
}

new_user
log_in

it 'a live refresh token'
first=$refresh
resume '?next=/members/'
led_to /members/
header Cache-Control no-store
ok 'another refresh token' unequal "$refresh" "$first"
alive "$access"
spent "$first"

it 'and the next one, and a query of its own'
resume '?next=%2Fmembers%2F%3Fa%3Db%26c%3D%2520d%2Be'
led_to '/members/?a=b&c=%20d+e'
alive "$access"

it 'no next, or one of no use'
for query in '' '?' '?next' '?next=' '?next=//evil.example' '?x=/members/' \
	'?next=/a&next=/b' '?refreshToken=x&next='; do
	resume "$query"
	led_to "$base/"
done

it 'HEAD'
ask HEAD "$api/resume?next=/members/" --head -H "Cookie: refreshToken=$refresh"
status 302
header Location /members/
refresh=$(reply_cookie refreshToken)

it 'nothing but GET'
for method in POST PUT DELETE; do
	ask "$method" "$api/resume?next=/" -d '' \
		-H "Cookie: refreshToken=$refresh"
	answer 405 'Method not allowed'
	header Allow 'GET, HEAD, OPTIONS'
	no_header Set-Cookie
done

it 'the refresh token in any other place'
live=$refresh
refresh=
for options in "-HAuthorization: Bearer $live" "-HCookie: accessToken=$live" \
	"-HCookie: refreshToken=$live; refreshToken=x" "-HRefreshToken: $live"; do
	resume '?next=/members/' "$options"
	led_to_log_in /members/
done
resume "?next=/members/&refreshToken=$live"
led_to_log_in /members/

it 'an access token alone'
resume '?next=/members/' -H "Cookie: accessToken=$access"
led_to_log_in /members/

it 'a bad, spent or foreign refresh token'
for refresh in x "$first" "$access" "${live%?}"; do
	resume '?next=/members/'
	led_to_log_in /members/
done

it 'and the session of the good one lives on'
refresh=$live
resume '?next=/'
led_to /

it 'an ended session'
live=$refresh
post logout '' -H "Cookie: accessToken=$access"
status 200
resume '?next=/members/?a=b'
led_to_log_in /members/%3Fa%3Db

it 'a deleted user'
log_in
sql "DELETE FROM users WHERE id = X'${user_id//-/}'"
resume '?next=/members/'
led_to_log_in /members/

# Nothing of this leads anywhere but to this site.

refresh=
it 'a path is kept'
for next in / /a /a/b.html /a/ /.well-known/x /a:b '/@evil.example'; do
	resume "?next=$next"
	led_to_log_in "$(sed 's/:/%3A/; s/@/%40/' <<<"$next")"
done

tricks=(//evil.example ///evil.example ////evil.example //evil.example/a
	//user@evil.example //user:pass@evil.example '//[::1]/' //127.1
	/%2f/evil.example /%2Fevil.example /%2f%2fevil.example
	%2f%2fevil.example %2F%2Fevil.example %252f%252fevil.example
	/%252f/evil.example /%252f%252fevil.example %2f/evil.example
	/%5cevil.example /%5Cevil.example %5c%5cevil.example %5c/evil.example
	/%255cevil.example /%255c%255cevil.example
	'/\evil.example' '\/evil.example' '\\evil.example' '/\/evil.example'
	'/a\b' https://evil.example https:/evil.example https:evil.example
	https:///evil.example http://evil.example HTTPS://evil.example
	https%3A%2F%2Fevil.example ftp://evil.example javascript:alert%281%29
	JaVaScRiPt:alert%281%29 java%0ascript:alert%281%29 data:text/html
	vbscript:x mailto:x@evil.example evil.example evil.example/a
	@evil.example .evil.example members/ '?//evil.example' . .. ./ ../
	/.. /../ /../a /a/../b /..//evil.example /.//evil.example
	/a/..//evil.example /%2e%2e//evil.example /%252e%252e/a /a//b //
	/%09/evil.example %09//evil.example /%0a/evil.example
	/%0d/evil.example %20//evil.example /%0d%0aSet-Cookie:%20a=b
	/a%0d%0a%0d%0ax %00//evil.example /%00/evil.example /a%00
	/%01 /%7f /%c0%af/evil.example /%e2%80%a8 /%ef%bc%8fevil.example
	/%22%3e%3cscript%3e /%3cscript%3e /%zz /% /a+b //evil.example%23/
	/%u2215evil.example "/$(printf '%02048d' 0)")

it "${#tricks[@]} ways to lead elsewhere"
ok 'are more than sixty' test "${#tricks[@]}" -gt 60
for next in "${tricks[@]}"; do
	resume "?next=${next//#/%23}"
	# lighttpd refuses some by itself.
	ok "${next:0:40} leads to the front page, or nowhere" matches \
		"$(reply_status) $(reply_header Location)" \
		"^(302 $base/auth/login\.html\?next=$base/|400 )\$"
	no_header Set-Cookie
	no_header X-Injected
done

it 'a query too long for a line'
resume "?next=/$(printf '%07000d' 0)"
led_to_log_in "$base/"

it 'the path is the whole path'
ask GET "$api/resume/x?next=/"
answer 404 'Not found'

finish
