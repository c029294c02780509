#ifndef LATCHKEY_BASE_PATH_H
#define LATCHKEY_BASE_PATH_H

#include "request.h"

/*
 * Where on its site Latchkey lies: "/shop" for /shop/api/v1/users/login, "" for
 * /api/v1/users/login.  Cookies, redirects and the log-in page are below it,
 * so that two of them on one host do not meet.
 *
 * It is what a parameter LATCHKEY_BASE says, which is the server's to set;
 * else what stands before /api/v1/users in SCRIPT_NAME (RFC 3875, 4.1.13),
 * which a server has made and no client.  An authorizer is asked about other
 * paths than its own, so for it there is the parameter alone.
 */

/* Percent-encoded (RFC 3986, 2.1), with no slash at its end; NULL without
 * memory. */
const char *base_path(const struct request *rq);

/* ${path}, which begins with a slash, below it; NULL without memory. */
const char *base_path_join(const struct request *rq, const char *path);

#endif
