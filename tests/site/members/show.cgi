#!/bin/sh
# Shows what a protected program gets to know.
printf 'Content-Type: text/plain\r\n\r\n'
echo 'PROTECTED-BYTES of a program'
echo 'show.cgi was run' >&2
env
echo "body $(md5sum)"
