#include "json.h"

#include <string.h>

#include "log.h"
#include "utf8.h"

/*
 * The grammar of RFC 8259, one function a rule.  Each takes what it names off
 * the front of the text and tells whether it was there.
 */
struct scan {
	const char *at, *end;
	int depth;
	/* json_member_has_nul(): members of the outermost object before it */
	size_t members_before;
	bool watching, saw_nul;
};

static bool scan_value(struct scan *s);

static bool
at(const struct scan *s, char c)
{
	return s->at < s->end && *s->at == c;
}

static bool
take(struct scan *s, char c)
{
	if (!at(s, c))
		return false;
	s->at++;
	return true;
}

static void
skip_blanks(struct scan *s)
{
	while (at(s, ' ') || at(s, '\t') || at(s, '\n') || at(s, '\r'))
		s->at++;
}

static bool
take_digits(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > start;
}

static bool
scan_number(struct scan *s)
{
	(void)take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return false;
	if (take(s, '.') && !take_digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		(void)(take(s, '+') || take(s, '-'));
		return take_digits(s);
	}
	return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return false;
	s->at += len;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of a \u escape: their value, or -1. */
static int
take_code_unit(struct scan *s)
{
	int unit = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int value = hex_digit(*s->at++);

		if (value < 0)
			return -1;
		unit = unit << 4 | value;
	}
	return unit;
}

/* Surrogates stand in pairs or not at all: cJSON could not make UTF-8 of it. */
static bool
scan_unicode_escape(struct scan *s)
{
	int unit = take_code_unit(s);

	if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return false;
	if (unit >= 0xd800 && unit <= 0xdbff) {
		int low = take(s, '\\') && take(s, 'u') ? take_code_unit(s)
							: -1;

		return low >= 0xdc00 && low <= 0xdfff;
	}
	if (unit == 0 && s->watching)
		s->saw_nul = true;
	return true;
}

static bool
scan_string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at < s->end && *s->at != '"') {
		if (take(s, '\\')) {
			if (take(s, 'u')) {
				if (!scan_unicode_escape(s))
					return false;
			} else if (s->at == s->end || *s->at == '\0' ||
				   strchr("\"\\/bfnrt", *s->at) == NULL) {
				return false;
			} else {
				s->at++;
			}
		} else {
			size_t n = utf8_char_len(s->at,
			    (size_t)(s->end - s->at));

			if (n == 0 || (unsigned char)*s->at < 0x20)
				return false;
			s->at += n;
		}
	}
	return take(s, '"');
}

static bool
scan_array(struct scan *s)
{
	s->at++;
	skip_blanks(s);
	if (take(s, ']'))
		return true;
	do {
		if (!scan_value(s))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

static bool
scan_member(struct scan *s)
{
	bool outermost = s->depth == 1;

	if (outermost)
		s->watching = s->members_before-- == 0;
	skip_blanks(s);
	if (!scan_string(s))
		return false;
	skip_blanks(s);
	if (!take(s, ':') || !scan_value(s))
		return false;
	if (outermost)
		s->watching = false;
	return true;
}

static bool
scan_object(struct scan *s)
{
	s->at++;
	skip_blanks(s);
	if (take(s, '}'))
		return true;
	do {
		if (!scan_member(s))
			return false;
	} while (take(s, ','));
	return take(s, '}');
}

static bool
scan_nested(struct scan *s)
{
	bool good;

	if (s->depth == JSON_DEPTH_MAX)
		return false;
	s->depth++;
	good = at(s, '{') ? scan_object(s) : scan_array(s);
	s->depth--;
	return good;
}

/* A value and the blanks around it. */
static bool
scan_value(struct scan *s)
{
	bool good;

	skip_blanks(s);
	if (at(s, '{') || at(s, '['))
		good = scan_nested(s);
	else if (at(s, '"'))
		good = scan_string(s);
	else if (at(s, 't'))
		good = scan_word(s, "true");
	else if (at(s, 'f'))
		good = scan_word(s, "false");
	else if (at(s, 'n'))
		good = scan_word(s, "null");
	else
		good = scan_number(s);
	skip_blanks(s);
	return good;
}

static bool
scan_text(struct scan *s)
{
	skip_blanks(s);
	return at(s, '{') && scan_value(s) && s->at == s->end;
}

bool
json_is_object(const char *text, size_t len)
{
	return scan_text(&(struct scan){
	    .at = text, .end = text + len, .members_before = SIZE_MAX });
}

bool
json_member_has_nul(const char *text, size_t len, size_t index)
{
	struct scan s = {
		.at = text, .end = text + len, .members_before = index
	};

	(void)scan_text(&s);
	return s.saw_nul;
}

enum rc
json_parse(const char *text, size_t len, cJSON **root)
{
	*root = NULL;
	if (!json_is_object(text, len))
		return RC_INVALID;
	*root = cJSON_ParseWithLength(text, len);
	if (*root == NULL) {
		log_error("json: cannot build the tree of %zu bytes", len);
		return RC_FAULT;
	}
	return RC_OK;
}

static void
wipe(cJSON *node)
{
	for (; node != NULL; node = node->next) {
		if (node->valuestring != NULL)
			explicit_bzero(node->valuestring,
			    strlen(node->valuestring));
		wipe(node->child);
	}
}

void
json_free(cJSON *root)
{
	wipe(root);
	cJSON_Delete(root);
}

bool
json_names_are_unique(const cJSON *object)
{
	const cJSON *a, *b;

	for (a = object->child; a != NULL; a = a->next)
		for (b = a->next; b != NULL; b = b->next)
			if (strcmp(a->string, b->string) == 0)
				return false;
	return true;
}

const char *
json_string(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object,
	    name));
}

enum rc
json_integer(const cJSON *object, const char *name, int64_t *out)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	double value = cJSON_IsNumber(item) ? item->valuedouble : -1;

	if (!(value >= 0 && value <= 9007199254740992.0) ||
	    value != (double)(int64_t)value)
		return RC_INVALID;
	*out = (int64_t)value;
	return RC_OK;
}
