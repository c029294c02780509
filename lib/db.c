#include "db.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <nss.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "db_error.h"
#include "db_host.h"
#include "log.h"
#include "random.h"

enum {
	STATEMENTS_MAX = 32,
	TOLD_MAX = 8,
	WHY_SIZE = 600
};

struct statement {
	const struct db_query *query;
	MYSQL_STMT *handle;
};

struct db {
	const struct config *config;
	MYSQL *connection; /* NULL: not connected */
	bool keeps;
	struct statement statements[STATEMENTS_MAX];
	size_t host;	     /* which of DB_HOST's is, or was, connected */
	int64_t deadline_ms; /* of clock_steady_ms() */
	unsigned
	    told[TOLD_MAX]; /* the errors that were logged since it was good */
	size_t told_count;
	unsigned last_error;
};

static void
set_options(MYSQL *connection, const struct config *config)
{
	unsigned connect_s = DB_CONNECT_S, answer_s = DB_ANSWER_S;
	my_bool verify = *config->db_ssl_ca != '\0';

	mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &answer_s);
	mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &answer_s);
	mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (verify) {
		mysql_options(connection, MYSQL_OPT_SSL_CA, config->db_ssl_ca);
		mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &verify);
	}
}

static bool
is_told(const struct db *db, unsigned error)
{
	for (size_t i = 0; i < db->told_count; i++)
		if (db->told[i] == error)
			return true;
	return db->told_count == TOLD_MAX;
}

/* Log what keeps the database from us: each error once until it is back. */
static void
note_trouble(struct db *db, unsigned error, const char *where, const char *why)
{
	if (is_told(db, error))
		return;
	log_error("db: (%u) %s: %s%s", error, where, why,
	    db_error_remedy(error));
	db->told[db->told_count++] = error;
}

static void
note_good(struct db *db)
{
	if (db->told_count > 0)
		log_error("db: back again");
	db->told_count = 0;
}

static void
disconnect(struct db *db)
{
	if (db->connection == NULL)
		return;
	mysql_close(db->connection); /* first: the statements end with it */
	db->connection = NULL;
	for (size_t i = 0; i < STATEMENTS_MAX; i++) {
		if (db->statements[i].handle != NULL)
			mysql_stmt_close(db->statements[i].handle);
		db->statements[i] = (struct statement){ 0 };
	}
}

/* What a fresh connection must agree on, whatever the server's defaults. */
#define SESSION                                                                \
	"SET SESSION sql_mode = 'STRICT_ALL_TABLES,"                           \
	"NO_ENGINE_SUBSTITUTION', time_zone = '+00:00',"                       \
	" autocommit = 1, innodb_lock_wait_timeout = 2,"                       \
	" character_set_client = utf8mb4,"                                     \
	" character_set_connection = utf8mb4,"                                 \
	" character_set_results = utf8mb4"
/* Galera: no read from before a write that was answered elsewhere. */
#define CLUSTER ", wsrep_sync_wait = 1"

/* All at once; where the server knows nothing of Galera, all but that. */
static unsigned
set_session(MYSQL *connection)
{
	_Static_assert(DB_LOCK_WAIT_S == 2, "as in the text above");
	if (mysql_query(connection, SESSION CLUSTER) == 0 ||
	    (mysql_errno(connection) == ER_UNKNOWN_SYSTEM_VARIABLE &&
		mysql_query(connection, SESSION) == 0))
		return 0;
	return mysql_errno(connection);
}

static bool
time_is_left(const struct db *db)
{
	return clock_steady_ms() < db->deadline_ms;
}

/* Whether there may be a connection for us in a moment. */
static bool
may_wait(const struct db *db, unsigned error)
{
	return db_error_judge(error) == DB_ERROR_FULL && !db->keeps &&
	       time_is_left(db);
}

