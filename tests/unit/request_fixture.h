#ifndef LATCHKEY_REQUEST_FIXTURE_H
#define LATCHKEY_REQUEST_FIXTURE_H

#include "request.h"

#include "unit.h"

/* A gateway of a few parameters and a body; it stands before the library's. */

enum {
	PARAMS_MAX = 8
};

struct gateway {
	const char *params[PARAMS_MAX][2];
	bool fastcgi;
	const char *body;
	size_t len, most; /* bytes that come; bytes ever asked for */
};

const char *
gateway_param(const struct gateway *gateway, const char *name)
{
	for (size_t i = 0; i < PARAMS_MAX; i++)
		if (gateway->params[i][0] != NULL &&
		    strcmp(gateway->params[i][0], name) == 0)
			return gateway->params[i][1];
	return NULL;
}

enum gateway_role
gateway_role(const struct gateway *gateway)
{
	return gateway_param(gateway, "FCGI_ROLE") == NULL ? GATEWAY_RESPONDER
							   : GATEWAY_AUTHORIZER;
}

bool
gateway_is_fastcgi(const struct gateway *gateway)
{
	return gateway->fastcgi;
}

size_t
gateway_read(struct gateway *gateway, char *out, size_t cap)
{
	size_t len = cap < gateway->len ? cap : gateway->len;

	gateway->most = cap;
	memcpy(out, gateway->body, len);
	return len;
}

static struct config config;

static inline struct request
request_of(struct gateway *gateway)
{
	config = unit_config();
	config.origins[0] = "https://app.example";
	config.origins[1] = "http://localhost:3000";
	config.origin_count = 2;
	return (struct request){
		.gateway = gateway, .config = &config, .pool = unit_mem
	};
}

#endif
