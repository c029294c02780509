#!/bin/bash
# behind.sh SETUP PAGE: run a page of tests/http behind one of the servers that
# with-servers.sh has started.
set -eu

setup=$1
url=LATCHKEY_${setup^^}
url=${url//-/_}
export LATCHKEY_SETUP=${setup/#asan/lighttpd}
export LATCHKEY_URL=${!url}
export LATCHKEY_ENV=$LATCHKEY_RUN/$setup/run.env
export LATCHKEY_LOG=$LATCHKEY_RUN/$setup/log/web.log
exec "$2"
