#include "network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAPPED_BITS = 96, /* before the IPv4 address of ::ffff:a.b.c.d */
	ALL_BITS = 8 * NETWORK_ADDRESS_SIZE,
	SUBSCRIBER_BITS = 64
};

static const unsigned char mapped[MAPPED_BITS / 8] = {
	[10] = 0xff, [11] = 0xff
};

static bool
is_ipv4(const unsigned char address[NETWORK_ADDRESS_SIZE])
{
	return memcmp(address, mapped, sizeof(mapped)) == 0;
}

/* Clear what is behind the first ${bits} bits; true: there was something. */
static bool
mask(unsigned char address[NETWORK_ADDRESS_SIZE], unsigned bits)
{
	bool lost = false;

	for (unsigned i = 0; i < NETWORK_ADDRESS_SIZE; i++) {
		unsigned kept = bits <= 8 * i ? 0 : bits - 8 * i;
		unsigned rest = kept >= 8 ? 0 : 0xffU >> kept;

		lost = lost || (address[i] & rest) != 0;
		address[i] = (unsigned char)(address[i] & ~rest);
	}
	return lost;
}

static bool
parse_address(const char *text, unsigned char out[NETWORK_ADDRESS_SIZE])
{
	memcpy(out, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, text, out) == 1;
}

bool
network_parse(const char *text, struct network *out)
{
	size_t len = strcspn(text, "/");
	const char *digits = text + len + (text[len] == '/');
	char address[INET6_ADDRSTRLEN];
	unsigned bits = ALL_BITS;

	if (len >= sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)len, text);
	if (!parse_address(address, out->address))
		return false;
	if (text[len] == '/') {
		size_t count = strspn(digits, "0123456789");

		if (count == 0 || count > 3 || digits[count] != '\0')
			return false;
		bits = (unsigned)atoi(digits) +
		       (strchr(address, ':') == NULL ? MAPPED_BITS : 0);
	}
	out->bits = bits;
	return bits <= ALL_BITS && !mask(out->address, bits);
}

bool
network_contains(const struct network *network, const char *address)
{
	unsigned char bytes[NETWORK_ADDRESS_SIZE];

	if (!parse_address(address, bytes))
		return false;
	(void)mask(bytes, network->bits);
	return memcmp(bytes, network->address, sizeof(bytes)) == 0;
}

bool
network_of_client(const char *address, struct network *out)
{
	if (!parse_address(address, out->address))
		return false;
	out->bits = is_ipv4(out->address) ? ALL_BITS : SUBSCRIBER_BITS;
	(void)mask(out->address, out->bits);
	return true;
}
