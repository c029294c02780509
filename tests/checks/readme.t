#!/bin/bash
# What README.md says is so: the walk through runs as it is printed, and so does
# what "make run" prints; the settings are the same in all places.
. "$(dirname "$0")/../faults/instance.sh"

# The walk is printed for port 8000; curl is told to go elsewhere with that.
walk_in_curl() {
	mkdir "$scratch/walk"
	export CURL_HOME=$scratch
	cat >"$scratch/.curlrc" <<-END
	silent
	connect-to = "127.0.0.1:8000:127.0.0.1:${LATCHKEY_URL##*:}"
	END
}

# is_whole TEXT: a command that does not go on in the next line.
is_whole() {
	[[ $1 != *\\ && $1 != *'|' ]] && bash -n <<<"$1" 2>/dev/null
}

# run_command COMMAND [TEXT]: in this shell, where the next one finds its
# variables; it succeeds, and its output contains the text.
run_command() {
	echo "$1" >"$scratch/request"
	cd "$scratch/walk" || exit 1
	eval "$1" >"$scratch/body" 2>&1
	run_status=$?
	cd "$OLDPWD" || exit 1
	it "$(head -n 1 <<<"$1")"
	ok 'succeeds' equal "$run_status" 0
	[ $# -lt 2 ] || ok "prints '$2'" includes "$(cat "$scratch/body")" "$2"
}

includes() {
	[ -n "$2" ] && [[ $1 == *"$2"* ]]
}

# run_page: commands and, below those that say it, what they print ("# TEXT").
run_page() {
	local line command='' whole=
	while IFS= read -r line; do
		if [ -n "$whole" ] && [[ $line == '# '* ]]; then
			run_command "$command" "${line#??}"
			command='' whole=
			continue
		fi
		if [ -n "$whole" ]; then
			run_command "$command"
			command='' whole=
		fi
		command+=${command:+$'\n'}$line
		! is_whole "$command" || whole=1
	done
	[ -z "$command" ] || run_command "$command"
}

# Every ```sh block of the section.
printed_walk() {
	awk '/^## / { inside = $0 == "## A walk through, with curl" }
		/^```/ { block = inside && $0 == "```sh"; next }
		block' "$readme"
}

# What stands below "ready", with what each is to print.
printed_greeting() {
	local line texts=('User created successfully' 'Logged in successfully'
		'"email":"nawaz@gmail.com"' 'Access token refreshed'
		'Logged out successfully')
	sed -n 's/^ *\(curl .*\)/\1/p' "$run.out" | while IFS= read -r line; do
		echo "$line"
		echo "# ${texts[0]-no such command}"
		texts=("${texts[@]:1}")
	done
}

# Settings: "NAME=default" a line, sorted.

of_config() {
	tr -s '\n\t ' ' ' <"$root/lib/config.c" |
		grep -oE '\{ "[A-Z_]+", [A-Z]+, AT\([a-z_]+\), "[^"]*"' |
		sed 's/{ "\([A-Z_]*\)".*, "\(.*\)"$/\1=\2/' | sort
}

# The sample is for a real site, so it names the list that ships.
of_sample() {
	sed -n "s/^#\?\([A-Z][A-Z_]*=\)'\?\([^']*\)'\?$/\1\2/p" \
		"$root/latchkey.env.sample" |
		sed "s/^\(PASSWORD_BLOCKLIST=\).*$shipped_list$/\1/" | sort
}

# Several names share a line of the table, and then a default or a list of them.
of_readme() {
	awk -F ' *[|] *' '
		/^## / { inside = $0 == "## Settings" }
		inside && /^\| `/ {
			gsub(/`/, "")
			count = split($2, names, / *, */)
			given = split($3, defaults, / *, */)
			for (i = 1; i <= count; i++) {
				value = defaults[given == 1 ? 1 : i]
				sub(/^none(: required)?$/, "", value)
				print names[i] "=" value
			}
		}' "$readme" | sort
}

# The names that run.sh hands on, and no defaults.
of_run() {
	tr -s '\n\t ' ' ' <"$servers/run.sh" |
		sed 's/.* SETTINGS="\([^"]*\)".*/\1/' | tr ' ' '\n' | sort
}

same_lines() {
	diff <(echo "$1") <(echo "$2") >"$scratch/body"
}

root=$(cd "$(dirname "$0")/../.." && pwd)
readme=$root/README.md
shipped_list=latchkey.passwords.common.txt

instance_start SERVER=lighttpd
walk_in_curl
it 'the walk through'
ok 'has commands' matches "$(printed_walk)" '^curl '
run_page < <(printed_walk)

it 'what is printed when the server is ready'
ok 'has five commands' equal "$(printed_greeting | grep -c '^curl')" 5
rm -r "$scratch/walk"
mkdir "$scratch/walk"
run_page < <(printed_greeting)

it 'the settings'
rm "$scratch/request"
ok 'the program has some' matches "$(of_config)" 'REFRESH_GRACE=10'
ok 'every row of the table in lib/config.c was found' equal \
	"$(of_config | wc -l)" "$(grep -c ', AT(' "$root/lib/config.c")"
ok 'README.md has the same, with the same defaults' \
	same_lines "$(of_config)" "$(of_readme)"
ok 'latchkey.env.sample has the same, with the same defaults' \
	same_lines "$(of_config)" "$(of_sample)"
ok 'the server of "make run" hands on the same' \
	same_lines "$(of_config | cut -d= -f1)" "$(of_run)"

finish
