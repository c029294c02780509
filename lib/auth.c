#include "auth.h"

#include <string.h>

#include "session.h"
#include "token.h"

/* The user and the session that a good token names. */
static enum rc
find_session(struct request *rq, const struct token_claims *claims,
    struct auth *out, struct session *session)
{
	enum rc rc = user_by_session(rq->db, claims->user_id,
	    claims->session_id, rq->pool, &out->user);

	memcpy(out->session_id, claims->session_id, UUID_TEXT_SIZE);
	if (rc != RC_OK)
		return rc;
	if (out->user.sessions == NULL)
		return RC_SESSION_ENDED;
	rc = session_parse(claims->session_id, out->user.sessions, rq->pool,
	    session);
	if (rc == RC_INVALID ||
	    (rc == RC_OK &&
		session_is_over(session, rq->config, rq->now_ms / 1000)))
		rc = RC_SESSION_ENDED;
	return rc;
}

enum rc
auth_user(struct request *rq, struct auth *out)
{
	struct token_claims claims;
	struct session session;
	const char *text;
	enum rc rc = request_cookie(rq, "accessToken", &text);

	if (rc == RC_OK && text == NULL)
		text = request_bearer(rq);
	if (rc == RC_OK && text == NULL)
		rc = RC_TOKEN_NONE;
	if (rc == RC_OK)
		rc = token_verify(rq->config, TOKEN_ACCESS, text,
		    rq->now_ms / 1000, &claims);
	if (rc == RC_OK)
		rc = find_session(rq, &claims, out, &session);
	return rc;
}

enum rc
auth_refresh_token(struct request *rq, const char **text)
{
	enum rc rc = request_cookie(rq, "refreshToken", text);

	if (rc == RC_OK && *text == NULL)
		*text = request_text(rq, "refreshToken");
	if (rc == RC_OK && *text == NULL)
		rc = RC_TOKEN_NONE;
	return rc;
}

enum rc
auth_by_refresh_token(struct request *rq, struct auth *out)
{
	int64_t now_s = rq->now_ms / 1000;
	enum session_token verdict = SESSION_TOKEN_SPENT;
	struct token_claims claims;
	struct session session;
	const char *text, *current;
	enum rc rc = auth_refresh_token(rq, &text);

	if (rc == RC_OK)
		rc = token_verify(rq->config, TOKEN_REFRESH, text, now_s,
		    &claims);
	if (rc == RC_OK)
		rc = find_session(rq, &claims, out, &session);
	if (rc == RC_OK)
		rc = session_judge(&session, rq->config, text, &claims, now_s,
		    rq->pool, &verdict, &current);
	if (rc == RC_OK && verdict == SESSION_TOKEN_SPENT)
		rc = RC_TOKEN_SPENT;
	return rc;
}

bool
auth_is_missing(enum rc rc)
{
	switch (rc) {
	case RC_TOKEN_NONE:
	case RC_TOKEN_MALFORMED:
	case RC_TOKEN_SIGNATURE:
	case RC_TOKEN_INVALID:
	case RC_TOKEN_EXPIRED:
	case RC_TOKEN_SPENT:
	case RC_SESSION_ENDED:
	case RC_NOT_FOUND:
		return true;
	default:
		return false;
	}
}
