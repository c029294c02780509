#include "session_fixture.h"

#include "json.h"

/* The document. */

#define SID2 "017f22e2-79b0-7cc3-98c4-dc0c0c073992"
#define HASH                                                                   \
	"00112233445566778899aabbccddeeff"                                     \
	"00112233445566778899aabbccddeeff"

#define SESSION(id, members) "\"" id "\":{" members "}"
#define TWO(first, second)   "{" first "," second "}"
#define ALONE(members)	     "{" SESSION(SID1, members) "}"

/* The members of a session, each with a value to choose. */
#define HASHED(hash)   "\"hash\":" hash ","
#define OPENED(opened) "\"opened\":" opened ","
#define ROTATED(list)  "\"rotated\":" list
#define MEMBERS                                                                \
	HASHED(QUOTED(HASH))                                                   \
	OPENED("1700000000")                                                   \
	ROTATED("[1700000000,1700000900]")                                     \
	",\"agent\":\"Mozilla\",\"ip\":\"2001:db8::1\""
#define REST                                                                   \
	OPENED("1700000000")                                                   \
	ROTATED("[1700000000]") ",\"agent\":\"\",\"ip\":\"\""

/* A document of one session, where one member is another. */
#define HASH_IS(hash) ALONE(HASHED(hash) REST)
#define OPENED_IS(opened)                                                      \
	ALONE(HASHED(QUOTED(HASH)) OPENED(opened) ROTATED("[1700000000]"))
#define ROTATED_IS(list)                                                       \
	ALONE(HASHED(QUOTED(HASH)) OPENED("1700000000") ROTATED(list))

static void
no_session_is_no_text(void)
{
	struct sessions sessions = parsed("NULL", NULL);

	SAME_INT("NULL", sessions.count, 0);
	HOLDS("NULL", !sessions.damaged);
	SAME_TEXT("print", printed("print", &sessions), NULL);
	sessions = parsed("{}", "{}");
	SAME_INT("{}", sessions.count, 0);
	HOLDS("{}", !sessions.damaged);
}

static void
document_round_trip(void)
{
	static const char document[] = TWO(SESSION(SID1, MEMBERS),
	    SESSION(SID2, MEMBERS));
	struct sessions sessions = parsed("parse", document);

	HOLDS("good", !sessions.damaged);
	SAME_INT("count", sessions.count, 2);
	SAME_TEXT("id", sessions.list[0].id, SID1);
	SAME_TEXT("id", sessions.list[1].id, SID2);
	SAME_TEXT("hash", sessions.list[0].hash, HASH);
	SAME_INT("opened", sessions.list[0].opened_s, 1700000000);
	SAME_INT("rotated", sessions.list[0].rotated_count, 2);
	SAME_INT("rotated", sessions.list[0].rotated_s[0], 1700000000);
	SAME_INT("rotated", sessions.list[0].rotated_s[1], 1700000900);
	SAME_TEXT("agent", sessions.list[0].agent, "Mozilla");
	SAME_TEXT("ip", sessions.list[0].ip, "2001:db8::1");
	SAME_TEXT("print", printed("print", &sessions), document);
}

