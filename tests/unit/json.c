#include "json.h"

#include "unit.h"

/* A text that may hold NUL bytes, and its length. */
#define TEXT(literal) literal, sizeof(literal) - 1

struct row {
	const char *row, *text;
	size_t len;
};

static const struct row accepted[] = {
	{ "empty object", TEXT("{}") },
	{ "blanks in it", TEXT("{ \t\r\n}") },
	{ "blanks around", TEXT(" \t\r\n{ \"a\" : 1 , \"b\" : 2 } \t\r\n") },
	{ "RFC 8259, 13: Image",
	    TEXT("{\n  \"Image\": {\n    \"Width\":  800,\n"
		 "    \"Height\": 600,\n"
		 "    \"Title\":  \"View from 15th Floor\",\n"
		 "    \"Thumbnail\": {\n"
		 "      \"Url\":    \"http://www.example.com/image/481989943\","
		 "\n      \"Height\": 125,\n      \"Width\":  100\n    },\n"
		 "    \"Animated\" : false,\n"
		 "    \"IDs\": [116, 943, 234, 38793]\n  }\n}") },
	{ "empty name", TEXT("{\"\":0}") },
	{ "duplicate name", TEXT("{\"a\":1,\"a\":2}") },
	{ "words", TEXT("{\"a\":true,\"b\":false,\"c\":null}") },
	{ "empty array", TEXT("{\"a\":[]}") },
	{ "array with blanks", TEXT("{\"a\":[ 1 , 2 ]}") },
	{ "all kinds", TEXT("{\"a\":[null,1,\"1\",{},[],true]}") },

	{ "0", TEXT("{\"a\":0}") },
	{ "-0", TEXT("{\"a\":-0}") },
	{ "123", TEXT("{\"a\":123}") },
	{ "-123", TEXT("{\"a\":-123}") },
	{ "0.5", TEXT("{\"a\":0.5}") },
	{ "123.456789", TEXT("{\"a\":123.456789}") },
	{ "1e3", TEXT("{\"a\":1e3}") },
	{ "1E22", TEXT("{\"a\":1E22}") },
	{ "0e+1", TEXT("{\"a\":0e+1}") },
	{ "0e1", TEXT("{\"a\":0e1}") },
	{ "1E-2", TEXT("{\"a\":1E-2}") },
	{ "123.456e78", TEXT("{\"a\":123.456e78}") },
	{ "nearly zero",
	    TEXT("{\"a\":-0.00000000000000000000000000000000000000000000000000"
		 "0000000000000000000000000001}") },
	{ "more digits than a double has",
	    TEXT("{\"a\":123456789012345678901234567890}") },
	{ "beyond any double", TEXT("{\"a\":1e999}") },
	{ "below any double", TEXT("{\"a\":1e-999}") },

	{ "empty string", TEXT("{\"a\":\"\"}") },
	{ "every short escape",
	    TEXT("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}") },
	{ "\\u escape", TEXT("{\"a\":\"\\u0012\\uaBcD\"}") },
	{ "escaped NUL", TEXT("{\"a\":\"\\u0000\"}") },
	{ "escaped pair", TEXT("{\"a\":\"\\uD834\\uDd1e\"}") },
	{ "last escaped pair", TEXT("{\"a\":\"\\udbff\\udfff\"}") },
	{ "first escaped pair", TEXT("{\"a\":\"\\ud800\\udc00\"}") },
	{ "escape before the surrogates", TEXT("{\"a\":\"\\uD7FF\"}") },
	{ "escape after the surrogates", TEXT("{\"a\":\"\\uE000\"}") },
	{ "escaped noncharacter", TEXT("{\"a\":\"\\uFFFF\"}") },
	{ "a backslash and u0000", TEXT("{\"a\":\"\\\\u0000\"}") },
	{ "escape in a name", TEXT("{\"\\u0061\":1}") },
	{ "U+0020, the lowest", TEXT("{\"a\":\" \"}") },
	{ "DEL", TEXT("{\"a\":\"\x7f\"}") },
	{ "two bytes", TEXT("{\"a\":\"\xcf\x80\"}") },
	{ "three bytes", TEXT("{\"a\":\"\xe2\x82\xac\"}") },
	{ "four bytes", TEXT("{\"a\":\"\xf0\x9d\x84\x9e\"}") },
	{ "U+10FFFF", TEXT("{\"a\":\"\xf4\x8f\xbf\xbf\"}") },
	{ "U+2028 and U+2029", TEXT("{\"a\":\"\xe2\x80\xa8\xe2\x80\xa9\"}") },
	{ "comment in a string", TEXT("{\"a\":\"/*b*/ // #\"}") },
};

