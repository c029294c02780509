#include "db_value.h"

#include <errmsg.h>
#include <string.h>
#include <time.h>

#include "log.h"

struct db_in
db_text(const char *text)
{
	return (struct db_in){ .kind = DB_IN_TEXT, .text = text };
}

struct db_in
db_uuid(const char *uuid)
{
	struct db_in in = { .kind = DB_IN_UUID };

	return uuid_parse(uuid, in.uuid) == RC_OK ? in : db_text(NULL);
}

struct db_in
db_time(int64_t time_ms)
{
	return (struct db_in){ .kind = DB_IN_TIME, .time_ms = time_ms };
}

struct db_in
db_number(int64_t number)
{
	return (struct db_in){ .kind = DB_IN_NUMBER, .number = number };
}

struct db_out
db_out_text(char *to, size_t cap)
{
	return (struct db_out){ DB_OUT_TEXT, to, cap };
}

struct db_out
db_out_uuid(char *to)
{
	return (struct db_out){ DB_OUT_UUID, to, UUID_SIZE };
}

struct db_out
db_out_long_text(const char **to)
{
	return (struct db_out){ DB_OUT_LONG_TEXT, to, 0 };
}

struct db_out
db_out_time(int64_t *to_ms)
{
	return (struct db_out){ DB_OUT_TIME, to_ms, 0 };
}

struct db_out
db_out_number(int64_t *to)
{
	return (struct db_out){ DB_OUT_NUMBER, to, sizeof(*to) };
}

static void
time_to_sql(int64_t time_ms, MYSQL_TIME *out)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm = { 0 };

	gmtime_r(&seconds, &tm);
	*out = (MYSQL_TIME){ .year = (unsigned)tm.tm_year + 1900,
		.month = (unsigned)tm.tm_mon + 1,
		.day = (unsigned)tm.tm_mday,
		.hour = (unsigned)tm.tm_hour,
		.minute = (unsigned)tm.tm_min,
		.second = (unsigned)tm.tm_sec,
		.second_part = (unsigned long)(time_ms % 1000) * 1000,
		.time_type = MYSQL_TIMESTAMP_DATETIME };
}

static int64_t
time_from_sql(const MYSQL_TIME *time)
{
	struct tm tm = { .tm_year = (int)time->year - 1900,
		.tm_mon = (int)time->month - 1,
		.tm_mday = (int)time->day,
		.tm_hour = (int)time->hour,
		.tm_min = (int)time->minute,
		.tm_sec = (int)time->second };

	return (int64_t)timegm(&tm) * 1000 + (int64_t)time->second_part / 1000;
}

static void
bind_in(const struct db_in *in, MYSQL_TIME *time, MYSQL_BIND *bind)
{
	const void *bytes = in->kind == DB_IN_UUID ? in->uuid
						   : (const void *)in->text;

	if (in->kind == DB_IN_TIME) {
		time_to_sql(in->time_ms, time);
		bind->buffer_type = MYSQL_TYPE_DATETIME;
		bind->buffer = time;
	} else if (in->kind == DB_IN_NUMBER) {
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->buffer = (void *)(uintptr_t)&in->number; /* only read */
	} else if (bytes == NULL) {
		bind->buffer_type = MYSQL_TYPE_NULL;
	} else {
		bind->buffer_type = MYSQL_TYPE_STRING;
		bind->buffer = (void *)(uintptr_t)bytes; /* only read */
		bind->buffer_length = in->kind == DB_IN_UUID
					  ? UUID_SIZE
					  : (unsigned long)strlen(in->text);
	}
}

/* Both texts and times live until it was executed. */
struct in_row {
	MYSQL_BIND binds[DB_VALUES_MAX];
	MYSQL_TIME times[DB_VALUES_MAX];
};

static bool
bind_all(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_in *in, struct in_row *row)
{
	memset(row, 0, sizeof(*row));
	for (unsigned i = 0; i < query->params; i++)
		bind_in(&in[i], &row->times[i], &row->binds[i]);
	return query->params == 0 ||
	       mysql_stmt_bind_param(handle, row->binds) == 0;
}

unsigned
db_value_execute(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_in *in)
{
	struct in_row row;

	if (!bind_all(handle, query, in, &row) ||
	    mysql_stmt_execute(handle) != 0)
		return mysql_stmt_errno(handle);
	return 0;
}

unsigned
db_value_execute_first(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_in *in)
{
	struct in_row row;

	/* So many are bound before there is a statement to bind them to. */
	if (mysql_stmt_attr_set(handle, STMT_ATTR_PREBIND_PARAMS,
		&query->params) != 0 ||
	    !bind_all(handle, query, in, &row) ||
	    mariadb_stmt_execute_direct(handle, query->sql,
		strlen(query->sql)) != 0)
		return mysql_stmt_errno(handle);
	if (mysql_stmt_param_count(handle) != query->params ||
	    mysql_stmt_field_count(handle) != query->columns)
		return CR_INVALID_PARAMETER_NO;
	return 0;
}

