/* POST /api/v1/users/refresh-token, by cookie or {refreshToken} */
#include "auth.h"
#include "endpoint.h"
#include "reply.h"
#include "signin.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Access token refreshed", ANSWER_PLAIN },
	[RC_TOKEN_NONE] = { 401, "Refresh token not found", ANSWER_BEARER },
};

static enum rc
refresh(struct request *rq, struct response *rs)
{
	struct tokens tokens;
	const char *text;
	enum rc rc = auth_refresh_token(rq, &text);

	if (rc == RC_OK)
		rc = signin_refresh(rq, text, &tokens);
	if (rc == RC_OK)
		reply_tokens(rs, rq, &tokens);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "refresh-token",
	    .routes = { { "POST", refresh, answers } },
	    .fields = { "refreshToken" },
	});
}
