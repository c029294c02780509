#ifndef LATCHKEY_USER_H
#define LATCHKEY_USER_H

#include <stdint.h>

#include "db.h"
#include "email.h"
#include "pool.h"
#include "rc.h"
#include "uuid.h"

/* The table users: every statement on it stands in user.c. */

enum {
	USER_PASSWORD_SIZE = 256
};

struct user {
	char id[UUID_TEXT_SIZE];
	char email[EMAIL_SIZE];
	char password[USER_PASSWORD_SIZE]; /* crypt(5) string */
	const char *sessions; /* the column refresh_token; NULL: none open */
	int64_t created_ms, updated_ms;
	int64_t verified; /* whether the address is proven to be theirs: 0, 1 */
};

/* Read one row.  RC_NOT_FOUND, RC_UNAVAILABLE, RC_FAULT. */
enum rc user_by_email(struct db *db, const char *email, struct pool *mem,
    struct user *out) MUST_CHECK;
enum rc user_by_id(struct db *db, const char *id, struct pool *mem,
    struct user *out) MUST_CHECK;

/*
 * The guard's look at the row, and no more than it needs: the password is
 * left empty, and ${out}->sessions is the object of the session ${session_id}
 * (a UUID) alone, for session_parse(), or NULL: there is no such session.
 */
enum rc user_by_session(struct db *db, const char *id, const char *session_id,
    struct pool *mem, struct user *out) MUST_CHECK;

/* A user with no session and a fresh ID, in no row yet.  RC_FAULT: randomness.
 */
enum rc user_new(const char *email, const char *password, int64_t now_ms,
    struct user *out) MUST_CHECK;

/* Add its row.  RC_EXISTS: the e-mail address is taken. */
enum rc user_insert(struct db *db, const struct user *user,
    struct pool *mem) MUST_CHECK;

/*
 * Compare and set: where password and sessions still are as in ${user}, make
 * them ${password} and ${sessions}, in the row and in ${user}.  RC_CONFLICT:
 * they are not; nothing was changed.
 */
enum rc user_update(struct db *db, struct user *user, const char *password,
    const char *sessions, int64_t now_ms, struct pool *mem) MUST_CHECK;

/*
 * The address ${email} is proven to be that of the user ${id}: it becomes
 * theirs, where it is not yet, and verified.  RC_EXISTS: it is another's.
 * RC_NOT_FOUND: the user is gone.
 */
enum rc user_verify_email(struct db *db, const char *id, const char *email,
    int64_t now_ms) MUST_CHECK;

/*
 * Delete the row where its password still is as in ${user}; RC_CONFLICT: it
 * is not.  That the row is gone already is RC_OK.
 */
enum rc user_delete(struct db *db, const struct user *user,
    struct pool *mem) MUST_CHECK;

#endif
