#include <inttypes.h>
#include <string.h>

#include "doctor_check.h"
#include "schema.h"
#include "user.h"

static const struct db_query select_tables = {
	.sql = "SELECT COALESCE(GROUP_CONCAT(LOWER(table_name)), '')"
	       " FROM information_schema.tables"
	       " WHERE table_schema = DATABASE() AND table_name IN"
	       " ('users', 'codes', 'attempts', 'latchkey_schema')",
	.columns = 1,
	.repeatable = true,
};

/* A database may hold those of other applications, too. */
static const struct db_query select_own = {
	.sql = "SELECT COUNT(*) FROM information_schema.columns"
	       " WHERE table_schema = DATABASE() AND table_name = 'users'"
	       " AND column_name IN ('email', 'password', 'refresh_token')",
	.columns = 1,
	.repeatable = true,
};

static const struct db_query select_version = {
	.sql = "SELECT COALESCE(MAX(version), 0) FROM latchkey_schema",
	.columns = 1,
	.repeatable = true,
};

/* Every column that the programs use, of no row. */
static const struct db_query select_columns = {
	.sql = "SELECT COUNT(*) FROM (SELECT c.user_id, c.purpose, c.email,"
	       " c.language, c.hash, c.tries, c.expires_at, c.mail_at, a.id,"
	       " a.due FROM codes c, attempts a WHERE 1 = 0) AS x",
	.columns = 1,
	.repeatable = true,
};

static const struct db_query select_engines = {
	.sql = "SELECT COALESCE(GROUP_CONCAT(CONCAT(table_name, ' is ', engine)"
	       " SEPARATOR ', '), '') FROM information_schema.tables"
	       " WHERE table_schema = DATABASE() AND table_name IN"
	       " ('users', 'codes', 'attempts') AND engine <> 'InnoDB'",
	.columns = 1,
	.repeatable = true,
};

/* MySQL's own type JSON neither keeps a text as it is nor compares with it. */
static const struct db_query select_collations = {
	.sql = "SELECT COALESCE(GROUP_CONCAT(CONCAT(table_name, '.',"
	       " column_name, ' is ', COALESCE(collation_name, data_type))"
	       " SEPARATOR ', '), '') FROM information_schema.columns"
	       " WHERE table_schema = DATABASE() AND table_name IN"
	       " ('users', 'codes', 'attempts') AND (data_type = 'json'"
	       " OR RIGHT(collation_name, 4) <> '_bin')",
	.columns = 1,
	.repeatable = true,
};

/* The tables that are not in ${list}; "" is none, NULL no memory. */
static const char *
missing_tables(struct doctor *d, const char *list)
{
	static const char *const names[] = { "users", "codes", "attempts" };
	const char *missing = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (missing != NULL && strstr(list, names[i]) == NULL)
			missing = pool_printf(d->pool, "%s%s%s", missing,
			    *missing != '\0' ? ", " : "", names[i]);
	return missing;
}

/* Of tables that are there: 0 is from before they had a number; -1 unknown. */
static int64_t
version_of(struct doctor *d, const char *list)
{
	int64_t version;
	const struct db_out out = db_out_number(&version);

	if (strstr(list, "latchkey_schema") == NULL)
		return 0;
	return db_select(d->db, &select_version, NULL, &out, d->pool) == RC_OK
		   ? version
		   : -1;
}

static bool
are_readable(struct doctor *d)
{
	static const char nobody[] = "00000000-0000-0000-0000-000000000000";
	int64_t number;
	const struct db_out out = db_out_number(&number);
	struct user user;

	return user_by_id(d->db, nobody, d->pool, &user) == RC_NOT_FOUND &&
	       db_select(d->db, &select_columns, NULL, &out, d->pool) == RC_OK;
}

/* Whether the table users is not that of Latchkey. */
static bool
is_foreign(struct doctor *d, const char *list)
{
	int64_t columns = 0;
	const struct db_out out = db_out_number(&columns);

	return strstr(list, "users") != NULL &&
	       db_select(d->db, &select_own, NULL, &out, d->pool) == RC_OK &&
	       columns < 3;
}

/* Of tables that will do: true. */
static bool
tell_version(struct doctor *d, int64_t version)
{
	if (version > SCHEMA_VERSION)
		doctor_say(d, "schema", DOCTOR_WARN,
		    "the tables are of version %" PRId64 ", newer than these "
		    "programs, which know %d; install newer programs",
		    version, SCHEMA_VERSION);
	else
		doctor_say(d, "schema", DOCTOR_GOOD,
		    "all tables are there, version %" PRId64, version);
	return true;
}

/* Whether the programs can work on them. */
static bool
judge_version(struct doctor *d, int64_t version)
{
	if (version < 0)
		doctor_say(d, "schema", DOCTOR_BAD,
		    "the table latchkey_schema cannot be read; grant %s SELECT "
		    "on it",
		    d->config->db_user);
	else if (version < SCHEMA_VERSION)
		doctor_say(d, "schema", DOCTOR_BAD,
		    "the tables are of version %" PRId64 ", and these programs "
		    "need %d; load sql/migrations/%03" PRId64
		    "-*.sql into the database, and what follows it",
		    version, SCHEMA_VERSION, version + 1);
	else if (!are_readable(d))
		doctor_say(d, "schema", DOCTOR_BAD,
		    "a table is not as sql/schema.sql makes it; compare them "
		    "(SHOW CREATE TABLE), for the error log has the column");
	else
		return tell_version(d, version);
	return false;
}

static void
check_kind(struct doctor *d, const char *name, const struct db_query *query,
    const char *wanted, const char *mend)
{
	char list[DOCTOR_LIST_SIZE];
	const struct db_out out = db_out_text(list, sizeof(list));

	if (db_select(d->db, query, NULL, &out, d->pool) != RC_OK)
		doctor_say_unknown(d, name);
	else if (*list != '\0')
		doctor_say(d, name, DOCTOR_BAD, "%.400s; %s", list, mend);
	else
		doctor_say(d, name, DOCTOR_GOOD, "%s", wanted);
}

static void
tell_missing(struct doctor *d, const char *missing)
{
	const struct config *c = d->config;

	doctor_say(d, "schema", DOCTOR_BAD,
	    "not there, or not to be seen by %s: %s; load sql/schema.sql into "
	    "the database %s, or grant %s SELECT, INSERT, UPDATE and DELETE on "
	    "its tables",
	    c->db_user, missing, c->db_name, c->db_user);
}

bool
doctor_schema(struct doctor *d)
{
	char list[DOCTOR_LIST_SIZE];
	const struct db_out out = db_out_text(list, sizeof(list));
	const char *missing;
	bool good;

	if (db_select(d->db, &select_tables, NULL, &out, d->pool) != RC_OK)
		*list = '\0';
	if (is_foreign(d, list)) {
		doctor_say(d, "schema", DOCTOR_BAD,
		    "the table users in the database %s is another "
		    "application's; give Latchkey a database of its own, and "
		    "name it in DB_NAME",
		    d->config->db_name);
		return false;
	}
	missing = missing_tables(d, list);
	if (missing == NULL || *missing != '\0') {
		tell_missing(d, missing != NULL ? missing : "?");
		return false;
	}
	good = judge_version(d, version_of(d, list));
	check_kind(d, "engine", &select_engines, "InnoDB",
	    "ALTER TABLE each ENGINE=InnoDB, for others lose what a crash "
	    "interrupts");
	check_kind(d, "collation", &select_collations,
	    "text is compared byte by byte",
	    "ALTER TABLE each to have the column as sql/schema.sql does, for "
	    "others take different texts as equal");
	return good;
}
