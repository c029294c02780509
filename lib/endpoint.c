#include "endpoint.h"

#include <string.h>

#include "cors.h"
#include "log.h"
#include "program.h"

static const struct endpoint_route *
find_route(const struct endpoint *endpoint, const struct request *rq)
{
	const char *method = request_is_head(rq) ? "GET" : rq->method;

	for (size_t i = 0; i < ENDPOINT_ROUTES_MAX; i++)
		if (endpoint->routes[i].method != NULL &&
		    strcmp(endpoint->routes[i].method, method) == 0)
			return &endpoint->routes[i];
	return NULL;
}

/* "GET, HEAD, DELETE": what the program's path can be asked for. */
static const char *
methods_of(const struct endpoint *endpoint, struct pool *mem)
{
	const char *list = "";

	for (size_t i = 0; i < ENDPOINT_ROUTES_MAX && list != NULL; i++) {
		const char *method = endpoint->routes[i].method;

		if (method != NULL)
			list = pool_printf(mem, "%s%s%s%s", list,
			    *list != '\0' ? ", " : "", method,
			    strcmp(method, "GET") == 0 ? ", HEAD" : "");
	}
	return list;
}

static bool
changes_something(const struct request *rq)
{
	return strcmp(rq->method, "GET") != 0 && !request_is_head(rq);
}

static enum rc
handle(const struct endpoint *endpoint, const struct endpoint_route *route,
    struct request *rq, struct response *rs)
{
	enum rc rc = RC_OK;

	if (changes_something(rq)) {
		if (request_is_cross_site(rq)) {
			log_event("cross_site_refused",
			    &(struct log_who){ .client_ip = rq->client_ip });
			return RC_CROSS_SITE;
		}
		rc = request_read_body(rq, endpoint->fields);
	}
	if (rc == RC_OK)
		rc = route->handle(rq, rs);
	return rc;
}

static void
answer(struct request *rq, struct response *rs, const void *arg)
{
	const struct endpoint *endpoint = arg;
	const struct endpoint_route *route = find_route(endpoint, rq);
	const char *methods = methods_of(endpoint, rq->pool);
	enum rc rc = program_has_role(rq, GATEWAY_RESPONDER) ? RC_OK : RC_FAULT;

	cors_allow_origin(rq, rs);
	if (rc == RC_OK)
		rc = request_check_path(rq, endpoint->name,
		    endpoint->takes_item);
	if (rc == RC_OK && strcmp(rq->method, "OPTIONS") == 0) {
		cors_answer_preflight(rs, methods);
		return;
	}
	if (rc == RC_OK && route == NULL) {
		response_header(rs, "Allow",
		    pool_printf(rq->pool, "%s, OPTIONS", methods));
		rc = RC_BAD_METHOD;
	}
	if (rc == RC_OK)
		rc = handle(endpoint, route, rq, rs);
	if (rc == RC_THROTTLED)
		answer_retry_after(rs, rq->retry_after_s);
	answer_give(rs, route != NULL ? route->answers : NULL, rc, rq->config);
}

int
endpoint_run(const struct endpoint *endpoint)
{
	return program_run(&(struct program){
	    .name = *endpoint->name != '\0' ? endpoint->name : "index",
	    .answer = answer,
	    .arg = endpoint,
	    .yields = endpoint->hashes_passwords,
	});
}
