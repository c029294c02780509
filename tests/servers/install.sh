#!/bin/bash
# install.sh PURPOSE...: install what is missing for build, run, run-apache,
# run-nginx, deb, test (all of these, too), test-deb or bench.  Says nothing where
# nothing is missing.
set -eu
PATH=$PATH:/usr/sbin:/sbin

# purpose, what shows that it is there, Debian package.  The package is never
# asked for by name: node may come from elsewhere, and so may a compiler.  Python
# is Debian's, for its modules are not seen by another one earlier in the PATH.
# No apache2 and no mariadb-server here: they would bring a running service.
needs() {
	cat <<-'END'
	build       cmd:gcc                   gcc
	build       cmd:make                  make
	build       cmd:pkg-config            pkg-config
	build       pc:fcgi                   libfcgi-dev
	build       pc:libcjson               libcjson-dev
	build       pc:libjwt                 libjwt-dev
	build       pc:libmariadb             libmariadb-dev
	build       pc:libcrypt               libcrypt-dev
	build       pc:libcrypto              libssl-dev
	run         cmd:mariadbd              mariadb-server-core
	run         cmd:mariadb-install-db    mariadb-server-core
	run         cmd:mariadb               mariadb-client-core
	run         cmd:lighttpd              lighttpd
	run         cmd:openssl               openssl
	run         cmd:curl                  curl
	run         cmd:entr                  entr
	run         cmd:setpriv               util-linux
	run-apache  cmd:apache2               apache2-bin
	run-apache  file:/usr/lib/apache2/modules/mod_fcgid.so libapache2-mod-fcgid
	run-nginx   cmd:nginx                 nginx
	run-nginx   cmd:spawn-fcgi            spawn-fcgi
	deb         cmd:dh                    debhelper
	deb         cmd:dpkg-buildpackage     dpkg-dev
	deb         cmd:fakeroot              fakeroot
	deb         cmd:lintian               lintian
	test-deb    cmd:debootstrap           debootstrap
	test-deb    cmd:ip                    iproute2
	test-deb    cmd:prove                 perl
	test-deb    cmd:curl                  curl
	test-deb    cmd:jq                    jq
	test        file:/usr/lib/lighttpd/mod_openssl.so lighttpd-mod-openssl
	test        cmd:clang                 clang
	test        cmd:clang-format          clang-format
	test        cmd:shellcheck            shellcheck
	test        pc:cmocka                 libcmocka-dev
	test        cmd:jq                    jq
	test        cmd:prove                 perl
	test        cmd:pgrep                 procps
	test        cmd:php                   php-cli
	test        python:jwt                python3-jwt
	test        cmd:valgrind              valgrind
	test        cmd:spin                  spin
	test        cmd:fail2ban-regex        fail2ban
	test        cmd:node                  nodejs
	test        cmd:npm                   npm
	test        cmd:msmtp                 msmtp
	test        python:aiosmtpd           python3-aiosmtpd
	test        cmd:php-cgi               php-cgi
	test        cmd:chromium              chromium
	test        cmd:systemd-socket-activate systemd
	bench       cmd:wrk                   wrk
	bench       file:/usr/bin/python3     python3
	bench       cmd:node                  nodejs
	bench       cmd:npm                   npm
	bench       cmd:php                   php-cli
	bench       cmd:php-cgi               php-cgi
	bench       glob:/usr/sbin/php-fpm*   php-fpm
	bench       glob:/usr/lib/php/*/pdo_mysql.so php-mysql
	bench       glob:/usr/lib/php/*/opcache.so php-fpm
	bench       cmd:valgrind              valgrind
	bench       cmd:strace                strace
	END
}

present() {
	case $1 in
	cmd:*) command -v "${1#*:}" ;;
	pc:*) pkg-config --exists "${1#*:}" ;;
	file:*) [ -e "${1#*:}" ] ;;
	glob:*) compgen -G "${1#*:}" ;;
	python:*) /usr/bin/python3 -c "import ${1#*:}" ;;
	esac >/dev/null 2>&1
}

missing() {
	local purpose check package
	needs | while read -r purpose check package; do
		case " $* " in
		*" $purpose "*) ;;
		*" test "*) case $purpose in bench | test-deb) continue ;; esac ;;
		*) continue ;;
		esac
		present "$check" || echo "$package"
	done | sort -u
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# A fresh daemon package would start its service.  This file is Debian's way to
# say no; one that is there already is somebody else's decision.
policy=/usr/sbin/policy-rc.d
hold_services() {
	[ ! -e "$policy" ] || return 0
	trap 'as_root rm -f "$policy"' EXIT
	trap 'exit 1' INT TERM HUP
	# shellcheck disable=SC2016 # $1 is the inner shell's
	as_root sh -c 'printf "#!/bin/sh\nexit 101\n" >"$1" && chmod 755 "$1"' - "$policy"
}

disable_services() {
	local package
	command -v systemctl >/dev/null || return 0
	for package; do
		case $package in
		lighttpd | nginx | fail2ban)
			as_root systemctl disable "$package" >/dev/null 2>&1 || : ;;
		esac
	done
}

mapfile -t packages < <(missing "$@")
[ "${#packages[@]}" -gt 0 ] || exit 0
echo "installing: ${packages[*]}"
if ! command -v apt-get >/dev/null; then
	echo "no apt-get here: install these by hand" >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
	echo "neither root nor sudo: run  apt-get install ${packages[*]}  as root" >&2
	exit 1
fi
hold_services
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	--no-install-recommends "${packages[@]}"
disable_services "${packages[@]}"
