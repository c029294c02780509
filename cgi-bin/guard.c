/*
 * Whether a request may pass into a protected directory.  As an authorizer
 * (mod_fcgid's FcgidAccessChecker, lighttpd), or as a responder, whose status
 * tells (nginx's auth_request, the forward-auth of other proxies).
 *
 * It reads no body, for in the first seat there is none and a read would wait
 * for ever, and it changes nothing, for it may be asked more than once.
 */
#include "answer.h"
#include "cors.h"
#include "gate.h"
#include "program.h"

/*
 * AUTH_USER_ID and AUTH_EMAIL of the protected program.  On Apache all that is
 * printed here goes to the client as well, but for what its configuration
 * takes out by name: so not one header more.
 *
 * Where an error document lies in the directory Apache asks twice, and would
 * hand on both answers as one: "ID, ID".  The second time, it still has the
 * first.
 */
static void
admit_by_variables(const struct request *rq, struct response *rs,
    const struct user *user)
{
	rs->status = 200;
	rs->bare = true;
	if (gateway_param(rq->gateway, "REDIRECT_AUTH_USER_ID") != NULL)
		return;
	response_header(rs, "Variable-AUTH_USER_ID", user->id);
	response_header(rs, "Variable-AUTH_EMAIL", user->email);
}

static void
admit_by_headers(struct response *rs, const struct user *user)
{
	rs->status = 204;
	response_header(rs, "X-Auth-User-Id", user->id);
	response_header(rs, "X-Auth-Email", user->email);
}

/*
 * Apache makes 401 of every refusal and drops its body, nginx knows 401 and 403
 * alone; but headers they keep, which would stand beside those of "denied":
 * that one says it all.
 */
static void
refuse_in_short(struct response *rs)
{
	rs->status = 401;
	rs->bare = true;
}

static enum rc
admit(struct request *rq, struct auth *auth)
{
	return gate_admit(rq, gateway_param(rq->gateway, "LATCHKEY_ALLOW"),
	    auth);
}

static void
authorize(struct request *rq, struct response *rs)
{
	struct auth auth;
	enum rc rc = cors_is_preflight(rq) ? RC_TOKEN_NONE : admit(rq, &auth);

	if (rc == RC_OK)
		admit_by_variables(rq, rs, &auth.user);
	else if (gateway_param(rq->gateway, "FCGI_APACHE_ROLE") != NULL)
		refuse_in_short(rs);
	else
		gate_refuse(rq, rs, rc);
}

static void
respond(struct request *rq, struct response *rs)
{
	struct auth auth;
	bool has_denied = gateway_param(rq->gateway, "LATCHKEY_DENIED") != NULL;
	enum rc rc = has_denied && cors_is_preflight(rq) ? RC_TOKEN_NONE
							 : admit(rq, &auth);

	if (rc == RC_OK)
		admit_by_headers(rs, &auth.user);
	else if (has_denied)
		refuse_in_short(rs);
	else
		answer_give(rs, NULL, rc, rq->config);
}

static void
guard(struct request *rq, struct response *rs, const void *arg)
{
	(void)arg;
	switch (gateway_role(rq->gateway)) {
	case GATEWAY_RESPONDER:
		respond(rq, rs);
		break;
	case GATEWAY_AUTHORIZER:
		authorize(rq, rs);
		break;
	case GATEWAY_OTHER:
		(void)program_has_role(rq, GATEWAY_AUTHORIZER);
		answer_give(rs, NULL, RC_FAULT, rq->config);
	}
}

int
main(void)
{
	return program_run(&(struct program){
	    .name = "guard", .answer = guard });
}
