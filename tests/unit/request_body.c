#include "request_fixture.h"

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

static void
bodies(void)
{
	static const char *const names[] = { "email", "everywhere", NULL };
	static const struct {
		const char *row, *type, *length, *coding, *body;
		enum rc rc;
		const char *email;
		bool everywhere;
	} rows[] = {
		{ "none", NULL, NULL, NULL, "", RC_OK, NULL, false },
		{ "none, length 0", NULL, "0", NULL, "", RC_OK, NULL, false },
		{ "none, length empty", NULL, "", NULL, "", RC_OK, NULL,
		    false },
		{ "none, of any type", "text/plain", "0", NULL, "", RC_OK, NULL,
		    false },
		{ "no length, bytes all the same", JSON, NULL, NULL, "{x",
		    RC_OK, NULL, false },
		{ "JSON", JSON, "13", NULL, "{\"email\":\"a\"}", RC_OK, "a",
		    false },
		{ "JSON, true", JSON, "19", NULL, "{\"everywhere\":true}",
		    RC_OK, NULL, true },
		{ "form", FORM, "7", NULL, "email=a", RC_OK, "a", false },
		{ "form, true", FORM, "12", NULL, "everywhere=1", RC_OK, NULL,
		    true },
		{ "upper case", "APPLICATION/JSON", "13", NULL,
		    "{\"email\":\"a\"}", RC_OK, "a", false },
		{ "charset", JSON "; charset=utf-8", "13", NULL,
		    "{\"email\":\"a\"}", RC_OK, "a", false },
		{ "charset, no blank", JSON ";charset=UTF-8", "13", NULL,
		    "{\"email\":\"a\"}", RC_OK, "a", false },
		{ "blanks before ;", FORM " \t; charset=utf-8", "7", NULL,
		    "email=a", RC_OK, "a", false },
		{ "chunked", JSON, NULL, "chunked", "{\"email\":\"a\"}", RC_OK,
		    "a", false },
		{ "chunked, empty", JSON, NULL, "chunked", "", RC_OK, NULL,
		    false },

		{ "no type", NULL, "2", NULL, "{}", RC_BODY_TYPE, NULL, false },
		{ "empty type", "", "2", NULL, "{}", RC_BODY_TYPE, NULL,
		    false },
		{ "text/plain", "text/plain", "2", NULL, "{}", RC_BODY_TYPE,
		    NULL, false },
		{ "multipart", "multipart/form-data; boundary=x", "2", NULL,
		    "{}", RC_BODY_TYPE, NULL, false },
		{ "text/json", "text/json", "2", NULL, "{}", RC_BODY_TYPE, NULL,
		    false },
		{ "a type that starts so", JSON "x", "2", NULL, "{}",
		    RC_BODY_TYPE, NULL, false },
		{ "a start of the type", "application/jso", "2", NULL, "{}",
		    RC_BODY_TYPE, NULL, false },
		{ "json-patch", "application/json-patch+json", "2", NULL, "{}",
		    RC_BODY_TYPE, NULL, false },
		{ "two types", JSON ", " FORM, "2", NULL, "{}", RC_BODY_TYPE,
		    NULL, false },
		{ "a parameter alone", "; charset=utf-8", "2", NULL, "{}",
		    RC_BODY_TYPE, NULL, false },

		{ "shorter than said", JSON, "14", NULL, "{\"email\":\"a\"}",
		    RC_BAD_JSON, NULL, false },
		{ "form, shorter than said", FORM, "8", NULL, "email=a",
		    RC_BAD_FORM, NULL, false },
		{ "nothing of what was said", JSON, "5", NULL, "", RC_BAD_JSON,
		    NULL, false },
		{ "length +2", JSON, "+2", NULL, "{}", RC_BAD_JSON, NULL,
		    false },
		{ "length -1", JSON, "-1", NULL, "{}", RC_BAD_JSON, NULL,
		    false },
		{ "length 2x", JSON, "2x", NULL, "{}", RC_BAD_JSON, NULL,
		    false },
		{ "length 0x2", FORM, "0x2", NULL, "a=", RC_BAD_FORM, NULL,
		    false },
		{ "two lengths", JSON, "2, 2", NULL, "{}", RC_BAD_JSON, NULL,
		    false },
		{ "length of 19 digits", JSON, "9999999999999999999", NULL,
		    "{}", RC_BODY_TOO_LARGE, NULL, false },
		{ "length 2^64 + 2", JSON, "18446744073709551618", NULL, "{}",
		    RC_BODY_TOO_LARGE, NULL, false },
		{ "JSON sent as a form", FORM, "13", NULL, "{\"email\":\"a\"}",
		    RC_OK, NULL, false },
		{ "a form sent as JSON", JSON, "7", NULL, "email=a",
		    RC_BAD_JSON, NULL, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		for (int fastcgi = 0; fastcgi < 2; fastcgi++) {
			struct gateway gateway = {
				.params = { { "CONTENT_TYPE", rows[i].type },
				    { "CONTENT_LENGTH", rows[i].length },
				    { "HTTP_TRANSFER_ENCODING",
					rows[i].coding } },
				.fastcgi = fastcgi,
				.body = rows[i].body,
				.len = strlen(rows[i].body)
			};
			struct request rq = request_of(&gateway);

			SAME_INT(rows[i].row, request_read_body(&rq, names),
			    rows[i].rc);
			if (rows[i].rc != RC_OK)
				continue;
			SAME_TEXT(rows[i].row, request_text(&rq, "email"),
			    rows[i].email);
			SAME_INT(rows[i].row, request_flag(&rq, "everywhere"),
			    rows[i].everywhere);
			SAME_TEXT("unknown", request_text(&rq, "x"), NULL);
			HOLDS("unknown", !request_flag(&rq, "x"));
		}
}

/* CGI shows no end: beyond the length is somebody else's. */
static void
longer_than_said(void)
{
	static const char *const names[] = { "email", NULL };

	for (int fastcgi = 0; fastcgi < 2; fastcgi++) {
		struct gateway gateway = { .params = { { "CONTENT_TYPE", FORM },
					       { "CONTENT_LENGTH", "7" } },
			.fastcgi = fastcgi,
			.body = "email=ab",
			.len = 8 };
		struct request rq = request_of(&gateway);

		SAME_INT("longer", request_read_body(&rq, names),
		    fastcgi ? RC_BAD_FORM : RC_OK);
		SAME_INT("asked for", gateway.most, fastcgi ? 8 : 7);
	}
}

static void
body_size(void)
{
	static const char *const names[] = { "email", NULL };
	static const struct {
		const char *row;
		size_t len;
		bool chunked;
		enum rc rc;
	} rows[] = {
		{ "100 KiB", REQUEST_BODY_MAX, false, RC_OK },
		{ "100 KiB and one", REQUEST_BODY_MAX + 1, false,
		    RC_BODY_TOO_LARGE },
		{ "a megabyte", 1 << 20, false, RC_BODY_TOO_LARGE },
		{ "100 KiB, chunked", REQUEST_BODY_MAX, true, RC_OK },
		{ "100 KiB and one, chunked", REQUEST_BODY_MAX + 1, true,
		    RC_BODY_TOO_LARGE },
		{ "a megabyte, chunked", 1 << 20, true, RC_BODY_TOO_LARGE },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char *body = unit_repeat('a', rows[i].len);
		const char *length = pool_printf(unit_mem, "%zu", rows[i].len);
		struct gateway gateway = {
			.params = { { "CONTENT_TYPE", FORM },
			    { "CONTENT_LENGTH",
				rows[i].chunked ? NULL : length },
			    { "HTTP_TRANSFER_ENCODING",
				rows[i].chunked ? "chunked" : NULL } },
			.fastcgi = true,
			.body = body,
			.len = rows[i].len
		};
		struct request rq = request_of(&gateway);

		memcpy(body, "email=", 6);
		SAME_INT(rows[i].row, request_read_body(&rq, names),
		    rows[i].rc);
		if (rows[i].rc == RC_OK)
			SAME_INT(rows[i].row,
			    strlen(request_text(&rq, "email")),
			    rows[i].len - 6);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(bodies),
		UNIT(longer_than_said),
		UNIT(body_size),
	};

	return UNIT_MAIN(tests);
}
