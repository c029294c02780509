#!/bin/bash
# A later version over one that is serving in a web space, by the commands of
# README.install once more: under load no request fails, by mod_fcgid and as plain CGI.
# The new files are another copy of the same version.
LATCHKEY_URL=
. "$(dirname "$0")/../http/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
tarball=$(echo "$root"/build/dist/latchkey-*.tar.gz)
load=$root/tests/faults/load.py
# shellcheck source=tests/servers/tenant.sh
. "$root/tests/servers/tenant.sh"
homes=()
# shellcheck disable=SC2317 # the trap calls it
drop() {
	rm -rf "${homes[@]}" "$scratch"
}
trap drop EXIT

# commands: those that bring the files, for a home within the web root of SERVER.
commands() {
	tar -xzOf "$tarball" --wildcards '*/README.install' | tenant_commands '' |
		sed '/^secret()/,$d'
}

bring() {
	cp "$tarball" "$home"
	env -i HOME="$home" PATH=/usr/bin:/bin bash -euc "umask 022; $(commands)" \
		>"$scratch/body" 2>&1 && chown -R --reference="${home%/*}" "$home"
}

# space SERVER URL: a new one, with the settings of the web space that is there.
space() {
	local tenant=$LATCHKEY_RUN/$1/web/home

	SERVER=$1
	home=$tenant/www/again
	homes+=("$home")
	rm -rf "$home"
	mkdir "$home"
	ok 'is installed' bring
	cp -p "$tenant/latchkey/latchkey.env" "$home/latchkey"
	LATCHKEY_URL=$2
	locate
	LATCHKEY_URL=$origin/again/www
	locate
	get me
	no_token 'Token not found'
}

under_load() { # COMMAND...
	local loader

	rm -f "$scratch/ready"
	/usr/bin/python3 "$load" visit 3 "$LATCHKEY_URL" "$scratch/ready" me sessions \
		>"$scratch/load" 2>"$scratch/request" &
	loader=$!
	for _ in {1..100}; do
		[ ! -e "$scratch/ready" ] || break
		sleep 0.1
	done
	"$@"
	kill -TERM "$loader"
	wait "$loader"
	cp "$scratch/load" "$scratch/body"
	echo "# $(<"$scratch/load")"
	json '.failed | tostring' '{}'
	ok 'many were served' [ "$(reply_json .served)" -gt 100 ]
}

upgrade_often() {
	for _ in {1..5}; do
		sleep 0.4
		ok 'goes over it' bring
	done
}

inode() {
	stat -c %i "$home"/www/api/v1/users/"$1"
}

it 'mod_fcgid'
space apache-htaccess "$LATCHKEY_APACHE_HTACCESS"
before=$(inode me)
under_load upgrade_often
ok 'the programs are others now' unequal "$(inode me)" "$before"
ok 'and nothing is left over' equal "$(find "$home/www" -name '*.new')" ''

it 'plain CGI, programs named .cgi'
space apache-htaccess-cgi "$LATCHKEY_APACHE_HTACCESS_CGI"
under_load upgrade_often
ok 'no program has two names' equal "$(find "$home/www/api/v1/users" -name me)" ''

finish
