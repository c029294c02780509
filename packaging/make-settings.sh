#!/bin/sh
# make-settings.sh SAMPLE: print the settings of a new installation: the sample, with
# the secrets and the database's password drawn.  Nobody but the programs may read
# them:
#
#   umask 077; ./make-settings.sh latchkey.env.sample >latchkey.env
set -eu

secret() {
	od -An -vtx1 -N32 /dev/urandom | tr -d ' \n'
}

access=$(secret)
refresh=$(secret)
database=$(secret)
[ "${#access}${#refresh}${#database}" = 646464 ]
# By the standard input: arguments are there for everybody to see.
sed -f - "$1" <<END
s/^\(ACCESS_TOKEN_SECRET=\)$/\1$access/
s/^\(REFRESH_TOKEN_SECRET=\)$/\1$refresh/
s/^\(DB_PASSWORD=\)$/\1$database/
END
