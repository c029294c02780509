#ifndef LATCHKEY_CONFIG_H
#define LATCHKEY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "network.h"
#include "pool.h"
#include "rc.h"

/*
 * The settings: from the environment, else from the settings file, else the
 * default.  Read once, checked whole, never changed after.  What each means
 * stands in latchkey.env.sample.
 */

enum {
	CONFIG_SECRET_MIN = 32, /* bytes of a secret (RFC 7518, 3.2) */
	CONFIG_ORIGINS_MAX = 16,
	CONFIG_NETWORKS_MAX = 16,
	CONFIG_LIMIT_MAX = 1000000,
	CONFIG_WHY_SIZE = 500
};

/* ${bytes} need not be text. */
struct config_secret {
	const char *bytes;
	size_t len;
};

/* ${count} of something in ${seconds}. */
struct config_limit {
	int64_t count, seconds;
};

struct config {
	struct config_secret access_token_secret, refresh_token_secret;
	int64_t access_token_ttl_s, refresh_token_ttl_s;

	int64_t refresh_grace_s;
	int64_t session_max_age_s; /* 0: no limit */
	int64_t sessions_per_user;
	bool reuse_ends_session;

	int64_t bcrypt_cost;
	int64_t password_min_length; /* code points */
	bool hide_accounts;

	bool tokens_in_body;
	bool cookie_secure;
	const char *cookie_domain; /* "" is none */
	/* "", or perhaps "__Secure-" or "__Host-", and perhaps a name. */
	const char *cookie_prefix;

	/* CLIENT_URL: serialized origins (RFC 6454, 6.2); there may be none. */
	const char *origins[CONFIG_ORIGINS_MAX];
	size_t origin_count;

	const char *mail_from;	    /* "" is none: mail is off */
	const char *mail_command;   /* words with blanks between */
	const char *mail_templates; /* a directory */
	const char *site_url; /* an origin, perhaps with a path, for links */
	bool require_verified_email;

	const char *password_blocklist; /* a file; "" is none */

	/* Attempts, and in how many seconds as many are given back. */
	bool throttle;
	struct config_limit throttle_address, throttle_account,
	    throttle_account_address, throttle_mail;
	struct network throttle_exempt[CONFIG_NETWORKS_MAX];
	size_t throttle_exempt_count;

	const char *login_url; /* a path where Latchkey lies, or a URL */

	const char *db_host, *db_socket, *db_user, *db_password, *db_name;
	const char *db_ssl_ca; /* "" is none */
	int64_t db_port;
	bool db_persistent; /* a process keeps its connection */

	struct config_secret doctor_token; /* len 0: no doctor over HTTP */

	const char *file; /* the settings file that was read, or "" */
	int64_t read_ms;  /* when, since the epoch */
	void *memory;	  /* what all the text above points into */
};

/*
 * Read and check the settings.  ${path} names the settings file; NULL means
 * $LATCHKEY_ENV, else one that config_file_read() finds, which alone may be
 * missing.
 *
 * On RC_OK *out is for config_free(), and the secrets are gone from the
 * process's environment.  RC_INVALID: ${why} names the setting and what to do
 * about it, in one line, and *out is NULL.  RC_FAULT: memory.
 */
enum rc config_load(const char *path, struct config **out,
    char why[CONFIG_WHY_SIZE]) MUST_CHECK;

/*
 * DOCTOR_TOKEN alone, whatever is wrong with the other settings: a copy from
 * ${mem}, or "" where it is not set, is too short, or cannot be read.
 */
enum rc config_doctor_token(const char *path, struct pool *mem,
    struct config_secret *out) MUST_CHECK;

/* Whether MAIL_FROM is set; without it there is no mail at all. */
bool config_mail_is_on(const struct config *config);

/* Whether browsers take our cookies for a whole host alone ("__Host-"). */
bool config_cookies_are_host_wide(const struct config *config);

void config_free(struct config *config);

#endif
