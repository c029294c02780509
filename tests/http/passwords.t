#!/bin/bash
# Password hashes that came from elsewhere, as when a site moves to this one.
#
# shellcheck disable=SC2016 # dollars in single quotes are those of hashes
. "$(dirname "$0")/lib.sh"

# has_hash HASH: put it into the row.  row_hash: what stands there.
has_hash() {
	sql "UPDATE users SET password = '$1' WHERE id = X'${user_id//-/}'"
}

row_hash() {
	sql "SELECT password FROM users WHERE id = X'${user_id//-/}'"
}

# try PASSWORD: log in.
try() {
	post login "{\"email\":\"$email\",\"password\":$(quote "$1")}"
}

# moves HASH [PASSWORD]: it logs in, and a wrong password does not.
moves() {
	local hash=$1 password=${2-correct horse}
	has_hash "$hash"
	try "x$password"
	answer 401 'Incorrect password'
	ok 'the row is as it was' equal "$(row_hash)" "$hash"
	try "$password"
	answer 200 'Logged in successfully'
}

# renewed: the row now holds a hash of our own making, and that is good too.
renewed() {
	ok 'now $2b$ and of cost 10' matches "$(row_hash)" \
		'^[$]2b[$]10[$][./A-Za-z0-9]{53}$'
	ok 'another hash' unequal "$(row_hash)" "$1"
	try "${2-correct horse}"
	answer 200 'Logged in successfully'
}

new_user

it 'from PHP, now'
hash=$(php -r 'echo password_hash("correct horse", PASSWORD_BCRYPT, ["cost" => 10]);')
ok 'it is $2y$' matches "$hash" '^[$]2y[$]10[$]'
moves "$hash"
renewed "$hash"
it 'to PHP'
row_hash >"$scratch/hash"
ok 'PHP verifies ours' php -r \
	'exit(password_verify("correct horse", trim(file_get_contents($argv[1]))) ? 0 : 1);' \
	"$scratch/hash"

it 'from PHP, once, of a low cost'
hash='$2y$07$dttJGQ6JOwiXlnf3AMYWt.1qG4CBNDzFL.NiXesfEhw6/E4KsMB5q'
moves "$hash" rasmuslerdorf
renewed "$hash" rasmuslerdorf

it 'from an old library, $2a$'
hash='$2a$04$usesomesillystringforee09B4lleSoGiWRcrVdeVYJwnnEsUpCy'
moves "$hash"
renewed "$hash"

it 'from Node, once'
hash='$2b$10$h4ZGzhGKnyqZrLkXV.IU1O9sxPv1OKqromEKWiJxvlayaVMdbIUlO'
moves "$hash"
ok 'it stays, for it is as ours are' equal "$(row_hash)" "$hash"

it 'from Node, once, of a low cost and not ASCII'
hash='$2b$04$dy1OTiDhQXivnqk6v2rb/.l5EIzQIIeCrkd58iLoxyfzrmYx9TKZi'
moves "$hash" pässword
renewed "$hash" pässword

it 'from Node, now'
modules=$(cd "$(dirname "$0")/.." && pwd)/node_modules
hash=$(NODE_PATH=$modules node -p \
	'require("bcryptjs").hashSync("correct horse", 4)')
moves "$hash"
renewed "$hash"
it 'to Node'
ok 'bcryptjs verifies ours' equal true "$(NODE_PATH=$modules node -p \
	'require("bcryptjs").compareSync("correct horse", process.argv[1])' \
	"$(row_hash)")"

it 'of a higher cost than ours'
hash=$(php -r 'echo password_hash("correct horse", PASSWORD_BCRYPT, ["cost" => 11]);')
moves "$hash"
renewed "$hash"

it 'the session of the log-in that renews is a whole one'
has_hash '$2y$07$dttJGQ6JOwiXlnf3AMYWt.1qG4CBNDzFL.NiXesfEhw6/E4KsMB5q'
password=rasmuslerdorf
log_in
alive "$access"
refresh_with "$refresh"
answer 200 'Access token refreshed'
password='correct horse'

it 'other endpoints take such a hash, too'
use_bearer "$access"
has_hash '$2y$07$dttJGQ6JOwiXlnf3AMYWt.1qG4CBNDzFL.NiXesfEhw6/E4KsMB5q'
post change-password '{"oldPassword":"wrong","newPassword":"correct horse"}' \
	"${bearer[@]}"
answer 401 'Incorrect password'
post change-password '{"oldPassword":"rasmuslerdorf","newPassword":"correct horse"}' \
	"${bearer[@]}"
answer 200 'Password changed successfully'
renewed ''

# never HASH [PASSWORD]: it logs nobody in, and stays.
never() {
	local hash=$1 password=${2-correct horse}
	about="never: '$hash'"
	has_hash "$hash"
	try "$password"
	answer 401 'Incorrect password'
	no_header Set-Cookie
	ok 'the row is as it was' equal "$(row_hash)" "$hash"
}

good='$2b$10$h4ZGzhGKnyqZrLkXV.IU1O9sxPv1OKqromEKWiJxvlayaVMdbIUlO'
never ''
never '*0'
never '*1'
never x
never "${good%?}"
never "${good}O"
never "$good "
never "${good:0:29}"
never '$2b$10$short'
never '$2$'
never "${good/2b/2x}"
never "${good/2b/2B}"
never "${good/2b/2}"
never "${good/10/03}"
never "${good/10/32}"
never "${good/10/99}"
never "${good/10/+4}"
never "${good/h4ZG/h4:G}"
never "${good}${good}"
# Hashes of other kinds.
never sa6zCY2NLg.wE
never '_J9..rasmBYk8r9AiWNc' rasmuslerdorf
never '$1$saltsalt$NuzA7WTAelpl95xgBGWN60'
never '$apr1$saltsalt$EGVZDNN6gOqijy.tv9axG/'
never '$5$saltsalt$myjXcpMpE2Ofk7fj9hqyNYSn6lmWG4Mqnjx.KIRRr4/'
never '$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0'
never 'd8578edf8458ce06fbc5bb76a58c5ca4' qwerty
never '{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=' admin

it 'such a row is of no use to its owner either'
has_hash '*0'
post change-password '{"oldPassword":"correct horse","newPassword":"another"}' \
	-H "Authorization: Bearer $access"
answer 401 'Incorrect password'
ask DELETE "$api/me" -d 'password=correct+horse' \
	-H "Authorization: Bearer $access"
answer 401 'Incorrect password'

it 'the whole one, to see that it was the password'
moves "$good"

finish
