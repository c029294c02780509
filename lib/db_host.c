#include "db_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char separators[] = ", ";

/* The colon before a port; NULL: there is none. */
static char *
find_port(char *name)
{
	char *colon = strrchr(name, ':');
	bool bracketed = *name == '[';

	if (colon == NULL || strchr(colon, ']') != NULL)
		return NULL;
	return bracketed || strchr(name, ':') == colon ? colon : NULL;
}

static bool
read_port(const char *text, unsigned *out)
{
	size_t len = strspn(text, "0123456789");
	unsigned long port = len <= 5 ? strtoul(text, NULL, 10) : 0;

	*out = (unsigned)port;
	return text[len] == '\0' && port > 0 && port <= 65535;
}

static bool
read_host(struct db_host *host)
{
	char *name = host->name;
	char *colon = find_port(name);
	size_t len;

	if (colon != NULL) {
		*colon = '\0';
		if (!read_port(colon + 1, &host->port))
			return false;
	}
	len = strlen(name);
	if (*name == '[' && name[len - 1] == ']') {
		memmove(name, name + 1, len - 2);
		name[len - 2] = '\0';
	}
	return *name != '\0';
}

/* The next of the list, *at moving past it; *len is 0 at the end. */
static const char *
next_host(const char **at, size_t *len)
{
	const char *text = *at + strspn(*at, separators);

	*len = strcspn(text, separators);
	*at = text + *len;
	return text;
}

bool
db_host_find(const char *list, size_t index, unsigned port, struct db_host *out)
{
	const char *text;
	size_t len;

	if (list[strspn(list, separators)] == '\0')
		list = "localhost";
	do {
		text = next_host(&list, &len);
	} while (len > 0 && index-- > 0);
	if (len == 0 || len >= DB_HOST_SIZE)
		return false;
	snprintf(out->name, DB_HOST_SIZE, "%.*s", (int)len, text);
	out->port = port;
	return read_host(out);
}

size_t
db_host_count(const char *list)
{
	size_t count = 0, len;

	do {
		(void)next_host(&list, &len);
		count += len > 0;
	} while (len > 0);
	return count > 0 ? count : 1;
}
