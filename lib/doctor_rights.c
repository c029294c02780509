#include "db_error.h"
#include "doctor_check.h"

/* Each needs a right, and changes nothing. */
static const struct {
	struct db_query query;
	const char *right;
} rights[] = {
#define MAY(what, statement)                                                   \
	{                                                                      \
		{ .sql = statement " WHERE 1 = 0", .repeatable = true }, what  \
	}
	MAY("INSERT into users",
	    "INSERT INTO users (id, email, password, created_at, updated_at)"
	    " SELECT id, email, password, created_at, updated_at FROM users"),
	MAY("UPDATE users", "UPDATE users SET email = email"),
	MAY("DELETE from users", "DELETE FROM users"),
	MAY("INSERT into codes",
	    "INSERT INTO codes (user_id, purpose, email, language, expires_at)"
	    " SELECT user_id, purpose, email, language, expires_at FROM codes"),
	MAY("UPDATE codes", "UPDATE codes SET tries = tries"),
	MAY("DELETE from codes", "DELETE FROM codes"),
	MAY("INSERT into attempts",
	    "INSERT INTO attempts (id, due) SELECT id, due FROM attempts"),
	MAY("UPDATE attempts", "UPDATE attempts SET due = due"),
	MAY("DELETE from attempts", "DELETE FROM attempts"),
#undef MAY
};

/* What the account has beyond reading and writing rows of this database. */
static const struct db_query excess = {
	.sql = "SELECT COALESCE(GROUP_CONCAT(DISTINCT more ORDER BY more"
	       " SEPARATOR ', '), '') FROM ("
	       "SELECT grantee, CONCAT(privilege_type, ' on *.*') AS more"
	       " FROM information_schema.user_privileges"
	       " WHERE privilege_type <> 'USAGE'"
	       " UNION ALL "
	       "SELECT grantee, CONCAT(privilege_type, ' on ', table_schema)"
	       " FROM information_schema.schema_privileges WHERE privilege_type"
	       " NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
	       " OR NOT DATABASE() LIKE table_schema"
	       " UNION ALL "
	       "SELECT grantee, CONCAT('GRANT OPTION on ', table_schema)"
	       " FROM information_schema.schema_privileges"
	       " WHERE is_grantable = 'YES'"
	       ") AS r WHERE grantee = CONCAT('''',"
	       " SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''',"
	       " SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')",
	.columns = 1,
	.repeatable = true,
};

static void
check_rights(struct doctor *d)
{
	struct db_change change;

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (db_change(d->db, &rights[i].query, NULL, &change) !=
		    RC_OK) {
			unsigned error = db_last_error(d->db);

			doctor_say(d, "rights", DOCTOR_BAD,
			    "%s may not %s (error %u)%s", d->config->db_user,
			    rights[i].right, error, db_error_remedy(error));
			return;
		}
	doctor_say(d, "rights", DOCTOR_GOOD,
	    "%s may do what the programs do with their tables",
	    d->config->db_user);
}

static void
check_excess(struct doctor *d)
{
	char list[DOCTOR_LIST_SIZE];
	const struct db_out out = db_out_text(list, sizeof(list));

	if (db_select(d->db, &excess, NULL, &out, d->pool) != RC_OK)
		doctor_say_unknown(d, "least-rights");
	else if (*list != '\0')
		doctor_say(d, "least-rights", DOCTOR_WARN,
		    "%s needs no more than SELECT, INSERT, UPDATE and DELETE on "
		    "this database; take from it %.600s",
		    d->config->db_user, list);
	else
		doctor_say(d, "least-rights", DOCTOR_GOOD,
		    "%s may do nothing else", d->config->db_user);
}

void
doctor_rights(struct doctor *d)
{
	check_rights(d);
	check_excess(d);
}
