#include "blocklist.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "password.h"
#include "unit.h"
#include "utf8.h"

#define SHIPPED "passwords/common.txt"
#define BYTES72                                                                \
	"0123456789abcdefghijklmnopqrstuvwxyz"                                 \
	"0123456789abcdefghijklmnopqrstuvwxyz"
#define A_UMLAUT "\xc3\xa4"

enum {
	NEVER = -1,
	READ_MAX = 512 /* bytes: what a small read is */
};

static char directory[64], path[96];

static int reads, largest_read;
static int fails_at = NEVER; /* the read that fails, from 0 */
static int ends_at = NEVER;  /* from this one on, the file has no more bytes */

/* In place of the C library's, for all that is linked with this. */
ssize_t
pread(int fd, void *buf, size_t count, off_t offset)
{
	if (reads++ == fails_at) {
		errno = EIO;
		return -1;
	}
	if (ends_at != NEVER && reads > ends_at)
		return 0;
	if ((int)count > largest_read)
		largest_read = (int)count;
	return syscall(SYS_pread64, fd, buf, count, offset);
}

static void
write_list(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static bool
is_listed(const char *row, const char *password)
{
	enum rc rc = blocklist_check(path, password);

	HOLDS(row, rc == RC_OK || rc == RC_PASSWORD_COMMON);
	return rc == RC_PASSWORD_COMMON;
}

#define SOME "baseball\nfootball\niloveyou\npassword\npassword1\nsunshine\n"

static const struct {
	const char *row, *list, *password;
	bool listed;
} rows[] = {
	{ "the first", SOME, "baseball", true },
	{ "the second", SOME, "football", true },
	{ "in the middle", SOME, "iloveyou", true },
	{ "begins another", SOME, "password", true },
	{ "begins with another", SOME, "password1", true },
	{ "the last", SOME, "sunshine", true },

	{ "before the first", SOME, "aaaaaaaa", false },
	{ "between two", SOME, "passwore", false },
	{ "behind the last", SOME, "zzzzzzzz", false },
	{ "the first, cut short", SOME, "basebal", false },
	{ "the first, longer", SOME, "baseballs", false },
	{ "in the middle, cut short", SOME, "ilove", false },
	{ "in the middle, longer", SOME, "iloveyou2", false },
	{ "between two that begin alike", SOME, "password0", false },
	{ "longer than two that begin alike", SOME, "password11", false },
	{ "the last, cut short", SOME, "sunshin", false },
	{ "the last, longer", SOME, "sunshine1", false },
	{ "the end of one", SOME, "word", false },
	{ "empty", SOME, "", false },
	{ "a blank before", SOME, " password", false },
	{ "a blank behind", SOME, "password ", false },
	{ "LF behind", SOME, "password\n", false },
	{ "two lines", SOME, "password\npassword1", false },
	{ "a line end alone", SOME, "\n", false },

	{ "capitals", SOME, "PASSWORD", true },
	{ "a capital", SOME, "Sunshine", true },
	{ "from A to Z", "abcdefghijklmnopqrstuvwxyz\n",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", true },
	{ "just outside A to Z", "@[aaaaaa\n", "@[AAAAAA", true },
	{ "@ is no capital of `", "`aaaaaaa\n", "@aaaaaaa", false },
	{ "[ is no capital of {", "{aaaaaaa\n", "[aaaaaaa", false },
	{ "a capital in the list", "Password\n", "Password", false },

	{ "an empty file", "", "password", false },
	{ "an empty file, and empty", "", "", false },
	{ "LF alone", "\n", "password", false },
	{ "LF alone, and empty", "\n", "", false },
	{ "empty lines", "\n\n\n\npassword\n", "password", true },
	{ "one byte", "a", "a", true },
	{ "one byte, another", "a", "b", false },
	{ "one byte and LF", "a\n", "a", true },
	{ "two lines of one byte, the first", "a\nb\n", "a", true },
	{ "two lines of one byte, the second", "a\nb\n", "b", true },
	{ "an empty line, and one of one byte", "\na", "a", true },
	{ "three lines of one byte", "a\nb\nc", "b", true },
	{ "one line", "password\n", "password", true },
	{ "one line, before", "password\n", "aaaaaaaa", false },
	{ "one line, behind", "password\n", "zzzzzzzz", false },
	{ "one line, no LF", "password", "password", true },
	{ "one line, no LF, shorter", "password", "passwor", false },
	{ "one line, no LF, longer", "password", "password1", false },
	{ "no LF, the last", "baseball\npassword", "password", true },
	{ "no LF, the last, longer", "baseball\npassword", "password1", false },
	{ "no LF, the first", "baseball\npassword", "baseball", true },
	{ "twice", "baseball\npassword\npassword\nsunshine\n", "password",
	    true },

	{ "CR LF, the first", "baseball\r\npassword\r\n", "baseball", true },
	{ "CR LF, the last", "baseball\r\npassword\r\n", "password", true },
	{ "CR LF, begins another", "password\r\npassword1\r\n", "password",
	    true },
	{ "CR LF, begins with another", "password\r\npassword1\r\n",
	    "password1", true },
	{ "CR at the end, no LF", "baseball\r\npassword\r", "password", true },
	{ "CR LF, and CR in the password", "password\r\n", "password\r",
	    false },
	{ "two CRs", "password\r\r\n", "password\r", true },
	{ "CR inside", "pass\rword\n", "pass\rword", true },
	{ "CR LF alone", "\r\n", "", false },

	{ "UTF-8", "passwort\np" A_UMLAUT "sswort\n", "p" A_UMLAUT "sswort",
	    true },
	{ "UTF-8, behind ASCII", "zzzzzzzz\n" A_UMLAUT A_UMLAUT "\n",
	    "zzzzzzzz", true },
	{ "no capitals but of ASCII", A_UMLAUT A_UMLAUT "\n",
	    "\xc3\x84\xc3\x84", false },
	{ "no UTF-8", "aaaaaaaa\n\x80\xfe\xff\n", "\x80\xfe\xff", true },
	{ "bytes are not signed", "\x7f\n\x80\n\xff\n", "\x80", true },

	{ "72 bytes", BYTES72 "\naaaaaaaa\n", BYTES72, true },
	{ "72 bytes, no LF", BYTES72, BYTES72, true },
	{ "72 bytes, CR LF", BYTES72 "\r\n", BYTES72, true },
	{ "72 bytes, CR", BYTES72 "\r", BYTES72, true },
	{ "71 of 72 bytes", BYTES72 "\n", &BYTES72[1], false },
	{ "73 bytes in the list", BYTES72 "a\n", BYTES72, false },
	{ "73 bytes in the list, no LF", BYTES72 "a", BYTES72, false },
	{ "74 bytes in the list, no LF", BYTES72 "\ra", BYTES72, false },
	{ "74 bytes in the list, two CRs", BYTES72 "\r\r", BYTES72, false },
	{ "73 bytes, which are on the list", BYTES72 "a\n", BYTES72 "a",
	    false },

	{ "not sorted", "zzzzzzzz\nmmmmmmmm\naaaaaaaa\n", "bbbbbbbb", false },
};

static void
lines(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		write_list(rows[i].list, strlen(rows[i].list));
		SAME_INT(rows[i].row, is_listed(rows[i].row, rows[i].password),
		    rows[i].listed);
	}
}

/* A line of ${len} bytes between two others, or first, or last. */
static void
long_lines(void)
{
	static const size_t lens[] = { 9, 72, 73, 74, 75, 500, 511, 512, 513,
		1023, 1024, 1025, 4095, 4096, 4097, 100000 };

	for (size_t i = 0; i < LENGTH_OF(lens); i++) {
		const char *line = unit_repeat('m', lens[i]);
		const char *row = pool_printf(unit_mem, "%zu bytes", lens[i]);
		const char *list = pool_printf(unit_mem,
		    "a\nbaseball\n%s\npassword\nz\n", line);

		write_list(list, strlen(list));
		HOLDS(row, is_listed(row, "a"));
		HOLDS(row, is_listed(row, "baseball"));
		HOLDS(row, is_listed(row, "password"));
		HOLDS(row, is_listed(row, "z"));
		SAME_INT(row, is_listed(row, line), lens[i] <= PASSWORD_MAX);
		HOLDS(row, !is_listed(row, "mmmmmmmm"));
		HOLDS(row, !is_listed(row, "mmmmmmmz"));
		write_list(list + 11, strlen(list) - 11);
		HOLDS(row, is_listed(row, "password"));
		HOLDS(row, !is_listed(row, "baseball"));
		write_list(list, strlen(list) - strlen("\npassword\nz\n"));
		HOLDS(row, is_listed(row, "baseball"));
		HOLDS(row, !is_listed(row, "password"));
	}
}

static int
log2_above(size_t n)
{
	int log = 0;

	while (((size_t)1 << log) < n)
		log++;
	return log;
}

/* A long line is read at most once for the whole of a search. */
static void
long_lines_are_read_once(void)
{
	enum {
		LEN = 1000000
	};
	char *list = unit_repeat('m', LEN);

	list[0] = 'a';
	list[1] = list[LEN - 3] = list[LEN - 1] = '\n';
	list[LEN - 2] = 'z';
	write_list(list, LEN);
	for (const char *c = "amz"; *c != '\0'; c++) {
		const char password[] = { *c, '\0' };

		reads = 0;
		SAME_INT(password, is_listed(password, password), *c != 'm');
		HOLDS(password,
		    reads <= LEN / READ_MAX + 2 * log2_above(LEN) + 1);
	}
}

/* No text at all: nothing is found, nothing breaks, and it ends. */
static void
bytes_of_any_kind(void)
{
	static const char nul[] = "aaaaaaaa\0\nbbbbbbbb\n\0cccccccc\n";
	unsigned seed = 1;
	char noise[4096];

	write_list(nul, sizeof(nul) - 1);
	HOLDS("NUL behind", !is_listed("NUL behind", "aaaaaaaa"));
	HOLDS("NUL before", !is_listed("NUL before", "cccccccc"));
	for (size_t len = 1; len <= sizeof(noise); len += 13) {
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			noise[i] = (char)(seed >> 16);
		}
		write_list(noise, len);
		reads = 0;
		HOLDS("noise", !is_listed("noise", "password"));
		HOLDS("noise", !is_listed("noise", "\xff\xff\xff\xff"));
		HOLDS("noise", reads < 2 * 2 * 64);
	}
}

