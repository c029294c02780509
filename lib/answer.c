#include "answer.h"

#include <inttypes.h>

static const struct answer common[RC__COUNT] = {
	[RC_OK] = { 200, NULL, ANSWER_PLAIN },
	[RC_FAULT] = { 500, "Something went wrong", ANSWER_PLAIN },
	[RC_UNAVAILABLE] = { 503, "Service unavailable", ANSWER_PLAIN },

	[RC_BAD_METHOD] = { 405, "Method not allowed", ANSWER_PLAIN },
	[RC_BAD_PATH] = { 404, "Not found", ANSWER_PLAIN },
	[RC_CROSS_SITE] = { 403, "Cross-site request refused", ANSWER_PLAIN },
	[RC_FORBIDDEN] = { 403, "Forbidden", ANSWER_PLAIN },
	[RC_BODY_TOO_LARGE] = { 413, "Request body too large", ANSWER_PLAIN },
	[RC_BODY_TYPE] = { 415, "Unsupported content type", ANSWER_PLAIN },
	[RC_BAD_JSON] = { 400, "Invalid JSON body", ANSWER_PLAIN },
	[RC_BAD_FORM] = { 400, "Invalid form body", ANSWER_PLAIN },

	[RC_EMAIL_INVALID] = { 400, "Invalid email", ANSWER_PLAIN },
	[RC_PASSWORD_SHORT] = { 400, NULL, ANSWER_PLAIN }, /* message_of() */
	[RC_PASSWORD_LONG] = { 400, "Password must be at most 72 bytes",
	    ANSWER_PLAIN },
	[RC_PASSWORD_COMMON] = { 400, "Password is too common", ANSWER_PLAIN },

	[RC_UNVERIFIED] = { 403, "Email not verified", ANSWER_PLAIN },
	[RC_THROTTLED] = { 429, "Too many attempts, try again later",
	    ANSWER_PLAIN },
	[RC_CODE_WRONG] = { 401, "Code is incorrect or has expired",
	    ANSWER_PLAIN },
	[RC_NO_MAIL] = { 501, "Mail is not set up", ANSWER_PLAIN },

	[RC_NOT_FOUND] = { 404, "User not found", ANSWER_PLAIN },
	[RC_DENIED] = { 401, "Incorrect password", ANSWER_PLAIN },
	/* Lost the race for the row again and again. */
	[RC_CONFLICT] = { 503, "Service unavailable", ANSWER_PLAIN },

	[RC_TOKEN_NONE] = { 401, "Token not found", ANSWER_BEARER },
	[RC_TOKEN_MALFORMED] = { 401, "jwt malformed", ANSWER_INVALID },
	[RC_TOKEN_SIGNATURE] = { 401, "invalid signature", ANSWER_INVALID },
	[RC_TOKEN_INVALID] = { 401, "invalid token", ANSWER_INVALID },
	[RC_TOKEN_EXPIRED] = { 401, "jwt expired", ANSWER_INVALID },
	[RC_TOKEN_SPENT] = { 401, "Refresh token is incorrect",
	    ANSWER_INVALID },
	[RC_SESSION_ENDED] = { 401, "Session has ended", ANSWER_INVALID },
	[RC_SESSION_UNKNOWN] = { 404, "Session not found", ANSWER_PLAIN },
};

static const char *
message_of(const struct answer *answer, enum rc rc, struct response *rs,
    const struct config *config)
{
	if (rc == RC_PASSWORD_SHORT)
		return pool_printf(rs->pool,
		    "Password must be at least %" PRId64 " characters",
		    config->password_min_length);
	return answer->message;
}

void
answer_give(struct response *rs, const struct answer *table, enum rc rc,
    const struct config *config)
{
	const struct answer *answer = &common[rc];

	if (table != NULL && table[rc].status != 0)
		answer = &table[rc];
	if (answer->status == 0)
		answer = &common[RC_FAULT]; /* no program ends this way */
	if (answer->status >= 400)
		response_drop_content(rs);
	rs->status = answer->status;
	response_add(rs, "message", message_of(answer, rc, rs, config));
	if (answer->challenge == ANSWER_BEARER)
		response_header(rs, "WWW-Authenticate", "Bearer");
	if (answer->challenge == ANSWER_INVALID)
		response_header(rs, "WWW-Authenticate",
		    "Bearer error=\"invalid_token\"");
	if (answer->status == 503)
		answer_retry_after(rs, 1);
}

void
answer_retry_after(struct response *rs, int64_t seconds)
{
	response_header(rs, "Retry-After",
	    pool_printf(rs->pool, "%" PRId64, seconds));
}
