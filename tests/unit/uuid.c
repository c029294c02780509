#include "uuid.h"

#include "unit.h"

static const struct {
	const char *row, *text;
	bool valid;
} forms[] = {
	{ "RFC 9562, 4", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true },
	{ "RFC 9562, A.6: v7", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true },
	{ "RFC 9562, A.3: v4", "919108f7-52d1-4320-9bac-f847db4148a8", true },
	{ "Nil", "00000000-0000-0000-0000-000000000000", true },
	{ "Max", "ffffffff-ffff-ffff-ffff-ffffffffffff", true },

	{ "empty", "", false },
	{ "upper case", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", false },
	{ "one upper-case digit", "f81d4fae-7dec-11d0-a765-00a0c91e6bF6",
	    false },
	{ "one too short", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", false },
	{ "one too long", "f81d4fae-7dec-11d0-a765-00a0c91e6bf60", false },
	{ "a dash too many", "f81d4fae-7dec-11d0-a765-00a0c91e6bf-", false },
	{ "no dashes", "f81d4fae7dec11d0a76500a0c91e6bf6", false },
	{ "36 digits", "f81d4fae07dec011d00a765000a0c91e6bf6", false },
	{ "36 dashes", "------------------------------------", false },
	{ "a dash one place off", "f81d4fa-e7dec-11d0-a765-00a0c91e6bf6",
	    false },
	{ "g", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ "/, before 0", "/81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ ":, after 9", ":81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ "`, before a", "`81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ "a blank before", " f81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ "a blank behind", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ", false },
	{ "a line end", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6\n", false },
	{ "braces", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", false },
	{ "a URN", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", false },
	{ "an SQL wildcard", "f81d4fae-7dec-11d0-a765-00a0c91e6bf%", false },
	{ "a path of JSON", "f81d4fae-7dec-11d0-a765-00a0c91e\".\"", false },
	{ "full-width digits",
	    "\xef\xbc\x90"
	    "1d4fae-7dec-11d0-a765-00a0c91e6bf6",
	    false },
};

static void
forms_of_text(void)
{
	for (size_t i = 0; i < LENGTH_OF(forms); i++) {
		unsigned char uuid[UUID_SIZE];
		char again[UUID_TEXT_SIZE];
		enum rc rc = uuid_parse(forms[i].text, uuid);

		SAME_INT(forms[i].row, uuid_is_valid(forms[i].text),
		    forms[i].valid);
		SAME_INT(forms[i].row, rc, forms[i].valid ? RC_OK : RC_INVALID);
		if (rc != RC_OK)
			continue;
		uuid_format(uuid, again);
		SAME_TEXT(forms[i].row, again, forms[i].text);
	}
}

static void
bytes(void)
{
	static const unsigned char want[UUID_SIZE] = { 0xf8, 0x1d, 0x4f, 0xae,
		0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0x00, 0xa0, 0xc9, 0x1e,
		0x6b, 0xf6 };
	unsigned char uuid[UUID_SIZE];

	SAME_INT("RFC 9562, 4",
	    uuid_parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", uuid), RC_OK);
	HOLDS("RFC 9562, 4", memcmp(uuid, want, UUID_SIZE) == 0);
}

/* RFC 9562, 5.7: 48 bits of time, version 7, variant 10, the rest random. */
static void
layout_of_version_7(void)
{
	static const struct {
		const char *row;
		int64_t now_ms;
		const char *start;
	} rows[] = {
		{ "the epoch", 0, "00000000-0000-7" },
		{ "RFC 9562, A.6", 0x017f22e279b0, "017f22e2-79b0-7" },
		{ "one later", 0x017f22e279b1, "017f22e2-79b1-7" },
		{ "every byte its own", 0x123456789abc, "12345678-9abc-7" },
		{ "the last one", 0xffffffffffff, "ffffffff-ffff-7" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		for (int again = 0; again < 64; again++) {
			char text[UUID_TEXT_SIZE];

			SAME_INT(rows[i].row, uuid_new(rows[i].now_ms, text),
			    RC_OK);
			HOLDS(rows[i].row, uuid_is_valid(text));
			HOLDS(rows[i].row,
			    strncmp(text, rows[i].start, 15) == 0);
			HOLDS(rows[i].row, strchr("89ab", text[19]) != NULL);
		}
}

/* Each of the 74 random bits is now 0 and now 1. */
static void
the_rest_is_random(void)
{
	unsigned char ones[UUID_SIZE] = { 0 }, zeros[UUID_SIZE] = { 0 };
	static const unsigned char random_bits[UUID_SIZE] = { 0, 0, 0, 0, 0, 0,
		0x0f, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	for (int i = 0; i < 200; i++) {
		char text[UUID_TEXT_SIZE];
		unsigned char uuid[UUID_SIZE];

		SAME_INT("new", uuid_new(0, text), RC_OK);
		SAME_INT("new", uuid_parse(text, uuid), RC_OK);
		for (size_t j = 0; j < UUID_SIZE; j++) {
			ones[j] |= uuid[j];
			zeros[j] |= (unsigned char)~uuid[j];
		}
	}
	for (size_t i = 0; i < UUID_SIZE; i++)
		SAME_INT("byte", ones[i] & zeros[i], random_bits[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(forms_of_text),
		UNIT(bytes),
		UNIT(layout_of_version_7),
		UNIT(the_rest_is_random),
	};

	return UNIT_MAIN(tests);
}
