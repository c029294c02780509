#include "code.h"

#include <ctype.h>
#include <string.h>

#include "digest.h"
#include "log.h"
#include "random.h"

/* Crockford's base 32: no I, L, O or U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const struct db_query upsert = {
	.sql = "INSERT INTO codes (user_id, purpose, email, language,"
	       " expires_at, mail_at) VALUES (?, ?, ?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE email = VALUES(email),"
	       " language = VALUES(language), hash = NULL, tries = 0,"
	       " expires_at = VALUES(expires_at), mail_at = VALUES(mail_at)",
	.params = 6,
	.repeatable = true,
};

/* Before the code is looked at, so that racers count as well. */
static const struct db_query count_try = {
	.sql = "UPDATE codes SET tries = tries + 1 WHERE email = ?"
	       " AND purpose = ? AND tries < ? AND expires_at > ?",
	.params = 4,
	.repeatable = true,
};

static const struct db_query select_match = {
	.sql = "SELECT user_id FROM codes WHERE email = ? AND purpose = ?"
	       " AND hash = ? AND expires_at > ?",
	.params = 4,
	.columns = 1,
	.repeatable = true,
};

/* Not to be sent twice: who finds nothing to delete has not spent it. */
static const struct db_query spend = {
	.sql = "DELETE FROM codes WHERE user_id = ? AND purpose = ?"
	       " AND hash = ?",
	.params = 3,
};

static const struct db_query cancel = {
	.sql = "DELETE FROM codes WHERE user_id = ? AND purpose = ?",
	.params = 2,
	.repeatable = true,
};

static const struct db_query select_due = {
	.sql = "SELECT user_id, purpose, email, language, expires_at, mail_at"
	       " FROM codes WHERE mail_at <= ? ORDER BY mail_at LIMIT 1",
	.params = 1,
	.columns = 6,
	.repeatable = true,
};

static const struct db_query take = {
	.sql = "UPDATE codes SET hash = ?, tries = 0, mail_at = ?"
	       " WHERE user_id = ? AND purpose = ? AND mail_at = ?",
	.params = 5,
};

static const struct db_query settle = {
	.sql = "UPDATE codes SET mail_at = NULL WHERE user_id = ?"
	       " AND purpose = ? AND mail_at = ?",
	.params = 3,
	.repeatable = true,
};

static const struct db_query drop = {
	.sql = "DELETE FROM codes WHERE user_id = ? AND purpose = ?"
	       " AND mail_at = ?",
	.params = 3,
	.repeatable = true,
};

static const struct db_query sweep = {
	.sql = "DELETE FROM codes WHERE expires_at < ? AND mail_at IS NULL"
	       " ORDER BY expires_at LIMIT 10",
	.params = 1,
	.repeatable = true,
};

/* --- Text and hash --- */

static enum rc
make_text(char out[CODE_TEXT_SIZE])
{
	unsigned char bytes[CODE_LENGTH];
	enum rc rc = random_bytes(bytes, sizeof(bytes));
	char *c = out;

	for (size_t i = 0; i < CODE_LENGTH && rc == RC_OK; i++) {
		if (i == CODE_LENGTH / 2)
			*c++ = '-';
		*c++ = alphabet[bytes[i] % 32];
	}
	*c = '\0';
	explicit_bzero(bytes, sizeof(bytes));
	return rc;
}

/*
 * As people type it: any case, blanks and hyphens anywhere, and the letters
 * that the alphabet leaves out read as what they look like.
 */
static bool
normalize(const char *text, char out[CODE_LENGTH + 1])
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		char c = (char)toupper((unsigned char)*text);

		if (c == ' ' || c == '-')
			continue;
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (strchr(alphabet, c) == NULL || len == CODE_LENGTH)
			return false;
		out[len++] = c;
	}
	out[len] = '\0';
	return len == CODE_LENGTH;
}

/*
 * 40 bits are soon tried out, so the hash has a key, which the database does
 * not know; and it is of one address and purpose.
 */
static enum rc
hash_code(const struct config *config, const char *email, const char *purpose,
    const char *text, struct pool *mem, char out[DIGEST_HEX_SIZE])
{
	const struct config_secret *secret = &config->refresh_token_secret;
	unsigned char hash[DIGEST_SIZE];
	char plain[CODE_LENGTH + 1];
	const char *all;
	enum rc rc = RC_FAULT;

	if (!normalize(text, plain))
		return RC_CODE_WRONG;
	all = pool_printf(mem, "%s\n%s\n%s", purpose, email, plain);
	if (all != NULL)
		rc = digest_sub_hmac(secret->bytes, secret->len,
		    "latchkey code 1", all, hash);
	if (rc == RC_OK)
		digest_hex(hash, sizeof(hash), out);
	explicit_bzero(plain, sizeof(plain));
	return rc;
}

static bool
has_code(const char *purpose)
{
	return strcmp(purpose, CODE_RESET) == 0 ||
	       strcmp(purpose, CODE_VERIFY) == 0 ||
	       strcmp(purpose, CODE_CHANGE_EMAIL) == 0;
}

static int64_t
life_s(const char *purpose)
{
	if (strcmp(purpose, CODE_RESET) == 0 ||
	    strcmp(purpose, CODE_NOBODY) == 0)
		return CODE_RESET_S;
	return has_code(purpose) ? CODE_VERIFY_S : CODE_NOTICE_S;
}

/* --- Asking for a mail --- */

