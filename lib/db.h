#ifndef LATCHKEY_DB_H
#define LATCHKEY_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "db_value.h"
#include "pool.h"
#include "rc.h"

/*
 * The one database connection of a process: made when first needed, made
 * again when it breaks, each statement prepared once a connection.
 *
 * What an error means is decided here, by its number:
 * - a deadlock or a lock held too long (1213, 1205): run again, 3 times;
 * - a statement that was never sent (2006): send it on a new connection;
 * - a connection lost with the answer out (2013): the statement may have run,
 *   or may run later; it is sent again only when that does no harm, and the
 *   caller is told;
 * - a server that is shutting down, has no quorum, or is not there: the next
 *   one of DB_HOST, else RC_UNAVAILABLE;
 * - no connection left (1040, 1203, 1226): see db_new();
 * - a missing table, column or right: RC_UNAVAILABLE, logged with the remedy.
 * Nothing is tried after the request's time for the database is used up.
 */
struct db;

enum {
	DB_CONNECT_S = 2,    /* per host */
	DB_ANSWER_S = 3,     /* for each read and write */
	DB_LOCK_WAIT_S = 2,  /* for a row that another statement holds */
	DB_BUDGET_MS = 5000, /* a request's time, after which nothing is retried
			      */
	DB_RERUNS_MAX = 3
};

/*
 * Nothing is opened yet; NULL without memory.  With ${keeps} a connection is
 * kept from one request to the next.  Without, it is given up after each; and
 * where the server, or the account, has no more of them, a free one is waited
 * for, in the request's time: others give up theirs, too.
 */
struct db *db_new(const struct config *config, bool keeps);
void db_free(struct db *db);

/*
 * A request begins: its time for the database starts, and a connection that
 * the server has closed meanwhile is given up before anything is sent on it.
 */
void db_begin(struct db *db);

/* It is over, or goes on for long without the database. */
void db_end(struct db *db);

/*
 * Read one row.  RC_NOT_FOUND: there is none; RC_UNAVAILABLE; RC_FAULT.
 */
enum rc
db_select(struct db *db, const struct db_query *query, const struct db_in *in,
    const struct db_out *out, struct pool *mem) MUST_CHECK;

/* What a statement did that changes rows. */
struct db_change {
	uint64_t rows; /* that its WHERE found, changed or not */
	bool unsure;   /* an earlier sending of it may have run as well */
};

/* RC_EXISTS: a unique key; RC_UNAVAILABLE; RC_FAULT. */
enum rc db_change(struct db *db, const struct db_query *query,
    const struct db_in *in, struct db_change *change) MUST_CHECK;

/*
 * Connect, and describe where to in ${text} ("host:port as user, MariaDB
 * 10.11.6").  RC_UNAVAILABLE: ${text} says why, and what to do about it.
 */
enum rc db_check(struct db *db, char *text, size_t cap) MUST_CHECK;

/* The number of the error that came last; 0: none has. */
unsigned db_last_error(const struct db *db);

#endif
