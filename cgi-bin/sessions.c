/* GET and DELETE /api/v1/users/sessions, DELETE .../sessions/ID, guarded */
#include <stdlib.h>

#include "auth.h"
#include "endpoint.h"
#include "reply.h"
#include "session.h"
#include "signin.h"

static const struct answer delete_answers[RC__COUNT] = {
	[RC_OK] = { 200, NULL, ANSWER_PLAIN }, /* the handler's own message */
};

static int
by_last_use(const void *a, const void *b)
{
	int64_t a_s = session_last_used_s(a), b_s = session_last_used_s(b);

	return (a_s < b_s) - (a_s > b_s); /* newest first */
}

static enum rc
list_sessions(struct request *rq, struct response *rs)
{
	struct auth auth;
	struct user user;
	struct sessions sessions;
	enum rc rc = auth_user(rq, &auth);

	if (rc == RC_OK && *rq->item != '\0')
		rc = RC_BAD_PATH; /* one alone can be ended, and not shown */
	if (rc == RC_OK)
		rc = user_by_id(rq->db, auth.user.id, rq->pool, &user);
	if (rc == RC_OK)
		rc = sessions_parse(user.sessions, rq->pool, &sessions);
	if (rc != RC_OK)
		return rc;
	sessions_sweep(&sessions, rq->config, rq->now_ms / 1000);
	qsort(sessions.list, sessions.count, sizeof(*sessions.list),
	    by_last_use);
	reply_sessions(rs, &sessions, auth.session_id);
	return RC_OK;
}

static enum rc
end_one(struct request *rq, struct response *rs, const struct auth *auth)
{
	enum rc rc = signin_end(rq, auth->user.id, rq->item, "session_ended");

	if (rc == RC_OK)
		response_add(rs, "message", "Session ended");
	return rc;
}

static enum rc
end_others(struct request *rq, struct response *rs, const struct auth *auth)
{
	size_t count;
	enum rc rc = signin_end_all(rq, auth->user.id, auth->session_id,
	    "session_ended", &count);

	if (rc == RC_OK) {
		response_add(rs, "message", "Other sessions ended");
		response_add_number(rs, "count", (double)count);
	}
	return rc;
}

static enum rc
end_sessions(struct request *rq, struct response *rs)
{
	struct auth auth;
	enum rc rc = auth_user(rq, &auth);

	if (rc != RC_OK)
		return rc;
	return *rq->item != '\0' ? end_one(rq, rs, &auth)
				 : end_others(rq, rs, &auth);
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "sessions",
	    .takes_item = true,
	    .routes = { { "GET", list_sessions, NULL },
		{ "DELETE", end_sessions, delete_answers } },
	    .fields = { NULL },
	});
}
