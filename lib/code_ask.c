#include "code_ask.h"

#include <string.h>

/* A new password is anybody's to choose; an address is verified once. */
static bool
is_of_use(const char *purpose, const struct user *user)
{
	return strcmp(purpose, CODE_VERIFY) != 0 || !user->verified;
}

static enum rc
ask(struct request *rq, enum throttle_action action, const char *purpose,
    const char *email)
{
	struct user user;
	enum rc rc = throttle_attempt(rq, action, email, "");

	if (rc == RC_OK)
		rc = user_by_email(rq->db, email, rq->pool, &user);
	if (rc == RC_OK && is_of_use(purpose, &user))
		return code_request(rq, user.id, purpose, email);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		return code_request_nobody(rq, email);
	return rc;
}

enum rc
code_ask(struct request *rq, enum throttle_action action, const char *purpose)
{
	const char *given = request_text(rq, "email");
	char email[EMAIL_SIZE];

	if (!config_mail_is_on(rq->config))
		return RC_NO_MAIL;
	if (given == NULL)
		return RC_MISSING;
	if (email_normalize(given, email) != RC_OK)
		return RC_EMAIL_INVALID;
	return ask(rq, action, purpose, email);
}
