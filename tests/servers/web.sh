# shellcheck shell=bash
# The web servers of run.sh, one of which SERVER names: what they serve, their
# configuration, their start and their end.  Sourced by it.

# --- What they serve ---
# RUN_DIR/web/site is the document root: htdocs/ and, over it, what is in SITE;
# links, so that an edited page is seen at once.  A tenant has files of its own.  Of
# SITE, NAME.conf is no page but more configuration for SERVER=NAME.
site_compose() {
	local site=$RUN_DIR/web/site links=s

	mkdir "$RUN_DIR/web/conf"
	case $SERVER in
	apache-htaccess*)
		links=
		site=$RUN_DIR/web/home/www$(tenant_base)
		tenant_install ;;
	*)
		mkdir "$site"
		cp -rs "$ROOT/htdocs/." "$site" ;;
	esac
	[ -z "$SITE" ] || cp "-rf$links" "$SITE/." "$site"
	find "$site" -maxdepth 1 -name '*.conf' -exec mv -t "$RUN_DIR/web/conf" {} +
	[ -n "$links" ] || tenant_paths "$site"
}

# --- lighttpd ---
# The directory of its configuration; with PROCESSES a copy, with so many of each program.
lighttpd_conf() {
	local copy=$RUN_DIR/web/conf/lighttpd-conf

	if [ -z "$PROCESSES" ]; then
		echo "$ALIAS/src/lighttpd-conf"
		return
	fi
	cp -r "$ROOT/lighttpd-conf" "$copy"
	sed -i "s/\"\(m[axin]*-procs\)\"\( *\) => [0-9]*/\"\1\"\2 => $PROCESSES/g" \
		"$copy/programs.conf"
	echo "$WEB/conf/lighttpd-conf"
}

web_conf_lighttpd() {
	cat <<-END
	server.document-root = "$WEB/site"
	server.bind = "127.0.0.1"
	server.port = $PORT
	server.errorlog = "$ALIAS/run/log/web.log"
	index-file.names = ( "index.html" )
	mimetype.assign = ( ".html" => "text/html; charset=utf-8",
		".css" => "text/css", ".js" => "text/javascript",
		".json" => "application/json", ".svg" => "image/svg+xml",
		".txt" => "text/plain" )
	var.latchkey_libexec = "$ALIAS/build/cgi-bin"
	var.latchkey_env = "$ALIAS/run/run.env"
	var.latchkey_run = "$WEB"
	var.latchkey_log = "$ALIAS/run/log/web.log"
	var.latchkey_conf = "$(lighttpd_conf)"
	include var.latchkey_conf + "/latchkey.conf"
	fastcgi.server += ( "/members/" => (( "socket" => var.latchkey_sock +
		"guard-members" ) + var.latchkey_guard ))
	\$HTTP["url"] =~ "^/members/" {
		setenv.set-response-header += var.latchkey_page + var.latchkey_guarded
	}
	END
	web_fragment include
}

web_fragment() { # DIRECTIVE
	[ ! -e "$RUN_DIR/web/conf/$SERVER.conf" ] ||
		echo "$1 \"$WEB/conf/$SERVER.conf\""
}

# --- Apache ---
web_conf_apache() { # MODULE... beside those that each needs
	local module site=site
	case $SERVER in apache-htaccess*) site=home/www ;; esac
	cat <<-END
	ServerRoot "$WEB"
	ErrorLog "$ALIAS/run/log/web.log"
	ServerName localhost
	PidFile httpd.pid
	DefaultRuntimeDir .
	# Not files: between threads, locks on them report deadlocks that are none,
	# and mod_fcgid then ends with all its connections.
	Mutex pthread default
	Listen 127.0.0.1:$PORT
	# Only root's Apache could, and any other would not start.
	Suexec Off
	END
	for module in mpm_event authz_core alias dir headers mime "$@"; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done
	cat <<-END
	# Few processes and no more workers than the database has connections for.
	ServerLimit 2
	StartServers 1
	ThreadsPerChild 64
	MaxRequestWorkers 128
	<IfModule fcgid_module>
		FcgidIPCDir fcgid
		FcgidProcessTableFile fcgid_shm
	</IfModule>
	<IfModule cgid_module>
		ScriptSock cgid
	</IfModule>
	TypesConfig /dev/null
	AddType "text/html; charset=utf-8" .html
	AddType text/css .css
	AddType text/javascript .js
	AddType application/json .json
	AddType image/svg+xml .svg
	AddType text/plain .txt
	Define LATCHKEY_LIBEXEC "$ALIAS/build/cgi-bin"
	Define LATCHKEY_ENV "$ALIAS/run/run.env"
	Define LATCHKEY_RUN "$WEB"
	Define LATCHKEY_CONF "$ALIAS/src/apache-conf"
	Define SITE "$WEB/$site"
	DocumentRoot "$WEB/$site"
	<Directory />
		AllowOverride None
	</Directory>
	<VirtualHost *:$PORT>
	END
	"web_vhost_${SERVER//-/_}"
	web_fragment Include
	echo '</VirtualHost>'
}

