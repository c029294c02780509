/* POST /api/v1/users/forgot-password {email}: a mail with a code */
#include "code_ask.h"
#include "endpoint.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "If the account exists, an e-mail has been sent",
	    ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email required", ANSWER_PLAIN },
};

static enum rc
forgot_password(struct request *rq, struct response *rs)
{
	(void)rs;
	return code_ask(rq, THROTTLE_FORGOT, CODE_RESET);
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "forgot-password",
	    .routes = { { "POST", forgot_password, answers } },
	    .fields = { "email" },
	});
}
