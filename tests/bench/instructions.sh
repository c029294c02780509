#!/bin/bash
# instructions.sh [update]: count what a request costs each program and compare it
# with tests/bench/instructions.txt: 5 % more instructions, or one more system
# call, and it fails.  "update" writes the file.  Takes half a minute, whatever else
# the machine does, for nothing is timed.
. "$(dirname "$0")/../faults/instance.sh"

here=$(cd "$(dirname "$0")" && pwd)
programs=$(realpath "${O:-$here/../../build}")/cgi-bin
kept=$here/instructions.txt

# bcrypt is left out: the hash of every password is what it is compared with.
stub() {
	gcc -shared -fPIC -o "$scratch/stub.so" -x c - <<-'END'
	#include <string.h>
	char *crypt_rn(const char *, const char *, void *, int);
	char *
	crypt_rn(const char *password, const char *setting, void *data, int size)
	{
		(void)password;
		return strncpy(data, setting, (size_t)size);
	}
	END
}

versions() {
	local package
	for package in libc6 libmariadb3 libssl3 libjwt0 libcjson1 libfcgi0ldbl valgrind; do
		dpkg-query -W -f '${Package} ${Version}\n' "$package" 2>/dev/null
	done | paste -sd , | sed 's/,/, /g' | fold -s -w 72 | sed 's/^/# /; s/ *$//'
}

compare() { # WHAT-IS WHAT-WAS
	awk '/^#/ || NF < 3 { next }
	FNR == NR { was[$1] = $2; calls[$1] = $3; next }
	!($1 in was) { print $1 ": not in instructions.txt"; bad = 1; next }
	{
		printf "%-14s%8d instructions, %+.1f %%; %g system calls, %+g\n",
			$1, $2, ($2 / was[$1] - 1) * 100, $3, $3 - calls[$1]
		if ($2 > was[$1] * 1.05 || $3 > calls[$1] + 0.5) bad = 1
	}
	END { exit bad }' "$2" "$1"
}

instance_start SERVER=lighttpd ACCESS_TOKEN_SECRET="$(printf '%064d' 1)" \
	REFRESH_TOKEN_SECRET="$(printf '%064d' 2)"
stub || exit 1
"$here/instructions.py" "$programs" "$scratch/stub.so" "$run/run.env" \
	>"$scratch/counts" || exit 1
if [ "${1-}" = update ]; then
	{
		cat <<-'END'
		# What one request costs, by "tests/bench/instructions.sh update": program,
		# instructions (of itself and its libraries, by callgrind, bcrypt left out),
		# system calls that do not wait, and which.  Kept so that a change that costs is seen.  Counts
		# are comparable with the same compiler and libraries alone:
		END
		echo "# gcc $(gcc -dumpfullversion),"
		versions
		cat "$scratch/counts"
	} >"$kept"
	cat "$kept"
elif ! compare "$scratch/counts" "$kept"; then
	cat "$scratch/counts"
	echo 'A request has become dearer; if it must: tests/bench/instructions.sh update'
	exit 1
fi
