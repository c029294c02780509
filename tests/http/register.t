#!/bin/bash
# POST /register
. "$(dirname "$0")/lib.sh"

uuid7='^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
iso='^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z$'

# sign_up EMAIL PASSWORD
sign_up() {
	post register "{\"email\":$(quote "$1"),\"password\":$(quote "$2")}"
}

it 'somebody new'
email=$(new_email)
before=$(date +%s%3N)
sign_up "$email" 'correct horse'
after=$(date +%s%3N)
answer 201 'User created successfully'
json 'keys_unsorted | join(",")' 'user,message'
json '.user | keys_unsorted | join(",")' '_id,email,createdAt,updatedAt'
json .user.email "$email"
json_matches .user._id "$uuid7"
json_matches .user.createdAt "$iso"
ok 'not updated yet' equal "$(reply_json .user.updatedAt)" \
	"$(reply_json .user.createdAt)"
header Content-Type 'application/json; charset=utf-8'
header Cache-Control no-store
header X-Content-Type-Options nosniff
no_header Set-Cookie
ok 'no password in the answer' equal \
	"$(grep -c -e 'correct horse' -e '[$]2b[$]' "$scratch/body")" 0
created=$(date -d "$(reply_json .user.createdAt)" +%s%3N)
ok 'created now' test "$before" -le "$created" -a "$created" -le "$after"
user_id=$(reply_json .user._id)
ok 'the ID tells the same time' equal \
	"$((16#$(cut -c 1-8,10-13 <<<"$user_id")))" "$created"

it 'the row'
ok 'holds a bcrypt hash of the usual cost, and no session' matches \
	"$(sql "SELECT password, refresh_token FROM users
		WHERE id = X'${user_id//-/}'")" \
	$'^[$]2b[$]10[$][./A-Za-z0-9]{53}\tNULL$'
ok 'holds the times of the answer' equal \
	"$(sql "SELECT created_at = updated_at, ROUND(
		UNIX_TIMESTAMP(CONVERT_TZ(created_at, '+00:00', 'SYSTEM')) * 1000)
		FROM users WHERE id = X'${user_id//-/}'")" "1	$created"

it 'an address that is taken'
sign_up "$email" 'another one'
answer 400 'User already exists'
sign_up "${email^^}" 'another one'
answer 400 'User already exists'
no_header Set-Cookie
ok 'the first one stays' equal \
	"$(sql "SELECT COUNT(*) FROM users WHERE email = '$email'")" 1

it 'two people'
sign_up "$(new_email)" 'correct horse'
other_id=$(reply_json .user._id)
ok 'have two IDs' unequal "$other_id" "$user_id"
ok 'have two hashes of one password' equal \
	"$(sql "SELECT COUNT(DISTINCT password) FROM users
		WHERE id IN (X'${user_id//-/}', X'${other_id//-/}')")" 2

it 'a form'
email=$(new_email)
form register "email=${email/@/%40}&password=correct+horse%21"
answer 201 'User created successfully'
password='correct horse!'
log_in
json .user.email "$email"

it 'an address in capitals'
email=$(new_email)
sign_up "${email^^}" 12345
status 201
json .user.email "$email"

it 'fields that are not known'
email=$(new_email)
post register "{\"_id\":\"x\",\"email\":\"$email\",\"password\":\"12345\",
	\"createdAt\":0,\"admin\":true,\"refresh_token\":{\"a\":1},
	\"Password\":\"other\"}"
status 201
json_matches .user._id "$uuid7"
password=12345
log_in

it 'a field missing'
for body in '' '{}' '{"email":"a@example.org"}' '{"password":"12345"}' \
	'{"email":"","password":"12345"}' \
	'{"email":"a@example.org","password":""}' \
	'{"email":null,"password":"12345"}' \
	'{"email":["a@example.org"],"password":"12345"}' \
	'{"email":{"a":"a@example.org"},"password":"12345"}' \
	'{"email":"a@example.org","password":12345}' \
	'{"email":"a@example.org","password":true}' \
	'{"Email":"a@example.org","password":"12345"}'; do
	post register "$body"
	answer 400 'Email and password required'
