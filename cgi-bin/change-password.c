/* POST /api/v1/users/change-password {oldPassword, newPassword}, guarded */
#include "auth.h"
#include "code.h"
#include "credentials.h"
#include "endpoint.h"
#include "password.h"
#include "signin.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "Password changed successfully", ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Old and new password required", ANSWER_PLAIN },
};

/* RC_CONFLICT: the password was changed after it was looked at. */
static enum rc
change_once(struct request *rq, struct response *rs, const struct auth *auth,
    const char *old, const char *new)
{
	int64_t cost = rq->config->bcrypt_cost;
	char hash[PASSWORD_HASH_SIZE], device[DEVICE_ID_SIZE];
	struct user user;
	enum rc rc = user_by_id(rq->db, auth->user.id, rq->pool, &user);

	if (rc == RC_OK)
		rc = credentials_check(rq, &user, old, device);
	if (rc == RC_OK)
		rc = password_hash(new, cost, hash);
	if (rc == RC_OK)
		rc = signin_change_password(rq, &user, hash, auth->session_id);
	if (rc != RC_OK)
		return rc;
	code_password_changed(rq, &user);
	return device_remember(rq, rs, &user, device);
}

static enum rc
change_password(struct request *rq, struct response *rs)
{
	const char *old = request_text(rq, "oldPassword");
	const char *new = request_text(rq, "newPassword");
	struct auth auth;
	enum rc rc = auth_user(rq, &auth);

	if (rc == RC_OK && (old == NULL || new == NULL))
		rc = RC_MISSING;
	if (rc == RC_OK)
		rc = password_check(new, rq->config);
	if (rc != RC_OK)
		return rc;
	rc = RC_CONFLICT;
	for (int tries = 0; rc == RC_CONFLICT && tries < 2; tries++)
		rc = change_once(rq, rs, &auth, old, new);
	return rc;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "change-password",
	    .hashes_passwords = true,
	    .routes = { { "POST", change_password, answers } },
	    .fields = { "oldPassword", "newPassword" },
	});
}
