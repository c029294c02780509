#include "request_fixture.h"

static void
begins(void)
{
	static const struct {
		const char *row, *address, *client_ip;
	} rows[] = {
		{ "IPv4", "192.0.2.1", "192.0.2.1" },
		{ "IPv6", "2001:db8::1", "2001:db8::1" },
		{ "IPv4 in IPv6", "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "none", NULL, "" },
		{ "empty", "", "" },
		{ "a name", "localhost", "" },
		{ "two", "192.0.2.1, 192.0.2.2", "" },
		{ "text", "192.0.2.1\nevent=x", "" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "REMOTE_ADDR", rows[i].address },
			    { "REQUEST_METHOD", "POST" },
			    { "HTTP_X_FORWARDED_FOR", "203.0.113.1" } }
		};
		struct request rq = request_of(&gateway);

		request_begin(&rq);
		SAME_TEXT(rows[i].row, rq.client_ip, rows[i].client_ip);
		SAME_TEXT(rows[i].row, rq.method, "POST");
		SAME_TEXT(rows[i].row, rq.item, "");
		HOLDS(rows[i].row, rq.now_ms > 1700000000000);
	}
}

static void
paths(void)
{
	static const struct {
		const char *uri, *name;
		bool takes_item;
		enum rc rc;
		const char *item;
	} rows[] = {
		{ "/", "", false, RC_OK, "" },
		{ "/?x=/y", "", false, RC_OK, "" },
		{ "//", "", false, RC_BAD_PATH, "" },
		{ "/x", "", false, RC_BAD_PATH, "" },
		{ "", "", false, RC_BAD_PATH, "" },
		{ "?", "", false, RC_BAD_PATH, "" },

		{ "/api/v1/users/login", "login", false, RC_OK, "" },
		{ "/api/v1/users/login?x", "login", false, RC_OK, "" },
		{ "/api/v1/users/login?x=/logout", "login", false, RC_OK, "" },
		{ "/cgi-bin/login.fcgi", "login", false, RC_OK, "" },
		{ "/cgi-bin/login.cgi", "login", false, RC_OK, "" },
		{ "/login", "login", false, RC_OK, "" },
		{ "", "login", false, RC_BAD_PATH, "" },
		{ "login", "login", false, RC_BAD_PATH, "" },
		{ NULL, "login", false, RC_BAD_PATH, "" },
		{ "/", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login/", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login/x", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login/?x", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/logi", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/loginx", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/xlogin", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/Login", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login.php", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login.fcgi.cgi", "login", false, RC_BAD_PATH,
		    "" },
		{ "/api/v1/users/login.FCGI", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login.fcgi/x", "login", false, RC_BAD_PATH,
		    "" },
		{ "/api/v1/users/%6cogin", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login%00", "login", false, RC_BAD_PATH, "" },
		{ "/api/v1/users/login;x", "login", false, RC_BAD_PATH, "" },
		{ "/x?/login", "login", false, RC_BAD_PATH, "" },

		{ "/u/sessions", "sessions", true, RC_OK, "" },
		{ "/u/sessions/ID", "sessions", true, RC_OK, "ID" },
		{ "/u/sessions/ID?x/y", "sessions", true, RC_OK, "ID" },
		{ "/u/sessions.fcgi/ID", "sessions", true, RC_OK, "ID" },
		{ "/u/sessions/..", "sessions", true, RC_OK, ".." },
		{ "/u/sessions/", "sessions", true, RC_BAD_PATH, "" },
		{ "/u/sessions/sessions", "sessions", true, RC_OK, "sessions" },
		{ "/u/sessions//", "sessions", true, RC_BAD_PATH, "" },
		{ "/u/sessions//ID", "sessions", true, RC_BAD_PATH, NULL },
		{ "/u/sessions/ID/", "sessions", true, RC_BAD_PATH, "" },
		{ "/u/sessions/ID/x", "sessions", true, RC_BAD_PATH, NULL },
		{ "/u/session/ID", "sessions", true, RC_BAD_PATH, NULL },
		{ "/ID", "sessions", true, RC_BAD_PATH, NULL },
		{ "sessions/ID", "sessions", true, RC_BAD_PATH, NULL },
		{ "/", "sessions", true, RC_BAD_PATH, "" },
		{ "", "sessions", true, RC_BAD_PATH, "" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "REQUEST_URI", rows[i].uri } }
		};
		struct request rq = request_of(&gateway);
		const char *row = pool_printf(unit_mem, "%s for '%s'",
		    rows[i].uri != NULL ? rows[i].uri : "none", rows[i].name);

		request_begin(&rq);
		SAME_INT(row,
		    request_check_path(&rq, rows[i].name, rows[i].takes_item),
		    rows[i].rc);
		if (rows[i].rc == RC_OK)
			SAME_TEXT(row, rq.item, rows[i].item);
	}
}

