#ifndef LATCHKEY_ENDPOINT_H
#define LATCHKEY_ENDPOINT_H

#include <stdbool.h>

#include "answer.h"
#include "rc.h"
#include "request.h"
#include "response.h"

/*
 * A program is a table, and its main() is endpoint_run().  What every program
 * does alike is done there: the loop, the settings, paths and methods, CORS,
 * the cross-site check, reading the body, and writing the answer.
 */

enum {
	ENDPOINT_ROUTES_MAX = 3
};

struct endpoint_route {
	const char *method; /* "GET" also serves HEAD */
	enum rc (*handle)(struct request *rq, struct response *rs);
	const struct answer
	    *answers; /* RC__COUNT rows; NULL: only the common */
};

struct endpoint {
	const char *name; /* the URL's last segment; "" for the greeting */
	bool takes_item;  /* "/ID" may follow: rq->item */
	struct endpoint_route routes[ENDPOINT_ROUTES_MAX];
	/* It does, and yields the processor to programs that do not. */
	bool hashes_passwords;
	/* What is read of a body, the last one NULL. */
	const char *fields[BODY_FIELDS_MAX + 1];
};

/*
 * Serve as FastCGI or CGI, as the web server has it.  Started by none, tell
 * what this is and check settings and database.  Returns the exit status.
 */
int endpoint_run(const struct endpoint *endpoint);

#endif
