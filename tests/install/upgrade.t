#!/bin/bash
# "make install" over a version that is serving, twice under load, behind lighttpd
# and Apache: no request fails, and afterwards it is the new version that serves.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

load=$(dirname "$0")/../faults/load.py
prefix=$place/p
cgi=$prefix/lib/latchkey/cgi-bin
other=$place/other
clients=3

# The same, called 0.0.9: only what knows of the version is compiled again.
build_other() {
	local source

	mkdir "$other"
	cp -rp "$root/build/lib" "$root/build/cgi-bin" "$other"
	for source in $(cd "$root" && grep -lw LATCHKEY_VERSION lib/*.c cgi-bin/*.c); do
		rm "$other/${source%.c}.o"
	done
	make_quietly all O="$other" VERSION=0.0.9
}

# serving NAME: the pids of all its processes, of this version or another.
serving() {
	pgrep -xf "$cgi/$1"
}

# Whether a process runs what is installed now: a file that was moved away is
# another one, whatever its name was.
is_current() { # PID NAME
	[ "/proc/$1/exe" -ef "$cgi/$2" ]
}

# all_current NAME, some_current NAME: of its processes, and there is one.
all_current() {
	local pid some=1

	for pid in $(serving "$1"); do
		is_current "$pid" "$1" || return 1
		some=0
	done
	return "$some"
}

some_current() {
	local pid

	for pid in $(serving "$1"); do
		! is_current "$pid" "$1" || return 0
	done
	return 1
}

load_start() { # PATH...
	rm -f "$scratch/ready"
	/usr/bin/python3 "$load" visit "$clients" "$LATCHKEY_URL" "$scratch/ready" "$@" \
		>"$scratch/load" 2>"$scratch/request" &
	loader=$!
	ok 'the load begins' await 20 [ -e "$scratch/ready" ]
	sleep 0.5
}

load_stop() {
	kill -TERM "$loader"
	wait "$loader"
	ok 'the load ended well' equal "$?" 0
	cp "$scratch/load" "$scratch/body"
	echo "# $(<"$scratch/load")"
	json '.failed | tostring' '{}'
	ok 'many were served' [ "$(reply_json .served)" -gt 100 ]
}

# upgrade O VERSION: and what a program says of itself then.
upgrade() {
	ok "$2 is installed" make_quietly install PREFIX="$prefix" O="$1" VERSION="$2"
	"$cgi/me" </dev/null >"$scratch/body" 2>&1
	ok 'and says so' grep -q "^latchkey me $2:" "$scratch/body"
}

instance_start SERVER=lighttpd
it 'another version'
ok 'is built' build_other
ok 'the first is installed' make_quietly install PREFIX="$prefix"
mkdir -p "$prefix/etc/latchkey"
cp -p "$run/run.env" "$prefix/etc/latchkey/latchkey.env"
mkdir -p "$place/www/members"
echo '<p>members</p>' >"$place/www/members/index.html"
hand_over "$place"
version=$(make -s -C "$root" print-version)

it 'lighttpd, told to restart gracefully'
next_port
mkdir "$place/lighttpd"
server_start lighttpd lighttpd -D -f <<END
$(lighttpd_base "$place/lighttpd")
server.modules += ( "mod_fastcgi", "mod_setenv" )
$(sed -e "s|/run/lighttpd|$place/lighttpd|" -e "s|/var/log/lighttpd|$place/lighttpd|" \
	"$prefix/etc/lighttpd/conf-available/50-latchkey.conf")
END
load_start me
for to in "$other 0.0.9" "build $version"; do
	# shellcheck disable=SC2086 # two words
	upgrade $to
	for name in login refresh-token me; do
		ok "$name of before serves on" refuses some_current "$name"
	done
	kill -USR1 "$(<"$server_pid")"
	for name in login refresh-token me; do
		ok "$name of now serves" await 10 all_current "$name"
	done
	sleep 0.5
done
load_stop
server_stop

it 'Apache'
next_port
server_start apache apache2 -DFOREGROUND -f <<END
$(apache_base "$place/apache" headers fcgid dir)
DocumentRoot "$place/www"
Include "$prefix/etc/apache2/conf-available/latchkey.conf"
<Directory "$place/www/members">
	FcgidAccessChecker "$cgi/guard"
	ErrorDocument 401 /api/v1/users/denied
	CGIPassAuth On
</Directory>
END
load_start me /members/
for to in "$other 0.0.9" "build $version"; do
	# shellcheck disable=SC2086 # two words
	upgrade $to
	for name in login refresh-token me; do
		ok "$name of now serves" await 10 some_current "$name"
	done
	# The guard's file is looked up when the server reads its configuration.
	kill -USR1 "$(<"$server_pid")"
	for name in login refresh-token me guard; do
		ok "$name of now is all there is" await 10 all_current "$name"
	done
done
load_stop
server_stop

finish
