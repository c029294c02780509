# What the pages of behaviour in this directory are written in.  A page is a
# bash script that sources this file, asks the server at $LATCHKEY_URL with
# curl, says what must be so, and ends in "finish".  It prints TAP.
#
# shellcheck shell=bash
# The pages read what is set here.
# shellcheck disable=SC2034

set -u

# locate: Latchkey may lie in a directory of the site, $base, "" at its root.
locate() {
	api=$LATCHKEY_URL/api/v1/users
	base=${LATCHKEY_URL#*://}
	base=${base#"${base%%/*}"}
	origin=${LATCHKEY_URL%"$base"}
	server=${origin#*://}
}

locate
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tests=0
about=

# it TEXT: what the checks that follow are about.
it() {
	about=$1
}

# ok TEXT COMMAND...: one check; on failure the last reply is shown, on stderr,
# which prove lets through.
ok() {
	local text=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $about: ${text//#/\\#}"
	else
		echo "not ok $tests - $about: ${text//#/\\#}"
		{
			echo "$0, $tests: $about: $text"
			show_reply
		} | sed 's/^/# /' >&2
	fi
}

show_reply() {
	cat "$scratch/request" "$scratch/head" "$scratch/body" 2>/dev/null
	echo
}

finish() {
	echo "1..$tests"
}

# behind_lighttpd: it leaves less to a program than Apache and nginx do.
behind_lighttpd() {
	[ "$LATCHKEY_SETUP" = lighttpd ]
}

# behind_htaccess: in a web space, whose tenant has a say in his own directories
# alone.
behind_htaccess() {
	[[ $LATCHKEY_SETUP == apache-htaccess* ]]
}

# behind_nginx: of a header that comes twice, but for Cookie, a program sees the
# first there; elsewhere it sees both as one.
behind_nginx() {
	[ "$LATCHKEY_SETUP" = nginx ]
}

# Asking.

# ask METHOD URL [curl's options]: the reply is kept for the checks.
ask() {
	local method=$1 url=$2
	shift 2
	echo "$method $url $*" >"$scratch/request"
	: >"$scratch/head"
	: >"$scratch/body"
	curl -sS -m 60 -X "$method" -D "$scratch/head" -o "$scratch/body" \
		"$@" "$url" 2>"$scratch/curl" && return
	# No reply, or not the whole of it: then none of it counts.
	cat "$scratch/curl" "$scratch/head" >>"$scratch/request"
	: >"$scratch/head"
}

# get NAME [options], delete NAME [options], post NAME [BODY [options]]: an
# endpoint by its name; the body is JSON.
get() {
	local name=$1
	shift
	ask GET "$api/$name" "$@"
}

delete() {
	local name=$1
	shift
	ask DELETE "$api/$name" "$@"
}

post() {
	local name=$1 body=${2-}
	shift $(($# > 1 ? 2 : 1))
	ask POST "$api/$name" -H 'Content-Type: application/json' \
		--data-binary "$body" "$@"
}

# form NAME BODY [options]: the same with a form's body.
form() {
	local name=$1 body=$2
	shift 2
	ask POST "$api/$name" --data-binary "$body" "$@"
}

# What came back.

# The last one: a 100 Continue may come before.
reply_status() {
	local line status=
	while read -r line; do
		[[ $line != HTTP/* ]] || status=${line#* }
	done <"$scratch/head"
	echo "${status:0:3}"
}

# Every value of a header, a line each.
reply_header() {
	local line name=${1,,}
	while IFS= read -r line; do
		line=${line%$'\r'}
		[[ ${line,,} =~ ^"$name":\ * ]] || continue
		printf '%s\n' "${line:${#BASH_REMATCH[0]}}"
	done <"$scratch/head"
}

# reply_json FILTER: what jq makes of the body.  jq takes long to start: what
# is a string by a name of its own, such as .user.email, is found without it.
reply_json() {
	if [[ $1 =~ ^(\.[A-Za-z]+)*\.([A-Za-z_]+)$ &&
		$(<"$scratch/body") =~ \"${BASH_REMATCH[2]}\":\"([^\"\\]*)\" ]]; then
		echo "${BASH_REMATCH[1]}"
	else
		jq -r "$1" "$scratch/body" 2>/dev/null
	fi
}

reply_cookie() {
	local line
	while IFS= read -r line; do
		[[ ! $line =~ ^"$1"=([^\;]*)\; ]] || echo "${BASH_REMATCH[1]}"
	done < <(reply_header Set-Cookie)
}

# Saying what must be so.

equal() {
	[ "$1" = "$2" ] || {
		echo "# wanted '$2', got '$1'" >&2
		return 1
	}
}

unequal() {
	[ "$1" != "$2" ] || {
		echo "# did not want '$1'" >&2
		return 1
	}
}

matches() {
	[[ $1 =~ $2 ]] || {
		echo "# '$1' does not match '$2'" >&2
		return 1
	}
}

status() {
	ok "status $1" equal "$(reply_status)" "$1"
}

message() {
	ok "message '$1'" equal "$(reply_json .message)" "$1"
}

# answer STATUS MESSAGE: both, and nothing else in the body where it refuses.
answer() {
	status "$1"
	if [ "$1" -ge 400 ]; then
		ok "'$2' and nothing else" only_message "$2"
	else
		message "$2"
	fi
}

only_message() {
	[ "$(<"$scratch/body")" = "{\"message\":\"$1\"}" ] ||
		equal "$(jq -cS . "$scratch/body")" \
			"$(jq -cn --arg m "$1" '{message: $m}')"
}

json() {
	ok "$1 is '$2'" equal "$(reply_json "$1")" "$2"
}

json_matches() {
	ok "$1 is like $2" matches "$(reply_json "$1")" "$2"
}

header() {
	ok "$1: $2" equal "$(reply_header "$1")" "$2"
}

no_header() {
	ok "no $1" equal "$(reply_header "$1")" ""
}

# bad_token MESSAGE: a token was sent, and refused.  no_token: none was.
bad_token() {
	answer 401 "$1"
	header WWW-Authenticate 'Bearer error="invalid_token"'
}

no_token() {
	answer 401 "$1"
	header WWW-Authenticate Bearer
}

cookies_cleared() {
	ok 'both cookies cleared' equal "$(reply_header Set-Cookie)" \
		"accessToken=; Path=${base:-/}; Max-Age=0; HttpOnly; Secure; SameSite=Lax
refreshToken=; Path=$base/api/v1/users; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
}

# two_cookies: those of the tokens in the body, with their lives.
two_cookies() {
	ok 'two cookies with the tokens of the body' equal \
		"$(reply_header Set-Cookie)" \
		"accessToken=$(reply_json .accessToken); Path=${base:-/}; Max-Age=900; HttpOnly; Secure; SameSite=Lax
refreshToken=$(reply_json .refreshToken); Path=$base/api/v1/users; Max-Age=1296000; HttpOnly; Secure; SameSite=Lax"
}

body() {
	ok "body '$1'" equal "$(cat "$scratch/body")" "$1"
}

# Data of a page's own.

# quote TEXT: as a JSON string.
quote() {
	local text=${1//\\/\\\\}
	text=${text//\"/\\\"}
	text=${text//$'\t'/\\t}
	printf '"%s"' "${text//$'\n'/\\n}"
}

# An address that no other page, run or server uses.
new_email() {
	local page=${0##*/}
	echo "${page%.t}-$$-$RANDOM$RANDOM@example.org"
}

# new_user: somebody signed up, as $email with $password.
# shellcheck disable=SC2120 # a password may be given
new_user() {
	email=$(new_email)
	password=${1-correct horse}
	post register "{\"email\":$(quote "$email"),\"password\":$(quote "$password")}"
	[ "$(reply_status)" = 201 ] || ok 'signing up' false
	user_id=$(reply_json .user._id)
}

# log_in [options]: a session of that user; its tokens are in $access and
# $refresh, its ID in $session.
# shellcheck disable=SC2120 # options may be given
log_in() {
	post login "{\"email\":$(quote "$email"),\"password\":$(quote "$password")}" "$@"
	[ "$(reply_status)" = 200 ] || ok 'logging in' false
	access=$(reply_cookie accessToken)
	refresh=$(reply_cookie refreshToken)
	[[ $(claims "$access") =~ \"sid\":\"([^\"]*)\" ]]
	session=${BASH_REMATCH[1]-}
}

# use_bearer TOKEN: the option that sends it, for: get me "${bearer[@]}"
use_bearer() {
	bearer=(-H "Authorization: Bearer $1")
}

# refresh_with TOKEN: a refresh by the body; $access and $refresh are new.
refresh_with() {
	post refresh-token "{\"refreshToken\":\"$1\"}"
	if [ "$(reply_status)" = 200 ]; then
		access=$(reply_json .accessToken)
		refresh=$(reply_json .refreshToken)
	fi
}

# claims TOKEN: its payload, unverified.
claims() {
	local part=${1#*.}
	part=${part%%.*}
	part=${part//-/+}
	part=${part//_/\/}
	while [ $((${#part} % 4)) != 0 ]; do part+='='; done
	base64 -d <<<"$part"
}

# alive ACCESS and dead ACCESS: whether the session of a token is open.
alive() {
	get me -H "Authorization: Bearer $1"
	status 200
}

dead() {
	get me -H "Authorization: Bearer $1"
	bad_token 'Session has ended'
}

# spent TOKEN: a refresh token is of no use any more.
spent() {
	post refresh-token "{\"refreshToken\":\"$1\"}"
	bad_token 'Refresh token is incorrect'
	no_header Set-Cookie
}

# row_sessions: how many sessions the row of $user_id holds.
row_sessions() {
	sql "SELECT COALESCE(JSON_LENGTH(refresh_token), 0) FROM users
		WHERE id = X'${user_id//-/}'"
}

# sql STATEMENT: as the database's administrator.
sql() {
	mariadb --no-defaults -S "$LATCHKEY_DB_SOCKET" -u root -N -B latchkey \
		-e "$1"
}
