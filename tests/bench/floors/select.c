/*
 * One prepared SELECT on the primary key, of the columns that "me" needs, and
 * an answer like that of "me"; or, asked as an authorizer, like that of the
 * guard.
 */
#include "floor.h"

#include <stdio.h>
#include <string.h>

static struct floor_user user;
static unsigned char id[FLOOR_ID_SIZE];
static MYSQL_STMT *by_id;

static void
admit(FCGX_Request *rq)
{
	char head[512], uuid[FLOOR_UUID_SIZE];

	floor_print_id(user.id, uuid);
	snprintf(head, sizeof(head),
	    "Status: 200 OK\r\nVariable-AUTH_USER_ID: %s\r\n"
	    "Variable-AUTH_EMAIL: %.*s\r\n\r\n",
	    uuid, (int)user.email_len, user.email);
	FCGX_PutS(head, rq->out);
}

static void
answer(FCGX_Request *rq)
{
	const char *role = FCGX_GetParam("FCGI_ROLE", rq->envp);
	char body[FLOOR_ANSWER_SIZE];

	if (!floor_user_id(FCGX_GetParam("HTTP_COOKIE", rq->envp), id) ||
	    !floor_read(by_id)) {
		floor_answer(rq, "401 Unauthorized", "", FLOOR_JSON, "{}");
	} else if (role != NULL && strcmp(role, "AUTHORIZER") == 0) {
		admit(rq);
	} else {
		floor_print_user(&user, body, sizeof(body));
		floor_answer(rq, "200 OK", "", FLOOR_JSON, body);
	}
}

int
main(void)
{
	MYSQL_BIND params[1], columns[FLOOR_COLUMN_COUNT + 1];

	floor_start();
	floor_bind(&params[0], MYSQL_TYPE_BLOB, id, sizeof(id), NULL);
	floor_bind_user(&user, columns);
	by_id = floor_prepare(floor_connect(),
	    "SELECT " FLOOR_COLUMNS " FROM floor_users WHERE id = ?", params,
	    columns);
	floor_serve(answer);
	return 0;
}
