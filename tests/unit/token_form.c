#include "token_fixture.h"

/* The form: what is refused before any secret is used. */

static void
form(void)
{
	const char *good = minted(TOKEN_ACCESS);
	const char *first = strchr(good, '.'), *second = strchr(first + 1, '.');
	int header = (int)(first - good), payload = (int)(second - first - 1);
	const char *h = pool_printf(unit_mem, "%.*s", header, good);
	const char *p = pool_printf(unit_mem, "%.*s", payload, first + 1);
	const char *m = second + 1;
	const struct token_row rows[] = {
		{ "good", good, RC_OK },
		{ "empty", "", RC_TOKEN_MALFORMED },
		{ "one part", h, RC_TOKEN_MALFORMED },
		{ "a dot", ".", RC_TOKEN_MALFORMED },
		{ "two dots", "..", RC_TOKEN_MALFORMED },
		{ "three dots", "...", RC_TOKEN_MALFORMED },
		{ "two parts", pool_printf(unit_mem, "%s.%s", h, p),
		    RC_TOKEN_MALFORMED },
		{ "no header", pool_printf(unit_mem, ".%s.%s", p, m),
		    RC_TOKEN_MALFORMED },
		{ "no payload", pool_printf(unit_mem, "%s..%s", h, m),
		    RC_TOKEN_MALFORMED },
		{ "no MAC", pool_printf(unit_mem, "%s.%s.", h, p),
		    RC_TOKEN_MALFORMED },
		{ "four parts", pool_printf(unit_mem, "%s.%s", good, m),
		    RC_TOKEN_MALFORMED },
		{ "a dot behind", pool_printf(unit_mem, "%s.", good),
		    RC_TOKEN_MALFORMED },
		{ "a dot before", pool_printf(unit_mem, ".%s", good),
		    RC_TOKEN_MALFORMED },
		{ "five parts, as an encrypted one",
		    pool_printf(unit_mem, "%s.%s.%s.%s.%s", h, p, p, p, m),
		    RC_TOKEN_MALFORMED },
		{ "padded MAC", pool_printf(unit_mem, "%s=", good),
		    RC_TOKEN_MALFORMED },
		{ "padded payload", pool_printf(unit_mem, "%s.%s=.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "padded header", pool_printf(unit_mem, "%s=.%s.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "blank before", pool_printf(unit_mem, " %s", good),
		    RC_TOKEN_MALFORMED },
		{ "blank behind", pool_printf(unit_mem, "%s ", good),
		    RC_TOKEN_MALFORMED },
		{ "line end behind", pool_printf(unit_mem, "%s\n", good),
		    RC_TOKEN_MALFORMED },
		{ "scheme before", pool_printf(unit_mem, "Bearer %s", good),
		    RC_TOKEN_MALFORMED },
		{ "two tokens", pool_printf(unit_mem, "%s, %s", good, good),
		    RC_TOKEN_MALFORMED },
		{ "quoted", pool_printf(unit_mem, "\"%s\"", good),
		    RC_TOKEN_MALFORMED },
		{ "JSON form of it",
		    pool_printf(unit_mem,
			"{\"protected\":\"%s\",\"payload\":\"%s\","
			"\"signature\":\"%s\"}",
			h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "a junk byte in the payload",
		    pool_printf(unit_mem, "%s.!%s.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "30 bytes of the MAC",
		    pool_printf(unit_mem, "%s.%s.%.40s", h, p, m),
		    RC_TOKEN_SIGNATURE },
		{ "15 bytes of the MAC",
		    pool_printf(unit_mem, "%s.%s.%.20s", h, p, m),
		    RC_TOKEN_SIGNATURE },
		{ "a MAC of 33 bytes", pool_printf(unit_mem, "%sA", good),
		    RC_TOKEN_SIGNATURE },
		{ "a MAC of zeros",
		    pool_printf(unit_mem, "%s.%s.%s", h, p,
			unit_repeat('A', strlen(m))),
		    RC_TOKEN_SIGNATURE },
	};

	check_access_tokens(rows, LENGTH_OF(rows));
}

/* Each other last digit of the MAC that stands for the same bytes. */
static void
stray_bits(void)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = pool_copy(unit_mem, minted(TOKEN_ACCESS),
	    strlen(minted(TOKEN_ACCESS)));
	char *last = text + strlen(text) - 1;
	long digit = strchr(digits, *last) - digits;

	for (int stray = 1; stray < 4; stray++) {
		*last = digits[digit + stray];
		SAME_INT("stray bits of the MAC",
		    verify(TOKEN_ACCESS, text, NOW), RC_TOKEN_MALFORMED);
	}
}

/* Stray bits that are signed are good to a MAC, and to nobody else. */
static void
stray_bits_signed(void)
{
	const char *secret = secret_of(TOKEN_ACCESS);
	/* "{}" is "e30"; its last digit has two unused bits. */
	const char *payload = "{" ACCESS " }";
	char *input = pool_copy(unit_mem, two_parts(HEADER, payload),
	    strlen(two_parts(HEADER, payload)));

	assert_int_not_equal(strlen(payload) % 3, 0);
	SAME_INT("none set", verify(TOKEN_ACCESS, sign(secret, input), NOW),
	    RC_OK);
	input[strlen(input) - 1]++;
	SAME_INT("one set", verify(TOKEN_ACCESS, sign(secret, input), NOW),
	    RC_TOKEN_MALFORMED);
	SAME_INT("padded, then signed",
	    verify(TOKEN_ACCESS,
		sign(secret,
		    pool_printf(unit_mem, "%s=", two_parts(HEADER, payload))),
		NOW),
	    RC_TOKEN_MALFORMED);
}

static void
length(void)
{
	int seen = 0;

	for (size_t want = TOKEN_MAX - 1; want <= TOKEN_MAX + 1; want++) {
		const char *text = "";

		for (size_t fill = 2700; strlen(text) < want; fill++)
			text = forge(TOKEN_ACCESS, HEADER,
			    pool_printf(unit_mem, "{" ACCESS ",\"x\":\"%s\"}",
				unit_repeat('x', fill)));
		if (strlen(text) != want)
			continue; /* no base64url has this length */
		SAME_INT(pool_printf(unit_mem, "%zu", want),
		    verify(TOKEN_ACCESS, text, NOW),
		    want <= TOKEN_MAX ? RC_OK : RC_TOKEN_MALFORMED);
		seen += want >= TOKEN_MAX;
	}
	SAME_INT("4096 and 4097 were both there", seen, 2);
	SAME_INT("a megabyte",
	    verify(TOKEN_ACCESS, unit_repeat('A', 1 << 20), NOW),
	    RC_TOKEN_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(form),
		UNIT(stray_bits),
		UNIT(stray_bits_signed),
		UNIT(length),
	};

	return UNIT_MAIN(tests);
}
