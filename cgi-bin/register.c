/* POST /api/v1/users/register {email, password} */
#include "code.h"
#include "endpoint.h"
#include "log.h"
#include "password.h"
#include "reply.h"
#include "throttle.h"
#include "user.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 201, "User created successfully", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email and password required", ANSWER_PLAIN },
	[RC_EXISTS] = { 400, "User already exists", ANSWER_PLAIN },
};

static enum rc
read_fields(const struct request *rq, char email[EMAIL_SIZE],
    const char **password)
{
	const char *given = request_text(rq, "email");
	enum rc rc;

	*password = request_text(rq, "password");
	if (given == NULL || *password == NULL)
		return RC_MISSING;
	rc = email_normalize(given, email);
	if (rc == RC_OK)
		rc = password_check(*password, rq->config);
	return rc;
}

static bool
hides(const struct request *rq)
{
	return rq->config->hide_accounts && config_mail_is_on(rq->config);
}

/* Spare a taken address the hashing; the unique key decides all the same. */
static enum rc
check_is_free(struct request *rq, const char *email)
{
	struct user other;
	enum rc rc = user_by_email(rq->db, email, rq->pool, &other);

	if (rc == RC_NOT_FOUND)
		return RC_OK;
	return rc == RC_OK ? RC_EXISTS : rc;
}

/*
 * Hidden accounts: to who signs up with a taken address it looks as if there
 * was a new account.  Whose it is gets a mail.
 */
static enum rc
pretend(struct request *rq, const char *email, const char *hash,
    struct user *user)
{
	struct user owner;
	enum rc rc = user_by_email(rq->db, email, rq->pool, &owner);

	if (rc == RC_OK)
		rc = code_request(rq, owner.id, CODE_ACCOUNT_EXISTS, email);
	if (rc == RC_OK)
		rc = user_new(email, hash, rq->now_ms, user);
	return rc;
}

static enum rc
create(struct request *rq, const char *email, const char *hash,
    struct user *user)
{
	enum rc rc = user_new(email, hash, rq->now_ms, user);

	if (rc == RC_OK)
		rc = user_insert(rq->db, user, rq->pool);
	if (rc == RC_EXISTS && hides(rq))
		return pretend(rq, email, hash, user);
	if (rc != RC_OK)
		return rc;
	log_event("registered", &(struct log_who){ .user_id = user->id,
				    .client_ip = rq->client_ip });
	return code_request(rq, user->id, CODE_VERIFY, email);
}

static enum rc
sign_up(struct request *rq, struct response *rs)
{
	char email[EMAIL_SIZE], hash[PASSWORD_HASH_SIZE];
	const char *password;
	struct user user;
	enum rc rc = read_fields(rq, email, &password);

	if (rc == RC_OK)
		rc = throttle_attempt(rq, THROTTLE_REGISTER, email, "");
	if (rc == RC_OK && !hides(rq))
		rc = check_is_free(rq, email);
	if (rc == RC_OK)
		rc = password_hash(password, rq->config->bcrypt_cost, hash);
	if (rc == RC_OK)
		rc = create(rq, email, hash, &user);
	if (rc == RC_OK)
		reply_user(rs, rq, &user);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "register",
	    .hashes_passwords = true,
	    .routes = { { "POST", sign_up, answers } },
	    .fields = { "email", "password" },
	});
}
