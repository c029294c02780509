#!/bin/bash
# The systemd units are good, name every program, and what they start serves on a
# socket that is handed to it.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

fastcgi=$(dirname "$0")/../faults/fastcgi.py
programs=$(cd "$root/cgi-bin" && printf '%s\n' *.c | sed 's/\.c$//' | sort)

# in_unit FILE NAME: the values of a setting.
in_unit() {
	sed -n "s/^$2=//p" "$root/systemd/$1"
}

# With our paths in them, for what they start must be there: a program for "i", which
# is what systemd-analyze puts in the place of a name.
hand_over "$place"
cp -r "$root/systemd" "$place/units"
sed -i "s|/usr/local/lib/latchkey/cgi-bin|$place/units|" "$place"/units/*.service
ln -s "$O/cgi-bin/index" "$place/units/i"
it 'the units'
systemd-analyze verify --man=no "$place"/units/latchkey*.{socket,service,target} \
	>"$scratch/body" 2>&1
ok 'are as systemd has them' equal "$?" 0
ok 'which says nothing' equal "$(<"$scratch/body")" ''
ok 'every program has its socket' equal \
	"$(in_unit latchkey.target Wants | sed 's/^latchkey@\(.*\)\.socket$/\1/' | sort)" \
	"$programs"
ok 'there are drop-ins' [ -e "$root/systemd/latchkey@me.service.d/processes.conf" ]
for dir in "$root"/systemd/*.d; do
	program=${dir##*@}
	ok "${program%.service.d} is a program" [ -f "$root/cgi-bin/${program%.service.d}.c" ]
	ok 'with other numbers' matches "$(<"$dir/processes.conf")" \
		$'^\[Service\]\nEnvironment=LATCHKEY_PROCESSES=[0-9]+$'
done

# What the service says, on a socket from systemd, with paths of ours in it.
it 'a program'
settings=$place/latchkey.env
(umask 077 && sh "$root/packaging/make-settings.sh" "$root/latchkey.env.sample" |
	sed "s|/usr/local/share/latchkey|$root|" >"$settings")
command=$(in_unit latchkey@.service ExecStart |
	sed -e "s|/usr/local/lib/latchkey|$place/build|" -e 's/%i/index/')
ln -s "$O" "$place/build"
ok 'has the socket as its standard input' equal \
	"$(in_unit latchkey@.service StandardInput)" socket
server_pid=$place/pid
# shellcheck disable=SC2086 # words
spawn "$server_pid" "$place/log" systemd-socket-activate --inetd \
	-l "$place/socket" -E "LATCHKEY_ENV=$settings" -E LATCHKEY_PROCESSES=2 $command
ok 'has a socket' await 10 [ -S "$place/socket" ]
for request in 1 2 3; do
	"$fastcgi" ask "$place/socket" RESPONDER "$scratch/head" "$scratch/body" \
		REQUEST_METHOD=GET REQUEST_URI=/ </dev/null >"$scratch/request" 2>&1
	ok "serves on it, $request" equal "$(<"$scratch/body")" 'Hello World!'
done
ok 'in two processes, and their parent' equal \
	"$(pgrep -fc "^$place/build/cgi-bin/index")" 3
server_stop

finish
