#ifndef LATCHKEY_CREDENTIALS_H
#define LATCHKEY_CREDENTIALS_H

#include "device.h"
#include "rc.h"
#include "request.h"
#include "user.h"

/*
 * Whether ${password} is that of ${user}, a row read in full.  Attempts are
 * counted, and one too many is told before anything is hashed.  ${device} is
 * for device_remember() then.  RC_DENIED, RC_THROTTLED, RC_UNAVAILABLE,
 * RC_FAULT.
 */
enum rc credentials_check(struct request *rq, const struct user *user,
    const char *password, char device[DEVICE_ID_SIZE]) MUST_CHECK;

/*
 * The same for an address ${email} that has no account: RC_NOT_FOUND, or with
 * HIDE_ACCOUNTS RC_DENIED, in the time that a wrong password takes.
 */
enum rc credentials_refuse(struct request *rq, const char *email,
    const char *password) MUST_CHECK;

#endif
