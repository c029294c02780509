#include "response.h"

#include "unit.h"

/* A gateway that keeps what is written; it stands before the library's. */

struct gateway {
	char out[65536];
	size_t len;
	int writes;
};

bool
gateway_write(struct gateway *gateway, const char *bytes, size_t len)
{
	assert_true(gateway->len + len < sizeof(gateway->out));
	memcpy(gateway->out + gateway->len, bytes, len);
	gateway->len += len;
	gateway->writes++;
	return true;
}

#define COMMON "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
#define JSON   "Content-Type: application/json; charset=utf-8\r\n"
#define FAULT                                                                  \
	"Status: 500\r\n" JSON "Content-Length: 34\r\n" COMMON "\r\n"          \
	"{\"message\":\"Something went wrong\"}"

static struct response rs;

static const char *
sent(bool head)
{
	struct gateway *gateway = pool_alloc(unit_mem, sizeof(*gateway));
	int before = unit_quiet();

	assert_non_null(gateway);
	response_write(&rs, gateway, head);
	unit_loud(before);
	SAME_INT("in one piece", gateway->writes, 1);
	response_end(&rs);
	return gateway->out;
}

static void
nothing_said_is_a_500(void)
{
	response_begin(&rs, unit_mem);
	SAME_TEXT("begun", sent(false),
	    "Status: 500\r\n" JSON "Content-Length: 2\r\n" COMMON "\r\n{}");
}

static void
json(void)
{
	cJSON *object, *array;

	response_begin(&rs, unit_mem);
	rs.status = 200;
	response_header(&rs, "Vary", "Origin");
	response_header(&rs, "Set-Cookie", "a=b; Path=/");
	response_header(&rs, "Set-Cookie", "c=d");
	object = response_add_object(&rs, "user");
	cJSON_AddStringToObject(object, "email", "a@b");
	array = response_add_array(&rs, "list");
	cJSON_AddItemToArray(array, cJSON_CreateNumber(1));
	response_add(&rs, "message", "\xc3\xa4 \"q\" \\ \n");
	response_add(&rs, "none", NULL);
	response_add_number(&rs, "count", 3);
	SAME_TEXT("all of it", sent(false),
	    "Status: 200\r\n" JSON "Content-Length: 72\r\n" COMMON
	    "Vary: Origin\r\nSet-Cookie: a=b; Path=/\r\nSet-Cookie: c=d\r\n"
	    "\r\n{\"user\":{\"email\":\"a@b\"},\"list\":[1],"
	    "\"message\":\"\xc3\xa4 \\\"q\\\" \\\\ \\n\",\"count\":3}");
}

static void
length_counts_bytes(void)
{
	const char *text, *body;

	response_begin(&rs, unit_mem);
	rs.status = 200;
	response_add(&rs, "message", "\xe2\x82\xac\xf0\x9f\x98\xb9");
	text = sent(false);
	body = strstr(text, "\r\n\r\n") + 4;
	SAME_INT("length", atoi(strstr(text, "Content-Length: ") + 16),
	    strlen(body));
}

static void
text(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 200;
	response_text(&rs, "text/html; charset=utf-8", "Hello World!");
	SAME_TEXT("text", sent(false),
	    "Status: 200\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: 12\r\n" COMMON "\r\nHello World!");
}

static void
head(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 200;
	response_header(&rs, "Vary", "Origin");
	response_add(&rs, "message", "x");
	SAME_TEXT("as GET, without the body", sent(true),
	    "Status: 200\r\n" JSON "Content-Length: 15\r\n" COMMON
	    "Vary: Origin\r\n\r\n");
}

static void
no_content(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 204;
	response_header(&rs, "Vary", "Origin");
	SAME_TEXT("204", sent(false),
	    "Status: 204\r\n" COMMON "Vary: Origin\r\n\r\n");
}

static void
bare(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 200;
	rs.bare = true;
	response_add(&rs, "accessToken", "secret");
	response_header(&rs, "Variable-A", "b");
	SAME_TEXT("bare", sent(false), "Status: 200\r\nVariable-A: b\r\n\r\n");
	response_begin(&rs, unit_mem);
	rs.status = 200;
	rs.bare = true;
	response_header(&rs, "Variable-A", "b\nc");
	SAME_TEXT("bare, and failed", sent(false), FAULT);
}

static void
dropped_content(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 401;
	response_header(&rs, "Vary", "Origin");
	response_add(&rs, "accessToken", "secret");
	response_text(&rs, "text/plain", "secret");
	response_drop_content(&rs);
	response_add(&rs, "message", "x");
	SAME_TEXT("headers stay", sent(false),
	    "Status: 401\r\n" JSON "Content-Length: 15\r\n" COMMON
	    "Vary: Origin\r\n\r\n{\"message\":\"x\"}");
}

static void
header_values(void)
{
	static const struct {
		const char *row, *value;
		bool good;
	} rows[] = {
		{ "plain", "a", true },
		{ "empty", "", true },
		{ "the edges of ASCII", " ~", true },
		{ "line end", "a\r\nSet-Cookie: x=y", false },
		{ "LF", "a\nb", false },
		{ "CR", "a\rb", false },
		{ "LF at the end", "a\n", false },
		{ "tab", "a\tb", false },
		{ "0x01", "\x01", false },
		{ "0x1f", "\x1f", false },
		{ "DEL", "\x7f", false },
		{ "0x80", "\x80", false },
		{ "UTF-8", "\xc3\xa4", false },
		{ "NULL", NULL, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *out;

		response_begin(&rs, unit_mem);
		rs.status = 200;
		response_header(&rs, "X-Test", rows[i].value);
		response_add(&rs, "accessToken", "secret");
		/* What follows does not make it good again. */
		response_header(&rs, "Vary", "Origin");
		SAME_INT(rows[i].row, rs.failed, !rows[i].good);
		out = sent(false);
		if (rows[i].good)
			HOLDS(rows[i].row,
			    strstr(out,
				pool_printf(unit_mem, "\r\nX-Test: %s\r\n",
				    rows[i].value)) != NULL);
		else
			SAME_TEXT(rows[i].row, out, FAULT);
	}
}

static void
a_failure_is_remembered(void)
{
	response_begin(&rs, unit_mem);
	rs.status = 200;
	rs.failed = true;
	response_drop_content(&rs);
	response_text(&rs, "text/plain", "x");
	SAME_TEXT("failed", sent(false), FAULT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(nothing_said_is_a_500),
		UNIT(json),
		UNIT(length_counts_bytes),
		UNIT(text),
		UNIT(head),
		UNIT(no_content),
		UNIT(bare),
		UNIT(dropped_content),
		UNIT(header_values),
		UNIT(a_failure_is_remembered),
	};

	return UNIT_MAIN(tests);
}
