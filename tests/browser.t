#!/bin/bash
# The pages, and the client module, in a real browser: browser.t [THEME...], of
# those in tests/browser/.  Without a grace and with REUSE_ENDS_SESSION a second
# refresh with one token signs out, so none can hide.
. "$(dirname "$0")/faults/instance.sh"

# free_port FIRST: one of the 300 from there on, for what is named in a setting
# before it is served.
free_port() {
	local port=$(($1 + RANDOM % 200))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
	echo "$port"
}

# What takes the mails: a file each, and at once, so that who sees it sees all.
take_mails() {
	export LATCHKEY_MAILS=$scratch/mails
	mkdir -m 1777 "$LATCHKEY_MAILS"
	cat >"$scratch/sendmail" <<-END
	#!/bin/sh
	new=\$(mktemp "$LATCHKEY_MAILS/new.XXXXXX") && cat >"\$new" &&
		mv "\$new" "$LATCHKEY_MAILS/\$(date +%s%N).eml"
	END
	chmod 755 "$scratch" "$scratch/sendmail"
}

# Another origin, of a front end elsewhere.
LATCHKEY_CLIENT=http://127.0.0.1:$(free_port 32000)
export LATCHKEY_CLIENT

settings=(SERVER="${SERVER:-lighttpd}" CLIENT_URL="$LATCHKEY_CLIENT"
	REUSE_ENDS_SESSION=1)
instance_start "${settings[@]}" REFRESH_GRACE=0
strict=$LATCHKEY_URL
export LATCHKEY_ENV=$run/run.env

# The same users, sessions and cookies, which know no ports: as most sites are
# set, with a grace and with mail ...
take_mails
port=$(free_port 32300)
export LATCHKEY_USUAL=http://127.0.0.1:$port
settings+=(REFRESH_GRACE=10 DB_RUN_DIR="$run" SITE_URL="$LATCHKEY_USUAL"
	MAIL_FROM='Latchkey <noreply@example.org>'
	MAIL_COMMAND="$scratch/sendmail")
instance_start "${settings[@]}" PORT="$port"

# ... and one that is wary of whom it lets in, and of whom it writes to.
instance_start "${settings[@]}" REQUIRE_VERIFIED_EMAIL=1 THROTTLE=1 \
	THROTTLE_MAIL=1/3600
export LATCHKEY_WARY=$LATCHKEY_URL LATCHKEY_URL=$strict

CHROMIUM=$(command -v chromium)
export CHROMIUM
# Chromium writes into the home directory.  fetch is an experiment to Node.js 18,
# which says so.
XDG_CONFIG_HOME=$scratch XDG_CACHE_HOME=$scratch \
	node --no-warnings "$(dirname "$0")/browser/main.mjs" "$@"
