#ifndef LATCHKEY_CORS_H
#define LATCHKEY_CORS_H

#include <stdbool.h>

#include "request.h"
#include "response.h"

/* Cross-origin resource sharing, as the Fetch standard has it (3.2). */

/*
 * Say who may read the answer: the request's Origin where it is one of
 * CLIENT_URL, else the first of them.  For every answer, errors too.
 */
void cors_allow_origin(const struct request *rq, struct response *rs);

/* Whether a browser asks if it may send what it is about to send (4.8). */
bool cors_is_preflight(const struct request *rq);

/* Answer OPTIONS: 204, and that the ${methods} of this path may be used. */
void cors_answer_preflight(struct response *rs, const char *methods);

#endif
