#ifndef LATCHKEY_GATE_H
#define LATCHKEY_GATE_H

#include "auth.h"
#include "rc.h"
#include "request.h"
#include "response.h"

/* Who may enter a protected directory, and what the others are told. */

/*
 * Whether the sender of ${rq} may enter: a signed-in user who is on ${list},
 * the directory's LATCHKEY_ALLOW (with an address that is verified, where mail
 * is on); NULL lets all of them in.  As auth_user(),
 * but that a deleted user's session has ended; RC_FORBIDDEN: not on the list.
 */
enum rc
gate_admit(struct request *rq, const char *list, struct auth *out) MUST_CHECK;

/*
 * Answer whoever may not enter for the reason ${rc}: a browser's preflight
 * with what CLIENT_URL allows; a page load that lacks nothing but a sign-in by
 * sending it through resume; all else in JSON.
 */
void gate_refuse(struct request *rq, struct response *rs, enum rc rc);

#endif
