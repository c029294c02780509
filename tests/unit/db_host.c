#include "db_host.h"

#include "unit.h"

static const struct {
	const char *row, *text;
	size_t count;
	struct db_host hosts[3];
} rows[] = {
	{ "empty", "", 1, { { "localhost", 3306 } } },
	{ "blanks and commas", " , ,", 1, { { "localhost", 3306 } } },
	{ "a name", "db.example.org", 1, { { "db.example.org", 3306 } } },
	{ "a name and a port", "db:3307", 1, { { "db", 3307 } } },
	{ "IPv4", "192.0.2.1", 1, { { "192.0.2.1", 3306 } } },
	{ "IPv4 and a port", "192.0.2.1:1", 1, { { "192.0.2.1", 1 } } },
	{ "IPv6", "2001:db8::1", 1, { { "2001:db8::1", 3306 } } },
	{ "IPv6, ::1", "::1", 1, { { "::1", 3306 } } },
	{ "IPv6 in brackets", "[2001:db8::1]", 1, { { "2001:db8::1", 3306 } } },
	{ "IPv6 and a port", "[2001:db8::1]:65535", 1,
	    { { "2001:db8::1", 65535 } } },
	{ "two, comma", "a,b", 2, { { "a", 3306 }, { "b", 3306 } } },
	{ "two, comma and blank", "a:1, b:2", 2, { { "a", 1 }, { "b", 2 } } },
	{ "two, blank", "a b", 2, { { "a", 3306 }, { "b", 3306 } } },
	{ "separators around", " ,a,, b ,", 2,
	    { { "a", 3306 }, { "b", 3306 } } },
	{ "three of all kinds", "[::1]:3307,db:3308,2001:db8::2", 3,
	    { { "::1", 3307 }, { "db", 3308 }, { "2001:db8::2", 3306 } } },
};

static void
hosts(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct db_host host;

		SAME_INT(rows[i].row, db_host_count(rows[i].text),
		    rows[i].count);
		for (size_t j = 0; j < rows[i].count; j++) {
			HOLDS(rows[i].row,
			    db_host_find(rows[i].text, j, 3306, &host));
			SAME_TEXT(rows[i].row, host.name,
			    rows[i].hosts[j].name);
			SAME_INT(rows[i].row, host.port, rows[i].hosts[j].port);
		}
		HOLDS(rows[i].row,
		    !db_host_find(rows[i].text, rows[i].count, 3306, &host));
	}
}

static void
length(void)
{
	struct db_host host;
	char *name = unit_repeat('a', DB_HOST_SIZE - 1);

	HOLDS("255", db_host_find(name, 0, 1, &host));
	SAME_TEXT("255", host.name, name);
	HOLDS("256",
	    !db_host_find(unit_repeat('a', DB_HOST_SIZE), 0, 1, &host));
	SAME_INT("256", db_host_count(unit_repeat('a', DB_HOST_SIZE)), 1);
	HOLDS("before a long one",
	    db_host_find(pool_printf(unit_mem, "a,%s",
			     unit_repeat('b', DB_HOST_SIZE)),
		0, 1, &host));
}

static void
refused(void)
{
	static const char *const bad[] = { ":", ":1", "[]", "[]:1", "a:", "a:b",
		"a:-1", "a:0", "a:65536", "[::1]:", "a:99999999999999999999" };

	for (size_t i = 0; i < LENGTH_OF(bad); i++) {
		struct db_host host;

		SAME_INT(bad[i], db_host_count(bad[i]), 1);
		HOLDS(bad[i], !db_host_find(bad[i], 0, 3306, &host));
	}
}

/* Nothing useful, and nothing worse. */
static void
odd_lists(void)
{
	static const char *const odd[] = { "[", "]", "[:", "a::", "[a", "a]",
		"a]:1", "][" };

	for (size_t i = 0; i < LENGTH_OF(odd); i++) {
		struct db_host host;

		SAME_INT(odd[i], db_host_count(odd[i]), 1);
		if (db_host_find(odd[i], 0, 3306, &host))
			HOLDS(odd[i], strlen(host.name) <= strlen(odd[i]));
		HOLDS(odd[i], !db_host_find(odd[i], 1, 3306, &host));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(hosts),
		UNIT(length),
		UNIT(refused),
		UNIT(odd_lists),
	};

	return UNIT_MAIN(tests);
}
