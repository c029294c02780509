/*
 * One prepared SELECT on the primary key and one prepared UPDATE that compares
 * and sets the document of the row, which is committed to the disk; then an
 * answer like that of "refresh-token", with two cookies.  The new document is
 * the old one with another hash in it; the tokens are numbers.
 */
#include "floor.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	ACCESS_TOKEN_LEN = 293, /* as long as real ones */
	REFRESH_TOKEN_LEN = 345,
	HASH_LEN = 64
};

static struct floor_user user;
static unsigned char id[FLOOR_ID_SIZE];
static char sessions[sizeof(user.sessions)]; /* the new ones, as long */
static MYSQL_TIME now;
static MYSQL_STMT *by_id, *update;

static void
set_time(void)
{
	struct timespec ts;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	now = (MYSQL_TIME){ .year = (unsigned)tm.tm_year + 1900,
		.month = (unsigned)tm.tm_mon + 1,
		.day = (unsigned)tm.tm_mday,
		.hour = (unsigned)tm.tm_hour,
		.minute = (unsigned)tm.tm_min,
		.second = (unsigned)tm.tm_sec,
		.second_part = (unsigned long)ts.tv_nsec / 1000,
		.time_type = MYSQL_TIMESTAMP_DATETIME };
}

/* A number that nobody had before; false: the document has no hash. */
static bool
renew(unsigned long long number)
{
	char hash[HASH_LEN + 1];
	char *place;

	memcpy(sessions, user.sessions, user.sessions_len);
	sessions[user.sessions_len] = '\0';
	place = strstr(sessions, "\"hash\":\"");
	if (place == NULL || strlen(place) < 8 + HASH_LEN)
		return false;
	snprintf(hash, sizeof(hash), "%0*llx", HASH_LEN, number);
	memcpy(place + 8, hash, HASH_LEN);
	return true;
}

static void
answer_tokens(FCGX_Request *rq, unsigned long long number)
{
	char head[FLOOR_ANSWER_SIZE], body[FLOOR_ANSWER_SIZE];

	snprintf(head, sizeof(head),
	    "Set-Cookie: accessToken=%0*llx; Path=/; Max-Age=900; HttpOnly; "
	    "Secure; SameSite=Lax\r\nSet-Cookie: refreshToken=%0*llx; "
	    "Path=/api/v1/users; Max-Age=1296000; HttpOnly; Secure; "
	    "SameSite=Lax\r\n",
	    ACCESS_TOKEN_LEN, number, REFRESH_TOKEN_LEN, number);
	snprintf(body, sizeof(body),
	    "{\"accessToken\":\"%0*llx\",\"refreshToken\":\"%0*llx\","
	    "\"message\":\"Access token refreshed\"}",
	    ACCESS_TOKEN_LEN, number, REFRESH_TOKEN_LEN, number);
	floor_answer(rq, "200 OK", head, FLOOR_JSON, body);
}

static void
answer(FCGX_Request *rq)
{
	unsigned long long number;

	set_time();
	number = (unsigned long long)time(NULL) * 1000000 + now.second_part;
	if (floor_user_id(FCGX_GetParam("HTTP_COOKIE", rq->envp), id) &&
	    floor_read(by_id) && renew(number) &&
	    mysql_stmt_execute(update) == 0 &&
	    mysql_stmt_affected_rows(update) == 1)
		answer_tokens(rq, number);
	else
		floor_answer(rq, "401 Unauthorized", "", FLOOR_JSON, "{}");
}

static void
prepare(MYSQL *db)
{
	MYSQL_BIND params[6], columns[FLOOR_COLUMN_COUNT + 1];

	floor_bind(&params[0], MYSQL_TYPE_BLOB, id, sizeof(id), NULL);
	floor_bind_user(&user, columns);
	by_id = floor_prepare(db,
	    "SELECT " FLOOR_COLUMNS ", password FROM floor_users WHERE id = ?",
	    params, columns);
	floor_bind(&params[0], MYSQL_TYPE_STRING, user.password, 0,
	    &user.password_len);
	floor_bind(&params[1], MYSQL_TYPE_STRING, sessions, 0,
	    &user.sessions_len);
	floor_bind(&params[2], MYSQL_TYPE_DATETIME, &now, 0, NULL);
	floor_bind(&params[3], MYSQL_TYPE_BLOB, id, sizeof(id), NULL);
	floor_bind(&params[4], MYSQL_TYPE_STRING, user.password, 0,
	    &user.password_len);
	floor_bind(&params[5], MYSQL_TYPE_STRING, user.sessions, 0,
	    &user.sessions_len);
	update = floor_prepare(db,
	    "UPDATE floor_users SET password = ?, refresh_token = ?,"
	    " updated_at = ? WHERE id = ? AND password = ?"
	    " AND refresh_token <=> ?",
	    params, NULL);
}

int
main(void)
{
	floor_start();
	prepare(floor_connect());
	floor_serve(answer);
	return 0;
}
