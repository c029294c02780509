#!/bin/bash
# The Debian package in a fresh Debian: it installs and asks for nothing; the commands
# of README.Debian switch it on, with Apache and with lighttpd, and it answers; and
# purge leaves nothing.  As root, or by sudo; DEBIAN is where the fresh Debian is kept
# (.run/debian).  Not in "make test": "make test-deb".
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin
deb=$(ls build/latchkey_"$(make -s print-version)"_*.deb)
fresh=$(realpath -m "${DEBIAN:-.run/debian}")

# A mount table, a network and processes of its own, which end with it.
if [ "${1-}" != inside ]; then
	as_root=()
	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	mapfile -t needs < <(dpkg-deb -f "$deb" Depends | tr ',' '\n' |
		sed 's/^ *\([^ |]*\).*/\1/' | sort)
	"${as_root[@]}" tests/deb/base.sh "$fresh" apache2 curl libapache2-mod-fcgid \
		lighttpd mariadb-server "${needs[@]}" >&2
	place=$(mktemp -d)
	"${as_root[@]}" unshare --mount --net --pid --fork --kill-child "$0" \
		inside "$fresh" "$place"
	rmdir "$place"
	exit
fi
set +e
fresh=$2 place=$3
LATCHKEY_URL=http://127.0.0.1
# shellcheck source=tests/http/lib.sh
. tests/http/lib.sh

# --- The Debian ---
# What is written goes into memory.  All that is mounted goes with the mount table:
# nobody removes anything below $place, and nothing of this machine is in it.
mount -t tmpfs -o mode=755 tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/debian"
d=$place/debian
mount -t overlay overlay "$d" \
	-o "lowerdir=$fresh,upperdir=$place/upper,workdir=$place/work" ||
	exec echo "Bail out! $fresh cannot be mounted"
mount -t proc proc "$d/proc"
mount -t tmpfs -o mode=755 tmpfs "$d/dev"
device() { # NAME MINOR
	mknod -m 666 "$d/dev/$1" c 1 "$2"
}
device null 3
device zero 5
device random 8
device urandom 9
ln -s /proc/self/fd "$d/dev/fd"
mkdir -m 1777 "$d/dev/shm"
printf '#!/bin/sh\nexit 101\n' >"$d/usr/sbin/policy-rc.d"
chmod 755 "$d/usr/sbin/policy-rc.d"
ip link set lo up

there() { # COMMAND...: in it; what is said is in the body
	echo "$*" >"$scratch/request"
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive \
		chroot "$d" "$@" >"$scratch/body" 2>&1 </dev/null
}

await() { # COMMAND...
	local end=$((SECONDS + 30))

	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# The commands of README.Debian after a line with WORDS, to the next line of text; but
# those that tell systemd, for there is none here.
readme() { # WORDS
	awk -v words="$1" 'index($0, words) { on = 1; next }
		on && /^[^ ]/ { exit }
		on && /^    / { sub(/^ */, ""); print }' "$d/usr/share/doc/latchkey/README.Debian" |
		grep -v ^systemctl
}

run_readme() { # WORDS
	local command some=

	while IFS= read -r command; do
		ok "$command" there sh -c "$command"
		some=1
	done < <(readme "$1")
	ok "README.Debian has commands for $1" [ -n "$some" ]
}

files() {
	(cd "$d" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./run -o -path ./tmp \
		-o -path ./var/lib/mysql -o -path ./var/lib/dpkg \
		-o -path './var/log/*' -o -path './var/cache/*' \) -prune \
		-o -print | sort)
}

answers() {
	get me
	[ "$(reply_status)" = 401 ]
}

check_site() {
	ok 'answers' await answers
	get me
	no_token 'Token not found'
	ask GET "$LATCHKEY_URL/"
	ok 'the front page is still the site'"'"'s' unequal "$(<"$scratch/body")" 'Hello World!'
	ask GET "$LATCHKEY_URL/auth/login.html"
	status 200
	new_user
	status 201
	log_in
	status 200
	get me -H "Authorization: Bearer $access"
	json .user.email "$email"
}

it 'installing'
cp "$deb" "$d/tmp/latchkey.deb"
before=$(files)
ok 'succeeds' there dpkg -i /tmp/latchkey.deb
ok 'and says little' equal "$(grep -cvE '^(\(Reading|Selecting|Preparing|Unpacking|Setting up|Processing|[0-9])' \
	"$scratch/body")" 0
there stat -c '%a %U:%G' /etc/latchkey/latchkey.env
body '640 root:latchkey'
there id -Gn www-data
body 'www-data latchkey'
settings=$(<"$d/etc/latchkey/latchkey.env")
ok 'secrets were drawn' matches "$settings" $'\nACCESS_TOKEN_SECRET=[0-9a-f]{64}\n'
ok 'nothing is switched on' equal "$(files | grep -E '(conf|mods|sites)-enabled|wants' |
	grep latchkey)" ''

it 'the database'
there install -d -o mysql -g mysql /run/mysqld
there mariadbd --user=mysql --skip-networking &
ok 'is there' await [ -S "$d/run/mysqld/mysqld.sock" ]
ok 'and nothing in it' there sh -c '! /usr/lib/latchkey/cgi-bin/login'
ok 'which login says' grep -q '^database: BAD' "$scratch/body"
run_readme 'As root, where MariaDB is'
ok 'login finds all well, as www-data with its groups' there \
	su -s /bin/sh www-data -c /usr/lib/latchkey/cgi-bin/login

it 'Apache'
ok 'is not enabled without its modules' there sh -c '! a2enconf latchkey'
ok 'and says why' grep -q 'Module headers is not enabled' "$scratch/body"
run_readme 'Apache (package'
ok 'starts' there apachectl start
check_site
ok 'stops' there apachectl stop
ok 'is gone' await [ ! -e "$d/run/apache2/apache2.pid" ]

it 'lighttpd'
run_readme 'lighttpd:'
there install -d -o www-data -g www-data /run/lighttpd
ok 'starts' there lighttpd -f /etc/lighttpd/lighttpd.conf
check_site
ok 'stops' there pkill -F /run/lighttpd.pid

it 'installing again'
ok 'succeeds' there dpkg -i /tmp/latchkey.deb
ok 'the settings are the same' equal "$(<"$d/etc/latchkey/latchkey.env")" "$settings"

it 'removing'
ok 'succeeds' there dpkg -r latchkey
ok 'Apache starts without it' there apachectl configtest
ok 'and lighttpd' there lighttpd -tt -f /etc/lighttpd/lighttpd.conf
ok 'neither has it enabled' equal "$(files | grep -- '/conf-enabled/.*latchkey')" ''
ok 'the settings are there' [ -e "$d/etc/latchkey/latchkey.env" ]

it 'purging'
ok 'succeeds' there dpkg -P latchkey
there a2dismod -f -q headers
there lighty-disable-mod fastcgi setenv
diff <(echo "$before") <(files) >"$scratch/body"
ok 'no file is left, and none is missing' equal \
	"$(grep -E '^[<>]' "$scratch/body" | grep -vE '(/etc/(group|gshadow|passwd|shadow)-|/var/lib/(apache2|systemd)/.*)$')" ''
ok 'nor the group' there sh -c '! getent group latchkey'

finish
