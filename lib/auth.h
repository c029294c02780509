#ifndef LATCHKEY_AUTH_H
#define LATCHKEY_AUTH_H

#include <stdbool.h>

#include "rc.h"
#include "request.h"
#include "user.h"

/* Who sends a request.  All of it reads, and never changes anything. */

struct auth {
	struct user user; /* as user_by_session() fills it in */
	char session_id[UUID_TEXT_SIZE];
};

/*
 * By the access token: of the cookie accessToken, else of Authorization:
 * Bearer (RFC 6750, 2.1).  The user and the session must still be there.
 * RC_TOKEN_NONE to RC_TOKEN_EXPIRED, as token_verify() judges it;
 * RC_NOT_FOUND: the user is gone; RC_SESSION_ENDED; RC_UNAVAILABLE; RC_FAULT.
 */
enum rc auth_user(struct request *rq, struct auth *out) MUST_CHECK;

/*
 * The refresh token that was sent: the cookie refreshToken, else the field
 * refreshToken of the body.  RC_TOKEN_NONE, RC_FAULT.
 */
enum rc auth_refresh_token(struct request *rq, const char **text) MUST_CHECK;

/*
 * By a refresh token that could be refreshed with now: as auth_user(), and
 * RC_TOKEN_SPENT.
 */
enum rc auth_by_refresh_token(struct request *rq, struct auth *out) MUST_CHECK;

/*
 * Whether ${rc} means that signing in is what is missing: there is no token,
 * or one that is of no use any more.
 */
bool auth_is_missing(enum rc rc);

#endif
