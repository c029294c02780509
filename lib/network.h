#ifndef LATCHKEY_NETWORK_H
#define LATCHKEY_NETWORK_H

#include <stdbool.h>

/* IPv4 and IPv6 addresses and networks; an IPv4-mapped address is IPv4. */

enum {
	NETWORK_ADDRESS_SIZE = 16
};

struct network {
	/* As IPv6: IPv4 is mapped (RFC 4291, 2.5.5.2). */
	unsigned char address[NETWORK_ADDRESS_SIZE];
	unsigned bits;
};

/*
 * Read "192.0.2.0/24" (RFC 4632, 3.1), "2001:db8::/32", or an address alone;
 * false: it is neither, or has bits set outside of the network.
 */
bool network_parse(const char *text, struct network *out);

/* Whether ${address}, as text, lies in the network. */
bool network_contains(const struct network *network, const char *address);

/*
 * The network that counts as one client: an IPv4 address, or the /64 that one
 * subscriber has of IPv6.  False: ${address} is none.
 */
bool network_of_client(const char *address, struct network *out);

#endif
