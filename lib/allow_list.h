#ifndef LATCHKEY_ALLOW_LIST_H
#define LATCHKEY_ALLOW_LIST_H

#include "pool.h"
#include "rc.h"

/*
 * Whether ${list} lets in whoever has the address ${email}, which is in lower
 * case.  A list is addresses and domains, "alice@example.com @example.org",
 * with blanks or commas between; a domain has no part in its sub-domains.  An
 * empty list lets everybody in.  RC_FORBIDDEN: not on it; RC_INVALID: one of
 * its entries is neither, and nobody is let in; RC_FAULT: memory.
 */
enum rc allow_list_check(const char *list, const char *email,
    struct pool *mem) MUST_CHECK;

#endif
