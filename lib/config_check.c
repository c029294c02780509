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
	    "from / on or from the directory of the settings file on, that "
	    "these programs can read, or leave the setting out",
	    file, *file == '/' ? strerror(errno) : "no path from / on");
}

static bool
is_domain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '-';
}

/* What tells our cookies from those of another one of us on this host. */
static bool
is_cookie_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		   strlen(name) &&
	       *name != '-';
}

static enum rc
check_cookies(const struct config *c, char *why)
{
	bool host = config_cookies_are_host_wide(c);
	bool secure = strncmp(c->cookie_prefix, "__Secure-", 9) == 0;

	if (!is_cookie_name(c->cookie_prefix + (host ? 7 : secure ? 9 : 0)))
		return config_refuse(why,
		    "COOKIE_PREFIX is neither __Host- nor __Secure-, nor a "
		    "name like shop- in small letters, nor one such behind "
		    "the other: set it to one of these, or leave it out");
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

/* Where the path of a URL begins, at its end if it has none. */
static const char *
path_of(const char *url)
{
	const char *host = strstr(url, "://");

	host = host != NULL ? host + 3 : url;
	return host + strcspn(host, "/");
}

/* Whether what stands before ${path} is an origin; RC_FAULT: memory. */
static enum rc
check_origin(const char *url, const char *path, struct pool *pool)
{
	const char *origin = pool_copy(pool, url, (size_t)(path - url));

	if (origin == NULL)
		return RC_FAULT;
	return origin_is_valid(origin) ? RC_OK : RC_INVALID;
}

/* A path, or an origin with one behind it; next comes behind that. */
static enum rc
check_login_url(const struct config *c, struct pool *pool, char *why)
{
	const char *url = c->login_url;
	const char *path = *url == '/' ? url : path_of(url);
	enum rc rc = RC_INVALID;

	if (return_path_is_safe(path) && strchr(path, '#') == NULL)
		rc = path == url ? RC_OK : check_origin(url, path, pool);
	if (rc != RC_INVALID)
		return rc;
	return config_refuse(why,
	    "LOGIN_URL is neither a path on this site, like "
	    "/auth/login.html, nor a URL like https://www.example.org/login");
}

/* An origin, perhaps with a path that ends in no slash; pages come behind. */
static enum rc
check_site_url(const struct config *c, struct pool *pool, char *why)
{
	const char *path = path_of(c->site_url);
	size_t len = strlen(path);
	enum rc rc = RC_INVALID;

	if (len == 0 || (return_path_is_safe(path) && path[len - 1] != '/' &&
			    strpbrk(path, "?#") == NULL))
		rc = check_origin(c->site_url, path, pool);
	if (rc != RC_INVALID)
		return rc;
	return config_refuse(why,
	    "SITE_URL is not like https://www.example.org, or "
	    "https://www.example.org/shop where Latchkey lies in a directory "
	    "(the host in lower case, no slash at the end), which MAIL_FROM "
	    "needs: links in mails begin with it");
}

static enum rc
check_mail(struct config *c, struct pool *pool, char *why)
{
	struct mail_address from;
	enum rc rc;

	if (!config_mail_is_on(c))
		return RC_OK;
	if (mail_address_read(c->mail_from, &from) != RC_OK)
		return config_refuse(why,
		    "MAIL_FROM is no address, like noreply@example.org or "
		    "'Example <noreply@example.org>'");
	rc = check_site_url(c, pool, why);
	if (rc != RC_OK)
		return rc;
	if (!mail_command_is_valid(c->mail_command))
		return config_refuse(why,
		    "MAIL_COMMAND is no program with its full path and "
		    "arguments, like /usr/sbin/sendmail -t -i");
	if (*c->mail_templates == '\0')
		c->mail_templates = beside_programs(pool, "mail");
	return c->mail_templates != NULL ? RC_OK : RC_FAULT;
}

/* A relative path begins where the settings file is. */
static enum rc
find_beside_settings(const struct config *c, struct pool *pool,
    const char **path)
{
	const char *slash = strrchr(c->file, '/');
	int len = slash != NULL ? (int)(slash - c->file) : 0;

	if (**path == '\0' || **path == '/' || len == 0)
		return RC_OK;
	*path = pool_printf(pool, "%.*s/%s", len, c->file, *path);
	return *path != NULL ? RC_OK : RC_FAULT;
}

static enum rc
find_files(struct config *c, struct pool *pool)
{
	const char **paths[] = { &c->password_blocklist, &c->mail_templates,
		&c->db_ssl_ca };
	enum rc rc = RC_OK;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths) && rc == RC_OK;
	     i++)
		rc = find_beside_settings(c, pool, paths[i]);
	return rc;
}

enum rc
config_check(struct config *c, struct pool *pool, char why[CONFIG_WHY_SIZE])
{
	const struct config_secret *a = &c->access_token_secret;
	const struct config_secret *b = &c->refresh_token_secret;
	enum rc rc = find_files(c, pool);

	if (rc != RC_OK)
		return rc;

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
