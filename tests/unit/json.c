#include "json.h"

#include "unit.h"

/* What is found in an object. */

static cJSON *
parsed(const char *row, const char *text)
{
	cJSON *root;

	SAME_INT(row, json_parse(text, strlen(text), &root), RC_OK);
	return root;
}

static void
long_numbers(void)
{
	static const size_t digits[] = { 62, 63, 64, 65, 127, 128, 1000, 9000 };

	for (size_t i = 0; i < LENGTH_OF(digits); i++) {
		char *number = unit_repeat('9', digits[i]);
		cJSON *root = parsed(number,
		    pool_printf(unit_mem, "{\"a\":%s,\"b\":\"x\"}", number));

		SAME_TEXT(number, json_string(root, "b"), "x");
		json_free(root);
	}
}

static void
member_has_nul(void)
{
	static const struct {
		const char *row, *text;
		int has[4]; /* by index */
	} rows[] = {
		{ "none", "{\"a\":\"b\",\"c\":\"d\"}", { 0, 0, 0, 0 } },
		{ "no members", "{}", { 0, 0, 0, 0 } },
		{ "value of the first", "{\"a\":\"\\u0000\",\"c\":\"d\"}",
		    { 1, 0, 0, 0 } },
		{ "value of the second", "{\"a\":\"b\",\"c\":\"d\\u0000\"}",
		    { 0, 1, 0, 0 } },
		{ "name of the first", "{\"a\\u0000\":\"b\",\"c\":\"d\"}",
		    { 1, 0, 0, 0 } },
		{ "name of the last", "{\"a\":1,\"b\":2,\"c\":3,\"\\u0000\":4}",
		    { 0, 0, 0, 1 } },
		{ "both", "{\"\\u0000\":1,\"c\":\"\\u0000\"}", { 1, 1, 0, 0 } },
		{ "a backslash and u0000", "{\"a\":\"\\\\u0000\",\"c\":1}",
		    { 0, 0, 0, 0 } },
		{ "two backslashes and NUL", "{\"a\":\"\\\\\\u0000\",\"c\":1}",
		    { 1, 0, 0, 0 } },
		{ "u0001", "{\"a\":\"\\u0001\\u1000\"}", { 0, 0, 0, 0 } },
		{ "nested value", "{\"a\":{\"x\":[\"\\u0000\"]},\"c\":1}",
		    { 1, 0, 0, 0 } },
		{ "nested name", "{\"a\":1,\"b\":[{\"x\\u0000\":1}]}",
		    { 0, 1, 0, 0 } },
		{ "members inside do not count",
		    "{\"a\":{\"x\":1,\"y\":2},\"b\":\"\\u0000\",\"c\":1}",
		    { 0, 1, 0, 0 } },
		{ "after nesting",
		    "{\"a\":[{\"x\":{}},{}],\"b\":[],\"c\":\"\\u0000\"}",
		    { 0, 0, 1, 0 } },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		for (size_t j = 0; j < 4; j++)
			SAME_INT(rows[i].row,
			    json_member_has_nul(rows[i].text,
				strlen(rows[i].text), j),
			    rows[i].has[j]);
}

static void
unique_names(void)
{
	static const struct {
		const char *row, *text;
		bool unique;
	} rows[] = {
		{ "no member", "{}", true },
		{ "one", "{\"a\":1}", true },
		{ "two", "{\"a\":1,\"b\":1}", true },
		{ "twice", "{\"a\":1,\"a\":1}", false },
		{ "first and last", "{\"a\":1,\"b\":1,\"c\":1,\"a\":2}",
		    false },
		{ "twice, once escaped", "{\"a\":1,\"\\u0061\":1}", false },
		{ "another case", "{\"a\":1,\"A\":1}", true },
		{ "empty names", "{\"\":1,\"\":1}", false },
		{ "one level down", "{\"a\":{\"b\":1,\"b\":2}}", true },
		{ "on two levels", "{\"a\":{\"a\":1}}", true },
		{ "composed and not", "{\"\xc3\xa9\":1,\"e\xcc\x81\":1}",
		    true },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		cJSON *root = parsed(rows[i].row, rows[i].text);

		SAME_INT(rows[i].row, json_names_are_unique(root),
		    rows[i].unique);
		json_free(root);
	}
}

static void
strings(void)
{
	static const struct {
		const char *row, *text, *value;
	} rows[] = {
		{ "there", "{\"a\":\"b\"}", "b" },
		{ "empty", "{\"a\":\"\"}", "" },
		{ "missing", "{\"b\":\"b\"}", NULL },
		{ "of nothing", "{}", NULL },
		{ "another case", "{\"A\":\"b\"}", NULL },
		{ "another case first", "{\"A\":\"b\",\"a\":\"c\"}", "c" },
		{ "number", "{\"a\":1}", NULL },
		{ "true", "{\"a\":true}", NULL },
		{ "null", "{\"a\":null}", NULL },
		{ "array", "{\"a\":[\"b\"]}", NULL },
		{ "object", "{\"a\":{\"a\":\"b\"}}", NULL },
		{ "one level down", "{\"b\":{\"a\":\"b\"}}", NULL },
		{ "escapes", "{\"a\":\"\\u0041\\n\\\"\\/\"}", "A\n\"/" },
		{ "pair", "{\"a\":\"\\uD83D\\uDE39\"}", "\xf0\x9f\x98\xb9" },
		{ "escaped name", "{\"\\u0061\":\"b\"}", "b" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		cJSON *root = parsed(rows[i].row, rows[i].text);

		SAME_TEXT(rows[i].row, json_string(root, "a"), rows[i].value);
		json_free(root);
	}
}

static void
integers(void)
{
	static const struct {
		const char *row, *text;
		enum rc rc;
		int64_t value;
	} rows[] = {
		{ "0", "{\"a\":0}", RC_OK, 0 },
		{ "-0", "{\"a\":-0}", RC_OK, 0 },
		{ "1", "{\"a\":1}", RC_OK, 1 },
		{ "1.0", "{\"a\":1.0}", RC_OK, 1 },
		{ "1e3", "{\"a\":1e3}", RC_OK, 1000 },
		{ "over 32 bits", "{\"a\":4294967296}", RC_OK, 4294967296 },
		{ "2^53 - 1", "{\"a\":9007199254740991}", RC_OK,
		    9007199254740991 },
		{ "2^53", "{\"a\":9007199254740992}", RC_OK, 9007199254740992 },
		{ "2^53 + 2", "{\"a\":9007199254740994}", RC_INVALID, 0 },
		{ "2^63", "{\"a\":9223372036854775808}", RC_INVALID, 0 },
		{ "2^64", "{\"a\":18446744073709551616}", RC_INVALID, 0 },
		{ "1e400", "{\"a\":1e400}", RC_INVALID, 0 },
		{ "-1", "{\"a\":-1}", RC_INVALID, 0 },
		{ "0.5", "{\"a\":0.5}", RC_INVALID, 0 },
		{ "1.5", "{\"a\":1.5}", RC_INVALID, 0 },
		{ "missing", "{\"b\":1}", RC_INVALID, 0 },
		{ "another case", "{\"A\":1}", RC_INVALID, 0 },
		{ "string", "{\"a\":\"1\"}", RC_INVALID, 0 },
		{ "true", "{\"a\":true}", RC_INVALID, 0 },
		{ "null", "{\"a\":null}", RC_INVALID, 0 },
		{ "array", "{\"a\":[1]}", RC_INVALID, 0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		cJSON *root = parsed(rows[i].row, rows[i].text);
		int64_t value = 0;

		SAME_INT(rows[i].row, json_integer(root, "a", &value),
		    rows[i].rc);
		SAME_INT(rows[i].row, value, rows[i].value);
		json_free(root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(long_numbers),
		UNIT(member_has_nul),
		UNIT(unique_names),
		UNIT(strings),
		UNIT(integers),
	};

	return UNIT_MAIN(tests);
}
