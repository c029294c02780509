#include "json.h"

#include "unit.h"

/* Which texts are one object, and which are not. */

/* A text that may hold NUL bytes, and its length. */
#define TEXT(literal) literal, sizeof(literal) - 1

/* An object of one member; one whose value is a string. */
#define VALUE(value)   TEXT("{\"a\":" value "}")
#define STRING(string) VALUE(QUOTED(string))

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
	{ "empty array", VALUE("[]") },
	{ "array with blanks", VALUE("[ 1 , 2 ]") },
	{ "all kinds", VALUE("[null,1,\"1\",{},[],true]") },

	{ "0", VALUE("0") },
	{ "-0", VALUE("-0") },
	{ "123", VALUE("123") },
	{ "-123", VALUE("-123") },
	{ "0.5", VALUE("0.5") },
	{ "123.456789", VALUE("123.456789") },
	{ "1e3", VALUE("1e3") },
	{ "1E22", VALUE("1E22") },
	{ "0e+1", VALUE("0e+1") },
	{ "0e1", VALUE("0e1") },
	{ "1E-2", VALUE("1E-2") },
	{ "123.456e78", VALUE("123.456e78") },
	{ "nearly zero",
	    VALUE("-0.00000000000000000000000000000000000000000000000000"
		  "0000000000000000000000000001") },
	{ "more digits than a double has",
	    VALUE("123456789012345678901234567890") },
	{ "beyond any double", VALUE("1e999") },
	{ "below any double", VALUE("1e-999") },

	{ "empty string", STRING("") },
	{ "every short escape", STRING("\\\"\\\\\\/\\b\\f\\n\\r\\t") },
	{ "\\u escape", STRING("\\u0012\\uaBcD") },
	{ "escaped NUL", STRING("\\u0000") },
	{ "escaped pair", STRING("\\uD834\\uDd1e") },
	{ "last escaped pair", STRING("\\udbff\\udfff") },
	{ "first escaped pair", STRING("\\ud800\\udc00") },
	{ "escape before the surrogates", STRING("\\uD7FF") },
	{ "escape after the surrogates", STRING("\\uE000") },
	{ "escaped noncharacter", STRING("\\uFFFF") },
	{ "a backslash and u0000", STRING("\\\\u0000") },
	{ "escape in a name", TEXT("{\"\\u0061\":1}") },
	{ "U+0020, the lowest", STRING(" ") },
	{ "DEL", STRING("\x7f") },
	{ "two bytes", STRING("\xcf\x80") },
	{ "three bytes", STRING("\xe2\x82\xac") },
	{ "four bytes", STRING("\xf0\x9d\x84\x9e") },
	{ "U+10FFFF", STRING("\xf4\x8f\xbf\xbf") },
	{ "U+2028 and U+2029", STRING("\xe2\x80\xa8\xe2\x80\xa9") },
	{ "comment in a string", STRING("/*b*/ // #") },
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
	{ "array: comma last", VALUE("[1,]") },
	{ "array: comma first", VALUE("[,1]") },
	{ "array: comma only", VALUE("[,]") },
	{ "array: two commas", VALUE("[1,,2]") },
	{ "array: no comma", VALUE("[1 2]") },
	{ "array: colon", VALUE("[\"b\":1]") },
	{ "array: open", TEXT("{\"a\":[1") },
	{ "array: extra close", VALUE("[1]]") },

	{ "True", VALUE("True") },
	{ "tru", VALUE("tru") },
	{ "nul at the end", TEXT("{\"a\":nul") },
	{ "truee", VALUE("truee") },
	{ "fals", VALUE("fals") },
	{ "undefined", VALUE("undefined") },
	{ "NaN", VALUE("NaN") },
	{ "-NaN", VALUE("-NaN") },
	{ "Infinity", VALUE("Infinity") },
	{ "-Infinity", VALUE("-Infinity") },
	{ "inf", VALUE("inf") },

	{ "01", VALUE("01") },
	{ "00", VALUE("00") },
	{ "-01", VALUE("-01") },
	{ "+1", VALUE("+1") },
	{ "++1", VALUE("++1") },
	{ "--1", VALUE("--1") },
	{ "- 1", VALUE("- 1") },
	{ "-", VALUE("-") },
	{ ".5", VALUE(".5") },
	{ "-.5", VALUE("-.5") },
	{ "2.", VALUE("2.") },
	{ "2.e3", VALUE("2.e3") },
	{ "0.e1", VALUE("0.e1") },
	{ "0.3e", VALUE("0.3e") },
	{ "1e", VALUE("1e") },
	{ "1e+", VALUE("1e+") },
	{ "1eE2", VALUE("1eE2") },
	{ "1e1.5", VALUE("1e1.5") },
	{ "1+2", VALUE("1+2") },
	{ "1 000", VALUE("1 000") },
	{ "1_000", VALUE("1_000") },
	{ "0x1", VALUE("0x1") },
	{ "0x42 without digits", VALUE("0x") },
	{ "1.2.3", VALUE("1.2.3") },
	{ "1a", VALUE("1a") },
	{ "full-width 1", VALUE("\xef\xbc\x91") },

	{ "open string", TEXT("{\"a\":\"b") },
	{ "open name", TEXT("{\"a") },
	{ "single quotes", VALUE("'b'") },
	{ "backslash at the end", TEXT("{\"a\":\"\\") },
	{ "escaped quote at the end", TEXT("{\"a\":\"\\\"}") },
	{ "\\a", STRING("\\a") },
	{ "\\'", STRING("\\'") },
	{ "\\x00", STRING("\\x00") },
	{ "\\0", STRING("\\0") },
	{ "\\U", STRING("\\U0041") },
	{ "escaped NUL byte", STRING("\\\0") },
	{ "escaped tab", STRING("\\\t") },
	{ "escaped four bytes", STRING("\\\xf0\x9d\x84\x9e") },
	{ "\\u", STRING("\\u") },
	{ "\\u00", STRING("\\u00") },
	{ "\\u00A", STRING("\\u00A") },
	{ "\\u00 at the end", TEXT("{\"a\":\"\\u00") },
	{ "\\u00g0", STRING("\\u00g0") },
	{ "\\u+041", STRING("\\u+041") },
	{ "\\u 041", STRING("\\u 041") },
	{ "high surrogate alone", STRING("\\ud800") },
	{ "high surrogate and text", STRING("\\ud800abc") },
	{ "high surrogate and an escape", STRING("\\ud800\\n") },
	{ "two high surrogates", STRING("\\ud800\\ud800") },
	{ "high surrogate and U+E000", STRING("\\ud800\\ue000") },
	{ "high surrogate and half", STRING("\\ud800\\udc0") },
	{ "high surrogate and a backslash", TEXT("{\"a\":\"\\ud800\\\"}") },
	{ "low surrogate alone", STRING("\\udc00") },
	{ "pair the wrong way", STRING("\\udd1e\\ud834") },
	{ "surrogate in a name", TEXT("{\"\\udead\":1}") },
	{ "raw NUL in a string", STRING("b\0c") },
	{ "raw NUL in a name", TEXT("{\"a\0\":1}") },
	{ "raw NUL between", TEXT("{\0}") },
	{ "raw line end", STRING("b\nc") },
	{ "raw tab", STRING("\t") },
	{ "raw escape", STRING("\x1b[m") },
	{ "raw U+001F", STRING("\x1f") },
	{ "Latin-1", STRING("\xe9") },
	{ "tail alone", STRING("\x81") },
	{ "overlong slash", STRING("\xc0\xaf") },
	{ "raw surrogate", STRING("\xed\xa0\x80") },
	{ "over U+10FFFF", STRING("\xf4\xbf\xbf\xbf") },
	{ "cut character", STRING("\xe0\xff") },
	{ "cut character before the quote", STRING("\xe2\x82") },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(accepts),
		UNIT(refuses),
		UNIT(refuses_every_start_of_one),
		UNIT(depth),
		UNIT(length_is_the_caller_s),
	};

	return UNIT_MAIN(tests);
}
