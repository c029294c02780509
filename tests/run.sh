#!/bin/bash
# What "make test" runs once everything is built: all tests under one prove, so
# that its last lines count all that ran.  A page of tests/http or tests/guard runs
# behind each of several servers that with-servers.sh starts;
# "make test T='tests/http/me.t'" runs only the tests named.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
pages=build/pages

# A page behind a server is a script of two lines, so that prove can name it.
page() { # SETUP SOURCE
	local name

	name=$pages/$1/${2#tests/}
	mkdir -p "${name%/*}"
	printf '#!/bin/sh\nexec tests/behind.sh %s "%s"\n' "$1" "$2" >"$name"
	chmod +x "$name"
	echo "$name"
}

# Behind mod_proxy_fcgi those about the server between; with PROXY=all, all.
proxy_pages() {
	case ${PROXY-} in
	all) echo tests/http/*.t tests/guard/*.t ;;
	*) echo tests/http/general.t tests/guard/paths.t ;;
	esac
}

# In the order in which they start: what can only run one after the other first.
list() {
	local test setup

	for test in tests/faults/*.t tests/mail/*.t tests/browser.t tests/install/*.t \
		tests/model/*.t tests/checks/*.t; do
		echo "$test"
	done
	for setup in apache apache-htaccess apache-htaccess-cgi lighttpd nginx asan; do
		for test in tests/http/*.t; do page "$setup" "$test"; done
	done
	# The same programs by the same protocol: here its configuration is tried.
	for test in general cors sessions; do
		page apache-cgi "tests/http/$test.t"
	done
	# Plain CGI has no guards.
	for setup in apache apache-htaccess lighttpd nginx asan; do
		for test in tests/guard/*.t; do page "$setup" "$test"; done
	done
	for test in $(proxy_pages); do page apache-proxy "$test"; done
	page asan tests/sanitizer.t
	for test in build/tests/unit/*.t build/asan/tests/unit/*.t; do
		echo "$test"
	done
}

# What matches one of the words in T; without T, all.
chosen() {
	local test word

	while read -r test; do
		[ -n "${T-}" ] || echo "$test"
		for word in ${T-}; do
			[[ $test != *"${word#tests/}"* ]] || echo "$test"
		done
	done
}

rm -rf "$pages"
mapfile -t tests < <(list | chosen)
# Six lanes at a time, for most of the time is spent waiting; in each, one page at a
# time.  The longest are named, and so started, first; and all of them are sequences,
# for prove would start what stands by itself before any sequence.
lanes=(tests/faults/guard.t tests/faults/throttle.t 'tests/faults/**' 'tests/mail/**'
	tests/browser.t 'tests/install/**' 'tests/model/**' 'tests/checks/**' "$pages"/*
	'build/tests/**' 'build/asan/**')
rules=()
for lane in "${lanes[@]}"; do
	[ ! -d "$lane" ] || lane+='/**'
	rules+=(--rules "seq=$lane")
done
exec tests/servers/with-servers.sh prove --exec '' -j 6 "${rules[@]}" "${tests[@]}"
