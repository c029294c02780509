#ifndef LATCHKEY_ANSWER_H
#define LATCHKEY_ANSWER_H

#include <stdint.h>

#include "config.h"
#include "rc.h"
#include "response.h"

/*
 * What each way to end is in HTTP.  A program's table has RC__COUNT rows,
 * [RC_...] = { status, message }; rows it leaves out are answered as by every
 * program.
 */

/* Which WWW-Authenticate goes with it (RFC 6750, 3). */
enum answer_challenge {
	ANSWER_PLAIN,  /* none */
	ANSWER_BEARER, /* no token was sent */
	ANSWER_INVALID /* error="invalid_token" */
};

struct answer {
	int status;
	const char *message; /* NULL: the answer has none */
	enum answer_challenge challenge;
};

/*
 * Give ${rs} the status, the message and the headers of ${rc}.  An answer
 * that is no success loses what the handler has put into its body.
 */
void answer_give(struct response *rs, const struct answer *table, enum rc rc,
    const struct config *config);

/* When to come again (RFC 9110, 10.2.3). */
void answer_retry_after(struct response *rs, int64_t seconds);

#endif
