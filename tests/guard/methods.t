#!/bin/bash
# Every kind of request for something protected, with a token and without.
. "$(dirname "$0")/lib.sh"

new_user
log_in
as "$access"

head -c 75000 /dev/urandom | base64 -w 0 >"$scratch/large"
sum=$(md5sum <"$scratch/large")
empty=$(md5sum </dev/null)
post=(-H 'Content-Type: text/plain' --data-binary "@$scratch/large")
chunked=("${post[@]}" -H 'Transfer-Encoding: chunked')

is_error() {
	matches "$(reply_status)" '^[45]'
}

equal_header() {
	equal "$(reply_header "$1")" "$2"
}

has_path() {
	has_bytes && equal "$(seen PATH_INFO)" /a/b &&
		equal "$(seen QUERY_STRING)" c=d
}

# Without a token.

it 'refused, whatever the method'
for method in GET OPTIONS POST PUT PATCH DELETE; do
	body=(-d x)
	[ "$method" != GET ] || body=()
	ask_each -X "$method" "${body[@]}" -- "${things[@]}"
	each "$method" is_refusal 'Token not found'
done
# What the server itself does not know, or does not want.
for method in PROPFIND MKCOL SEARCH CONNECT FOO get TRACE; do
	ask_each -X "$method" -- "${things[@]}"
	each "$method" no_bytes
	# A tenant cannot keep Apache from echoing a TRACE.
	[ "$method" = TRACE ] || each "$method: an error" is_error
done

it 'HEAD'
is_head_refusal() {
	status_is 401 &&
		equal "$(reply_header WWW-Authenticate)" Bearer && no_bytes
}
ask_each --head -- "${things[@]}"
each 'refused' is_head_refusal
ask_each --head "${page_load[@]}" -- "${things[@]}"
each 'refused to a browser' is_head_refusal

it 'a large body'
ask_each -X POST "${post[@]}" -- "${things[@]}" "${things[@]}"
each 'refused, again and again over one connection' is_refusal 'Token not found'
ask_each -X POST "${chunked[@]}" -- "${things[@]}"
each 'refused in chunks' is_refusal 'Token not found'
ask_each -X PUT "${post[@]}" -H 'Expect: 100-continue' -- "${things[@]}"
each 'refused when it waits for leave' is_refusal 'Token not found'

# No server takes that much.
head -c 2000000 /dev/zero >"$scratch/larger"
ask_each -X POST --data-binary "@$scratch/larger" -- "${things[@]}"
each 'far too large: nothing' no_bytes
ask_each -X POST --data-binary "@$scratch/larger" -H 'Transfer-Encoding: chunked' -- "${things[@]}"
each 'far too large, in chunks: nothing' no_bytes

it 'a part of it, or whether it has changed'
ask GET "$members/secret.html" "${who[@]}"
tag=$(reply_header ETag) date=$(reply_header Last-Modified)
while read -r code header; do
	header=${header//TAG/$tag}
	header=${header//DATE/$date}
	ask GET "$members/secret.html" -H "$header" "${who[@]}"
	ok "$header: $code" equal "$(reply_status)" "$code"
	ask GET "$members/secret.html" -H "$header"
	refused 'Token not found'
	ask GET "$members/secret.html" -H "$header" -H 'Cookie: accessToken=x'
	refused 'jwt malformed'
	ask HEAD "$members/secret.html" --head -H "$header"
	ok 'HEAD refused' is_head_refusal
done <<'END_OF_HEADERS'
206 Range: bytes=0-14
206 Range: bytes=-27
304 If-None-Match: TAG
304 If-None-Match: *
304 If-Modified-Since: DATE
200 If-Match: TAG
200 Cache-Control: only-if-cached
END_OF_HEADERS

it 'a method, path or host by a header'
for header in 'X-HTTP-Method-Override: OPTIONS' 'X-Method-Override: OPTIONS' \
	'X-Original-URL: /auth/login.html' 'X-Rewrite-URL: /auth/login.html' \
	'X-Original-Method: OPTIONS' 'X-Forwarded-Uri: /auth/login.html' \
	'X-Forwarded-Host: localhost' 'X-Forwarded-For: 127.0.0.1' \
	'X-Accel-Redirect: /members/secret.html' 'Access-Control-Request-Method: GET' \
	'Host: localhost' 'Upgrade: h2c' 'Connection: Cookie, Host' 'Te: trailers'; do
	ask_each -H "$header" -- "${things[@]}"
	each "$header" is_refusal 'Token not found'
	ask GET "$LATCHKEY_URL/auth/login.html" -H "${header/auth\/login.html/members\/secret.html}"
	ok "$header, of an open page" no_bytes
done

# With one.

it 'let in'
ask_each "${who[@]}" -- "${things[@]}"
each 'GET' has_bytes
each 'nothing of ours in the answer' no_leak
each 'nor for a cache' equal_header Cache-Control 'private, no-store'

it 'let in: a program'
is_run() { # METHOD SUM
	has_bytes && no_leak && equal "$(seen REQUEST_METHOD)" "$1" &&
		equal "$(seen_body)" "$2" &&
		equal "$(seen AUTH_USER_ID)" "$user_id"
}
urls=("${programs[@]/#/$members/}")
for method in POST PUT PATCH DELETE; do
	ask_each -X "$method" "${post[@]}" "${who[@]}" -- "${urls[@]}"
	each "$method, with all of the body" is_run "$method" "$sum"
done
ask_each -X POST "${chunked[@]}" "${who[@]}" -- "${urls[@]}"
each 'POST in chunks' is_run POST "$sum"
ask_each -X POST "${post[@]}" -H 'Expect: 100-continue' "${who[@]}" -- "${urls[@]}"
each 'POST that waits for leave' is_run POST "$sum"
ask_each -X OPTIONS "${who[@]}" -- "${urls[@]}"
each 'OPTIONS' is_run OPTIONS "$empty"
for path in /a/b /../show.php/a/b; do
	ask_each "${who[@]}" -- "${urls[@]/%/$path?c=d}"
	each "$path" has_path
done

ask HEAD "$members/secret.html" --head "${who[@]}"
status 200
ok 'nothing of ours' no_leak

finish
