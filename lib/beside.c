#include "beside.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *
beside_programs(struct pool *pool, const char *name)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[len > 0 ? len : 0] = '\0';
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(exe, '/');

		if (slash != NULL)
			*slash = '\0';
	}
	return pool_printf(pool, "%s/%s", exe, name);
}
