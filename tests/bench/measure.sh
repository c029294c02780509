# shellcheck shell=bash
# One measurement, and rounds of them.  Sourced by bench.sh.  Each is a line of
# JSON in $DIR/samples.

# load NAME SCENARIO CONNECTIONS SECONDS: prints what common.lua says; a cell of
# its own may run beside others.
load() {
	local script=signed-in path threads=1 users=$DIR/users log=$DIR/log/wrk.$BASHPID
	case $2 in
	me) path=/api/v1/users/me ;;
	guard) path=/members/page.html ;;
	index) script=get path=/ ;;
	refresh-token)
		script=refresh path=/api/v1/users/refresh-token
		threads=$3 users=$DIR/taken.$BASHPID
		mv "$DIR/taken" "$users" ;;
	login) script=login path=/api/v1/users/login users=$DIR/users.login ;;
	*) script=$2 path=/api/v1/users/$2 ;;
	esac
	BENCH_LUA=$HERE/wrk BENCH_USERS=$users BENCH_NAME=new-$(date +%s%N) \
		wrk -t"$threads" -c"$3" -d"$4s" --timeout 60s -s "$HERE/wrk/$script.lua" \
		"${TARGET_URL[$1]}$path" >"$log"
	sed -n 's/^RESULT //p' "$log"
}

# load, with the users that a refresh needs taken beforehand: "load" may be run
# in a shell of its own, which would forget what it has taken.
load_prepared() {
	[ "$2" != refresh-token ] || users_take "$1" "$3"
	load "$@"
}

# What processes.py is asked about: the target, the database.
measured_pids() { # NAME
	local target=${TARGET_PID[$1]} database
	database=$(cat "$DIR/mariadb.pid")
	case $1 in *-cgi) target=$target,$database,$$ ;; esac
	pids=("$target" "$database")
}

# Until the line in front of bcrypt is as long as it gets, answers are too early.
seconds_for() { # SCENARIO CONNECTIONS
	case $1:$2 in
	login:64 | register:64) echo $((2 * SECONDS_EACH)) ;;
	*) echo "$SECONDS_EACH" ;;
	esac
}

# sample ROUND NAME SCENARIO CONNECTIONS
sample() {
	local before after result pids

	measured_pids "$2"
	[ "$3" != refresh-token ] || users_take "$2" "$4"
	# No process substitution: bash loses one now and then that ends at once.
	mapfile -t before <<<"$("$HERE/processes.py" cpu "${pids[@]}")"
	result=$(load "$2" "$3" "$4" "$(seconds_for "$3" "$4")")
	mapfile -t after <<<"$("$HERE/processes.py" all "${pids[@]}")"
	[ -n "$result" ] || die "wrk did not get through $3 of $2"
	sample_write "$1" "$2" "$3" "$4" "$result" "${before[0]}" "${before[1]}" \
		"${after[0]}" "${after[1]}"
	settle "$2" "$3"
}

# Passwords that nobody waits for any more are still being hashed.
settle() { # NAME SCENARIO
	case $2 in
	*login | register) "$HERE/processes.py" settle "${TARGET_PID[$1]}" ;;
	esac
}

# No answer at all is an error, too.  Of the processes there is their CPU before,
# and after that, their CPU, memory and number.
sample_write() { # ROUND NAME SCENARIO CONNECTIONS RESULT BEFORE DB-BEFORE AFTER DB-AFTER
	awk -v round="$1" -v target="$2" -v scenario="$3" -v connections="$4" \
		-v result="$5" -v before="$6" -v db_before="$7" -v after="$8" \
		-v db_after="$9" 'BEGIN {
		split(result, r); split(after, a); split(db_after, d)
		if (r[1] == 0) r[5]++
		printf "{\"round\":%d,\"target\":\"%s\",\"scenario\":\"%s\",", round, target, scenario
		printf "\"connections\":%d,\"requests\":%d,\"seconds\":%.6f,", connections, r[1], r[2] / 1e6
		printf "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"errors\":%d,\"bytes\":%d,", r[3] / 1e3, r[4] / 1e3, r[5], r[6]
		printf "\"cpu_s\":%.2f,\"db_cpu_s\":%.2f,", a[1] - before, d[1] - db_before
		printf "\"pss_kib\":%d,\"processes\":%d}\n", a[2], a[3]
	}' >>"$DIR/samples"
}

note_idle() { # NAME...
	local name cpu pss count
	for name; do
		read -r cpu pss count <<<"$("$HERE/processes.py" all "${TARGET_PID[$name]}")"
		: "$cpu"
		printf '{"target":"%s","idle":true,"pss_kib":%d,"processes":%d,"bytes":%d}\n' \
			"$name" "$pss" "$count" "$(target_bytes "$name")" >>"$DIR/samples"
	done
}

# What has to be installed to run it, without the system's libraries: of our
# programs as they are installed, stripped.
target_bytes() { # NAME
	local stripped=$DIR/stripped program total=0 programs
	case $1 in
	latchkey*) programs=("$O"/cgi-bin/*) ;;
	floor*) programs=("$O"/bench/{fixed,select,update,bcrypt}) ;;
	*)
		[ ! -x "$HERE/peers/$1/size" ] || total=$("$HERE/peers/$1/size")
		echo "$total"
		return ;;
	esac
	for program in "${programs[@]}"; do
		case $program in *.[od]) continue ;; esac
		strip -o "$stripped" "$program"
		total=$((total + $(wc -c <"$stripped")))
	done
	echo "$total"
}

# Who is measured in which scenario.
takes_part() { # NAME SCENARIO
	case $1:$2 in
	latchkey-throttle:login | latchkey-throttle:register) ;;
	latchkey-throttle:*) return 1 ;;
	*-proxy:guard) return 1 ;; # mod_fcgid's, as with -fcgid
	*-cgi:me | *-cgi:index) ;;
	*-cgi:*) return 1 ;;
	esac
}

# Round by round, in each all targets behind one another for one scenario and
# number of connections; who begins changes.
rounds() { # SCENARIOS CONNECTIONS NAME...
	local scenarios=$1 connections=$2 scenario count round turn=0 i name
	shift 2
	local names=("$@")

	for ((round = 1; round <= ROUNDS; round++)); do
		for scenario in $scenarios; do
			for count in $connections; do
				turn=$((turn + 1))
				for ((i = 0; i < ${#names[@]}; i++)); do
					name=${names[(i + turn) % ${#names[@]}]}
					! takes_part "$name" "$scenario" ||
						sample "$round" "$name" "$scenario" "$count"
				done
			done
			say "round $round of $ROUNDS: $scenario, $((SECONDS - BEGAN)) s"
		done
	done
}

# Caches, compilers of scripts, processes that mod_fcgid starts one a second.
warm_up() { # SCENARIOS NAME...
	local scenario name seconds
	for scenario in $1; do
		for name in "${@:2}"; do
			takes_part "$name" "$scenario" || continue
			seconds=1
			case $name in *fcgid) seconds=5 ;; esac
			load_prepared "$name" "$scenario" 16 "$seconds" >/dev/null
			settle "$name" "$scenario"
		done
	done
}
