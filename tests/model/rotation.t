#!/bin/bash
# The model of refresh rotation (rotation.pml), searched in full: no order of
# events within its bounds breaks a promise, every promise is broken as soon as
# the rule behind it is, and the cases that matter do occur.
set -u

model=$(cd "$(dirname "$0")" && pwd)/rotation.pml
for tool in spin gcc; do
	if ! command -v "$tool" >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	fi
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
tests=0
failed=0

# ok STATUS NAME: one line of TAP, and all that was said where it failed.
ok()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $2"
	sed 's/^/# /' out
}

# search OPTIMISATION DEFINES...: the verifier's words go to ./out.
# MEMLIM is in MiB; a search that meets it is incomplete, and says so.
search()
{
	local optimise=$1

	shift
	rm -f pan pan.* ./*.trail
	{
		echo "spin $* -a rotation.pml"
		spin "$@" -a "$model" &&
		gcc -w "$optimise" -DSAFETY -DMEMLIM=900 -o pan pan.c &&
		./pan -n -m10000 -w22
	} >out 2>&1
}

# states_above N: the search that ./out tells of stored more than N states.
states_above()
{
	local stored

	stored=$(sed -n 's/^ *\([0-9][0-9]*\) states, stored.*/\1/p' out)
	[ "${stored:-0}" -gt "$1" ]
}

limits='too small|out of memory|memlim|memory limit|hint: |truncated'
limits+='|interrupted|not completed'

# A search is complete when it met no limit; a small one has missed something.
holds()
{
	local name=$1

	shift
	search -O1 "$@" &&
	grep -q '^Full statespace search' out &&
	grep -q 'errors: 0$' out &&
	! grep -Eiq "$limits" out &&
	states_above 100000
	ok $? "$name"
}

# breaks FLAG NAME DEFINES...: the assertion that FLAG stays false fails.
breaks()
{
	local flag=$1 name=$2

	shift 2
	search -O0 "$@"
	grep -q 'errors: 1$' out && grep -q "assertion violated  *!($flag)" out
	ok $? "$name"
}

# The scenarios, each as small as it can be and still have room for what may go
# wrong in it: together they have to end within a minute on a slow machine.  With
# a grace of 1, times 0 to 2 are enough for a token to be spent, to be honoured,
# and to come too late.
tabs=(-DHONEST -DTABS=2 -DCHAIN=4 -DEND_OF_TIME=5)
crowd=(-DHONEST -DTABS=3 -DCHAIN=2 -DEND_OF_TIME=3)
faults=(-DHONEST -DTABS=2 -DCHAIN=3 -DEND_OF_TIME=4 -DFAULTS)
long_grace=(-DHONEST -DTABS=2 -DCHAIN=4 -DEND_OF_TIME=5 -DGRACE=2)
leaving=(-DHONEST -DTABS=2 -DCHAIN=2 -DEND_OF_TIME=2 -DLOGOUT -DOTHER_DEVICE=1)
theft=(-DTHIEF -DTABS=1 -DCHAIN=2 -DEND_OF_TIME=3)
theft_tabs=(-DTHIEF -DTABS=2 -DCHAIN=1 -DEND_OF_TIME=2)
theft_long=(-DTHIEF -DTABS=1 -DCHAIN=2 -DEND_OF_TIME=3 -DGRACE=2)
theft_faults=(-DTHIEF -DTABS=1 -DCHAIN=2 -DEND_OF_TIME=2 -DFAULTS)
theft_leaving=(-DTHIEF -DTABS=1 -DCHAIN=2 -DEND_OF_TIME=2 -DLOGOUT)
careless=(-DTABS=1 -DCHAIN=2 -DEND_OF_TIME=3 -DLOGOUT -DOTHER_DEVICE=1 -DFAULTS)
no_grace=(-DTABS=3 -DCHAIN=2 -DEND_OF_TIME=1 -DGRACE=0 -DREUSE_ENDS=0)
no_mercy=(-DTABS=2 -DCHAIN=2 -DEND_OF_TIME=2 -DGRACE=0 -DFAULTS)

