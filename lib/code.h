#ifndef LATCHKEY_CODE_H
#define LATCHKEY_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "email.h"
#include "rc.h"
#include "request.h"
#include "user.h"
#include "uuid.h"

/*
 * Codes that prove whose a mailbox is, and the mails that bring them: the
 * table codes has one row for each user and purpose, so the newest is the only
 * one.  A request puts a row there; the mailer makes the code when it sends
 * the mail, and the row keeps a keyed hash of it.  So a dump of the database
 * holds no code, and a mail that could not be sent is made again, with another.
 */

enum {
	CODE_LENGTH = 8,		  /* characters, of 5 bits each */
	CODE_TEXT_SIZE = CODE_LENGTH + 2, /* "ABCD-EFGH" and a NUL */
	CODE_TRIES_MAX = 5,
	CODE_PURPOSE_SIZE = 21,
	CODE_LANGUAGE_SIZE = 9,
	CODE_RESET_S = 3600, /* how long each is good */
	CODE_VERIFY_S = 24 * 3600,
	CODE_NOTICE_S = 7 * 24 * 3600 /* a mail without one, to be sent */
};

/* What a mail is for: its template's name. */
#define CODE_RESET	      "reset"
#define CODE_VERIFY	      "verify"
#define CODE_CHANGE_EMAIL     "change-email"
#define CODE_PASSWORD_CHANGED "password-changed"
#define CODE_EMAIL_CHANGING   "email-changing"
#define CODE_EMAIL_CHANGED    "email-changed"
#define CODE_ACCOUNT_EXISTS   "account-exists"
#define CODE_NOBODY	      "nobody"

/*
 * Have a mail sent to ${email}, in the language that the request asks for,
 * once the answer is out.  An earlier code of the same user and purpose is
 * good no more.  Where mail is off nothing is done.  RC_UNAVAILABLE, RC_FAULT.
 */
enum rc code_request(struct request *rq, const char *user_id,
    const char *purpose, const char *email) MUST_CHECK;

/*
 * The same in cost, for an address that has no account: nothing is sent.
 */
enum rc code_request_nobody(struct request *rq, const char *email) MUST_CHECK;

/* Whoever wanted to change the user's address has to ask again. */
enum rc code_cancel_change(struct request *rq, const char *user_id) MUST_CHECK;

/*
 * The user has a new password, and that is done: tell them; a change of the
 * address that was asked for with the old one is cancelled.  Logged where it
 * cannot be.
 */
void code_password_changed(struct request *rq, const struct user *user);

/*
 * Spend the code ${text}, as somebody typed it, that was sent to ${email}: of
 * any number who try, one succeeds, and *user_id is its user.  RC_CODE_WRONG:
 * it is another one, or expired, spent, or tried CODE_TRIES_MAX times.
 */
enum rc code_spend(struct request *rq, const char *email, const char *purpose,
    const char *text, char user_id[UUID_TEXT_SIZE]) MUST_CHECK;

/* For the mailer. */

struct code_mail {
	char user_id[UUID_TEXT_SIZE];
	char purpose[CODE_PURPOSE_SIZE];
	char email[EMAIL_SIZE];
	char language[CODE_LANGUAGE_SIZE];
	char text[CODE_TEXT_SIZE]; /* the code, or "" */
	int64_t expires_ms, mail_ms;
};

/*
 * Take the mail that has waited longest; until ${lease_ms} it is nobody
 * else's.  RC_NOT_FOUND: none is due; RC_CONFLICT: somebody else took it.
 */
enum rc
code_take_mail(struct db *db, const struct config *config, int64_t now_ms,
    int64_t lease_ms, struct pool *mem, struct code_mail *out) MUST_CHECK;

/* It was sent, or never will be: do not take it again. */
enum rc code_settle_mail(struct db *db, const struct code_mail *mail,
    bool keep) MUST_CHECK;

/* Take out rows that have expired, a few at a time. */
enum rc code_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

#endif
