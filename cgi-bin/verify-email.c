/*
 * POST /api/v1/users/verify-email {email, code}: the address of a new account,
 * or the new address of an old one
 */
#include <string.h>

#include "auth.h"
#include "code.h"
#include "endpoint.h"
#include "log.h"
#include "reply.h"
#include "signin.h"
#include "throttle.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Email verified", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email and code required", ANSWER_PLAIN },
	[RC_EXISTS] = { 400, "User already exists", ANSWER_PLAIN },
	/* The account went, or got another address, after the mail. */
	[RC_NOT_FOUND] = { 401, "Code is incorrect or has expired",
	    ANSWER_PLAIN },
};

static enum rc
spend_code(struct request *rq, const char *email, const char *code,
    struct user *user)
{
	char id[UUID_TEXT_SIZE];
	bool change = false;
	enum rc rc = code_spend(rq, email, CODE_VERIFY, code, id);

	if (rc == RC_CODE_WRONG) {
		change = true;
		rc = code_spend(rq, email, CODE_CHANGE_EMAIL, code, id);
	}
	if (rc == RC_OK)
		rc = user_by_id(rq->db, id, rq->pool, user);
	if (rc == RC_OK && !change && strcmp(user->email, email) != 0)
		rc = RC_CODE_WRONG;
	return rc;
}

/*
 * Somebody may have signed up with an address that is not theirs, and waited
 * for its owner.  The session that comes with the code is the owner's; all
 * others end, and so does a change of the address that waits for its code.
 */
static enum rc
end_others(struct request *rq, const struct user *user)
{
	const char *kept = NULL;
	struct auth auth;
	size_t count;
	enum rc rc = auth_user(rq, &auth);

	if (rc == RC_FAULT || rc == RC_UNAVAILABLE)
		return rc;
	if (rc == RC_OK && strcmp(auth.user.id, user->id) == 0)
		kept = auth.session_id;
	rc = signin_end_all(rq, user->id, kept, "session_ended", &count);
	if (rc == RC_SESSION_ENDED) /* just now, so there is none to keep */
		rc = signin_end_all(rq, user->id, NULL, "session_ended",
		    &count);
	if (rc == RC_OK)
		rc = code_cancel_change(rq, user->id);
	return rc;
}

/*
 * The others end before: were it cut short in between, one that is not the
 * owner's would be in with an address that is.
 */
static enum rc
verify(struct request *rq, struct user *user, const char *email)
{
	char old[EMAIL_SIZE];
	enum rc rc = end_others(rq, user);

	if (rc == RC_OK)
		rc = user_verify_email(rq->db, user->id, email, rq->now_ms);
	if (rc != RC_OK)
		return rc;
	memcpy(old, user->email, sizeof(old));
	log_event(strcmp(old, email) == 0 ? "email_verified" : "email_changed",
	    &(struct log_who){
		.user_id = user->id, .client_ip = rq->client_ip });
	if (strcmp(old, email) != 0)
		rc = code_request(rq, user->id, CODE_EMAIL_CHANGED, old);
	if (rc == RC_OK)
		rc = user_by_id(rq->db, user->id, rq->pool, user);
	return rc;
}

static enum rc
verify_email(struct request *rq, struct response *rs)
{
	const char *given = request_text(rq, "email");
	const char *code = request_text(rq, "code");
	char email[EMAIL_SIZE];
	struct user user;
	enum rc rc;

	if (!config_mail_is_on(rq->config))
		return RC_NO_MAIL;
	if (given == NULL || code == NULL)
		return RC_MISSING;
	rc = email_normalize(given, email);
	if (rc == RC_OK)
		rc = throttle_attempt(rq, THROTTLE_VERIFY, email, "");
	if (rc == RC_OK)
		rc = spend_code(rq, email, code, &user);
	if (rc == RC_OK)
		rc = verify(rq, &user, email);
	if (rc == RC_OK)
		rc = throttle_forgive(rq, THROTTLE_VERIFY, email, "");
	if (rc == RC_OK)
		reply_user(rs, rq, &user);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "verify-email",
	    .routes = { { "POST", verify_email, answers } },
	    .fields = { "email", "code" },
	});
}
