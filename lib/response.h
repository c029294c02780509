#ifndef LATCHKEY_RESPONSE_H
#define LATCHKEY_RESPONSE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "gateway.h"
#include "pool.h"
#include "rc.h"

/*
 * What goes out: a status, headers, and a JSON object or a text.  It is put
 * together in the request's pool and written once, at the end.  Running out
 * of memory on the way is remembered, and response_write() then answers 500.
 */
struct response {
	struct pool *pool;
	int status;
	const char *headers;   /* lines with their ends */
	const char *text_type; /* with a text in place of the JSON object */
	const char *text;
	cJSON *json; /* owned; every program's answer is an object */
	bool bare;   /* status and headers, and nothing that we always add */
	bool failed;
};

/* Start an answer; response_end() frees what it holds. */
void response_begin(struct response *rs, struct pool *pool);
void response_end(struct response *rs);

/* Drop every member and text so far; headers stay. */
void response_drop_content(struct response *rs);

/* Add a header; a value with a control character in it is a failure. */
void response_header(struct response *rs, const char *name, const char *value);

/* Answer with a text in place of JSON. */
void response_text(struct response *rs, const char *type, const char *text);

/* Add a member; those of NULL are left out. */
void response_add(struct response *rs, const char *name, const char *value);

void response_add_number(struct response *rs, const char *name, double value);

/* Add what the caller fills in; NULL without memory. */
cJSON *response_add_object(struct response *rs, const char *name);
cJSON *response_add_array(struct response *rs, const char *name);

/*
 * Write status, headers and body, the body not when ${head} (RFC 9110, 9.3.2)
 * or with 204.
 */
void response_write(struct response *rs, struct gateway *gateway, bool head);

#endif
