#ifndef LATCHKEY_BODY_H
#define LATCHKEY_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "pool.h"
#include "rc.h"

enum {
	BODY_FIELDS_MAX = 4
};

/* A field of the body that a program reads. */
struct body_field {
	const char *name;
	const char *text; /* a string that is not empty, else NULL */
	bool is_true;	  /* JSON true; "true", "on" or "1" in a form */
};

/*
 * Fill in those of ${fields} (BODY_FIELDS_MAX; a NULL name ends them) that
 * the body names.  Others are passed over.  A field that stands twice, or
 * whose name or value holds a NUL, makes the whole body bad.
 */

/* RC_BAD_JSON: no RFC 8259 object, or as above.  RC_FAULT: memory. */
enum rc body_read_json(const char *body, size_t len, struct body_field *fields,
    struct pool *mem) MUST_CHECK;

/*
 * application/x-www-form-urlencoded (WHATWG URL, 5.1), in place.  RC_BAD_FORM:
 * a broken % escape, no UTF-8, or as above.
 */
enum rc
body_read_form(char *body, size_t len, struct body_field *fields) MUST_CHECK;

#endif
