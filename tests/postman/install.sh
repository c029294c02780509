#!/bin/bash
# What the tests take from npm, into tests/node_modules, where it is missing or
# older than tests/package-lock.json.  Several pages may ask for it at a time.
set -eu
cd "$(dirname "$0")/.."

exec 9<package-lock.json
flock 9
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ "$installed" -ot package-lock.json ]; then
	npm ci --silent --no-audit --no-fund --ignore-scripts 9<&-
	touch "$installed"
fi
