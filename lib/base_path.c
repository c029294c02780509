#include "base_path.h"

#include <string.h>

#include "percent.h"
#include "return_path.h"

static const char api[] = "/api/v1/users";

/* The last one: what is ours is nearest to the program's name. */
static const char *
find_api(const char *path)
{
	const char *found = NULL;

	for (const char *at = path; (at = strstr(at, api)) != NULL; at++) {
		char next = at[sizeof(api) - 1];

		if (next == '/' || next == '\0')
			found = at;
	}
	return found;
}

/* Text that goes into headers, so nothing but a path on this site. */
static const char *
checked(const char *base, struct pool *mem)
{
	const char *encoded = base != NULL ? percent_encode(base, mem) : NULL;
	size_t len = encoded != NULL ? strlen(encoded) : 0;

	if (len > 0 &&
	    (!return_path_is_safe(encoded) || encoded[len - 1] == '/'))
		return "";
	return encoded;
}

const char *
base_path(const struct request *rq)
{
	const char *given = gateway_param(rq->gateway, "LATCHKEY_BASE");
	const char *script = gateway_param(rq->gateway, "SCRIPT_NAME");
	const char *end;

	if (given != NULL)
		return checked(given, rq->pool);
	if (script == NULL || gateway_role(rq->gateway) != GATEWAY_RESPONDER)
		return "";
	end = find_api(script);
	if (end == NULL)
		return "";
	return checked(pool_copy(rq->pool, script, (size_t)(end - script)),
	    rq->pool);
}

const char *
base_path_join(const struct request *rq, const char *path)
{
	const char *base = base_path(rq);

	return base != NULL ? pool_printf(rq->pool, "%s%s", base, path) : NULL;
}
