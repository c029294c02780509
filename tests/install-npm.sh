#!/bin/bash
# install-npm.sh [DIR]: what DIR/package-lock.json names, of the tests if no DIR is
# given, into DIR/node_modules, where it is missing or older.  Silent where nothing
# is to be done.
set -eu
cd "${1:-$(dirname "$0")}"

exec 9<package-lock.json
flock 9
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ "$installed" -ot package-lock.json ]; then
	npm ci --loglevel=error --no-audit --no-fund --ignore-scripts \
		>/dev/null 9<&-
	touch "$installed"
fi
