#!/bin/bash
# What "make dev" runs: build and serve, and again whenever a source changes.
set -u
cd "$(dirname "$0")/../.." || exit 1

sources() {
	find Makefile cgi-bin lib sql apache-conf lighttpd-conf nginx-conf mail \
		tests/servers -type f
	# Elsewhere an edited page is seen at once.
	[ "$what" = all ] || find htdocs tarball passwords -type f
}

what=all
[[ ${SERVER-} != apache-htaccess* ]] || what=tarball

# entr ends with 2 when a file has come or gone: then the list is made anew.
while :; do
	sources | entr -dnr sh -c \
		"make --no-print-directory $what && exec tests/servers/run.sh"
	[ $? -eq 2 ] || exit 0
	sleep 0.2
done
