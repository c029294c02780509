#include "return_path.h"

#include "unit.h"

static const struct {
	const char *path;
	bool safe;
} rows[] = {
	{ "/", true },
	{ "/members/", true },
	{ "/members/index.html", true },
	{ "/a", true },
	{ "/a/b/c/", true },
	{ "/members/?a=b&c=d", true },
	{ "/?next=//evil.example", true },
	{ "/?next=https://evil.example/", true },
	{ "/a?x=/../y", true },
	{ "/a?x=%2f%2f%00", true },
	{ "/a#b", true },
	{ "/#//evil.example", true },
	{ "/...", true },
	{ "/.well-known/x", true },
	{ "/..a/.b/c..", true },
	{ "/a.b/", true },
	{ "/~ada/(x);y=1,2'3*!$&+", true },
	{ "/a:b@c", true },
	{ "/@evil.example", true },
	{ "/javascript:alert(1)", true },
	{ "/b%C3%BCcher", true },
	{ "/a%20b", true },
	{ "/[x]|^`{}", true },
	{ "/100%25", true },

	/* Other hosts, as browsers read it. */
	{ "", false },
	{ "//evil.example", false },
	{ "///evil.example", false },
	{ "////evil.example", false },
	{ "//evil.example/%2e%2e", false },
	{ "//user@evil.example", false },
	{ "//user:pass@evil.example/", false },
	{ "//[::1]/", false },
	{ "//0x7f.1", false },
	{ "//", false },
	{ "///", false },
	{ "/\\evil.example", false },
	{ "\\/evil.example", false },
	{ "\\\\evil.example", false },
	{ "/\\/evil.example", false },
	{ "/\\\\evil.example", false },
	{ "\\evil.example", false },
	{ "/a\\b", false },
	{ "/a?b\\c", false },
	{ "https://evil.example", false },
	{ "https:/evil.example", false },
	{ "https:evil.example", false },
	{ "http:///evil.example", false },
	{ "HTTPS://evil.example", false },
	{ "ftp://evil.example", false },
	{ "javascript:alert(1)", false },
	{ "JavaScript:alert(1)//", false },
	{ "java\nscript:alert(1)", false },
	{ "data:text/html,x", false },
	{ "vbscript:x", false },
	{ "mailto:x@evil.example", false },
	{ "evil.example", false },
	{ "www.evil.example/", false },
	{ "@evil.example", false },
	{ ":@evil.example", false },
	{ "?//evil.example", false },
	{ "#//evil.example", false },
	{ ".", false },
	{ "..", false },
	{ "./", false },
	{ "members/", false },
	{ "%2fmembers", false },
	{ "%2f%2fevil.example", false },
	{ "*", false },

	/* What browsers take out before they read. */
	{ " /a", false },
	{ "/a ", false },
	{ " //evil.example", false },
	{ "\t//evil.example", false },
	{ "/\t/evil.example", false },
	{ "/\n/evil.example", false },
	{ "/\r/evil.example", false },
	{ "/\r\nSet-Cookie: a=b", false },
	{ "/a\r\n\r\n<script>", false },
	{ "\x01//evil.example", false },
	{ "/\x0b/evil.example", false },
	{ "/\x7f", false },
	{ "/\x1f/evil.example", false },
	{ "\xe2\x80\x8b//evil.example", false },
	{ "/\xef\xbc\x8f/evil.example", false },
	{ "/b\xc3\xbc"
	  "cher",
	    false },
	{ "/\xff", false },
	{ "/\"><script>", false },
	{ "/a b", false },

	/* What browsers, proxies and servers make another path of. */
	{ "/.", false },
	{ "/..", false },
	{ "/./", false },
	{ "/../", false },
	{ "/./a", false },
	{ "/../a", false },
	{ "/a/..", false },
	{ "/a/.", false },
	{ "/a/../b", false },
	{ "/..//evil.example", false },
	{ "/.//evil.example", false },
	{ "/a/..//evil.example", false },
	{ "/a//b", false },
	{ "/a//", false },
	{ "/a//?b", false },
	{ "/..?a", false },
	{ "/..#a", false },
	{ "/%2e", false },
	{ "/%2e%2e/a", false },
	{ "/%2E%2E//evil.example", false },
	{ "/.%2e/a", false },
	{ "/%2e./a", false },
	{ "/%2f/evil.example", false },
	{ "/%2fevil.example", false },
	{ "/%2F%2Fevil.example", false },
	{ "/%2f%2fevil.example", false },
	{ "/%5cevil.example", false },
	{ "/%5C%5Cevil.example", false },
	{ "/a%2f..%2f..", false },
	{ "/%09/evil.example", false },
	{ "/%0d%0aSet-Cookie:a=b", false },
	{ "/%0a/evil.example", false },
	{ "/%00/evil.example", false },
	{ "/a%00.html", false },
	{ "/%1f/evil.example", false },
	{ "/%7f", false },
	{ "/%", false },
	{ "/%2", false },
	{ "/%zz", false },
	{ "/%2g", false },
	{ "/%%32%66", false },
	{ "/%u2215evil.example", false },
};

static void
paths(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].path, return_path_is_safe(rows[i].path),
		    rows[i].safe);
}

static void
length(void)
{
	char *path = unit_repeat('a', RETURN_PATH_MAX + 1);

	path[0] = '/';
	HOLDS("one over", !return_path_is_safe(path));
	path[RETURN_PATH_MAX] = '\0';
	HOLDS("as long as may be", return_path_is_safe(path));
	path[1] = '?';
	HOLDS("a query as long", return_path_is_safe(path));
	path = unit_repeat('a', 1000000);
	path[0] = '/';
	HOLDS("a million", !return_path_is_safe(path));
	HOLDS("a million slashes",
	    !return_path_is_safe(unit_repeat('/', 1000000)));
}

/* What is appended is read back as it was, by a form's rules. */
static void
appends(void)
{
	static const struct {
		const char *url, *path, *want;
	} to[] = {
		{ "/login", "/", "/login?next=/" },
		{ "/login", "/a/b.html", "/login?next=/a/b.html" },
		{ "/login?x=y", "/a", "/login?x=y&next=/a" },
		{ "https://a.example/", "/a", "https://a.example/?next=/a" },
		{ "/l", "/a?b=c&d=%20e+f#g",
		    "/l?next=/a%3Fb%3Dc%26d%3D%2520e%2Bf%23g" },
		{ "/l", "/-._~!'()*;:@,$[]|",
		    "/l?next=/-._~%21%27%28%29%2A%3B%3A%40%2C%24%5B%5D%7C" },
		{ "/l", "//evil.example", "/l" },
		{ "/l", "", "/l" },
		{ "/l", "/a\r\nb", "/l" },
		{ "/l", "https://evil.example/", "/l" },
	};
	char *path = unit_repeat('!', RETURN_PATH_MAX);
	const char *got;

	for (size_t i = 0; i < LENGTH_OF(to); i++)
		SAME_TEXT(to[i].path,
		    return_path_append(to[i].url, to[i].path, unit_mem),
		    to[i].want);
	path[0] = '/';
	got = return_path_append("/l", path, unit_mem);
	SAME_INT("the longest there is", strlen(got),
	    strlen("/l?next=/") + (RETURN_PATH_MAX - 1) * 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(paths),
		UNIT(length),
		UNIT(appends),
	};

	return UNIT_MAIN(tests);
}
