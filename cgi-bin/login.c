/* POST /api/v1/users/login {email, password} */
#include <string.h>

#include "credentials.h"
#include "endpoint.h"
#include "log.h"
#include "password.h"
#include "reply.h"
#include "signin.h"
#include "user.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Logged in successfully", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email and password are required", ANSWER_PLAIN },
	[RC_DENIED_HIDDEN] = { 401, "Incorrect email or password",
	    ANSWER_PLAIN },
};

/* The row, if the password is right; user.id is "" where there is none. */
static enum rc
check_password(struct request *rq, const char *email, const char *password,
    struct user *user, char device[DEVICE_ID_SIZE])
{
	enum rc rc = user_by_email(rq->db, email, rq->pool, user);

	if (rc == RC_OK)
		return credentials_check(rq, user, password, device);
	user->id[0] = '\0';
	if (rc == RC_NOT_FOUND)
		rc = credentials_refuse(rq, email, password);
	return rc;
}

/* The hash to store: the old one, or a new one of the cost that is wanted. */
static enum rc
renew_hash(const struct request *rq, const char *password,
    const struct user *user, char out[USER_PASSWORD_SIZE])
{
	int64_t cost = rq->config->bcrypt_cost;

	memcpy(out, user->password, USER_PASSWORD_SIZE);
	if (!password_needs_rehash(user->password, cost))
		return RC_OK;
	return password_hash(password, cost, out);
}

static enum rc
sign_in_once(struct request *rq, const char *email, const char *password,
    struct user *user, char device[DEVICE_ID_SIZE], struct tokens *tokens)
{
	char hash[USER_PASSWORD_SIZE];
	enum rc rc = check_password(rq, email, password, user, device);

	if (rc == RC_OK && config_mail_is_on(rq->config) &&
	    rq->config->require_verified_email && !user->verified)
		rc = RC_UNVERIFIED;
	if (rc == RC_OK)
		rc = renew_hash(rq, password, user, hash);
	if (rc == RC_OK)
		rc = signin_open(rq, user, hash, tokens);
	return rc;
}

static enum rc
refuse(const struct request *rq, const struct user *user, enum rc rc)
{
	if (rc != RC_NOT_FOUND && rc != RC_DENIED)
		return rc;
	log_event("login_failed", &(struct log_who){ .user_id = user->id,
				      .client_ip = rq->client_ip });
	return rq->config->hide_accounts ? RC_DENIED_HIDDEN : rc;
}

static enum rc
sign_in(struct request *rq, struct response *rs)
{
	const char *given = request_text(rq, "email");
	const char *password = request_text(rq, "password");
	char email[EMAIL_SIZE], device[DEVICE_ID_SIZE];
	struct user user;
	struct tokens tokens;
	enum rc rc = RC_CONFLICT;

	if (given == NULL || password == NULL)
		return RC_MISSING;
	if (email_normalize(given, email) != RC_OK)
		return RC_EMAIL_INVALID;
	/* The password may be changed between looking at it and signing in. */
	for (int tries = 0; rc == RC_CONFLICT && tries < 2; tries++)
		rc = sign_in_once(rq, email, password, &user, device, &tokens);
	if (rc != RC_OK)
		return refuse(rq, &user, rc);
	reply_user(rs, rq, &user);
	reply_tokens(rs, rq, &tokens);
	return device_remember(rq, rs, &user, device);
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "login",
	    .hashes_passwords = true,
	    .routes = { { "POST", sign_in, answers } },
	    .fields = { "email", "password" },
	});
}
