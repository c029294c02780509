#!/bin/bash
# Last on the sanitizer build: after everything that was asked of it, it has
# found nothing, leaks at the programs' end included.
set -u

[ -n "${LATCHKEY_ASAN-}" ] || {
	echo '1..0 # SKIP the sanitizer build is not there'
	exit 0
}
runner=$(cat "$LATCHKEY_RUN/asan.pid")
kill -TERM "$runner"
for _ in $(seq 300); do
	grep -q '^State:.[^Z]' "/proc/$runner/status" 2>/dev/null || break
	sleep 0.1
done
found=$(cat "$LATCHKEY_RUN"/asan/found.* 2>/dev/null)
printf '%s' "$found" | sed 's/^/# /'
[ -z "$found" ] || printf 'not '
echo 'ok 1 - AddressSanitizer, LeakSanitizer and UBSan found nothing'
events=$(grep -c event= "$LATCHKEY_RUN/asan/log/web.log")
[ "$events" -gt 50 ] || printf 'not '
echo "ok 2 - in programs that did something ($events events)"
echo 1..2
