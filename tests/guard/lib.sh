# What the pages of this directory share.  They ask for what lies in tests/site:
# everything in /members/ and /staff/ has the words PROTECTED-BYTES in it, and
# its programs show what they get to know.
#
# shellcheck shell=bash
# The pages read what is set here.
# shellcheck disable=SC2034

# shellcheck source=tests/http/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../http/lib.sh"

members=$LATCHKEY_URL/members
staff=$LATCHKEY_URL/staff
page_load=(-H 'Accept: text/html,application/xhtml+xml,*/*;q=0.8')

# nginx has no CGI.
programs=(show.php)
[ "$LATCHKEY_SETUP" = nginx ] || programs+=(show.cgi)

on_apache() {
	[[ $LATCHKEY_SETUP == apache* ]]
}

# Every kind of thing that can be protected.
things=("$members/secret.html" "$members/sub/" "$members/rewritten/show.php")
for name in "${programs[@]}"; do
	things+=("$members/$name" "$members/$name/a/b?c=d")
done

tokens_py() {
	/usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/../http/tokens.py" "$@"
}

# as COOKIE...: the option that sends an access token, for: ask ... "${who[@]}"
as() {
	who=(-H "Cookie: accessToken=$1")
}

# ask_each [curl's options] -- URL...: one curl for all, for it takes long to
# start.  The replies are in $scratch/each/1, 2 and so on.
ask_each() {
	local options=() urls=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -rf "$scratch/each"
	mkdir "$scratch/each"
	asked=("$@")
	while [ $# -gt 0 ]; do
		urls=("${urls[@]}" -o "$scratch/each/$((${#asked[@]} - $# + 1))" "$1")
		shift
	done
	curl -sSi -m 60 --path-as-is "${options[@]}" "${urls[@]}" 2>"$scratch/curl"
}

# take N: one of them, for the checks of http/lib.sh.  A 100 may come before.
take() {
	local part reply=
	while IFS= read -r -d '' part || [ -n "$part" ]; do # whatever NUL is in it
		reply+=$part
	done <"$scratch/each/$1"
	[[ $reply != HTTP/1.1\ 100* ]] || reply=${reply#*$'\r\n\r\n'}
	echo "$1: ${asked[$1 - 1]-}" >"$scratch/request"
	printf %s "${reply%%$'\r\n\r\n'*}"$'\r\n\r\n' >"$scratch/head"
	printf %s "${reply#*$'\r\n\r\n'}" >"$scratch/body"
}

# each TEXT CHECK...: of every one of them, as one test.
each() {
	ok "$1" each_is "${@:2}"
}

each_is() {
	local i bad=0
	for i in "${!asked[@]}"; do
		take $((i + 1))
		"$@" || {
			sed 's/^/# /' "$scratch/request" >&2
			bad=1
			break
		}
	done
	return $bad
}

# The checks themselves, which start few processes, for there are many.
# no_bytes: none of what is protected, anywhere in it.
no_bytes() {
	local part file
	for file in "$scratch/head" "$scratch/body"; do
		while IFS= read -r -d '' part || [ -n "$part" ]; do
			[[ $part != *PROTECTED-BYTES* &&
				$part != *data-page=\"members\"* ]] || return 1
		done <"$file"
	done
}

status_is() {
	local status=
	read -r _ status _ <"$scratch/head"
	equal "${status:0:3}" "$1"
}

has_bytes() {
	! no_bytes && [[ $(reply_status) == 20[06] ]]
}

# is_refusal MESSAGE: the 401 which says so, once.
is_refusal() {
	local want='Bearer error="invalid_token"'
	[ "$1" != 'Token not found' ] || want=Bearer
	no_bytes && status_is 401 && only_message "$1" &&
		equal "$(reply_header WWW-Authenticate)" "$want"
}

# refused MESSAGE: the last reply, by itself.
refused() {
	ok "refused: $1" is_refusal "$1"
}

admitted() {
	ok 'let in' has_bytes
	ok 'and nothing of ours in the answer' no_leak
}

# no_leak: what the guard says for the program is not for the client.
no_leak() {
	local head
	IFS= read -r -d '' head <"$scratch/head"
	[[ ! ${head,,} =~ $'\n'(variable|x-auth|auth|redirect)[-_] ]]
}

# seen NAME: what a program has seen of a variable, every time; seen_body: the
# sum of its body.
seen() {
	local line
	while IFS= read -r line; do
		[[ $line != "$1="* ]] || echo "${line#*=}"
	done <"$scratch/body"
}

seen_body() {
	sed -n 's/^body //p' "$scratch/body"
}

# is_seen_as ID EMAIL: these, each of them once.
is_seen_as() {
	has_bytes && equal "$(seen AUTH_USER_ID)" "$1" &&
		equal "$(seen AUTH_EMAIL)" "$2"
}

# runs: how often a program has run, by what it says in the log.
runs() {
	grep -ac 'show\.[a-z]* was run' "$LATCHKEY_LOG"
}
