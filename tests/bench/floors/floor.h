#ifndef LATCHKEY_FLOOR_H
#define LATCHKEY_FLOOR_H

#include <fcgiapp.h>
#include <mysql.h>
#include <stdbool.h>

/*
 * The floors: what libfcgi and Connector/C cost by themselves, for the same
 * answer.  Nothing is checked that a site has to check, no token is read: who
 * asks is in the cookie "id", which nobody else looks at.  An endpoint can
 * come near its floor; what it is slower is what signing in costs.
 */

enum {
	FLOOR_ID_SIZE = 16,
	FLOOR_UUID_SIZE = 37, /* as text */
	FLOOR_ANSWER_SIZE = 8192
};

/* One row, as the statements below fill it in. */
struct floor_user {
	unsigned char id[FLOOR_ID_SIZE];
	char email[255], password[256], sessions[16384];
	unsigned long email_len, password_len, sessions_len;
	MYSQL_TIME created, updated;
	signed char verified;
};

/* Up to here every program needs it; select and update leave password out. */
#define FLOOR_COLUMNS                                                          \
	"id, email, refresh_token, created_at, updated_at, email_verified"

enum {
	FLOOR_COLUMN_COUNT = 6,
	FLOOR_PASSWORD_COLUMN = FLOOR_COLUMN_COUNT, /* behind the others */
};

/* First of all: as many processes as ours are told to be, in the same way. */
void floor_start(void);

/* Answer every request; ${answer} writes status, headers and body. */
void floor_serve(void (*answer)(FCGX_Request *rq));

/* The process ends, and says why, when one of these cannot be done. */
MYSQL *floor_connect(void);
MYSQL_STMT *floor_prepare(MYSQL *db, const char *sql, MYSQL_BIND *params,
    MYSQL_BIND *columns);

void floor_bind_user(struct floor_user *user,
    MYSQL_BIND columns[FLOOR_COLUMN_COUNT + 1]);
void floor_bind(MYSQL_BIND *bind, enum enum_field_types type, void *buffer,
    unsigned long size, unsigned long *len);

/* Execute and read the one row into what is bound; false: there is none. */
bool floor_read(MYSQL_STMT *statement);

/* The 16 bytes of the UUID in the cookie "id"; false: there is none. */
bool floor_user_id(const char *cookies, unsigned char id[FLOOR_ID_SIZE]);

void floor_print_id(const unsigned char id[FLOOR_ID_SIZE],
    char out[FLOOR_UUID_SIZE]);

/* The body of the endpoint "me", and of every other that shows a user. */
void floor_print_user(const struct floor_user *user, char *out, size_t cap);

/* ${status} like "200 OK"; ${headers}: more lines with their ends, or "". */
void floor_answer(FCGX_Request *rq, const char *status, const char *headers,
    const char *type, const char *body);

#define FLOOR_JSON "application/json; charset=utf-8"

#endif
