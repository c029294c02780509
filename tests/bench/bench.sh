#!/bin/bash
# What "make bench" runs: everything private, checked, measured in turn, reported.
# See README.md beside it.  To cut it short, or for something else:
#
#   SETS          lighttpd apache cgi mixed
#   TARGETS       only these (each belongs to a set; others go to the first)
#   SCENARIOS     index me guard refresh-token login register
#   CONNECTIONS   1 16 64
#   SECONDS_EACH  2, of each measurement
#   ROUNDS        3
#   USERS         10000
#   RESULTS       where results.json and results.svg go; by default tests/bench/results
#                 for a run that nothing cuts short, else RUN_DIR/results
#   RUN_DIR       .run/bench
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/servers/mariadb.sh
. "$HERE/../servers/mariadb.sh"
# shellcheck source=tests/bench/stage.sh
. "$HERE/stage.sh"
# shellcheck source=tests/bench/check.sh
. "$HERE/check.sh"
# shellcheck source=tests/bench/measure.sh
. "$HERE/measure.sh"
# shellcheck source=tests/bench/mixed.sh
. "$HERE/mixed.sh"

short=${SETS-}${TARGETS-}${SCENARIOS-}${CONNECTIONS-}${SECONDS_EACH-}${ROUNDS-}
SETS=${SETS:-lighttpd apache cgi mixed}
SCENARIOS=${SCENARIOS:-index me guard refresh-token login register}
SECONDS_EACH=${SECONDS_EACH:-2}
ROUNDS=${ROUNDS:-3}
DIR=$(realpath -m "${RUN_DIR:-$ROOT/.run/bench}")
results=${RESULTS:-$HERE/results}
[ -z "$short" ] || results=${RESULTS:-$DIR/results}
NEXT_PORT=${PORT:-18100}
RUN_NAME=$(date +%s)
BEGAN=$SECONDS
read -r BENCH_LOAD _ </proc/loadavg
export BENCH_LOAD

in_list() { # WORD LIST
	case " $2 " in *" $1 "*) ;; *) return 1 ;; esac
}

# Those of the words that TARGETS, if there is such a list, names as well; sets
# names.
choose() { # NAME...
	local name
	names=()
	for name; do
		[ -z "${TARGETS-}" ] || in_list "$name" "$TARGETS" || continue
		! target_is_there "$name" || names+=("$name")
	done
}

# Words of SCENARIOS that are in the list as well; prints them.
scenarios_of() { # SCENARIO...
	local word
	for word; do
		! in_list "$word" "$SCENARIOS" || printf '%s ' "$word"
	done
}

# Start NAMES, check them, measure them, and stop them.
measure_set() { # SCENARIOS CONNECTIONS
	local name scenario

	[ "${#names[@]}" -gt 0 ] && [ -n "$1" ] || return 0
	say "measuring ${names[*]}"
	targets_start "${names[@]}"
	for name in "${names[@]}"; do
		for scenario in $1; do
			! takes_part "$name" "$scenario" || check "$name" "$scenario"
		done
	done
	note_idle "${names[@]}"
	warm_up "$1" "${names[@]}"
	rounds "$1" "$2" "${names[@]}"
	targets_stop
}

lighttpd_names=(floor latchkey latchkey-throttle express express-tutorial fastify php-fpm)
apache_names=(floor-fcgid latchkey-fcgid floor-proxy latchkey-proxy php-fcgid)
cgi_names=(floor-cgi latchkey-cgi php-cgi)
mixed_names=(latchkey-login-2 latchkey-login-4 latchkey-login-8)

set_lighttpd() {
	local extra name
	extra=()
	for name in ${TARGETS-}; do
		in_list "$name" "${lighttpd_names[*]} ${apache_names[*]} ${cgi_names[*]} \
			${mixed_names[*]}" || extra+=("$name")
	done
	choose "${lighttpd_names[@]}" ${extra[@]+"${extra[@]}"}
	measure_set "$SCENARIOS" "${CONNECTIONS:-1 16 64}"
}

set_apache() {
	choose "${apache_names[@]}"
	measure_set "$(scenarios_of index me guard refresh-token login)" "${CONNECTIONS:-1 16}"
}

set_cgi() {
	choose "${cgi_names[@]}"
	measure_set "$(scenarios_of index me)" "${CONNECTIONS:-1 16}"
}

set_mixed() {
	choose "${mixed_names[@]}"
	[ "${#names[@]}" -gt 0 ] || return 0
	say "measuring ${names[*]} while 64 log in"
	targets_start "${names[@]}"
	mixed "${names[@]}"
	targets_stop
}

report() { # DIRECTORY
	mkdir -p "$1"
	"$HERE/report.py" "$DIR/samples" "$1" "$SECONDS_EACH" "$USERS" || return 1
	chmod -R a+rX "$1"
}

# A run that ends early tells what it has found so far.
# shellcheck disable=SC2317 # the trap calls it
finish() {
	stage_close
	[ -z "$finished" ] && [ -s "$DIR/samples" ] || return 0
	say "not finished; so far, in $DIR/results:"
	report "$DIR/results" || :
}

awk -v load="$BENCH_LOAD" 'BEGIN { exit load < 0.5 }' &&
	say "this machine is at work already (load $BENCH_LOAD): the numbers will say so"
[ ! -x "$HERE/peers/install" ] || "$HERE/peers/install"
finished=
stage_open
rm -f "$DIR/samples"
trap finish EXIT
for set in $SETS; do
	"set_$set"
done
finished=1
report "$results" || die "these are no results: see $DIR/log"
say "took $((SECONDS - BEGAN)) s; results.json and results.svg are in $results"
[ -n "$short" ] || "$HERE/report.py" --readme "$results/results.json" "$HERE/README.md"
