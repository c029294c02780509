#include "endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cors.h"
#include "doctor.h"
#include "gateway.h"
#include "log.h"

/* What lives as long as the process. */
struct process {
	const struct endpoint *endpoint;
	struct config *config; /* NULL until settings are found good */
	struct db *db;
	struct pool *pool;	   /* of the request in hand */
	char why[CONFIG_WHY_SIZE]; /* the trouble that was logged last */
};

/*
 * Settings that are wrong leave the process alive, for a server would start
 * it again and again; they are read anew with each request until somebody has
 * mended them.
 */
static enum rc
load_config(struct process *p, const struct gateway *gateway)
{
	char why[CONFIG_WHY_SIZE];
	enum rc rc;

	if (p->db != NULL)
		return RC_OK;
	rc = config_load(gateway_param(gateway, "LATCHKEY_ENV"), &p->config,
	    why);
	if (rc == RC_OK) {
		p->db = db_new(p->config);
		if (p->db != NULL)
			return RC_OK;
		config_free(p->config);
		snprintf(why, sizeof(why), "no memory");
	}
	p->config = NULL;
	if (strcmp(why, p->why) != 0) {
		memcpy(p->why, why, sizeof(why));
		log_error("settings: %s", why);
	}
	return RC_FAULT;
}

static bool
is_head(const struct request *rq)
{
	return strcmp(rq->method, "HEAD") == 0;
}

static const struct endpoint_route *
find_route(const struct endpoint *endpoint, const struct request *rq)
{
	const char *method = is_head(rq) ? "GET" : rq->method;

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
	return strcmp(rq->method, "GET") != 0 && !is_head(rq);
}

/* A web server may run a responder as a guard by mistake: let nobody in. */
static enum rc
check_role(const struct request *rq)
{
	const char *role = gateway_param(rq->gateway, "FCGI_ROLE");

	if (role == NULL || strcmp(role, "RESPONDER") == 0)
		return RC_OK;
	log_error("the web server runs this program as a FastCGI %s, but it "
		  "is a responder: mend the server's configuration",
	    role);
	return RC_FAULT;
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
answer_request(struct process *p, struct request *rq, struct response *rs)
{
	const struct endpoint *endpoint = p->endpoint;
	const struct endpoint_route *route = find_route(endpoint, rq);
	const char *methods = methods_of(endpoint, rq->pool);
	enum rc rc = check_role(rq);

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
	answer_give(rs, route != NULL ? route->answers : NULL, rc, rq->config);
}

static void
serve(struct gateway *gateway, void *arg)
{
	struct process *p = arg;
	struct request rq = { .gateway = gateway, .pool = p->pool };
	struct response rs;
	enum rc rc = load_config(p, gateway);

	rq.config = p->config;
	rq.db = p->db;
	response_begin(&rs, p->pool);
	request_begin(&rq);
	if (rc == RC_OK) {
		db_begin(p->db);
		answer_request(p, &rq, &rs);
	} else {
		answer_give(&rs, NULL, rc, NULL);
	}
	response_write(&rs, gateway, is_head(&rq));
	response_end(&rs);
	pool_reset(p->pool);
}

int
endpoint_run(const struct endpoint *endpoint)
{
	const char *name = *endpoint->name != '\0' ? endpoint->name : "index";
	struct process p = { .endpoint = endpoint };
	enum gateway_kind kind = gateway_detect();

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }); /* secrets inside */
	if (kind == GATEWAY_NONE)
		return doctor_run(name);
	log_open(name);
	p.pool = pool_new();
	if (p.pool == NULL) {
		log_error("no memory");
		return EXIT_FAILURE;
	}
	gateway_run(kind, serve, &p);
	db_free(p.db);
	config_free(p.config);
	pool_free(p.pool);
	return EXIT_SUCCESS;
}
