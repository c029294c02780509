#!/bin/bash
# Every shell script that git tracks, or could, is clean.
cd "$(dirname "$0")/../.." || exit 1

scripts=()
while IFS= read -r -d '' file; do
	head -c 40 "$file" | grep -qE '^#!/bin/(ba)?sh|^# shellcheck' ||
		[[ $file == *.sh ]] || continue
	scripts+=("$file")
done < <(find . \( -name .git -o -name build -o -name .run -o -name node_modules \) -prune \
	-o -type f -not -name '*.[cho]' -print0 | sort -z)
echo "1..${#scripts[@]}"
for file in "${scripts[@]}"; do
	if errors=$(shellcheck -x -P SCRIPTDIR "$file" 2>&1); then
		echo "ok - $file"
	else
		echo "not ok - $file"
		printf '%s\n' "$errors" | sed 's/^/# /'
	fi
done
