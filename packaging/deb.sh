#!/bin/bash
# What "make deb" runs: the Debian package of this version, in O.  It is built in a
# copy of the sources, so that nothing of it comes to lie among them.  Environment: O,
# VERSION; and OBJECTS, a directory of programs that are built already.
set -eu
umask 022
cd "$(dirname "$0")/.."

tree=$O/deb/latchkey-$VERSION

sources() {
	rm -rf "$O/deb"
	mkdir -p "$tree/tests"
	cp -rp Makefile README.md latchkey.env.sample LICENSE apache-conf cgi-bin debian \
		htdocs lib lighttpd-conf mail nginx-conf packaging passwords sql systemd "$tree"
	cp -rp tests/fail2ban "$tree/tests"
	chmod -R u=rwX,go=rX "$tree"
	[ -z "${OBJECTS-}" ] || ln -s "$(realpath "$OBJECTS")" "$tree/build"
}

# The version is the Makefile's, and so is the day.
changelog() {
	cat <<-END
	latchkey ($VERSION) unstable; urgency=medium

	  * Version $VERSION.

	 -- $(sed -n 's/^Maintainer: //p' debian/control)  $(date -uR -r Makefile)
	END
}

sources
changelog >"$tree/debian/changelog"
if ! (cd "$tree" && dpkg-buildpackage -b -us -uc -nc) >"$O/deb/log" 2>&1; then
	tail -n 30 "$O/deb/log" >&2
	echo "latchkey: the package cannot be built: see $O/deb/log" >&2
	exit 1
fi
mv "$O"/deb/latchkey_"$VERSION"_*.deb "$O"
ls "$O"/latchkey_"$VERSION"_*.deb
