#include "config_check.h"

#include <errno.h>
#include <string.h>

#include "beside.h"
#include "blocklist.h"
#include "config_refuse.h"
#include "db_host.h"
#include "digest.h"
#include "mail_address.h"
#include "mail_command.h"
#include "origin.h"
#include "return_path.h"

static enum rc
check_hosts(const struct config *c, char *why)
{
	const char *list = c->db_host;
	struct db_host host;

	for (size_t i = 0; i < db_host_count(list); i++)
		if (!db_host_find(list, i, 0, &host))
			return config_refuse(why,
			    "DB_HOST takes names or addresses with commas "
			    "between them, each perhaps with a port, like "
			    "db1.example.org,db2.example.org:3307");
	return RC_OK;
}

/* Else nobody could sign up, or choose another password. */
static enum rc
check_blocklist(const struct config *c, char *why)
{
	const char *file = c->password_blocklist;

	if (*file == '\0' || (*file == '/' && blocklist_is_readable(file)))
		return RC_OK;
	return config_refuse(why,
	    "PASSWORD_BLOCKLIST: %.200s cannot be read (%s): name a file, "
	    "from / on, that these programs can read, or leave the setting "
	    "out",
	    file, *file == '/' ? strerror(errno) : "no path from / on");
}

static bool
is_domain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '-';
}

static enum rc
check_cookies(const struct config *c, char *why)
{
	bool host = strcmp(c->cookie_prefix, "__Host-") == 0;
	bool secure = strcmp(c->cookie_prefix, "__Secure-") == 0;

	if (!host && !secure && *c->cookie_prefix != '\0')
		return config_refuse(why,
		    "COOKIE_PREFIX is neither __Host- nor __Secure-: set it "
		    "to one of them, or leave it out");
	if ((host || secure) && !c->cookie_secure)
		return config_refuse(why,
		    "COOKIE_PREFIX needs COOKIE_SECURE=1: browsers drop the "
		    "cookies otherwise");
	if (host && *c->cookie_domain != '\0')
		return config_refuse(why,
		    "COOKIE_PREFIX=__Host- allows no COOKIE_DOMAIN: leave one "
		    "of the two out");
	for (const char *s = c->cookie_domain; *s != '\0'; s++)
		if (!is_domain_char(*s))
			return config_refuse(why,
			    "COOKIE_DOMAIN is no domain name in lower case, "
			    "like example.org");
	return RC_OK;
}

/* A path, or an origin with one behind it; next comes behind that. */
static enum rc
check_login_url(const struct config *c, struct pool *pool, char *why)
{
	const char *url = c->login_url;
	const char *path = url, *host, *origin;

	if (*url != '/') {
		host = strstr(url, "://");
		path = host != NULL ? strchr(host + 3, '/') : NULL;
	}
	if (path != NULL) {
		origin = pool_copy(pool, url, (size_t)(path - url));
		if (origin == NULL)
			return RC_FAULT;
		if ((path == url || origin_is_valid(origin)) &&
		    return_path_is_safe(path) && strchr(path, '#') == NULL)
			return RC_OK;
	}
	return config_refuse(why,
	    "LOGIN_URL is neither a path on this site, like "
	    "/auth/login.html, nor a URL like https://www.example.org/login");
}

static enum rc
check_mail(struct config *c, struct pool *pool, char *why)
{
	struct mail_address from;

	if (!config_mail_is_on(c))
		return RC_OK;
	if (mail_address_read(c->mail_from, &from) != RC_OK)
		return config_refuse(why,
		    "MAIL_FROM is no address, like noreply@example.org or "
		    "'Example <noreply@example.org>'");
	if (!origin_is_valid(c->site_url))
		return config_refuse(why,
		    "SITE_URL is not like https://www.example.org (lower case, "
		    "no slash at the end), which MAIL_FROM needs: links in "
		    "mails begin with it");
	if (!mail_command_is_valid(c->mail_command))
		return config_refuse(why,
		    "MAIL_COMMAND is no program with its full path and "
		    "arguments, like /usr/sbin/sendmail -t -i");
	if (*c->mail_templates == '\0')
		c->mail_templates = beside_programs(pool, "mail");
	return c->mail_templates != NULL ? RC_OK : RC_FAULT;
}

enum rc
config_check(struct config *c, struct pool *pool, char why[CONFIG_WHY_SIZE])
{
	const struct config_secret *a = &c->access_token_secret;
	const struct config_secret *b = &c->refresh_token_secret;
	enum rc rc;

	if (digest_equal(a->bytes, a->len, b->bytes, b->len))
		return config_refuse(why,
		    "ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET are equal: "
		    "set one of them to another output of 'openssl rand "
		    "-hex 32'");
	rc = check_hosts(c, why);
	if (rc == RC_OK)
		rc = check_blocklist(c, why);
	if (rc == RC_OK)
		rc = check_cookies(c, why);
	if (rc == RC_OK)
		rc = check_login_url(c, pool, why);
	if (rc == RC_OK)
		rc = check_mail(c, pool, why);
	return rc;
}
