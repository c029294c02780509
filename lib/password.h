#ifndef LATCHKEY_PASSWORD_H
#define LATCHKEY_PASSWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "rc.h"

/*
 * Passwords and their bcrypt hashes, as crypt(5) strings "$2b$10$...".
 * Passwords are bytes: no trimming, no Unicode normalization, the same at
 * registration, log-in and change.
 */
enum {
	PASSWORD_MAX = 72, /* bytes: bcrypt reads no further */
	PASSWORD_HASH_SIZE = 61
};

/*
 * Whether a new password may be had: RC_PASSWORD_LONG above PASSWORD_MAX
 * bytes, RC_PASSWORD_SHORT below PASSWORD_MIN_LENGTH, RC_PASSWORD_COMMON on
 * the list of PASSWORD_BLOCKLIST.  RC_FAULT, logged: there is no such list.
 */
enum rc
password_check(const char *password, const struct config *config) MUST_CHECK;

/* Hash with a fresh salt.  RC_FAULT, logged: randomness, libxcrypt. */
enum rc password_hash(const char *password, int64_t cost,
    char out[PASSWORD_HASH_SIZE]) MUST_CHECK;

/*
 * RC_OK when ${hash} is of ${password}, else RC_DENIED.  Hashes once in every
 * case: also for a password over PASSWORD_MAX bytes, which never matches, and
 * for a hash that is not bcrypt ($2a$, $2b$, $2y$), which nothing matches
 * (at ${cost}, then).
 */
enum rc password_verify(const char *password, const char *hash,
    int64_t cost) MUST_CHECK;

/* Take the time of password_verify() for an account that is not there. */
enum rc password_refuse(const char *password, int64_t cost) MUST_CHECK;

/* Whether a hash that matched should be made anew at ${cost} as "$2b$". */
bool password_needs_rehash(const char *hash, int64_t cost);

#endif
