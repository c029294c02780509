# For pages about the database and its connections: who is signed in, how many are
# answered how, and which connections there are.  Sourced after instance.sh.
#
# The pages read what is set here, and this what they set.
# shellcheck shell=bash disable=SC2034,SC2154

sign_in() {
	new_user
	log_in
	use_jar
}

use_jar() {
	jar=(-b "accessToken=$access; refreshToken=$refresh")
}

# Whoever was signed in still is, with the tokens from before.
nobody_signed_out() {
	get me "${jar[@]}"
	ok 'the access token is good' equal "$(reply_status)" 200
	ok 'the session is in the row' equal "$(row_sessions)" 1
	refresh_with "$refresh"
	ok 'the refresh token is good' equal "$(reply_status)" 200
	use_jar
}

unavailable() { # [WHAT]
	ok "${1-}503" equal "$(reply_status)" 503
	ok "${1-}says so" equal "$(<"$scratch/body")" \
		'{"message":"Service unavailable"}'
	ok "${1-}in JSON" equal "$(reply_header Content-Type)" \
		'application/json; charset=utf-8'
	ok "${1-}come again in a second" equal "$(reply_header Retry-After)" 1
	ok "${1-}no cookie, not even a cleared one" equal \
		"$(reply_header Set-Cookie)" ''
}

# statuses COUNT URL...: many requests, four at a time; "COUNT STATUS" a line.
statuses() {
	local count=$1 url options=()
	shift
	for ((; count > 0; count--)); do
		for url; do options+=(-o /dev/null "$url"); done
	done
	curl -Z --parallel-max 16 --parallel-immediate -m 60 "${jar[@]}" \
		-w '%{http_code}\n' "${options[@]}" 2>/dev/null |
		sort | uniq -c | sed 's/^ *//'
}

connections() {
	sql "SELECT id FROM information_schema.processlist WHERE user = 'latchkey'"
}

no_connections() {
	[ -z "$(connections)" ]
}

kill_connections() {
	sql "$(connections | sed 's/.*/KILL &;/')" 2>"$scratch/kill"
}

end_connections() {
	kill_connections
	await 10 no_connections
}
