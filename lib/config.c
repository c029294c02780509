#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blocklist.h"
#include "db_host.h"
#include "digest.h"
#include "env_file.h"
#include "mail_address.h"
#include "mail_command.h"
#include "origin.h"
#include "pool.h"
#include "return_path.h"

enum {
	FILE_SIZE_MAX = 64 * 1024
};

enum kind {
	TEXT,
	SECRET,
	KEY,
	INTEGER,
	SWITCH,
	LIMIT
};

/* One row a setting; kinds SECRET and KEY leave the environment once read. */
static const struct setting {
	const char *name;
	enum kind kind;
	size_t offset; /* in struct config; origins are made of CLIENT_URL */
	const char *fallback;
	int64_t min, max;
} settings[] = {
#define AT(member) offsetof(struct config, member)
	{ "ACCESS_TOKEN_SECRET", KEY, AT(access_token_secret), "", 0, 0 },
	{ "REFRESH_TOKEN_SECRET", KEY, AT(refresh_token_secret), "", 0, 0 },
	{ "ACCESS_TOKEN_TTL", INTEGER, AT(access_token_ttl_s), "900", 1,
	    86400 },
	{ "REFRESH_TOKEN_TTL", INTEGER, AT(refresh_token_ttl_s), "1296000", 1,
	    315360000 },
	{ "REFRESH_GRACE", INTEGER, AT(refresh_grace_s), "10", 0, 600 },
	{ "SESSION_MAX_AGE", INTEGER, AT(session_max_age_s), "7776000", 0,
	    3153600000 },
	{ "SESSIONS_PER_USER", INTEGER, AT(sessions_per_user), "16", 1, 64 },
	{ "REUSE_ENDS_SESSION", SWITCH, AT(reuse_ends_session), "1", 0, 1 },
	{ "BCRYPT_COST", INTEGER, AT(bcrypt_cost), "10", 10, 20 },
	{ "PASSWORD_MIN_LENGTH", INTEGER, AT(password_min_length), "8", 1, 72 },
	{ "HIDE_ACCOUNTS", SWITCH, AT(hide_accounts), "0", 0, 1 },
	{ "TOKENS_IN_BODY", SWITCH, AT(tokens_in_body), "1", 0, 1 },
	{ "COOKIE_SECURE", SWITCH, AT(cookie_secure), "1", 0, 1 },
	{ "COOKIE_DOMAIN", TEXT, AT(cookie_domain), "", 0, 0 },
	{ "COOKIE_PREFIX", TEXT, AT(cookie_prefix), "", 0, 0 },
	{ "CLIENT_URL", TEXT, AT(origins), "", 0, 0 },
	{ "MAIL_FROM", TEXT, AT(mail_from), "", 0, 0 },
	{ "MAIL_COMMAND", TEXT, AT(mail_command), "/usr/sbin/sendmail -t -i", 0,
	    0 },
	{ "MAIL_TEMPLATES", TEXT, AT(mail_templates), "", 0, 0 },
	{ "SITE_URL", TEXT, AT(site_url), "", 0, 0 },
	{ "PASSWORD_BLOCKLIST", TEXT, AT(password_blocklist), "", 0, 0 },
	{ "REQUIRE_VERIFIED_EMAIL", SWITCH, AT(require_verified_email), "0", 0,
	    1 },
	{ "THROTTLE", SWITCH, AT(throttle), "1", 0, 1 },
	{ "THROTTLE_ADDRESS", LIMIT, AT(throttle_address), "100/3600", 0, 0 },
	{ "THROTTLE_ACCOUNT", LIMIT, AT(throttle_account), "100/86400", 0, 0 },
	{ "THROTTLE_ACCOUNT_ADDRESS", LIMIT, AT(throttle_account_address),
	    "10/900", 0, 0 },
	{ "THROTTLE_MAIL", LIMIT, AT(throttle_mail), "5/3600", 0, 0 },
	{ "THROTTLE_EXEMPT", TEXT, AT(throttle_exempt), "", 0, 0 },
	{ "LOGIN_URL", TEXT, AT(login_url), "/auth/login.html", 0, 0 },
	{ "DB_HOST", TEXT, AT(db_host), "localhost", 0, 0 },
	{ "DB_PORT", INTEGER, AT(db_port), "3306", 1, 65535 },
	{ "DB_SOCKET", TEXT, AT(db_socket), "", 0, 0 },
	{ "DB_USER", TEXT, AT(db_user), "latchkey", 0, 0 },
	{ "DB_PASSWORD", SECRET, AT(db_password), "", 0, 0 },
	{ "DB_NAME", TEXT, AT(db_name), "latchkey", 0, 0 },
	{ "DB_SSL_CA", TEXT, AT(db_ssl_ca), "", 0, 0 },
#undef AT
};

