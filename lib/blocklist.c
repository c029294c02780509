#include "blocklist.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "password.h"

enum {
	BLOCK_SIZE = 512,
	LINE_READ = PASSWORD_MAX + 2 /* bytes: the longest, CR, LF */
};

struct search {
	const char *file;
	int fd;
	off_t size;
	char password[PASSWORD_MAX]; /* in lower case */
	size_t len;
};

/* A descriptor; or -1, and errno says why. */
static int
open_list(const char *file, off_t *size)
{
	struct stat st;
	/* Not to wait for the other end of a FIFO. */
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error = 0;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0)
		error = errno;
	else if (!S_ISREG(st.st_mode))
		error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (error != 0) {
		close(fd);
		errno = error;
		return -1;
	}
	*size = st.st_size;
	return fd;
}

static enum rc
fault(const char *file)
{
	log_error("PASSWORD_BLOCKLIST: %s cannot be read (%s): name a file "
		  "that these programs can read, or leave the setting out",
	    file, strerror(errno));
	return RC_FAULT;
}

/*
 * Where the first line at or behind ${at}, above 0, begins; ${end} or more when
 * none begins before that.
 */
static enum rc
find_line(const struct search *s, off_t at, off_t end, off_t *start)
{
	char block[BLOCK_SIZE];
	const char *lf = NULL;
	ssize_t got = 1;

	at--; /* where the line before it would end */
	while (lf == NULL && at < end && got > 0) { /* 0: it was cut short */
		got = pread(s->fd, block, sizeof(block), at);
		if (got < 0)
			return fault(s->file);
		lf = memchr(block, '\n', (size_t)got);
		at += lf != NULL ? lf + 1 - block : got;
	}
	*start = lf != NULL ? at : end;
	return RC_OK;
}

/*
 * *order is 0 when the line at ${start} is the password, below 0 when it is
 * sorted before it, else above.  Of a long line the beginning tells.
 */
static enum rc
compare_line(const struct search *s, off_t start, int *order)
{
	char line[LINE_READ];
	ssize_t got = pread(s->fd, line, sizeof(line), start);
	const char *lf;
	size_t len;

	if (got < 0)
		return fault(s->file);
	lf = memchr(line, '\n', (size_t)got);
	len = lf != NULL ? (size_t)(lf - line) : (size_t)got;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	*order = memcmp(line, s->password, len < s->len ? len : s->len);
	if (*order == 0)
		*order = (len > s->len) - (len < s->len);
	return RC_OK;
}

static enum rc
search(const struct search *s)
{
	/* Where the line begins, if there is one: [first, end). */
	off_t first = 0, end = s->size;
	int order;
	enum rc rc;

	while (end - first > 1) {
		off_t middle = first + (end - first) / 2, start = end;

		rc = find_line(s, middle, end, &start);
		order = 1;
		if (rc == RC_OK && start < end)
			rc = compare_line(s, start, &order);
		if (rc != RC_OK)
			return rc;
		if (order > 0)
			end = middle; /* no line begins from there to start */
		else
			first = start;
	}
	rc = compare_line(s, first, &order);
	return rc == RC_OK && order == 0 ? RC_PASSWORD_COMMON : rc;
}

static void
take_password(struct search *s, const char *password)
{
	for (size_t i = 0; i < s->len; i++)
		s->password[i] = (char)(password[i] >= 'A' && password[i] <= 'Z'
					    ? password[i] - 'A' + 'a'
					    : password[i]);
}

enum rc
blocklist_check(const char *file, const char *password)
{
	struct search s = { .file = file, .len = strlen(password) };
	enum rc rc = RC_OK;

	if (*file == '\0')
		return RC_OK;
	s.fd = open_list(file, &s.size);
	if (s.fd < 0)
		return fault(file);
	if (s.len > 0 && s.len <= PASSWORD_MAX) {
		take_password(&s, password);
		rc = search(&s);
		explicit_bzero(s.password, sizeof(s.password));
	}
	close(s.fd);
	return rc;
}

bool
blocklist_is_readable(const char *file)
{
	off_t size;
	int fd = open_list(file, &size);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
