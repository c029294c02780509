#ifndef LATCHKEY_ORIGIN_H
#define LATCHKEY_ORIGIN_H

#include <stdbool.h>

/*
 * Whether ${text} is what a browser puts into Origin (RFC 6454, 6.2): http or
 * https, a lower-case host name, IPv4 or [IPv6] address, a port unless it is
 * the scheme's own, and nothing more.  Plain http is for loopback alone.
 */
bool origin_is_valid(const char *text);

#endif
