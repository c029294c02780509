#!/bin/bash
# sql/schema.sql and sql/migrations: a database of any age becomes what a new one
# is, with what is in it kept; and a program tells which file is lacking.
set -u
LATCHKEY_URL=
. "$(dirname "$0")/../http/lib.sh"

root=$(cd "$(dirname "$0")/../.." && pwd)
made=()
trap 'drop; rm -rf "$scratch"' EXIT

# Twice, for a MariaDB that is fresh takes the index of mysql.proc for corrupt at the
# first DROP DATABASE, says so once, and mends it.
drop() {
	printf 'DROP DATABASE IF EXISTS %s;' "${made[@]}" >"$scratch/drop"
	client --force <"$scratch/drop" 2>"$scratch/err"
	client --force <"$scratch/drop"
}

client() {
	mariadb --no-defaults -S "$LATCHKEY_DB_SOCKET" -u root -N -B "$@"
}

in_database() { # SQL, of the database in hand
	client "$name" -e "$1"
}

begin() { # a database without tables
	name=schema_$$_${#made[@]}
	made+=("$name")
	client -e "CREATE DATABASE $name"
}

load() { # FILE...: each as it is, and none may fail
	local file
	for file; do
		client "$name" <"$file" >"$scratch/body" 2>&1 || return 1
	done
}

shapes() { # DATABASE: all of its tables
	local table
	for table in $(client "$1" -e 'SHOW TABLES'); do
		client "$1" -e "SHOW CREATE TABLE $table"
	done
}

like_new() {
	equal "$(shapes "$name")" "$(<"$scratch/new")" &&
		equal "$(in_database 'SELECT MAX(version) FROM latchkey_schema')" "$version"
}

# doctor PATTERN: what a program says of the database, and whether it is content.
doctor() {
	env -i ACCESS_TOKEN_SECRET="$(openssl rand -hex 32)" \
		REFRESH_TOKEN_SECRET="$(openssl rand -hex 32)" \
		DB_SOCKET="$LATCHKEY_DB_SOCKET" DB_USER=root DB_NAME="$name" \
		"$root/build/cgi-bin/doctor" </dev/null >"$scratch/body" 2>&1
	left=$?
	grep -qE "^schema: $1" "$scratch/body"
}

# The table of users from before there were mails, limits and numbers.
first_tables() {
	client "$name" <<-'END'
	CREATE TABLE IF NOT EXISTS users (
	    id            BINARY(16)   NOT NULL COMMENT 'UUIDv7 (RFC 9562), made by the program',
	    email         VARCHAR(254) NOT NULL COMMENT 'lower case',
	    password      VARCHAR(255) NOT NULL COMMENT 'crypt(5) string',
	    refresh_token JSON         DEFAULT NULL COMMENT 'the open sessions, see lib/session.h; NULL: none',
	    created_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
	    updated_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
	    PRIMARY KEY (id),
	    UNIQUE KEY users_email (email)
	) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
	INSERT INTO users VALUES
	    (UNHEX('0190'), 'ada@example.org', '$2b$10$x', '{"a": {"hash": "0"}}',
	        '2026-01-31 23:59:59.123', '2026-02-01 00:00:00.456'),
	    (UNHEX('0191'), 'bob@example.org', '$2b$10$y', NULL,
	        '2026-01-31 23:59:59.123', '2026-02-01 00:00:00.456');
	END
}

people() {
	in_database 'SELECT HEX(id), email, password, refresh_token, created_at,
		updated_at FROM users ORDER BY id'
}

schema=$root/sql/schema.sql
migrations=("$root"/sql/migrations/[0-9][0-9][0-9]-*.sql)

it 'the version'
version=${migrations[-1]##*/}
version=$((10#${version%%-*}))
ok 'is the number of the last migration' [ "$version" -ge 1 ]
ok 'of which none is left out' equal "${#migrations[@]}" "$version"
ok 'is what the programs need' equal "$(sed -n \
	's/^\tSCHEMA_VERSION = \([0-9]*\)$/\1/p' "$root/lib/schema.h")" "$version"

it 'a new database'
begin
ok 'is made' load "$schema"
ok 'has the version' equal "$(in_database 'SELECT version FROM latchkey_schema')" \
	"$version"
ok 'is good' doctor "good, .*version $version$"
ok '0' equal "$left" 0
shapes "$name" >"$scratch/new"
ok 'is made once more' load "$schema"
ok 'and the same' equal "$(shapes "$name")" "$(<"$scratch/new")"
ok 'nor do the migrations change it' load "${migrations[@]}"
ok 'at all' like_new

it 'a load that was cut short'
begin
sed '/^CREATE TABLE IF NOT EXISTS codes/,$d' "$schema" >"$scratch/half.sql"
ok 'half of it' load "$scratch/half.sql"
ok 'is told' doctor 'BAD, .*codes, attempts; load sql/schema\.sql'
ok '1' equal "$left" 1
ok 'again' load "$schema"
ok 'and is whole' like_new

it 'the tables of the first day'
begin
first_tables
before=$(people)
ok 'are told' doctor 'BAD, .*codes, attempts; load sql/schema\.sql'
ok 'stay without a version by schema.sql' load "$schema"
ok 'whatever else that makes' equal \
	"$(in_database 'SELECT COUNT(*) FROM latchkey_schema')" 0
ok 'which is told with the file to load' doctor \
	"BAD, .*version 0, .*need $version; load sql/migrations/001-\*\.sql"
ok '1' equal "$left" 1
ok 'are brought forward' load "${migrations[@]}"
ok 'to what a new one is' like_new
ok 'with everybody in it' equal "$(people)" "$before"
ok 'whose address is not verified' equal \
	"$(in_database 'SELECT DISTINCT email_verified FROM users')" 0
ok 'are good' doctor good
ok 'a second time' load "${migrations[@]}"
ok 'nothing changes' like_new
ok 'nor anybody' equal "$(people)" "$before"

it 'the tables of the first day, and nothing else loaded'
begin
first_tables
ok 'are brought forward' load "${migrations[@]}"
ok 'to what a new one is' like_new
ok 'with everybody in it' equal "$(people)" "$before"

it 'tables from before there was a number'
begin
load "$schema"
in_database "DROP TABLE latchkey_schema; INSERT INTO users VALUES (UNHEX('0190'),
	'ada@example.org', 'x', NULL, NOW(), NOW(), TRUE)"
ok 'are told' doctor 'BAD, .*version 0, .*sql/migrations/001'
ok 'are brought forward' load "${migrations[@]}"
ok 'to what a new one is' like_new
ok 'and who was verified is' equal \
	"$(in_database 'SELECT email_verified FROM users')" 1

it 'tables newer than the programs'
in_database 'INSERT INTO latchkey_schema VALUES (999, NOW())'
ok 'are told' doctor 'WARN, .*999.*newer'
ok 'and are no fault' equal "$left" 0

it "another application's table of users"
begin
in_database 'CREATE TABLE users (id INT PRIMARY KEY, login VARCHAR(20))'
shapes "$name" >"$scratch/theirs"
ok 'is told' doctor 'BAD, .*another application.*DB_NAME'
load "$schema" "${migrations[@]}"
ok 'and left as it is' equal "$(client "$name" -e 'SHOW CREATE TABLE users')" \
	"$(<"$scratch/theirs")"
ok 'and told again' doctor 'BAD, .*another application'

finish
