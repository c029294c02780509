#include "request_fixture.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(cross_site),
		UNIT(bearer),
	};

	return UNIT_MAIN(tests);
}
