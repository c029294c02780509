/*
 * What the web server shows to whoever the guard has turned away: Apache's
 * ErrorDocument 401, nginx's error_page.  It looks for itself who asks, for
 * neither server hands on what the guard said.
 */
#include "answer.h"
#include "gate.h"
#include "program.h"

/*
 * What the request had that was turned away.  Apache renames it for the error
 * document, and once more where a rewrite leads on to the program's file.
 */
static const char *
original(const struct request *rq, const char *variable)
{
	static const char prefix[] = "REDIRECT_REDIRECT_";
	const char *value = NULL;

	for (size_t skip = 0; skip < sizeof(prefix); skip += 9) {
		const char *name = pool_printf(rq->pool, "%s%s", prefix + skip,
		    variable);

		if (name != NULL)
			value = gateway_param(rq->gateway, name);
		if (value != NULL)
			break;
	}
	return value;
}

/* Apache makes a GET of every error and keeps the method beside it. */
static void
restore_method(struct request *rq)
{
	const char *method = original(rq, "REQUEST_METHOD");

	if (method != NULL)
		rq->method = method;
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
	rc = gate_admit(rq, original(rq, "LATCHKEY_ALLOW"), &auth);
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
