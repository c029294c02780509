#ifndef LATCHKEY_DIGEST_H
#define LATCHKEY_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "rc.h"

enum {
	DIGEST_SIZE = 32,		      /* bytes of SHA-256 */
	DIGEST_HEX_SIZE = 2 * DIGEST_SIZE + 1 /* as lower-case hex, with NUL */
};

/*
 * Before anything else of OpenSSL: leave out its configuration file and its
 * tables of algorithms, which digests do without and TLS does not.  For a
 * process that serves one request, a tenth of its time.
 */
void digest_start_light(void);

/* Find what the functions below need once, for processes forked after this. */
void digest_prepare(void);

/* SHA-256 (FIPS 180-4) of ${len} bytes, as hex. */
enum rc digest_sha256_hex(const void *data, size_t len,
    char out[DIGEST_HEX_SIZE]) MUST_CHECK;

/* HMAC-SHA256 (RFC 2104, RFC 4231). */
enum rc digest_hmac(const void *key, size_t key_len, const void *data,
    size_t len, unsigned char out[DIGEST_SIZE]) MUST_CHECK;

/*
 * HMAC-SHA256 of ${text} under a sub-key of ${key}, the HMAC of ${purpose}: one
 * secret serves several purposes, and what is made for one of them is of no
 * use for another.
 */
enum rc digest_sub_hmac(const void *key, size_t key_len, const char *purpose,
    const char *text, unsigned char out[DIGEST_SIZE]) MUST_CHECK;

/* Lower-case hex of ${len} bytes and a NUL: 2 * ${len} + 1 bytes in ${out}. */
void digest_hex(const unsigned char *bytes, size_t len, char *out);

/* Whether two secrets are equal, in a time that tells only their length. */
bool digest_equal(const void *a, size_t a_len, const void *b, size_t b_len);

#endif
