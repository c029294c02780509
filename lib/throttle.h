#ifndef LATCHKEY_THROTTLE_H
#define LATCHKEY_THROTTLE_H

#include "rc.h"
#include "request.h"

/*
 * Limits on guessing (OWASP ASVS 6.3.1).  Attempts are counted in the table
 * attempts, so that all processes and hosts count together: by the address
 * they come from, by account and address, and by account.  Each counter is a
 * leaky bucket (GCRA): a setting such as THROTTLE_ADDRESS=100/3600 admits 100
 * at once, and gives one back every 36 seconds.
 *
 * Who guesses at an account from many addresses fills the counter of that
 * account and so would lock its owner out.  A device that the account was
 * signed in on before is therefore counted by itself alone: see device.h.
 */

enum throttle_action {
	THROTTLE_PASSWORD, /* log-in, and what asks for the password again */
	THROTTLE_REGISTER,
	THROTTLE_FORGOT,
	THROTTLE_RESEND,
	THROTTLE_RESET,
	THROTTLE_VERIFY,
	THROTTLE_DOCTOR /* no account: by address alone */
};

/*
 * Count one attempt at the account of ${email} (in lower case; whether there
 * is one makes no difference), from ${device}, an ID that device_of() has
 * found good for the account, or "".  RC_THROTTLED: too many, and
 * rq->retry_after_s says when to come again; RC_UNAVAILABLE; RC_FAULT.
 */
enum rc throttle_attempt(struct request *rq, enum throttle_action action,
    const char *email, const char *device) MUST_CHECK;

/*
 * An attempt was right: the counters of account and address, and of the
 * device, start anew, and the others get it back.
 */
enum rc throttle_forgive(struct request *rq, enum throttle_action action,
    const char *email, const char *device) MUST_CHECK;

#endif
