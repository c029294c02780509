#include "origin.h"

#include "unit.h"

#define LABEL49 "a123456789b123456789c123456789d123456789e12345678"

static const struct {
	const char *row, *text;
	bool valid;
} rows[] = {
	{ "https", "https://www.example.org", true },
	{ "https, a port", "https://www.example.org:8443", true },
	{ "https, the other's port", "https://example.org:80", true },
	{ "https, one label", "https://intranet", true },
	{ "https, hyphens and digits", "https://a-1.b--2.3c", true },
	{ "https, punycode", "https://xn--bcher-kva.example", true },
	{ "https, IPv4", "https://192.0.2.1", true },
	{ "https, IPv6", "https://[2001:db8::1]", true },
	{ "https, IPv6 and a port", "https://[2001:db8::1]:8443", true },
	{ "lowest port", "https://example.org:1", true },
	{ "highest port", "https://example.org:65535", true },
	{ "http, localhost", "http://localhost", true },
	{ "http, localhost, a port", "http://localhost:3000", true },
	{ "http, the other's port", "http://localhost:443", true },
	{ "http, below localhost", "http://app.localhost:3000", true },
	{ "http, 127.0.0.1", "http://127.0.0.1:8000", true },
	{ "http, 127.255.255.255", "http://127.255.255.255", true },
	{ "http, ::1", "http://[::1]:5173", true },
	{ "https, localhost", "https://localhost:3000", true },

	{ "empty", "", false },
	{ "null", "null", false },
	{ "any", "*", false },
	{ "no scheme", "www.example.org", false },
	{ "scheme alone", "https://", false },
	{ "http alone", "http://", false },
	{ "half a scheme", "http:", false },
	{ "one slash", "https:/example.org", false },
	{ "no host, a port", "https://:8443", false },
	{ "another scheme", "ftp://example.org", false },
	{ "a scheme that starts so", "httpss://example.org", false },
	{ "an extension", "chrome-extension://abcdefgh", false },
	{ "scheme in upper case", "HTTPS://example.org", false },
	{ "host in upper case", "https://Example.org", false },
	{ "a slash at the end", "https://example.org/", false },
	{ "a path", "https://example.org/app", false },
	{ "a query", "https://example.org?x", false },
	{ "a fragment", "https://example.org#x", false },
	{ "a user", "https://user@example.org", false },
	{ "a user and password", "https://user:pass@example.org", false },
	{ "a wildcard", "https://*.example.org", false },
	{ "two", "https://a.example https://b.example", false },
	{ "two with a comma", "https://a.example,https://b.example", false },
	{ "blank before", " https://example.org", false },
	{ "blank behind", "https://example.org ", false },
	{ "line end", "https://example.org\n", false },
	{ "a header behind it", "https://example.org\r\nX: y", false },
	{ "quotes", "\"https://example.org\"", false },
	{ "umlaut",
	    "https://b\xc3\xbc"
	    "cher.example",
	    false },
	{ "underscore", "https://a_b.example", false },
	{ "backslash", "https://example.org\\", false },
	{ "percent", "https://ex%61mple.org", false },
	{ "dot first", "https://.example.org", false },
	{ "dot last", "https://example.org.", false },
	{ "dot last before a port", "https://example.org.:8443", false },
	{ "two dots", "https://example..org", false },
	{ "hyphen first", "https://-example.org", false },
	{ "hyphen last", "https://example-", false },
	{ "empty port", "https://example.org:", false },
	{ "port of the scheme, https", "https://example.org:443", false },
	{ "port of the scheme, http", "http://localhost:80", false },
	{ "port 0", "https://example.org:0", false },
	{ "port 65536", "https://example.org:65536", false },
	{ "port 99999", "https://example.org:99999", false },
	{ "port of six digits", "https://example.org:100000", false },
	{ "port 2^32 + 1", "https://example.org:4294967297", false },
	{ "port with a zero first", "https://example.org:08443", false },
	{ "port with a sign", "https://example.org:+8443", false },
	{ "port with letters", "https://example.org:8443x", false },
	{ "two ports", "https://example.org:1:2", false },
	{ "IPv6 without brackets", "https://2001:db8::1", false },
	{ "IPv6, open", "https://[2001:db8::1", false },
	{ "IPv6, closed only", "https://2001:db8::1]", false },
	{ "IPv6, empty", "https://[]", false },
	{ "IPv6, no address", "https://[example.org]", false },
	{ "IPv6, IPv4 in brackets", "https://[127.0.0.1]", false },
	{ "IPv6, a zone", "https://[fe80::1%25eth0]", false },
	{ "IPv6, text behind", "https://[2001:db8::1]x", false },
	{ "IPv6, bad port", "https://[2001:db8::1]:443", false },
	{ "http, a name", "http://www.example.org", false },
	{ "http, IPv4", "http://192.0.2.1", false },
	{ "http, IPv6", "http://[2001:db8::1]", false },
	{ "http, 128.0.0.1", "http://128.0.0.1", false },
	{ "http, 126.255.255.255", "http://126.255.255.255", false },
	{ "http, 127.0.0.1 as a name", "http://127.0.0.1.example.org", false },
	{ "http, name that starts so", "http://localhost.example.org", false },
	{ "http, name that ends so", "http://notlocalhost", false },
	{ "http, short for 127.0.0.1", "http://127.1", false },
	{ "http, octal", "http://0177.0.0.1", false },
	{ "http, dot and localhost", "http://.localhost", false },
};

static void
origins(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row, origin_is_valid(rows[i].text),
		    rows[i].valid);
}

static void
host_length(void)
{
	/* 5 * 50 + 3 = 253 bytes. */
	const char *longest = LABEL49 "." LABEL49 "." LABEL49 "." LABEL49
				      "." LABEL49 ".abc";
	const char *text = pool_printf(unit_mem, "https://%s", longest);

	SAME_INT("a host of 253", strlen(longest), 253);
	HOLDS("a host of 253", origin_is_valid(text));
	text = pool_printf(unit_mem, "https://%s:65535", longest);
	HOLDS("a host of 253 and a port", origin_is_valid(text));
	text = pool_printf(unit_mem, "https://%sd", longest);
	HOLDS("a host of 254", !origin_is_valid(text));
	text = pool_printf(unit_mem, "https://%s", unit_repeat('a', 100000));
	HOLDS("a long host", !origin_is_valid(text));
	text = pool_printf(unit_mem, "https://a:%s", unit_repeat('1', 100000));
	HOLDS("a long port", !origin_is_valid(text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(origins),
		UNIT(host_length),
	};

	return UNIT_MAIN(tests);
}