/* 0, or the number of the error, which is logged. */
static unsigned
connect_to(struct db *db, const char *name, unsigned port)
{
	const struct config *c = db->config;
	const char *socket = *c->db_socket != '\0' ? c->db_socket : NULL;
	char where[DB_HOST_SIZE + 16];
	unsigned error;

	/* The library asks for the port of "mysql", given one or not. */
	__nss_configure_lookup("services", "files");
	db->connection = mysql_init(NULL);
	if (db->connection == NULL) {
		note_trouble(db, CR_OUT_OF_MEMORY, name, "no memory");
		return CR_OUT_OF_MEMORY;
	}
	set_options(db->connection, c);
	if (mysql_real_connect(db->connection, name, c->db_user, c->db_password,
		c->db_name, port, socket, CLIENT_FOUND_ROWS) == NULL)
		error = mysql_errno(db->connection);
	else
		error = set_session(db->connection);
	if (error != 0) {
		snprintf(where, sizeof(where), "%s:%u", name, port);
		if (!may_wait(db, error))
			note_trouble(db, error, socket != NULL ? socket : where,
			    mysql_error(db->connection));
		disconnect(db);
	}
	return error;
}

static void
next_host(struct db *db)
{
	db->host = (db->host + 1) % db_host_count(db->config->db_host);
}

/* Try every server once, from the one that served last. */
static unsigned
connect_any(struct db *db)
{
	const struct config *c = db->config;
	size_t count = db_host_count(c->db_host);
	unsigned error = CR_CONN_HOST_ERROR;
	struct db_host host;

	if (*c->db_socket != '\0')
		return connect_to(db, "localhost", 0);
	for (size_t i = 0; i < count && (i == 0 || time_is_left(db)); i++) {
		if (db_host_find(c->db_host, db->host, (unsigned)c->db_port,
			&host))
			error = connect_to(db, host.name, host.port);
		if (error == 0)
			break;
		next_host(db);
	}
	return error;
}

/* Running a statement. */

/* Where ${query} stands among the statements, or will stand. */
static struct statement *
find(struct db *db, const struct db_query *query)
{
	struct statement *s = db->statements;

	while (s->query != NULL && s->query != query)
		s++;
	return s;
}

/* The first time on this connection it is prepared as well. */
static unsigned
execute_first(struct db *db, struct statement *s, const struct db_query *query,
    const struct db_in *in)
{
	unsigned error;

	if (s->handle == NULL)
		s->handle = mysql_stmt_init(db->connection);
	if (s->handle == NULL)
		return CR_OUT_OF_MEMORY;
	error = db_value_execute_first(s->handle, query, in);
	if (error == 0)
		s->query = query;
	return error;
}

/* Connect and prepare where need be: 0, or the number of the error. */
static unsigned
execute(struct db *db, const struct db_query *query, const struct db_in *in,
    MYSQL_STMT **handle)
{
	struct statement *s;
	unsigned error = 0;

	*handle = NULL;
	if (db->connection == NULL)
		error = connect_any(db);
	if (error != 0)
		return error;
	s = find(db, query);
	error = s->query == query ? db_value_execute(s->handle, query, in)
				  : execute_first(db, s, query, in);
	*handle = s->handle;
	return error;
}

/* Up to 50 ms, so that two that met do not meet again. */
static void
wait_a_little(void)
{
	unsigned char dice;

	if (random_bytes(&dice, 1) == RC_OK)
		usleep(dice * 200U);
}

/* After ${error}: whether to try again; else *rc is the outcome. */
static bool
try_again(struct db *db, const struct db_query *query, unsigned error,
    int tries, bool *unsure, enum rc *rc)
{
	enum db_error what = db_error_judge(error);
	bool connected = db->connection != NULL;
	bool in_time = time_is_left(db) && tries < DB_RERUNS_MAX;

	*rc = what == DB_ERROR_EXISTS  ? RC_EXISTS
	      : what == DB_ERROR_FAULT ? RC_FAULT
				       : RC_UNAVAILABLE;
	switch (what) {
	case DB_ERROR_RERUN:
		wait_a_little();
		return in_time;
	case DB_ERROR_UNSURE:
		*unsure = *unsure || connected;
		disconnect(db);
		return in_time && connected && query->repeatable;
	case DB_ERROR_RECONNECT:
	case DB_ERROR_ELSEWHERE:
		disconnect(db);
		if (what == DB_ERROR_ELSEWHERE)
			next_host(db);
		return in_time && connected;
	case DB_ERROR_FULL:
		wait_a_little();
		return may_wait(db, error);
	case DB_ERROR_AWAY:
	case DB_ERROR_FAULT:
		disconnect(db); /* whatever it was, start afresh */
		break;
	case DB_ERROR_EXISTS:
		break;
	}
	return false;
}

