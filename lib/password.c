#include "password.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocklist.h"
#include "digest.h"
#include "log.h"
#include "random.h"
#include "utf8.h"

enum {
	SALT_SIZE = 16,
	COST_LOWEST = 4,
	COST_HIGHEST = 31 /* of bcrypt */
};

static const char bcrypt_alphabet[] =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

enum rc
password_check(const char *password, const struct config *config)
{
	if (strlen(password) > PASSWORD_MAX)
		return RC_PASSWORD_LONG;
	if ((int64_t)utf8_count(password) < config->password_min_length)
		return RC_PASSWORD_SHORT;
	return blocklist_check(config->password_blocklist, password);
}

/* crypt(3) into ${out}, wiping its working memory. */
static enum rc
run_crypt(const char *password, const char *setting,
    char out[PASSWORD_HASH_SIZE])
{
	static struct crypt_data work; /* 32 KiB: too much for the stack */
	const char *hash = crypt_rn(password, setting, &work,
	    (int)sizeof(work));
	enum rc rc = RC_FAULT;

	if (hash == NULL || strlen(hash) != PASSWORD_HASH_SIZE - 1)
		log_error("password: crypt_rn: %s", strerror(errno));
	else {
		memcpy(out, hash, PASSWORD_HASH_SIZE);
		rc = RC_OK;
	}
	explicit_bzero(&work, sizeof(work));
	return rc;
}

static enum rc
make_setting(int64_t cost, const char salt[SALT_SIZE],
    char out[CRYPT_GENSALT_OUTPUT_SIZE])
{
	if (crypt_gensalt_rn("$2b$", (unsigned long)cost, salt, SALT_SIZE, out,
		CRYPT_GENSALT_OUTPUT_SIZE) == NULL) {
		log_error("password: crypt_gensalt_rn: %s", strerror(errno));
		return RC_FAULT;
	}
	return RC_OK;
}

enum rc
password_hash(const char *password, int64_t cost, char out[PASSWORD_HASH_SIZE])
{
	char salt[SALT_SIZE];
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	enum rc rc = random_bytes(salt, sizeof(salt));

	if (rc == RC_OK)
		rc = make_setting(cost, salt, setting);
	if (rc == RC_OK)
		rc = run_crypt(password, setting, out);
	return rc;
}

/* "$2b$", two digits of cost, "$", 53 of the alphabet. */
static bool
is_bcrypt(const char *hash)
{
	int cost = strlen(hash) > 4 ? atoi(hash + 4) : 0;

	return cost >= COST_LOWEST && cost <= COST_HIGHEST &&
	       strlen(hash) == PASSWORD_HASH_SIZE - 1 &&
	       strncmp(hash, "$2", 2) == 0 && strchr("aby", hash[2]) != NULL &&
	       hash[3] == '$' && strspn(hash + 4, "0123456789") == 2 &&
	       hash[6] == '$' && strspn(hash + 7, bcrypt_alphabet) == 53;
}

enum rc
password_verify(const char *password, const char *hash, int64_t cost)
{
	char again[PASSWORD_HASH_SIZE];
	enum rc rc;

	if (!is_bcrypt(hash))
		return password_refuse(password, cost);
	if (strlen(password) > PASSWORD_MAX)
		return password_refuse(password, atoi(hash + 4));
	rc = run_crypt(password, hash, again);
	if (rc == RC_OK &&
	    !digest_equal(again, strlen(again), hash, strlen(hash)))
		rc = RC_DENIED;
	explicit_bzero(again, sizeof(again));
	return rc;
}

enum rc
password_refuse(const char *password, int64_t cost)
{
	static const char salt[SALT_SIZE] = "any salt will do";
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	char hash[PASSWORD_HASH_SIZE];
	char cut[PASSWORD_MAX + 1];
	enum rc rc = make_setting(cost, salt, setting);

	snprintf(cut, sizeof(cut), "%s", password);
	if (rc == RC_OK)
		rc = run_crypt(cut, setting, hash);
	explicit_bzero(cut, sizeof(cut));
	explicit_bzero(hash, sizeof(hash));
	return rc == RC_OK ? RC_DENIED : rc;
}

bool
password_needs_rehash(const char *hash, int64_t cost)
{
	return strncmp(hash, "$2b$", 4) != 0 || atoi(hash + 4) != (int)cost;
}
