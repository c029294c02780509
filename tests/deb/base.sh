#!/bin/bash
# base.sh DIR PACKAGE...: a fresh Debian in DIR, the one that this machine has, with
# these packages; nothing where it is there already.  As root.  MIRROR is where it
# comes from.
set -eu
umask 022

dir=$1
packages=$(IFS=, && echo "${*:2}")
[ "$(cat "$dir.packages" 2>/dev/null)" != "$packages" ] || exit 0
. /etc/os-release
# Should a debootstrap have been cut short: nothing that is mounted there.
rm -rf --one-file-system "$dir" "$dir.packages"
mkdir -p "$dir"
echo "a Debian $VERSION_CODENAME comes into $dir; this takes some minutes" >&2
debootstrap --variant=minbase --include="$packages" "$VERSION_CODENAME" "$dir" \
	"${MIRROR:-http://deb.debian.org/debian}" >"$dir.log" 2>&1 || {
	tail -n 20 "$dir.log" >&2
	exit 1
}
rm -f "$dir"/var/cache/apt/archives/*.deb
echo "$packages" >"$dir.packages"