static void
report(struct db *db, const struct db_query *query, unsigned error,
    const char *why, enum rc rc)
{
	if (rc == RC_UNAVAILABLE)
		note_trouble(db, error, query->sql, why);
	else if (rc == RC_FAULT)
		log_error("db: (%u) %s: %s", error, query->sql, why);
}

/* Execute, again and again as the errors allow. */
static enum rc
run(struct db *db, const struct db_query *query, const struct db_in *in,
    MYSQL_STMT **handle, bool *unsure)
{
	enum rc rc = RC_FAULT;

	*unsure = false;
	for (int tries = 0;; tries++) {
		unsigned error = execute(db, query, in, handle);
		char text[WHY_SIZE];

		if (error == 0) {
			note_good(db);
			return RC_OK;
		}
		db->last_error = error;
		snprintf(text, sizeof(text), "%s",
		    *handle != NULL ? mysql_stmt_error(*handle) : "");
		if (!try_again(db, query, error, tries, unsure, &rc)) {
			report(db, query, error, text, rc);
			return rc;
		}
	}
}

struct db *
db_new(const struct config *config, bool keeps)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db != NULL) {
		db->config = config;
		db->keeps = keeps;
	}
	return db;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	free(db);
}

/* An idle connection on which anything can be read is one that was closed. */
static bool
is_closed(MYSQL *connection)
{
	struct pollfd fd = { .fd = (int)mysql_get_socket(connection),
		.events = POLLIN };

	return poll(&fd, 1, 0) != 0;
}

void
db_begin(struct db *db)
{
	db->deadline_ms = clock_steady_ms() + DB_BUDGET_MS;
	if (db->connection != NULL && is_closed(db->connection))
		disconnect(db);
}

void
db_end(struct db *db)
{
	if (!db->keeps)
		disconnect(db);
}

enum rc
db_select(struct db *db, const struct db_query *query, const struct db_in *in,
    const struct db_out *out, struct pool *mem)
{
	MYSQL_STMT *handle;
	bool unsure;
	unsigned error;
	enum rc rc = RC_UNAVAILABLE;

	/* An answer cut off while it was read: once more, on a new one. */
	for (int tries = 0; rc == RC_UNAVAILABLE && tries < 2; tries++) {
		rc = run(db, query, in, &handle, &unsure);
		if (rc != RC_OK)
			return rc;
		rc = db_value_fetch(handle, query, out, mem, &error);
		mysql_stmt_free_result(handle);
		if (rc == RC_UNAVAILABLE) {
			note_trouble(db, error, query->sql,
			    "the answer was cut off");
			disconnect(db);
		}
	}
	return rc;
}

enum rc
db_change(struct db *db, const struct db_query *query, const struct db_in *in,
    struct db_change *change)
{
	MYSQL_STMT *handle;
	enum rc rc = run(db, query, in, &handle, &change->unsure);

	change->rows = rc == RC_OK ? (uint64_t)mysql_stmt_affected_rows(handle)
				   : 0;
	return rc;
}

enum rc
db_check(struct db *db, char *text, size_t cap)
{
	unsigned error;

	db_begin(db);
	error = db->connection == NULL ? connect_any(db) : 0;
	if (error != 0) {
		db->last_error = error;
		snprintf(text, cap, "error %u%s", error,
		    db_error_remedy(error));
		return RC_UNAVAILABLE;
	}
	snprintf(text, cap, "%s as %s, %s, database %s",
	    mysql_get_host_info(db->connection), db->config->db_user,
	    mysql_get_server_info(db->connection), db->config->db_name);
	return RC_OK;
}

unsigned
db_last_error(const struct db *db)
{
	return db->last_error;
}
