#include "mail_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

enum {
	STEP_MS = 20, /* how soon its end is seen */
	ENV_SIZE = 300
};

/* MAIL_COMMAND in words, the last one NULL. */
struct words {
	char text[MAIL_COMMAND_MAX + 1];
	char *argv[MAIL_COMMAND_WORDS_MAX + 1];
};

/* What of this process a running command needs otherwise. */
struct signals {
	struct sigaction pipe, child;
};

/* A running command. */
struct run {
	const char *name, *message;
	pid_t pid;
	int fd; /* its standard input; -1: all is written, or nobody reads */
	int64_t limit_ms, deadline_ms;
};

static bool
split(const char *command, struct words *out)
{
	size_t count = 0;
	char *rest = out->text;

	if (strlen(command) > MAIL_COMMAND_MAX)
		return false;
	strcpy(out->text, command);
	while (rest != NULL) {
		char *word = strsep(&rest, " \t");

		if (*word == '\0')
			continue;
		if (count == MAIL_COMMAND_WORDS_MAX)
			return false;
		out->argv[count++] = word;
	}
	out->argv[count] = NULL;
	return count > 0 && out->argv[0][0] == '/';
}

bool
mail_command_is_valid(const char *command)
{
	struct words words;

	for (const char *c = command; *c != '\0'; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return false;
	return split(command, &words);
}

/*
 * SIGPIPE: it may end before it has read all.  SIGCHLD: where a web server
 * has it ignored, there would be nothing to wait for.
 */
static void
signals_set(struct signals *before)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction standard = { .sa_handler = SIG_DFL };

	sigaction(SIGPIPE, &ignore, &before->pipe);
	sigaction(SIGCHLD, &standard, &before->child);
}

static void
signals_restore(const struct signals *before)
{
	sigaction(SIGPIPE, &before->pipe, NULL);
	sigaction(SIGCHLD, &before->child, NULL);
}

/* "HOME=/home/u" as it is here; what is missing or too long is left out. */
static void
keep_variable(const char *name, char out[ENV_SIZE], char **env, size_t *count)
{
	const char *value = getenv(name);

	if (value == NULL ||
	    snprintf(out, ENV_SIZE, "%s=%s", name, value) >= ENV_SIZE)
		return;
	env[(*count)++] = out;
}

/*
 * Standard input is ${fd}, the other two go nowhere, and nothing else is
 * open: not the connection to the database, not the web server's sockets.  A
 * group of its own makes what it starts end with it.
 */
static int
spawn_in(posix_spawn_file_actions_t *files, posix_spawnattr_t *attr, int fd,
    char *const *argv, char *const *env, pid_t *pid)
{
	const short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
			    POSIX_SPAWN_SETPGROUP;
	sigset_t none, standard;
	int error = 0;

	sigemptyset(&none);
	sigemptyset(&standard);
	sigaddset(&standard, SIGPIPE);
	sigaddset(&standard, SIGCHLD);
	error |= posix_spawn_file_actions_adddup2(files, fd, 0);
	error |= posix_spawn_file_actions_addopen(files, 1, "/dev/null",
	    O_WRONLY, 0);
	error |= posix_spawn_file_actions_adddup2(files, 1, 2);
	error |= posix_spawn_file_actions_addclosefrom_np(files, 3);
	error |= posix_spawnattr_setsigmask(attr, &none);
	error |= posix_spawnattr_setsigdefault(attr, &standard);
	error |= posix_spawnattr_setpgroup(attr, 0);
	error |= posix_spawnattr_setflags(attr, flags);
	if (error != 0)
		return ENOMEM;
	return posix_spawn(pid, argv[0], files, attr, argv, env);
}

/*
 * Its environment is not this process's, where a web server puts the cookies
 * of the request.  HOME, USER and LOGNAME are where programs like msmtp look
 * for their settings.
 */
