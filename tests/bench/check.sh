# shellcheck shell=bash
# Nobody is measured who does not do the work: each target's answers, before.
# Sourced by bench.sh.

PASSWORD='correct horse battery'	# of every user: see users.c

wrong() {
	say "$check_name answers $check_what with status $status:"
	head -c 1000 "$DIR/reply" >&2
	die "it is not measured like that (log: $DIR/log/$check_name.log)"
}

# ask WHAT PATH [CURL OPTION...]: sets status, and the body is in $DIR/reply.
ask() {
	check_what=$1
	status=$(curl --silent --max-time 20 --output "$DIR/reply" \
		--write-out '%{http_code}' "${@:3}" "${TARGET_URL[$check_name]}$2") || :
}

is() { # STATUS [TEXT that the body holds]
	[ "$status" = "$1" ] || wrong
	grep -qF -- "${2-}" "$DIR/reply" || wrong
}

# The next users whose chains nobody has used: lines of the file of users.  Who logs in
# is of its other half, for with one session a user (the tutorial) that ends a chain.
declare -A spent
users_take() { # NAME COUNT; writes them to $DIR/taken
	local family=${1%%-*} from
	case $family in latchkey | floor) ;; *) family=peers ;; esac
	from=$((${spent[$family]:-0} + 1))
	spent[$family]=$((from - 1 + $2))
	[ "${spent[$family]}" -le $((USERS / 2)) ] ||
		die "the users are used up: take more (USERS=) or fewer ROUNDS"
	sed -n "$from,${spent[$family]}p" "$DIR/users" >"$DIR/taken"
}

signed_in() { # WHAT PATH: with a good token, and with one that is not
	ask "$1" "$2" -H "Cookie: id=$id; accessToken=$access"
}

no_token() { # WHAT PATH
	case $check_name in
	floor*) ask "$1 without a token" "$2" ;;
	*) ask "$1 with a bad token" "$2" \
		-H "Cookie: id=$id; accessToken=${access%?????}AAAAA" ;;
	esac
	is 401
}

check_index() {
	ask 'GET /' /
	is 200 'Hello World!'
}

check_me() {
	signed_in me /api/v1/users/me
	is 200 "\"email\":\"$email\""
	no_token me /api/v1/users/me
}

check_guard() {
	signed_in 'the guarded page' /members/page.html
	is 200
	cmp -s "$DIR/reply" "$STATIC_DIR/page.html" || wrong
	no_token 'the guarded page' /members/page.html
}

rotate() { # WHAT TOKEN; sets new
	ask "$1" /api/v1/users/refresh-token --data '' -H 'Content-Type:' \
		-H "Cookie: id=$id; refreshToken=$2"
	new=$(sed -n 's/.*"refreshToken":"\([^"]*\)".*/\1/p' "$DIR/reply")
}

is_another() { # TOKEN OLD
	case $1 in '' | "$2") wrong ;; esac
}

# Each token rotates once; after that it gets nothing, or (REFRESH_GRACE) only the
# one that is current already.
check_refresh() {
	local first second
	rotate 'a refresh' "$refresh"
	is 200 '"accessToken":"'
	is_another "$new" "$refresh"
	first=$new
	rotate 'a second refresh' "$first"
	is 200
	is_another "$new" "$first"
	case $check_name in floor*) return 0 ;; esac
	second=$new
	rotate 'a spent refresh token' "$first"
	[ "$status" = 401 ] || [ "$new" = "$second" ] || wrong
}

send_password() { # WHAT PATH EMAIL PASSWORD
	ask "$1" "/api/v1/users/$2" -H 'Content-Type: application/json' \
		--data "{\"email\":\"$3\",\"password\":\"$4\"}"
}

check_login() {
	send_password 'a log-in' login "$email" "$PASSWORD"
	is 200 "\"email\":\"$email\""
	case $check_name in floor*) ;; *) is 200 '"refreshToken":"' ;; esac
	send_password 'a wrong password' login "$email" "${PASSWORD}x"
	is 401
}

check_register() {
	local new=check-$RUN_NAME-$RANDOM$RANDOM@bench.example
	send_password 'signing up' register "$new" "$PASSWORD"
	is 201
	case $check_name in floor*) return 0 ;; esac
	send_password 'a log-in after it' login "$new" "$PASSWORD"
	is 200
}

check() { # NAME SCENARIO
	local check_name=$1 id email access refresh new status check_what

	users_take "$1" 1
	IFS=$'\t' read -r id email access refresh <"$DIR/taken"
	"check_${2%-token}"
}
