#ifndef LATCHKEY_SIGNIN_H
#define LATCHKEY_SIGNIN_H

#include <stddef.h>
#include <stdint.h>

#include "rc.h"
#include "request.h"
#include "user.h"

/*
 * Every change of somebody's sign-in state: read the row, decide with
 * session.h, compare and set; whoever loses the race for the row reads it
 * again and decides again.  Each logs its event once the row is written.
 *
 * All of them: RC_NOT_FOUND (the user is gone), RC_CONFLICT (lost too often,
 * or the password is another one by now), RC_UNAVAILABLE, RC_FAULT.
 */

enum {
	SIGNIN_TRIES_MAX = 5
};

struct tokens {
	const char *access, *refresh;
	int64_t access_expires_s, refresh_expires_s; /* since the epoch */
};

/*
 * Open a session for ${user}, whose password was just found right.  A live
 * session of the same user whose refresh token came along is replaced.
 * ${password} is the hash to store from now on.
 */
enum rc signin_open(struct request *rq, struct user *user, const char *password,
    struct tokens *tokens) MUST_CHECK;

/*
 * Rotate the refresh token ${text}.  Of any number that race with it, one
 * rotates; within the grace, the others are led to the same successor.
 * RC_TOKEN_MALFORMED to RC_TOKEN_EXPIRED; RC_TOKEN_SPENT: spent longer ago,
 * which may be theft and (REUSE_ENDS_SESSION) has ended the session, or the
 * session is over.
 */
enum rc signin_refresh(struct request *rq, const char *text,
    struct tokens *tokens) MUST_CHECK;

/* End one session; ${event} is logged.  RC_SESSION_UNKNOWN: not open. */
enum rc signin_end(struct request *rq, const char *user_id,
    const char *session_id, const char *event) MUST_CHECK;

/*
 * End all sessions but ${kept_id} (NULL: all of them); ${event} is logged for
 * each, and *count is how many there were.  RC_SESSION_ENDED: the one to keep
 * is not open any more.
 */
enum rc signin_end_all(struct request *rq, const char *user_id,
    const char *kept_id, const char *event, size_t *count) MUST_CHECK;

/*
 * Store the new password hash ${password} for ${user}, read in full, and end
 * all sessions but ${kept_id}.
 */
enum rc signin_change_password(struct request *rq, struct user *user,
    const char *password, const char *kept_id) MUST_CHECK;

#endif
