#include "gate.h"

#include "allow_list.h"
#include "answer.h"
#include "base_path.h"
#include "cors.h"
#include "log.h"
#include "return_path.h"

/*
 * Where addresses can be verified, one that is not says nothing of whoever
 * signed up with it.
 */
static enum rc
check_list(const struct request *rq, const char *list, const struct user *user)
{
	static const char nobody[] = "";
	bool counts = user->verified || !config_mail_is_on(rq->config);

	return allow_list_check(list, counts ? user->email : nobody, rq->pool);
}

enum rc
gate_admit(struct request *rq, const char *list, struct auth *out)
{
	enum rc rc = auth_user(rq, out);

	if (rc == RC_NOT_FOUND)
		rc = RC_SESSION_ENDED;
	if (rc == RC_OK && list != NULL)
		rc = check_list(rq, list, &out->user);
	if (rc != RC_INVALID)
		return rc;
	log_error("LATCHKEY_ALLOW takes addresses and domains with blanks "
		  "between them, like alice@example.com @example.org; this "
		  "one lets nobody in: %.200s",
	    list);
	return RC_FORBIDDEN;
}

/*
 * The refresh token's cookie is sent to our own programs alone, so only there
 * can be seen whether there is a session to go on with.
 */
static void
send_through_resume(const struct request *rq, struct response *rs)
{
	static const struct answer answers[RC__COUNT] = {
		[RC_OK] = { 302, "Sign-in needed", ANSWER_PLAIN },
	};
	const char *path = gateway_param(rq->gateway, "REQUEST_URI");

	const char *resume = base_path_join(rq, "/api/v1/users/resume");

	response_header(rs, "Location",
	    resume != NULL
		? return_path_append(resume, path != NULL ? path : "", rq->pool)
		: NULL);
	answer_give(rs, answers, RC_OK, rq->config);
}

void
gate_refuse(struct request *rq, struct response *rs, enum rc rc)
{
	cors_allow_origin(rq, rs);
	if (cors_is_preflight(rq))
		cors_answer_preflight(rs,
		    "GET, HEAD, POST, PUT, PATCH, DELETE");
	else if (auth_is_missing(rc) && request_is_page_load(rq))
		send_through_resume(rq, rs);
	else
		answer_give(rs, NULL, rc, rq->config);
}
