#include "request.h"

#include "unit.h"

/* A gateway of a few parameters and a body; it stands before the library's. */

enum {
	PARAMS_MAX = 8
};

struct gateway {
	const char *params[PARAMS_MAX][2];
	bool fastcgi;
	const char *body;
	size_t len, most; /* bytes that come; bytes ever asked for */
};

const char *
gateway_param(const struct gateway *gateway, const char *name)
{
	for (size_t i = 0; i < PARAMS_MAX; i++)
		if (gateway->params[i][0] != NULL &&
		    strcmp(gateway->params[i][0], name) == 0)
			return gateway->params[i][1];
	return NULL;
}

enum gateway_role
gateway_role(const struct gateway *gateway)
{
	return gateway_param(gateway, "FCGI_ROLE") == NULL ? GATEWAY_RESPONDER
							   : GATEWAY_AUTHORIZER;
}

bool
gateway_is_fastcgi(const struct gateway *gateway)
{
	return gateway->fastcgi;
}

size_t
gateway_read(struct gateway *gateway, char *out, size_t cap)
{
	size_t len = cap < gateway->len ? cap : gateway->len;

	gateway->most = cap;
	memcpy(out, gateway->body, len);
	return len;
}

static struct config config;

static struct request
request_of(struct gateway *gateway)
{
	config = unit_config();
	config.origins[0] = "https://app.example";
	config.origins[1] = "http://localhost:3000";
	config.origin_count = 2;
	return (struct request){
		.gateway = gateway, .config = &config, .pool = unit_mem
	};
}

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

/* Origin, Sec-Fetch-Site, and what the URL asked for was. */
static void
cross_site(void)
{
	static const struct {
		const char *row, *origin, *site, *host, *https, *scheme;
		bool foreign;
	} rows[] = {
		{ "no browser", NULL, NULL, "api.example", NULL, NULL, false },
		{ "ours", "https://app.example", NULL, NULL, NULL, NULL,
		    false },
		{ "the other of ours", "http://localhost:3000", NULL, NULL,
		    NULL, NULL, false },
		{ "ours, cross-site", "https://app.example", "cross-site", NULL,
		    NULL, NULL, false },
		{ "itself, http", "http://api.example", NULL, "api.example",
		    NULL, NULL, false },
		{ "itself, a port", "http://127.0.0.1:8000", NULL,
		    "127.0.0.1:8000", NULL, NULL, false },
		{ "itself, HTTPS=on", "https://api.example", NULL,
		    "api.example", "on", NULL, false },
		{ "itself, HTTPS=ON", "https://api.example", NULL,
		    "api.example", "ON", NULL, false },
		{ "itself, REQUEST_SCHEME", "https://api.example", NULL,
		    "api.example", NULL, "https", false },
		{ "itself, but for the scheme", "http://api.example", NULL,
		    "api.example", "on", NULL, true },
		{ "itself, but for the scheme, http", "https://api.example",
		    NULL, "api.example", "off", "http", true },
		{ "itself, HTTPS empty", "https://api.example", NULL,
		    "api.example", "", NULL, true },
		{ "itself, but for the port", "http://api.example:81", NULL,
		    "api.example", NULL, NULL, true },
		{ "no host", "http://", NULL, "", NULL, NULL, true },
		{ "no host sent", "http://", NULL, NULL, NULL, NULL, true },
		{ "foreign", "https://evil.example", NULL, "api.example", "on",
		    NULL, true },
		{ "foreign, same-origin", "https://evil.example", "same-origin",
		    "api.example", "on", NULL, true },
		{ "foreign, none", "https://evil.example", "none",
		    "api.example", "on", NULL, true },
		{ "null", "null", NULL, "api.example", NULL, NULL, true },
		{ "null, same-origin", "null", "same-origin", "api.example",
		    NULL, NULL, true },
		{ "empty", "", NULL, "api.example", NULL, NULL, true },
		{ "empty, same-origin", "", "same-origin", "api.example", NULL,
		    NULL, true },
		{ "ours twice", "https://app.example, https://app.example",
		    NULL, NULL, NULL, NULL, true },
		{ "ours, then foreign",
		    "https://app.example https://evil.example", NULL, NULL,
		    NULL, NULL, true },
		{ "ours in upper case", "https://APP.example", NULL, NULL, NULL,
		    NULL, true },
		{ "ours with a slash", "https://app.example/", NULL, NULL, NULL,
		    NULL, true },
		{ "ours with its port", "https://app.example:443", NULL, NULL,
		    NULL, NULL, true },
		{ "ours by http", "http://app.example", NULL, NULL, NULL, NULL,
		    true },
		{ "a start of ours", "https://app.exampl", NULL, NULL, NULL,
		    NULL, true },
		{ "ours is its start", "https://app.example.evil.example", NULL,
		    NULL, NULL, NULL, true },
		{ "ours as its user", "https://app.example@evil.example", NULL,
		    NULL, NULL, NULL, true },
		{ "below ours", "https://x.app.example", NULL, NULL, NULL, NULL,
		    true },
		{ "localhost, another port", "http://localhost:3001", NULL,
		    NULL, NULL, NULL, true },
		{ "no Origin, same-origin", NULL, "same-origin", NULL, NULL,
		    NULL, false },
		{ "no Origin, none", NULL, "none", NULL, NULL, NULL, false },
		{ "no Origin, same-site", NULL, "same-site", NULL, NULL, NULL,
		    true },
		{ "no Origin, cross-site", NULL, "cross-site", NULL, NULL, NULL,
		    true },
		{ "no Origin, empty", NULL, "", NULL, NULL, NULL, true },
		{ "no Origin, unknown", NULL, "x", NULL, NULL, NULL, true },
		{ "no Origin, upper case", NULL, "Same-Origin", NULL, NULL,
		    NULL, true },
		{ "no Origin, two", NULL, "same-origin, cross-site", NULL, NULL,
		    NULL, true },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "HTTP_ORIGIN", rows[i].origin },
			    { "HTTP_SEC_FETCH_SITE", rows[i].site },
			    { "HTTP_HOST", rows[i].host },
			    { "HTTPS", rows[i].https },
			    { "REQUEST_SCHEME", rows[i].scheme } }
		};
		struct request rq = request_of(&gateway);

		SAME_INT(rows[i].row, request_is_cross_site(&rq),
		    rows[i].foreign);
	}
}

