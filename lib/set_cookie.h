#ifndef LATCHKEY_SET_COOKIE_H
#define LATCHKEY_SET_COOKIE_H

#include "request.h"
#include "response.h"

/* Our cookies, as the settings and the place on the site have them. */

enum set_cookie_for {
	SET_COOKIE_SITE,    /* for all that lies where Latchkey does */
	SET_COOKIE_PROGRAMS /* for our own programs alone */
};

/*
 * Set the cookie ${name}, under COOKIE_PREFIX, for ${max_age_s} seconds; an
 * empty value and 0 clear it.  With __Host- every cookie is for the whole host.
 */
void set_cookie(struct response *rs, const struct request *rq,
    enum set_cookie_for whom, const char *name, const char *value,
    int64_t max_age_s);

#endif
