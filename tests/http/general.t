#!/bin/bash
# What every endpoint does alike.
. "$(dirname "$0")/lib.sh"

lacking='Email and password are required'

# standard_headers: those of every answer of ours.
standard_headers() {
	header Content-Type 'application/json; charset=utf-8'
	header Cache-Control no-store
	header X-Content-Type-Options nosniff
	header Access-Control-Allow-Origin "$origin"
	header Access-Control-Allow-Credentials true
	header Vary Origin
}

# refused_by_server STATUS...: one of them, in JSON, with a message alone.
refused_by_server() {
	ok "status $*" matches " $* " " $(reply_status) "
	! behind_htaccess || return # it is refused before a .htaccess is read
	header Content-Type 'application/json; charset=utf-8'
	ok 'nothing but a message' equal \
		"$(jq -r 'keys | join(",")' "$scratch/body")" message
}

new_user
log_in
use_bearer "$access"

it 'headers on success'
get me "${bearer[@]}"
status 200
standard_headers
it 'headers of an error'
get me
status 401
standard_headers
post login '{'
status 400
standard_headers

# Methods.

it 'a method that the path does not have'
while read -r name allow; do
	for method in GET POST PUT PATCH DELETE; do
		[[ $allow == *$method* ]] && continue
		ask "$method" "$api/$name" -d '' "${bearer[@]}"
		answer 405 'Method not allowed'
		header Allow "$allow"
		[ "$method" != PUT ] || standard_headers
	done
done <<'END'
register POST, OPTIONS
login POST, OPTIONS
logout POST, OPTIONS
refresh-token POST, OPTIONS
change-password POST, OPTIONS
change-email POST, OPTIONS
forgot-password POST, OPTIONS
reset-password POST, OPTIONS
verify-email POST, OPTIONS
resend-verification POST, OPTIONS
me GET, HEAD, DELETE, OPTIONS
sessions GET, HEAD, DELETE, OPTIONS
resume GET, HEAD, OPTIONS
doctor GET, HEAD, POST, OPTIONS
END
alive "$access"

it 'HEAD where there is no GET'
ask HEAD "$api/login" --head
status 405
header Allow 'POST, OPTIONS'

it 'HEAD is GET without the body'
exec 3<>"/dev/tcp/${server%:*}/${server##*:}"
printf 'HEAD %s/api/v1/users/me HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n' \
	"$base" "$access" >&3
cat <&3 >"$scratch/head"
exec 3>&-
status 200
ok 'no body' equal "$(sed '1,/^\r$/d' "$scratch/head")" ''

it 'a method that nobody knows, and one in lower case'
for method in FOO get post Delete; do
	ask "$method" "$api/login" -d ''
	if behind_lighttpd; then
		answer 501 'Method not allowed' # lighttpd passes on none of these
	elif behind_nginx && [ "$method" != FOO ]; then
		answer 400 'Bad request'
	else
		answer 405 'Method not allowed'
		header Allow 'POST, OPTIONS'
	fi
done

it 'TRACE sends nothing back'
ask TRACE "$api/login" -H 'Cookie: accessToken=secret'
if behind_htaccess; then
	status 405 # by the host, which asks no .htaccess
else
	answer 405 'Method not allowed'
fi
ok 'nothing of it' matches "$(<"$scratch/body")" '^[^=]*$'

it 'no other way to name a method'
get 'me?_method=DELETE' "${bearer[@]}" -H 'X-HTTP-Method-Override: DELETE' \
	-H 'X-HTTP-Method: DELETE' -H 'X-Method-Override: DELETE'
status 200
post 'me' "{\"_method\":\"DELETE\",\"password\":\"$password\"}" "${bearer[@]}" \
	-H 'X-HTTP-Method-Override: DELETE'
answer 405 'Method not allowed'
alive "$access"

# Paths.

it 'a path that is only longer, or other'
for path in login/ login/x loginX login.x loginx/y xlogin Login LOGIN nothing \
	'login;x' 'log%69n' 'login%20' '%6cogin' users/login login/login \
	login/x/login login/me me/ me/x me/me mee sessionsx \
	sessions/sessions/x refresh-token/ refresh_token refreshToken \
	lib.sh .env latchkey.env; do
	post "$path" '{}' --path-as-is
	answer 404 'Not found'
	header Content-Type 'application/json; charset=utf-8'
	header Cache-Control no-store
done
for path in login /login api/v1/login api/v2/users/login cgi-bin/login \
	latchkey.env .run/latchkey.env; do
	ask POST "$LATCHKEY_URL/$path" -d ''
	if behind_htaccess; then
		status 404 # of a site that is not ours
	else
		answer 404 'Not found'
	fi
done

it 'a path that the server may refuse before us'
for path in 'login%2f' 'login%2F..%2Fme' 'login%00' '%00' '..%2f..%2fetc/passwd' \
	'../../../../etc/passwd' "$(printf '%04096d' 0)" '%' '%zz'; do
	get "$path" --path-as-is
	refused_by_server 400 403 404
