#!/bin/bash
# GET /
. "$(dirname "$0")/lib.sh"

it 'the greeting'
ask GET "$LATCHKEY_URL/"
status 200
body 'Hello World!'
header Content-Type 'text/html; charset=utf-8'
header Cache-Control no-store
header X-Content-Type-Options nosniff
header Access-Control-Allow-Origin "$origin"
no_header Set-Cookie
no_header WWW-Authenticate

it 'a query, cookies and tokens are nothing to it'
ask GET "$LATCHKEY_URL/?a=b" -H 'Cookie: accessToken=x; refreshToken=y' \
	-H 'Authorization: Bearer x'
status 200
body 'Hello World!'
no_header Set-Cookie

it 'HEAD'
ask HEAD "$LATCHKEY_URL/" --head
status 200
header Content-Type 'text/html; charset=utf-8'

it 'other methods'
for method in POST PUT PATCH DELETE; do
	ask "$method" "$LATCHKEY_URL/" -d ''
	answer 405 'Method not allowed'
	header Allow 'GET, HEAD, OPTIONS'
done

it 'no other path is greeted'
for path in index index.html hello api api/v1 api/v1/users api/v1/users/ \
	api/v1/users/index; do
	ask GET "$LATCHKEY_URL/$path"
	if behind_htaccess && [[ $path != api/v1/users/* ]]; then
		# Of a site, and directories of it, that are not ours.
		ok "$path is not" unequal "$(<"$scratch/body")" 'Hello World!'
		continue
	fi
	answer 404 'Not found'
	header Content-Type 'application/json; charset=utf-8'
done

finish