static int
spawn(int fd, char *const *argv, pid_t *pid)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			     "/usr/bin:/sbin:/bin";
	char home[ENV_SIZE], user[ENV_SIZE], logname[ENV_SIZE];
	char *env[5] = { path };
	size_t count = 1;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int error;

	keep_variable("HOME", home, env, &count);
	keep_variable("USER", user, env, &count);
	keep_variable("LOGNAME", logname, env, &count);
	if (posix_spawn_file_actions_init(&files) != 0)
		return ENOMEM;
	error = posix_spawnattr_init(&attr);
	if (error == 0) {
		error = spawn_in(&files, &attr, fd, argv, env, pid);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/*
 * Two ends of a pipe.  Neither is 0, 1 or 2, even where a web server left
 * those closed: what is opened below would take their place.
 */
static bool
open_pipe(int ends[2])
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
		close(low[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0 &&
	    fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
		return true;
	close(ends[0]);
	close(ends[1]);
	return false;
}

static bool
start(struct run *run, const struct words *words)
{
	int ends[2], error;

	if (!open_pipe(ends)) {
		log_error("mail: no pipe: %s", strerror(errno));
		return false;
	}
	error = spawn(ends[0], words->argv, &run->pid);
	close(ends[0]);
	if (error != 0) {
		close(ends[1]);
		log_error("mail: MAIL_COMMAND: %s cannot be started: %s; "
			  "install a mail program that has it, on Debian "
			  "msmtp-mta or postfix, or set MAIL_COMMAND to "
			  "another",
		    run->name, strerror(error));
		return false;
	}
	run->fd = ends[1];
	return true;
}

static void
stop_writing(struct run *run)
{
	if (run->fd >= 0)
		close(run->fd);
	run->fd = -1;
}

/* As much of the message as it takes now. */
static void
feed(struct run *run)
{
	ssize_t written = 0;

	while (run->fd >= 0 && *run->message != '\0') {
		written = write(run->fd, run->message, strlen(run->message));
		if (written < 0)
			break;
		run->message += written;
	}
	if (*run->message == '\0' ||
	    (written < 0 && errno != EAGAIN && errno != EINTR))
		stop_writing(run);
}

/* Until there is more to write, or to look whether it has ended. */
static void
rest(const struct run *run)
{
	struct pollfd waiting = { .fd = run->fd, .events = POLLOUT };

	poll(&waiting, 1, STEP_MS);
}

/* False: it took too long, and is dead now. */
static bool
wait_for_end(struct run *run, int *status)
{
	pid_t ended = 0;

	while (ended == 0) {
		feed(run);
		ended = waitpid(run->pid, status, WNOHANG);
		if (ended == 0 && clock_steady_ms() >= run->deadline_ms)
			break;
		if (ended == 0)
			rest(run);
	}
	stop_writing(run);
	if (ended == 0) {
		kill(-run->pid, SIGKILL);
		while (waitpid(run->pid, status, 0) < 0 && errno == EINTR)
			continue;
	}
	return ended != 0;
}

/* sysexits.h, and what a shell ends with. */
static const char *
explain(int status)
{
	static const struct {
		int status;
		const char *text;
	} rows[] = {
		{ 64, ": it does not know its arguments" },
		{ 65, ": the message or the recipient was refused" },
		{ 67, ": the server does not know the recipient" },
		{ 68, ": the server's or the recipient's host is unknown" },
		{ 69, ": the mail server is away, or refuses for now" },
		{ 73, ": it cannot create a file" },
		{ 74, ": it lost the connection, or cannot use a file" },
		{ 75, ": a temporary trouble" },
		{ 76, ": the mail server says what it does not expect" },
		{ 77, ": not permitted; are user and password right?" },
		{ 78, ": its own configuration is missing or wrong" },
		{ 126, ": a program that it calls cannot be run" },
		{ 127, ": a program that it calls is not there" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			return rows[i].text;
	return "";
}

static enum rc
judge(const struct run *run, bool in_time, int status)
{
	static const char more[] = "no mail was sent; its own log may say more";

	if (!in_time)
		log_error("mail: %s did not end within %lld ms and was "
			  "killed; %s",
		    run->name, (long long)run->limit_ms, more);
	else if (WIFSIGNALED(status))
		log_error("mail: %s was ended by signal %d; %s", run->name,
		    WTERMSIG(status), more);
	else if (WEXITSTATUS(status) != 0)
		log_error("mail: %s ended with status %d%s; %s", run->name,
		    WEXITSTATUS(status), explain(WEXITSTATUS(status)), more);
	else
		return RC_OK;
	return RC_UNAVAILABLE;
}

enum rc
mail_command_run(const char *command, const char *message, int64_t limit_ms)
{
	struct words words;
	struct signals before;
	struct run run = { .message = message,
		.limit_ms = limit_ms,
		.deadline_ms = clock_steady_ms() + limit_ms };
	enum rc rc = RC_UNAVAILABLE;
	int status = W_EXITCODE(255, 0); /* until the kernel tells */

	if (!split(command, &words)) {
		log_error("mail: MAIL_COMMAND is no full path of a program");
		return RC_UNAVAILABLE;
	}
	run.name = words.argv[0];
	signals_set(&before);
	if (start(&run, &words)) {
		bool in_time = wait_for_end(&run, &status);

		rc = judge(&run, in_time, status);
	}
	signals_restore(&before);
	return rc;
}
