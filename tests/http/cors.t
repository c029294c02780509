#!/bin/bash
# Requests from pages: what a browser is told, and what is refused.
. "$(dirname "$0")/lib.sh"

ours=$origin
foreign=https://evil.example.org

# may_be_read: by the pages of ours and no others, with cookies.
may_be_read() {
	header Access-Control-Allow-Origin "$ours"
	header Access-Control-Allow-Credentials true
	header Access-Control-Expose-Headers 'WWW-Authenticate, Retry-After'
	header Vary Origin
}

new_user
log_in
use_bearer "$access"
cookies=(-H "Cookie: accessToken=$access; refreshToken=$refresh")

it 'success'
for origin in "$ours" "$foreign" null; do
	get me "${bearer[@]}" -H "Origin: $origin"
	status 200
	may_be_read
done
get me "${bearer[@]}"
may_be_read
no_header Access-Control-Allow-Methods
no_header Access-Control-Max-Age

it 'errors of every kind'
get me -H "Origin: $ours"
status 401
may_be_read
post login '{' -H "Origin: $ours"
status 400
may_be_read
post login '{"email":"nobody@example.org","password":"x"}' -H "Origin: $ours"
status 404
may_be_read
ask POST "$api/login" -d '{}' -H 'Content-Type: text/plain' -H "Origin: $ours"
status 415
may_be_read
get login -H "Origin: $ours"
status 405
may_be_read
get loginX -H "Origin: $ours"
status 404
may_be_read
post login '{}' -H "Origin: $foreign"
status 403
may_be_read
get nothing -H "Origin: $ours"
status 404
may_be_read

# Preflight.

# preflight URL METHODS [options]
preflight() {
	local url=$1 methods=$2
	shift 2
	ask OPTIONS "$url" -H 'Access-Control-Request-Method: POST' \
		-H 'Access-Control-Request-Headers: content-type' "$@"
	status 204
	header Access-Control-Allow-Methods "$methods"
	header Access-Control-Allow-Headers 'Content-Type, Authorization'
	header Access-Control-Max-Age 7200
	may_be_read
	body ''
	no_header Set-Cookie
	no_header WWW-Authenticate
}

it 'a preflight to every path, with no token'
while read -r name methods; do
	preflight "$api/$name" "$methods" -H "Origin: $ours"
done <<'END'
register POST
login POST
logout POST
refresh-token POST
change-password POST
me GET, HEAD, DELETE
sessions GET, HEAD, DELETE
sessions/x GET, HEAD, DELETE
END
preflight "$LATCHKEY_URL/" 'GET, HEAD' -H "Origin: $ours"

it 'a preflight from elsewhere, or from nowhere'
preflight "$api/login" POST -H "Origin: $foreign" -H 'Sec-Fetch-Site: cross-site'
preflight "$api/login" POST

it 'a preflight to what is not there'
ask OPTIONS "$api/loginX" -H "Origin: $ours"
answer 404 'Not found'
may_be_read

# Writing.

# passes TEXT [headers]; refused TEXT [headers]: a POST and a DELETE, each with
# and without cookies.
passes() {
	it "$1"
	shift
	post login '{}' "$@"
	answer 400 'Email and password are required'
	post login '{}' "${cookies[@]}" "$@"
	answer 400 'Email and password are required'
	delete me "$@"
	no_token 'Token not found'
	delete me "${cookies[@]}" "$@"
	answer 400 'Password required'
}

refused() {
	it "$1"
	shift
	post login "{\"email\":\"$email\",\"password\":\"$password\"}" "$@"
	answer 403 'Cross-site request refused'
	no_header Set-Cookie
	post logout '' "${cookies[@]}" "$@"
	answer 403 'Cross-site request refused'
	no_header Set-Cookie
	delete me "$@"
	answer 403 'Cross-site request refused'
	delete sessions "${cookies[@]}" "$@"
	answer 403 'Cross-site request refused'
}

host=${ours#http://}
port=${ours##*:}
passes 'no browser'
passes 'a page of ours' -H "Origin: $ours"
passes 'a page of ours, whatever else is said' -H "Origin: $ours" \
	-H 'Sec-Fetch-Site: cross-site'
passes 'a page of the site itself, under another name' \
	-H 'Host: other.example.org:8080' -H 'Origin: http://other.example.org:8080'
passes 'an old page of ours' -H 'Sec-Fetch-Site: same-origin'
passes 'a user who types' -H 'Sec-Fetch-Site: none'

refused 'another site' -H "Origin: $foreign"
refused 'another site, whatever else is said' -H "Origin: $foreign" \
	-H 'Sec-Fetch-Site: same-origin'
refused 'a page without an origin' -H 'Origin: null'
refused 'another port' -H "Origin: ${ours%:*}:1"
refused 'another port that begins alike' -H "Origin: ${ours}0"
refused 'no port' -H "Origin: ${ours%:*}"
refused 'another scheme' -H "Origin: https://$host"
refused 'no scheme' -H "Origin: $host"
refused 'a trailing slash' -H "Origin: $ours/"
refused 'a path' -H "Origin: $ours/x"
refused 'capitals' -H "Origin: HTTP://$host"
refused 'another name of the same host' -H "Origin: http://localhost:$port"
refused 'a host that ends alike' -H "Origin: http://x$host"
refused 'our host as a user' -H "Origin: http://$host@example.org"
refused 'two origins in one' -H "Origin: $ours $foreign"
refused 'two origins' -H "Origin: $foreign" -H "Origin: $ours"
behind_nginx ||
	refused 'the same origin twice' -H "Origin: $ours" -H "Origin: $ours"
refused 'what is forwarded counts for nothing' -H "Origin: $foreign" \
	-H 'X-Forwarded-Host: evil.example.org' -H 'X-Forwarded-Proto: https'
refused 'the site itself, but by another scheme' \
	-H 'Host: other.example.org' -H 'Origin: https://other.example.org'
refused 'another site, by an old browser' -H 'Sec-Fetch-Site: cross-site'
refused 'a neighbouring site' -H 'Sec-Fetch-Site: same-site'
if behind_lighttpd; then
	# A header with nothing in it does not get through lighttpd.
	passes 'an empty origin' -H 'Origin;'
else
	refused 'an empty origin' -H 'Origin;'
fi

it 'every endpoint that writes'
for name in register login logout refresh-token change-password; do
	post "$name" '{}' -H "Origin: $foreign"
	answer 403 'Cross-site request refused'
	form "$name" 'a=b' -H "Origin: $foreign"
	answer 403 'Cross-site request refused'
done
for name in me sessions "sessions/$session"; do
	delete "$name" -H "Origin: $foreign"
	answer 403 'Cross-site request refused'
done

it 'refused before the body is looked at'
post login '{' -H "Origin: $foreign"
answer 403 'Cross-site request refused'
ask POST "$api/login" -d '{}' -H 'Content-Type: text/plain' -H "Origin: $foreign"
answer 403 'Cross-site request refused'

it 'reading is never refused'
for origin in "$foreign" null "$ours"; do
	get me "${bearer[@]}" -H "Origin: $origin" -H 'Sec-Fetch-Site: cross-site'
	status 200
	get sessions "${cookies[@]}" -H "Origin: $origin"
	status 200
	ask HEAD "$api/me" --head "${bearer[@]}" -H "Origin: $origin"
	status 200
	ask GET "$LATCHKEY_URL/" -H "Origin: $origin"
	status 200
done

it 'after all that'
alive "$access"
refresh_with "$refresh"
answer 200 'Access token refreshed'

finish