static void
no_list(void)
{
	const struct {
		const char *row, *file;
		enum rc rc;
		int error;
	} files[] = {
		{ "none is named", "", RC_OK, ENOENT },
		{ "a list", path, RC_PASSWORD_COMMON, 0 },
		{ "missing", pool_printf(unit_mem, "%s/none", directory),
		    RC_FAULT, ENOENT },
		{ "a directory", directory, RC_FAULT, EISDIR },
		{ "below a file", pool_printf(unit_mem, "%s/x", path), RC_FAULT,
		    ENOTDIR },
		{ "a device", "/dev/zero", RC_FAULT, EINVAL },
		{ "a FIFO", pool_printf(unit_mem, "%s/fifo", directory),
		    RC_FAULT, EINVAL },
		{ "a name too long", unit_repeat('a', 5000), RC_FAULT,
		    ENAMETOOLONG },
	};
	int before = unit_quiet();

	write_list(SOME, strlen(SOME));
	assert_int_equal(mkfifo(files[6].file, 0600), 0);
	for (size_t i = 0; i < LENGTH_OF(files); i++) {
		SAME_INT(files[i].row,
		    blocklist_check(files[i].file, "password"), files[i].rc);
		SAME_INT(files[i].row,
		    blocklist_check(files[i].file, BYTES72 "a"),
		    files[i].rc == RC_FAULT ? RC_FAULT : RC_OK);
		errno = 0;
		SAME_INT(files[i].row, blocklist_is_readable(files[i].file),
		    files[i].error == 0);
		SAME_INT(files[i].row, errno, files[i].error);
	}
	unlink(files[6].file);
	unit_loud(before);
}

