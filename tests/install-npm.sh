#!/bin/bash
# What the tests take from npm, into tests/node_modules, where it is missing or
# older than tests/package-lock.json.  Silent where nothing is to be done.
set -eu
cd "$(dirname "$0")"

exec 9<package-lock.json
flock 9
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ "$installed" -ot package-lock.json ]; then
	npm ci --loglevel=error --no-audit --no-fund --ignore-scripts \
		>/dev/null 9<&-
	touch "$installed"
fi
