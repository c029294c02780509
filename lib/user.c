#include "user.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct db_query select_by_email = {
	.sql = "SELECT id, email, password, refresh_token, created_at,"
	       " updated_at, email_verified FROM users WHERE email = ?",
	.params = 1,
	.columns = 7,
	.repeatable = true,
};

static const struct db_query select_by_id = {
	.sql = "SELECT id, email, password, refresh_token, created_at,"
	       " updated_at, email_verified FROM users WHERE id = ?",
	.params = 1,
	.columns = 7,
	.repeatable = true,
};

static const struct db_query select_by_session = {
	.sql = "SELECT id, email, JSON_EXTRACT(refresh_token, ?), created_at,"
	       " updated_at, email_verified FROM users WHERE id = ?",
	.params = 2,
	.columns = 6,
	.repeatable = true,
};

/* Sent twice it meets its own row, and user_insert() finds that out. */
static const struct db_query insert = {
	.sql = "INSERT INTO users (id, email, password, created_at,"
	       " updated_at) VALUES (?, ?, ?, ?, ?)",
	.params = 5,
	.repeatable = true,
};

/* Late or twice, the compare finds nothing more to set. */
static const struct db_query update = {
	.sql = "UPDATE users SET password = ?, refresh_token = ?,"
	       " updated_at = ? WHERE id = ? AND password = ?"
	       " AND refresh_token <=> ?",
	.params = 6,
	.repeatable = true,
};

static const struct db_query verify_email = {
	.sql = "UPDATE users SET email = ?, email_verified = 1, updated_at = ?"
	       " WHERE id = ?",
	.params = 3,
	.repeatable = true,
};

static const struct db_query delete = {
	.sql = "DELETE FROM users WHERE id = ? AND password = ?",
	.params = 2,
	.repeatable = true,
};

static enum rc
select_user(struct db *db, const struct db_query *query, struct db_in key,
    struct pool *mem, struct user *out)
{
	const struct db_out columns[] = {
		db_out_uuid(out->id),
		db_out_text(out->email, sizeof(out->email)),
		db_out_text(out->password, sizeof(out->password)),
		db_out_long_text(&out->sessions),
		db_out_time(&out->created_ms),
		db_out_time(&out->updated_ms),
		db_out_number(&out->verified),
	};

	return db_select(db, query, &key, columns, mem);
}

enum rc
user_by_email(struct db *db, const char *email, struct pool *mem,
    struct user *out)
{
	return select_user(db, &select_by_email, db_text(email), mem, out);
}

enum rc
user_by_id(struct db *db, const char *id, struct pool *mem, struct user *out)
{
	return select_user(db, &select_by_id, db_uuid(id), mem, out);
}

enum rc
user_by_session(struct db *db, const char *id, const char *session_id,
    struct pool *mem, struct user *out)
{
	const char *path = pool_printf(mem, "$.\"%s\"", session_id);
	const struct db_in in[] = { db_text(path), db_uuid(id) };
	const struct db_out columns[] = {
		db_out_uuid(out->id),
		db_out_text(out->email, sizeof(out->email)),
		db_out_long_text(&out->sessions),
		db_out_time(&out->created_ms),
		db_out_time(&out->updated_ms),
		db_out_number(&out->verified),
	};

	if (path == NULL)
		return RC_FAULT;
	out->password[0] = '\0';
	return db_select(db, &select_by_session, in, columns, mem);
}

enum rc
user_new(const char *email, const char *password, int64_t now_ms,
    struct user *out)
{
	snprintf(out->email, sizeof(out->email), "%s", email);
	snprintf(out->password, sizeof(out->password), "%s", password);
	out->sessions = NULL;
	out->created_ms = out->updated_ms = now_ms;
	out->verified = false;
	return uuid_new(now_ms, out->id);
}

enum rc
user_insert(struct db *db, const struct user *user, struct pool *mem)
{
	const struct db_in in[] = {
		db_uuid(user->id),
		db_text(user->email),
		db_text(user->password),
		db_time(user->created_ms),
		db_time(user->updated_ms),
	};
	struct db_change change;
	struct user found;
	enum rc rc = db_change(db, &insert, in, &change);

	if (rc == RC_EXISTS && change.unsure) {
		/* Perhaps by the sending that no answer came to. */
		rc = user_by_id(db, user->id, mem, &found);
		if (rc == RC_NOT_FOUND)
			rc = RC_EXISTS;
	}
	return rc;
}

static bool
texts_are_equal(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* No row was found: is that because an earlier sending has done it? */
static enum rc
confirm_update(struct db *db, const struct user *user, const char *password,
    const char *sessions, struct pool *mem)
{
	struct user found;
	enum rc rc = user_by_id(db, user->id, mem, &found);

	if (rc != RC_OK)
		return rc;
	return texts_are_equal(found.password, password) &&
		       texts_are_equal(found.sessions, sessions)
		   ? RC_OK
		   : RC_CONFLICT;
}

static enum rc
send_update(struct db *db, const struct user *user, const char *password,
    const char *sessions, int64_t now_ms, struct db_change *change)
{
	const struct db_in in[] = {
		db_text(password),
		db_text(sessions),
		db_time(now_ms),
		db_uuid(user->id),
		db_text(user->password),
		db_text(user->sessions),
	};

	return db_change(db, &update, in, change);
}

enum rc
user_update(struct db *db, struct user *user, const char *password,
    const char *sessions, int64_t now_ms, struct pool *mem)
{
	struct db_change change;
	enum rc rc = send_update(db, user, password, sessions, now_ms, &change);

	if (rc == RC_OK && change.rows == 0)
		rc = change.unsure
			 ? confirm_update(db, user, password, sessions, mem)
			 : RC_CONFLICT;
	if (rc == RC_OK) {
		memmove(user->password, password, strlen(password) + 1);
		user->sessions = sessions;
		user->updated_ms = now_ms;
	}
	return rc;
}

enum rc
user_verify_email(struct db *db, const char *id, const char *email,
    int64_t now_ms)
{
	const struct db_in in[] = { db_text(email), db_time(now_ms),
		db_uuid(id) };
	struct db_change change;
	enum rc rc = db_change(db, &verify_email, in, &change);

	return rc == RC_OK && change.rows == 0 ? RC_NOT_FOUND : rc;
}

enum rc
user_delete(struct db *db, const struct user *user, struct pool *mem)
{
	const struct db_in in[] = { db_uuid(user->id),
		db_text(user->password) };
	struct db_change change;
	struct user found;
	enum rc rc = db_change(db, &delete, in, &change);

	if (rc != RC_OK || change.rows > 0)
		return rc;
	rc = user_by_id(db, user->id, mem, &found);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	return rc == RC_OK ? RC_CONFLICT : rc;
}
