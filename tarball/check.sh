#!/bin/sh
# check.sh [DIRECTORY]: whether this machine can run Latchkey, and whether what lies
# in DIRECTORY (api/v1/users in the web root) is as a web server wants it.
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-$here/www/api/v1/users}
trouble=0

good() {
	echo "good:  $*"
}

bad() {
	echo "WRONG: $*"
	trouble=1
}

# is_newer A B: whether version A is B, or comes after it.
is_newer() {
	[ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$2" ]
}

check_machine() {
	arch=$(uname -m)
	wanted=@ARCH@
	if [ "$arch" = "$wanted" ]; then
		good "the machine is an $arch"
	else
		bad "the programs are for $wanted, and this is an $arch: get the" \
			"tarball for that"
	fi
	[ -e /proc/self/exe ] ||
		bad "no /proc here, without which no program finds its libraries"
	needs=@GLIBC@
	has=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/glibc //')
	if [ -z "$has" ]; then
		bad "no GNU C library here; the programs need version $needs or later"
	elif is_newer "$has" "$needs"; then
		good "the C library is glibc $has; $needs is needed"
	else
		bad "the C library is glibc $has, and the programs need $needs or later:" \
			"ask the host for a newer system, or build Latchkey on this one"
	fi
}

# suEXEC runs nothing that others than its owner could have written.
check_modes() {
	open=$(find "$dir/." -perm /022 ! -type l)
	if [ -n "$open" ]; then
		bad "others may write here, which suEXEC refuses; chmod go-w" "$open"
	else
		good "nobody else may write to $dir"
	fi
	[ -f "$dir/.htaccess" ] ||
		bad "there is no $dir/.htaccess: some programs for FTP leave out files" \
			"that begin with a dot"
	dull=$(find "$dir" -type f ! -name '.*' ! -perm -100)
	[ -z "$dull" ] || bad "not executable, chmod 755:" "$dull"
}

# Each says itself what it lacks: here, whether it can be started at all.
check_start() {
	for program in "$dir"/me "$dir"/me.cgi "$dir"/me.fcgi; do
		[ -f "$program" ] || continue
		started=0
		said=$("$program" 2>&1) || started=$?
		case $said in
		*'latchkey me '*)
			good 'the programs start, and say:'
			echo "$said" | sed 's/^/       /'
			[ "$started" -eq 0 ] || trouble=1 ;;
		*) bad "$program does not start: $said" ;;
		esac
		return
	done
	bad "no program me in $dir"
}

check_machine
check_modes
check_start
exit "$trouble"