/* Whichever read fails, the password does not pass. */
static void
reads_that_fail(void)
{
	int before = unit_quiet(), needed;

	write_list(SOME, strlen(SOME));
	reads = 0;
	HOLDS("none", !is_listed("none", "newsecret"));
	needed = reads;
	HOLDS("none", needed > 2);
	for (int i = 0; i <= needed; i++) {
		reads = 0;
		fails_at = i;
		SAME_INT(pool_printf(unit_mem, "read %d of %d", i, needed),
		    blocklist_check(path, "newsecret"),
		    i < needed ? RC_FAULT : RC_OK);
	}
	fails_at = NEVER;
	unit_loud(before);
}

/* By who writes over it, and not beside it. */
static void
cut_short_meanwhile(void)
{
	const char *list = pool_printf(unit_mem, "a\n%s\nz\n",
	    unit_repeat('m', 5000));

	write_list(list, strlen(list));
	for (ends_at = 0; ends_at < 40; ends_at++) {
		reads = 0;
		HOLDS("no more", !is_listed("no more", "newsecret"));
		HOLDS("it ends", reads < 2 * 40);
	}
	ends_at = NEVER;
}

static void
descriptors_are_closed(void)
{
	int before = unit_quiet(), first = dup(STDERR_FILENO), last;

	close(first);
	for (int i = 0; i < 3; i++) {
		HOLDS("check", blocklist_check(path, "password") != RC_FAULT);
		HOLDS("check", blocklist_check(directory, "x") == RC_FAULT);
		HOLDS("readable", blocklist_is_readable(path));
		HOLDS("readable", !blocklist_is_readable(directory));
	}
	last = dup(STDERR_FILENO);
	close(last);
	SAME_INT("the next one", last, first);
	unit_loud(before);
}