static void
bearer(void)
{
	static const struct {
		const char *row, *header, *token;
	} rows[] = {
		{ "none", NULL, NULL },
		{ "empty", "", NULL },
		{ "RFC 6750, 2.1", "Bearer mF_9.B5f-4.1JqM",
		    "mF_9.B5f-4.1JqM" },
		{ "any case", "bEaReR x", "x" },
		{ "two blanks", "Bearer  x", "x" },
		{ "scheme alone", "Bearer", NULL },
		{ "a blank", "Bearer ", NULL },
		{ "blanks", "Bearer   ", NULL },
		{ "no blank", "Bearerx", NULL },
		{ "a tab", "Bearer\tx", NULL },
		{ "an equals", "Bearer=x", NULL },
		{ "blank before", " Bearer x", NULL },
		{ "another scheme", "Basic YTpi", NULL },
		{ "half a scheme", "Bear x", NULL },
		{ "the token alone", "eyJ.e30.AA", NULL },
		/* Whatever follows is token_verify()'s to refuse. */
		{ "two", "Bearer x, Bearer y", "x, Bearer y" },
		{ "a blank behind", "Bearer x ", "x " },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct gateway gateway = {
			.params = { { "HTTP_AUTHORIZATION", rows[i].header } }
		};
		struct request rq = request_of(&gateway);

		SAME_TEXT(rows[i].row, request_bearer(&rq), rows[i].token);
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
		UNIT(cross_site),
		UNIT(bearer),
		UNIT(cookies),
		UNIT(bodies),
		UNIT(longer_than_said),
		UNIT(body_size),
		UNIT(page_loads),
		UNIT(queries),
	};

	return UNIT_MAIN(tests);
}
