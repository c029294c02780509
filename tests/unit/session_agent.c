#include "session_fixture.h"

#include "json.h"
#include "utf8.h"

/* What browsers, and whoever plays one, call themselves. */

#define FFFD "\xef\xbf\xbd"

static const char *
agent_kept(const char *row, const char *agent)
{
	struct sessions sessions = no_sessions();
	const char *as_opened = log_in(row, &sessions, agent, "", T0)->agent;
	const char *text;

	HOLDS(row, utf8_is_valid(as_opened, strlen(as_opened)));
	text = through_text(row, &sessions);
	HOLDS(row, json_is_object(text, strlen(text)));
	HOLDS(row, !sessions.damaged && sessions.count == 1);
	SAME_TEXT(row, sessions.list[0].agent, as_opened);
	return as_opened;
}

static void
agents(void)
{
	static const struct {
		const char *row, *agent, *kept;
	} rows[] = {
		{ "empty", "", "" },
		{ "plain", "curl/7.88.1", "curl/7.88.1" },
		{ "a browser's",
		    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) "
		    "Gecko/20100101 Firefox/115.0",
		    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) "
		    "Gecko/20100101 Firefox/115.0" },
		{ "quotes and backslashes", "\"a\\b\"'/", "\"a\\b\"'/" },
		{ "an attempt to close the string",
		    "\",\"admin\":true,\"x\":\"",
		    "\",\"admin\":true,\"x\":\"" },
		{ "an escape that is none", "\\u0000\\", "\\u0000\\" },
		{ "two, three and four bytes",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb9",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb9" },
		{ "controls", "a\x01\t\n\r\x1b[31m\x7f",
		    "a" FFFD FFFD FFFD FFFD FFFD "[31m" FFFD },
		{ "Latin-1", "K\xf6ln", "K" FFFD "ln" },
		{ "tail alone", "\x80x", FFFD "x" },
		{ "cut character", "x\xe2\x82", "x" FFFD FFFD },
		{ "cut by the next", "\xe2\x82y", FFFD FFFD "y" },
		{ "overlong", "\xc0\x80", FFFD FFFD },
		{ "surrogate", "\xed\xa0\x80", FFFD FFFD FFFD },
		{ "over U+10FFFF", "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD },
		{ "FE and FF", "\xfe\xff", FFFD FFFD },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_TEXT(rows[i].row, agent_kept(rows[i].row, rows[i].agent),
		    rows[i].kept);
}

/* ${count} bytes "a", then ${tail}: how many bytes of it are kept? */
static void
agent_length(void)
{
	static const struct {
		const char *row;
		size_t count;
		const char *tail;
		size_t kept;
	} rows[] = {
		{ "255", 255, "", 255 },
		{ "256", 256, "", 256 },
		{ "257", 257, "", 256 },
		{ "100000", 100000, "", 256 },
		{ "two bytes that fit", 254, "\xc3\xa4", 256 },
		{ "two bytes, cut", 255, "\xc3\xa4", 255 },
		{ "three bytes that fit", 253, "\xe2\x82\xac", 256 },
		{ "three bytes, cut behind the first", 255, "\xe2\x82\xac",
		    255 },
		{ "three bytes, cut behind the second", 254, "\xe2\x82\xac",
		    254 },
		{ "four bytes that fit", 252, "\xf0\x9f\x98\xb9", 256 },
		{ "four bytes, cut behind the third", 253, "\xf0\x9f\x98\xb9",
		    253 },
		{ "four bytes, cut behind the first", 255, "\xf0\x9f\x98\xb9",
		    255 },
		{ "nothing behind what was cut", 255,
		    "\xc3\xa4"
		    "b",
		    255 },
		{ "a bad byte that fits as U+FFFD", 253, "\xff", 256 },
		{ "a bad byte, cut", 254, "\xff", 254 },
		{ "a control, cut", 254, "\x01", 254 },
		{ "a quote that fits escaped", 254, "\"", 255 },
		{ "a quote, cut", 255, "\"", 255 },
		{ "a backslash, cut", 255, "\\", 255 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *agent = pool_printf(unit_mem, "%s%s",
		    unit_repeat('a', rows[i].count), rows[i].tail);

		SAME_INT(rows[i].row, strlen(agent_kept(rows[i].row, agent)),
		    rows[i].kept);
	}
	SAME_INT("quotes alone",
	    strlen(agent_kept("quotes alone", unit_repeat('"', 1000))), 128);
	SAME_INT("bad bytes alone",
	    strlen(agent_kept("bad bytes alone", unit_repeat('\xff', 1000))),
	    255);
}

/* Every byte and every pair of bytes. */
static void
agents_of_any_bytes(void)
{
	for (unsigned a = 1; a < 256; a++) {
		char agent[65] = { 0 };

		for (size_t i = 0; i < 64; i++)
			agent[i] = (char)(i % 2 == 0 ? a : i * 4 + 1);
		(void)agent_kept("any bytes", agent);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_UNIT(agents),
		SESSION_UNIT(agent_length),
		SESSION_UNIT(agents_of_any_bytes),
	};

	return UNIT_MAIN(tests);
}
