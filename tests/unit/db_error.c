#include "db_error.h"

#include "unit.h"

/* By number, as servers of any version send them. */
static const struct {
	const char *row;
	unsigned number;
	enum db_error judged;
	const char *remedy; /* a word of it; NULL: none */
} rows[] = {
	{ "deadlock", 1213, DB_ERROR_RERUN, NULL },
	{ "lock wait", 1205, DB_ERROR_RERUN, NULL },
	{ "server gone, nothing sent", 2006, DB_ERROR_RECONNECT, NULL },
	{ "unknown statement", 1243, DB_ERROR_RECONNECT, NULL },
	{ "lost in the middle", 2013, DB_ERROR_UNSURE, NULL },
	{ "lost in the middle, told where", 2055, DB_ERROR_UNSURE, NULL },
	{ "connection killed", 1927, DB_ERROR_UNSURE, NULL },
	{ "shutting down", 1053, DB_ERROR_ELSEWHERE, NULL },
	{ "no quorum", 1047, DB_ERROR_ELSEWHERE, NULL },
	{ "read only", 1290, DB_ERROR_ELSEWHERE, NULL },
	{ "a unique key", 1062, DB_ERROR_EXISTS, NULL },
	{ "no socket", 2002, DB_ERROR_AWAY, "DB_SOCKET" },
	{ "nobody listens", 2003, DB_ERROR_AWAY, "DB_HOST" },
	{ "unknown host", 2005, DB_ERROR_AWAY, "DB_HOST" },
	{ "TLS", 2026, DB_ERROR_AWAY, NULL },
	{ "too many connections", 1040, DB_ERROR_FULL, "DB_PERSISTENT=0" },
	{ "too many of this user", 1203, DB_ERROR_FULL, "DB_PERSISTENT=0" },
	{ "a limit of this user", 1226, DB_ERROR_FULL, "fewer processes" },
	{ "disk full", 1021, DB_ERROR_AWAY, NULL },
	{ "table full", 1114, DB_ERROR_AWAY, NULL },
	{ "access denied", 1045, DB_ERROR_AWAY, "DB_PASSWORD" },
	{ "access to the database denied", 1044, DB_ERROR_AWAY, "DB_NAME" },
	{ "unknown database", 1049, DB_ERROR_AWAY, "DB_NAME" },
	{ "no such table", 1146, DB_ERROR_AWAY, "schema.sql" },
	{ "no such column", 1054, DB_ERROR_AWAY, "sql/migrations" },
	{ "right on the table", 1142, DB_ERROR_AWAY, "grant" },
	{ "right on a column", 1143, DB_ERROR_AWAY, "grant" },
	{ "syntax", 1064, DB_ERROR_FAULT, NULL },
	{ "too long", 1406, DB_ERROR_FAULT, NULL },
	{ "no error", 0, DB_ERROR_FAULT, NULL },
	{ "none that is known", 4294967295, DB_ERROR_FAULT, NULL },
};

static void
judges(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row, db_error_judge(rows[i].number),
		    rows[i].judged);
}

static void
remedies(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *remedy = db_error_remedy(rows[i].number);

		if (rows[i].remedy == NULL)
			SAME_TEXT(rows[i].row, remedy, "");
		else
			HOLDS(rows[i].row,
			    strncmp(remedy, "; ", 2) == 0 &&
				strstr(remedy, rows[i].remedy) != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(judges),
		UNIT(remedies),
	};

	return UNIT_MAIN(tests);
}