enum {
	SETTING_COUNT = sizeof(settings) / sizeof(settings[0])
};

/* What one reading works on. */
struct reading {
	struct config *config;
	struct pool *pool;
	const char *values[SETTING_COUNT]; /* raw; NULL: not set */
	char *why;
};

static enum rc refuse(struct reading *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum rc
refuse(struct reading *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, CONFIG_WHY_SIZE, format, args);
	va_end(args);
	/* One line, also where it quotes the file. */
	for (char *c = r->why; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
			*c = '?';
	return RC_INVALID;
}

/* "/x/NAME" for the program /x/libexec/login; NULL without memory. */
static const char *
beside_programs(struct pool *pool, const char *name)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[len > 0 ? len : 0] = '\0';
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(exe, '/');

		if (slash != NULL)
			*slash = '\0';
	}
	return pool_printf(pool, "%s/%s", exe, name);
}

static enum rc
read_line(struct reading *r, char *line, int number)
{
	char *name, *value;

	switch (env_file_line(line, &name, &value)) {
	case ENV_NOTHING:
		break;
	case ENV_ERROR:
		return refuse(r,
		    "line %d of the settings file %s is not NAME=value: "
		    "mend that line",
		    number, r->config->file);
	case ENV_SETTING:
		for (size_t i = 0; i < SETTING_COUNT; i++)
			if (strcmp(settings[i].name, name) == 0)
				r->values[i] = value;
	}
	return RC_OK;
}

static enum rc
read_text(struct reading *r, char *text, size_t len)
{
	int number = 0;

	if (memchr(text, '\0', len) != NULL)
		return refuse(r,
		    "the settings file %s holds a NUL byte: save it as plain "
		    "text (UTF-8)",
		    r->config->file);
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text != NULL) {
		char *line = strsep(&text, "\n");
		enum rc rc = read_line(r, line, ++number);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
check_file(struct reading *r, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refuse(r, "the settings file %s is no regular file",
		    r->config->file);
	if ((st.st_mode & (S_IROTH | S_IWOTH)) != 0)
		return refuse(r,
		    "the settings file %s is open to every user of this "
		    "machine (mode %04o): chmod 640 it, or 600",
		    r->config->file, (unsigned)st.st_mode & 07777);
	if (st.st_size > FILE_SIZE_MAX)
		return refuse(r, "the settings file %s is over %d KiB",
		    r->config->file, FILE_SIZE_MAX / 1024);
	return RC_OK;
}

static enum rc
read_open_file(struct reading *r, FILE *file)
{
	char *text = pool_alloc(r->pool, FILE_SIZE_MAX + 1);
	enum rc rc = check_file(r, fileno(file));
	size_t len;

	if (text == NULL)
		return RC_FAULT;
	if (rc != RC_OK)
		return rc;
	setvbuf(file, NULL, _IONBF, 0); /* no second copy of the secrets */
	len = fread(text, 1, FILE_SIZE_MAX, file);
	if (ferror(file))
		return refuse(r, "the settings file %s cannot be read: %s",
		    r->config->file, strerror(errno));
	return read_text(r, text, len);
}

static enum rc
read_file(struct reading *r, const char *path)
{
	bool named = path != NULL;
	FILE *file;
	enum rc rc;

	if (!named)
		path = beside_programs(r->pool, "latchkey.env");
	else
		path = pool_copy(r->pool, path, strlen(path));
	if (path == NULL)
		return RC_FAULT;
	file = fopen(path, "re");
	if (file == NULL && !named && errno == ENOENT)
		return RC_OK;
	r->config->file = path;
	if (file == NULL)
		return refuse(r,
		    "the settings file %s cannot be opened: %s; it must be "
		    "readable by the user that the web server runs programs as",
		    path, strerror(errno));
	rc = read_open_file(r, file);
	fclose(file);
	return rc;
}

static enum rc
read_environment(struct reading *r)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const char *value = getenv(settings[i].name);

		if (value == NULL)
			continue;
		r->values[i] = pool_copy(r->pool, value, strlen(value));
		if (r->values[i] == NULL)
			return RC_FAULT;
	}
	return RC_OK;
}

