#!/bin/bash
# Every way to write the path of something protected: whatever gives its bytes
# to who has a token is refused to who has none.
. "$(dirname "$0")/lib.sh"

new_user
log_in
as "$access"

# Without the slash in front; the first ones must work everywhere.
paths=(
	members/ members/sub/ members/secret.html 'members/secret.html?a=b'
	members/./secret.html members/sub/../secret.html ./members/secret.html
	x/../members/secret.html auth/../members/secret.html
	members/../members/secret.html %6dembers/secret.html
	%6D%65%6d%62%65%72%73/secret.html members/secret%2ehtml
	auth/%2e%2e/members/secret.html members/%2e/secret.html
	members/show.php 'members/show.php?/../x' members/show.php/a/b
	%6dembers/show.php/..%3f
)
into=(into-members/secret.html into-members/show.php)
# A tenant has no rewrites but in the directory itself.
[ "$LATCHKEY_SETUP" = apache-htaccess ] || paths+=("${into[@]}")
sure=${#paths[@]}
paths+=(
	"${into[@]}"
	members 'members?x' members/sub 'members/?' members// members/.
	/members/secret.html //members//secret.html members//secret.html
	../members/secret.html ../../members/secret.html
	api/v1/users/../../../members/secret.html
	api/v1/users/guard/../../../../members/secret.html
	api/v1/users/me%2f..%2f..%2f..%2f..%2fmembers/secret.html
	members%2fsecret.html members%2Fsecret.html %2fmembers/secret.html
	members/%2fsecret.html auth/..%2fmembers/secret.html
	auth%2f../members/secret.html auth%2f..%2fmembers%2fsecret.html
	%2e/members/secret.html %2e%2e/members/secret.html
	members/%2e%2e/members/secret.html members/%2e%2e%2fmembers/secret.html
	MEMBERS/secret.html Members/secret.html membersx/secret.html
	'members;/secret.html' 'members;x=y/secret.html' 'members/secret.html;x'
	'members/;/secret.html' ';/members/secret.html' '?/members/secret.html'
	'members/secret.html?' 'members/secret.html?a=/../../auth/login.html'
	members/secret.html%3fx members/secret.html%23x '%23/../members/secret.html'
	'%3f/../members/secret.html' members/secret.html. members./secret.html
	members/secret.html/ members/secret.html/x members/secret.html//
	members/secret.html/../secret.html members/secret.html%20 members%20/secret.html
	members/secret.html%00 members/secret.html%00.txt members%00/secret.html
	%00members/secret.html members%5csecret.html 'members\secret.html'
	'\members\secret.html' '..\members/secret.html' %5cmembers/secret.html
	members%c0%afsecret.html %c0%ae/members/secret.html %ef%bc%8fmembers/secret.html
	%256dembers/secret.html members%252fsecret.html members/%252e/secret.html
	members%0a/secret.html members%0d%0a/secret.html members/secret.html%0a
	members/%zz/../secret.html members/%/secret.html
	members/show.php%2fx members/show.php%3fx members/show.php. members//show.php
	members/show.phpx members/show.php~ members/show.PHP members/show.php%20
	members/secret.html/show.php members/secret.html/x.php members/sub/x.php
	members/show.php/../secret.html members/show.php/%2e%2e/secret.html
	members/rewritten/again members/rewritten/show.php members/rewritten/.htaccess
	members/forgotten/show.php members/.htaccess
	into-members/ into-members into-members/../secret.html
	into-members//secret.html into-members/%2e%2e/members/secret.html
	auth/login.html/../../members/secret.html index/../members/secret.html
)
[ "$LATCHKEY_SETUP" = nginx ] || paths+=(
	members/show.cgi members/show.cgi/a/b members//show.cgi
	members/show.cgi%2fx members/show.cgi/../secret.html
	members/secret.html/show.cgi
)
urls=("${paths[@]/#/$LATCHKEY_URL/}")

it 'a path'
ask_each "${who[@]}" -- "${urls[@]}"
given=()
for i in "${!urls[@]}"; do
	take $((i + 1))
	given[i]=$(reply_status)
	no_bytes || given[i]=bytes
	[ "$i" -ge "$sure" ] ||
		ok "/${paths[i]} is there" equal "${given[i]}" bytes
done
# is_kept: nothing; and what was something is refused as everywhere.
is_kept() {
	local i
	read -r i _ <"$scratch/request"
	no_bytes && { [ "${given[${i%:} - 1]}" != bytes ] ||
		is_refusal 'Token not found'; }
}
ask_each -- "${urls[@]}"
each 'without a token none gives anything' is_kept
ask_each --http1.0 -H Host: -- "${urls[@]}"
each 'nor by HTTP/1.0' is_kept
ask_each "${page_load[@]}" -- "${urls[@]}"
each 'nor to a browser' no_bytes

it 'the target of a request line'
while read -r code target; do
	target=${target//\/members/$base/members}
	target=${target//HOST/$server}
	ask GET "$LATCHKEY_URL/" --request-target "$target"
	ok "$target: nothing" no_bytes
	[ "$code" = any ] || ok "$target: $code" equal "$(reply_status)" "$code"
	ask GET "$LATCHKEY_URL/" --request-target "$target" "${who[@]}"
	[ "$code" != 401 ] || ok "$target: let in" has_bytes
done <<'END_OF_TARGETS'
401 http://HOST/members/secret.html
401 http://HOST//x/../members/secret.html
any http://elsewhere.example/members/secret.html
401 HTTP://HOST/members/secret.html
any https://HOST/members/secret.html
any http://HOST\members/secret.html
any //HOST/members/secret.html
any members/secret.html
any /members/secret.html#x
any /#/../members/secret.html
any /x?/../members/secret.html
any /members/secret.html x
any *
END_OF_TARGETS

# raw TEXT: over a socket as it is, with \r, \n and \x; the answers till the end.
# In a process of its own, for a server that has closed it ends who writes.
raw() {
	echo "$1" >"$scratch/request"
	(
		exec 3<>"/dev/tcp/127.0.0.1/${server##*:}"
		(printf %b "$1" >&3)
		exec timeout 10 cat <&3
	) >"$scratch/body" 2>/dev/null
	cp "$scratch/body" "$scratch/head"
}

it 'a request as no client writes it'
host="Host: x\r\n"
close='Connection: close\r\n\r\n'
cookie="Cookie: accessToken=$access\r\n"
raw "GET $base/members/secret.html HTTP/1.1\r\n$host$cookie$close"
ok 'as one writes it' has_bytes
while read -r -d '|' request; do
	request=${request//$'\n'/}
	request=${request//HOST/$host}
	request=${request//\/members/$base/members}
	raw "${request//CLOSE/$close}"
	ok "$request: nothing" no_bytes
done <<'END_OF_REQUESTS'
GET /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
GET /members/secret.html HTTP/1.0\r\n\r\n|
GET /members/secret.html\r\n\r\n|
GET /members/secret.html HTTP/1.1\n\n|
GET\t/members/secret.html\tHTTP/1.1\r\nHOSTCLOSE|
GET  /members/secret.html  HTTP/1.1\r\nHOSTCLOSE|
GET /members/secret.html HTTP/1.1\r\nCLOSE|
GET /members/secret.html HTTP/1.1\r\nHOSTHost: y\r\nCLOSE|
GET /members/secret.html HTTP/2.0\r\nHOSTCLOSE|
GET /members\x00/secret.html HTTP/1.1\r\nHOSTCLOSE|
GET /members\xff/secret.html HTTP/1.1\r\nHOSTCLOSE|
get /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
\r\nGET /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
GET / HTTP/1.1\r\nHOSTContent-Length: 0\r\nContent-Length: 40\r\n\r\nGET /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
POST / HTTP/1.1\r\nHOSTTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
GET /auth/login.html HTTP/1.1\r\nHOST\r\nGET /members/secret.html HTTP/1.1\r\nHOSTCLOSE|
END_OF_REQUESTS

it 'one connection'
raw "GET $base/members/secret.html HTTP/1.1\r\n$host$cookie\r\nGET $base/members/secret.html HTTP/1.1\r\n$host$close"
ok 'who comes after somebody with a token is nobody' equal \
	"$(grep -ac PROTECTED-BYTES "$scratch/body") $(grep -ac '^HTTP/1.1 401' "$scratch/body")" '1 1'

finish