done
form register 'email=&password='
answer 400 'Email and password required'
form register 'email&password'
answer 400 'Email and password required'

it 'an address that is none'
label=$(printf '%063d' 0)
for bad in a a@ @example.org a@b@example.org 'a b@example.org' \
	' a@example.org' 'a@example.org ' 'a@exa mple.org' a@-example.org \
	a@example-.org a@example..org a@.example.org a@example.org. \
	'"a"@example.org' 'a@[127.0.0.1]' 'a,b@example.org' 'a(b)@example.org' \
	$'a@example.org\n' $'a\t@example.org' 'ä@example.org' 'a@exämple.org' \
	'a@example.orɡ' "a@${label}0.org"; do
	sign_up "$bad" 12345
	answer 400 'Invalid email'
done
ok 'none of them is stored' equal \
	"$(sql "SELECT COUNT(*) FROM users
		WHERE email LIKE 'a@%' OR email LIKE '%a@example.org%'")" 0

it 'an unusual address that is one'
unique=$$-$RANDOM$RANDOM
for good in ".!#\$%&'*+/=?^_\`{|}~-$unique@a" "a..b.$unique@1.2.3.4" \
	"a$unique@$label.$label"; do
	sign_up "$good" 12345
	status 201
	json .user.email "$good"
done

it 'the longest address, and one byte more'
# 254 bytes: the name and "@", and four labels with three dots.
printf -v name '%-60s' "long-$unique-"
name=${name// /a}
domain=$label.$label.$label.x
sign_up "$name@$domain" 12345
status 201
ok 'it has 254 bytes' equal "$(reply_json '.user.email | length')" 254
json .user.email "$name@$domain"
email=$name@$domain password=12345
log_in
ok 'its access token fits a cookie' test \
	"$(reply_header Set-Cookie | wc -L)" -lt 4096
alive "$access"
sign_up "x$name@$domain" 12345
answer 400 'Invalid email'

it 'a password too short, in characters'
sign_up "$(new_email)" 1234
answer 400 'Password must be at least 5 characters'
sign_up "$(new_email)" 'éééé'
answer 400 'Password must be at least 5 characters'
sign_up "$(new_email)" 12345
status 201
sign_up "$(new_email)" 'ééééé'
status 201

it 'a password too long, in bytes'
sign_up "$(new_email)" "$(printf '%073d' 0)"
answer 400 'Password must be at most 72 bytes'
sign_up "$(new_email)" "$(printf '%071d' 0)é"
answer 400 'Password must be at most 72 bytes'
sign_up "$(new_email)" "$(printf '%0600d' 0)"
answer 400 'Password must be at most 72 bytes'
new_user "$(printf '%070d' 0)é"
log_in

it 'a password is what was typed, blanks and all'
new_user $' a\tb  \xf0\x9f\x94\x91 '
log_in
post login "{\"email\":\"$email\",\"password\":\"a b\"}"
answer 401 'Incorrect password'

it 'a NUL in a field'
email=$(new_email)
post register "{\"email\":\"$email\",\"password\":\"12345\\u00006\"}"
answer 400 'Invalid JSON body'
post register "{\"email\":\"$email\\u0000\",\"password\":\"12345\"}"
answer 400 'Invalid JSON body'
form register "email=${email/@/%40}&password=12345%006"
answer 400 'Invalid form body'
ok 'nobody is signed up' equal \
	"$(sql "SELECT COUNT(*) FROM users WHERE email = '$email'")" 0

it 'an address or a password with SQL in it'
sign_up "$(new_email)" "' OR '1'='1' -- "
status 201
sign_up "'or'1'='1$unique@example.org" 12345
status 201
json .user.email "'or'1'='1$unique@example.org"

finish
