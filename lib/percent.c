#include "percent.h"

#include <string.h>

static int
is_plain(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || strchr("-._~/", c) != NULL;
}

const char *
percent_encode(const char *text, struct pool *mem)
{
	static const char hex[] = "0123456789ABCDEF";
	char *encoded = pool_alloc(mem, 3 * strlen(text) + 1);
	char *out = encoded;

	if (encoded == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(*text)) {
			*out++ = *text;
			continue;
		}
		*out++ = '%';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 0xf];
	}
	return encoded;
}
