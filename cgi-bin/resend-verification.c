/* POST /api/v1/users/resend-verification {email}: another code */
#include "code.h"
#include "endpoint.h"
#include "throttle.h"
#include "user.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "If the account exists, an e-mail has been sent",
	    ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email required", ANSWER_PLAIN },
};

/* The same statements whether or not there is something to verify. */
static enum rc
request_code(struct request *rq, const char *email)
{
	struct user user;
	enum rc rc = throttle_attempt(rq, THROTTLE_RESEND, email, "");

	if (rc == RC_OK)
		rc = user_by_email(rq->db, email, rq->pool, &user);
	if (rc == RC_OK && !user.verified)
		return code_request(rq, user.id, CODE_VERIFY, email);
	return rc == RC_OK || rc == RC_NOT_FOUND
		   ? code_request_nobody(rq, email)
		   : rc;
}

static enum rc
resend_verification(struct request *rq, struct response *rs)
{
	const char *given = request_text(rq, "email");
	char email[EMAIL_SIZE];

	(void)rs;
	if (!config_mail_is_on(rq->config))
		return RC_NO_MAIL;
	if (given == NULL)
		return RC_MISSING;
	if (email_normalize(given, email) != RC_OK)
		return RC_EMAIL_INVALID;
	return request_code(rq, email);
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "resend-verification",
	    .routes = { { "POST", resend_verification, answers } },
	    .fields = { "email" },
	});
}
