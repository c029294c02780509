#!/bin/bash
# gcc has built everything without a warning; clang finds nothing either, and
# every header compiles alone.
cd "$(dirname "$0")/../.." || exit 1

flags=$(make -s --no-print-directory print-flags)
check() {
	local file=$1
	shift
	# shellcheck disable=SC2086 # a list of flags
	if errors=$(clang $flags -fsyntax-only "$@" "$file" 2>&1); then
		echo "ok - $file"
	else
		echo "not ok - $file"
		printf '%s\n' "$errors" | sed 's/^/# /'
	fi
}

sources=(cgi-bin/*.c lib/*.c tests/unit/*.c tests/bench/*.c tests/bench/floors/*.c)
headers=(lib/*.h)
echo "1..$((${#sources[@]} + ${#headers[@]}))"
for file in "${sources[@]}"; do check "$file"; done
for file in "${headers[@]}"; do check "$file" -x c -Wno-unused; done
