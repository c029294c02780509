#include "mail_address.h"

#include "unit.h"

static void
reads(void)
{
	static const struct {
		const char *text;
		const char *name, *email; /* NULL: RC_INVALID */
	} rows[] = {
		{ "noreply@example.org", "", "noreply@example.org" },
		{ " noreply@example.org ", "", "noreply@example.org" },
		{ "<noreply@example.org>", "", "noreply@example.org" },
		{ "Example <noreply@example.org>", "Example",
		    "noreply@example.org" },
		{ "Example<noreply@example.org>", "Example",
		    "noreply@example.org" },
		{ "  Two  words  < a@b >", "Two  words", "a@b" },
		{ "\"Example\" <a@b>", "Example", "a@b" },
		{ "\"Ada, Countess\" <a@b>", "Ada, Countess", "a@b" },
		{ "Ada, Countess <a@b>", "Ada, Countess", "a@b" },
		{ "\"\" <a@b>", "", "a@b" },
		{ "\" <a@b>", "\"", "a@b" },
		{ "a\"b\\c <a@b>", "a\"b\\c", "a@b" },
		{ "a@b <c@d>", "a@b", "c@d" },
		{ "B\xc3\xbc"
		  "cher <a@b>",
		    "B\xc3\xbc"
		    "cher",
		    "a@b" },
		{ "\xf0\x9f\x94\x91 <a@b>", "\xf0\x9f\x94\x91", "a@b" },
		{ "No.Reply@Example.ORG", "", "No.Reply@Example.ORG" },
		{ "a..b.@example.org", "", "a..b.@example.org" },

		{ "", NULL, NULL },
		{ " ", NULL, NULL },
		{ "<>", NULL, NULL },
		{ "<", NULL, NULL },
		{ ">", NULL, NULL },
		{ "Example", NULL, NULL },
		{ "Example <>", NULL, NULL },
		{ "Example <noreply>", NULL, NULL },
		{ "Example a@b", NULL, NULL },
		{ "a@b, c@d", NULL, NULL },
		{ "a@b Example", NULL, NULL },
		{ "a@b>", NULL, NULL },
		{ "<a@b", NULL, NULL },
		{ "<a@b> ", NULL, NULL },
		{ "<a@b> Example", NULL, NULL },
		{ "a <a@b> <c@d>", NULL, NULL },
		{ "a > <a@b>", NULL, NULL },
		{ "a <<a@b>>", NULL, NULL },
		{ "a <a b@c>", NULL, NULL },
		{ "a\n<a@b>", NULL, NULL },
		{ "a\r\nBcc: x@y\r\n <a@b>", NULL, NULL },
		{ "a\t<a@b>", NULL, NULL },
		{ "a\x7f <a@b>", NULL, NULL },
		{ "a <a@b\r\nBcc: x@y>", NULL, NULL },
		{ "\xfc <a@b>", NULL, NULL },
		{ "a <\xc3\xbc@b>", NULL, NULL },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_address out;
		enum rc rc = mail_address_read(rows[i].text, &out);

		SAME_INT(rows[i].text, rc,
		    rows[i].email != NULL ? RC_OK : RC_INVALID);
		if (rc != RC_OK || rows[i].email == NULL)
			continue;
		SAME_TEXT(rows[i].text, out.name, rows[i].name);
		SAME_TEXT(rows[i].text, out.email, rows[i].email);
	}
}

static void
lengths(void)
{
	static const struct {
		const char *row;
		size_t name, email;
		enum rc rc;
	} rows[] = {
		{ "the longest of both", MAIL_NAME_MAX, EMAIL_MAX, RC_OK },
		{ "a name of one more", MAIL_NAME_MAX + 1, 10, RC_INVALID },
		{ "an address of one more", 1, EMAIL_MAX + 1, RC_INVALID },
		{ "much of both", 1 << 20, 1 << 20, RC_INVALID },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_address out;
		const char *text = pool_printf(unit_mem, "%s <%s@b>",
		    unit_repeat('n', rows[i].name),
		    unit_repeat('e', rows[i].email - 2));

		SAME_INT(rows[i].row, mail_address_read(text, &out),
		    rows[i].rc);
		if (rows[i].rc == RC_OK) {
			SAME_INT(rows[i].row, strlen(out.name), rows[i].name);
			SAME_INT(rows[i].row, strlen(out.email), rows[i].email);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads),
		UNIT(lengths),
	};

	return UNIT_MAIN(tests);
}
