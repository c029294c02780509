/*
 * GET /api/v1/users/resume?next=/path: go on with the session where its access
 * token has expired, and back to the page.  A redirect through here is how
 * that works without a script.
 */
#include "auth.h"
#include "base_path.h"
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

	if (rc != RC_OK && rc != RC_BAD_FORM)
		return rc;
	*next = rc == RC_OK ? request_text(rq, "next") : NULL;
	if (*next == NULL || !return_path_is_safe(*next))
		*next = base_path_join(rq, "/");
	return *next != NULL ? RC_OK : RC_FAULT;
}

/* The page to log in on, with the way back; NULL without memory. */
static const char *
log_in_first(const struct request *rq, const char *next)
{
	const char *url = rq->config->login_url;

	if (*url == '/')
		url = base_path_join(rq, url);
	return url != NULL ? return_path_append(url, next, rq->pool) : NULL;
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
		next = log_in_first(rq, next);
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
