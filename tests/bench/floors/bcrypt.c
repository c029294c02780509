/*
 * One prepared SELECT of the whole row by its address and one crypt_rn() with
 * the hash in it, which is bcrypt of cost 10; for an address that there is not,
 * crypt_rn() with a salt of that cost, as signing up does.  Nothing is written:
 * a commit is less than a hundredth of that.
 */
#include "floor.h"

#include <crypt.h>
#include <stdio.h>
#include <string.h>

static const char salt[] = "$2b$10$abcdefghijklmnopqrstuu";

static struct floor_user user;
static char email[sizeof(user.email)];
static unsigned long email_len;
static MYSQL_STMT *by_email;
static struct crypt_data scratch;

/* The value of a member of a flat JSON object, where nothing is escaped. */
static bool
read_member(const char *json, const char *name, char *out, size_t cap)
{
	char quoted[32], format[32];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\"", name);
	at = strstr(json, quoted);
	if (at == NULL)
		return false;
	snprintf(format, sizeof(format), " : \"%%%zu[^\"]", cap - 1);
	return sscanf(at + strlen(quoted), format, out) == 1;
}

static void
hash(FCGX_Request *rq, const char *password)
{
	bool found = floor_read(by_email);
	char body[FLOOR_ANSWER_SIZE];
	const char *made;

	user.password[found ? user.password_len : 0] = '\0';
	made = crypt_rn(password, found ? user.password : salt, &scratch,
	    sizeof(scratch));
	if (made == NULL || (found && strcmp(made, user.password) != 0)) {
		floor_answer(rq, "401 Unauthorized", "", FLOOR_JSON, "{}");
		return;
	}
	if (found)
		floor_print_user(&user, body, sizeof(body));
	floor_answer(rq, found ? "200 OK" : "201 Created", "", FLOOR_JSON,
	    found ? body : "{\"message\":\"User created successfully\"}");
}

static void
answer(FCGX_Request *rq)
{
	char body[1024], password[128];
	int len = FCGX_GetStr(body, sizeof(body) - 1, rq->in);

	body[len > 0 ? len : 0] = '\0';
	if (read_member(body, "email", email, sizeof(email)) &&
	    read_member(body, "password", password, sizeof(password))) {
		email_len = strlen(email);
		hash(rq, password);
	} else {
		floor_answer(rq, "400 Bad Request", "", FLOOR_JSON, "{}");
	}
}

int
main(void)
{
	MYSQL_BIND params[1], columns[FLOOR_COLUMN_COUNT + 1];

	floor_start();
	floor_bind(&params[0], MYSQL_TYPE_STRING, email, 0, &email_len);
	floor_bind_user(&user, columns);
	by_email = floor_prepare(floor_connect(),
	    "SELECT " FLOOR_COLUMNS
	    ", password FROM floor_users WHERE email = ?",
	    params, columns);
	floor_serve(answer);
	return 0;
}