static void
damaged_documents(void)
{
	static const struct {
		const char *row, *text;
		const char *kept; /* the IDs' last digits */
	} rows[] = {
		{ "empty", "", "" },
		{ "open", "{", "" },
		{ "closed", "}", "" },
		{ "blank", " ", "" },
		{ "array", "[]", "" },
		{ "array of objects", "[{}]", "" },
		{ "null", "null", "" },
		{ "number", "1", "" },
		{ "string", "\"{}\"", "" },
		{ "a token, as others keep it", "eyJhbGciOiJIUzI1NiJ9.e30.AA",
		    "" },
		{ "bad UTF-8", "{\"\xff\":1}", "" },
		{ "cut off", "{" SESSION(SID1, MEMBERS), "" },
		{ "trailing text", ALONE(MEMBERS) "x", "" },

		{ "not an ID", "{" SESSION("x", MEMBERS) "}", "" },
		{ "no ID", "{" SESSION("", MEMBERS) "}", "" },
		{ "ID in upper case",
		    "{" SESSION("017F22E2-79B0-7CC3-98C4-DC0C0C073991",
			MEMBERS) "}",
		    "" },
		{ "ID too long", "{" SESSION(SID1 "0", MEMBERS) "}", "" },
		{ "session is null", "{\"" SID1 "\":null}", "" },
		{ "session is a string", "{\"" SID1 "\":\"x\"}", "" },
		{ "session is an array", "{\"" SID1 "\":[" HASH "]}", "" },
		{ "session is a list", "{\"" SID1 "\":[\"" HASH "\"]}", "" },
		{ "no members", ALONE(""), "" },
		{ "no hash", ALONE(REST), "" },
		{ "hash is null", HASH_IS("null"), "" },
		{ "hash is a number", HASH_IS("1"), "" },
		{ "hash is empty", HASH_IS(QUOTED("")), "" },
		{ "hash a digit short",
		    HASH_IS(QUOTED("0112233445566778899aabbccddeeff"
				   "00112233445566778899aabbccddeeff")),
		    "" },
		{ "hash a digit long", HASH_IS(QUOTED("0" HASH)), "" },
		{ "no opened",
		    ALONE(HASHED(QUOTED(HASH)) ROTATED(
			"[1700000000]") ",\"agent\":\"\",\"ip\":\"\""),
		    "" },
		{ "opened is a string", OPENED_IS(QUOTED("1700000000")), "" },
		{ "opened is negative", OPENED_IS("-1"), "" },
		{ "opened is huge", OPENED_IS("1e300"), "" },
		{ "opened is infinite", OPENED_IS("1e999"), "" },
		{ "no rotated",
		    ALONE(HASHED(QUOTED(HASH)) "\"opened\":1700000000"), "" },
		{ "rotated is a number", ROTATED_IS("1700000000"), "" },
		{ "rotated is empty", ROTATED_IS("[]"), "" },
		{ "rotated holds a string", ROTATED_IS("[1700000000,\"1\"]"),
		    "" },
		{ "rotated holds null", ROTATED_IS("[null]"), "" },
		{ "rotated is negative", ROTATED_IS("[-1]"), "" },
		{ "rotated is 0", ROTATED_IS("[0]"), "" },
		{ "rotated is huge", ROTATED_IS("[1e300]"), "" },
		{ "rotated is infinite", ROTATED_IS("[1e999]"), "" },
		{ "17 rotations",
		    ROTATED_IS("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]"),
		    "" },

		{ "a bad one before a good one",
		    TWO(SESSION(SID1, ""), SESSION(SID2, MEMBERS)), "2" },
		{ "a bad one behind a good one",
		    TWO(SESSION(SID1, MEMBERS), "\"" SID2 "\":1"), "1" },
		{ "a stranger between good ones",
		    TWO(SESSION(SID1, MEMBERS) ",\"note\":\"x\"",
			SESSION(SID2, MEMBERS)),
		    "12" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct sessions sessions = parsed(rows[i].row, rows[i].text);
		const char *kept = "", *text;

		HOLDS(rows[i].row, sessions.damaged);
		for (size_t j = 0; j < sessions.count; j++)
			kept = pool_printf(unit_mem, "%s%s", kept,
			    sessions.list[j].id + 35);
		SAME_TEXT(rows[i].row, kept, rows[i].kept);
		/* The next log-in repairs it. */
		open_one(&sessions, "new", T0);
		SAME_INT(rows[i].row, sessions.count, strlen(kept) + 1);
		HOLDS(rows[i].row, !sessions.damaged);
		text = printed(rows[i].row, &sessions);
		HOLDS(rows[i].row, json_is_object(text, strlen(text)));
	}
}

/* What is not ours is not kept, and does no harm. */
static void
unknown_members(void)
{
	struct sessions sessions = parsed("parse",
	    ALONE("\"x\":[{}],\"admin\":true," MEMBERS));

	SAME_INT("parse", sessions.count, 1);
	SAME_TEXT("print", printed("print", &sessions), ALONE(MEMBERS));
}

static void
missing_agent_and_address(void)
{
	struct sessions sessions = parsed("parse",
	    ALONE(HASHED("\"" HASH "\"") "\"opened\":1,"
					 "\"rotated\":[1],\"agent\":7"));

	assert_int_equal(sessions.count, 1);
	SAME_TEXT("agent", sessions.list[0].agent, "");
	SAME_TEXT("ip", sessions.list[0].ip, "");
}

static void
none_in(const char *row, const char *text)
{
	SAME_INT(row, parsed(row, text).count, 0);
}

static void
huge_documents(void)
{
	const char *many = "";
	char *megabyte = unit_repeat('a', 1 << 20);
	struct sessions sessions;

	none_in("a megabyte of a", megabyte);
	memset(megabyte, '[', 1 << 20);
	none_in("a megabyte of [", megabyte);
	memset(megabyte, ' ', 1 << 20);
	memcpy(megabyte, "{", 1);
	memcpy(megabyte + (1 << 20) - 1, "}", 1);
	none_in("a megabyte of blanks", megabyte);
	for (int i = 0; i < 1024; i++)
		many = pool_printf(unit_mem,
		    "%s%s\"01a20a01-7128-7c6d-9fd7-%012d\":{" MEMBERS "}", many,
		    i > 0 ? "," : "", i);
	sessions = parsed("1024 sessions", pool_printf(unit_mem, "{%s}", many));
	SAME_INT("1024 sessions", sessions.count, 1024);
	open_one(&sessions, "new", T0 + 1000);
	SAME_INT("cut down to the cap", sessions.count, 16);
}

static void
one_id_twice(void)
{
	struct sessions sessions = parsed("twice",
	    TWO(SESSION(SID1, MEMBERS), SESSION(SID1, MEMBERS)));

	SAME_INT("the first counts", sessions.count, 1);
	HOLDS("and it is damaged", sessions.damaged);
}

static void
one_session_s_object(void)
{
	static const struct {
		const char *row, *id, *text;
		enum rc rc;
	} rows[] = {
		{ "good", SID1, "{" MEMBERS "}", RC_OK },
		{ "blanks", SID1, " {" MEMBERS "} ", RC_OK },
		{ "no ID", "x", "{" MEMBERS "}", RC_INVALID },
		{ "empty", SID1, "", RC_INVALID },
		{ "open", SID1, "{" MEMBERS, RC_INVALID },
		{ "null", SID1, "null", RC_INVALID },
		{ "array", SID1, "[]", RC_INVALID },
		{ "no members", SID1, "{}", RC_INVALID },
		{ "no hash", SID1, "{" REST "}", RC_INVALID },
		{ "the whole document", SID1, ALONE(MEMBERS), RC_INVALID },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct session session;

		SAME_INT(rows[i].row,
		    session_parse(rows[i].id, rows[i].text, unit_mem, &session),
		    rows[i].rc);
		if (rows[i].rc != RC_OK)
			continue;
		SAME_TEXT(rows[i].row, session.id, SID1);
		SAME_TEXT(rows[i].row, session.hash, HASH);
		SAME_INT(rows[i].row, session_last_used_s(&session),
		    1700000900);
	}
}

/* A full row, with ${rotations} each in the first ${active} sessions. */
static size_t
full_row(const char *row, size_t active, size_t rotations)
{
	struct sessions sessions = no_sessions();
	const char *text = "";

	for (size_t i = 0; i < 16; i++) {
		struct session *opened = log_in(row, &sessions,
		    unit_repeat(i % 2 == 0 ? '"' : 'a', 1000),
		    "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", T0);

		opened->rotated_count = i < active ? rotations : 1;
		for (size_t j = 0; j < opened->rotated_count; j++)
			opened->rotated_s[j] = T0;
		text = through_text(row, &sessions);
	}
	SAME_INT(row, sessions.count, 16);
	return strlen(text);
}

static void
a_full_row_is_small(void)
{
	HOLDS("all at rest", full_row("all at rest", 0, 1) < 8192);
	HOLDS("one busy", full_row("one busy", 1, 16) < 8192);
	HOLDS("three busy", full_row("three busy", 3, 16) < 8192);
	HOLDS("all busy a little", full_row("all busy", 16, 4) < 8192);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_UNIT(no_session_is_no_text),
		SESSION_UNIT(document_round_trip),
		SESSION_UNIT(damaged_documents),
		SESSION_UNIT(unknown_members),
		SESSION_UNIT(missing_agent_and_address),
		SESSION_UNIT(huge_documents),
		SESSION_UNIT(one_id_twice),
		SESSION_UNIT(one_session_s_object),
		SESSION_UNIT(a_full_row_is_small),
	};

	return UNIT_MAIN(tests);
}
