#include "cookie.h"

#include "unit.h"

static const struct {
	const char *row, *header;
	const char *value; /* of accessToken; NULL: RC_NOT_FOUND */
} rows[] = {
	{ "no header", NULL, NULL },
	{ "empty", "", NULL },
	{ "alone", "accessToken=x", "x" },
	{ "first of two", "accessToken=x; b=1", "x" },
	{ "second of two", "a=1; accessToken=x", "x" },
	{ "between", "a=1; accessToken=x; b=2", "x" },
	/* RFC 6265, 3.1, with the names as they stand there. */
	{ "RFC 6265: none of ours", "SID=31d4d96e407aad42; lang=en-US", NULL },
	{ "RFC 6265: one more",
	    "SID=31d4d96e407aad42; lang=en-US; accessToken=x", "x" },

	{ "no blank behind ;", "a=1;accessToken=x;b=2", "x" },
	{ "blanks and tabs", " a=1 ;\t accessToken \t=\t x \t; b=2", "x" },
	{ "joined with a comma", "a=1, accessToken=x, b=2", "x" },
	{ "a comma inside a value", "a=1,accessToken=x", NULL },
	{ "a comma in ours", "accessToken=x,y", "x,y" },
	{ "quoted", "accessToken=\"x\"", "x" },
	{ "quoted, and more", "accessToken=\"x\"; b=1", "x" },
	{ "one quote", "accessToken=\"", "\"" },
	{ "a quote before", "accessToken=\"x", "\"x" },
	{ "a quote behind", "accessToken=x\"", "x\"" },
	{ "quotes inside", "accessToken=\"x\"y\"", "x\"y" },
	{ "equals in it", "accessToken=x=y==", "x=y==" },
	{ "dots", "accessToken=a.b.c", "a.b.c" },
	{ "empty ones around", ";;; ;accessToken=x;;", "x" },
	{ "pairs without equals", "a; accessToken=x; b", "x" },
	{ "bytes over 0x7f in another's", "a=\xe4\xff; accessToken=x", "x" },
	{ "another's controls", "a=\x01\x7f; accessToken=x", "x" },

	{ "name only starts so", "accessTokenx=x", NULL },
	{ "name only ends so", "xaccessToken=x", NULL },
	{ "a start of the name", "accessToke=x", NULL },
	{ "another case", "AccessToken=x; ACCESSTOKEN=y", NULL },
	{ "behind a prefix", "__Host-accessToken=x", NULL },
	{ "name in quotes", "\"accessToken\"=x", NULL },
	{ "in another's value", "a=accessToken=x", NULL },
	{ "in another's quotes", "a=\"accessToken=x\"", NULL },
	{ "no equals", "accessToken", NULL },
	{ "no equals, another behind", "accessToken; a=x", NULL },
	{ "empty value", "accessToken=", NULL },
	{ "empty value, more behind", "accessToken=; a=x", NULL },
	{ "empty quotes", "accessToken=\"\"", NULL },
	{ "blanks as a value", "accessToken=  ;", NULL },

	{ "twice the same", "accessToken=x; accessToken=x", "x" },
	{ "twice the same, once quoted", "accessToken=x; accessToken=\"x\"",
	    "x" },
	{ "two values", "accessToken=x; accessToken=y", NULL },
	{ "two values, far apart", "accessToken=x; a=1; accessToken=y", NULL },
	{ "two values, joined with a comma", "accessToken=x, accessToken=y",
	    NULL },
	{ "one value longer", "accessToken=x; accessToken=xy", NULL },
	{ "one value in another case", "accessToken=x; accessToken=X", NULL },
	{ "empty, then one", "accessToken=; accessToken=x", NULL },
	{ "one, then empty", "accessToken=x; accessToken=", NULL },
	{ "two of three", "accessToken=x; accessToken=x; accessToken=y", NULL },
	{ "another's differ", "a=1; a=2; accessToken=x", "x" },
};

static void
finds(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *value = "unset";
		enum rc rc = cookie_find(rows[i].header, "accessToken",
		    unit_mem, &value);

		SAME_INT(rows[i].row, rc,
		    rows[i].value != NULL ? RC_OK : RC_NOT_FOUND);
		SAME_TEXT(rows[i].row, value, rows[i].value);
	}
}

static void
finds_under_a_prefix(void)
{
	const char *value;

	SAME_INT("__Host-",
	    cookie_find("accessToken=y; __Host-accessToken=x",
		"__Host-accessToken", unit_mem, &value),
	    RC_OK);
	SAME_TEXT("__Host-", value, "x");
}

static void
header_length(void)
{
	static const struct {
		const char *row;
		size_t len;
		enum rc rc;
	} sizes[] = {
		{ "one under", COOKIE_HEADER_MAX - 1, RC_OK },
		{ "at the limit", COOKIE_HEADER_MAX, RC_OK },
		{ "one over", COOKIE_HEADER_MAX + 1, RC_NOT_FOUND },
		{ "far over", 20 * COOKIE_HEADER_MAX, RC_NOT_FOUND },
	};

	for (size_t i = 0; i < LENGTH_OF(sizes); i++) {
		char *header = unit_repeat('a', sizes[i].len);
		const char *value;

		memcpy(header, "accessToken=x; b=", 17);
		SAME_INT(sizes[i].row,
		    cookie_find(header, "accessToken", unit_mem, &value),
		    sizes[i].rc);
	}
}

static void
formats(void)
{
	static const struct {
		const char *row;
		struct cookie cookie;
		const char *text;
	} formats[] = {
		{ "access", { "", "accessToken", "a.b.c", "/", "", 900, true },
		    "accessToken=a.b.c; Path=/; Max-Age=900; HttpOnly; Secure; "
		    "SameSite=Lax" },
		{ "refresh",
		    { "", "refreshToken", "a.b.c", "/api/v1/users", "", 1296000,
			true },
		    "refreshToken=a.b.c; Path=/api/v1/users; Max-Age=1296000; "
		    "HttpOnly; Secure; SameSite=Lax" },
		{ "cleared", { "", "accessToken", "", "/", "", 0, true },
		    "accessToken=; Path=/; Max-Age=0; HttpOnly; Secure; "
		    "SameSite=Lax" },
		{ "prefix", { "__Host-", "accessToken", "x", "/", "", 1, true },
		    "__Host-accessToken=x; Path=/; Max-Age=1; HttpOnly; "
		    "Secure; SameSite=Lax" },
		{ "domain, not secure",
		    { "", "accessToken", "x", "/", "example.org", 900, false },
		    "accessToken=x; Path=/; Domain=example.org; Max-Age=900; "
		    "HttpOnly; SameSite=Lax" },
		{ "years",
		    { "", "accessToken", "x", "/", "", 31536000000, true },
		    "accessToken=x; Path=/; Max-Age=31536000000; HttpOnly; "
		    "Secure; SameSite=Lax" },
	};

	for (size_t i = 0; i < LENGTH_OF(formats); i++)
		SAME_TEXT(formats[i].row,
		    cookie_format(&formats[i].cookie, unit_mem),
		    formats[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(finds),
		UNIT(finds_under_a_prefix),
		UNIT(header_length),
		UNIT(formats),
	};

	return UNIT_MAIN(tests);
}
