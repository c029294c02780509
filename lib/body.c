#include "body.h"

#include <string.h>

#include "json.h"
#include "utf8.h"

static struct body_field *
find(struct body_field *fields, const char *name)
{
	for (size_t i = 0; i < BODY_FIELDS_MAX; i++)
		if (fields[i].name != NULL && strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/* JSON. */

static enum rc
read_member(const cJSON *item, struct body_field *field, struct pool *mem)
{
	const char *text = cJSON_GetStringValue(item);

	field->is_true = cJSON_IsTrue(item);
	if (text == NULL || *text == '\0')
		return RC_OK;
	field->text = pool_copy(mem, text, strlen(text));
	return field->text != NULL ? RC_OK : RC_FAULT;
}

static enum rc
read_members(const char *body, size_t len, const cJSON *root,
    struct body_field *fields, struct pool *mem)
{
	bool may_hold_nul = memmem(body, len, "\\u0000", 6) != NULL;
	bool seen[BODY_FIELDS_MAX] = { false };
	const cJSON *item;
	size_t index = 0;

	for (item = root->child; item != NULL; item = item->next, index++) {
		struct body_field *field = find(fields, item->string);
		enum rc rc;

		if (field == NULL)
			continue;
		if (seen[field - fields] ||
		    (may_hold_nul && json_member_has_nul(body, len, index)))
			return RC_BAD_JSON;
		seen[field - fields] = true;
		rc = read_member(item, field, mem);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
body_read_json(const char *body, size_t len, struct body_field *fields,
    struct pool *mem)
{
	cJSON *root;
	enum rc rc = json_parse(body, len, &root);

	if (rc == RC_INVALID)
		return RC_BAD_JSON;
	if (rc == RC_OK)
		rc = read_members(body, len, root, fields, mem);
	json_free(root);
	return rc;
}

/* Forms. */

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* Decode ${len} bytes in place and end them in NUL; -1: a broken escape. */
static ptrdiff_t
decode(char *text, size_t len)
{
	char *out = text;

	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (text[i] != '%') {
			*out++ = (char)(text[i] == '+' ? ' ' : text[i]);
			continue;
		}
		high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
		low = i + 2 < len ? hex_digit(text[i + 2]) : -1;
		if (high < 0 || low < 0)
			return -1;
		*out++ = (char)(high << 4 | low);
		i += 2;
	}
	*out = '\0';
	return out - text;
}

static bool
is_true_word(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "on") == 0 ||
	       strcmp(text, "1") == 0;
}

/* One "name=value", without the "&". */
static enum rc
read_pair(char *pair, size_t len, struct body_field *fields, bool *seen)
{
	char *equals = memchr(pair, '=', len);
	size_t name_len = equals != NULL ? (size_t)(equals - pair) : len;
	char *value = equals != NULL ? equals + 1 : pair + len;
	ptrdiff_t value_len = decode(value, (size_t)(pair + len - value));
	ptrdiff_t decoded_len = decode(pair, name_len);
	struct body_field *field;

	if (decoded_len < 0 || value_len < 0 ||
	    !utf8_is_valid(pair, (size_t)decoded_len) ||
	    !utf8_is_valid(value, (size_t)value_len))
		return RC_BAD_FORM;
	field = find(fields, pair);
	if (field == NULL)
		return RC_OK;
	if (seen[field - fields] || strlen(pair) != (size_t)decoded_len ||
	    strlen(value) != (size_t)value_len)
		return RC_BAD_FORM;
	seen[field - fields] = true;
	field->text = value_len > 0 ? value : NULL;
	field->is_true = is_true_word(value);
	return RC_OK;
}

enum rc
body_read_form(char *body, size_t len, struct body_field *fields)
{
	bool seen[BODY_FIELDS_MAX] = { false };
	char *end = body + len; /* read_pair() may write a NUL there */
	enum rc rc = RC_OK;

	while (body < end && rc == RC_OK) {
		char *amp = memchr(body, '&', (size_t)(end - body));
		char *stop = amp != NULL ? amp : end;

		rc = read_pair(body, (size_t)(stop - body), fields, seen);
		body = stop + 1;
	}
	return rc;
}
