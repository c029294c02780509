#include "set_cookie.h"

#include <string.h>

#include "base_path.h"
#include "cookie.h"

static const char *
path_for(const struct request *rq, enum set_cookie_for whom)
{
	const char *base = base_path(rq);

	if (config_cookies_are_host_wide(rq->config))
		return "/";
	if (whom == SET_COOKIE_PROGRAMS)
		return base_path_join(rq, "/api/v1/users");
	return base != NULL && *base == '\0' ? "/" : base;
}

void
set_cookie(struct response *rs, const struct request *rq,
    enum set_cookie_for whom, const char *name, const char *value,
    int64_t max_age_s)
{
	const struct config *config = rq->config;
	struct cookie cookie = {
		.prefix = config->cookie_prefix,
		.name = name,
		.value = value,
		.path = path_for(rq, whom),
		.domain = config->cookie_domain,
		.max_age_s = max_age_s,
		.secure = config->cookie_secure,
	};

	response_header(rs, "Set-Cookie",
	    cookie.path != NULL && value != NULL
		? cookie_format(&cookie, rq->pool)
		: NULL);
}
