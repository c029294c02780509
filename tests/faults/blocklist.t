#!/bin/bash
# Passwords that too many have, with the list that ships; and the list gone.
. "$(dirname "$0")/instance.sh"

list=$scratch/list
chmod 755 "$scratch"
cp "$(dirname "$0")/../../passwords/common.txt" "$list"
chmod 644 "$list"
instance_start SERVER=lighttpd PASSWORD_BLOCKLIST="$list"

# sign_up PASSWORD [EMAIL], change OLD NEW
sign_up() {
	post register "{\"email\":\"${2-$(new_email)}\",\"password\":$(quote "$1")}"
}

change() {
	post change-password \
		"{\"oldPassword\":$(quote "$1"),\"newPassword\":$(quote "$2")}" \
		"${bearer[@]}"
}

new_user 'correct horse'
log_in
use_bearer "$access"

it 'a common password'
for word in password PASSWORD Password1 12345678 qwertyuiop; do
	sign_up "$word"
	answer 400 'Password is too common'
	no_header Set-Cookie
	change 'correct horse' "$word"
	answer 400 'Password is too common'
done

it 'what else is wrong is told before'
sign_up 1234
answer 400 'Password must be at least 5 characters'
sign_up password nobody
answer 400 'Invalid email'

it 'one that is not on the list'
sign_up 'password and more'
answer 201 'User created successfully'
change 'correct horse' 'battery staple'
answer 200 'Password changed successfully'

it 'who has one already'
{
	cat "$list"
	echo 'battery staple'
} | LC_ALL=C sort -u >"$list.new"
chmod 644 "$list.new"
mv "$list.new" "$list"
sign_up 'battery staple'
answer 400 'Password is too common'
password='battery staple'
log_in
answer 200 'Logged in successfully'
use_bearer "$access"

it 'the list is gone'
mv "$list" "$list.away"
log_mark
sign_up 'another secret'
answer 500 'Something went wrong'
change "$password" 'another secret'
answer 500 'Something went wrong'
ok 'the log says why' equal "$(logged 'error: PASSWORD_BLOCKLIST: .*No such file')" 2
log_in
answer 200 'Logged in successfully'

it 'and back'
mv "$list.away" "$list"
change "$password" 'another secret'
answer 200 'Password changed successfully'

finish