static void
wipe_environment(void)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		char *value = getenv(settings[i].name);

		if (value == NULL ||
		    (settings[i].kind != KEY && settings[i].kind != SECRET))
			continue;
		explicit_bzero(value, strlen(value));
		unsetenv(settings[i].name);
	}
}

static enum rc
set_integer(struct reading *r, const struct setting *s, const char *text,
    int64_t *out)
{
	int64_t value = 0;
	const char *c;

	for (c = text; *c >= '0' && *c <= '9' && value <= s->max; c++)
		value = value * 10 + (*c - '0');
	if (*c != '\0' || c == text || value < s->min || value > s->max)
		return refuse(r,
		    "%s is not a whole number from %lld to %lld: set it to "
		    "one, or leave it out for the default, %s",
		    s->name, (long long)s->min, (long long)s->max, s->fallback);
	*out = value;
	return RC_OK;
}

static enum rc
set_key(struct reading *r, const struct setting *s, const char *text,
    struct config_secret *out)
{
	*out = (struct config_secret){ text, strlen(text) };
	if (out->len < CONFIG_SECRET_MIN)
		return refuse(r,
		    "%s is %s: it takes at least %d bytes that nobody can "
		    "guess; set it to what 'openssl rand -hex 32' prints",
		    s->name, out->len == 0 ? "missing" : "too short",
		    CONFIG_SECRET_MIN);
	return RC_OK;
}

static enum rc
set_origins(struct reading *r, const char *text)
{
	struct config *config = r->config;
	char *rest = pool_copy(r->pool, text, strlen(text));

	if (rest == NULL)
		return RC_FAULT;
	while (rest != NULL) {
		const char *origin = strsep(&rest, " \t");

		if (*origin == '\0')
			continue;
		if (!origin_is_valid(origin) ||
		    config->origin_count == CONFIG_ORIGINS_MAX)
			return refuse(r,
			    "CLIENT_URL takes up to %d origins with a blank "
			    "between them, each like https://www.example.org "
			    "(lower case, no path, no slash at the end; http "
			    "only for this machine itself): '%.100s' is not "
			    "one",
			    CONFIG_ORIGINS_MAX, origin);
		config->origins[config->origin_count++] = origin;
	}
	return RC_OK;
}

static enum rc
set_limit(struct reading *r, const struct setting *s, const char *text,
    struct config_limit *out)
{
	long long count = 0, seconds = 0;
	int len = 0;

	if (strspn(text, "0123456789/") == strlen(text) && strlen(text) < 16 &&
	    sscanf(text, "%lld/%lld%n", &count, &seconds, &len) == 2 &&
	    text[len] == '\0' && count >= 1 && count <= CONFIG_LIMIT_MAX &&
	    seconds >= 1 && seconds <= CONFIG_LIMIT_MAX) {
		*out = (struct config_limit){ count, seconds };
		return RC_OK;
	}
	return refuse(r,
	    "%s is not so many attempts in so many seconds, like %s, each from "
	    "1 to %d",
	    s->name, s->fallback, CONFIG_LIMIT_MAX);
}

