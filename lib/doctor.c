#include "doctor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "db.h"
#include "log.h"
#include "user.h"

enum {
	TEXT_SIZE = 500
};

static bool
check_settings(struct config **config)
{
	char why[CONFIG_WHY_SIZE];

	if (config_load(NULL, config, why) != RC_OK) {
		printf("settings: WRONG, %s\n", why);
		return false;
	}
	printf("settings: good, from %s\n",
	    *(*config)->file != '\0' ? (*config)->file : "the environment");
	return true;
}

static bool
check_database(struct db *db)
{
	char text[TEXT_SIZE];

	if (db_check(db, text, sizeof(text)) != RC_OK) {
		printf("database: AWAY, %s\n", text);
		return false;
	}
	printf("database: good, %s\n", text);
	return true;
}

/* Reading what is not there tells whether the tables are. */
static bool
check_schema(struct db *db, struct pool *pool)
{
	static const char nobody[] = "00000000-0000-0000-0000-000000000000";
	static const struct db_query tables = {
		.sql = "SELECT codes.tries FROM codes, attempts WHERE 1 = 0",
		.columns = 1,
		.repeatable = true,
	};
	int64_t number;
	const struct db_out out = db_out_number(&number);
	struct user user;

	if (user_by_id(db, nobody, pool, &user) != RC_NOT_FOUND ||
	    db_select(db, &tables, NULL, &out, pool) != RC_NOT_FOUND) {
		printf("schema: MISSING, not all tables can be read; the line "
		       "above says why\n");
		return false;
	}
	printf("schema: good, all tables are there\n");
	return true;
}

int
doctor_run(const char *program)
{
	struct config *config = NULL;
	struct db *db = NULL;
	struct pool *pool = pool_new();
	bool good = pool != NULL;

	log_open(program);
	setvbuf(stdout, NULL, _IOLBF, 0); /* in order with what is logged */
	printf("latchkey %s %s: a program for a web server to start, by "
	       "FastCGI or CGI\n",
	    program, LATCHKEY_VERSION);
	good = good && check_settings(&config);
	if (good)
		db = db_new(config, true);
	good = good && db != NULL && check_database(db) &&
	       check_schema(db, pool);
	db_free(db);
	config_free(config);
	pool_free(pool);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
