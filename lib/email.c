#include "email.h"

#include <stdbool.h>
#include <string.h>

enum {
	LABEL_MAX = 63
}; /* RFC 1034, 3.5 */

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_local_char(char c)
{
	return is_alphanumeric(c) ||
	       (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

/* Letters, digits and inner hyphens; ${len} bytes at ${label}. */
static bool
is_label(const char *label, size_t len)
{
	if (len == 0 || len > LABEL_MAX || label[0] == '-' ||
	    label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alphanumeric(label[i]) && label[i] != '-')
			return false;
	return true;
}

static bool
is_domain(const char *domain)
{
	for (;;) {
		size_t len = strcspn(domain, ".");

		if (!is_label(domain, len))
			return false;
		if (domain[len] == '\0')
			return true;
		domain += len + 1;
	}
}

static bool
is_address(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text)
		return false;
	for (const char *c = text; c < at; c++)
		if (!is_local_char(*c))
			return false;
	return is_domain(at + 1);
}

enum rc
email_normalize(const char *text, char out[EMAIL_SIZE])
{
	size_t len = strlen(text);

	if (len > EMAIL_MAX)
		return RC_EMAIL_INVALID;
	for (size_t i = 0; i <= len; i++)
		out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z'
				    ? text[i] - 'A' + 'a'
				    : text[i]);
	return is_address(out) ? RC_OK : RC_EMAIL_INVALID;
}
