#ifndef LATCHKEY_DEVICE_H
#define LATCHKEY_DEVICE_H

#include "request.h"
#include "response.h"
#include "user.h"

/*
 * Devices that an account has been signed in on (OWASP, "Slow down online
 * guessing attacks with device cookies").  The cookie deviceToken opens
 * nothing: it only has its attempts counted apart from those of strangers.
 * It is there while THROTTLE is on, and good until the password changes: who
 * knew the old one must not have an easier guess at the new.
 */

enum {
	DEVICE_ID_SIZE = 33,	       /* hex of 128 bits, and a NUL */
	DEVICE_TTL_S = 400 * 24 * 3600 /* as long as browsers keep a cookie */
};

/*
 * The ID in a deviceToken that was given to ${user}, a row read in full; ""
 * where there is none.  RC_FAULT.
 */
enum rc device_of(struct request *rq, const struct user *user,
    char out[DEVICE_ID_SIZE]) MUST_CHECK;

/* Set the cookie: ${id} again, or a new one where that is "".  RC_FAULT. */
enum rc device_remember(struct request *rq, struct response *rs,
    const struct user *user, const char *id) MUST_CHECK;

#endif
