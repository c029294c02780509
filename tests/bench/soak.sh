#!/bin/bash
# soak.sh [MINUTES]: ten minutes of everything at once, and whether memory (PSS) and
# file descriptors of each program stay flat: the median of the last third of the
# samples, one each 15 seconds, may be no more than 2 % and 128 KiB over that of the
# second third, and descriptors one for each process, for each may just have a request
# in hand, and 5 %.  What the first third does is warming up.  Exits 0 when all are
# flat and no request has failed.
set -eu
# shellcheck source=tests/bench/alone.sh
. "$(dirname "$0")/alone.sh"

seconds=$(awk -v minutes="${1:-10}" 'BEGIN { print int(minutes * 60) }')
every=${EVERY:-15}
api=/api/v1/users
watched="index me guard refresh-token login lighttpd"

# Who rotates tokens in a chain is nobody who logs in: that would end sessions.
share_users() {
	alone_users 10000 1
	head -n 8 "$DIR/users" >"$DIR/rotating"
	tail -n +9 "$DIR/users" >"$DIR/others"
}

loads=()
load_start() { # NAME SCRIPT PATH CONNECTIONS USERS
	alone_load "$2" "$3" "$4" "$seconds" "$DIR/$5" >"$DIR/result.$1" 9>&- &
	loads+=($!)
}

# The processes of a program, or of the web server.
pids_of() { # NAME
	if [ "$1" = lighttpd ]; then
		cat "$DIR/web/web.pid"
	else
		pgrep -f "^$alias/build/cgi-bin/$1\$"
	fi
}

# TIME NAME PROCESSES PSS-KIB DESCRIPTORS
sample() { # TIME
	local name pid pss fds count
	for name in $watched; do
		pss=0 fds=0 count=0
		for pid in $(pids_of "$name"); do
			pss=$((pss + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")))
			fds=$((fds + $(find "/proc/$pid/fd" -mindepth 1 | wc -l)))
			count=$((count + 1))
		done
		echo "$1 $name $count $pss $fds"
	done
}

verdict() {
	awk -v end="$seconds" 'function median(list, n,    i, j, t) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
				t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
			}
		return (list[int((n + 1) / 2)] + list[int((n + 2) / 2)]) / 2
	}
	function of(name, what, part,    i, n, list) {
		n = 0
		for (i = 1; i <= seen[name]; i++)
			if (third[name, i] == part) list[++n] = value[name, what, i]
		return median(list, n)
	}
	{
		if (!($2 in seen)) order[++names] = $2
		i = ++seen[$2]
		third[$2, i] = $1 <= end / 3 ? 1 : $1 <= end * 2 / 3 ? 2 : 3
		value[$2, "pss", i] = $4
		value[$2, "fds", i] = $5
		processes[$2] = $3
	}
	END {
		printf "%-14s%10s%12s%12s%8s%8s\n", "program", "processes",
			"PSS/KiB 2nd", "last third", "fds", "fds"
		for (n = 1; n <= names; n++) {
			name = order[n]
			was = of(name, "pss", 2); is = of(name, "pss", 3)
			open = of(name, "fds", 2); now = of(name, "fds", 3)
			flat = processes[name] > 0 && is <= was * 1.02 + 128 &&
				now <= open * 1.05 + processes[name]
			if (!flat) bad = 1
			printf "%-14s%10d%12d%12d%8d%8d  %s\n", name, processes[name],
				was, is, open, now, flat ? "flat" : "NOT FLAT"
		}
		exit bad
	}' "$DIR/samples"
}

errors() {
	local file requests took p50 p99 wrong rest bad=0
	for file in "$DIR"/result.*; do
		read -r requests took p50 p99 wrong rest <"$file" || wrong=all
		: "$took$rest"
		printf '%-14s%10s requests, p50 %s us, p99 %s us, %s errors\n' \
			"${file##*.}" "$requests" "$p50" "$p99" "$wrong"
		[ "$wrong" = 0 ] || bad=1
	done
	return $bad
}

alone_open --innodb-buffer-pool-size=64M
share_users
alias=$(cat "$DIR/web/alias")
load_start index get / 2 others
load_start me signed-in "$api/me" 4 others
load_start guard signed-in /members/ 2 others
load_start refresh-token refresh "$api/refresh-token" 8 rotating
load_start login login "$api/login" 2 others
start=$SECONDS
while [ $((SECONDS - start + every)) -le "$seconds" ]; do
	sleep "$every"
	sample $((SECONDS - start))
done >"$DIR/samples"
wait "${loads[@]}"
status=0
errors || status=1
verdict || status=1
exit $status