static enum rc
set_networks(struct reading *r, const char *text)
{
	struct config *config = r->config;
	char *rest = pool_copy(r->pool, text, strlen(text));

	if (rest == NULL)
		return RC_FAULT;
	while (rest != NULL) {
		const char *word = strsep(&rest, " \t");
		struct network network;

		if (*word == '\0')
			continue;
		if (!network_parse(word, &network) ||
		    config->throttle_exempt_count == CONFIG_NETWORKS_MAX)
			return refuse(r,
			    "THROTTLE_EXEMPT takes up to %d networks with "
			    "blanks between them, like 192.0.2.0/24 "
			    "2001:db8::/32: '%.100s' is not one",
			    CONFIG_NETWORKS_MAX, word);
		config->throttle_exempt[config->throttle_exempt_count++] =
		    network;
	}
	return RC_OK;
}

static enum rc
set_text(struct reading *r, const char *text, void *member)
{
	if (member == (void *)r->config->origins)
		return set_origins(r, text);
	if (member == (void *)r->config->throttle_exempt)
		return set_networks(r, text);
	*(const char **)member = text;
	return RC_OK;
}

static enum rc
set(struct reading *r, const struct setting *s, const char *text)
{
	void *member = (char *)r->config + s->offset;
	int64_t number = 0;
	enum rc rc = RC_OK;

	switch (s->kind) {
	case TEXT:
	case SECRET:
		rc = set_text(r, text, member);
		break;
	case LIMIT:
		rc = set_limit(r, s, text, member);
		break;
	case KEY:
		rc = set_key(r, s, text, member);
		break;
	case INTEGER:
		rc = set_integer(r, s, text, member);
		break;
	case SWITCH:
		rc = set_integer(r, s, text, &number);
		*(bool *)member = number != 0;
		break;
	}
	return rc;
}

static enum rc
check_hosts(struct reading *r)
{
	const char *list = r->config->db_host;
	struct db_host host;

	for (size_t i = 0; i < db_host_count(list); i++)
		if (!db_host_find(list, i, 0, &host))
			return refuse(r,
			    "DB_HOST takes names or addresses with commas "
			    "between them, each perhaps with a port, like "
			    "db1.example.org,db2.example.org:3307");
	return RC_OK;
}