static const struct row refused[] = {
	{ "nothing", TEXT("") },
	{ "blanks", TEXT(" \t\r\n") },
	{ "a string alone", TEXT("\"a\"") },
	{ "a number alone", TEXT("1") },
	{ "a word alone", TEXT("null") },
	{ "an array", TEXT("[]") },
	{ "an object in an array", TEXT("[{}]") },
	{ "a byte order mark", TEXT("\xef\xbb\xbf{}") },
	{ "half a byte order mark", TEXT("\xef\xbb{}") },
	{ "UTF-16", TEXT("{\0}\0") },
	{ "UTF-16 with its mark", TEXT("\xff\xfe{\0}\0") },
	{ "a form feed around", TEXT("\f{}") },
	{ "a no-break space around", TEXT("\xc2\xa0{}") },
	{ "a word joiner around", TEXT("{\xe2\x81\xa0}") },

	{ "open", TEXT("{") },
	{ "closed only", TEXT("}") },
	{ "closed twice", TEXT("{}}") },
	{ "trailing text", TEXT("{}x") },
	{ "trailing object", TEXT("{}{}") },
	{ "trailing comma", TEXT("{},") },
	{ "trailing NUL", TEXT("{}\0") },
	{ "trailing comment", TEXT("{}/**/") },
	{ "trailing line comment", TEXT("{}//") },
	{ "trailing hash", TEXT("{}#") },
	{ "trailing bad UTF-8", TEXT("{}\xe9") },
	{ "comment inside", TEXT("{/**/}") },
	{ "comment before a value", TEXT("{\"a\":/**/1}") },
	{ "closed by the other", TEXT("{]") },
	{ "array closed by the other", TEXT("{\"a\":[}") },
	{ "comma only", TEXT("{,}") },
	{ "comma first", TEXT("{,\"a\":1}") },
	{ "comma last", TEXT("{\"a\":1,}") },
	{ "two commas", TEXT("{\"a\":1,,\"b\":2}") },
	{ "no comma", TEXT("{\"a\":1 \"b\":2}") },
	{ "semicolon", TEXT("{\"a\":1;\"b\":2}") },
	{ "no colon", TEXT("{\"a\" 1}") },
	{ "two colons", TEXT("{\"a\"::1}") },
	{ "comma for colon", TEXT("{\"a\",1}") },
	{ "equals for colon", TEXT("{\"a\"=1}") },
	{ "name alone", TEXT("{\"a\"}") },
	{ "no value", TEXT("{\"a\":}") },
	{ "no name", TEXT("{:1}") },
	{ "open after the colon", TEXT("{\"a\":") },
	{ "open after a value", TEXT("{\"a\":1") },
	{ "open after a comma", TEXT("{\"a\":1,") },
	{ "bare name", TEXT("{a:1}") },
	{ "name in single quotes", TEXT("{'a':1}") },
	{ "number as a name", TEXT("{1:1}") },
	{ "word as a name", TEXT("{null:1}") },
	{ "object as a name", TEXT("{{}:1}") },
	{ "array as members", TEXT("{[1]}") },
	{ "array: comma last", TEXT("{\"a\":[1,]}") },
	{ "array: comma first", TEXT("{\"a\":[,1]}") },
	{ "array: comma only", TEXT("{\"a\":[,]}") },
	{ "array: two commas", TEXT("{\"a\":[1,,2]}") },
	{ "array: no comma", TEXT("{\"a\":[1 2]}") },
	{ "array: colon", TEXT("{\"a\":[\"b\":1]}") },
	{ "array: open", TEXT("{\"a\":[1") },
	{ "array: extra close", TEXT("{\"a\":[1]]}") },

	{ "True", TEXT("{\"a\":True}") },
	{ "tru", TEXT("{\"a\":tru}") },
	{ "nul at the end", TEXT("{\"a\":nul") },
	{ "truee", TEXT("{\"a\":truee}") },
	{ "fals", TEXT("{\"a\":fals}") },
	{ "undefined", TEXT("{\"a\":undefined}") },
	{ "NaN", TEXT("{\"a\":NaN}") },
	{ "-NaN", TEXT("{\"a\":-NaN}") },
	{ "Infinity", TEXT("{\"a\":Infinity}") },
	{ "-Infinity", TEXT("{\"a\":-Infinity}") },
	{ "inf", TEXT("{\"a\":inf}") },

	{ "01", TEXT("{\"a\":01}") },
	{ "00", TEXT("{\"a\":00}") },
	{ "-01", TEXT("{\"a\":-01}") },
	{ "+1", TEXT("{\"a\":+1}") },
	{ "++1", TEXT("{\"a\":++1}") },
	{ "--1", TEXT("{\"a\":--1}") },
	{ "- 1", TEXT("{\"a\":- 1}") },
	{ "-", TEXT("{\"a\":-}") },
	{ ".5", TEXT("{\"a\":.5}") },
	{ "-.5", TEXT("{\"a\":-.5}") },
	{ "2.", TEXT("{\"a\":2.}") },
	{ "2.e3", TEXT("{\"a\":2.e3}") },
	{ "0.e1", TEXT("{\"a\":0.e1}") },
	{ "0.3e", TEXT("{\"a\":0.3e}") },
	{ "1e", TEXT("{\"a\":1e}") },
	{ "1e+", TEXT("{\"a\":1e+}") },
	{ "1eE2", TEXT("{\"a\":1eE2}") },
	{ "1e1.5", TEXT("{\"a\":1e1.5}") },
	{ "1+2", TEXT("{\"a\":1+2}") },
	{ "1 000", TEXT("{\"a\":1 000}") },
	{ "1_000", TEXT("{\"a\":1_000}") },
	{ "0x1", TEXT("{\"a\":0x1}") },
	{ "0x42 without digits", TEXT("{\"a\":0x}") },
	{ "1.2.3", TEXT("{\"a\":1.2.3}") },
	{ "1a", TEXT("{\"a\":1a}") },
	{ "full-width 1", TEXT("{\"a\":\xef\xbc\x91}") },

	{ "open string", TEXT("{\"a\":\"b") },
	{ "open name", TEXT("{\"a") },
	{ "single quotes", TEXT("{\"a\":'b'}") },
	{ "backslash at the end", TEXT("{\"a\":\"\\") },
	{ "escaped quote at the end", TEXT("{\"a\":\"\\\"}") },
	{ "\\a", TEXT("{\"a\":\"\\a\"}") },
	{ "\\'", TEXT("{\"a\":\"\\'\"}") },
	{ "\\x00", TEXT("{\"a\":\"\\x00\"}") },
	{ "\\0", TEXT("{\"a\":\"\\0\"}") },
	{ "\\U", TEXT("{\"a\":\"\\U0041\"}") },
	{ "escaped NUL byte", TEXT("{\"a\":\"\\\0\"}") },
	{ "escaped tab", TEXT("{\"a\":\"\\\t\"}") },
	{ "escaped four bytes", TEXT("{\"a\":\"\\\xf0\x9d\x84\x9e\"}") },
	{ "\\u", TEXT("{\"a\":\"\\u\"}") },
	{ "\\u00", TEXT("{\"a\":\"\\u00\"}") },
	{ "\\u00A", TEXT("{\"a\":\"\\u00A\"}") },
	{ "\\u00 at the end", TEXT("{\"a\":\"\\u00") },
	{ "\\u00g0", TEXT("{\"a\":\"\\u00g0\"}") },
	{ "\\u+041", TEXT("{\"a\":\"\\u+041\"}") },
	{ "\\u 041", TEXT("{\"a\":\"\\u 041\"}") },
	{ "high surrogate alone", TEXT("{\"a\":\"\\ud800\"}") },
	{ "high surrogate and text", TEXT("{\"a\":\"\\ud800abc\"}") },
	{ "high surrogate and an escape", TEXT("{\"a\":\"\\ud800\\n\"}") },
	{ "two high surrogates", TEXT("{\"a\":\"\\ud800\\ud800\"}") },
	{ "high surrogate and U+E000", TEXT("{\"a\":\"\\ud800\\ue000\"}") },
	{ "high surrogate and half", TEXT("{\"a\":\"\\ud800\\udc0\"}") },
	{ "high surrogate and a backslash", TEXT("{\"a\":\"\\ud800\\\"}") },
	{ "low surrogate alone", TEXT("{\"a\":\"\\udc00\"}") },
	{ "pair the wrong way", TEXT("{\"a\":\"\\udd1e\\ud834\"}") },
	{ "surrogate in a name", TEXT("{\"\\udead\":1}") },
	{ "raw NUL in a string", TEXT("{\"a\":\"b\0c\"}") },
	{ "raw NUL in a name", TEXT("{\"a\0\":1}") },
	{ "raw NUL between", TEXT("{\0}") },
	{ "raw line end", TEXT("{\"a\":\"b\nc\"}") },
	{ "raw tab", TEXT("{\"a\":\"\t\"}") },
	{ "raw escape", TEXT("{\"a\":\"\x1b[m\"}") },
	{ "raw U+001F", TEXT("{\"a\":\"\x1f\"}") },
	{ "Latin-1", TEXT("{\"a\":\"\xe9\"}") },
	{ "tail alone", TEXT("{\"a\":\"\x81\"}") },
	{ "overlong slash", TEXT("{\"a\":\"\xc0\xaf\"}") },
	{ "raw surrogate", TEXT("{\"a\":\"\xed\xa0\x80\"}") },
	{ "over U+10FFFF", TEXT("{\"a\":\"\xf4\xbf\xbf\xbf\"}") },
	{ "cut character", TEXT("{\"a\":\"\xe0\xff\"}") },
	{ "cut character before the quote", TEXT("{\"a\":\"\xe2\x82\"}") },
	{ "bad UTF-8 in a name", TEXT("{\"\xff\":0}") },
	{ "bad UTF-8 outside", TEXT("{\xff}") },
};

