#!/bin/bash
# make.sh BUILD NAME: put what "make dist" has built in BUILD/dist/cgi-bin, and all
# that belongs to it, into BUILD/dist/NAME.tar.gz.  The same sources, compiler and
# libraries give the same bytes, whoever builds them and wherever.
set -eu
cd "$(dirname "$0")/.."
dist=$(realpath "$1")/dist
name=$2
top=$dist/$name
# How to log in at a server that wants more than a plain mysql_native_password.  Not
# those that send the password in the clear to whatever server asks for it.
plugins=(caching_sha2_password client_ed25519 sha256_password)
plugins=("${plugins[@]/#//usr/lib/$(gcc -print-multiarch)/libmariadb3/plugin/}")
plugins=("${plugins[@]/%/.so}")
arch=$(uname -m)
umask 022

die() {
	echo "make dist: $*" >&2
	exit 1
}

put() { # MODE FILE... DIRECTORY
	mkdir -p "${*: -1}"
	install -m "$1" "${@:2}"
}

# --- What the web server serves or runs ---
put_site() {
	local api=$top/www/api/v1

	put 755 "$dist"/cgi-bin/* "$api/users"
	put 644 "${libraries[@]}" "$api/lib"
	put 644 "${plugins[@]}" "$api/lib/plugin"
	install -m 644 apache-conf/htaccess/api "$api/users/.htaccess"
	install -m 644 apache-conf/htaccess/private "$api/lib/.htaccess"
	cp -R htdocs/auth "$top/www"
	install -m 644 apache-conf/htaccess/auth "$top/www/auth/.htaccess"
	cp -R htdocs/members "$top"
	install -m 644 apache-conf/htaccess/members "$top/members/.htaccess"
	install -m 644 apache-conf/htaccess/front "$top/front.htaccess"
}

# --- What it does not ---
put_private() {
	cp -R sql mail "$top"
	put 644 passwords/common.txt passwords/LICENSE "$top/passwords"
	put 644 LICENSE tests/fail2ban/latchkey.conf "$top"
	mv "$top/latchkey.conf" "$top/fail2ban.conf"
	install -m 644 apache-conf/htaccess/private "$top/.htaccess"
	fill <tarball/check.sh >"$top/check.sh"
	chmod 755 "$top/check.sh"
	# Beside this file lie what mails say and the refused passwords; and accounts of
	# web spaces have 10 to 30 connections.
	sed -e 's|^#DB_PERSISTENT=.*|DB_PERSISTENT=0|' \
		-e 's|^PASSWORD_BLOCKLIST=.*|PASSWORD_BLOCKLIST=passwords/common.txt|' \
		-e 's|^#MAIL_TEMPLATES=.*|MAIL_TEMPLATES=mail|' \
		latchkey.env.sample >"$top/latchkey.env.sample"
	fill <tarball/README.install >"$top/README.install"
}

fill() {
	sed -e "s|@NAME@|$name|g" -e "s|@GLIBC@|$glibc|g" -e "s|@ARCH@|$arch|g"
}

# The newest of all versions that the programs and libraries ask for.
needed_glibc() {
	readelf -V "$dist"/cgi-bin/* "${libraries[@]}" "${plugins[@]}" |
		grep -o 'GLIBC_2[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -n 1
}

# --- Whose libraries these are ---
package_of() { # LIBRARY; Debian lists some of them by the path before the merge of /usr
	local path
	path=$(realpath "$1")
	{ dpkg -S "$path" || dpkg -S "${path#/usr}"; } 2>/dev/null |
		sed 's/: .*//;s/:.*//;q'
}

licence_of() { # PACKAGE
	case $1 in
	libfcgi*) echo 'FastCGI (Open Market)' ;;
	libcjson* | libjansson*) echo 'MIT' ;;
	libjwt*) echo 'MPL-2.0' ;;
	libmariadb* | libcrypt1) echo 'LGPL-2.1-or-later' ;;
	libssl*) echo 'Apache-2.0' ;;
	libb64*) echo 'public domain' ;;
	zlib*) echo 'Zlib' ;;
	*) die "whose licence has $1?  Say so in tarball/make.sh" ;;
	esac
}

put_licences() {
	local library package text

	cat <<-END
	The libraries in www/api/v1/lib, as Debian builds them; "apt-get source
	PACKAGE=VERSION" gets the sources.  Their licences are in licences/, by package.
	Others of the same name may take their place.

	END
	for library in "${libraries[@]}" "${plugins[@]}"; do
		package=$(package_of "$library")
		[ -n "$package" ] || die "no Debian package has $library"
		printf '%-27s %-14s %-22s %s\n' "${library##*/}" "$package" \
			"$(dpkg-query -W -f '${Version}' "$package")" \
			"$(licence_of "$package")"
		put 644 "/usr/share/doc/$package/copyright" "$top/licences"
		mv "$top/licences/copyright" "$top/licences/$package"
	done
	for text in LGPL-2.1 MPL-2.0 Apache-2.0; do
		put 644 "/usr/share/common-licenses/$text" "$top/licences"
	done
}

# --- The archive ---
# When it was made is when the sources were: no clock is asked.
date_of_sources() {
	echo "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null ||
		stat -c %Y Makefile)}"
}

command -v dpkg-query >/dev/null || die 'the list of libraries needs a Debian'
mapfile -t libraries < <(tarball/libraries.sh "$dist"/cgi-bin/*)
[ "${#libraries[@]}" -gt 0 ] || exit 1
glibc=$(needed_glibc)
rm -rf "$dist"/latchkey-*
mkdir "$top"
put_site
put_private
put_licences >"$top/LIBRARIES"
tar -C "$dist" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu \
	--mtime="@$(date_of_sources)" --mode='u=rwX,go=rX' -cf "$top.tar" "$name"
gzip -9nf "$top.tar"
rm -rf "$top"
