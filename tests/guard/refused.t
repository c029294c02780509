#!/bin/bash
# What is answered to whoever may not come in: JSON for a program, a way to sign
# in for a person, leave to ask for a page of another origin.
. "$(dirname "$0")/lib.sh"

new_user
log_in
expired=$(tokens_py sign access "$(claims "$access" | jq -c '.exp = .iat - 1')")
html='text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

# location: without the origin, which some servers put in front.
location() {
	local to
	to=$(reply_header Location)
	echo "${to#"$origin"}"
}

sent_to() { # URL
	status 302
	ok "to $1" equal "$(location)" "$1"
	ok 'nothing' no_bytes
	ok 'not for a cache' matches "$(reply_header Cache-Control)" no-store
	no_header Set-Cookie
}

it 'a program'
for options in '' '-H Accept:application/json' "-H Accept:$html -H Sec-Fetch-Mode:cors" \
	"-H Accept:$html -H Sec-Fetch-Mode:no-cors" '-H Accept:text/html;q=0' \
	'-H Accept:text/htmlx' '-H Accept:' "-H Accept:$html -X POST -d a=b" \
	"-H Accept:$html -X PUT -d a=b" "-H Accept:$html -X OPTIONS"; do
	# shellcheck disable=SC2086 # they are several
	ask_each $options -- "${things[@]}"
	each "${options:-no Accept} is told so" is_refusal 'Token not found'
done
ask GET "$members/show.php"
header Content-Type 'application/json; charset=utf-8'
ok 'not for a cache' matches "$(reply_header Cache-Control)" no-store
header X-Content-Type-Options nosniff
no_header Location
no_header Set-Cookie
ask HEAD "$members/" --head -H "Accept: $html"
status 401
header WWW-Authenticate Bearer

it 'a page load'
while read -r path next; do
	ask GET "$LATCHKEY_URL$path" -H "Accept: $html" --path-as-is
	sent_to "$base/api/v1/users/resume?next=$base$next"
done <<'END_OF_PATHS'
/members/ /members/
/members/secret.html /members/secret.html
/members/show.php/a/b /members/show.php/a/b
/members/show.php?a=b&c=%20d+e /members/show.php%3Fa%3Db%26c%3D%2520d%2Be
/members/show.php?next=/x&a[]=%C3%A4;'(!)*~ /members/show.php%3Fnext%3D/x%26a%5B%5D%3D%25C3%25A4%3B%27%28%21%29%2A~
/members/%73ub/?%26 /members/%2573ub/%3F%2526
/members/not/there? /members/not/there%3F
END_OF_PATHS
for header in 'Sec-Fetch-Mode: navigate' 'Cookie: accessToken=x' \
	"Cookie: accessToken=$expired" "Authorization: Bearer $refresh"; do
	ask GET "$members/sub/" -H 'Accept: text/html' -H "$header"
	sent_to "$base/api/v1/users/resume?next=$base/members/sub/"
done

# A path that no browser asks for is not led back to.
for path in //evil.example/../members/ /members/../members/ '/x\..\members/'; do
	ask GET "$LATCHKEY_URL$path" --path-as-is -H "Accept: $html"
	ok "$path: nothing" no_bytes
	ok "$path: stays here" matches "$(location)" \
		"^(|$base/members/|$base/api/v1/users/resume(\?next=$base/members/)?)\$"
done

# By redirects alone, as a browser without scripts.
visit() { # PATH; leaves where it ended in $end
	end=$(curl -sSL -m 60 --max-redirs 5 -b "$scratch/jar" -c "$scratch/jar" \
		-H "Accept: $html" -D "$scratch/head" -o "$scratch/body" \
		-w '%{num_redirects} %{http_code} %{url_effective}' "$LATCHKEY_URL$1" 2>&1)
	echo "visit $1: $end" >"$scratch/request"
}

