#ifndef LATCHKEY_CONFIG_FIXTURE_H
#define LATCHKEY_CONFIG_FIXTURE_H

#include "config.h"

#include <sys/stat.h>

#include "unit.h"

#define SECRET_A "access-0123456789abcdef0123456789"
#define SECRET_B "refresh-0123456789abcdef0123456789"
#define SECRET_C "doctor-0123456789abcdef0123456789"
#define SECRETS                                                                \
	"ACCESS_TOKEN_SECRET=" SECRET_A "\n"                                   \
	"REFRESH_TOKEN_SECRET=" SECRET_B "\n"

static const char *const names[] = { "ACCESS_TOKEN_SECRET",
	"REFRESH_TOKEN_SECRET", "ACCESS_TOKEN_TTL", "REFRESH_TOKEN_TTL",
	"REFRESH_GRACE", "SESSION_MAX_AGE", "SESSIONS_PER_USER",
	"REUSE_ENDS_SESSION", "BCRYPT_COST", "PASSWORD_MIN_LENGTH",
	"HIDE_ACCOUNTS", "TOKENS_IN_BODY", "COOKIE_SECURE", "COOKIE_DOMAIN",
	"COOKIE_PREFIX", "CLIENT_URL", "MAIL_FROM", "MAIL_COMMAND",
	"MAIL_TEMPLATES", "SITE_URL", "PASSWORD_BLOCKLIST",
	"REQUIRE_VERIFIED_EMAIL", "THROTTLE", "THROTTLE_ADDRESS",
	"THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_ADDRESS", "THROTTLE_MAIL",
	"THROTTLE_EXEMPT", "LOGIN_URL", "DB_HOST", "DB_PORT", "DB_SOCKET",
	"DB_USER", "DB_PASSWORD", "DB_NAME", "DB_SSL_CA", "DB_PERSISTENT",
	"DOCTOR_TOKEN", "LATCHKEY_ENV" };

/* Of the running program's own, and the settings file in it. */
static char directory[64], path[96];

static inline void
write_file(const char *name, const char *text, size_t len, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* Load ${text} as the settings file; NULL when it is refused. */
static inline struct config *
load(const char *text, char why[CONFIG_WHY_SIZE])
{
	struct config *config = NULL;
	enum rc rc;

	write_file(path, text, strlen(text), 0600);
	memset(why, 0, CONFIG_WHY_SIZE);
	rc = config_load(path, &config, why);
	SAME_INT(text, rc, config != NULL ? RC_OK : RC_INVALID);
	if (config == NULL) {
		HOLDS(text, *why != '\0' && strchr(why, '\n') == NULL);
		HOLDS(text, strstr(why, "0123456789abcdef") == NULL);
	}
	return config;
}

static inline void
refused(const char *row, const char *text, const char *named)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = load(text, why);

	HOLDS(row, config == NULL);
	if (config == NULL && strstr(why, named) == NULL)
		SAME_TEXT(row, why, named);
	config_free(config);
}

static inline void
accepted(const char *row, const char *text)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = load(text, why);

	if (config == NULL)
		SAME_TEXT(row, why, "");
	config_free(config);
}

static inline void
same_limit(const char *row, struct config_limit limit, int64_t count,
    int64_t seconds)
{
	SAME_INT(row, limit.count, count);
	SAME_INT(row, limit.seconds, seconds);
}

static inline int
fresh_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH_OF(names); i++)
		unsetenv(names[i]);
	return 0;
}

static inline int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/latchkey-unit-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/latchkey.env", directory);
	return 0;
}

static inline int
remove_directory(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

/* Each test begins without a setting in its environment. */
#define CONFIG_UNIT(function)                                                  \
	{                                                                      \
#function, unit_run, fresh_environment, fresh_environment,     \
		    &(struct unit_case)                                        \
		{                                                              \
			(function)                                             \
		}                                                              \
	}

#define CONFIG_MAIN(tests)                                                     \
	(cmocka_set_message_output(CM_OUTPUT_TAP),                             \
	    cmocka_run_group_tests(tests, make_directory, remove_directory))

#endif
