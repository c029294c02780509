#ifndef LATCHKEY_TOKEN_H
#define LATCHKEY_TOKEN_H

#include <stdint.h>

#include "config.h"
#include "digest.h"
#include "email.h"
#include "pool.h"
#include "rc.h"
#include "uuid.h"

/*
 * Access and refresh tokens: compact JWS (RFC 7515, 7.1) with HS256 over a
 * claims set (RFC 7519), a secret of its own for each kind.  libjwt signs
 * them.  They are verified here: libjwt takes much that is not canonical, other
 * algorithms, repeated claims and any expiry, so all of that would have to be
 * checked beside it, and the token parsed twice with each request.
 */

enum {
	TOKEN_MAX = 4096
}; /* bytes of a token that is looked at */

enum token_kind {
	TOKEN_ACCESS,
	TOKEN_REFRESH
};

struct token_claims {
	char user_id[UUID_TEXT_SIZE];	 /* "_id" */
	char session_id[UUID_TEXT_SIZE]; /* "sid" */
	char email[EMAIL_SIZE];		 /* "email", of access tokens */
	char id[DIGEST_HEX_SIZE];	 /* "jti", of refresh tokens */
	int64_t issued_s, expires_s;	 /* "iat", "exp": since the epoch */
};

/*
 * Sign ${claims}.  The same claims give the same bytes.  On RC_OK *out is a
 * string in ${mem}; RC_FAULT, logged: signing, memory.
 */
enum rc token_mint(const struct config *config, enum token_kind kind,
    const struct token_claims *claims, struct pool *mem,
    const char **out) MUST_CHECK;

/*
 * Judge ${text} at the time ${now_s}, in this order: RC_TOKEN_MALFORMED (its
 * form), RC_TOKEN_SIGNATURE (algorithm, MAC), RC_TOKEN_INVALID (claims, kind),
 * RC_TOKEN_EXPIRED ("exp" is now or past; *claims is set all the same).  The
 * payload is not looked at before the MAC is found good.  RC_FAULT: memory.
 */
enum rc token_verify(const struct config *config, enum token_kind kind,
    const char *text, int64_t now_s, struct token_claims *claims) MUST_CHECK;

/*
 * The "jti" of the one token that can follow the refresh token ${text}:
 * HMAC-SHA256 of it under a key derived from the refresh secret.
 */
enum rc token_successor_id(const struct config *config, const char *text,
    char out[DIGEST_HEX_SIZE]) MUST_CHECK;

#endif