/* Else nobody could sign up, or choose another password. */
static enum rc
check_blocklist(struct reading *r)
{
	const char *file = r->config->password_blocklist;

	if (*file == '\0' || (*file == '/' && blocklist_is_readable(file)))
		return RC_OK;
	return refuse(r,
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
check_cookies(struct reading *r)
{
	const struct config *c = r->config;
	bool host = strcmp(c->cookie_prefix, "__Host-") == 0;
	bool secure = strcmp(c->cookie_prefix, "__Secure-") == 0;

	if (!host && !secure && *c->cookie_prefix != '\0')
		return refuse(r,
		    "COOKIE_PREFIX is neither __Host- nor __Secure-: set it "
		    "to one of them, or leave it out");
	if ((host || secure) && !c->cookie_secure)
		return refuse(r,
		    "COOKIE_PREFIX needs COOKIE_SECURE=1: browsers drop the "
		    "cookies otherwise");
	if (host && *c->cookie_domain != '\0')
		return refuse(r,
		    "COOKIE_PREFIX=__Host- allows no COOKIE_DOMAIN: leave one "
		    "of the two out");
	for (const char *s = c->cookie_domain; *s != '\0'; s++)
		if (!is_domain_char(*s))
			return refuse(r,
			    "COOKIE_DOMAIN is no domain name in lower case, "
			    "like example.org");
	return RC_OK;
}

/* A path, or an origin with one behind it; next comes behind that. */
static enum rc
check_login_url(struct reading *r)
{
	const char *url = r->config->login_url;
	const char *path = url, *host, *origin;

	if (*url != '/') {
		host = strstr(url, "://");
		path = host != NULL ? strchr(host + 3, '/') : NULL;
	}
	if (path != NULL) {
		origin = pool_copy(r->pool, url, (size_t)(path - url));
		if (origin == NULL)
			return RC_FAULT;
		if ((path == url || origin_is_valid(origin)) &&
		    return_path_is_safe(path) && strchr(path, '#') == NULL)
			return RC_OK;
	}
	return refuse(r,
	    "LOGIN_URL is neither a path on this site, like "
	    "/auth/login.html, nor a URL like https://www.example.org/login");
}

static enum rc
check_mail(struct reading *r)
{
	struct config *c = r->config;
	struct mail_address from;

	if (!config_mail_is_on(c))
		return RC_OK;
	if (mail_address_read(c->mail_from, &from) != RC_OK)
		return refuse(r,
		    "MAIL_FROM is no address, like noreply@example.org or "
		    "'Example <noreply@example.org>'");
	if (!origin_is_valid(c->site_url))
		return refuse(r,
		    "SITE_URL is not like https://www.example.org (lower case, "
		    "no slash at the end), which MAIL_FROM needs: links in "
		    "mails begin with it");
	if (!mail_command_is_valid(c->mail_command))
		return refuse(r,
		    "MAIL_COMMAND is no program with its full path and "
		    "arguments, like /usr/sbin/sendmail -t -i");
	if (*c->mail_templates == '\0')
		c->mail_templates = beside_programs(r->pool, "mail");
	return c->mail_templates != NULL ? RC_OK : RC_FAULT;
}

/* What no setting shows by itself. */
static enum rc
check_together(struct reading *r)
{
	const struct config_secret *a = &r->config->access_token_secret;
	const struct config_secret *b = &r->config->refresh_token_secret;
	enum rc rc;

	if (digest_equal(a->bytes, a->len, b->bytes, b->len))
		return refuse(r,
		    "ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET are equal: "
		    "set one of them to another output of 'openssl rand "
		    "-hex 32'");
	rc = check_hosts(r);
	if (rc == RC_OK)
		rc = check_blocklist(r);
	if (rc == RC_OK)
		rc = check_cookies(r);
	if (rc == RC_OK)
		rc = check_login_url(r);
	if (rc == RC_OK)
		rc = check_mail(r);
	return rc;
}

static enum rc
read_all(struct reading *r, const char *path)
{
	enum rc rc = read_file(r, path);

	if (rc == RC_OK)
		rc = read_environment(r);
	for (size_t i = 0; i < SETTING_COUNT && rc == RC_OK; i++)
		rc = set(r, &settings[i],
		    r->values[i] != NULL ? r->values[i] : settings[i].fallback);
	if (rc == RC_OK)
		rc = check_together(r);
	return rc;
}

enum rc
config_load(const char *path, struct config **out, char why[CONFIG_WHY_SIZE])
{
	struct pool *pool = pool_new();
	struct reading r = { .pool = pool, .why = why };
	enum rc rc = RC_FAULT;

	*out = NULL;
	snprintf(why, CONFIG_WHY_SIZE, "no memory to read the settings");
	if (pool != NULL)
		r.config = pool_alloc(pool, sizeof(*r.config));
	if (r.config != NULL) {
		r.config->memory = pool;
		r.config->file = "";
		rc = read_all(&r, path != NULL ? path : getenv("LATCHKEY_ENV"));
	}
	if (rc != RC_OK) {
		pool_free(pool);
		return rc;
	}
	wipe_environment();
	*out = r.config;
	return RC_OK;
}

bool
config_mail_is_on(const struct config *config)
{
	return *config->mail_from != '\0';
}

void
config_free(struct config *config)
{
	if (config != NULL)
		pool_free(config->memory);
}
