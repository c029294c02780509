#include "allow_list.h"

#include <stdbool.h>
#include <string.h>

#include "email.h"

/*
 * An entry in lower case, as addresses are stored: by the same rule, for which
 * a domain gets something before its @.
 */
static enum rc
normalize(const char *entry, char out[EMAIL_SIZE], struct pool *mem)
{
	bool domain = *entry == '@';
	const char *address = pool_printf(mem, "%s%s", domain ? "x" : "",
	    entry);
	enum rc rc = address != NULL ? email_normalize(address, out) : RC_FAULT;

	if (rc == RC_OK && domain)
		memmove(out, out + 1, strlen(out));
	return rc;
}

static bool
fits(const char *entry, const char *email)
{
	const char *part = *entry == '@' ? strchr(email, '@') : email;

	return part != NULL && strcmp(part, entry) == 0;
}

enum rc
allow_list_check(const char *list, const char *email, struct pool *mem)
{
	char *rest = pool_copy(mem, list, strlen(list));
	bool empty = true, allowed = false;
	char entry[EMAIL_SIZE];

	if (rest == NULL)
		return RC_FAULT;
	while (rest != NULL) {
		const char *word = strsep(&rest, " \t,");
		enum rc rc;

		if (*word == '\0')
			continue;
		rc = normalize(word, entry, mem);
		if (rc != RC_OK)
			return rc == RC_FAULT ? rc : RC_INVALID;
		empty = false;
		allowed = allowed || fits(entry, email);
	}
	return empty || allowed ? RC_OK : RC_FORBIDDEN;
}
