/*
 * POST /api/v1/users/change-email {password, newEmail}, guarded: the new
 * address counts once the code that is sent there comes to verify-email
 */
#include <string.h>

#include "auth.h"
#include "code.h"
#include "credentials.h"
#include "endpoint.h"
#include "throttle.h"
#include "user.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "A code has been sent", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Password and new email required", ANSWER_PLAIN },
	[RC_EXISTS] = { 400, "User already exists", ANSWER_PLAIN },
};

/*
 * Hidden accounts: only who reads that mailbox is told that it is taken.  All
 * else is as if it was not: the older code is good no more, and there is a
 * notice.
 */
static enum rc
refuse_taken(struct request *rq, const struct user *user,
    const struct user *owner)
{
	enum rc rc = RC_EXISTS;

	if (rq->config->hide_accounts)
		rc = code_cancel_change(rq, user->id);
	if (rc == RC_OK)
		rc = code_request(rq, owner->id, CODE_ACCOUNT_EXISTS,
		    owner->email);
	return rc;
}

static enum rc
request_codes(struct request *rq, const struct user *user, const char *email)
{
	struct user owner;
	enum rc rc = user_by_email(rq->db, email, rq->pool, &owner);

	if (rc == RC_OK && strcmp(owner.id, user->id) != 0)
		rc = refuse_taken(rq, user, &owner);
	else if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = code_request(rq, user->id, CODE_CHANGE_EMAIL, email);
	if (rc == RC_OK)
		rc = code_request(rq, user->id, CODE_EMAIL_CHANGING,
		    user->email);
	return rc;
}

static enum rc
change_email(struct request *rq, struct response *rs)
{
	const char *password = request_text(rq, "password");
	const char *given = request_text(rq, "newEmail");
	char email[EMAIL_SIZE], device[DEVICE_ID_SIZE];
	struct auth auth;
	struct user user;
	enum rc rc = auth_user(rq, &auth);

	(void)rs;
	if (rc == RC_OK && !config_mail_is_on(rq->config))
		rc = RC_NO_MAIL;
	if (rc == RC_OK && (password == NULL || given == NULL))
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = email_normalize(given, email);
	if (rc == RC_OK)
		rc = user_by_id(rq->db, auth.user.id, rq->pool, &user);
	if (rc == RC_OK)
		rc = credentials_check(rq, &user, password, device);
	/* Or whoever signs up could have mails sent to anybody, without end. */
	if (rc == RC_OK)
		rc = throttle_attempt(rq, THROTTLE_RESEND, email, "");
	if (rc == RC_OK)
		rc = request_codes(rq, &user, email);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "change-email",
	    .hashes_passwords = true,
	    .routes = { { "POST", change_email, answers } },
	    .fields = { "password", "newEmail" },
	});
}
