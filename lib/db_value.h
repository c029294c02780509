#ifndef LATCHKEY_DB_VALUE_H
#define LATCHKEY_DB_VALUE_H

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pool.h"
#include "rc.h"
#include "uuid.h"

/*
 * Statements, the values that go into them and the columns that come out.
 * Values reach SQL through "?" alone.
 */

enum {
	DB_VALUES_MAX = 8
}; /* of a statement, each way */

/* A statement; one object for each, for it is known by its address. */
struct db_query {
	const char *sql;
	unsigned params, columns;
	bool repeatable; /* running twice, or late, does no harm */
};

/* A value for a "?". */
enum db_in_kind {
	DB_IN_TEXT,
	DB_IN_UUID,
	DB_IN_TIME,
	DB_IN_NUMBER
};

struct db_in {
	enum db_in_kind kind;
	const char *text; /* NULL is SQL NULL */
	unsigned char uuid[UUID_SIZE];
	int64_t time_ms;
	int64_t number;
};

struct db_in db_text(const char *text); /* NULL is SQL NULL */
struct db_in db_uuid(const char *uuid); /* BINARY(16); not one: SQL NULL */
struct db_in db_time(int64_t time_ms);	/* a DATETIME(3) in UTC */
struct db_in db_number(int64_t number); /* a BIGINT */

/* Where a column goes. */
enum db_out_kind {
	DB_OUT_TEXT,
	DB_OUT_LONG_TEXT,
	DB_OUT_UUID,
	DB_OUT_TIME,
	DB_OUT_NUMBER
};

struct db_out {
	enum db_out_kind kind;
	void *to;
	size_t cap;
};

/* Into char[cap], NUL-terminated; longer, or NULL, is a fault. */
struct db_out db_out_text(char *to, size_t cap);
/* Of any length, in the request's pool; NULL for SQL NULL. */
struct db_out db_out_long_text(const char **to);
/* A BINARY(16) as text into char[UUID_TEXT_SIZE]. */
struct db_out db_out_uuid(char *to);
/* A DATETIME(3) in UTC, as milliseconds since the epoch. */
struct db_out db_out_time(int64_t *to_ms);
/* Any integer column. */
struct db_out db_out_number(int64_t *to);

/* For db.c alone: between these and Connector/C. */

/* Bind ${in} and execute: 0, or the number of the error. */
unsigned db_value_execute(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_in *in);

/*
 * The same of a new handle, preparing it as well, in one round trip where the
 * server can do that (MariaDB 10.2).
 */
unsigned db_value_execute_first(MYSQL_STMT *handle,
    const struct db_query *query, const struct db_in *in);

/*
 * Read the one row of an executed statement.  RC_NOT_FOUND: there is none;
 * RC_UNAVAILABLE: the connection broke, *error is its number; RC_FAULT,
 * logged: a column is not as declared.
 */
enum rc db_value_fetch(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_out *out, struct pool *mem, unsigned *error) MUST_CHECK;

#endif
