/* POST /api/v1/users/reset-password {email, code, newPassword} */
#include <string.h>

#include "code.h"
#include "device.h"
#include "endpoint.h"
#include "password.h"
#include "signin.h"
#include "throttle.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Password has been reset", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email, code and new password required",
	    ANSWER_PLAIN },
	/* The account went, or got another address, after the mail. */
	[RC_NOT_FOUND] = { 401, "Code is incorrect or has expired",
	    ANSWER_PLAIN },
};

/* The hash is made before: a code must not be spent on what may fail. */
static enum rc
spend_code(struct request *rq, const char *email, const char *code,
    struct user *user)
{
	char id[UUID_TEXT_SIZE];
	enum rc rc = code_spend(rq, email, CODE_RESET, code, id);

	if (rc == RC_OK)
		rc = user_by_id(rq->db, id, rq->pool, user);
	if (rc == RC_OK && strcmp(user->email, email) != 0)
		rc = RC_CODE_WRONG;
	return rc;
}

/* The code came by mail to that address, so it is verified as well. */
static enum rc
set_password(struct request *rq, struct user *user, const char *hash)
{
	enum rc rc = RC_CONFLICT;

	for (int tries = 0; rc == RC_CONFLICT && tries < 2; tries++)
		rc = signin_change_password(rq, user, hash, NULL);
	if (rc == RC_OK)
		rc = user_verify_email(rq->db, user->id, user->email,
		    rq->now_ms);
	if (rc == RC_OK)
		code_password_changed(rq, user);
	return rc;
}

/* Who reads the owner's mail is the owner, whatever strangers are trying. */
static enum rc
reset(struct request *rq, struct response *rs, const char *email,
    const char *code, const char *password)
{
	char hash[PASSWORD_HASH_SIZE];
	struct user user;
	enum rc rc = throttle_attempt(rq, THROTTLE_RESET, email, "");

	if (rc == RC_OK)
		rc = password_hash(password, rq->config->bcrypt_cost, hash);
	if (rc == RC_OK)
		rc = spend_code(rq, email, code, &user);
	if (rc == RC_OK)
		rc = set_password(rq, &user, hash);
	if (rc == RC_OK)
		rc = throttle_forgive(rq, THROTTLE_RESET, email, "");
	if (rc == RC_OK)
		rc = device_remember(rq, rs, &user, "");
	return rc;
}

static enum rc
reset_password(struct request *rq, struct response *rs)
{
	const char *given = request_text(rq, "email");
	const char *code = request_text(rq, "code");
	const char *password = request_text(rq, "newPassword");
	char email[EMAIL_SIZE];
	enum rc rc;

	if (!config_mail_is_on(rq->config))
		return RC_NO_MAIL;
	if (given == NULL || code == NULL || password == NULL)
		return RC_MISSING;
	rc = email_normalize(given, email);
	if (rc == RC_OK)
		rc = password_check(password, rq->config);
	return rc == RC_OK ? reset(rq, rs, email, code, password) : rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "reset-password",
	    .hashes_passwords = true,
	    .routes = { { "POST", reset_password, answers } },
	    .fields = { "email", "code", "newPassword" },
	});
}
