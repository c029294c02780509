/*
 * GET /api/v1/users/resume?next=/path: go on with the session where its access
 * token has expired, and back to the page.  A redirect through here is how
 * that works without a script.
 */
#include "auth.h"
#include "endpoint.h"
#include "reply.h"
#include "return_path.h"
#include "signin.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 302, NULL, ANSWER_PLAIN },
};

/* Where to go on to: a path on this site; all else is the front page. */
static enum rc
read_next(struct request *rq, const char **next)
{
	static const char *const names[] = { "next", NULL };
	enum rc rc = request_read_query(rq, names);

	*next = rc == RC_OK ? request_text(rq, "next") : NULL;
	if (*next == NULL || !return_path_is_safe(*next))
		*next = "/";
	return rc == RC_BAD_FORM ? RC_OK : rc;
}

static enum rc
resume(struct request *rq, struct response *rs)
{
	struct tokens tokens;
	const char *next, *text;
	enum rc rc = read_next(rq, &next);

	if (rc != RC_OK)
		return rc;
	rc = auth_refresh_token(rq, &text);
	if (rc == RC_OK)
		rc = signin_refresh(rq, text, &tokens);
	if (rc == RC_OK)
		reply_token_cookies(rs, rq, &tokens);
	if (auth_is_missing(rc)) {
		next = return_path_append(rq->config->login_url, next,
		    rq->pool);
		rc = RC_OK;
	}
	if (rc == RC_OK)
		response_header(rs, "Location", next);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "resume",
	    .routes = { { "GET", resume, answers } },
	});
}
