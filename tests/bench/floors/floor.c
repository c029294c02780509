#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workers.h"

void
floor_start(void)
{
	if (!workers_start(workers_wanted()))
		exit(0);
}

void
floor_serve(void (*answer)(FCGX_Request *rq))
{
	FCGX_Request rq;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&rq, 0, 0) != 0)
		exit(1);
	while (FCGX_Accept_r(&rq) == 0) {
		answer(&rq);
		FCGX_Finish_r(&rq);
	}
}

MYSQL *
floor_connect(void)
{
	MYSQL *db = mysql_init(NULL);

	if (db == NULL || mysql_real_connect(db, NULL, getenv("DB_USER"),
			      getenv("DB_PASSWORD"), getenv("DB_NAME"), 0,
			      getenv("DB_SOCKET"), CLIENT_FOUND_ROWS) == NULL) {
		fprintf(stderr, "floor: no database: %s\n", mysql_error(db));
		exit(1);
	}
	return db;
}

MYSQL_STMT *
floor_prepare(MYSQL *db, const char *sql, MYSQL_BIND *params,
    MYSQL_BIND *columns)
{
	MYSQL_STMT *st = mysql_stmt_init(db);

	if (st == NULL || mysql_stmt_prepare(st, sql, strlen(sql)) != 0 ||
	    mysql_stmt_bind_param(st, params) != 0 ||
	    (columns != NULL && mysql_stmt_bind_result(st, columns) != 0)) {
		fprintf(stderr, "floor: %s: %s\n", sql, mysql_error(db));
		exit(1);
	}
	return st;
}

void
floor_bind(MYSQL_BIND *bind, enum enum_field_types type, void *buffer,
    unsigned long size, unsigned long *len)
{
	*bind = (MYSQL_BIND){ .buffer_type = type,
		.buffer = buffer,
		.buffer_length = size,
		.length = len };
}

void
floor_bind_user(struct floor_user *user,
    MYSQL_BIND columns[FLOOR_COLUMN_COUNT + 1])
{
	floor_bind(&columns[0], MYSQL_TYPE_BLOB, user->id, sizeof(user->id),
	    NULL);
	floor_bind(&columns[1], MYSQL_TYPE_STRING, user->email,
	    sizeof(user->email), &user->email_len);
	floor_bind(&columns[2], MYSQL_TYPE_BLOB, user->sessions,
	    sizeof(user->sessions), &user->sessions_len);
	floor_bind(&columns[3], MYSQL_TYPE_DATETIME, &user->created, 0, NULL);
	floor_bind(&columns[4], MYSQL_TYPE_DATETIME, &user->updated, 0, NULL);
	floor_bind(&columns[5], MYSQL_TYPE_TINY, &user->verified, 0, NULL);
	floor_bind(&columns[FLOOR_PASSWORD_COLUMN], MYSQL_TYPE_STRING,
	    user->password, sizeof(user->password), &user->password_len);
}

bool
floor_read(MYSQL_STMT *st)
{
	bool found = mysql_stmt_execute(st) == 0 && mysql_stmt_fetch(st) == 0;

	mysql_stmt_free_result(st);
	return found;
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
floor_user_id(const char *cookies, unsigned char id[FLOOR_ID_SIZE])
{
	const char *c = cookies != NULL ? strstr(cookies, "id=") : NULL;

	if (c == NULL)
		return false;
	c += 3;
	for (int i = 0; i < FLOOR_ID_SIZE; i++) {
		if (*c == '-')
			c++;
		if (nibble(c[0]) < 0 || nibble(c[1]) < 0)
			return false;
		id[i] = (unsigned char)(nibble(c[0]) << 4 | nibble(c[1]));
		c += 2;
	}
	return true;
}

void
floor_print_id(const unsigned char id[FLOOR_ID_SIZE], char out[FLOOR_UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < FLOOR_ID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[id[i] >> 4];
		*out++ = digits[id[i] & 15];
	}
	*out = '\0';
}

static void
print_time(const MYSQL_TIME *time, char out[32])
{
	snprintf(out, 32, "%04u-%02u-%02uT%02u:%02u:%02u.%03luZ",
	    time->year % 10000, time->month % 100, time->day % 100,
	    time->hour % 100, time->minute % 100, time->second % 100,
	    time->second_part / 1000 % 1000);
}

void
floor_print_user(const struct floor_user *user, char *out, size_t cap)
{
	char uuid[FLOOR_UUID_SIZE], created[32], updated[32];

	floor_print_id(user->id, uuid);
	print_time(&user->created, created);
	print_time(&user->updated, updated);
	snprintf(out, cap,
	    "{\"user\":{\"_id\":\"%s\",\"email\":\"%.*s\",\"createdAt\":\"%s\","
	    "\"updatedAt\":\"%s\"}}",
	    uuid, (int)user->email_len, user->email, created, updated);
}

void
floor_answer(FCGX_Request *rq, const char *status, const char *headers,
    const char *type, const char *body)
{
	char head[1024];

	snprintf(head, sizeof(head),
	    "Status: %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "Vary: Origin\r\n",
	    status, type, strlen(body));
	FCGX_PutS(head, rq->out);
	FCGX_PutS(headers, rq->out);
	FCGX_PutS("\r\n", rq->out);
	FCGX_PutS(body, rq->out);
}
