/*
 * What the web server shows to whoever the guard has turned away: Apache's
 * ErrorDocument 401, nginx's error_page.  It looks for itself who asks, for
 * neither server hands on what the guard said.
 */
#include "answer.h"
#include "gate.h"
#include "program.h"

/* Apache makes a GET of every error and keeps the method beside it. */
static void
restore_method(struct request *rq)
{
	const char *method = gateway_param(rq->gateway,
	    "REDIRECT_REQUEST_METHOD");

	if (method != NULL)
		rq->method = method;
}

/* The directory's list, which Apache renames for the error document. */
static const char *
find_list(const struct request *rq)
{
	const char *list = gateway_param(rq->gateway,
	    "REDIRECT_LATCHKEY_ALLOW");

	return list != NULL ? list
			    : gateway_param(rq->gateway, "LATCHKEY_ALLOW");
}

static enum rc
find_reason(struct request *rq)
{
	struct auth auth;
	enum rc rc = RC_BAD_PATH;

	if (!program_has_role(rq, GATEWAY_RESPONDER))
		return RC_FAULT;
	/* Asked for itself, it has nothing to say. */
	if (request_check_path(rq, "denied", false) != RC_BAD_PATH)
		return rc;
	rc = gate_admit(rq, find_list(rq), &auth);
	/* Then the guard had no way to find out: its database was away. */
	return rc == RC_OK ? RC_UNAVAILABLE : rc;
}

static void
deny(struct request *rq, struct response *rs, const void *arg)
{
	(void)arg;
	restore_method(rq);
	gate_refuse(rq, rs, find_reason(rq));
}

int
main(void)
{
	return program_run(&(struct program){
	    .name = "denied", .answer = deny });
}