web_vhost_apache() {
	cat <<-'END'
	Include "${LATCHKEY_CONF}/latchkey.conf"
	END
	web_guarded_apache
}

web_guarded_apache() {
	cat <<-'END'
	<Directory "${SITE}/members">
		FcgidAccessChecker "${LATCHKEY_LIBEXEC}/guard"
		ErrorDocument 401 /api/v1/users/denied
		Header unset Cache-Control
		Header always set Cache-Control "private, no-store"
		Header always set Content-Security-Policy "${LATCHKEY_CSP}"
		Header always set Referrer-Policy same-origin
		Header always set X-Content-Type-Options nosniff
		CGIPassAuth On
	</Directory>
	END
	web_program_env 'FcgidInitialEnv %s "%s"\n'
}

# mod_fcgid is there for the guard alone.
web_vhost_apache_proxy() {
	cat <<-'END'
	Include "${LATCHKEY_CONF}/latchkey-proxy.conf"
	END
	web_guarded_apache
}

# Plain CGI has no guards, so nobody gets in.
web_vhost_apache_cgi() {
	cat <<-'END'
	Include "${LATCHKEY_CONF}/latchkey-cgi.conf"
	<Directory "${SITE}/members">
		Require all denied
	</Directory>
	END
	web_program_env 'PassEnv %s%.0s\n'
}

# What a web space's tenant is granted, and not a line more.
web_vhost_apache_htaccess() {
	web_tenant
	web_program_env 'FcgidInitialEnv %s "%s"\n'
}

web_vhost_apache_htaccess_cgi() {
	web_tenant
	web_program_env 'PassEnv %s%.0s\n'
}

web_tenant() {
	cat <<-'END'
	<Directory "${SITE}">
		AllowOverride FileInfo AuthConfig Options=ExecCGI Indexes Limit
	</Directory>
	<FilesMatch "^\.ht">
		Require all denied
	</FilesMatch>
	TraceEnable Off
	END
}

# lighttpd's programs inherit its environment; Apache's have to be told.
web_program_env() { # FORMAT
	local name
	for name in $PROGRAM_ENV; do
		# shellcheck disable=SC2059 # the format is the caller's
		[ -z "${!name+set}" ] || printf "$1" "$name" "${!name}"
	done
}

# --- nginx, and Apache as a proxy ---
# They start no programs; see nginx-conf/latchkey.conf.
WEB_FORKS="register:2 login:2 logout:2 refresh-token:8 me:4 sessions:2
	change-password:2 change-email:1 forgot-password:1 reset-password:1
	verify-email:1 resend-verification:1 guard:4 denied:2 resume:4
	doctor:1 index:1"

web_conf_nginx() {
	cat <<-END
	daemon off;
	pid nginx.pid;
	worker_processes 1;
	error_log $ALIAS/run/log/web.log;
	events { worker_connections 512; }
	http {
		access_log off;
		client_body_temp_path body;
		fastcgi_temp_path fastcgi;
		proxy_temp_path proxy;
		scgi_temp_path scgi;
		uwsgi_temp_path uwsgi;
		types {
			text/html html;
			text/css css;
			text/javascript js;
			application/json json;
			image/svg+xml svg;
			text/plain txt;
		}
		server {
			listen 127.0.0.1:$PORT;
			root $WEB/site;
			set \$latchkey_run $WEB;
			include latchkey/latchkey.conf;
			$(web_guarded_nginx)
		}
	}
	END
}