static void
cookies(void)
{
	static const struct {
		const char *row, *prefix, *header, *value;
	} rows[] = {
		{ "none", "", NULL, NULL },
		{ "there", "", "accessToken=x", "x" },
		{ "two values", "", "accessToken=x; accessToken=y", NULL },
		{ "prefix", "__Host-", "__Host-accessToken=x", "x" },
		{ "prefix, the bare one does not count", "__Host-",
		    "accessToken=y", NULL },
		{ "prefix, the bare one is another's", "__Host-",
		    "accessToken=y; __Host-accessToken=x", "x" },
		{ "another prefix", "__Secure-", "__Host-accessToken=x", NULL },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "HTTP_COOKIE", rows[i].header } }
		};
		struct request rq = request_of(&gateway);
		const char *value = "unset";

		config.cookie_prefix = rows[i].prefix;
		SAME_INT(rows[i].row,
		    request_cookie(&rq, "accessToken", &value), RC_OK);
		SAME_TEXT(rows[i].row, value, rows[i].value);
	}
}

static void
page_loads(void)
{
	static const char
	    firefox[] = "text/html,application/xhtml+xml,application/xml;q=0.9,"
			"image/avif,*/*;q=0.8";
	static const struct {
		const char *row, *method, *accept, *mode;
		bool page;
	} rows[] = {
		{ "Firefox", "GET", firefox, NULL, true },
		{ "a newer Firefox", "GET", firefox, "navigate", true },
		{ "text/html alone", "GET", "text/html", NULL, true },
		{ "upper case", "GET", "Text/HTML", NULL, true },
		{ "last", "GET", "image/png , text/html", NULL, true },
		{ "with a quality", "GET", "*/*, text/html;q=0.5", NULL, true },
		{ "a blank before it", "GET", "text/html ; q=1", NULL, true },
		{ "a parameter", "GET", "text/html;level=1", NULL, true },
		{ "curl", "GET", "*/*", NULL, false },
		{ "no Accept", "GET", NULL, NULL, false },
		{ "an empty one", "GET", "", NULL, false },
		{ "commas", "GET", ",,, ,", NULL, false },
		{ "JSON", "GET", "application/json", NULL, false },
		{ "any text", "GET", "text/*", NULL, false },
		{ "another type", "GET", "text/htmlx", NULL, false },
		{ "a part of it", "GET", "x-text/html", NULL, false },
		{ "a parameter only", "GET", "a/b;x=text/html", NULL, false },
		{ "refused", "GET", "text/html;q=0", NULL, false },
		{ "refused, more", "GET", "text/html; q=0, */*", NULL, false },
		{ "the next is refused", "GET", "text/html, a/b;q=0", NULL,
		    true },
		{ "a script's", "GET", firefox, "cors", false },
		{ "an image", "GET", firefox, "no-cors", false },
		{ "a socket", "GET", firefox, "websocket", false },
		{ "HEAD", "HEAD", firefox, NULL, false },
		{ "POST", "POST", firefox, "navigate", false },
		{ "get", "get", firefox, NULL, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "REQUEST_METHOD", rows[i].method },
			    { "HTTP_ACCEPT", rows[i].accept },
			    { "HTTP_SEC_FETCH_MODE", rows[i].mode } }
		};
		struct request rq = request_of(&gateway);

		request_begin(&rq);
		SAME_INT(rows[i].row, request_is_page_load(&rq), rows[i].page);
	}
}

static void
queries(void)
{
	static const char *const names[] = { "next", NULL };
	static const struct {
		const char *row, *query;
		enum rc rc;
		const char *next;
	} rows[] = {
		{ "one", "next=/a", RC_OK, "/a" },
		{ "escapes", "next=%2Fa%3Fb%3Dc%26d+e", RC_OK, "/a?b=c&d e" },
		{ "others", "a=b&next=/a&&c", RC_OK, "/a" },
		{ "none", "", RC_OK, NULL },
		{ "not set", NULL, RC_OK, NULL },
		{ "without a value", "next", RC_OK, NULL },
		{ "an empty value", "next=", RC_OK, NULL },
		{ "upper case", "Next=/a", RC_OK, NULL },
		{ "an array", "next[]=/a", RC_OK, NULL },
		{ "two", "next=/a&next=/b", RC_BAD_FORM, NULL },
		{ "a broken escape", "next=%2", RC_BAD_FORM, NULL },
		{ "a NUL", "next=/a%00b", RC_BAD_FORM, NULL },
		{ "no UTF-8", "next=/%ff", RC_BAD_FORM, NULL },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "QUERY_STRING", rows[i].query } }
		};
		struct request rq = request_of(&gateway);

		SAME_INT(rows[i].row, request_read_query(&rq, names),
		    rows[i].rc);
		if (rows[i].rc == RC_OK)
			SAME_TEXT(rows[i].row, request_text(&rq, "next"),
			    rows[i].next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(begins),
		UNIT(paths),
		UNIT(cookies),
		UNIT(page_loads),
		UNIT(queries),
	};

	return UNIT_MAIN(tests);
}
