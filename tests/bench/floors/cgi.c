/*
 * Plain CGI: the start of a process that is linked with the same two libraries;
 * for "me", a connection and one SELECT as text; then the same answers as
 * fixed.c and select.c give.
 */
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
print(const char *status, const char *type, const char *body)
{
	printf("Status: %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	       "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	       "\r\n%s",
	    status, type, strlen(body), body);
}

static bool
read_time(const char *text, MYSQL_TIME *out)
{
	return sscanf(text, "%u-%u-%u %u:%u:%u.%lu", &out->year, &out->month,
		   &out->day, &out->hour, &out->minute, &out->second,
		   &out->second_part) == 7;
}

static bool
read_user(MYSQL_ROW row, struct floor_user *user)
{
	memcpy(user->id, row[0], sizeof(user->id));
	user->email_len = (unsigned long)snprintf(user->email,
	    sizeof(user->email), "%s", row[1]);
	if (!read_time(row[3], &user->created) ||
	    !read_time(row[4], &user->updated))
		return false;
	/* Of DATETIME(3), as text. */
	user->created.second_part *= 1000;
	user->updated.second_part *= 1000;
	return true;
}

static bool
select_user(const unsigned char id[FLOOR_ID_SIZE], struct floor_user *user)
{
	char sql[256], hex[2 * FLOOR_ID_SIZE + 1];
	MYSQL *db = floor_connect();
	MYSQL_RES *result = NULL;
	MYSQL_ROW row = NULL;
	bool found;

	mysql_hex_string(hex, (const char *)id, FLOOR_ID_SIZE);
	snprintf(sql, sizeof(sql),
	    "SELECT " FLOOR_COLUMNS " FROM floor_users WHERE id = x'%s'", hex);
	if (mysql_real_query(db, sql, strlen(sql)) == 0)
		result = mysql_store_result(db);
	if (result != NULL)
		row = mysql_fetch_row(result);
	found = row != NULL && read_user(row, user);
	if (result != NULL)
		mysql_free_result(result);
	mysql_close(db);
	return found;
}

int
main(void)
{
	const char *uri = getenv("REQUEST_URI");
	unsigned char id[FLOOR_ID_SIZE];
	static struct floor_user user;
	char body[FLOOR_ANSWER_SIZE];

	if (uri == NULL || strcmp(uri, "/") == 0) {
		print("200 OK", "text/html; charset=utf-8", "Hello World!");
	} else if (floor_user_id(getenv("HTTP_COOKIE"), id) &&
		   select_user(id, &user)) {
		floor_print_user(&user, body, sizeof(body));
		print("200 OK", FLOOR_JSON, body);
	} else {
		print("401 Unauthorized", FLOOR_JSON, "{}");
	}
	return 0;
}
