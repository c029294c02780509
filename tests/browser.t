#!/bin/bash
# The pages, and the client module, in a real browser: browser.t [THEME...], of
# those in tests/browser/.  Without a grace and with REUSE_ENDS_SESSION a second
# refresh with one token signs out, so none can hide.
. "$(dirname "$0")/faults/instance.sh"

# Another origin, of a front end elsewhere.
port=$((32000 + RANDOM % 700))
while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
	port=$((port + 1))
done
export LATCHKEY_CLIENT=http://127.0.0.1:$port

settings=(SERVER="${SERVER:-lighttpd}" CLIENT_URL="$LATCHKEY_CLIENT"
	REUSE_ENDS_SESSION=1)
instance_start "${settings[@]}" REFRESH_GRACE=0
strict=$LATCHKEY_URL
export LATCHKEY_ENV=$run/run.env

# The same users, sessions and cookies, which know no ports.
instance_start "${settings[@]}" REFRESH_GRACE=10 DB_RUN_DIR="$run"
export LATCHKEY_LENIENT=$LATCHKEY_URL LATCHKEY_URL=$strict

CHROMIUM=$(command -v chromium)
export CHROMIUM
# Chromium writes into the home directory.  fetch is an experiment to Node.js 18,
# which says so.
XDG_CONFIG_HOME=$scratch XDG_CACHE_HOME=$scratch \
	node --no-warnings "$(dirname "$0")/browser/main.mjs" "$@"