/* Read at the very end of a block, so that a sanitizer sees one byte more. */
static char *
exactly(const char *text, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

static void
accepts(void)
{
	for (size_t i = 0; i < LENGTH_OF(accepted); i++) {
		char *text = exactly(accepted[i].text, accepted[i].len);
		cJSON *root = NULL;

		HOLDS(accepted[i].row, json_is_object(text, accepted[i].len));
		SAME_INT(accepted[i].row,
		    json_parse(text, accepted[i].len, &root), RC_OK);
		HOLDS(accepted[i].row, cJSON_IsObject(root));
		json_free(root);
		free(text);
	}
}

static void
refuses(void)
{
	for (size_t i = 0; i < LENGTH_OF(refused); i++) {
		char *text = exactly(refused[i].text, refused[i].len);
		cJSON *root = (cJSON *)&root;

		HOLDS(refused[i].row, !json_is_object(text, refused[i].len));
		SAME_INT(refused[i].row,
		    json_parse(text, refused[i].len, &root), RC_INVALID);
		HOLDS(refused[i].row, root == NULL);
		free(text);
	}
}

/* Every accepted text, cut anywhere, is none (blanks behind it apart). */
static void
refuses_every_start_of_one(void)
{
	for (size_t i = 0; i < LENGTH_OF(accepted); i++) {
		const char *end = strrchr(accepted[i].text, '}');
		size_t whole = (size_t)(end - accepted[i].text);

		for (size_t len = 0; len <= whole; len++)
			HOLDS(accepted[i].row,
			    !json_is_object(accepted[i].text, len));
	}
}

/* ${depth} arrays or objects, the outermost an object. */
static const char *
nested(size_t depth, bool arrays)
{
	const char *text = "1";

	for (size_t i = 1; i < depth; i++)
		text = pool_printf(unit_mem, arrays ? "[%s]" : "{\"a\":%s}",
		    text);
	return pool_printf(unit_mem, "{\"a\":%s}", text);
}

static void
depth(void)
{
	static const struct {
		const char *row;
		size_t depth;
		bool arrays, good;
	} rows[] = {
		{ "1", 1, false, true },
		{ "31 objects", JSON_DEPTH_MAX - 1, false, true },
		{ "32 objects", JSON_DEPTH_MAX, false, true },
		{ "33 objects", JSON_DEPTH_MAX + 1, false, false },
		{ "32 with arrays", JSON_DEPTH_MAX, true, true },
		{ "33 with arrays", JSON_DEPTH_MAX + 1, true, false },
		{ "2000", 2000, true, false },
	};
	const char *beside;
	char *open;

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = nested(rows[i].depth, rows[i].arrays);

		SAME_INT(rows[i].row, json_is_object(text, strlen(text)),
		    rows[i].good);
	}
	/* Beside each other they are no deeper. */
	beside = pool_printf(unit_mem, "{\"a\":%s,\"b\":%s,\"c\":[[],[],[]]}",
	    nested(JSON_DEPTH_MAX - 1, true), nested(JSON_DEPTH_MAX - 1, true));
	HOLDS("beside", json_is_object(beside, strlen(beside)));
	open = unit_repeat('[', 100000);
	memcpy(open, "{\"a\":", 5);
	HOLDS("never closed", !json_is_object(open, 100000));
}

