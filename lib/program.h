#ifndef LATCHKEY_PROGRAM_H
#define LATCHKEY_PROGRAM_H

#include "request.h"
#include "response.h"

/*
 * What every program is: a process that reads its settings, holds one
 * connection to the database, and answers one request after the other.
 */

struct program {
	const char *name; /* in the log */
	/* Fill in ${rs}; settings and database are there. */
	void (*answer)(struct request *rq, struct response *rs,
	    const void *arg);
	/* The same where the settings are wrong, ${why}: rq->config and
	 * rq->db are NULL.  NULL: it is a 500. */
	void (*answer_unset)(struct request *rq, struct response *rs,
	    const char *why);
	const void *arg;
	bool seldom; /* asked: it keeps no connection to the database */
	bool yields; /* the processor to programs that need it for less long */
};

/*
 * Serve as FastCGI or CGI, as the web server has it.  Started by none, tell
 * what this is and check settings and database.  Returns the exit status.
 */
int program_run(const struct program *program);

/*
 * Whether the server runs this program in the ${role} it is made for; logged
 * where it does not.  A responder that is run as a guard by mistake would let
 * everybody in.
 */
bool program_has_role(const struct request *rq, enum gateway_role role);

#endif
