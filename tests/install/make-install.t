#!/bin/bash
# "make install" brings everything to where it is looked for, disabled until somebody
# enables it; "make uninstall" takes away what it brought, and nobody's edits.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

prefix=$place/p

# tree DIR: every file and link below it, sorted.
tree() {
	(cd "$1" && find . \( -type f -o -type l \) | sort)
}

inodes() {
	find "$prefix" -type f -printf '%i %p\n' | grep -v /installed$ | sort
}

nothing_below() { # DIR
	equal "$(find "$1" -mindepth 1 | head -n 5)" ''
}

it 'into DESTDIR'
dest="$scratch/a package"
ok 'succeeds' make_quietly install DESTDIR="$dest"
for program in "$root"/cgi-bin/*.c; do
	program=${program##*/}
	ok "${program%.c} is there" \
		[ -x "$dest/usr/local/lib/latchkey/cgi-bin/${program%.c}" ]
done
for path in apache2/conf-available/latchkey.conf \
	lighttpd/conf-available/50-latchkey.conf; do
	ok "/etc/$path is there" [ -f "$dest/etc/$path" ]
done
ok 'nothing else in /etc' equal "$(find "$dest/etc" -type f | wc -l)" 2
ok 'nothing knows of the DESTDIR' equal "$(grep -rlF "$scratch" "$dest")" ''
ok 'everybody may read it' equal "$(find "$dest" -mindepth 1 \
	! -type l ! -perm -a+r)$(find "$dest" -mindepth 1 -type d ! -perm -a+x)" ''
it 'out of DESTDIR'
ok 'succeeds' make_quietly uninstall DESTDIR="$dest"
ok 'nothing is left' nothing_below "$dest"

it 'into PREFIX'
ok 'succeeds' make_quietly install PREFIX="$prefix"
ok 'no other place is named' equal \
	"$(grep -rlF /usr/local "$prefix/share/latchkey" "$prefix/etc" "$prefix/lib/systemd")" ''
ok 'the sample of the settings names a file that is there' \
	[ -f "$(sed -n 's/^PASSWORD_BLOCKLIST=//p' "$prefix/share/latchkey/latchkey.env.sample")" ]

it 'settings that are made'
mkdir "$prefix/etc/latchkey"
settings=$prefix/etc/latchkey/latchkey.env
(umask 027 && "$prefix/share/latchkey/make-settings.sh" \
	"$prefix/share/latchkey/latchkey.env.sample" >"$settings")
cp "$settings" "$scratch/body"
ok 'have three secrets' equal "$(grep -cE \
	'^(ACCESS_TOKEN_SECRET|REFRESH_TOKEN_SECRET|DB_PASSWORD)=[0-9a-f]{64}$' "$settings")" 3
ok 'no two the same' equal "$(grep -oE '[0-9a-f]{64}$' "$settings" | sort -u | wc -l)" 3
ok 'all else as in the sample' equal "$(diff "$settings" \
	"$prefix/share/latchkey/latchkey.env.sample" | grep -c '^[<>]')" 6
"$prefix/lib/latchkey/cgi-bin/index" </dev/null >"$scratch/body" 2>&1
ok 'are found by a program that is told nothing' \
	grep -q "settings: .*good.*$prefix/lib/latchkey/latchkey.env" "$scratch/body"
hand_over "$prefix"

# What a server answers with what was installed, once it is enabled.
check_server() {
	ask GET "$api/"
	answer 404 'Not found'
	get me
	no_token 'Token not found'
	ask GET "$LATCHKEY_URL/auth/login.html"
	status 200
	ok 'no script from elsewhere' matches \
		"$(reply_header Content-Security-Policy)" "script-src 'self';"
	ask GET "$LATCHKEY_URL/elsewhere"
	status 404
	ok 'an error of the site is its own' unequal "$(<"$scratch/body")" \
		'{"message":"Not found"}'
	head -c 1048577 /dev/zero >"$scratch/large"
	post login "@$scratch/large" -H Expect:
	answer 413 'Request body too large'
}

it 'lighttpd, with the snippet'
next_port
mkdir "$place/lighttpd"
server_start lighttpd lighttpd -D -f <<END
$(lighttpd_base "$place/lighttpd")
server.modules += ( "mod_fastcgi", "mod_setenv" )
$(sed -e "s|/run/lighttpd|$place/lighttpd|" -e "s|/var/log/lighttpd|$place/lighttpd|" \
	"$prefix/etc/lighttpd/conf-available/50-latchkey.conf")
END
check_server
server_stop

it 'Apache, with the snippet'
next_port
server_start apache apache2 -DFOREGROUND -f <<END
$(apache_base "$place/apache" headers fcgid)
Include "$prefix/etc/apache2/conf-available/latchkey.conf"
END
check_server
server_stop
for module in fcgid headers; do
	it "Apache without mod_$module"
	others=(fcgid headers)
	{
		apache_base "$place/apache" "${others[@]/$module/dir}"
		echo "Include \"$prefix/etc/apache2/conf-available/latchkey.conf\""
	} >"$place/apache/conf"
	ok 'does not start' refuses apache2 -t -f "$place/apache/conf"
	ok 'and says why' grep -q "needs mod_$module.*a2enmod $module" "$scratch/body"
done

it 'once more'
before=$(inodes)
ok 'succeeds' make_quietly install PREFIX="$prefix"
ok 'what is the same is left alone' equal "$(inodes)" "$before"
snippet=$prefix/etc/apache2/conf-available/latchkey.conf
echo '# mine' >>"$snippet"
printf 'no program' >"$prefix/lib/latchkey/cgi-bin/login"
touch "$prefix/share/latchkey/mail/mine.txt"
ok 'succeeds over edits' make_quietly install PREFIX="$prefix"
ok 'a program is whole again' cmp -s "$root/build/cgi-bin/login" \
	"$prefix/lib/latchkey/cgi-bin/login"
ok 'a snippet is as it was edited' equal "$(tail -n 1 "$snippet")" '# mine'
ok 'which is said' grep -q "kept $snippet" "$scratch/body"
ok 'the new one is beside it' [ -f "$snippet.new" ]

it 'uninstall'
ok 'succeeds' make_quietly uninstall PREFIX="$prefix"
ok 'only what is not ours is left' equal "$(tree "$prefix")" \
	"./etc/apache2/conf-available/latchkey.conf
./etc/latchkey/latchkey.env
./share/latchkey/mail/mine.txt"
ok 'and said' grep -q "kept $snippet" "$scratch/body"
ok 'succeeds where there is nothing' make_quietly uninstall PREFIX="$prefix"

finish
