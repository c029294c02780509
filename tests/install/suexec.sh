#!/bin/bash
# suexec.sh: install the tarball as the user of a host that runs each user's programs
# under his own name (suEXEC, http://.../~user/), by mod_fcgid and then by plain CGI
# with names in .cgi, and pass the pages of tests/http there.
#
# By hand and as root.  All of it happens in a mount namespace of its own, with an
# /etc and a /home that go with it: the suexec of Debian's apache2-suexec-pristine
# is fetched and not installed, for an Apache that is not root's does not start where
# it is.  "make tarball" first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" -eq 0 ] || exec echo 'suexec.sh: only root can try this'
[ -n "${APART-}" ] ||
	APART=1 exec unshare --mount --propagation private "$here/${0##*/}" "$@"
# shellcheck source=tests/faults/instance.sh
. "$here/../faults/instance.sh"
PATH=$PATH:/usr/sbin:/sbin
user=tenant
home=/home/$user
run_dir=$(mktemp -d)
port=${PORT:-18380}
failed=0

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
	apache_stop
	instances_stop
	umount -l "$run_dir"
	rmdir "$run_dir"
}

# The machine as it is, but for a user and a suexec.
make_apart() {
	mount -t tmpfs -o mode=711 tmpfs "$run_dir"
	(cd "$run_dir" && apt-get download -qq apache2-suexec-pristine 2>/dev/null &&
		dpkg-deb -x apache2-suexec-pristine_*.deb deb)
	cp -R /usr/lib/apache2/modules "$run_dir/deb/usr/lib/apache2"
	cp -p "$run_dir"/deb/usr/lib/apache2/suexec-pristine "$run_dir/deb/usr/lib/apache2/suexec"
	chgrp www-data "$run_dir/deb/usr/lib/apache2/suexec"
	chmod 4750 "$run_dir/deb/usr/lib/apache2/suexec"
	mount --bind "$run_dir/deb/usr/lib/apache2" /usr/lib/apache2
	cp -a /etc "$run_dir/etc"
	mount --bind "$run_dir/etc" /etc
	mount -t tmpfs tmpfs /home
	mount -t tmpfs tmpfs /var/log
	mkdir /var/log/apache2
	useradd -m -k /dev/null -s /bin/sh "$user"
	chmod 711 "$home"
}

apache_conf() { # MODULE
	local module
	cat <<-END
	ServerRoot "$run_dir"
	ErrorLog "$run_dir/log"
	ServerName localhost
	PidFile pid
	DefaultRuntimeDir .
	Listen 127.0.0.1:$port
	User www-data
	Group www-data
	END
	for module in mpm_event authz_core alias dir env headers mime rewrite setenvif \
		suexec unixd userdir "$1"; do
		[ ! -e "/usr/lib/apache2/modules/mod_$module.so" ] ||
			echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	cat <<-END
	TypesConfig /etc/mime.types
	<IfModule fcgid_module>
		FcgidIPCDir fcgid
		FcgidProcessTableFile fcgid_shm
	</IfModule>
	<IfModule cgid_module>
		ScriptSock cgid
	</IfModule>
	UserDir public_html
	TraceEnable Off
	<Directory />
		AllowOverride None
	</Directory>
	<Directory /home/*/public_html>
		AllowOverride FileInfo AuthConfig Options=ExecCGI Indexes Limit
	</Directory>
	<FilesMatch "^\.ht">
		Require all denied
	</FilesMatch>
	END
}

apache_start() { # MODULE
	apache_conf "$1" >"$run_dir/conf"
	env -i PATH=/usr/sbin:/usr/bin:/bin apache2 -DFOREGROUND -f "$run_dir/conf" &
	apache=$!
	for _ in {1..50}; do
		! curl -s -o /dev/null "http://127.0.0.1:$port/" || return 0
		sleep 0.1
	done
}

apache=
apache_stop() {
	[ -z "$apache" ] || { kill "$apache" && wait "$apache"; } || :
	apache=
}

# By the commands of README.install, but that the web root has another name, and the
# database is there; no list of passwords, as in tests/servers/tenant.sh.
install_it() { # ENDING
	SERVER=x-$1
	# shellcheck source=tests/servers/tenant.sh
	. "$servers/tenant.sh"
	cp "$tarball" "$home"
	grep -v ^MAIL_TEMPLATES= "$run/run.env" >"$home/settings"
	chown "$user:" "$home"/*
	runuser -u "$user" -- env -i HOME="$home" PATH=/usr/bin:/bin bash -euc "
		umask 022
		mariadb() { :; }
		edit-settings() { { cat settings; echo PASSWORD_BLOCKLIST=; } >>latchkey/latchkey.env; }
		$(tar -xzOf "$tarball" --wildcards '*/README.install' |
			tenant_commands '' | sed "s|^web=.*|web=$home/public_html|")"
}

try() { # MODULE ENDING
	rm -rf "$home/latchkey" "$home/public_html"
	install_it "$2"
	apache_start "$1"
	export LATCHKEY_URL=http://127.0.0.1:$port/~$user
	export LATCHKEY_SETUP=apache-htaccess${2:+-$2} LATCHKEY_LOG=$run_dir/log
	export LATCHKEY_ENV=$home/settings LATCHKEY_DB_SOCKET
	sed -i "s|^CLIENT_URL=.*|CLIENT_URL=http://127.0.0.1:$port|" "$home/settings" \
		"$home/latchkey/latchkey.env"
	curl -s "$LATCHKEY_URL/api/v1/users/me"
	echo
	[ "$1" != fcgid ] || pgrep -u "$user" -a || cat "$run_dir/log"
	for page in "$here"/../http/*.t; do
		"$page" >"$run_dir/out" 2>&1 && ! grep -q '^not ok' "$run_dir/out" ||
			failed=1
		echo "suEXEC, $1: ${page##*/}: $(grep -c '^ok' "$run_dir/out") good," \
			"$(grep -c '^not ok' "$run_dir/out") not"
		grep '^not ok' "$run_dir/out" | head -n 5 || :
	done
	apache_stop
}

tarball=$(echo "$here"/../../build/dist/latchkey-*.tar.gz)
instance_start SERVER=lighttpd DOCTOR_TOKEN="$(openssl rand -hex 32)"
trap clean_up EXIT
chmod 711 "$run"
make_apart
try fcgid ''
try cgid cgi
exit "$failed"
