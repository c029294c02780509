#!/bin/bash
# How long forgot-password takes for an address that has an account and for one
# that has none, asked in turn: whoever measures it is not to tell them apart.
# Prints the two medians and their ratio.  No test, for it is about time.
. "$(dirname "$0")/../faults/instance.sh"

count=${1:-200}

# took ADDRESS: milliseconds.
took() {
	curl -sS -o "$scratch/body" -w '%{time_starttransfer}\n' \
		-H 'Content-Type: application/json' \
		-d "{\"email\":\"$1\"}" "$api/forgot-password" |
		awk '{ print $1 * 1000 }'
}

median() {
	sort -n "$1" | awk '{ v[NR] = $1 }
		END { i = int((NR + 1) / 2); j = int((NR + 2) / 2)
			print (v[i] + v[j]) / 2 }'
}

instance_start SERVER="${SERVER:-lighttpd}" MAIL_FROM=noreply@example.org \
	SITE_URL=https://www.example.org MAIL_COMMAND=/bin/true
known=()
for ((i = 0; i < count; i++)); do
	known+=("known-$i-$RANDOM@example.org")
	post register "{\"email\":\"${known[-1]}\",\"password\":\"12345 67890\"}"
	[ "$(reply_status)" = 201 ] || exit 1
done
# Each kind as often behind the other as behind its own, for a mail that goes out
# slows the next request.
for ((i = 0; i < count; i++)); do
	[ $((i % 2)) -eq 0 ] || took "un$RANDOM-${known[i]}" >>"$scratch/unknown"
	took "${known[i]}" >>"$scratch/known"
	[ $((i % 2)) -eq 1 ] || took "un$RANDOM-${known[i]}" >>"$scratch/unknown"
done
awk -v known="$(median "$scratch/known")" \
	-v unknown="$(median "$scratch/unknown")" -v count="$count" 'BEGIN {
	printf "%d each: known %.2f ms, unknown %.2f ms, ratio %.3f\n",
		count, known, unknown, known / unknown }'