# A location is written once: one of SITE's is this one, and more.
web_guarded_nginx() {
	if [ -e "$RUN_DIR/web/conf/nginx.conf" ]; then
		echo "include \"$WEB/conf/nginx.conf\";"
	else
		echo 'location ^~ /members/ {
			include latchkey/guard.conf;
			include latchkey/page.conf;
		}'
	fi
}

web_programs_start() {
	local program

	for program in $WEB_FORKS; do
		web_socket_start "${program%:*}" "${program#*:}" \
			"$ALIAS/build/cgi-bin/${program%:*}"
	done
	[ ! -e "$RUN_DIR/web/conf/nginx.conf" ] ||
		web_socket_start php 1 "$(command -v php-cgi)"
}

web_socket_start() { # NAME PROCESSES COMMAND...
	spawn "$RUN_DIR/program-$1.pid" "$RUN_DIR/log/web.log" \
		env LATCHKEY_ENV="$ALIAS/run/run.env" LATCHKEY_PROCESSES="$2" \
		spawn-fcgi -n -s "$WEB/$1" -- "${@:3}"
}

# --- Start and end ---
web_start() {
	local command
	WEB=$ALIAS/run/web

	case $SERVER in
	lighttpd) command=(lighttpd -D -f) ;;
	apache | apache-*) command=(apache2 -DFOREGROUND -f) ;;
	nginx) command=(nginx -e "$ALIAS/run/log/web.log" -p "$WEB" -c) ;;
	*) die "SERVER=$SERVER: it is lighttpd, nginx, apache or apache-cgi, -htaccess," \
		"-htaccess-cgi, -proxy" ;;
	esac
	rm -rf "$RUN_DIR/web"
	: >>"$RUN_DIR/log/web.log"
	hand_over "$RUN_DIR"
	"${AS_SERVER[@]}" mkdir "$WEB"
	site_compose
	case $SERVER in
	lighttpd) web_conf_lighttpd ;;
	apache | apache-htaccess) web_conf_apache env fcgid setenvif cgid rewrite ;;
	apache-proxy) web_conf_apache env fcgid setenvif cgid rewrite proxy proxy_fcgi ;;
	apache-cgi) web_conf_apache env cgid ;;
	apache-htaccess-cgi) web_conf_apache env cgid setenvif rewrite ;;
	nginx) web_conf_nginx ;;
	esac >"$RUN_DIR/web/web.conf"
	hand_over "$RUN_DIR/web"
	ln -s "$ALIAS/src/nginx-conf" "$RUN_DIR/web/latchkey"
	case $SERVER in apache-proxy | nginx) web_programs_start ;; esac
	spawn "$RUN_DIR/web.pid" "$RUN_DIR/log/web.log" "${command[@]}" "$WEB/web.conf"
	# First any answer, then the right one: a bad setting is soon told.
	# shellcheck disable=SC2015 # either failing is the failure
	wait_for 30 "$RUN_DIR/web.pid" get / &&
		wait_for 5 "$RUN_DIR/web.pid" get / --fail ||
		give_up "$RUN_DIR/log/web.log" "$SERVER does not serve $URL/"
	web_warm_up
}

get() { # PATH [OPTION...]
	curl --silent --noproxy '*' --max-time 5 --output /dev/null "${@:2}" "$URL$1"
}

# mod_fcgid lets the first request to a program wait a second: that is ours.
web_warm_up() {
	local program pids=()
	case $SERVER in apache | apache-htaccess | apache-proxy) ;; *) return 0 ;; esac
	for program in "$O"/cgi-bin/*; do
		[ ! -x "$program" ] || get "/api/v1/users/${program##*/}" 9>&- &
		pids+=($!)
	done
	get /members/ 9>&- &
	wait "${pids[@]}" $! || :
}

web_stop() {
	local pidfile
	stop "$RUN_DIR/web.pid"
	for pidfile in "$RUN_DIR"/program-*.pid; do
		[ ! -s "$pidfile" ] || kill -TERM "$(cat "$pidfile")" 2>/dev/null || :
	done
	for pidfile in "$RUN_DIR"/program-*.pid; do
		stop "$pidfile"
	done
}
