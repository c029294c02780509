#include "mail_address.h"

#include <stdbool.h>
#include <string.h>

#include "utf8.h"

/* Without the blanks around it. */
static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && **text == ' ') {
		++*text;
		--*len;
	}
	while (*len > 0 && (*text)[*len - 1] == ' ')
		--*len;
}

static bool
read_email(const char *text, size_t len, char out[EMAIL_SIZE])
{
	char lower[EMAIL_SIZE];

	trim(&text, &len);
	if (len > EMAIL_MAX)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return email_normalize(out, lower) == RC_OK;
}

static bool
read_name(const char *text, size_t len, char out[MAIL_NAME_SIZE])
{
	trim(&text, &len);
	if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	if (len > MAIL_NAME_MAX || !utf8_is_valid(text, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f ||
		    text[i] == '<' || text[i] == '>')
			return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

enum rc
mail_address_read(const char *text, struct mail_address *out)
{
	size_t len = strlen(text);
	const char *open = strchr(text, '<');
	bool good;

	*out = (struct mail_address){ .name = "" };
	if (open == NULL)
		good = read_email(text, len, out->email);
	else
		good = text[len - 1] == '>' &&
		       read_name(text, (size_t)(open - text), out->name) &&
		       read_email(open + 1, len - (size_t)(open - text) - 2,
			   out->email);
	return good ? RC_OK : RC_INVALID;
}
