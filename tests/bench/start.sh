#!/bin/bash
# start.sh NAME: serve one of our own targets in the foreground on 127.0.0.1:PORT
# until told to stop, under what bench.sh puts into the environment (README.md).
#
#   latchkey  the programs as they are shipped, behind lighttpd
#   floor     the programs of floors/ in their places: same server, same
#             configuration, same numbers of processes
#
# and of both -fcgid (Apache, mod_fcgid), -proxy (Apache, mod_proxy_fcgi), -cgi
# (Apache, mod_cgid) and -nginx.  latchkey-throttle counts attempts;
# latchkey-login-N has N processes to log in with.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
O=$(realpath "${O:-$root/build}")
name=$1

export O SERVER=lighttpd SITE=${STATIC_DIR%/*} CLIENT_URL='' THROTTLE=0 PROGRAM_ENV=''
export ACCESS_TOKEN_TTL=900

# The programs of floors/ under the names that the configurations know.
floors_compose() {
	local program floor

	for program in "$O"/cgi-bin/*; do
		case $program in *.[od]) continue ;; esac
		case $name:${program##*/} in
		*-cgi:*) floor=cgi ;;
		*:me | *:guard | *:denied) floor=select ;;
		*:refresh-token) floor=update ;;
		*:login | *:register) floor=bcrypt ;;
		*) floor=fixed ;;
		esac
		install -D "$O/bench/$floor" "$RUN_DIR/floors/cgi-bin/${program##*/}"
	done
	O=$RUN_DIR/floors
	PROGRAM_ENV="DB_SOCKET DB_NAME DB_USER DB_PASSWORD"
}

# The repository as it is, but for one number in the shipped configuration.
login_processes() { # COUNT
	local mirror=$RUN_DIR/src

	mkdir "$mirror"
	ln -s "$root"/* "$mirror"
	rm "$mirror/lighttpd-conf"
	cp -r "$root/lighttpd-conf" "$mirror"
	sed -i "s/\(users\/login\".*\"max-procs\" => \)2/\1$1, \"min-procs\" => $1/" \
		"$mirror"/lighttpd-conf/*.conf
	grep -qr "users/login\".*\"max-procs\" => $1," "$mirror/lighttpd-conf"
	root=$mirror
}

# What "attempts" counts, without ever refusing: all come from one address.
throttle() {
	export THROTTLE=1 THROTTLE_ADDRESS=1000000/1 THROTTLE_ACCOUNT=1000000/1
	export THROTTLE_ACCOUNT_ADDRESS=1000000/1
}

case $name in
floor | floor-*) floors_compose ;;
latchkey-throttle) throttle ;;
latchkey-login-*) login_processes "${name##*-}" ;;
esac
case $name in
*-fcgid) SERVER=apache ;;
*-proxy) SERVER=apache-proxy ;;
*-cgi) SERVER=apache-cgi ;;
*-nginx) SERVER=nginx ;;
esac
mkdir -p "$RUN_DIR/run"
RUN_DIR=$RUN_DIR/run exec "$root/tests/servers/run.sh"
