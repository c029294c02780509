#ifndef LATCHKEY_PERCENT_H
#define LATCHKEY_PERCENT_H

#include "pool.h"

/*
 * ${text} as a value in a query or fragment: all but unreserved characters
 * (RFC 3986, 2.3) and "/" as %XX.  NULL without memory.
 */
const char *percent_encode(const char *text, struct pool *mem);

#endif
