#include "doctor_processes.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "workers.h"

/* Of the names in ${directory}, how many ${counts} says yes to. */
static int
count(const char *directory,
    bool (*counts)(const char *directory, const char *name, const char *arg),
    const char *arg)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL)
		n += counts(directory, entry->d_name, arg);
	closedir(dir);
	return n;
}

static bool
is_program(const char *directory, const char *name, const char *arg)
{
	char path[PATH_MAX];
	struct stat st;

	(void)arg;
	if (strlen(directory) + strlen(name) + 2 > sizeof(path))
		return false;
	stpcpy(stpcpy(stpcpy(path, directory), "/"), name);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

/* Whether process ${name} only waits for its workers, and holds nothing. */
static bool
is_parent(const char *proc, const char *name)
{
	static const char parent[] = WORKERS_PARENT "\n";
	char path[64], comm[sizeof(parent)] = "";
	FILE *file;

	stpcpy(stpcpy(stpcpy(stpcpy(path, proc), "/"), name), "/comm");
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fgets(comm, sizeof(comm), file) == NULL)
		comm[0] = '\0';
	fclose(file);
	return strcmp(comm, parent) == 0;
}

/* Whether a name in /proc is a process that serves a program in ${programs}. */
static bool
runs_from(const char *proc, const char *name, const char *programs)
{
	char path[64], exe[PATH_MAX];
	size_t len = strlen(programs);
	ssize_t exe_len;

	if (strspn(name, "0123456789") != strlen(name) || strlen(name) > 20)
		return false;
	stpcpy(stpcpy(stpcpy(stpcpy(path, proc), "/"), name), "/exe");
	exe_len = readlink(path, exe, sizeof(exe) - 1);
	exe[exe_len > 0 ? exe_len : 0] = '\0';
	return strncmp(exe, programs, len) == 0 && exe[len] == '/' &&
	       strchr(exe + len + 1, '/') == NULL && !is_parent(proc, name);
}

int
doctor_count_programs(struct pool *pool)
{
	const char *directory = programs_directory(pool);

	return directory != NULL ? count(directory, is_program, NULL) : 0;
}

int
doctor_count_processes(struct pool *pool)
{
	const char *directory = programs_directory(pool);

	return directory != NULL ? count("/proc", runs_from, directory) : 0;
}
