#!/bin/bash
# What "make dist" makes: whole, the same whoever makes it, and in need of nothing
# but a C library.
LATCHKEY_URL=
. "$(dirname "$0")/../http/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
tarball=$(echo "$root"/build/dist/latchkey-*.tar.gz)
name=${tarball##*/}
name=${name%.tar.gz}

show_reply() {
	cat "$scratch/why" 2>/dev/null
}

none() { # TEXT: on failure it is shown
	echo "$1" >"$scratch/why"
	[ -z "$1" ]
}

# What is beside its own $ORIGIN/../lib, and the C library, is all that there is.
others_than_bundled() {
	env -i ldd "$users"/* | awk -v lib="$users/../lib/" '
		/:$/ || /linux-vdso|ld-linux/ || $1 == "libc.so.6" { next }
		index($3, lib) != 1'
}

unused_libraries() {
	local library
	for library in "$unpacked"/www/api/v1/lib/*.so*; do
		env -i ldd "$users"/* | grep -qF "/${library##*/} " || echo "$library"
	done
}

it 'the archive'
mkdir "$scratch/a"
tar -xzf "$tarball" -C "$scratch/a"
unpacked=$scratch/a/$name
users=$unpacked/www/api/v1/users
ok 'is one directory' equal "$(ls "$scratch/a")" "$name"
ok 'root owns all of it' equal \
	"$(tar -tvzf "$tarball" --numeric-owner | awk '{ print $2 }' | sort -u)" 0/0
ok 'nobody else may write, everybody may read' none \
	"$(find "$unpacked" -perm /6022 -o ! -perm -444)"
ok 'has every program' equal "$(ls "$users")" \
	"$(basename -s .c "$root"/cgi-bin/*.c)"
ok 'and its .htaccess knows each of them' none "$(
	for program in "$users"/*; do
		grep -qE "^<FilesMatch.*[(|]${program##*/}[|)]" "$users/.htaccess" ||
			echo "${program##*/}"
	done)"
for file in README.install LICENSE LIBRARIES check.sh latchkey.env.sample .htaccess \
	front.htaccess sql/schema.sql mail/reset.en.txt passwords/common.txt \
	members/index.html members/.htaccess www/auth/login.html www/auth/.htaccess \
	www/auth/texts/de.json www/api/v1/users/.htaccess www/api/v1/lib/.htaccess; do
	[ -s "$unpacked/$file" ] || missing+=" $file"
done
ok 'has all that README.install speaks of' none "${missing-}"
ok 'its settings are for an account with few connections' grep -qx DB_PERSISTENT=0 \
	"$unpacked/latchkey.env.sample"
ok 'README.install is a page' test "$(wc -l <"$unpacked/README.install")" -le 100
ok 'with nothing left to fill in' none \
	"$(grep -n '@[A-Z]*@' "$unpacked/README.install" "$unpacked/check.sh")"

it 'libraries'
ok 'of none but the C library and those brought along' none "$(others_than_bundled)"
ok 'by a RUNPATH, and no other' equal \
	"$(readelf -d "$users"/* | sed -n 's/.*R[UN]*PATH.*\[\(.*\)\]/\1/p' | sort -u)" \
	"\$ORIGIN/../lib"
ok 'none is there for nothing' none "$(unused_libraries)"
ok 'nor is the C library' none "$(find "$unpacked" -name 'libc.so*' -o -name 'ld-*')"
for file in "$unpacked"/www/api/v1/lib/*.so* "$unpacked"/www/api/v1/lib/plugin/*; do
	read -r _ package _ < <(grep "^${file##*/} " "$unpacked/LIBRARIES")
	[ -s "$unpacked/licences/${package-none}" ] || unlicensed+=" ${file##*/}"
done
ok 'each is on the list, with its licence' none "${unlicensed-}"

it 'the same sources'
mkdir -m 700 "$scratch/another place"
tar -C "$root" --exclude=./build --exclude=./.run --exclude=./.git \
	--exclude=node_modules -cf - . | tar -C "$scratch/another place" -xf -
# The first one has the time of the last commit.
when=$(tar --utc --full-time -tvzf "$tarball" | awk 'NR == 1 { print $4, $5 }')
(
	umask 077
	cd "$scratch/another place" &&
		SOURCE_DATE_EPOCH=$(date -u -d "$when" +%s) TZ=Asia/Kathmandu LC_ALL=C \
			make -s tarball O=out
) >"$scratch/why" 2>&1
ok 'elsewhere, by somebody else, give the same bytes' cmp "$tarball" \
	"$scratch/another place/out/dist/$name.tar.gz"
ok 'for they do not tell where they were built' none \
	"$(grep -alF "$root" -r "$users")"

# check.sh tells what is wrong.

# checked: what it says, in $said; $checked is its exit status.
checked() {
	env -i PATH="$scratch/bin:/usr/bin:/bin" "$unpacked/check.sh" \
		>"$scratch/why" 2>&1
	checked=$?
	said=$(<"$scratch/why")
}

mkdir "$scratch/bin"
fake() { # COMMAND OUTPUT
	printf '#!/bin/sh\necho "%s"\n' "$2" >"$scratch/bin/$1"
	chmod 755 "$scratch/bin/$1"
}

it 'check.sh'
checked
ok 'finds the machine good' matches "$said" 'good:  the C library is glibc'
ok 'lets a program tell what it lacks' matches "$said" \
	'settings: [A-Z]+, ACCESS_TOKEN_SECRET is missing.*no settings file was found'
ok 'and fails' equal "$checked" 1
fake uname sparc64
checked
ok 'another machine' matches "$said" 'WRONG: the programs are for .*this is an sparc64'
rm "$scratch/bin/uname"
for version in 2.9 2.17 2.35; do
	fake getconf "glibc $version"
	checked
	ok "glibc $version is too old" matches "$said" \
		"WRONG: the C library is glibc $version, and the programs need"
done
fake getconf 'glibc 3.0'
checked
ok 'glibc 3.0 is not' matches "$said" 'good:  the C library is glibc 3.0'
rm "$scratch/bin/getconf"
chmod g+w "$users/me"
checked
ok 'what suEXEC refuses' matches "$said" 'WRONG: others may write here.*/me'
chmod 644 "$users/me"
checked
ok 'a program that lost its mode' matches "$said" 'WRONG: not executable.*/me'
chmod 755 "$users/me"
mv "$users/.htaccess" "$scratch"
checked
ok 'a .htaccess that was not uploaded' matches "$said" 'WRONG: there is no .*\.htaccess'
mv "$scratch/.htaccess" "$users"
: >"$users/../lib/libfcgi.so.0"
checked
ok 'a library that was cut off' matches "$said" \
	'WRONG: .*/me does not start: .*error while loading shared libraries'

finish
