#!/bin/bash
# Web spaces that were installed from the tarball, by the commands of README.install:
# /shop by mod_fcgid, and beside it a second one, /shop2, all of which is inside the
# web root and whose programs end in .fcgi; and a whole site by plain CGI.
LATCHKEY_URL=$LATCHKEY_APACHE_HTACCESS
LATCHKEY_SETUP=apache-htaccess
. "$(dirname "$0")/../http/lib.sh"
home=$LATCHKEY_RUN/apache-htaccess/web/home
shop=$LATCHKEY_URL
shop2=${LATCHKEY_URL}2
cgi=$LATCHKEY_APACHE_HTACCESS_CGI
cgi_home=$LATCHKEY_RUN/apache-htaccess-cgi/web/home
alias=$(<"$LATCHKEY_RUN/apache-htaccess/alias")/run/web/home

# at URL: ask there from now on.
at() {
	LATCHKEY_URL=$1
	locate
}

# all_of DIRECTORY: the path of every file in it, as a URL has it.
all_of() {
	(cd "$1" && find . -type f | sed 's|^\./||' | sort)
}

# What a file holds is in no answer; $kept counts those that were asked for.
keeps() { # URL DIRECTORY FILE...
	local url=$1 dir=$2 file
	shift 2
	kept=0
	for file; do
		ask GET "$url/$file"
		# 500: the example's .htaccess, whose paths nobody has filled in.
		if [[ ! $(reply_status) =~ ^(40[134]|500)$ ]] || cmp -s "$scratch/body" "$dir/$file"; then
			echo "# $file" >&2
			return 1
		fi
		kept=$((kept + 1))
	done
}

# --- A second one ---
# With a directory latchkey of its own inside the web root, for whoever has nothing
# but that; the nearest settings are those that count.
second() {
	local web=$home/www/shop2 program

	rm -rf "$web"
	mkdir "$web"
	cp -R "$home/latchkey/www/." "$web"
	cp -R "$home/latchkey" "$home/latchkey/members" "$web"
	rm -rf "$web/latchkey/www"
	for program in "$web"/api/v1/users/*; do mv "$program" "$program.fcgi"; done
	sed -i -e "s|/home/u/www/\(.*/guard\)|$alias/www/shop2/\1.fcgi|" \
		-e 's| /api/| /shop2/api/|' "$web/members/.htaccess"
	echo 'SetEnvIf Request_URI ^ "LATCHKEY_ALLOW=@example.com"' >"$scratch/few"
	mkdir "$web/few"
	cat "$web/members/.htaccess" "$scratch/few" >"$web/few/.htaccess"
	echo PROTECTED-BYTES >"$web/few/index.html"
	mkdir -m 777 "$scratch/out"
	chmod 711 "$scratch"
	cat >>"$web/latchkey/latchkey.env" <<-END
	MAIL_FROM=shop@example.org
	SITE_URL=http://127.0.0.1:8000/shop2
	MAIL_TEMPLATES=mail
	MAIL_COMMAND='/usr/bin/tee $scratch/out/mail'
	PASSWORD_BLOCKLIST=passwords/common.txt
	END
	chown -R --reference="$home" "$web"
}
# shellcheck disable=SC2317 # the trap calls it
drop_second() {
	rm -rf "$home/www/shop2" "$scratch"
}
trap drop_second EXIT
second

it 'settings, with no environment'
ok 'no .htaccess names them' equal \
	"$(find "$home" -name .htaccess -exec grep -l '^[^#]*LATCHKEY_ENV' {} +)" ''
at "$shop"
get me
no_token 'Token not found'
pid=$(pgrep -f "^$alias/www/shop/api/v1/users/me$" | head -n 1)
ok 'nor does the environment of a process' equal \
	"$(tr '\0' '\n' <"/proc/$pid/environ" | grep -c LATCHKEY)" 0
at "$shop2"
get me
no_token 'Token not found'
at "$cgi"
get me
no_token 'Token not found'

it 'what is nobody'\''s but the tenant'\''s'
mapfile -t private < <(all_of "$home/www/shop2" | grep -E '^latchkey/|^api/v1/lib/|\.htaccess')
ok 'in the web root' keeps "$shop2" "$home/www/shop2" "${private[@]}"
ok 'is more than sixty files' test "$kept" -gt 60
for file in latchkey/latchkey.env latchkey/sql/schema.sql latchkey/README.install \
	latchkey/mail/reset.en.txt latchkey/passwords/common.txt api/v1/lib/libcrypto.so.3; do
	ok "$file, too" matches " ${private[*]} " " $file "
