#include "cookie.h"

#include <inttypes.h>
#include <string.h>

/* A stretch of the header, without the blanks around it. */
struct span {
	const char *at;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct span
trim(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	while (at < end && is_blank(end[-1]))
		end--;
	return (struct span){ at, (size_t)(end - at) };
}

/*
 * Where the pair at ${s} ends.  Several Cookie lines reach a program as one,
 * joined by "; " or, behind Apache, by ", ".
 */
static const char *
pair_end(const char *s)
{
	while (*s != '\0' && *s != ';' && !(s[0] == ',' && s[1] == ' '))
		s++;
	return s;
}

static struct span
unquote(struct span value)
{
	if (value.len >= 2 && value.at[0] == '"' &&
	    value.at[value.len - 1] == '"')
		return (struct span){ value.at + 1, value.len - 2 };
	return value;
}

/* The value, where this pair is called ${name}. */
static bool
read_pair(const char *at, const char *end, const char *name, struct span *value)
{
	const char *equals = memchr(at, '=', (size_t)(end - at));
	struct span key;

	if (equals == NULL)
		return false;
	key = trim(at, equals);
	if (key.len != strlen(name) || memcmp(key.at, name, key.len) != 0)
		return false;
	*value = unquote(trim(equals + 1, end));
	return true;
}

static bool
spans_differ(struct span a, struct span b)
{
	return a.len != b.len || memcmp(a.at, b.at, a.len) != 0;
}

enum rc
cookie_find(const char *header, const char *name, struct pool *mem,
    const char **value)
{
	struct span found = { NULL, 0 }, next;
	const char *at = header, *end;

	*value = NULL;
	if (header == NULL ||
	    strnlen(header, COOKIE_HEADER_MAX + 1) > COOKIE_HEADER_MAX)
		return RC_NOT_FOUND;
	for (; *at != '\0'; at = *end != '\0' ? end + 1 : end) {
		end = pair_end(at);
		if (!read_pair(at, end, name, &next))
			continue;
		if (found.at != NULL && spans_differ(found, next))
			return RC_NOT_FOUND;
		found = next;
	}
	if (found.len == 0)
		return RC_NOT_FOUND;
	*value = pool_copy(mem, found.at, found.len);
	return *value != NULL ? RC_OK : RC_FAULT;
}

const char *
cookie_format(const struct cookie *c, struct pool *mem)
{
	bool has_domain = *c->domain != '\0';

	return pool_printf(mem,
	    "%s%s=%s; Path=%s%s%s; Max-Age=%" PRId64
	    "; HttpOnly%s; SameSite=Lax",
	    c->prefix, c->name, c->value, c->path,
	    has_domain ? "; Domain=" : "", c->domain, c->max_age_s,
	    c->secure ? "; Secure" : "");
}
