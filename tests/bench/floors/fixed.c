/* A fixed answer, of the size of the greeting's: what the hop costs. */
#include "floor.h"

static void
answer(FCGX_Request *rq)
{
	floor_answer(rq, "200 OK", "", "text/html; charset=utf-8",
	    "Hello World!");
}

int
main(void)
{
	floor_start();
	floor_serve(answer);
	return 0;
}
