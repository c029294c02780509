#include "allow_list.h"

#include "unit.h"

static const char ada[] = "ada@example.org";

static const struct {
	const char *row, *list;
	enum rc rc;
} rows[] = {
	{ "empty", "", RC_OK },
	{ "blank", " \t ", RC_OK },
	{ "commas alone", ", ,", RC_OK },
	{ "the address", "ada@example.org", RC_OK },
	{ "the domain", "@example.org", RC_OK },
	{ "upper case", "ADA@Example.ORG", RC_OK },
	{ "a domain in upper case", "@EXAMPLE.org", RC_OK },
	{ "first of two", "ada@example.org bob@example.org", RC_OK },
	{ "second of two", "bob@example.org ada@example.org", RC_OK },
	{ "with a comma", "bob@example.org,@example.org", RC_OK },
	{ "comma and blank", "bob@example.org, ada@example.org", RC_OK },
	{ "blanks around", "  @example.org\t", RC_OK },

	{ "another address", "bob@example.org", RC_FORBIDDEN },
	{ "another domain", "@example.com", RC_FORBIDDEN },
	{ "the domain above", "@org", RC_FORBIDDEN },
	{ "a sub-domain", "@mail.example.org", RC_FORBIDDEN },
	{ "a domain that ends so", "@ample.org", RC_FORBIDDEN },
	{ "a domain that starts so", "@example.or", RC_FORBIDDEN },
	{ "an address that ends so", "da@example.org", RC_FORBIDDEN },
	{ "an address that starts so", "ada@example.or", RC_FORBIDDEN },
	{ "one that goes on", "ada@example.org.example", RC_FORBIDDEN },

	{ "no address", "ada", RC_INVALID },
	{ "no domain", "@", RC_INVALID },
	{ "a domain without @", "example.org", RC_INVALID },
	{ "any", "*", RC_INVALID },
	{ "any of a domain", "*@*", RC_INVALID },
	{ "a sub-domain's dot", "@.example.org", RC_INVALID },
	{ "semicolons", "ada@example.org;bob@example.org", RC_INVALID },
	{ "quotes", "\"ada@example.org\"", RC_INVALID },
	{ "a line end", "ada@example.org\nbob@example.org", RC_INVALID },
	{ "no ASCII", "@b\xc3\xbc.example", RC_INVALID },
	{ "a good one before", "ada@example.org nobody", RC_INVALID },
	{ "a good one behind", "nobody ada@example.org", RC_INVALID },
};

static void
lists(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    allow_list_check(rows[i].list, ada, unit_mem), rows[i].rc);
}

static void
lengths(void)
{
	char *word = unit_repeat('a', 100000);
	const char *many = "";

	SAME_INT("a word without end", allow_list_check(word, ada, unit_mem),
	    RC_INVALID);
	word[0] = '@';
	SAME_INT("a domain without end", allow_list_check(word, ada, unit_mem),
	    RC_INVALID);
	for (int i = 0; i < 200; i++)
		many = pool_printf(unit_mem, "%s u%d@example.org", many, i);
	SAME_INT("many others", allow_list_check(many, ada, unit_mem),
	    RC_FORBIDDEN);
	many = pool_printf(unit_mem, "%s %s", many, ada);
	SAME_INT("the last of many", allow_list_check(many, ada, unit_mem),
	    RC_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(lists),
		UNIT(lengths),
	};

	return UNIT_MAIN(tests);
}
