#include "return_path.h"

#include <string.h>

#include "percent.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that an escape stands for; -1: it is none. */
static int
escaped_byte(const char *escape)
{
	int high = hex_value(escape[1]);
	int low = high < 0 ? -1 : hex_value(escape[2]);

	return low < 0 ? -1 : high * 16 + low;
}

/*
 * Go from one slash to the next, or to the path's end.  False: the segment
 * between is empty with more behind it, which some take for the start of a
 * host; or "." or "..", which browsers resolve before they ask; or holds an
 * escape of what may not stand there plain.
 */
static bool
skip_segment(const char **at)
{
	size_t len = 0, dots = 0;

	for (++*at; strchr("/?#", **at) == NULL; len++) {
		bool escape = **at == '%';
		int c = escape ? escaped_byte(*at) : **at;

		if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
			return false;
		dots += c == '.';
		*at += escape ? 3 : 1;
	}
	return len == 0 ? **at != '/' : dots < len || len > 2;
}

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= 0x20 || *text >= 0x7f ||
		    strchr("\\\"<>", *text) != NULL)
			return false;
	return true;
}

bool
return_path_is_safe(const char *path)
{
	if (*path != '/' || strlen(path) > RETURN_PATH_MAX || !is_plain(path))
		return false;
	while (*path == '/')
		if (!skip_segment(&path))
			return false;
	return true;
}

const char *
return_path_append(const char *url, const char *path, struct pool *mem)
{
	const char *value;

	if (!return_path_is_safe(path))
		return url;
	value = percent_encode(path, mem);
	if (value == NULL)
		return NULL;
	return pool_printf(mem, "%s%cnext=%s", url,
	    strchr(url, '?') != NULL ? '&' : '?', value);
}