jar_has() { # ACCESS REFRESH; none where empty
	printf '#HttpOnly_127.0.0.1\tFALSE\t%s\tTRUE\t0\taccessToken\t%s\n' "${base:-/}" "$1" >"$scratch/jar"
	[ -z "$2" ] ||
		printf '#HttpOnly_127.0.0.1\tFALSE\t%s\tTRUE\t0\trefreshToken\t%s\n' \
			"$base/api/v1/users" "$2" >>"$scratch/jar"
}

in_jar() {
	awk -v name="$1" '$6 == name { print $7 }' "$scratch/jar"
}

it 'a session whose access token has expired goes on'
path='/members/show.php/x?a=b&c=%20d+e'
jar_has "$expired" "$refresh"
visit "$path"
ok 'two redirects and the page' equal "$end" "2 200 $LATCHKEY_URL$path"
ok 'as the user' is_seen_as "$user_id" "$email"
ok 'the query as it was' equal "$(seen QUERY_STRING)" 'a=b&c=%20d+e'
ok 'a new access token' unequal "$(in_jar accessToken)" "$expired"
ok 'a new refresh token' unequal "$(in_jar refreshToken)" "$refresh"
spent=$refresh
visit "$path"
ok 'no redirect the next time' equal "$end" "0 200 $LATCHKEY_URL$path"

it 'whoever has no session signs in, and gets back'
login="$LATCHKEY_URL/auth/login.html?next=$base/members/show.php/x%3Fa%3Db%26c%3D%2520d%2Be"
log_in
jar_has "$expired" ''
visit "$path"
ok 'no refresh token' equal "$end" "2 200 $login"
ok 'nothing' no_bytes
jar_has "$expired" "$spent"
visit "$path"
ok 'a spent one' equal "$end" "2 200 $login"
jar_has "$expired" x
visit "$path"
ok 'a bad one' equal "$end" "2 200 $login"
jar_has '' "$refresh"
post logout '' -H "Cookie: accessToken=$access"
visit "$path"
ok 'one of a session that has ended' equal "$end" "2 200 $login"
ok 'nothing' no_bytes

# Pages of another origin.
client=$(sed -n 's/^CLIENT_URL=//p' "$LATCHKEY_ENV" | tail -n 1)
log_in
as "$access"

allowed() { # every header once
	header Access-Control-Allow-Origin "$client"
	header Access-Control-Allow-Credentials true
	header Vary Origin
}

it 'a preflight'
preflight=(-H 'Access-Control-Request-Method: PUT'
	-H 'Access-Control-Request-Headers: authorization')
ask GET "$members/show.php" "${who[@]}"
ok 'a program that runs says so in the log' [ "$(runs)" -gt 0 ]
before=$(runs)
for url in "${things[@]}" "$staff/show.php"; do
	ask OPTIONS "$url" -H "Origin: $client" "${preflight[@]}"
	status 204
	allowed
	header Access-Control-Allow-Methods 'GET, HEAD, POST, PUT, PATCH, DELETE'
	header Access-Control-Allow-Headers 'Content-Type, Authorization'
	header Access-Control-Max-Age 7200
done
ask OPTIONS "$members/show.php" -H 'Origin: https://evil.example' "${preflight[@]}"
allowed
for token in x "$expired"; do
	ask OPTIONS "$members/show.php" -H "Origin: $client" "${preflight[@]}" \
		-H "Authorization: Bearer $token"
	status 204
done
ok 'runs no program' equal "$(runs)" "$before"

it 'from another origin'
for origin in "$client" https://evil.example null; do
	ask GET "$members/show.php" -H "Origin: $origin"
	refused 'Token not found'
	allowed
	header Access-Control-Expose-Headers 'WWW-Authenticate, Retry-After'
	no_header Access-Control-Max-Age
	ask GET "$staff/show.php" -H "Origin: $origin" "${who[@]}"
	answer 403 Forbidden
	allowed
done
ok 'runs no program' equal "$(runs)" "$before"

it 'what is not for everybody'
for name in denied denied/ denied/members/ 'denied?next=/members/' DENIED; do
	get "$name" --path-as-is
	answer 404 'Not found'
	get "$name" --path-as-is "${who[@]}" -H "Accept: $html"
	answer 404 'Not found'
done

finish
