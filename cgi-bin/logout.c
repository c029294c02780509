/* POST /api/v1/users/logout {everywhere}, guarded */
#include "auth.h"
#include "endpoint.h"
#include "reply.h"
#include "signin.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Logged out successfully", ANSWER_PLAIN },
};

/*
 * Who comes back after a while has no access token any more, and may still
 * sign out with the refresh token.  Where that does not do either, the answer
 * is about the access token.
 */
static enum rc
identify(struct request *rq, struct auth *auth)
{
	enum rc rc = auth_user(rq, auth), other;

	if (rc != RC_TOKEN_NONE && rc != RC_TOKEN_EXPIRED)
		return rc;
	other = auth_by_refresh_token(rq, auth);
	if (other == RC_OK || other == RC_UNAVAILABLE || other == RC_FAULT)
		return other;
	return rc;
}

static enum rc
end_sessions(struct request *rq, const struct auth *auth)
{
	size_t count;
	enum rc rc;

	if (request_flag(rq, "everywhere"))
		return signin_end_all(rq, auth->user.id, NULL, "logged_out",
		    &count);
	rc = signin_end(rq, auth->user.id, auth->session_id, "logged_out");
	return rc == RC_SESSION_UNKNOWN ? RC_SESSION_ENDED : rc;
}

static enum rc
sign_out(struct request *rq, struct response *rs)
{
	struct auth auth;
	enum rc rc = identify(rq, &auth);

	if (rc == RC_OK)
		rc = end_sessions(rq, &auth);
	/* Trouble of ours must sign nobody out; all else leaves no cookie. */
	if (rc != RC_UNAVAILABLE && rc != RC_FAULT && rc != RC_CONFLICT)
		reply_clear_tokens(rs, rq);
	if (rc == RC_OK)
		reply_no_user(rs);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "logout",
	    .routes = { { "POST", sign_out, answers } },
	    .fields = { "everywhere", "refreshToken" },
	});
}
