#include "config_fixture.h"

static void
client_url(void)
{
	static const char *const bad[] = { "*", "null", "www.example.org",
		"https://", "https://example.org/", "https://example.org/app",
		"https://example.org?x", "https://example.org#",
		"'https://example.org#'", "https://Example.org",
		"HTTPS://example.org", "https://user@example.org",
		"https://*.example.org", "https://example.org:443",
		"https://example.org:0", "https://example.org:65536",
		"https://example.org:port",
		"https://example.org:", "http://www.example.org",
		"http://192.0.2.1:3000", "http://localhost:80",
		"http://localhost/", "ftp://example.org",
		"https://a.example,https://b.example",
		"https://a.example;https://b.example",
		"'https://a.example b.example'",
		"'https://a.example https://b.example/'",
		"https://\xc3\xbc.example", "https://[2001:db8::1",
		"https://2001:db8::1", "https://.example.org",
		"https://example.org." };
	static const struct {
		const char *text;
		size_t count;
	} good[] = {
		{ "", 0 },
		{ "'  '", 0 },
		{ "https://www.example.org", 1 },
		{ "http://127.0.0.1:8000", 1 },
		{ "http://localhost:3000", 1 },
		{ "https://[2001:db8::1]:8443", 1 },
		{ "https://a.example https://b.example", 2 },
		{ "' https://a.example\thttps://b.example  '", 2 },
	};
	const char *many = "";

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		refused(bad[i],
		    pool_printf(unit_mem, SECRETS "CLIENT_URL=%s", bad[i]),
		    "CLIENT_URL");
	for (size_t i = 0; i < LENGTH_OF(good); i++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "CLIENT_URL=%s",
						 good[i].text),
		    why);

		HOLDS(good[i].text, config != NULL);
		if (config != NULL)
			SAME_INT(good[i].text, config->origin_count,
			    good[i].count);
		config_free(config);
	}
	for (int i = 0; i < CONFIG_ORIGINS_MAX; i++)
		many = pool_printf(unit_mem, "%s https://a%d.example", many, i);
	accepted("16", pool_printf(unit_mem, SECRETS "CLIENT_URL=%s", many));
	refused("17",
	    pool_printf(unit_mem, SECRETS "CLIENT_URL=%s https://b.example",
		many),
	    "CLIENT_URL");
}

static void
login_url(void)
{
	static const char *const bad[] = { "", "login", "www.example.org/login",
		"//evil.example/login", "/\\evil.example", "/a//b", "/../x",
		"/login#form", "'/log in'", "/l%2fx", "https://example.org",
		"https://example.org?x", "https:///login",
		"https://Example.org/login", "https://a@example.org/login",
		"https://example.org//login", "https://example.org/#/login",
		"http://example.org/login", "javascript:alert(1)",
		"ftp://example.org/login", "https:/example.org/login" };
	static const char *const good[] = { "/", "/login", "/login?lang=de",
		"/a/b.html", "/login?to=http://x/", "https://example.org/",
		"https://www.example.org:8443/login?x=y",
		"http://127.0.0.1:3000/login", "http://localhost:5173/" };

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		refused(bad[i],
		    pool_printf(unit_mem, SECRETS "LOGIN_URL=%s", bad[i]),
		    "LOGIN_URL");
	for (size_t i = 0; i < LENGTH_OF(good); i++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "LOGIN_URL=%s",
						 good[i]),
		    why);

		HOLDS(good[i], config != NULL);
		if (config != NULL)
			SAME_TEXT(good[i], config->login_url, good[i]);
		config_free(config);
	}
}

static void
cookies(void)
{
	static const struct {
		const char *prefix, *secure, *domain;
		const char *named; /* NULL: accepted */
	} rows[] = {
		{ "", "1", "", NULL },
		{ "", "0", "", NULL },
		{ "", "1", "example.org", NULL },
		{ "", "0", "example.org", NULL },
		{ "__Secure-", "1", "", NULL },
		{ "__Secure-", "1", "example.org", NULL },
		{ "__Secure-", "0", "", "COOKIE_PREFIX" },
		{ "__Secure-", "0", "example.org", "COOKIE_PREFIX" },
		{ "__Host-", "1", "", NULL },
		{ "__Host-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-", "1", "example.org", "COOKIE_PREFIX" },
		{ "__host-", "1", "", "COOKIE_PREFIX" },
		{ "__Host", "1", "", "COOKIE_PREFIX" },
		{ "__Host--", "1", "", "COOKIE_PREFIX" },
		{ "app-", "1", "", NULL },
		{ "app-", "0", "example.org", NULL },
		{ "app=", "1", "", "COOKIE_PREFIX" },
		{ "App-", "1", "", "COOKIE_PREFIX" },
		{ "__app-", "1", "", "COOKIE_PREFIX" },
		{ "__Host-app-", "1", "", NULL },
		{ "__Host-app-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-app-", "1", "example.org", "COOKIE_PREFIX" },
		{ "__Secure-app-", "1", "example.org", NULL },
		{ "__Secure-app-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-;", "1", "", "COOKIE_PREFIX" },
		{ "", "1", "Example.org", "COOKIE_DOMAIN" },
		{ "", "1", "example.org; Secure", "COOKIE_DOMAIN" },
		{ "", "1", "example.org,b", "COOKIE_DOMAIN" },
		{ "", "1", "https://example.org", "COOKIE_DOMAIN" },
		{ "", "1", "example.org:80", "COOKIE_DOMAIN" },
		{ "", "1", "ex\xc3\xa4mple.org", "COOKIE_DOMAIN" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem,
		    SECRETS "COOKIE_PREFIX='%s'\nCOOKIE_SECURE=%s\n"
			    "COOKIE_DOMAIN='%s'",
		    rows[i].prefix, rows[i].secure, rows[i].domain);
		const char *row = text + sizeof(SECRETS) - 1;

		if (rows[i].named != NULL)
			refused(row, text, rows[i].named);
		else
			accepted(row, text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(client_url),
		CONFIG_UNIT(login_url),
		CONFIG_UNIT(cookies),
	};

	return CONFIG_MAIN(tests);
}
