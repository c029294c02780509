#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "code.h"
#include "digest.h"
#include "doctor_check.h"

enum {
	CHARACTERS_MIN = 8 /* different ones; 32 random hex digits have more */
};

static void
check_settings(struct doctor *d)
{
	const char *file = d->config->file;
	struct stat st;

	if (*file == '\0')
		doctor_say(d, "settings", DOCTOR_GOOD, "from the environment");
	else if (stat(file, &st) == 0 &&
		 (int64_t)st.st_mtime * 1000 > d->config->read_ms)
		doctor_say(d, "settings", DOCTOR_WARN,
		    "%s has changed since this process read it; have the web "
		    "server start the programs anew",
		    file);
	else
		doctor_say(d, "settings", DOCTOR_GOOD, "from %s", file);
}

static bool
has_few_characters(const struct config_secret *secret)
{
	bool seen[256] = { false };
	int count = 0;

	for (size_t i = 0; i < secret->len; i++) {
		bool *mark = &seen[(unsigned char)secret->bytes[i]];

		count += !*mark;
		*mark = true;
	}
	return count < CHARACTERS_MIN;
}

/* Whether its second half, or more, only says the beginning again. */
static bool
repeats_itself(const struct config_secret *secret)
{
	for (size_t period = 1; period <= secret->len / 2; period++)
		if (memcmp(secret->bytes, secret->bytes + period,
			secret->len - period) == 0)
			return true;
	return false;
}

static bool
counts_up(const struct config_secret *secret)
{
	size_t steps = 0;

	for (size_t i = 1; i < secret->len; i++)
		steps += secret->bytes[i] == secret->bytes[i - 1] + 1;
	return steps > secret->len / 2;
}

static bool
holds_a_word(const struct config_secret *secret)
{
	static const char *const words[] = { "secret", "password", "change",
		"example", "latchkey", "token", "xxxx", "openssl" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(secret->bytes, words[i]) != NULL)
			return true;
	return false;
}

bool
doctor_secret_is_weak(const struct config_secret *secret)
{
	return has_few_characters(secret) || repeats_itself(secret) ||
	       counts_up(secret) || holds_a_word(secret);
}

static bool
is_same(const struct config_secret *a, const struct config_secret *b)
{
	return digest_equal(a->bytes, a->len, b->bytes, b->len);
}

static void
check_secrets(struct doctor *d)
{
	const struct config *c = d->config;
	const struct config_secret *token = &c->doctor_token;
	const char *weak = NULL;

	if (doctor_secret_is_weak(&c->access_token_secret))
		weak = "ACCESS_TOKEN_SECRET";
	else if (doctor_secret_is_weak(&c->refresh_token_secret))
		weak = "REFRESH_TOKEN_SECRET";
	else if (token->len > 0 && doctor_secret_is_weak(token))
		weak = "DOCTOR_TOKEN";
	if (weak != NULL)
		doctor_say(d, "secrets", DOCTOR_BAD,
		    "%s can be guessed; set it to what 'openssl rand -hex 32' "
		    "prints",
		    weak);
	else if (is_same(token, &c->access_token_secret) ||
		 is_same(token, &c->refresh_token_secret))
		doctor_say(d, "secrets", DOCTOR_BAD,
		    "DOCTOR_TOKEN is also a token secret, and is sent about; "
		    "set it to another output of 'openssl rand -hex 32'");
	else
		doctor_say(d, "secrets", DOCTOR_GOOD,
		    "long enough, and none that could be guessed");
}

static void
check_blocklist(struct doctor *d)
{
	const char *file = d->config->password_blocklist;

	if (*file == '\0')
		doctor_say(d, "blocklist", DOCTOR_WARN,
		    "none, so that anybody may choose a password like "
		    "123456789; set PASSWORD_BLOCKLIST to the full path of "
		    "passwords/common.txt");
	else
		doctor_say(d, "blocklist", DOCTOR_GOOD, "%s", file);
}

/* The template that cannot be read, or NULL: all can. */
static const char *
missing_template(struct doctor *d)
{
	static const char *const names[] = { CODE_RESET, CODE_VERIFY,
		CODE_CHANGE_EMAIL, CODE_PASSWORD_CHANGED, CODE_EMAIL_CHANGING,
		CODE_EMAIL_CHANGED, CODE_ACCOUNT_EXISTS };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = pool_printf(d->pool, "%s/%s.en.txt",
		    d->config->mail_templates, names[i]);

		if (path == NULL || access(path, R_OK) != 0)
			return path != NULL ? path : names[i];
	}
	return NULL;
}

static void
check_mail(struct doctor *d)
{
	const struct config *c = d->config;
	int len = (int)strcspn(c->mail_command, " ");
	const char *program = pool_copy(d->pool, c->mail_command, (size_t)len);
	const char *missing;

	if (!config_mail_is_on(c)) {
		doctor_say(d, "mail", DOCTOR_GOOD,
		    "off: MAIL_FROM is not set, and nobody can reset a "
		    "password");
		return;
	}
	missing = missing_template(d);
	if (program == NULL || access(program, X_OK) != 0)
		doctor_say(d, "mail", DOCTOR_BAD,
		    "%.*s cannot be run; name the host's sendmail in "
		    "MAIL_COMMAND",
		    len, c->mail_command);
	else if (missing != NULL)
		doctor_say(d, "mail", DOCTOR_BAD,
		    "%s cannot be read; set MAIL_TEMPLATES to the directory "
		    "mail that ships",
		    missing);
	else
		doctor_say(d, "mail", DOCTOR_GOOD,
		    "by %s, saying what is in %s", program, c->mail_templates);
}

void
doctor_settings(struct doctor *d)
{
	check_settings(d);
	check_secrets(d);
	check_blocklist(d);
	check_mail(d);
}
