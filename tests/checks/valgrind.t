#!/bin/bash
# valgrind finds nothing wrong with two programs behind lighttpd, and what they
# hold at their end does not grow with the requests they have served.
. "$(dirname "$0")/../faults/instance.sh"

root=$(cd "$(dirname "$0")/../.." && pwd)
programs=$(realpath "${O:-$root/build}")/cgi-bin
watched=(refresh-token me)
watch=
trap '[ -z "$watch" ] || kill "$watch"; instances_stop' EXIT

# Links to the programs, and valgrind around those that are watched.
watch_programs() { # DIR
	local name
	mkdir -p "$1/cgi-bin"
	ln -s "$programs"/* "$1/cgi-bin"
	for name in "${watched[@]}"; do
		rm "$1/cgi-bin/$name"
		cat >"$1/cgi-bin/$name" <<-END
		#!/bin/sh
		exec valgrind --leak-check=full --log-file='$1/$name' '$programs/$name'
		END
		chmod +x "$1/cgi-bin/$name"
	done
}

# lighttpd as it ships, but with one process of each program, which gets all
# requests, and with the settings and the database of the instance.
watch_conf() { # DIR PORT
	cp -r "$root/lighttpd-conf" "$1/conf"
	sed -i 's/"max-procs" => [0-9]*/"max-procs" => 1/' "$1/conf/programs.conf"
	cat >"$1/web.conf" <<-END
	server.document-root = "$1"
	server.bind = "127.0.0.1"
	server.port = $2
	server.errorlog = "$1/web.log"
	var.latchkey_libexec = "$1/cgi-bin"
	var.latchkey_env = "$run/run.env"
	var.latchkey_run = "$1"
	var.latchkey_log = "$1/web.log"
	var.latchkey_conf = "$1/conf"
	include var.latchkey_conf + "/latchkey.conf"
	END
}

watch_start() { # DIR
	local port=$((${LATCHKEY_URL##*:} + 1)) tries=0
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
	watch_programs "$1"
	watch_conf "$1" "$port"
	PATH=$PATH:/usr/sbin lighttpd -D -f "$1/web.conf" >"$1/lighttpd.out" 2>&1 &
	watch=$!
	api=http://127.0.0.1:$port/api/v1/users
	until get nothing && [ "$(reply_status)" = 404 ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || break
		sleep 0.1
	done
}

# lighttpd hands TERM on; the programs return from main, and valgrind reports.
watch_stop() { # DIR
	local name tries=0
	kill -TERM "$watch"
	wait "$watch"
	watch=
	for name in "${watched[@]}"; do
		until grep -qs 'ERROR SUMMARY' "$1/$name" || [ "$tries" -gt 200 ]; do
			tries=$((tries + 1))
			sleep 0.1
		done
	done
}

# serve ROUNDS: each rotates, asks who it is, and is refused twice, so that each
# program gets two requests a round.
serve() {
	local round spent
	for ((round = 0; round < $1; round++)); do
		spent=$refresh
		refresh_with "$refresh"
		replies+=" $(reply_status)"
		get me -H "Authorization: Bearer $access"
		replies+=" $(reply_status)"
		post refresh-token "{\"refreshToken\":\"$spent\"}"
		replies+=" $(reply_status)"
		get me -H 'Authorization: Bearer nonsense'
		replies+=" $(reply_status)"
	done
}

# watch_run ROUNDS: leaves valgrind's reports in $scratch/ROUNDS.
watch_run() {
	local dir=$scratch/$1 name replies=
	watch_start "$dir"
	serve "$1"
	it "$1 rounds"
	ok 'rotate, answer and refuse' equal "$replies" \
		"$(printf ' 200 200 401 401%.0s' $(seq "$1"))"
	watch_stop "$dir"
	rm -f "$scratch/request" "$scratch/head"
	for name in "${watched[@]}"; do
		it "$name, $1 rounds"
		cp "$dir/$name" "$scratch/body"
		ok 'no error' grep -q 'ERROR SUMMARY: 0 errors' "$dir/$name"
		ok 'nothing lost' lost_nothing "$dir/$name"
	done
}

lost_nothing() { # REPORT
	grep -qE 'in use at exit: ' "$1" &&
		! grep -qE '(definitely|indirectly) lost: [1-9]' "$1"
}

in_use() { # REPORT
	sed -n 's/.*in use at exit: //p' "$1"
}

instance_start SERVER=lighttpd
new_user
log_in
watch_run 5
watch_run 55

for name in "${watched[@]}"; do
	it "$name, 100 requests more"
	cp "$scratch/55/$name" "$scratch/body"
	ok 'as much in use at the end' equal \
		"$(in_use "$scratch/55/$name")" "$(in_use "$scratch/5/$name")"
done

finish
