#!/bin/bash
# Make common.txt anew, of two lists that others keep: the one in Debian's
# package python3-django, and the one in npm's package
# @zxcvbn-ts/language-common.  Needs Debian's apt and dpkg, npm, and jq.
set -euo pipefail

length_min=8   # characters: the length rule refuses what is shorter
length_max=72  # bytes: and what is longer
django=./usr/lib/python3/dist-packages/django/contrib/auth/common-passwords.txt.gz
zxcvbn=package/src/passwords.json

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

apt-get -q download python3-django >&2
npm pack --silent @zxcvbn-ts/language-common@4.1.3 >&2

{
	dpkg-deb --fsys-tarfile python3-django_*.deb | tar -xO "$django" | zcat
	tar -xOzf zxcvbn-ts-language-common-*.tgz "$zxcvbn" | jq -r '.[]'
} >all

# Lower case in ASCII alone and sorted by bytes, as lib/blocklist.h wants it.
LC_ALL=C.UTF-8 grep -xE ".{$length_min,}" all | LC_ALL=C tr '[:upper:]' '[:lower:]' |
	LC_ALL=C grep -xE ".{1,$length_max}" | LC_ALL=C sort -u >sorted
cat sorted >"$here/common.txt"
wc -lc "$here/common.txt"