done

it 'a query is nothing to any endpoint'
post 'login?email=a@example.org&password=12345' '{}'
answer 400 "$lacking"
get "me?accessToken=$access&access_token=$access"
no_token 'Token not found'

# Bodies.

# padded SIZE: a log-in's body of that many bytes, in the file $scratch/in.
padded() {
	local start='{"email":"nobody@example.org","password":"12345","pad":"'
	{
		printf %s "$start"
		head -c $(($1 - ${#start} - 2)) /dev/zero | tr '\0' x
		printf '"}'
	} >"$scratch/in"
	ok "$1 bytes" equal "$(stat -c %s "$scratch/in")" "$1"
}
chunked=(-H 'Transfer-Encoding: chunked')

it '100 KiB'
padded 102400
post login "@$scratch/in"
answer 404 'User not found'
post login "@$scratch/in" "${chunked[@]}"
answer 404 'User not found'

it 'more than 100 KiB'
sizes=(102401 131072 131073 $((1024 * 1024)))
# A host's mod_fcgid takes no more, see below.
[ "$LATCHKEY_SETUP" != apache-htaccess ] || sizes=(102401 131072)
for size in "${sizes[@]}"; do
	padded "$size"
	post login "@$scratch/in"
	answer 413 'Request body too large'
	standard_headers
	post login "@$scratch/in" "${chunked[@]}"
	answer 413 'Request body too large'
done

it 'more than the server takes'
padded $((10 * 1024 * 1024))
post login "@$scratch/in"
answer 413 'Request body too large'
post login "@$scratch/in" "${chunked[@]}"
if [ "$LATCHKEY_SETUP" = apache ] || [ "$LATCHKEY_SETUP" = apache-htaccess ]; then
	answer 500 'Something went wrong' # all that mod_fcgid knows to say
else
	answer 413 'Request body too large'
fi
it 'after that'
get me "${bearer[@]}"
status 200

it 'a body in chunks'
post login "{\"email\":\"$email\",\"password\":\"$password\"}" "${chunked[@]}"
answer 200 'Logged in successfully'
form login "email=$email&password=correct+horse" "${chunked[@]}"
answer 200 'Logged in successfully'
post login '{' "${chunked[@]}"
answer 400 'Invalid JSON body'

it 'no body at all'
post login ''
answer 400 "$lacking"
ask POST "$api/login" -H 'Content-Length: 0'
answer 400 "$lacking"
ask POST "$api/login"
if behind_lighttpd; then
	answer 411 'Length required' # lighttpd wants a POST to have one
else
	answer 400 "$lacking"
fi

# Content types.

# typed TYPE BODY: "" sends an empty type, - none.
typed() {
	local type="Content-Type: $1"
	[ -n "$1" ] || type='Content-Type;'
	[ "$1" != - ] || type='Content-Type:'
	ask POST "$api/login" -H "$type" --data-binary "$2"
}

it 'JSON under every name of it'
for type in application/json 'application/json; charset=utf-8' \
	'application/json;charset=UTF-8' 'application/json ; a=b' \
	APPLICATION/JSON 'Application/Json; Charset="utf-8"'; do
	typed "$type" '{}'
	answer 400 "$lacking"
	typed "$type" 'email=a'
	answer 400 'Invalid JSON body'
done

it 'a form under every name of it'
for type in application/x-www-form-urlencoded \
	'application/x-www-form-urlencoded; charset=utf-8' \
	APPLICATION/X-WWW-FORM-URLENCODED; do
	typed "$type" '{}'
	answer 400 "$lacking"
	typed "$type" '%'
	answer 400 'Invalid form body'
done

it 'other types'
for type in text/plain 'text/plain; charset=utf-8' text/json \
	application/jsonx application/json+x application/problem+json \
	application/xml 'multipart/form-data; boundary=x' \
	'text/plain; application/json' 'x application/json' \
	'application/json, text/plain' '*/*' '' -; do
	typed "$type" '{}'
	answer 415 'Unsupported content type'
done
standard_headers

it 'another type does not matter where there is no body'
typed text/plain ''
answer 400 "$lacking"

# JSON.

# nested DEPTH: an object with arrays in it, that many levels in all.
nested() {
	local open close
	printf -v open '%*s' $(($1 - 1)) ''
	close=${open// /]}
	printf '{"x":%s%s}' "${open// /[}" "$close"
}

it 'JSON from its first byte to its last'
for body in '{"a":1}' ' {"a" : [ 1 , -0.5e+7 , true , false , null , "" , { } ] } ' \
	$'\t\r\n{}\n' '{"a":"\ud83d\udd11 \" \\ \/ \b\f\n\r\t \u00e9"}' \
	$'{"a":"\xc3\xa9\xf0\x9f\x94\x91\x7f"}' '{"a":1,"a":2}' '{"":0}' \
	'{"a":"\u0000"}' '{"a\u0000":1}' '{"a":{"email":1,"email":2}}' \
	'{"a":1e400}' '{"a":12345678901234567890123}' "$(nested 32)"; do
	post login "$body"
	answer 400 "$lacking"
done

it 'what is no JSON'
for body in '{' '}' '{}}' '{}x' '{} {}' '{},' '{"a":1,}' '{,}' '{"a"}' \
	'{"a":}' '{"a":1 "b":2}' '{a:1}' "{'a':1}" '{"a":01}' '{"a":-}' \
	'{"a":1.}' '{"a":.5}' '{"a":1e}' '{"a":+1}' '{"a":0x1}' '{"a":NaN}' \
	'{"a":Infinity}' '{"a":True}' '{"a":nul}' '{"a":[1,]}' '{"a":[}' \
	'{"a":"x}' '{"a":"\x"}' '{"a":"\u12"}' '{"a":"\u12g4"}' \
	'{"a":"\ud83d"}' '{"a":"\udd11\ud83d"}' '{"a":1}//' '{/**/"a":1}' \
	$'{"a":"\n"}' $'{"a":"\t"}' $'{"a":"\x1b"}' $'{"a":"\xff"}' \
	$'{"a":"\xc3"}' $'{"a":"\xc0\x80"}' $'{"a":"\xed\xa0\x80"}' \
	$'{"a":"\xf4\x90\x80\x80"}' $'{"\xe9":1}' $'\xef\xbb\xbf{}' $'\v{}' \
	'{"a":"\u0000"' "$(nested 33)" "$(nested 30000)"; do
	post login "$body"
	answer 400 'Invalid JSON body'
done
printf '{}\0' >"$scratch/in"
post login "@$scratch/in"
answer 400 'Invalid JSON body'
printf '{"a":"\0"}' >"$scratch/in"
post login "@$scratch/in"
answer 400 'Invalid JSON body'

it 'JSON that is no object'
for body in '[]' '""' 'null' 'true' '1' '[{"email":"a@example.org"}]' \
	'"{}"' ' '; do
	post login "$body"
	answer 400 'Invalid JSON body'
done

it 'a field twice'
for body in '{"email":"a@example.org","password":"12345","password":"x"}' \
	'{"email":"a@example.org","email":"a@example.org","password":"12345"}' \
	'{"email":1,"password":"12345","email":"a@example.org"}' \
	'{"password":"12345","p\u0061ssword":"12345"}'; do
	post login "$body"
	answer 400 'Invalid JSON body'
done

it 'a NUL escape in a field that is read'
for body in '{"email":"a@example.org\u0000","password":"12345"}' \
	'{"email":"a@example.org","password":"\u0000"}' \
	'{"email":"a@example.org","password":"12345\u00006"}'; do
	post login "$body"
	answer 400 'Invalid JSON body'
done
it 'and in one that is not'
post login "{\"x\":\"\\u0000\",\"email\":\"$email\",\"password\":\"$password\",
	\"y\\u0000\":1}"
answer 200 'Logged in successfully'

it 'escapes are what they stand for'
post login "{\"e\\u006dail\":\"${email/@/\\u0040}\",\"password\":\"correct\\u0020horse\"}"
answer 200 'Logged in successfully'

# Forms.

it 'a form'
for body in 'a=b' '&' '&&a&&' '=' '=x' 'email=&password=' 'email' \
	'a=%41%7e&b=+' 'x=%00' '%00=x' 'a=1&a=2' 'Email=a@example.org&password=x' \
	'a=b=c' $'a=\xc3\xa9' 'a=%C3%A9' 'a;b=c'; do
	form login "$body"
	answer 400 "$lacking"
done

it 'a form that is broken'
for body in '%' 'a=%' 'a=%4' 'a=%zz' 'a=%4g' 'a%=b' 'a=b&c=%' 'a=%u0041' \
	'a=%ff' 'a=%c3' 'a=%c0%80' 'a=%ed%a0%80' '%e9=a' $'a=\xff' \
	'email=a@example.org&password=12345%00' 'email=%00a@example.org' \
	'email=a@example.org&email=a@example.org&password=12345' \
	'password=1&password=2' 'email&email=a@example.org' \
	'em%61il=a@example.org&email=a@example.org'; do
	form login "$body"
	answer 400 'Invalid form body'
done

it 'a thousand fields that are not known'
fields=$(printf 'f%d=x&' {1..1000})
form login "${fields}email=$email&password=correct%20horse"
answer 200 'Logged in successfully'
fields=$(printf '"f%d":"x",' {1..1000})
post login "{$fields\"email\":\"$email\",\"password\":\"$password\"}"
answer 200 'Logged in successfully'

finish
