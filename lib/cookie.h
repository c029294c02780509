#ifndef LATCHKEY_COOKIE_H
#define LATCHKEY_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "pool.h"
#include "rc.h"

/* Cookies (RFC 6265, and its successor's name prefixes). */

enum {
	COOKIE_HEADER_MAX = 8 * 1024
}; /* bytes of Cookie: that are read */

/*
 * The value of the cookie ${name} in the header ${header} (NULL: there was
 * none), copied into ${mem} without its quotes.  RC_NOT_FOUND, and *value is
 * NULL: none, an empty one, two with different values (somebody who can set
 * cookies for a neighbouring host may have added one), or a header over
 * COOKIE_HEADER_MAX.  RC_FAULT: memory.
 */
enum rc cookie_find(const char *header, const char *name, struct pool *mem,
    const char **value) MUST_CHECK;

struct cookie {
	const char *prefix, *name, *value;
	const char *path, *domain; /* "": no Domain */
	int64_t max_age_s;
	bool secure;
};

/*
 * What follows "Set-Cookie: " (RFC 6265, 4.1), HttpOnly and SameSite=Lax
 * always; NULL without memory.
 */
const char *cookie_format(const struct cookie *cookie, struct pool *mem);

#endif