static void
long_numbers(void)
{
	static const size_t digits[] = { 62, 63, 64, 65, 127, 128, 1000, 9000 };

	for (size_t i = 0; i < LENGTH_OF(digits); i++) {
		char *number = unit_repeat('9', digits[i]);
		const char *text = pool_printf(unit_mem,
		    "{\"a\":%s,\"b\":\"x\"}", number);
		cJSON *root;

		SAME_INT(number, json_parse(text, strlen(text), &root), RC_OK);
		SAME_TEXT(number, json_string(root, "b"), "x");
		json_free(root);
	}
}

static void
length_is_the_caller_s(void)
{
	cJSON *root;

	SAME_INT("text goes on", json_parse("{\"a\":1}}}", 7, &root), RC_OK);
	json_free(root);
	SAME_INT("text goes on", json_parse("{}{}", 2, &root), RC_OK);
	json_free(root);
	SAME_INT("too little of it", json_parse("{\"a\":1}", 6, &root),
	    RC_INVALID);
	json_free(NULL);
}

static cJSON *
parsed(const char *row, const char *text)
{
	cJSON *root;

	SAME_INT(row, json_parse(text, strlen(text), &root), RC_OK);
	return root;
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
		UNIT(accepts),
		UNIT(refuses),
		UNIT(refuses_every_start_of_one),
		UNIT(depth),
		UNIT(long_numbers),
		UNIT(length_is_the_caller_s),
		UNIT(member_has_nul),
		UNIT(unique_names),
		UNIT(strings),
		UNIT(integers),
	};

	return UNIT_MAIN(tests);
}
