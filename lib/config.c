#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "config_check.h"
#include "config_file.h"
#include "config_refuse.h"
#include "origin.h"
#include "pool.h"

enum kind {
	TEXT,
	SECRET,
	KEY,
	TOKEN,
	INTEGER,
	SWITCH,
	LIMIT
};

/* One row a setting; those that are secret leave the environment once read. */
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
	{ "DB_PERSISTENT", SWITCH, AT(db_persistent), "1", 0, 1 },
	{ "DOCTOR_TOKEN", TOKEN, AT(doctor_token), "", 0, 0 },
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

static bool
is_secret(enum kind kind)
{
	return kind == KEY || kind == TOKEN || kind == SECRET;
}

static void
wipe_environment(void)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		char *value = getenv(settings[i].name);

		if (value == NULL || !is_secret(settings[i].kind))
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
		return config_refuse(r->why,
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
	static const char nowhere[] =
	    " (no settings file was found: it is latchkey.env beside the "
	    "directory of the programs, or in a directory latchkey of one "
	    "above it)";

	*out = (struct config_secret){ text, strlen(text) };
	if (out->len == 0 && s->kind == TOKEN)
		return RC_OK;
	if (out->len < CONFIG_SECRET_MIN)
		return config_refuse(r->why,
		    "%s is %s: it takes at least %d bytes that nobody can "
		    "guess; set it to what 'openssl rand -hex 32' prints%s",
		    s->name, out->len == 0 ? "missing" : "too short",
		    CONFIG_SECRET_MIN, *r->config->file != '\0' ? "" : nowhere);
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
			return config_refuse(r->why,
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
	return config_refuse(r->why,
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
			return config_refuse(r->why,
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
	case TOKEN:
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

static void
take(const char *name, const char *value, void *arg)
{
	struct reading *r = arg;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(settings[i].name, name) == 0)
			r->values[i] = value;
}

/* The values as they are, of the file and over it of the environment. */
static enum rc
read_values(struct reading *r, const char *path)
{
	enum rc rc;

	if (path == NULL)
		path = getenv("LATCHKEY_ENV");
	rc = config_file_read(path, r->pool, take, r, &r->config->file, r->why);
	return rc == RC_OK ? read_environment(r) : rc;
}

static enum rc
read_all(struct reading *r, const char *path)
{
	enum rc rc = read_values(r, path);

	for (size_t i = 0; i < SETTING_COUNT && rc == RC_OK; i++)
		rc = set(r, &settings[i],
		    r->values[i] != NULL ? r->values[i] : settings[i].fallback);
	if (rc == RC_OK)
		rc = config_check(r->config, r->pool, r->why);
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
		r.config->read_ms = clock_now_ms();
		rc = read_all(&r, path);
	}
	if (rc != RC_OK) {
		pool_free(pool);
		return rc;
	}
	wipe_environment();
	*out = r.config;
	return RC_OK;
}

static const char *
value_of(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(settings[i].name, name) == 0 && r->values[i] != NULL)
			return r->values[i];
	return "";
}

enum rc
config_doctor_token(const char *path, struct pool *mem,
    struct config_secret *out)
{
	char why[CONFIG_WHY_SIZE];
	struct pool *pool = pool_new();
	struct config config = { .file = "" };
	struct reading r = { .config = &config, .pool = pool, .why = why };
	const char *token = "";
	enum rc rc = pool != NULL ? read_values(&r, path) : RC_FAULT;

	/* What stands above a line that is wrong was read. */
	if (rc == RC_INVALID)
		rc = read_environment(&r);
	if (rc == RC_OK)
		token = value_of(&r, "DOCTOR_TOKEN");
	if (strlen(token) < CONFIG_SECRET_MIN)
		token = "";
	out->bytes = pool_copy(mem, token, strlen(token));
	out->len = strlen(token);
	pool_free(pool);
	return out->bytes != NULL ? rc : RC_FAULT;
}

bool
config_mail_is_on(const struct config *config)
{
	return *config->mail_from != '\0';
}

bool
config_cookies_are_host_wide(const struct config *config)
{
	return strncmp(config->cookie_prefix, "__Host-", 7) == 0;
}

void
config_free(struct config *config)
{
	if (config != NULL)
		pool_free(config->memory);
}
