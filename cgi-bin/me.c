/* GET /api/v1/users/me; DELETE it {password}: both guarded */
#include "auth.h"
#include "credentials.h"
#include "endpoint.h"
#include "log.h"
#include "password.h"
#include "reply.h"

static const struct answer delete_answers[RC__COUNT] = {
	[RC_OK] = { 200, "Account deleted", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Password required", ANSWER_PLAIN },
};

static enum rc
show(struct request *rq, struct response *rs)
{
	struct auth auth;
	enum rc rc = auth_user(rq, &auth);

	if (rc == RC_OK)
		reply_user(rs, rq, &auth.user);
	return rc;
}

/* RC_CONFLICT: the password was changed after it was looked at. */
static enum rc
delete_once(struct request *rq, const char *id, const char *password)
{
	char device[DEVICE_ID_SIZE];
	struct user user;
	enum rc rc = user_by_id(rq->db, id, rq->pool, &user);

	if (rc == RC_OK)
		rc = credentials_check(rq, &user, password, device);
	if (rc == RC_OK)
		rc = user_delete(rq->db, &user, rq->pool);
	return rc;
}

static enum rc
delete_account(struct request *rq, struct response *rs)
{
	const char *password = request_text(rq, "password");
	struct auth auth;
	enum rc rc = auth_user(rq, &auth);

	if (rc == RC_OK && password == NULL)
		rc = RC_MISSING;
	if (rc != RC_OK)
		return rc;
	rc = RC_CONFLICT;
	for (int tries = 0; rc == RC_CONFLICT && tries < 2; tries++)
		rc = delete_once(rq, auth.user.id, password);
	if (rc == RC_OK) {
		log_event("account_deleted",
		    &(struct log_who){ .user_id = auth.user.id,
			.session_id = auth.session_id,
			.client_ip = rq->client_ip });
		reply_clear_tokens(rs, rq);
		reply_no_user(rs);
	}
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "me",
	    .routes = { { "GET", show, NULL },
		{ "DELETE", delete_account, delete_answers } },
	    .fields = { "password" },
	});
}
