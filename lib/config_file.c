#include "config_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "config_refuse.h"
#include "env_file.h"

enum {
	FILE_SIZE_MAX = 64 * 1024
};

/* The file in hand, and whom it is read for. */
struct reading {
	const char *path;
	struct pool *pool;
	config_file_take_fn *take;
	void *arg;
	char *why;
};

static enum rc
read_line(const struct reading *r, char *line, int number)
{
	char *name, *value;

	switch (env_file_line(line, &name, &value)) {
	case ENV_NOTHING:
		break;
	case ENV_ERROR:
		return config_refuse(r->why,
		    "line %d of the settings file %s is not NAME=value: "
		    "mend that line",
		    number, r->path);
	case ENV_SETTING:
		r->take(name, value, r->arg);
	}
	return RC_OK;
}

static enum rc
read_text(const struct reading *r, char *text, size_t len)
{
	int number = 0;

	if (memchr(text, '\0', len) != NULL)
		return config_refuse(r->why,
		    "the settings file %s holds a NUL byte: save it as plain "
		    "text (UTF-8)",
		    r->path);
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text != NULL) {
		char *line = strsep(&text, "\n");
		enum rc rc = read_line(r, line, ++number);

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc
check_file(const struct reading *r, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return config_refuse(r->why,
		    "the settings file %s is no regular file", r->path);
	if ((st.st_mode & (S_IROTH | S_IWOTH)) != 0)
		return config_refuse(r->why,
		    "the settings file %s is open to every user of this "
		    "machine (mode %04o): chmod 640 it, or 600",
		    r->path, (unsigned)st.st_mode & 07777);
	if (st.st_size > FILE_SIZE_MAX)
		return config_refuse(r->why,
		    "the settings file %s is over %d KiB", r->path,
		    FILE_SIZE_MAX / 1024);
	return RC_OK;
}

static enum rc
read_open_file(const struct reading *r, FILE *file)
{
	char *text = pool_alloc(r->pool, FILE_SIZE_MAX + 1);
	enum rc rc = check_file(r, fileno(file));
	size_t len;

	if (text == NULL)
		return RC_FAULT;
	if (rc != RC_OK)
		return rc;
	setvbuf(file, NULL, _IONBF, 0); /* no second copy of the secrets */
	len = fread(text, 1, FILE_SIZE_MAX, file);
	if (ferror(file))
		return config_refuse(r->why,
		    "the settings file %s cannot be read: %s", r->path,
		    strerror(errno));
	return read_text(r, text, len);
}

static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno != ENOENT;
}

static bool
is_ours(const char *dir)
{
	struct stat st, program;

	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	return st.st_uid == 0 || st.st_uid == geteuid() ||
	       (stat("/proc/self/exe", &program) == 0 &&
		   st.st_uid == program.st_uid);
}

/* Cut ${path} off after the directory that it lies in; false: there is none. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

/*
 * *out is the path of the settings file, which may yet be unreadable; NULL:
 * there is none.
 */
static enum rc
find_file(struct pool *pool, const char **out)
{
	char *at = beside_programs(pool, "latchkey.env");
	const char *dir;

	*out = at;
	if (at == NULL)
		return RC_FAULT;
	if (is_there(at))
		return RC_OK;
	at = pool_copy(pool, at, strlen(at));
	while (at != NULL && go_up(at)) {
		dir = pool_printf(pool, "%s/latchkey", at);
		*out = pool_printf(pool, "%s/latchkey/latchkey.env", at);
		if (dir == NULL || *out == NULL)
			return RC_FAULT;
		if (is_ours(dir) && is_there(*out))
			return RC_OK;
	}
	*out = NULL;
	return at != NULL ? RC_OK : RC_FAULT;
}

enum rc
config_file_read(const char *path, struct pool *pool, config_file_take_fn *take,
    void *arg, const char **read, char why[CONFIG_WHY_SIZE])
{
	struct reading r = {
		.pool = pool, .take = take, .arg = arg, .why = why
	};
	enum rc rc = RC_OK;
	FILE *file;

	if (path == NULL)
		rc = find_file(pool, &r.path);
	else if ((r.path = pool_copy(pool, path, strlen(path))) == NULL)
		rc = RC_FAULT;
	if (rc != RC_OK || r.path == NULL)
		return rc;
	*read = r.path;
	file = fopen(r.path, "re");
	if (file == NULL)
		return config_refuse(why,
		    "the settings file %s cannot be opened: %s; it must be "
		    "readable by the user that the web server runs programs as",
		    r.path, strerror(errno));
	rc = read_open_file(&r, file);
	fclose(file);
	return rc;
}
