#ifndef LATCHKEY_RETURN_PATH_H
#define LATCHKEY_RETURN_PATH_H

#include <stdbool.h>

#include "pool.h"

/*
 * The parameter next: where somebody goes back to after signing in.  It comes
 * from outside, so it may be a path on this site and nothing else (CWE-601).
 */

enum {
	RETURN_PATH_MAX = 2048
}; /* bytes */

/*
 * Whether ${path} is a path on this site, perhaps with a query, to a browser
 * and to whatever server or proxy reads it next: one slash at its start, no
 * empty, "." or ".." segment, in whatever spelling; no backslash, encoded
 * slash or control character; printable ASCII; at most RETURN_PATH_MAX.
 */
bool return_path_is_safe(const char *path);

/*
 * "${url}?next=${path}", or with "&" where ${url} has a query already; ${path}
 * is percent-encoded (RFC 3986, 2.1).  Without next where ${path} is not safe.
 * NULL without memory.
 */
const char *
return_path_append(const char *url, const char *path, struct pool *mem);

#endif
