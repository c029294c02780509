/* POST /api/v1/users/resend-verification {email}: another code */
#include "code_ask.h"
#include "endpoint.h"

static const struct answer answers[RC__COUNT] = {
	[RC_OK] = { 200, "If the account exists, an e-mail has been sent",
	    ANSWER_PLAIN },
	[RC_MISSING] = { 400, "Email required", ANSWER_PLAIN },
};

static enum rc
resend_verification(struct request *rq, struct response *rs)
{
	(void)rs;
	return code_ask(rq, THROTTLE_RESEND, CODE_VERIFY);
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