holds 'two tabs, a long chain'                      "${tabs[@]}"
holds 'three tabs'                                  "${crowd[@]}"
holds 'two tabs, a database that breaks off'        "${faults[@]}"
holds 'two tabs, a grace of two'                    "${long_grace[@]}"
holds 'two tabs, a log-out, another device'         "${leaving[@]}"
holds 'a thief'                                     "${theft[@]}"
holds 'a thief, two tabs'                           "${theft_tabs[@]}"
holds 'a thief, a grace of two'                     "${theft_long[@]}"
holds 'a thief, a database that breaks off'         "${theft_faults[@]}"
holds 'a thief, a log-out'                          "${theft_leaving[@]}"
holds 'a late client, a log-out, all that can fail' "${careless[@]}"
holds 'no grace: one 200 a token'                   "${no_grace[@]}"
holds 'no grace, and reuse ends the session'        "${no_mercy[@]}"

# Each rule is needed: without it, in a scenario that holds with it, the promise
# goes that rests on it.
breaks two_successors 'plain write: two successors' \
	"${theft[@]}" -DBROKEN_WRITE -DONLY=1
breaks session_revived 'plain write: a log-out undone' \
	"${theft_leaving[@]}" -DBROKEN_WRITE -DONLY=3
breaks session_revived 'plain write: a log-out undone, and no thief about' \
	"${careless[@]}" -DBROKEN_WRITE -DONLY=3
breaks two_successors 'successor drawn: two successors' \
	"${tabs[@]}" -DBROKEN_DRAW -DONLY=1
breaks two_successors 'successor dated anew: two successors' \
	"${tabs[@]}" -DBROKEN_IAT -DONLY=1
breaks late_success 'grace unchecked: a spent token succeeds' \
	"${theft[@]}" -DBROKEN_GRACE -DONLY=2
breaks theft_goes_on 'grace unchecked: owner and thief both go on' \
	"${theft[@]}" -DBROKEN_GRACE -DONLY=5
breaks late_success 'grace of 0 taken as this second: two 200s for a token' \
	"${no_grace[@]}" -DBROKEN_ZERO -DONLY=2
breaks session_revived 'no session taken for a new one: a log-out undone' \
	"${theft_leaving[@]}" -DBROKEN_REVIVE -DONLY=3
breaks honest_logged_out 'only the newest time kept: an honest tab is out' \
	"${tabs[@]}" -DBROKEN_HISTORY -DONLY=4
breaks honest_logged_out 'time ahead refused: an honest tab is out' \
	"${tabs[@]}" -DBROKEN_AHEAD -DONLY=4
breaks honest_logged_out 'lost race refused: an honest tab is out' \
	"${tabs[@]}" -DBROKEN_LOSER -DONLY=4
breaks theft_goes_on 'reuse refused and no more: the session goes on' \
	"${theft[@]}" -DBROKEN_NOEND -DONLY=5

# What the promises are about does occur.
breaks witnessed 'seen: a token spent two rotations ago is honoured' \
	"${tabs[@]}" -DWITNESS=1
breaks witnessed 'seen: a log-out comes between a read and its write' \
	"${leaving[@]}" -DWITNESS=2
breaks witnessed 'seen: a token is honoured in the last of its grace' \
	"${tabs[@]}" -DWITNESS=3
breaks witnessed 'seen: an owner robbed ends the session' \
	"${theft[@]}" -DWITNESS=4
breaks witnessed 'seen: a write lands after its connection is gone' \
	"${faults[@]}" -DWITNESS=5
breaks witnessed 'seen: an older answer arrives after a newer one' \
	"${tabs[@]}" -DWITNESS=6

echo "1..$tests"
[ "$failed" -eq 0 ]
