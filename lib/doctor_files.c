#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "beside.h"
#include "doctor_check.h"

/* Whether every user of the machine can put something else there. */
static bool
is_open(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IWOTH) != 0 &&
	       (st.st_mode & S_ISVTX) == 0;
}

/* The directory that ${path} is in; NULL without memory. */
static char *
directory_of(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return pool_copy(pool, ".", 1);
	return pool_copy(pool, path,
	    slash == path ? 1 : (size_t)(slash - path));
}

/* A file of ${directory} that is open; "" is none. */
static const char *
open_program(struct doctor *d, const char *directory)
{
	DIR *dir = opendir(directory);
	const char *found = "";
	struct dirent *entry;

	if (dir == NULL)
		return "";
	while (*found == '\0' && (entry = readdir(dir)) != NULL) {
		const char *path = pool_printf(d->pool, "%s/%s", directory,
		    entry->d_name);

		if (path != NULL && strcmp(entry->d_name, "..") != 0 &&
		    is_open(path))
			found = path;
	}
	closedir(dir);
	return found;
}

static void
check_programs(struct doctor *d)
{
	const char *directory = programs_directory(d->pool);
	const char *found = directory != NULL ? open_program(d, directory) : "";

	if (*found != '\0')
		doctor_say(d, "programs", DOCTOR_BAD,
		    "every user of this machine can write to %s; chmod 755 it",
		    found);
	else
		doctor_say(d, "programs", DOCTOR_GOOD,
		    "only their owner can change what is in %s",
		    directory != NULL ? directory : "their directory");
}

/* Whether the web server might give it to anybody who asks. */
static bool
is_in_web_root(struct doctor *d, const char *file)
{
	const char *root = d->rq != NULL
			       ? request_header(d->rq, "DOCUMENT_ROOT")
			       : NULL;
	char real_root[PATH_MAX], real_file[PATH_MAX];
	size_t len;

	if (root == NULL || realpath(root, real_root) == NULL ||
	    realpath(file, real_file) == NULL)
		return false;
	len = strlen(real_root);
	return len > 1 && strncmp(real_file, real_root, len) == 0 &&
	       real_file[len] == '/';
}

static void
check_settings_file(struct doctor *d)
{
	const char *file = d->config->file;
	const char *directory = directory_of(d->pool, file);
	struct stat st;

	if (*file == '\0' || directory == NULL)
		return;
	if (is_open(directory))
		doctor_say(d, "settings-file", DOCTOR_BAD,
		    "every user of this machine can put another file into %s; "
		    "chmod 755 it",
		    directory);
	else if (stat(file, &st) == 0 && (st.st_mode & S_IWGRP) != 0)
		doctor_say(d, "settings-file", DOCTOR_WARN,
		    "the group of %s can write to it; chmod 640 it, or 600",
		    file);
	else if (is_in_web_root(d, file))
		doctor_say(d, "settings-file", DOCTOR_WARN,
		    "%s is in the web root: whether a browser gets it hangs "
		    "on the .htaccess beside it; move it out, and name it in "
		    "LATCHKEY_ENV",
		    file);
	else
		doctor_say(d, "settings-file", DOCTOR_GOOD,
		    "only who must can read %s, and only its owner can write",
		    file);
}

void
doctor_files(struct doctor *d)
{
	check_settings_file(d);
	check_programs(d);
}
