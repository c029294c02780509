#!/bin/bash
# The samples of a site with https are good: each is started as it ships, with only
# its paths, its ports and its certificate filled in, beside the database and, for
# nginx, the programs of an instance.
. "$(dirname "$0")/../faults/instance.sh"
# shellcheck source=tests/servers/common.sh
. "$servers/common.sh"

sample=
trap 'sample_stop; instances_stop' EXIT

next_free_port() { # sets port
	port=$((port + 1))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
}

make_certificate() { # DIR
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=www.example.org \
		-addext subjectAltName=DNS:www.example.org \
		-keyout "$1/privkey.pem" -out "$1/fullchain.pem" 2>/dev/null
}

# fill_in SAMPLE: the paths of an installation are those of the instance.
fill_in() {
	local alias
	alias=$(<"$run/alias")
	sed -e "s|/usr/local/lib/latchkey/cgi-bin|$alias/build/cgi-bin|" \
		-e "s|/usr/local/share/latchkey/|$alias/src/|" \
		-e "s|/usr/local/etc/latchkey/latchkey.env|$alias/run/run.env|" \
		-e "s|/etc/letsencrypt/live/www.example.org/|$dir/|" \
		-e "s|/var/www/site|$alias/run/web/site|" \
		-e "s|/run/latchkey;|$alias/run/web;|" \
		-e "s|/run/lighttpd\"|$dir\"|" -e "s|/var/log/lighttpd/|$dir/|" \
		-e "s|listen 80;|listen 127.0.0.1:$http;|" \
		-e "s|listen 443 |listen 127.0.0.1:$https |" \
		-e "s|VirtualHost \*:80>|VirtualHost 127.0.0.1:$http>|" \
		-e "s|VirtualHost \*:443>|VirtualHost 127.0.0.1:$https>|" \
		-e "s|\":443\"|\"127.0.0.1:$https\"|" "$root/$1"
}

# What a distribution's own configuration says around each.

lighttpd_conf() {
	# An ordinary user cannot become another.
	fill_in lighttpd-conf/site.conf |
		sed -e '/^server\.\(username\|groupname\) /d' \
			-e "s/^server.port .*/server.port = $http\nserver.bind = \"127.0.0.1\"/"
}

apache_conf() {
	local module
	cat <<-END
	ServerRoot "$dir"
	ErrorLog "$dir/error.log"
	ServerName localhost
	PidFile httpd.pid
	DefaultRuntimeDir .
	Mutex pthread default
	Listen 127.0.0.1:$http
	Listen 127.0.0.1:$https
	TypesConfig /dev/null
	AddType text/html .html
	END
	for module in mpm_event authz_core alias dir mime fcgid headers setenvif ssl; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	echo 'FcgidIPCDir fcgid'
	echo 'FcgidProcessTableFile fcgid_shm'
	fill_in apache-conf/site.conf
}

nginx_conf() {
	ln -s "$root/nginx-conf" "$dir/latchkey"
	cat <<-END
	daemon off;
	pid nginx.pid;
	error_log $dir/error.log;
	events { }
	http {
		access_log off;
		client_body_temp_path body;
		fastcgi_temp_path fastcgi;
		proxy_temp_path proxy;
		scgi_temp_path scgi;
		uwsgi_temp_path uwsgi;
		types { text/html html; }
		$(fill_in nginx-conf/site.conf)
	}
	END
}

sample_start() { # NAME COMMAND...
	local tries=0
	dir=$scratch/$1
	mkdir "$dir"
	make_certificate "$dir"
	next_free_port
	http=$port
	next_free_port
	https=$port
	"$1_conf" >"$dir/conf"
	hand_over "$scratch"
	www_in_curl
	spawn "$dir/pid" "$dir/out" "${@:2}" "$dir/conf"
	sample=$dir/pid
	api=https://www.example.org:$https/api/v1/users
	until get me && [ "$(reply_status)" = 401 ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] || ! is_alive "$(<"$sample")"; then
			sed 's/^/# /' "$dir/out" "$dir/error.log"
			return
		fi
		sleep 0.1
	done
}

sample_stop() {
	[ -z "$sample" ] || stop "$sample"
	sample=
}

# curl finds the site here, and believes no other certificate.
www_in_curl() {
	export CURL_HOME=$scratch
	cat >"$scratch/.curlrc" <<-END
	resolve = "www.example.org:$http:127.0.0.1"
	resolve = "www.example.org:$https:127.0.0.1"
	cacert = "$dir/fullchain.pem"
	END
}

hsts() {
	header Strict-Transport-Security max-age=31536000
}

# What every sample has to do.
check_site() {
	local site=https://www.example.org:$https insecure=http://www.example.org:$http

	it "$1: a page people sign in on"
	ask GET "$site/auth/login.html"
	status 200
	hsts
	header X-Content-Type-Options nosniff
	ok 'no script from elsewhere' matches \
		"$(reply_header Content-Security-Policy)" "script-src 'self';"
	it "$1: what is not there"
	ask GET "$site/nothing"
	answer 404 'Not found'
	hsts

	it "$1: the programs"
	new_user
	status 201
	hsts
	log_in
	status 200
	hsts

	it "$1: a protected directory, without a token"
	ask GET "$site/members/"
	no_token 'Token not found'
	hsts
	ask GET "$site/members/" -H 'Accept: text/html'
	status 302
	header Location '/api/v1/users/resume?next=/members/'
	hsts
	it "$1: with one"
	ask GET "$site/members/" -H "Cookie: accessToken=$access"
	status 200
	ok 'the page' grep -q '</html>' "$scratch/body"
	header Cache-Control 'private, no-store'
	hsts

	it "$1: http"
	for path in / '/members/?a=b&c=%20' /auth/login.html; do
		ask GET "$insecure$path"
		status 301
		header Location "https://www.example.org$path"
		no_header Strict-Transport-Security
	done
	for name in login me sessions/x; do
		ask POST "$insecure/api/v1/users/$name" -d 'email=a&password=b' \
			-H "Cookie: accessToken=$access"
		answer 403 Forbidden
		header Content-Type 'application/json; charset=utf-8'
	done
}

root=$(cd "$(dirname "$0")/../.." && pwd)
become_server_user
instance_start SERVER=nginx
port=${LATCHKEY_URL##*:}
while read -r name command; do
	# shellcheck disable=SC2086 # words
	sample_start "$name" $command
	check_site "$name"
	sample_stop
done <<END
lighttpd lighttpd -D -f
apache apache2 -DFOREGROUND -f
nginx nginx -e stderr -p $scratch/nginx -c
END

finish
