#include "origin.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOST_MAX = 253
};

/* A port as browsers write it: no leading zero, and not the scheme's own. */
static bool
is_port(const char *text, int of_scheme)
{
	size_t len = strspn(text, "0123456789");
	int port = len > 0 && len <= 5 ? atoi(text) : 0;

	return text[len] == '\0' && text[0] != '0' && port > 0 &&
	       port <= 65535 && port != of_scheme;
}

static bool
is_name(const char *host)
{
	size_t len = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	return host[len] == '\0' && len > 0 && host[0] != '.' &&
	       host[0] != '-' && host[len - 1] != '.' && host[len - 1] != '-' &&
	       strstr(host, "..") == NULL;
}

static bool
is_ipv6(char *host)
{
	unsigned char address[16];
	size_t len = strlen(host);

	if (len < 2 || host[0] != '[' || host[len - 1] != ']')
		return false;
	host[len - 1] = '\0';
	len = (size_t)inet_pton(AF_INET6, host + 1, address);
	return len == 1;
}

static bool
is_loopback(const char *host)
{
	struct in_addr address;
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == 127;
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (len > 10 && strcmp(host + len - 10, ".localhost") == 0);
}

bool
origin_is_valid(const char *text)
{
	bool secure = strncmp(text, "https://", 8) == 0;
	char host[HOST_MAX + 1];
	const char *start = text + (secure ? 8 : 7);
	const char *port;
	bool loopback;
	size_t len;

	if (!secure && strncmp(text, "http://", 7) != 0)
		return false;
	port = strrchr(start, ':');
	if (port != NULL && strchr(port, ']') != NULL)
		port = NULL; /* that colon is an IPv6 address's */
	len = port != NULL ? (size_t)(port - start) : strlen(start);
	if (len > HOST_MAX ||
	    (port != NULL && !is_port(port + 1, secure ? 443 : 80)))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)len, start);
	loopback = is_loopback(host);
	return (is_name(host) || is_ipv6(host)) && (secure || loopback);
}
