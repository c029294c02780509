#ifndef LATCHKEY_CODE_ASK_H
#define LATCHKEY_CODE_ASK_H

#include "code.h"
#include "throttle.h"

/*
 * Serve a request for a code, {email}: a mail to that address, where it is an
 * account's and there is something that the code is good for.  Whoever asks is
 * answered the same in any case, after the same statements.
 *
 * RC_NO_MAIL, RC_MISSING, RC_EMAIL_INVALID, RC_THROTTLED (counted as
 * ${action}), RC_UNAVAILABLE, RC_FAULT.
 */
enum rc code_ask(struct request *rq, enum throttle_action action,
    const char *purpose) MUST_CHECK;

#endif
