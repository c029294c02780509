#ifndef LATCHKEY_BODY_H
#define LATCHKEY_BODY_H

#include "pool.h"
#include "rc.h"
#include "request.h"

/*
 * Fill in those of ${fields} (REQUEST_FIELDS_MAX; a NULL name ends them) that
 * the body names.  Others are passed over.  A field that stands twice, or
 * whose name or value holds a NUL, makes the whole body bad.
 */

/* RC_BAD_JSON: no RFC 8259 object, or as above.  RC_FAULT: memory. */
enum rc body_read_json(const char *body, size_t len,
    struct request_field *fields, struct pool *mem) MUST_CHECK;

/*
 * application/x-www-form-urlencoded (WHATWG URL, 5.1), in place.  RC_BAD_FORM:
 * a broken % escape, no UTF-8, or as above.
 */
enum rc
body_read_form(char *body, size_t len, struct request_field *fields) MUST_CHECK;

#endif
