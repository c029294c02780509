#include "workers.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

enum {
	PAUSE_S = 1
}; /* between two starts in one place, should programs end at once */

/* One place for each worker. */
struct workers {
	pid_t pids[WORKERS_MAX]; /* 0: nobody */
	int64_t started_ms[WORKERS_MAX];
	int count;
};

int
workers_wanted(void)
{
	const char *text = getenv("LATCHKEY_PROCESSES");
	char *end;
	long count;

	if (text == NULL)
		return 1;
	errno = 0;
	count = strtol(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && count >= 1 &&
	    count <= WORKERS_MAX)
		return (int)count;
	log_error("LATCHKEY_PROCESSES, in the web server's configuration, "
		  "must be a number from 1 to %d",
	    WORKERS_MAX);
	return 1;
}

static bool
may_start(const struct workers *w, int place)
{
	return w->pids[place] == 0 &&
	       (w->started_ms[place] == 0 ||
		   clock_steady_ms() - w->started_ms[place] >= PAUSE_S * 1000);
}

/* False: this is a worker. */
static bool
start_missing(struct workers *w)
{
	for (int i = 0; i < w->count; i++) {
		if (!may_start(w, i))
			continue;
		w->started_ms[i] = clock_steady_ms();
		w->pids[i] = fork();
		if (w->pids[i] == 0)
			return false;
		if (w->pids[i] < 0) {
			log_error("cannot start a process: %s",
			    strerror(errno));
			w->pids[i] = 0;
		}
	}
	return true;
}

static void
begin_work(pid_t parent, const sigset_t *before)
{
	prctl(PR_SET_NAME, program_invocation_short_name);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) /* it ended before that */
		exit(EXIT_SUCCESS);
	sigprocmask(SIG_SETMASK, before, NULL);
}

static void
bury(struct workers *w)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (int i = 0; i < w->count; i++)
			if (w->pids[i] == pid)
				w->pids[i] = 0;
}

static void
end_all(const struct workers *w)
{
	for (int i = 0; i < w->count; i++)
		if (w->pids[i] != 0)
			kill(w->pids[i], SIGTERM);
}

static int
how_many(const struct workers *w)
{
	int n = 0;

	for (int i = 0; i < w->count; i++)
		n += w->pids[i] != 0;
	return n;
}

bool
workers_start(int count)
{
	const struct timespec pause = { .tv_sec = PAUSE_S };
	struct workers w = { .count = count };
	pid_t parent = getpid();
	sigset_t watched, before;
	bool ending = false;

	if (count == 1)
		return true;
	signal(SIGCHLD, SIG_DFL); /* or there would be nobody to wait for */
	sigemptyset(&watched);
	sigaddset(&watched, SIGTERM);
	sigaddset(&watched, SIGUSR1);
	sigaddset(&watched, SIGCHLD);
	sigprocmask(SIG_BLOCK, &watched, &before);
	prctl(PR_SET_NAME, WORKERS_PARENT);
	do {
		int told;

		if (!ending && !start_missing(&w)) {
			begin_work(parent, &before);
			return true;
		}
		told = how_many(&w) == count && !ending
			   ? sigwaitinfo(&watched, NULL)
			   : sigtimedwait(&watched, NULL, &pause);
		ending = ending || told == SIGTERM || told == SIGUSR1;
		bury(&w);
		/* And again: libfcgi misses what comes just before accept(). */
		if (ending)
			end_all(&w);
	} while (!ending || how_many(&w) > 0);
	return false;
}
