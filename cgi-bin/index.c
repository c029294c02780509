/* GET / */
#include "endpoint.h"

static enum rc
greet(struct request *rq, struct response *rs)
{
	(void)rq;
	response_text(rs, "text/html; charset=utf-8", "Hello World!");
	return RC_OK;
}

int
main(void)
{
	return endpoint_run(&(struct endpoint){
	    .name = "",
	    .routes = { { "GET", greet, NULL } },
	});
}
