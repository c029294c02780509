# For pages about an installation: servers that are given a configuration by the
# page, as an administrator's would have it, and no database but where one is named.
# Sourced in place of tests/faults/instance.sh, which it sources.
#
# shellcheck shell=bash
# shellcheck disable=SC2034 # the pages read what is set here

# shellcheck source=tests/faults/instance.sh
. "$(dirname "${BASH_SOURCE[0]}")/../faults/instance.sh"
# shellcheck source=tests/servers/common.sh
. "$servers/common.sh"

root=$ROOT
server_pid=
trap 'server_stop; instances_stop; rm -rf "$place"' EXIT
# Short, without a blank, and open to everybody: what a PREFIX has to be.
place=$(mktemp -d /tmp/latchkey-XXXXXX)
chmod 755 "$place"

# make_quietly TARGET [NAME=VALUE...]: of the project; what it says is in the body.
make_quietly() {
	echo "make $*" >"$scratch/request"
	make -C "$root" -s --no-print-directory "$@" >"$scratch/body" 2>&1
}

refuses() { # COMMAND...
	! "$@" >"$scratch/body" 2>&1
}

# A server's own configuration, before what is installed is included.

lighttpd_base() { # DIR
	cat <<-END
	server.modules = ( "mod_alias" )
	server.document-root = "$1"
	server.bind = "127.0.0.1"
	server.port = $port
	server.errorlog = "$1/error.log"
	mimetype.assign = ( ".html" => "text/html" )
	END
}

apache_base() { # DIR MODULE...
	local module

	cat <<-END
	ServerRoot "$1"
	ErrorLog "$1/error.log"
	ServerName localhost
	PidFile httpd.pid
	DefaultRuntimeDir .
	Mutex pthread default
	Listen 127.0.0.1:$port
	DocumentRoot "$1"
	TypesConfig /dev/null
	AddType text/html .html
	END
	for module in mpm_event authz_core alias mime setenvif "${@:2}"; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	cat <<-END
	<IfModule fcgid_module>
		FcgidIPCDir fcgid
		FcgidProcessTableFile fcgid_shm
	</IfModule>
	END
}

# server_start NAME COMMAND...: with the configuration of the standard input; sets
# $LATCHKEY_URL and $api, and $LATCHKEY_LOG.
server_start() {
	local dir=$place/$1 tries=0

	mkdir -p "$dir"
	cat >"$dir/conf"
	hand_over "$dir"
	LATCHKEY_LOG=$dir/error.log
	LATCHKEY_URL=http://127.0.0.1:$port
	api=$LATCHKEY_URL/api/v1/users
	server_pid=$dir/pid
	spawn "$server_pid" "$LATCHKEY_LOG" "${@:2}" "$dir/conf"
	until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ] || ! is_alive "$(<"$server_pid")"; then
			sed 's/^/# /' "$LATCHKEY_LOG" >&2
			return
		fi
		sleep 0.1
	done
}

server_stop() {
	[ -z "$server_pid" ] || stop "$server_pid"
	server_pid=
}

next_port() { # sets port
	port=${port:-$((29000 + RANDOM % 900))}
	port=$((port + 1))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
}
become_server_user
