#!/bin/bash
# Every C source is laid out as .clang-format has it.
cd "$(dirname "$0")/../.." || exit 1

files=(cgi-bin/*.c lib/*.[ch] tests/unit/*.[ch] tests/bench/*.c
	tests/bench/floors/*.[ch])
echo "1..${#files[@]}"
for file in "${files[@]}"; do
	if clang-format "$file" | diff -u "$file" - >/dev/null; then
		echo "ok - $file"
	else
		echo "not ok - $file (make format)"
		clang-format "$file" | diff -u "$file" - | sed 's/^/# /'
	fi
done
