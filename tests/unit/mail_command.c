#include "mail_command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "clock.h"
#include "unit.h"

/*
 * This program itself is the command, too: its first argument says what it
 * does then.
 */
static char self[96], directory[64], output[96];

enum {
	LIMIT_MS = 20000, /* nothing here takes as long */
	SHORT_MS = 300
};

/* As the command. */

static int
save(const char *path)
{
	char bytes[5000];
	FILE *file = fopen(path, "w");
	size_t len;

	while ((len = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		fwrite(bytes, 1, len, file);
	return fclose(file);
}

/* The pipe is full before any of it is read. */
static int
save_late(const char *path)
{
	poll(NULL, 0, 100);
	return save(path);
}

/* Its environment, its arguments, and what it has open. */
static int
save_state(int argc, char **argv)
{
	FILE *file = fopen(argv[2], "w");
	struct stat null, out, err;
	struct sigaction action;
	sigset_t mask;

	for (char **e = environ; *e != NULL; e++)
		fprintf(file, "env %s\n", *e);
	for (int i = 3; i < argc; i++)
		fprintf(file, "arg %s\n", argv[i]);
	for (int fd = 0; fd < 1024; fd++)
		if (fd != fileno(file) && fcntl(fd, F_GETFD) >= 0)
			fprintf(file, "fd %d\n", fd);
	stat("/dev/null", &null);
	fstat(1, &out);
	fstat(2, &err);
	fprintf(file, "null %d %d\n", out.st_rdev == null.st_rdev,
	    err.st_rdev == null.st_rdev);
	sigaction(SIGPIPE, NULL, &action);
	fprintf(file, "pipe %d\n", action.sa_handler == SIG_DFL);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	fprintf(file, "blocked %d\n", sigismember(&mask, SIGTERM));
	return fclose(file);
}

static int
be_loud(void)
{
	for (int i = 0; i < 100000; i++) {
		puts("2026-01-31T23:59:59.123Z latchkey login event=x");
		fputs("2026-01-31T23:59:59.123Z latchkey login event=x\n",
		    stderr);
	}
	return save("/dev/null");
}

/* A child of its own hangs with it; it tells whether that lives on. */
static int
hang_with_a_child(const char *path)
{
	if (fork() == 0) {
		poll(NULL, 0, 4 * SHORT_MS);
		return save(path);
	}
	poll(NULL, 0, LIMIT_MS);
	return 0;
}

static int
command(int argc, char **argv)
{
	const char *what = argv[1], *arg = argc > 2 ? argv[2] : "";

	if (strcmp(what, "save") == 0)
		return save(arg);
	if (strcmp(what, "late") == 0)
		return save_late(arg);
	if (strcmp(what, "state") == 0)
		return save_state(argc, argv);
	if (strcmp(what, "loud") == 0)
		return be_loud();
	if (strcmp(what, "child") == 0)
		return hang_with_a_child(arg);
	if (strcmp(what, "hang") == 0)
		return poll(NULL, 0, LIMIT_MS);
	if (strcmp(what, "deaf") == 0) {
		close(STDIN_FILENO);
		poll(NULL, 0, 100);
		return atoi(arg);
	}
	if (strcmp(what, "signal") == 0)
		raise(atoi(arg));
	return atoi(arg);
}

/* As the test. */

static int
open_files(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Run "SELF ${what}"; *log is all that was logged. */
static enum rc
run(const char *row, const char *what, const char *message, int64_t limit_ms,
    const char **log)
{
	int files = open_files(), before;
	enum rc rc;

	fflush(stdout);
	before = unit_listen();
	rc = mail_command_run(pool_printf(unit_mem, "%s %s", self, what),
	    message, limit_ms);
	*log = unit_heard(before);
	SAME_INT(row, open_files(), files);
	HOLDS(row, waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	HOLDS(row, strchr(*log, '\n') == strrchr(*log, '\n'));
	HOLDS(row, strstr(*log, "secret") == NULL);
	return rc;
}

static const char *
saved(void)
{
	char *text = pool_alloc(unit_mem, 2 << 20);
	FILE *file = fopen(output, "r");

	if (file == NULL)
		return "(none)";
	text[fread(text, 1, (2 << 20) - 1, file)] = '\0';
	fclose(file);
	unlink(output);
	return text;
}

static void
words(void)
{
	char *longest = unit_repeat('a', MAIL_COMMAND_MAX);
	char *longer = unit_repeat('a', MAIL_COMMAND_MAX + 1);
	const char *most = "/a", *more;
	static const struct {
		const char *command;
		bool valid;
	} rows[] = {
		{ "/usr/sbin/sendmail -t -i", true },
		{ "/usr/sbin/sendmail", true },
		{ "  /a  -b\t-c ", true },
		{ "/a 'b c'", true }, /* two words: "'b" and "c'" */
		{ "", false },
		{ "  ", false },
		{ "sendmail -t", false },
		{ "./sendmail", false },
		{ "| /usr/sbin/sendmail", false },
		{ "/a\n-b", false },
		{ "/a\x7f", false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].command,
		    mail_command_is_valid(rows[i].command), rows[i].valid);
	longest[0] = longer[0] = '/';
	HOLDS("the longest", mail_command_is_valid(longest));
	HOLDS("one more", !mail_command_is_valid(longer));
	for (int i = 1; i < MAIL_COMMAND_WORDS_MAX; i++)
		most = pool_printf(unit_mem, "%s b", most);
	more = pool_printf(unit_mem, "%s b", most);
	HOLDS("32 words", mail_command_is_valid(most));
	HOLDS("33 words", !mail_command_is_valid(more));
}

static void
arrives(void)
{
	static const size_t sizes[] = { 0, 1, 4096, 65535, 65536, 65537,
		1 << 20 };
	static const char *const ways[] = { "save", "late" };

	for (size_t i = 0; i < LENGTH_OF(sizes); i++)
		for (size_t w = 0; w < LENGTH_OF(ways); w++) {
			const char *message = unit_repeat('m', sizes[i]);
			const char *log;
			const char *row = pool_printf(unit_mem, "%s %zu",
			    ways[w], sizes[i]);
			const char *what = pool_printf(unit_mem, "%s %s",
			    ways[w], output);

			SAME_INT(row, run(row, what, message, LIMIT_MS, &log),
			    RC_OK);
			SAME_TEXT(row, log, "");
			SAME_INT(row, strcmp(saved(), message), 0);
		}
}

static void
endings(void)
{
	static const struct {
		const char *what;
		enum rc rc;
		const char *said;
	} rows[] = {
		{ "exit 0", RC_OK, NULL },
		{ "exit 1", RC_UNAVAILABLE, "status 1;" },
		{ "exit 64", RC_UNAVAILABLE, "status 64: it does not know" },
		{ "exit 75", RC_UNAVAILABLE, "status 75: a temporary" },
		{ "exit 78", RC_UNAVAILABLE, "status 78: its own" },
		{ "exit 127", RC_UNAVAILABLE, "status 127: a program" },
		{ "exit 255", RC_UNAVAILABLE, "status 255;" },
		{ "deaf 0", RC_OK, NULL },
		{ "deaf 75", RC_UNAVAILABLE, "status 75" },
		{ "signal 15", RC_UNAVAILABLE, "signal 15;" },
		{ "signal 9", RC_UNAVAILABLE, "signal 9;" },
		{ "loud", RC_OK, NULL },
	};
	static const size_t sizes[] = { 10, 1 << 20 };

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		for (size_t s = 0; s < LENGTH_OF(sizes); s++) {
			char *message = unit_repeat('m', sizes[s]);
			const char *log;

			memcpy(message, "secret", 6);
			SAME_INT(rows[i].what,
			    run(rows[i].what, rows[i].what, message, LIMIT_MS,
				&log),
			    rows[i].rc);
			if (rows[i].said == NULL) {
				SAME_TEXT(rows[i].what, log, "");
				continue;
			}
			HOLDS(rows[i].what, strstr(log, self) != NULL);
			if (strstr(log, rows[i].said) == NULL)
				SAME_TEXT(rows[i].what, log, rows[i].said);
		}
}

static void
hangs(void)
{
	static const size_t sizes[] = { 10, 1 << 20 };

	for (size_t s = 0; s < LENGTH_OF(sizes); s++) {
		int64_t start_ms = clock_steady_ms();
		const char *log;

		SAME_INT("hang",
		    run("hang", "hang", unit_repeat('m', sizes[s]), SHORT_MS,
			&log),
		    RC_UNAVAILABLE);
		HOLDS("hang", strstr(log, "300 ms") != NULL);
		HOLDS("not too early",
		    clock_steady_ms() - start_ms >= SHORT_MS);
		HOLDS("not too late",
		    clock_steady_ms() - start_ms < LIMIT_MS / 2);
	}
}

static void
kills_what_it_started(void)
{
	const char *log;

	SAME_INT("child",
	    run("child", pool_printf(unit_mem, "child %s", output), "x",
		SHORT_MS, &log),
	    RC_UNAVAILABLE);
	poll(NULL, 0, 5 * SHORT_MS);
	SAME_TEXT("child", saved(), "(none)");
}

static void
not_there(void)
{
	static const struct {
		const char *row, *command, *said;
	} rows[] = {
		{ "missing", "/nonexistent/sendmail -t",
		    "No such file or directory" },
		{ "a directory", "/tmp -t", "Permission denied" },
		{ "not executable", "/etc/passwd", "Permission denied" },
		{ "no path", "sendmail -t", "no full path" },
		{ "empty", "", "no full path" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		int files = open_files(), before = unit_listen();
		enum rc rc = mail_command_run(rows[i].command, "secret",
		    LIMIT_MS);
		const char *log = unit_heard(before);

		SAME_INT(rows[i].row, rc, RC_UNAVAILABLE);
		HOLDS(rows[i].row, strstr(log, rows[i].said) != NULL);
		HOLDS(rows[i].row, strstr(log, "MAIL_COMMAND") != NULL);
		HOLDS(rows[i].row, strstr(log, "secret") == NULL);
		SAME_INT(rows[i].row, open_files(), files);
	}
}

static void
has_nothing_of_ours(void)
{
	int extra = dup(STDOUT_FILENO); /* no close-on-exec */
	const char *log;
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	clearenv();
	setenv("HTTP_COOKIE", "accessToken=x", 1);
	setenv("LD_PRELOAD_NOT", "x", 1);
	setenv("HOME", "/home/u", 1);
	setenv("USER", "u", 1);
	setenv("LOGNAME", unit_repeat('u', 1000), 1);
	SAME_INT("state",
	    run("state",
		pool_printf(unit_mem, "state %s -t  -i 'a b' $HOME *", output),
		"x", LIMIT_MS, &log),
	    RC_OK);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	close(extra);
	SAME_TEXT("state", saved(),
	    "env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:"
	    "/bin\n"
	    "env HOME=/home/u\n"
	    "env USER=u\n"
	    "arg -t\narg -i\narg 'a\narg b'\narg $HOME\narg *\n"
	    "fd 0\nfd 1\nfd 2\n"
	    "null 1 1\n"
	    "pipe 1\n"
	    "blocked 0\n");
}

/* As some web servers leave it to their programs. */
static void
where_children_are_ignored(void)
{
	struct sigaction action;
	const char *log;

	signal(SIGCHLD, SIG_IGN);
	SAME_INT("fails", run("fails", "exit 75", "x", LIMIT_MS, &log),
	    RC_UNAVAILABLE);
	HOLDS("fails", strstr(log, "status 75") != NULL);
	SAME_INT("works", run("works", "exit 0", "x", LIMIT_MS, &log), RC_OK);
	sigaction(SIGCHLD, NULL, &action);
	HOLDS("SIGCHLD is as before", action.sa_handler == SIG_IGN);
	sigaction(SIGPIPE, NULL, &action);
	HOLDS("SIGPIPE is as before", action.sa_handler == SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
}

/* The pipe would get the numbers of those that are closed. */
static void
where_the_first_are_closed(void)
{
	int in = dup(STDIN_FILENO), out;
	const char *log;
	enum rc rc;

	fflush(stdout);
	out = dup(STDOUT_FILENO);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	rc = run("closed", pool_printf(unit_mem, "save %s", output), "mail",
	    LIMIT_MS, &log);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	close(out);
	SAME_INT("closed", rc, RC_OK);
	SAME_TEXT("closed", saved(), "mail");
}

/* For tests/mail/check.py: hand standard input to a command. */
static int
run_given(const char *given)
{
	static char message[1 << 20];
	size_t len = fread(message, 1, sizeof(message) - 1, stdin);

	message[len] = '\0';
	return mail_command_run(given, message, LIMIT_MS) == RC_OK ? 0 : 1;
}

static int
make_directory(void **state)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	(void)state;
	strcpy(directory, "/tmp/latchkey-unit-XXXXXX");
	if (len <= 0 || mkdtemp(directory) == NULL)
		return -1;
	exe[len] = '\0';
	/* A command's path has no blank in it, which that of a build may. */
	snprintf(self, sizeof(self), "%s/self", directory);
	if (symlink(exe, self) != 0)
		return -1;
	snprintf(output, sizeof(output), "%s/output", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(output);
	unlink(self);
	return rmdir(directory);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT(words),
		UNIT(arrives),
		UNIT(endings),
		UNIT(hangs),
		UNIT(kills_what_it_started),
		UNIT(not_there),
		UNIT(has_nothing_of_ours),
		UNIT(where_children_are_ignored),
		UNIT(where_the_first_are_closed),
	};

	if (argc == 3 && strcmp(argv[1], "run") == 0)
		return run_given(argv[2]);
	if (argc > 1)
		return command(argc, argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
