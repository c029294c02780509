# shellcheck shell=bash
# Mixed load: how long "me" and "refresh-token" take while 64 people at once log
# in, and while nobody does.  Sourced by bench.sh.

# beside NAME PREFIX ROUND: "me" and "refresh-token" at once, 4 connections each.
beside() {
	local me refresh

	users_take "$1" 4
	load "$1" refresh-token 4 "$seconds" >"$DIR/mixed-refresh" &
	refresh=$!
	load "$1" me 4 "$seconds" >"$DIR/mixed-me" &
	me=$!
	wait "$refresh" "$me"
	mixed_write "$3" "$1" "$2-me" 4 "$(cat "$DIR/mixed-me")"
	mixed_write "$3" "$1" "$2-refresh-token" 4 "$(cat "$DIR/mixed-refresh")"
}

# Whose CPU time it was, nobody knows.
mixed_write() { # ROUND NAME SCENARIO CONNECTIONS RESULT
	local all
	[ -n "$5" ] || die "wrk did not get through $3 of $2"
	all=$("$HERE/processes.py" all "${TARGET_PID[$2]}")
	sample_write "$1" "$2" "$3" "$4" "$5" 0 0 "0 ${all#* }" "0 0 0"
}

mixed_once() { # ROUND NAME
	local login
	beside "$2" calm "$1"
	load "$2" login 64 $((seconds + 2)) >"$DIR/mixed-login" &
	login=$!
	sleep 1
	beside "$2" crowd "$1"
	wait "$login"
	mixed_write "$1" "$2" crowd-login 64 "$(cat "$DIR/mixed-login")"
	settle "$2" crowd-login
}

mixed() { # NAME...
	local round i names=("$@") seconds=$((SECONDS_EACH + 2))

	for ((round = 1; round <= ROUNDS; round++)); do
		for ((i = 0; i < ${#names[@]}; i++)); do
			mixed_once "$round" "${names[(i + round) % ${#names[@]}]}"
		done
		say "round $round of $ROUNDS: mixed, $((SECONDS - BEGAN)) s"
	done
}