/* Bind columns of known size; those of any length are fetched afterwards. */
struct row {
	MYSQL_BIND binds[DB_VALUES_MAX];
	MYSQL_TIME times[DB_VALUES_MAX];
	unsigned long lengths[DB_VALUES_MAX];
	my_bool nulls[DB_VALUES_MAX];
	unsigned char uuids[DB_VALUES_MAX][UUID_SIZE];
};

static void
bind_out(struct row *row, const struct db_query *query,
    const struct db_out *out)
{
	*row = (struct row){ 0 };
	for (unsigned i = 0; i < query->columns; i++) {
		MYSQL_BIND *bind = &row->binds[i];

		bind->length = &row->lengths[i];
		bind->is_null = &row->nulls[i];
		bind->buffer_type = MYSQL_TYPE_STRING;
		if (out[i].kind == DB_OUT_TIME) {
			bind->buffer_type = MYSQL_TYPE_DATETIME;
			bind->buffer = &row->times[i];
			bind->buffer_length = sizeof(row->times[i]);
		} else if (out[i].kind == DB_OUT_NUMBER) {
			bind->buffer_type = MYSQL_TYPE_LONGLONG;
			bind->buffer = out[i].to;
			bind->buffer_length = sizeof(int64_t);
		} else if (out[i].kind == DB_OUT_UUID) {
			bind->buffer = row->uuids[i];
			bind->buffer_length = UUID_SIZE;
		} else if (out[i].kind == DB_OUT_TEXT) {
			bind->buffer = out[i].to;
			bind->buffer_length = (unsigned long)out[i].cap;
		}
	}
}

static enum rc
fetch_long_text(MYSQL_STMT *handle, unsigned column, unsigned long len,
    struct pool *mem, const char **out)
{
	char *text = pool_alloc(mem, len + 1);
	MYSQL_BIND bind = { .buffer_type = MYSQL_TYPE_STRING,
		.buffer = text,
		.buffer_length = len };

	*out = text;
	if (text == NULL)
		return RC_FAULT;
	if (len > 0 && mysql_stmt_fetch_column(handle, &bind, column, 0) != 0)
		return RC_FAULT;
	return RC_OK;
}

/* Finish what mysql_stmt_fetch() wrote; RC_FAULT: not what was declared. */
static enum rc
read_column(MYSQL_STMT *handle, unsigned i, const struct db_out *out,
    const struct row *row, struct pool *mem)
{
	unsigned long len = row->lengths[i];

	if (out->kind == DB_OUT_LONG_TEXT && row->nulls[i]) {
		*(const char **)out->to = NULL;
		return RC_OK;
	}
	if (row->nulls[i])
		return RC_FAULT;
	switch (out->kind) {
	case DB_OUT_TIME:
		*(int64_t *)out->to = time_from_sql(&row->times[i]);
		return RC_OK;
	case DB_OUT_NUMBER:
		return RC_OK;
	case DB_OUT_LONG_TEXT:
		return fetch_long_text(handle, i, len, mem, out->to);
	case DB_OUT_UUID:
		if (len != UUID_SIZE)
			return RC_FAULT;
		uuid_format(row->uuids[i], out->to);
		return RC_OK;
	case DB_OUT_TEXT:
		if (len >= out->cap)
			return RC_FAULT;
		((char *)out->to)[len] = '\0';
		return RC_OK;
	}
	return RC_FAULT;
}

enum rc
db_value_fetch(MYSQL_STMT *handle, const struct db_query *query,
    const struct db_out *out, struct pool *mem, unsigned *error)
{
	struct row row;
	int fetched;
	enum rc rc = RC_OK;

	bind_out(&row, query, out);
	*error = 0;
	if (mysql_stmt_bind_result(handle, row.binds) != 0 ||
	    mysql_stmt_store_result(handle) != 0) {
		*error = mysql_stmt_errno(handle);
		return RC_UNAVAILABLE;
	}
	fetched = mysql_stmt_fetch(handle);
	if (fetched == MYSQL_NO_DATA)
		return RC_NOT_FOUND;
	if (fetched != 0 && fetched != MYSQL_DATA_TRUNCATED)
		rc = RC_FAULT;
	for (unsigned i = 0; i < query->columns && rc == RC_OK; i++)
		rc = read_column(handle, i, &out[i], &row, mem);
	if (rc != RC_OK)
		log_error("db: %s: a column is not as in sql/schema.sql",
		    query->sql);
	return rc;
}