/* The shipped list: its lines, cut in place. */
struct list {
	char *text;
	char **lines;
	size_t count, size;
};

static struct list
read_shipped(void)
{
	struct list list = { .text = NULL };
	FILE *file = fopen(SHIPPED, "r");
	struct stat st;
	char *rest;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &st), 0);
	list.size = (size_t)st.st_size;
	list.text = pool_alloc(unit_mem, list.size + 1);
	assert_non_null(list.text);
	assert_int_equal(fread(list.text, 1, list.size, file), list.size);
	fclose(file);
	assert_int_equal(list.text[list.size - 1], '\n');
	list.text[list.size - 1] = '\0';
	list.lines = pool_alloc(unit_mem, list.size * sizeof(char *));
	assert_non_null(list.lines);
	for (rest = list.text; rest != NULL;)
		list.lines[list.count++] = strsep(&rest, "\n");
	return list;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
holds(const struct list *list, const char *line)
{
	return bsearch(&line, list->lines, list->count, sizeof(char *),
		   compare) != NULL;
}

static void
shipped_is_in_order(void)
{
	struct list list = read_shipped();

	HOLDS(SHIPPED, list.count >= 10000 && list.size < 1000000);
	for (size_t i = 0; i < list.count; i++) {
		const char *line = list.lines[i];

		HOLDS(line, utf8_is_valid(line, strlen(line)));
		HOLDS(line,
		    utf8_count(line) >= 8 && strlen(line) <= PASSWORD_MAX);
		HOLDS(line, i == 0 || strcmp(list.lines[i - 1], line) < 0);
		for (const char *c = line; *c != '\0'; c++)
			HOLDS(line, *c >= 0x20 && (*c < 'A' || *c > 'Z'));
	}
	HOLDS("password", holds(&list, "password"));
	HOLDS("12345678", holds(&list, "12345678"));
	HOLDS("the walk of README.md", !holds(&list, "a longer one"));
}

/* Each of its lines is found, and with a character behind only if listed. */
static void
shipped_is_found(void)
{
	struct list list = read_shipped();
	int bound = 2 * log2_above(list.size) + 1, most = 0;
	char longer[PASSWORD_MAX + 2];

	largest_read = 0;
	for (size_t i = 0; i < list.count; i++) {
		const char *line = list.lines[i];

		reads = 0;
		SAME_INT(line, blocklist_check(SHIPPED, line),
		    RC_PASSWORD_COMMON);
		most = reads > most ? reads : most;
		snprintf(longer, sizeof(longer), "%s%c", line, "0a!~"[i % 4]);
		reads = 0;
		SAME_INT(longer, blocklist_check(SHIPPED, longer),
		    holds(&list, longer) ? RC_PASSWORD_COMMON : RC_OK);
		most = reads > most ? reads : most;
	}
	printf("# %zu lines, at most %d reads each\n", list.count, most);
	HOLDS("two reads for each halving", most > 2 && most <= bound);
	HOLDS("small reads", largest_read <= READ_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(lines),
		UNIT(long_lines),
		UNIT(long_lines_are_read_once),
		UNIT(bytes_of_any_kind),
		UNIT(no_list),
		UNIT(reads_that_fail),
		UNIT(cut_short_meanwhile),
		UNIT(descriptors_are_closed),
		UNIT(shipped_is_in_order),
		UNIT(shipped_is_found),
	};
	int failed;

	strcpy(directory, "/tmp/latchkey-unit-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/list", directory);
	failed = UNIT_MAIN(tests);
	unlink(path);
	rmdir(directory);
	return failed;
}
