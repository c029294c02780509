#!/bin/bash
# The Debian package is built, lintian finds nothing wrong with it, it has what it
# should, and its scripts do to a scratch directory what they do to a machine.  "make
# test-deb" installs it into a fresh Debian.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

scratch_root=$place/root

# script NAME ARGUMENT...: of the package, with its paths below $scratch_root, and
# with commands that only say what they would do to users and groups.
script() {
	local name=$1 command

	mkdir -p "$place/stubs"
	for command in getent addgroup adduser deluser delgroup chgrp; do
		printf '#!/bin/sh\necho "%s $*" >>"%s/commands"\n%s\n' "$command" "$place" \
			"[ $command != getent ] || [ -e $place/has-group ]" \
			>"$place/stubs/$command"
	done
	chmod +x "$place"/stubs/*
	sed -e "s|/etc/|$scratch_root/etc/|g" -e "s|/usr/share/|$scratch_root/usr/share/|g" \
		-e "s|/var/|$scratch_root/var/|g" -e "s|/run/|$scratch_root/run/|g" \
		-e "s|/usr/bin/|$scratch_root/usr/bin/|g" \
		"$place/control/$name" >"$place/$name"
	: >"$place/commands"
	PATH=$place/stubs:$PATH sh "$place/$name" "${@:2}" >"$scratch/body" 2>&1
}

said() {
	grep -qxF "$1" "$place/commands"
}

it 'the package'
env OBJECTS="$O" O="$place/out" DEB_BUILD_OPTIONS='noautodbgsym nocheck' \
	VERSION="$(make -s -C "$root" print-version)" "$root/packaging/deb.sh" \
	>"$scratch/body" 2>&1
ok 'is built' equal "$?" 0
deb=$(<"$scratch/body")
lintian --fail-on error,warning "$deb" >"$scratch/body" 2>&1
ok 'lintian finds neither error nor warning' equal "$?" 0
dpkg-deb -x "$deb" "$scratch_root"
dpkg-deb -e "$deb" "$place/control"
ok 'has every program' equal "$(cd "$scratch_root/usr/lib/latchkey/cgi-bin" && printf '%s\n' *)" \
	"$(cd "$root/cgi-bin" && printf '%s\n' *.c | sed 's/\.c$//')"
ok 'of this version' equal "$(dpkg-deb -f "$deb" Version)" \
	"$("$scratch_root/usr/lib/latchkey/cgi-bin/index" </dev/null 2>/dev/null |
		sed -n 's/^latchkey index \([0-9.]*\):.*/\1/p')"
ok 'knows no other place' equal "$(grep -rlF /usr/local "$scratch_root/usr/share/latchkey" \
	"$scratch_root/etc" "$scratch_root/lib/systemd")" ''
ok 'settings and pages are linked to where they are' equal \
	"$(readlink "$scratch_root"/usr/lib/latchkey/{latchkey.env,mail} "$scratch_root/etc/nginx/latchkey" | paste -sd ' ')" \
	'/etc/latchkey/latchkey.env ../../share/latchkey/mail /usr/share/latchkey/nginx-conf'
ok 'enables nothing' equal "$(find "$scratch_root" -path '*-enabled*' -o -name '*.wants')" ''
ok 'edits to the snippets are kept' equal "$(sort "$place/control/conffiles" | paste -sd ' ')" \
	'/etc/apache2/conf-available/latchkey.conf /etc/lighttpd/conf-available/50-latchkey.conf'
ok 'has its commands' grep -q 'a2enconf latchkey' \
	"$scratch_root/usr/share/doc/latchkey/README.Debian"

it 'installing'
settings=$scratch_root/etc/latchkey/latchkey.env
ok 'succeeds' script postinst configure ''
ok 'makes the group' said 'addgroup --quiet --system latchkey'
ok 'for the web server' said 'adduser --quiet www-data latchkey'
ok 'makes the settings, for that group' equal \
	"$(stat -c %a "$settings") $(grep ^chgrp "$place/commands")" \
	"640 chgrp latchkey $settings.new"
ok 'with three secrets' equal "$(grep -oE '=[0-9a-f]{64}$' "$settings" | sort -u | wc -l)" 3
before=$(<"$settings")
touch "$place/has-group"

it 'upgrading'
ok 'succeeds' script postinst configure 0.0.1
ok 'asks for no group' equal "$(<"$place/commands")" ''
ok 'leaves the settings alone' equal "$(<"$settings")" "$before"
rm "$settings"
ok 'also where somebody has taken them away' script postinst configure 0.0.1
ok 'for good' [ ! -e "$settings" ]
echo "$before" >"$settings"

it 'removing'
ok 'succeeds, where there is no server' script prerm remove
ok 'and then' script postrm remove
ok 'the settings stay' [ -e "$settings" ]

it 'purging'
touch "$scratch_root/etc/latchkey/mine"
ok 'succeeds' script postrm purge
ok 'takes the settings' [ ! -e "$settings" ]
ok 'and nothing of others' [ -e "$scratch_root/etc/latchkey/mine" ]
ok 'and the group' said 'delgroup --quiet --system --only-if-empty latchkey'

finish
