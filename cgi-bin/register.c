/* POST /api/v1/users/register {email, password} */
#include "endpoint.h"
#include "log.h"
#include "password.h"
#include "reply.h"
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
		rc = password_check(*password, rq->config->password_min_length);
	return rc;
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

static enum rc
sign_up(struct request *rq, struct response *rs)
{
	char email[EMAIL_SIZE], hash[PASSWORD_HASH_SIZE];
	const char *password;
	struct user user;
	enum rc rc = read_fields(rq, email, &password);

	if (rc == RC_OK)
		rc = check_is_free(rq, email);
	if (rc == RC_OK)
		rc = password_hash(password, rq->config->bcrypt_cost, hash);
	if (rc == RC_OK)
		rc = user_create(rq->db, email, hash, rq->now_ms, rq->pool,
		    &user);
	if (rc == RC_OK) {
		log_event("registered", &(struct log_who){ .user_id = user.id,
					    .client_ip = rq->client_ip });
		reply_user(rs, &user);
	}
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "register",
	    .routes = { { "POST", sign_up, answers } },
	    .fields = { "email", "password" },
	});
}
