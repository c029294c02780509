# shellcheck shell=bash
# What the scripts beside this share: paths, settings, and processes that end
# when their script does.
PATH=$PATH:/usr/sbin:/sbin
umask 077
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
O=$(realpath -m "${O:-$ROOT/build}")

# Other variables that the programs see, as they are.
PROGRAM_ENV=${PROGRAM_ENV:-ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS TZ}

say() {
	printf 'latchkey: %s\n' "$*" >&2
}

die() {
	say "$@"
	exit 1
}

# --- Who the servers run as ---
# MariaDB and Apache refuse root, so root's servers are www-data; the capability
# lets them into a checkout below /root all the same.
AS_SERVER=()
become_server_user() {
	[ "$(id -u)" -eq 0 ] || return 0
	local plain=(setpriv --reuid=www-data --regid=www-data --clear-groups)

	AS_SERVER=("${plain[@]}" --inh-caps=+dac_override --ambient-caps=+dac_override)
	"${AS_SERVER[@]}" true 2>/dev/null && return 0
	say "no ambient capabilities here: the servers are plain www-data"
	AS_SERVER=("${plain[@]}")
	HAND_OVER=1
	"${AS_SERVER[@]}" test -x "$O/cgi-bin" -a -r "$ROOT/sql" ||
		die "www-data cannot enter $ROOT: move it, or run as an ordinary user"
}

# Without the capability the servers must own what they write.
hand_over() {
	[ -z "${HAND_OVER:-}" ] || chown -R www-data:www-data "$@"
}

# --- The run directory ---
# One script at a time: the lock is the script's own and ends with it.
run_dir_open() { # DIR
	mkdir -p "$1/log" 2>/dev/null || die "cannot write to $1"
	exec 9>"$1/lock"
	flock -n 9 || die "another instance is running in $1 (choose another RUN_DIR)"
	leftovers_stop "$1"
	alias_make "$1"
}

# A socket's path ends at 107 bytes, mod_fcgid cuts values at 127, and lighttpd
# and mod_fcgid split commands at blanks.  So servers see everything through links
# in a short directory.  It is new each time, and so names this run's processes.
alias_make() { # DIR
	ALIAS=$(mktemp -d /tmp/latchkey-XXXXXX)
	ln -s "$1" "$ALIAS/run"
	ln -s "$O" "$ALIAS/build"
	ln -s "$ROOT" "$ALIAS/src"
	hand_over "$ALIAS"
	echo "$ALIAS" >"$1/alias"
}

alias_drop() { # DIR
	local old
	old=$(cat "$1/alias" 2>/dev/null) || return 0
	case $old in
	/tmp/latchkey-??????)
		rm -f "$old/run" "$old/build" "$old/src"
		rmdir "$old" 2>/dev/null || : ;;
	esac
	rm -f "$1/alias"
}

# What a killed run left behind: all that was started through its alias.
leftovers_stop() { # DIR
	local pid
	if [ -s "$1/alias" ]; then
		# The pattern comes from the file, or grep would find itself.
		while IFS=/ read -r _ _ pid _; do
			end_process "$pid"
		done < <(grep -lsaFf "$1/alias" /proc/[0-9]*/cmdline)
		alias_drop "$1"
	fi
	rm -f "$1"/*.pid
}

# --- Processes ---
# Every server leads a session of its own, so a terminal's Ctrl-C reaches only the
# script, which stops them in order; and it gets TERM should the script just die.
spawn() { # PIDFILE LOG COMMAND...
	local pidfile=$1 log=$2 guard=(setpriv --pdeathsig TERM) name
	local env=(PATH=/usr/sbin:/usr/bin:/bin)

	shift 2
	[ -z "${UNGUARDED:-}" ] || guard=()
	for name in $PROGRAM_ENV; do
		[ -z "${!name+set}" ] || env+=("$name=${!name}")
	done
	setsid "${AS_SERVER[@]}" "${guard[@]}" env -i "${env[@]}" "$@" \
		</dev/null >>"$log" 2>&1 9>&- &
	echo $! >"$pidfile"
}

is_alive() { # PID
	[ -d "/proc/$1" ] && ! grep -qs '^State:.Z' "/proc/$1/status"
}

# TERM, time to finish, KILL; then what is left of the group it led.
end_process() { # PID
	local tries=200
	kill -TERM "$1" 2>/dev/null || :
	while is_alive "$1" && [ $((tries -= 1)) -gt 0 ]; do
		sleep 0.1
	done
	kill -KILL "$1" 2>/dev/null || :
	kill -KILL -- "-$1" 2>/dev/null || :
}

stop() { # PIDFILE
	[ -s "$1" ] || return 0
	end_process "$(cat "$1")"
	rm -f "$1"
}

# Try COMMAND until it succeeds; fail when the process is gone or time is up.
wait_for() { # SECONDS PIDFILE COMMAND...
	local end=$((SECONDS + $1)) pid
	pid=$(cat "$2")
	shift 2
	until "$@" >/dev/null 2>&1; do
		is_alive "$pid" && [ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

give_up() { # LOG MESSAGE: with the end of the log that tells why
	say "$2; the end of $1:"
	tail -n 20 "$1" >&2 || :
	exit 1
}

# --- Settings files ---
setting_get() { # FILE NAME
	local line
	line=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\+\)\?$2=//p" "$1" | tail -n 1)
	case $line in
	\"*\")
		# shellcheck disable=SC2162 # without -r, for it takes backslashes away
		IFS= read line <<<"${line:1:-1}" ;;
	\'*\') line=${line:1:-1} ;;
	esac
	printf '%s\n' "$line"
}

setting_put() { # FILE NAME VALUE; the file keeps its owner and mode
	local rest value=$3
	if [[ $value =~ [^A-Za-z0-9_./:,@+-] ]]; then
		value=${value//\\/\\\\}
		value=${value//\"/\\\"}
		value=${value//\$/\\\$}
		value=\"${value//$'\n'/\\n}\"
	fi
	rest=$(grep -v "^[[:space:]]*\(export[[:space:]]\+\)\?$2=" "$1" || :)
	printf '%s\n%s=%s\n' "$rest" "$2" "$value" >"$1"
}
