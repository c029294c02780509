#include "beside.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* ${path} ends before its last slash from now on. */
static void
cut_name(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash != NULL)
		*slash = '\0';
}

char *
programs_directory(struct pool *pool)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[len > 0 ? len : 0] = '\0';
	cut_name(exe);
	return pool_copy(pool, exe, strlen(exe));
}

char *
beside_programs(struct pool *pool, const char *name)
{
	char *directory = programs_directory(pool);

	if (directory == NULL)
		return NULL;
	cut_name(directory);
	return pool_printf(pool, "%s/%s", directory, name);
}
