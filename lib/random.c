#include "random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"

enum rc
random_bytes(void *out, size_t len)
{
	/* Up to 256 bytes come whole or not at all (getrandom(2)). */
	ssize_t got = len <= 256 ? getrandom(out, len, 0) : -1;

	if (got < 0 || (size_t)got != len) {
		log_error("random: getrandom: %s", strerror(errno));
		return RC_FAULT;
	}
	return RC_OK;
}
