#include "cors.h"

#include <string.h>

void
cors_allow_origin(const struct request *rq, struct response *rs)
{
	const struct config *config = rq->config;
	const char *origin = request_header(rq, "HTTP_ORIGIN");
	const char *allowed = config->origins[0];

	response_header(rs, "Vary", "Origin");
	if (config->origin_count == 0)
		return;
	for (size_t i = 1; i < config->origin_count && origin != NULL; i++)
		if (strcmp(config->origins[i], origin) == 0)
			allowed = config->origins[i];
	response_header(rs, "Access-Control-Allow-Origin", allowed);
	response_header(rs, "Access-Control-Allow-Credentials", "true");
	/* They tell an expired token from a wrong password, and when to retry.
	 */
	response_header(rs, "Access-Control-Expose-Headers",
	    "WWW-Authenticate, Retry-After");
}

bool
cors_is_preflight(const struct request *rq)
{
	return strcmp(rq->method, "OPTIONS") == 0 &&
	       request_header(rq, "HTTP_ACCESS_CONTROL_REQUEST_METHOD") != NULL;
}

void
cors_answer_preflight(struct response *rs, const char *methods)
{
	rs->status = 204;
	response_header(rs, "Access-Control-Allow-Methods", methods);
	response_header(rs, "Access-Control-Allow-Headers",
	    "Content-Type, Authorization");
	response_header(rs, "Access-Control-Max-Age", "7200");
}
