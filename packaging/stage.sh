#!/bin/bash
# What "make install" installs: the tree as it will stand, put together in STAGE, with
# the paths of the samples filled in.  Environment: the directories that the Makefile
# names, and BINS, the programs.
set -eu
umask 022
cd "$(dirname "$0")/.."

put() { # DIR FILE...
	install -d -m 755 "$STAGE$1"
	install -m 644 -t "$STAGE$1" "${@:2}"
}

put_as() { # PATH FILE
	install -D -m 644 "$2" "$STAGE$1"
}

link() { # TARGET PATH
	mkdir -p "$STAGE${2%/*}"
	ln -s "$1" "$STAGE$2"
}

put_tree() { # NAME: that directory, all of it
	mkdir -p "$STAGE$DATADIR/latchkey"
	cp -r --no-preserve=mode "$1" "$STAGE$DATADIR/latchkey"
}

programs() {
	local dir=$LIBEXECDIR/latchkey

	mkdir -p "$STAGE$dir/cgi-bin"
	# shellcheck disable=SC2086 # words; no path of make's has a blank in it
	install -m 755 $BINS "$STAGE$dir/cgi-bin"
	# Where programs look that nobody told anything.
	link "$SYSCONFDIR/latchkey/latchkey.env" "$dir/latchkey.env"
	link "$DATADIR/latchkey/mail" "$dir/mail"
}

# Disabled until somebody enables them.
server_snippets() {
	put_as "$SERVERCONFDIR/apache2/conf-available/latchkey.conf" \
		apache-conf/conf-available.conf
	put_as "$SERVERCONFDIR/lighttpd/conf-available/50-latchkey.conf" \
		lighttpd-conf/conf-available.conf
	link "$DATADIR/latchkey/nginx-conf" "$SERVERCONFDIR/nginx/latchkey"
}

units() {
	local unit

	for unit in systemd/*; do
		if [ -d "$unit" ]; then
			put "$UNITDIR/${unit##*/}" "$unit"/*
		else
			put "$UNITDIR" "$unit"
		fi
	done
}

data() {
	local dir

	for dir in apache-conf htdocs lighttpd-conf mail nginx-conf sql; do
		put_tree "$dir"
	done
	put "$DATADIR/latchkey" latchkey.env.sample
	install -m 755 packaging/make-settings.sh "$STAGE$DATADIR/latchkey"
	put "$DATADIR/latchkey/passwords" passwords/common.txt passwords/LICENSE
	put "$DATADIR/latchkey/fail2ban" tests/fail2ban/latchkey.conf
	put "$DOCDIR" README.md LICENSE
}

# The paths of this installation, in place of the usual ones.
fill_in() {
	find "$STAGE" -type f ! -path '*/cgi-bin/*' -exec sed -i \
		-e "s|/usr/local/lib/latchkey/|$LIBEXECDIR/latchkey/|g" \
		-e "s|/usr/local/share/latchkey/|$DATADIR/latchkey/|g" \
		-e "s|/usr/local/etc/latchkey/|$SYSCONFDIR/latchkey/|g" {} +
}

rm -rf "$STAGE"
programs
server_snippets
units
data
fill_in
