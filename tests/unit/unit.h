#ifndef LATCHKEY_UNIT_H
#define LATCHKEY_UNIT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "pool.h"

/*
 * A test is a function over a table.  HOLDS, SAME_INT and SAME_TEXT compare
 * one thing of one row; a row that is wrong is told, the next ones still run,
 * and the test fails at its end.
 */

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A literal as a JSON string. */
#define QUOTED(text) "\"" text "\""

#define HOLDS(row, condition)                                                  \
	unit_holds(__FILE__, __LINE__, row, #condition, condition)
#define SAME_INT(row, got, want)                                               \
	unit_same_int(__FILE__, __LINE__, row, #got, (long long)(got),         \
	    (long long)(want))
#define SAME_TEXT(row, got, want)                                              \
	unit_same_text(__FILE__, __LINE__, row, #got, got, want)

/* A pool of the running test's own. */
static struct pool *unit_mem;

static int unit_wrong;

/* On one line, whatever is in it. */
static inline void
unit_print(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 0x20 && *text < 0x7f)
			putchar(*text);
		else
			printf("\\x%02x", (unsigned char)*text);
}

static inline void
unit_tell(const char *file, int line, const char *row, const char *what)
{
	unit_wrong++;
	printf("# %s:%d: [", file, line);
	unit_print(row);
	printf("] %s", what);
}

static inline void
unit_holds(const char *file, int line, const char *row, const char *what,
    bool good)
{
	if (good)
		return;
	unit_tell(file, line, row, what);
	printf(" does not hold\n");
}

static inline void
unit_same_int(const char *file, int line, const char *row, const char *what,
    long long got, long long want)
{
	if (got == want)
		return;
	unit_tell(file, line, row, what);
	printf(" is %lld, not %lld\n", got, want);
}

static inline void
unit_same_text(const char *file, int line, const char *row, const char *what,
    const char *got, const char *want)
{
	if (got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0))
		return;
	unit_tell(file, line, row, what);
	printf(" is \"");
	unit_print(got != NULL ? got : "(null)");
	printf("\", not \"");
	unit_print(want != NULL ? want : "(null)");
	printf("\"\n");
}

struct unit_case {
	void (*run)(void);
};

#define UNIT(function) UNIT_AFTER(NULL, function)

/* A test that begins with ${setup}, as cmocka has it. */
#define UNIT_AFTER(setup, function)                                            \
	{                                                                      \
#function, unit_run, setup, NULL, &(struct unit_case)          \
		{                                                              \
			(function)                                             \
		}                                                              \
	}

static inline void
unit_run(void **state)
{
	const struct unit_case *unit = *state;

	unit_wrong = 0;
	unit_mem = pool_new();
	assert_non_null(unit_mem);
	unit->run();
	pool_free(unit_mem);
	fflush(stdout);
	if (unit_wrong > 0)
		fail_msg("%d comparisons failed", unit_wrong);
}

/* The body of main(). */
#define UNIT_MAIN(tests)                                                       \
	(cmocka_set_message_output(CM_OUTPUT_TAP),                             \
	    cmocka_run_group_tests(tests, NULL, NULL))

/* Settings as they are by default, with two secrets. */
static inline struct config
unit_config(void)
{
	return (struct config){
		.access_token_secret = { "access-secret-of-at-least-32-bytes",
		    34 },
		.refresh_token_secret = { "refresh-secret-of-at-least-32-bytes",
		    35 },
		.access_token_ttl_s = 900,
		.refresh_token_ttl_s = 1296000,
		.refresh_grace_s = 10,
		.session_max_age_s = 7776000,
		.sessions_per_user = 16,
		.reuse_ends_session = true,
		.bcrypt_cost = 10,
		.password_min_length = 8,
		.password_blocklist = "",
		.tokens_in_body = true,
		.cookie_secure = true,
		.cookie_domain = "",
		.cookie_prefix = "",
		.mail_from = "",
		.mail_command = "/usr/sbin/sendmail -t -i",
		.mail_templates = "",
		.site_url = "",
		.throttle = true,
		.throttle_address = { 100, 3600 },
		.throttle_account = { 100, 86400 },
		.throttle_account_address = { 10, 900 },
		.throttle_mail = { 5, 3600 },
	};
}

/* ${count} times ${c}. */
static inline char *
unit_repeat(char c, size_t count)
{
	char *text = pool_alloc(unit_mem, count + 1);

	assert_non_null(text);
	memset(text, c, count);
	return text;
}

/* Nothing is logged until unit_loud(), which takes what this returned. */
static inline int
unit_quiet(void)
{
	int before = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	assert_true(before >= 0 && null >= 0);
	dup2(null, STDERR_FILENO);
	close(null);
	return before;
}

static inline void
unit_loud(int before)
{
	dup2(before, STDERR_FILENO);
	close(before);
}

/* What is logged from here on is for unit_heard(), which takes the result. */
static inline int
unit_listen(void)
{
	int before = dup(STDERR_FILENO), log = memfd_create("log", MFD_CLOEXEC);

	assert_true(before >= 0 && log >= 0);
	dup2(log, STDERR_FILENO);
	close(log);
	return before;
}

/* All that was logged, in the test's pool. */
static inline const char *
unit_heard(int before)
{
	off_t len = lseek(STDERR_FILENO, 0, SEEK_END);
	char *text = pool_alloc(unit_mem, (size_t)len + 1);

	assert_non_null(text);
	assert_int_equal(pread(STDERR_FILENO, text, (size_t)len, 0), len);
	unit_loud(before);
	return text;
}

#endif
