# shellcheck shell=bash
# A web space with what "make dist" made, as its tenant installs it who has no root,
# no compiler and only .htaccess files: by the commands of README.install, from the
# tarball alone.  Sourced by run.sh.
#
# SERVER=apache-htaccess is mod_fcgid, and a directory of the site; with
# SERVER=apache-htaccess-cgi it is the whole site, plain CGI, and names that end
# in .cgi.

tenant_base() {
	[ "$SERVER" != apache-htaccess ] || echo /shop
}

# RUN_DIR/web/home is the tenant's home, and home/www in it the web root.
tenant_install() {
	local home=$RUN_DIR/web/home tarball script

	tarball=$(find "$O/dist" -maxdepth 1 -name 'latchkey-*.tar.gz' 2>/dev/null)
	[ -f "$tarball" ] || die "SERVER=$SERVER serves what \"make dist\" makes: do that first"
	mkdir -p "$home"
	cp "$tarball" "$home"
	chown -R --reference="$RUN_DIR/web" "$home"
	script=$(tar -xzOf "$tarball" --wildcards '*/README.install' |
		tenant_commands "$(tenant_base)")
	"${AS_SERVER[@]}" env -i HOME="$WEB/home" PATH=/usr/bin:/bin \
		bash -euc "umask 022; $(tenant_tools); $script" </dev/null >"$RUN_DIR/log/install.log" 2>&1 9>&- ||
		give_up "$RUN_DIR/log/install.log" "the commands of README.install fail"
}

# tenant_commands BASE: the commands that are printed, one after the other.  Where
# what is said between them is left to the tenant, "edit-settings" stands for it; the
# file names get their ending only where that is what is tried.
tenant_commands() {
	awk -v base="$1" -v ending="${SERVER##*-}" '
		/^    / {
			line = substr($0, 5)
			block = block (line == "base=" ? line base : line) "\n"
			next
		}
		block !~ /^for program/ || ending == "cgi" { printf "%s", block }
		block ~ /latchkey.env.sample/ { print "edit-settings" }
		{ block = "" }'
}

# The database is made and the account's password known already; the settings are
# those of the run, but that mails are those of the tarball.
tenant_tools() {
	cat <<-END
	mariadb() {
		command mariadb --no-defaults --protocol=socket --user=root \
			--socket="$(db_socket)" "$(setting_get "$RUN_DIR/run.env" DB_NAME)"
	}
	edit-settings() {
		grep -v ^MAIL_TEMPLATES= "$ALIAS/run/run.env" >>latchkey/latchkey.env
		grep -q ^PASSWORD_BLOCKLIST= "$ALIAS/run/run.env" ||
			echo PASSWORD_BLOCKLIST= >>latchkey/latchkey.env
	}
	END
}

# What SITE's pages call the web root, and the way from it.
tenant_paths() { # SITE
	local base
	base=$(tenant_base)
	find "$1" -name .htaccess -exec sed -i -e "s|/home/u/www|$WEB/home/www$base|" \
		-e "s, /\(api\|members\|staff\)/, $base/\1/," {} +
}