/* The first language that the browser asks for: "de" of "de-AT,en;q=0.8". */
static const char *
language_of(const struct request *rq)
{
	const char *header = request_header(rq, "HTTP_ACCEPT_LANGUAGE");
	size_t len = 0;
	char *out;

	while (header != NULL && isalpha((unsigned char)header[len]))
		len++;
	if (len < 2 || len >= CODE_LANGUAGE_SIZE)
		return "en";
	out = pool_copy(rq->pool, header, len);
	for (char *c = out; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

enum rc
code_request(struct request *rq, const char *user_id, const char *purpose,
    const char *email)
{
	const struct db_in in[] = {
		db_uuid(user_id),
		db_text(purpose),
		db_text(email),
		db_text(language_of(rq)),
		db_time(rq->now_ms + life_s(purpose) * 1000),
		db_time(rq->now_ms),
	};
	struct db_change change;

	if (!config_mail_is_on(rq->config))
		return RC_OK;
	rq->mail_is_due = true;
	return db_change(rq->db, &upsert, in, &change);
}

enum rc
code_request_nobody(struct request *rq, const char *email)
{
	const struct config_secret *secret = &rq->config->refresh_token_secret;
	unsigned char hash[DIGEST_SIZE];
	char id[UUID_TEXT_SIZE];
	/* An ID of its own, so that asking again meets the same row again. */
	enum rc rc = digest_sub_hmac(secret->bytes, secret->len,
	    "latchkey nobody 1", email, hash);

	if (rc != RC_OK)
		return rc;
	uuid_format(hash, id);
	return code_request(rq, id, CODE_NOBODY, email);
}

enum rc
code_cancel_change(struct request *rq, const char *user_id)
{
	const struct db_in in[] = { db_uuid(user_id),
		db_text(CODE_CHANGE_EMAIL) };
	struct db_change change;

	if (!config_mail_is_on(rq->config))
		return RC_OK;
	return db_change(rq->db, &cancel, in, &change);
}

void
code_password_changed(struct request *rq, const struct user *user)
{
	enum rc rc = code_cancel_change(rq, user->id);

	if (rc == RC_OK)
		rc = code_request(rq, user->id, CODE_PASSWORD_CHANGED,
		    user->email);
	if (rc != RC_OK)
		log_error("mail: user %s is not told of the new password",
		    user->id);
}

/* --- Spending a code --- */

static enum rc
find(struct request *rq, const char *email, const char *purpose,
    const char *hash, char user_id[UUID_TEXT_SIZE])
{
	const struct db_in try[] = { db_text(email), db_text(purpose),
		db_number(CODE_TRIES_MAX), db_time(rq->now_ms) };
	const struct db_in key[] = { db_text(email), db_text(purpose),
		db_text(hash), db_time(rq->now_ms) };
	const struct db_out out = db_out_uuid(user_id);
	struct db_change change;
	enum rc rc = db_change(rq->db, &count_try, try, &change);

	if (rc == RC_OK && change.rows == 0)
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = db_select(rq->db, &select_match, key, &out, rq->pool);
	return rc == RC_NOT_FOUND ? RC_CODE_WRONG : rc;
}

enum rc
code_spend(struct request *rq, const char *email, const char *purpose,
    const char *text, char user_id[UUID_TEXT_SIZE])
{
	char hash[DIGEST_HEX_SIZE];
	struct db_change change;
	enum rc rc = hash_code(rq->config, email, purpose, text, rq->pool,
	    hash);

	if (rc == RC_OK)
		rc = find(rq, email, purpose, hash, user_id);
	if (rc == RC_OK) {
		const struct db_in in[] = { db_uuid(user_id), db_text(purpose),
			db_text(hash) };

		rc = db_change(rq->db, &spend, in, &change);
	}
	return rc == RC_OK && change.rows == 0 ? RC_CODE_WRONG : rc;
}

/* --- The mailer's side --- */

static enum rc
find_due(struct db *db, int64_t now_ms, struct pool *mem, struct code_mail *out)
{
	const struct db_in now = db_time(now_ms);
	const struct db_out columns[] = {
		db_out_uuid(out->user_id),
		db_out_text(out->purpose, sizeof(out->purpose)),
		db_out_text(out->email, sizeof(out->email)),
		db_out_text(out->language, sizeof(out->language)),
		db_out_time(&out->expires_ms),
		db_out_time(&out->mail_ms),
	};

	return db_select(db, &select_due, &now, columns, mem);
}

enum rc
code_take_mail(struct db *db, const struct config *config, int64_t now_ms,
    int64_t lease_ms, struct pool *mem, struct code_mail *out)
{
	char hash[DIGEST_HEX_SIZE];
	const char *stored = NULL;
	struct db_change change;
	enum rc rc = find_due(db, now_ms, mem, out);

	out->text[0] = '\0';
	if (rc == RC_OK && has_code(out->purpose)) {
		stored = hash;
		rc = make_text(out->text);
		if (rc == RC_OK)
			rc = hash_code(config, out->email, out->purpose,
			    out->text, mem, hash);
	}
	if (rc == RC_OK) {
		const struct db_in in[] = { db_text(stored), db_time(lease_ms),
			db_uuid(out->user_id), db_text(out->purpose),
			db_time(out->mail_ms) };

		rc = db_change(db, &take, in, &change);
	}
	if (rc == RC_OK && change.rows == 0)
		rc = RC_CONFLICT;
	out->mail_ms = lease_ms;
	return rc;
}

enum rc
code_settle_mail(struct db *db, const struct code_mail *mail, bool keep)
{
	const struct db_in in[] = { db_uuid(mail->user_id),
		db_text(mail->purpose), db_time(mail->mail_ms) };
	struct db_change change;

	return db_change(db, keep && *mail->text != '\0' ? &settle : &drop, in,
	    &change);
}

enum rc
code_sweep(struct db *db, int64_t now_ms)
{
	const struct db_in now = db_time(now_ms);
	struct db_change change;

	return db_change(db, &sweep, &now, &change);
}
