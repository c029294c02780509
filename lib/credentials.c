#include "credentials.h"

#include "password.h"
#include "throttle.h"

enum rc
credentials_check(struct request *rq, const struct user *user,
    const char *password, char device[DEVICE_ID_SIZE])
{
	enum rc rc = device_of(rq, user, device);

	if (rc == RC_OK)
		rc = throttle_attempt(rq, THROTTLE_PASSWORD, user->email,
		    device);
	if (rc == RC_OK)
		rc = password_verify(password, user->password,
		    rq->config->bcrypt_cost);
	if (rc == RC_OK)
		rc = throttle_forgive(rq, THROTTLE_PASSWORD, user->email,
		    device);
	return rc;
}

enum rc
credentials_refuse(struct request *rq, const char *email, const char *password)
{
	enum rc rc = throttle_attempt(rq, THROTTLE_PASSWORD, email, "");

	if (rc != RC_OK)
		return rc;
	if (!rq->config->hide_accounts)
		return RC_NOT_FOUND;
	return password_refuse(password, rq->config->bcrypt_cost);
}
