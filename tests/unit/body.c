#include "body.h"

#include "unit.h"

/* A text that may hold NUL bytes, and its length. */
#define TEXT(literal) literal, sizeof(literal) - 1

struct row {
	const char *row, *body;
	size_t len;
	enum rc rc;
	/* What the fields "email" and "everywhere" are then. */
	const char *email;
	const char *everywhere;
	bool is_true;
};

static void
read_row(const struct row *row, bool form)
{
	struct body_field fields[BODY_FIELDS_MAX] = { { .name = "email" },
		{ .name = "everywhere" } };
	/* In place, with a byte behind it for the NUL. */
	char *body = malloc(row->len + 1);
	enum rc rc;

	assert_non_null(body);
	memcpy(body, row->body, row->len);
	rc = form ? body_read_form(body, row->len, fields)
		  : body_read_json(body, row->len, fields, unit_mem);
	SAME_INT(row->row, rc, row->rc);
	if (rc == RC_OK && row->rc == RC_OK) {
		SAME_TEXT(row->row, fields[0].text, row->email);
		SAME_TEXT(row->row, fields[1].text, row->everywhere);
		SAME_INT(row->row, fields[1].is_true, row->is_true);
	}
	free(body);
}

static void
json(void)
{
	static const struct row rows[] = {
		{ "no member", TEXT("{}"), RC_OK, NULL, NULL, false },
		{ "one", TEXT("{\"email\":\"a\"}"), RC_OK, "a", NULL, false },
		{ "both, others between",
		    TEXT("{\"x\":[{\"email\":1}],\"everywhere\":true,"
			 "\"y\":null,\"email\":\"a\"}"),
		    RC_OK, "a", NULL, true },
		{ "empty", TEXT("{\"email\":\"\"}"), RC_OK, NULL, NULL, false },
		{ "number", TEXT("{\"email\":1}"), RC_OK, NULL, NULL, false },
		{ "null", TEXT("{\"email\":null}"), RC_OK, NULL, NULL, false },
		{ "array", TEXT("{\"email\":[\"a\"]}"), RC_OK, NULL, NULL,
		    false },
		{ "object", TEXT("{\"email\":{\"email\":\"a\"}}"), RC_OK, NULL,
		    NULL, false },
		{ "blanks are text", TEXT("{\"email\":\" \"}"), RC_OK, " ",
		    NULL, false },
		{ "false", TEXT("{\"everywhere\":false}"), RC_OK, NULL, NULL,
		    false },
		{ "1 is not true", TEXT("{\"everywhere\":1}"), RC_OK, NULL,
		    NULL, false },
		{ "\"true\" is not true", TEXT("{\"everywhere\":\"true\"}"),
		    RC_OK, NULL, "true", false },
		{ "another case", TEXT("{\"Email\":\"a\",\"EMAIL\":\"b\"}"),
		    RC_OK, NULL, NULL, false },
		{ "another case first",
		    TEXT("{\"Email\":\"a\",\"email\":\"b\"}"), RC_OK, "b", NULL,
		    false },
		{ "escaped name", TEXT("{\"\\u0065mail\":\"a\"}"), RC_OK, "a",
		    NULL, false },
		{ "outside ASCII",
		    TEXT("{\"email\":\"\xc3\xa4\\u00e4\\uD83D\\uDE39\"}"),
		    RC_OK, "\xc3\xa4\xc3\xa4\xf0\x9f\x98\xb9", NULL, false },

		{ "twice", TEXT("{\"email\":\"a\",\"email\":\"a\"}"),
		    RC_BAD_JSON, NULL, NULL, false },
		{ "twice, once escaped",
		    TEXT("{\"email\":\"a\",\"\\u0065mail\":\"a\"}"),
		    RC_BAD_JSON, NULL, NULL, false },
		{ "twice, once no string",
		    TEXT("{\"email\":1,\"email\":\"a\"}"), RC_BAD_JSON, NULL,
		    NULL, false },
		{ "an unknown one twice", TEXT("{\"x\":1,\"x\":2}"), RC_OK,
		    NULL, NULL, false },
		{ "NUL in the value", TEXT("{\"email\":\"a\\u0000b\"}"),
		    RC_BAD_JSON, NULL, NULL, false },
		{ "NUL alone", TEXT("{\"email\":\"\\u0000\"}"), RC_BAD_JSON,
		    NULL, NULL, false },
		{ "NUL in the name", TEXT("{\"email\\u0000x\":\"a\"}"),
		    RC_BAD_JSON, NULL, NULL, false },
		{ "NUL deep in a field that is read",
		    TEXT("{\"email\":[\"\\u0000\"]}"), RC_BAD_JSON, NULL, NULL,
		    false },
		{ "NUL in an unknown value",
		    TEXT("{\"x\":\"\\u0000\",\"email\":\"a\"}"), RC_OK, "a",
		    NULL, false },
		{ "NUL in an unknown name",
		    TEXT("{\"x\\u0000\":1,\"email\":\"a\"}"), RC_OK, "a", NULL,
		    false },
		{ "a backslash and u0000", TEXT("{\"email\":\"a\\\\u0000\"}"),
		    RC_OK, "a\\u0000", NULL, false },

		{ "nothing", TEXT(""), RC_BAD_JSON, NULL, NULL, false },
		{ "an array", TEXT("[]"), RC_BAD_JSON, NULL, NULL, false },
		{ "a string", TEXT("\"email\""), RC_BAD_JSON, NULL, NULL,
		    false },
		{ "trailing text", TEXT("{\"email\":\"a\"}x"), RC_BAD_JSON,
		    NULL, NULL, false },
		{ "trailing NUL", TEXT("{\"email\":\"a\"}\0"), RC_BAD_JSON,
		    NULL, NULL, false },
		{ "raw NUL", TEXT("{\"email\":\"a\0\"}"), RC_BAD_JSON, NULL,
		    NULL, false },
		{ "Latin-1", TEXT("{\"email\":\"\xe4\"}"), RC_BAD_JSON, NULL,
		    NULL, false },
		{ "a form", TEXT("email=a"), RC_BAD_JSON, NULL, NULL, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		read_row(&rows[i], false);
}

static void
form(void)
{
	static const struct row rows[] = {
		{ "nothing", TEXT(""), RC_OK, NULL, NULL, false },
		{ "one", TEXT("email=a"), RC_OK, "a", NULL, false },
		{ "two", TEXT("email=a&everywhere=b"), RC_OK, "a", "b", false },
		{ "others between", TEXT("x=1&email=a&y&z=&everywhere=on"),
		    RC_OK, "a", "on", true },
		{ "no equals", TEXT("email"), RC_OK, NULL, NULL, false },
		{ "empty", TEXT("email="), RC_OK, NULL, NULL, false },
		{ "no equals, another behind", TEXT("email&everywhere=1"),
		    RC_OK, NULL, "1", true },
		{ "equals alone", TEXT("="), RC_OK, NULL, NULL, false },
		{ "ampersands alone", TEXT("&&&"), RC_OK, NULL, NULL, false },
		{ "ampersands around", TEXT("&email=a&&everywhere=b&"), RC_OK,
		    "a", "b", false },
		{ "equals in the value", TEXT("email=a=b=c"), RC_OK, "a=b=c",
		    NULL, false },
		{ "+ is a blank", TEXT("email=+a+b+"), RC_OK, " a b ", NULL,
		    false },
		{ "%2B is a +", TEXT("email=a%2Bb%2bc"), RC_OK, "a+b+c", NULL,
		    false },
		{ "%26 and %3D", TEXT("email=%26%3D%25"), RC_OK, "&=%", NULL,
		    false },
		{ "a name escaped", TEXT("%65mai%6C=a"), RC_OK, "a", NULL,
		    false },
		{ "escapes decoded once", TEXT("email=%2541"), RC_OK, "%41",
		    NULL, false },
		{ "outside ASCII, escaped", TEXT("email=%c3%A4"), RC_OK,
		    "\xc3\xa4", NULL, false },
		{ "outside ASCII, raw", TEXT("email=\xc3\xa4"), RC_OK,
		    "\xc3\xa4", NULL, false },
		{ "semicolons part nothing", TEXT("email=a;everywhere=b"),
		    RC_OK, "a;everywhere=b", NULL, false },
		{ "another case", TEXT("Email=a&EMAIL=b"), RC_OK, NULL, NULL,
		    false },
		{ "true", TEXT("everywhere=true"), RC_OK, NULL, "true", true },
		{ "1", TEXT("everywhere=1"), RC_OK, NULL, "1", true },
		{ "0", TEXT("everywhere=0"), RC_OK, NULL, "0", false },
		{ "True", TEXT("everywhere=True"), RC_OK, NULL, "True", false },

		{ "twice", TEXT("email=a&email=a"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "twice, empty", TEXT("email=&email=a"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "twice, no equals", TEXT("email&email=a"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "twice, once escaped", TEXT("email=a&%65mail=a"), RC_BAD_FORM,
		    NULL, NULL, false },
		{ "an unknown one twice", TEXT("x=1&x=2"), RC_OK, NULL, NULL,
		    false },
		{ "% at the end", TEXT("email=%"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "%4 at the end", TEXT("email=%4"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "% before &", TEXT("email=%&41"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "%4 before &", TEXT("email=%4&1"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "%zz", TEXT("email=%zz"), RC_BAD_FORM, NULL, NULL, false },
		{ "%4g", TEXT("email=%4g"), RC_BAD_FORM, NULL, NULL, false },
		{ "%%", TEXT("email=%%41"), RC_BAD_FORM, NULL, NULL, false },
		{ "%+4", TEXT("email=%+41"), RC_BAD_FORM, NULL, NULL, false },
		{ "%u0041", TEXT("email=%u0041"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "a broken name", TEXT("em%zzail=a"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "a name cut at =", TEXT("email%4=1"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "a broken unknown", TEXT("email=a&x=%zz"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "NUL in the value", TEXT("email=a%00b"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "NUL alone", TEXT("email=%00"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "raw NUL in the value", TEXT("email=a\0b"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "NUL in the name", TEXT("email%00x=a"), RC_BAD_FORM, NULL,
		    NULL, false },
		{ "NUL in an unknown one", TEXT("x=%00&email=a"), RC_OK, "a",
		    NULL, false },
		{ "Latin-1", TEXT("email=%e4"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "Latin-1, raw", TEXT("email=\xe4"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "Latin-1 name", TEXT("%e4=1"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "overlong", TEXT("email=%c0%80"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "surrogate", TEXT("email=%ed%a0%80"), RC_BAD_FORM, NULL, NULL,
		    false },
		{ "half a character, half in the next",
		    TEXT("email=%c3&everywhere=%a4"), RC_BAD_FORM, NULL, NULL,
		    false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		read_row(&rows[i], true);
}

static void
many_fields(void)
{
	const char *pairs = "x=1", *members = "\"x\":1";
	struct row row = { "1000 unknown", NULL, 0, RC_OK, "a", NULL, false };

	for (int i = 0; i < 1000; i++) {
		pairs = pool_printf(unit_mem, "%s&f%d=1", pairs, i);
		members = pool_printf(unit_mem, "%s,\"f%d\":1", members, i);
	}
	row.body = pool_printf(unit_mem, "%s&email=a", pairs);
	row.len = strlen(row.body);
	read_row(&row, true);
	row.body = pool_printf(unit_mem, "{%s,\"email\":\"a\"}", members);
	row.len = strlen(row.body);
	read_row(&row, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(json),
		UNIT(form),
		UNIT(many_fields),
	};

	return UNIT_MAIN(tests);
}
