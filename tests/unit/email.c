#include "email.h"

#include <locale.h>

#include "unit.h"

#define LABEL63                                                                \
	"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static const struct {
	const char *row, *text;
	const char *out; /* NULL: RC_EMAIL_INVALID */
} rows[] = {
	{ "plain", "ada@example.org", "ada@example.org" },
	{ "upper case", "Ada.LOVELACE@Example.ORG",
	    "ada.lovelace@example.org" },
	{ "Z and A", "AZaz@AZ.az", "azaz@az.az" },
	{ "shortest", "a@b", "a@b" },
	{ "no dot in the host", "root@localhost", "root@localhost" },
	{ "digits", "1@2.3", "1@2.3" },
	{ "all of atext", "!#$%&'*+/=?^_`{|}~-.@a.b",
	    "!#$%&'*+/=?^_`{|}~-.@a.b" },
	{ "HTML: dots anywhere", ".a..b.@example.org", ".a..b.@example.org" },
	{ "a tag", "a+b@example.org", "a+b@example.org" },
	{ "inner hyphens", "a@b-c--d.e-f", "a@b-c--d.e-f" },
	{ "punycode", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example" },
	{ "label of 63", "a@" LABEL63 ".org", "a@" LABEL63 ".org" },

	{ "empty", "", NULL },
	{ "@", "@", NULL },
	{ "no @", "ada.example.org", NULL },
	{ "nothing before @", "@example.org", NULL },
	{ "nothing behind @", "ada@", NULL },
	{ "two @", "a@b@c", NULL },
	{ "@@", "a@@b", NULL },
	{ "dot first in the host", "a@.b", NULL },
	{ "dot last in the host", "a@b.", NULL },
	{ "two dots in the host", "a@b..c", NULL },
	{ "dot as the host", "a@.", NULL },
	{ "hyphen first", "a@-b", NULL },
	{ "hyphen last", "a@b-", NULL },
	{ "hyphen last in a label", "a@b-.c", NULL },
	{ "hyphen first in a label", "a@b.-c", NULL },
	{ "underscore in the host", "a@b_c", NULL },
	{ "label of 64", "a@" LABEL63 "1.org", NULL },
	{ "last label of 64", "a@b." LABEL63 "1", NULL },
	{ "blank before", " a@b", NULL },
	{ "blank behind", "a@b ", NULL },
	{ "blank inside", "a b@c", NULL },
	{ "tab", "a\t@b", NULL },
	{ "line end", "a@b\n", NULL },
	{ "header behind it", "a@b\r\nBcc: c@d", NULL },
	{ "quoted local part", "\"a b\"@c", NULL },
	{ "backslash", "a\\b@c", NULL },
	{ "comma", "a,b@c", NULL },
	{ "two addresses", "a@b,c@d", NULL },
	{ "a name and angle brackets", "Ada <a@b>", NULL },
	{ "parentheses", "a(b)@c", NULL },
	{ "colon and semicolon", "a:b;@c", NULL },
	{ "square brackets", "a[b]@c", NULL },
	{ "address literal", "a@[127.0.0.1]", NULL },
	{ "DEL", "a\x7f@b", NULL },
	{ "control", "a\x01@b", NULL },
	{ "Latin-1", "\xe4@b", NULL },
	{ "UTF-8 local part", "\xc3\xa4@b", NULL },
	{ "UTF-8 host",
	    "a@b\xc3\xbc"
	    "cher.example",
	    NULL },
	{ "Kelvin sign", "\xe2\x84\xaa@b", NULL },
	{ "dotless i", "\xc4\xb1@b", NULL },
	{ "full-width @",
	    "a\xef\xbc\xa0"
	    "b",
	    NULL },
	{ "ideographic full stop",
	    "a@b\xe3\x80\x82"
	    "c",
	    NULL },
};

static void
normalizes(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char out[EMAIL_SIZE];
		enum rc rc = email_normalize(rows[i].text, out);

		SAME_INT(rows[i].row, rc,
		    rows[i].out != NULL ? RC_OK : RC_EMAIL_INVALID);
		if (rc == RC_OK)
			SAME_TEXT(rows[i].row, out, rows[i].out);
	}
}

static void
length(void)
{
	static const struct {
		const char *row;
		size_t len;
		enum rc rc;
	} sizes[] = {
		{ "253", EMAIL_MAX - 1, RC_OK },
		{ "254", EMAIL_MAX, RC_OK },
		{ "255", EMAIL_MAX + 1, RC_EMAIL_INVALID },
		{ "a megabyte", 1 << 20, RC_EMAIL_INVALID },
	};

	for (size_t i = 0; i < LENGTH_OF(sizes); i++) {
		char *text = unit_repeat('a', sizes[i].len);
		struct {
			char text[EMAIL_SIZE], guard;
		} out = { .guard = 'g' };

		memcpy(text + sizes[i].len - 12, "@example.org", 12);
		SAME_INT(sizes[i].row, email_normalize(text, out.text),
		    sizes[i].rc);
		SAME_INT(sizes[i].row, out.guard, 'g');
		if (sizes[i].rc == RC_OK)
			SAME_INT(sizes[i].row, strlen(out.text), sizes[i].len);
	}
}

/* In Turkish, the lower case of I is not i. */
static void
locale_does_not_matter(void)
{
	char out[EMAIL_SIZE];

	if (setlocale(LC_ALL, "tr_TR.UTF-8") == NULL &&
	    setlocale(LC_ALL, "C.UTF-8") == NULL)
		skip();
	SAME_INT("I", email_normalize("INFO@I.org", out), RC_OK);
	SAME_TEXT("I", out, "info@i.org");
	setlocale(LC_ALL, "C");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(normalizes),
		UNIT(length),
		UNIT(locale_does_not_matter),
	};

	return UNIT_MAIN(tests);
}
