#ifndef LATCHKEY_REQUEST_H
#define LATCHKEY_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "body.h"
#include "config.h"
#include "db.h"
#include "gateway.h"
#include "pool.h"
#include "rc.h"

/*
 * What came in, and what a handler needs to answer it.  All text is the
 * pool's or the gateway's and lives until the response is written.
 */

enum {
	REQUEST_BODY_MAX = 100 * 1024 /* bytes */
};

struct request {
	struct gateway *gateway;
	const struct config *config;
	struct db *db;
	struct pool *pool;
	int64_t now_ms; /* when it came, since the epoch */
	const char *method;
	const char *client_ip; /* of REMOTE_ADDR; "" when that is none */
	const char *item; /* what follows the program's name: "ID"; or "" */
	bool mail_is_due; /* the mailer has something to do now */
	int64_t retry_after_s; /* with RC_THROTTLED */
	struct body_field fields[BODY_FIELDS_MAX];
};

/* Fill in what is known without the body. */
void request_begin(struct request *rq);

/*
 * Whether the path is that of the program ${name}, with or without a .fcgi or
 * .cgi; with ${takes_item}, one segment more may follow, and is rq->item then.
 * "" is the greeting's, the front page where Latchkey lies.  RC_BAD_PATH,
 * RC_FAULT.
 */
enum rc request_check_path(struct request *rq, const char *name,
    bool takes_item) MUST_CHECK;

/* A header by its meta-variable, "HTTP_ORIGIN"; NULL: not sent. */
const char *request_header(const struct request *rq, const char *variable);

bool request_is_head(const struct request *rq);

/*
 * Whether a browser loads a page, and no script or program asks: GET, Accept
 * has text/html (RFC 9110, 12.5.1), and Sec-Fetch-Mode, where there is one, is
 * navigate.
 */
bool request_is_page_load(const struct request *rq);

/*
 * Read the query, and from it the fields ${names} (NULL-terminated), as those
 * of a form.  RC_BAD_FORM, RC_FAULT.
 */
enum rc
request_read_query(struct request *rq, const char *const *names) MUST_CHECK;

/*
 * Whether another site has a browser send this (OWASP, CSRF prevention):
 * Origin is not one of ours, or, where there is none, Sec-Fetch-Site is
 * neither same-origin nor none.
 */
bool request_is_cross_site(const struct request *rq);

/*
 * Read the body, as JSON (RFC 8259) or as a form, and from it the fields
 * ${names} (NULL-terminated).  No body is no fields.  RC_BODY_TOO_LARGE,
 * RC_BODY_TYPE, RC_BAD_JSON, RC_BAD_FORM, RC_FAULT.
 */
enum rc
request_read_body(struct request *rq, const char *const *names) MUST_CHECK;

/* The field's text, or NULL: missing, empty, or no string. */
const char *request_text(const struct request *rq, const char *name);

/* Whether the field is true. */
bool request_flag(const struct request *rq, const char *name);

/* The cookie ${name} under COOKIE_PREFIX; *value is NULL for none. */
enum rc request_cookie(const struct request *rq, const char *name,
    const char **value) MUST_CHECK;

/*
 * What follows "Authorization: Bearer" (RFC 6750, 2.1), whatever it is; NULL:
 * there is no such header, or nothing follows.
 */
const char *request_bearer(const struct request *rq);

#endif
