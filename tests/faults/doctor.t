#!/bin/bash
# What the doctor looks at, each made wrong: it says so, and how to mend it; to who
# starts a program in a terminal, and to who asks through a web server.
. "$(dirname "$0")/instance.sh"

token=$(openssl rand -hex 32)
database_options=(--log-bin --sync-binlog=1)
database_start
instance_start DB_RUN_DIR="$database" DOCTOR_TOKEN="$token" THROTTLE=1 \
	THROTTLE_ACCOUNT_ADDRESS=4/900
bin=$scratch/x/cgi-bin
mkdir -p "$bin" "$scratch/mail"
chmod 755 "$scratch" "$scratch/x"
cp "$(<"$run/alias")"/build/cgi-bin/* "$bin" 2>"$scratch/cp"
cp "$(<"$run/alias")"/src/mail/* "$scratch/mail"
good=$scratch/x/good.env
install -m 600 "$run/run.env" "$good"
list=$scratch/list
echo password >"$list"

# --- In a terminal ---

# look [NAME=VALUE...]: at everything, with these settings.
look() {
	env -i LATCHKEY_ENV="$good" PASSWORD_BLOCKLIST="$list" "$@" \
		timeout 15 "$bin/me" </dev/null >"$scratch/body" 2>"$scratch/err"
	left=$?
	cat "$scratch/body" "$scratch/err" >>"$scratch/everything"
}

lines() { # PATTERN: how many
	grep -cE -- "$1" "$scratch/body"
}

# line NAME PATTERN: that line is as wanted, and the only one of that name.
line() {
	equal "$(lines "^$1: ")" 1 && equal "$(lines "^$1: $2")" 1
}

# wrong WHAT NAME VERDICT PATTERN [NAME=VALUE...]: the line of that name, and what
# is left: a warning is no fault.
wrong() {
	local name=$2 verdict=$3 pattern=$4
	it "$1"
	shift 4
	look "$@"
	ok "$name: $verdict, with the mend" line "$name" "$verdict, .*$pattern"
	ok 'exit status' equal "$left" "$([ "$verdict" = WARN ]; echo $?)"
}

it 'all is good'
look
ok '0' equal "$left" 0
ok 'and nothing else' equal "$(sed 1d "$scratch/body" | grep -vcE '^[a-z-]+: good, ')" 0
for name in settings secrets blocklist mail settings-file programs database \
	least-rights time durability connections rights schema engine collation \
	mode libc libcrypto libmariadb libcjson libjwt libfcgi libcrypt; do
	ok "a line: $name" line "$name" 'good, .'
done
ok 'nothing is logged' equal "$(<"$scratch/err")" ''

it 'the settings'
wrong 'a setting is wrong' settings BAD 'REFRESH_GRACE.*leave it out' REFRESH_GRACE=x
ok 'and comes first: the only line' equal "$(lines '^[a-z-]+: ')" 1

hex=$(openssl rand -hex 16)
for weak in aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb "${hex:0:11}${hex:0:11}${hex:0:11}" \
	'abcdefghijklmnopqrstuvwxyz0123456789' "my-Secret-is-${hex}" \
	"ChangeMe${hex}"; do
	wrong "a secret like ${weak:0:8}..." secrets BAD \
		'ACCESS_TOKEN_SECRET can be guessed; .*openssl rand' \
		ACCESS_TOKEN_SECRET="$weak"
	ok 'which is not printed' equal "$(lines "$weak")" 0
done
wrong 'the other secret' secrets BAD 'REFRESH_TOKEN_SECRET can be guessed' \
	REFRESH_TOKEN_SECRET=01010101010101010101010101010101
wrong 'the token of the doctor' secrets BAD 'DOCTOR_TOKEN can be guessed' \
	DOCTOR_TOKEN=01010101010101010101010101010101
wrong 'is a secret as well' secrets BAD 'DOCTOR_TOKEN is also.*openssl rand' \
	ACCESS_TOKEN_SECRET="$token"
wrong 'no list of passwords' blocklist WARN 'set PASSWORD_BLOCKLIST' \
	PASSWORD_BLOCKLIST=

mails=(MAIL_FROM=a@example.org SITE_URL=https://www.example.org
	MAIL_TEMPLATES="$scratch/mail" MAIL_COMMAND=/bin/true)
it 'mails'
look "${mails[@]}"
ok 'by a program that is there' line mail 'good, by /bin/true'
wrong 'no sendmail' mail BAD 'nowhere/sendmail cannot be run; .*MAIL_COMMAND' \
	"${mails[@]}" MAIL_COMMAND='/nowhere/sendmail -t'
mv "$scratch/mail/reset.en.txt" "$scratch/mail/away"
wrong 'no template' mail BAD 'reset\.en\.txt cannot be read; .*MAIL_TEMPLATES' \
	"${mails[@]}"

# --- Files ---

chmod 660 "$good"
wrong 'settings that a group can write' settings-file WARN 'good\.env.*chmod 640'
chmod 600 "$good"
chmod 777 "$scratch/x"
wrong 'a directory of settings that everybody can write' settings-file BAD \
	"$scratch/x; chmod 755"
chmod 755 "$scratch/x"
chmod 757 "$bin/login"
wrong 'a program that everybody can write' programs BAD 'cgi-bin/login; chmod 755'
chmod 755 "$bin/login"
chmod 777 "$bin"
wrong 'a directory of programs' programs BAD 'cgi-bin/?\.?; chmod 755'
chmod 755 "$bin"

# --- The database ---

wrong 'the database is away' database BAD 'DB_HOST, DB_PORT and DB_SOCKET' \
	DB_SOCKET=/nowhere
ok 'and of the rest of it nothing is told' equal \
	"$(lines '^(schema|rights|time|engine|collation|connections|durability): ')" 0
ok 'but of the libraries' line libc good

# account NAME RIGHTS: another one, in $other.
account() {
	sql "CREATE USER $1@localhost IDENTIFIED BY '$1'; $2"
	other=(DB_USER="$1" DB_PASSWORD="$1")
}

account owner "GRANT ALL ON latchkey.* TO owner@localhost WITH GRANT OPTION"
wrong 'more rights than needed' least-rights WARN \
	'owner needs no more.*take from it .*CREATE on latchkey.*GRANT OPTION' "${other[@]}"
ok 'which are enough' line rights good
account global "GRANT SELECT, INSERT, UPDATE, DELETE, FILE ON *.* TO global@localhost"
wrong 'rights on everything' least-rights WARN 'FILE on \*\.\*' "${other[@]}"
account wide "GRANT SELECT, INSERT, UPDATE, DELETE ON latchkey.* TO wide@localhost;
	CREATE DATABASE shop; GRANT SELECT ON shop.* TO wide@localhost"
wrong "rights on another's database" least-rights WARN 'SELECT on shop' "${other[@]}"

account least "GRANT SELECT ON latchkey.latchkey_schema TO least@localhost;
	GRANT SELECT, INSERT, UPDATE, DELETE ON latchkey.users TO least@localhost;
	GRANT SELECT, INSERT, UPDATE, DELETE ON latchkey.codes TO least@localhost;
	GRANT SELECT, INSERT, UPDATE, DELETE ON latchkey.attempts TO least@localhost"
it 'the rights that sql/schema.sql names'
look "${other[@]}"
ok 'are enough' line rights good
ok 'and not too many' line least-rights good
ok 'for the schema, too' line schema good
for table in users codes attempts; do
	for right in INSERT UPDATE DELETE; do
		sql "REVOKE $right ON latchkey.$table FROM least@localhost"
		wrong "no $right on $table" rights BAD \
			"least may not $right .*$table.*grant DB_USER" "${other[@]}"
		sql "GRANT $right ON latchkey.$table TO least@localhost"
	done
done
sql 'REVOKE SELECT ON latchkey.latchkey_schema FROM least@localhost'
wrong 'no SELECT on the version' schema BAD '(001-|grant)' "${other[@]}"

sql "SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() - 60'"
wrong "the database's clock is slow" time WARN '(59|60|61) s behind.*NTP'
sql "SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 60'"
wrong 'or fast' time WARN '(59|60|61) s ahead of.*NTP'
sql "SET GLOBAL init_connect = ''"

sql 'SET GLOBAL innodb_flush_log_at_trx_commit = 2'
wrong 'commits that a power cut takes' durability WARN \
	'set innodb_flush_log_at_trx_commit=1 \(it is 2\)'
sql 'SET GLOBAL innodb_flush_log_at_trx_commit = 1; SET GLOBAL sync_binlog = 0'
wrong 'a binary log that it takes them from' durability WARN \
	'set sync_binlog=1 \(it is 0\)'
sql 'SET GLOBAL sync_binlog = 1'

sql 'ALTER USER latchkey@localhost WITH MAX_USER_CONNECTIONS 10'
for pid in $(sql "SELECT id FROM information_schema.processlist
	WHERE user = 'latchkey'"); do sql "KILL $pid"; done
wrong 'fewer connections than programs' connections WARN \
	' of at most 10 connections.* 17 programs.*set DB_PERSISTENT=0'
it 'which are enough where none is kept'
look DB_PERSISTENT=0
ok 'good' line connections 'good, .* of at most 10 '
sql 'ALTER USER latchkey@localhost WITH MAX_USER_CONNECTIONS 0'

sql 'RENAME TABLE codes TO gone'
wrong 'a table is missing' schema BAD ': codes; load sql/schema\.sql'
sql 'RENAME TABLE gone TO codes'
sql 'ALTER TABLE codes RENAME COLUMN tries TO tried'
wrong 'a column is' schema BAD 'not as sql/schema\.sql makes it'
ok 'which the log names' grep -q "tries.*load sql/schema\.sql.*sql/migrations" \
	"$scratch/err"
sql 'ALTER TABLE codes RENAME COLUMN tried TO tries'
sql 'ALTER TABLE attempts ENGINE = Aria'
wrong 'another engine' engine BAD 'attempts is Aria; ALTER TABLE each ENGINE=InnoDB'
sql 'ALTER TABLE attempts ENGINE = InnoDB'
sql 'ALTER TABLE users MODIFY email VARCHAR(254) CHARACTER SET utf8mb4 NOT NULL'
wrong 'a collation that takes A for a' collation BAD \
	'users\.email is utf8mb4_.*; ALTER TABLE'
sql "ALTER TABLE users MODIFY email VARCHAR(254) CHARACTER SET ascii
	COLLATE ascii_bin NOT NULL COMMENT 'lower case'"

# --- Libraries ---

# Those that tell their version, which these programs were not built with.
printf 'const char *%s { return "0.9"; }\n' 'gnu_get_libc_version(void)' \
	'OpenSSL_version(int t)' 'mysql_get_client_info(void)' 'cJSON_Version(void)' |
	gcc -shared -fPIC -w -x c -o "$scratch/x/old.so" -
for name in libc libcrypto libmariadb libcjson; do
	wrong "an old $name" "$name" WARN 'version 0\.9, .*install the one' \
		LD_PRELOAD="$scratch/x/old.so"
done

# --- Through a web server ---

# visit [curl's options]: the doctor, with the token.
visit() {
	get doctor -H "Authorization: Bearer $token" "$@"
}

bad() { # WHAT: the answer is of somebody ill
	ok "$1" equal "$(reply_status)" 503
}

it 'asked through a server'
visit
status 200
ok 'the mode' line mode 'good, FastCGI, by lighttpd'
ok 'the header' line authorization good
ok 'cookies' line cookies 'good, on this machine itself'

it 'over http elsewhere'
visit -H 'Host: www.example.org'
bad '503'
ok 'the cookies' line cookies 'BAD, browsers drop.*https'
it 'behind a proxy that takes https from it'
visit -H 'Host: www.example.org' -H 'X-Forwarded-Proto: https'
status 200
ok 'the cookies' line cookies 'WARN, .*put https://www\.example\.org into CLIENT_URL'

it 'wrong tokens'
for given in "${token}x" "${token%?}" "${token%?}-" x; do
	get doctor -H "Authorization: Bearer $given"
	bad_token 'invalid token'
done
get doctor -H 'Authorization: Bearer x'
answer 429 'Too many attempts, try again later'
ok 'a second to come again in' matches "$(reply_header Retry-After)" '[1-9]*'
visit
answer 429 'Too many attempts, try again later'
ok 'are logged' [ "$(grep -c 'event=doctor_refused .*ip=127\.0\.0\.1' "$LATCHKEY_LOG")" = 4 ]
sql 'DELETE FROM attempts'
visit
status 200
ok 'a right one is not counted' equal "$(sql 'SELECT COUNT(*) FROM attempts
	WHERE due > 1000 * UNIX_TIMESTAMP(NOW(3)) + 1000')" 0

# The web server reads no settings: a program of its own does, as each starts anew.
# ask_cgi [NAME=VALUE...]: the doctor as a CGI program, so asked.
ask_cgi() {
	echo "CGI doctor $*" >"$scratch/request"
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET HTTP_HOST=127.0.0.1 \
		REQUEST_URI=/api/v1/users/doctor REMOTE_ADDR=127.0.0.1 \
		LATCHKEY_ENV="$good" PASSWORD_BLOCKLIST="$list" "$@" \
		timeout 15 "$bin/doctor" >"$scratch/reply" 2>>"$scratch/everything"
	tr -d '\r' <"$scratch/reply" >"$scratch/body"
	cat "$scratch/body" >>"$scratch/everything"
}
bearer=(HTTP_AUTHORIZATION="Bearer $token")

it 'as a CGI program'
ask_cgi "${bearer[@]}" </dev/null
ok '200' equal "$(lines '^Status: 200')" 1
ok 'the mode' line mode 'good, CGI'

it 'a header that the server keeps to itself'
posted=(REQUEST_METHOD=POST CONTENT_TYPE=application/x-www-form-urlencoded)
ask_cgi "${posted[@]}" CONTENT_LENGTH=$((6 + ${#token})) <<<"token=$token"
ok 'the token came in a form: 200' equal "$(lines '^Status: 200')" 1
ok 'and the line says what to add' line authorization \
	'WARN, .*CGIPassAuth On.*SetEnvIf Authorization'

it 'cookies'
ask_cgi "${bearer[@]}" HTTPS=on HTTP_HOST=www.example.org </dev/null
ok 'over https' line cookies 'good, over https'
ask_cgi "${bearer[@]}" HTTPS=on COOKIE_SECURE=0 </dev/null
ok 'that go over http, too' line cookies 'WARN, .*COOKIE_SECURE=1'
ask_cgi "${bearer[@]}" HTTP_HOST=www.example.org COOKIE_SECURE=0 </dev/null
ok 'that go over http alone' line cookies 'WARN, this is http.*COOKIE_SECURE=1'
ask_cgi "${bearer[@]}" HTTP_HOST=www.example.com COOKIE_DOMAIN=example.org </dev/null
ok "of another's domain" line cookies 'BAD, .*COOKIE_DOMAIN=example\.org.*leave it out'
ok '503' equal "$(lines '^Status: 503')" 1

it 'settings in the web root'
ask_cgi "${bearer[@]}" DOCUMENT_ROOT="$scratch/x" </dev/null
ok 'a warning' line settings-file 'WARN, .*web root.*move it out'
ask_cgi "${bearer[@]}" DOCUMENT_ROOT="$bin" </dev/null
ok 'or elsewhere' line settings-file good

it 'wrong settings'
ask_cgi "${bearer[@]}" REFRESH_GRACE=x </dev/null
ok '503' equal "$(lines '^Status: 503')" 1
ok 'are told' line settings 'BAD, REFRESH_GRACE'
ask_cgi "${bearer[@]%?}" REFRESH_GRACE=x </dev/null
ok 'to nobody else: 401' equal "$(lines '^Status: 401')" 1
ok 'who reads nothing' equal "$(lines REFRESH_GRACE)" 0
ask_cgi DOCTOR_TOKEN= "${bearer[@]}" REFRESH_GRACE=x </dev/null
ok 'nor where there is no token: 404' equal "$(lines '^Status: 404')" 1
ask_cgi DOCTOR_TOKEN="${token:0:31}" HTTP_AUTHORIZATION="Bearer ${token:0:31}" </dev/null
ok 'or one that is too short: 404' equal "$(lines '^Status: 404')" 1

it 'the database is away'
ask_cgi "${bearer[@]}" DB_SOCKET=/nowhere </dev/null
ok '503' equal "$(lines '^Status: 503')" 1
ok 'is told' line database 'BAD, .*DB_SOCKET'

it 'settings that have changed since'
touch -d '+1 minute' "$run/run.env"
visit
ok 'are told' line settings 'WARN, .*run\.env has changed.*anew'

it 'secrets'
hides() { # FILE
	local name secret
	for name in ACCESS_TOKEN_SECRET REFRESH_TOKEN_SECRET DB_PASSWORD DOCTOR_TOKEN; do
		secret=$(sed -n "s/^$name=\"\?\([^\"]*\)\"\?$/\1/p" "$good" | tail -n 1)
		[ -n "$secret" ] && ! grep -qaF -- "$secret" "$1" || return 1
	done
}
ok 'are in nothing that was told' hides "$scratch/everything"
ok 'nor in the log' hides "$LATCHKEY_LOG"

finish
