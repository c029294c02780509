#ifndef LATCHKEY_DOCTOR_H
#define LATCHKEY_DOCTOR_H

#include <stdbool.h>

#include "request.h"

/*
 * Whether everything is as it must be, a line for each thing that is looked
 * at:
 *
 *	NAME: good, WHAT
 *	NAME: WARN, WHAT; MEND		it works, but not as it should
 *	NAME: BAD, WHAT; MEND		it does not work, or is not safe
 *
 * in printable ASCII, and without a secret or a part of one.
 */

/*
 * For who starts a program in a terminal: print what ${program} is, and the
 * lines.  Returns EXIT_SUCCESS, or EXIT_FAILURE where something is BAD.
 */
int doctor_run(const char *program);

/*
 * For who asks through the web server, with what only a request shows as well.
 * ${why} is NULL, or what is wrong with the settings; then rq->config and
 * rq->db are NULL.  *text is all lines, from the request's pool, or NULL
 * without memory.  Returns whether nothing is BAD.
 */
bool doctor_visit(struct request *rq, const char *why, const char **text);

#endif