done
for path in latchkey latchkey/ latchkey/latchkey.env/ latchkey//latchkey.env \
	latchkey/%6catchkey.env api/v1/lib/ api/v1/users/.htaccess api/v1/users/; do
	ask GET "$shop2/$path" --path-as-is
	ok "$path is nothing to see" matches "$(reply_status)" '^(301|40[34])$'
done
for place in "$shop $home/www/shop" "$shop2 $home/www/shop2" "$cgi $cgi_home/www"; do
	mapfile -t programs < <(all_of "${place#* }" | grep '^api/v1/users/[a-z]')
	for path in "${programs[@]}"; do
		ask GET "${place% *}/$path"
		[ "$(head -c 4 "$scratch/body" | tr -d '\0')" != $'\x7fELF' ] || given+=" $path"
	done
	ok 'no program is given away' equal "${#programs[@]}:${given-}" \
		"$(find "$home/latchkey/www/api/v1/users" -type f -not -name '.*' | wc -l):"
done

it 'the names of the files are not those of the URLs'
for place in "$shop2:.fcgi" "$cgi:.cgi"; do
	at "${place%:*}"
	for name in me "me${place##*:}"; do
		get "$name"
		no_token 'Token not found'
	done
	ask GET "$LATCHKEY_URL/api/v1/users/sessions/x"
	no_token 'Token not found'
	get me/x
	answer 404 'Not found'
	get nothing
	answer 404 'Not found'
done
at "$shop2"
ask GET "$shop2/"
ok 'no greeting where nobody asked for one' unequal "$(<"$scratch/body")" 'Hello World!'

it 'two on one host'
jar=(-b "$scratch/jar" -c "$scratch/jar")
for place in "$shop" "$shop2"; do
	at "$place"
	new_user
	log_in "${jar[@]}"
	two_cookies_of=$(reply_header Set-Cookie | sed 's/.*; Path=\([^;]*\);.*/\1/' | sort -u)
	ok "$base has its cookies for itself" equal "$two_cookies_of" \
		"$base"$'\n'"$base/api/v1/users"
	emails+=("$email")
done
at "$shop"
get me "${jar[@]}"
json .user.email "${emails[0]}"
post refresh-token '{}' "${jar[@]}"
status 200
at "$shop2"
get me "${jar[@]}"
json .user.email "${emails[1]}"
post logout '{}' "${jar[@]}"
cookies_cleared
get me "${jar[@]}"
status 401
at "$shop"
get me "${jar[@]}"
json .user.email "${emails[0]}"

it 'a directory guarded by guard.fcgi'
at "$shop2"
html=(-H 'Accept: text/html')
ask GET "$shop2/members/"
no_token 'Token not found'
ask GET "$shop2/members/?a=b" "${html[@]}"
status 302
ok 'to its own resume' equal "$(reply_header Location)" \
	'/shop2/api/v1/users/resume?next=/shop2/members/%3Fa%3Db'
ask GET "$shop2/members/" -X POST -d a=b "${html[@]}"
no_token 'Token not found'
get resume
header Location '/shop2/auth/login.html?next=/shop2/'
log_in
ask GET "$shop2/members/" -H "Cookie: accessToken=$access"
ok 'let in' matches "$(<"$scratch/body")" 'data-page="members"'
ask GET "$shop2/few/" -H "Cookie: accessToken=$access"
answer 403 Forbidden

it 'what its settings name lies beside them'
post register '{"email":"x@example.org","password":"password1"}'
answer 400 'Password is too common'
post resend-verification "{\"email\":\"$email\"}"
status 200
for _ in {1..100}; do
	[ ! -s "$scratch/out/mail" ] || break
	sleep 0.1
done
ok 'a mail leads to its own page' matches \
	"$(tr -d '\r' <"$scratch/out/mail" | sed ':a; N; $!ba; s/=\n//g; s/=3D/=/g')" \
	'http://127\.0\.0\.1:8000/shop2/auth/verify\.html#email='

finish
