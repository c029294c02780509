#!/bin/bash
# install.sh install|uninstall: bring what is in STAGE to DESTDIR, or take away what
# was brought.  Every file is moved into place, so that a running server meets the old
# one or the new one and never half of one.  MANIFEST remembers what was put, so that
# what somebody has edited since is kept, by the next installation and by uninstall.
set -eu
umask 022

say() {
	printf 'latchkey: %s\n' "$*" >&2
}

# --- What was put ---
# A line each: the hash of a file or link, or "dir", and the path without DESTDIR.
declare -A put_before=()

manifest_read() {
	local hash path

	[ ! -e "$DESTDIR$MANIFEST" ] || while read -r hash path; do
		put_before[$path]=$hash
	done <"$DESTDIR$MANIFEST"
}

hash_of() { # FILE
	local hash

	if [ -L "$1" ]; then
		hash=$(readlink "$1" | sha256sum)
	elif [ -d "$1" ]; then
		hash=directory # somebody's, where we have a link
	else
		hash=$(sha256sum <"$1")
	fi
	echo "${hash%% *}"
}

exists() {
	[ -e "$1" ] || [ -L "$1" ]
}

# Whether something is there that is not as it was put.
is_edited() { # PATH
	exists "$DESTDIR$1" &&
		[ "$(hash_of "$DESTDIR$1")" != "${put_before[$1]-}" ]
}

# --- install ---
make_directory() { # PATH
	[ ! -d "$DESTDIR$1" ] || return 0
	make_directory "${1%/*}"
	mkdir "$DESTDIR$1"
	put_before[$1]=dir
}

# By one command, for there are many.
stage_read() {
	local hash path

	while read -r hash path; do
		staged[${path#.}]=$hash
	done < <(cd "$STAGE" && find . -type f -exec sha256sum {} +)
	while IFS= read -r path; do
		staged[${path#.}]=$(hash_of "$STAGE${path#.}")
	done < <(cd "$STAGE" && find . -type l)
}

# Whether what is in the stage is there already, as another path perhaps.
is_same() { # PATH [OTHER]
	local there=$DESTDIR${2-$1}

	if [ -L "$STAGE$1" ] || [ -L "$there" ]; then
		exists "$there" && [ "$(hash_of "$there")" = "${staged[$1]}" ]
	else
		cmp -s "$STAGE$1" "$there"
	fi
}

# put PATH: from the stage, as PATH or, where that is edited settings, beside it.
put() {
	local to=$1

	case $1 in
	"$SYSCONFDIR"/* | "$SERVERCONFDIR"/*)
		if is_edited "$1" && ! is_same "$1"; then
			to=$1.new
			say "kept $1, which is not as it was installed: see $to"
			now[$1]=${put_before[$1]-none}
		fi ;;
	esac
	make_directory "${1%/*}"
	now[$to]=${staged[$1]}
	if ! is_same "$1" "$to"; then
		cp -dp --no-preserve=ownership "$STAGE$1" "$DESTDIR$to.tmp$$"
		mv -fT "$DESTDIR$to.tmp$$" "$DESTDIR$to"
	fi
}

remove() { # PATH
	if ! exists "$DESTDIR$1"; then
		return
	elif is_edited "$1"; then
		say "kept $1, which is not as it was installed"
	else
		rm -f "$DESTDIR$1"
	fi
}

manifest_write() {
	local path

	make_directory "${MANIFEST%/*}"
	for path in "${!put_before[@]}"; do
		if [ "${put_before[$path]}" = dir ]; then
			now[$path]=dir
		elif [ -z "${now[$path]-}" ]; then
			remove "$path" # of an earlier version
		fi
	done
	for path in "${!now[@]}"; do
		echo "${now[$path]} $path"
	done | sort -k 2 >"$DESTDIR$MANIFEST.tmp$$"
	mv -f "$DESTDIR$MANIFEST.tmp$$" "$DESTDIR$MANIFEST"
}

install_all() {
	local path
	declare -A staged=() now=()

	mkdir -p "$DESTDIR/"
	stage_read
	for path in "${!staged[@]}"; do
		put "$path"
	done
	manifest_write
}

# --- uninstall ---
uninstall_all() {
	local path

	if [ "${#put_before[@]}" -eq 0 ]; then
		say "$DESTDIR$MANIFEST is not there: nothing was installed"
		return
	fi
	for path in "${!put_before[@]}"; do
		[ "${put_before[$path]}" = dir ] || remove "$path"
	done
	rm "$DESTDIR$MANIFEST"
	for path in "${!put_before[@]}"; do
		[ "${put_before[$path]}" != dir ] || echo "$path"
	done | sort -r | while IFS= read -r path; do
		rmdir --ignore-fail-on-non-empty "$DESTDIR$path" 2>/dev/null || :
	done
}

MANIFEST=$DATADIR/latchkey/installed
manifest_read
case $1 in
install) install_all ;;
uninstall) uninstall_all ;;
esac
