#include "unit.h"

#include <signal.h>
#include <sys/wait.h>

#include "workers.h"

static void
wanted(void)
{
	static const struct {
		const char *row, *text;
		int count;
	} rows[] = {
		{ "not set", NULL, 1 },
		{ "one", "1", 1 },
		{ "several", "8", 8 },
		{ "as many as there can be", "64", WORKERS_MAX },
		{ "one more", "65", 1 },
		{ "none", "0", 1 },
		{ "less than none", "-1", 1 },
		{ "no number", "many", 1 },
		{ "a number and more", "8x", 1 },
		{ "nothing", "", 1 },
		{ "no int", "4294967298", 1 },
		{ "no long", "99999999999999999999", 1 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		if (rows[i].text != NULL)
			setenv("LATCHKEY_PROCESSES", rows[i].text, 1);
		else
			unsetenv("LATCHKEY_PROCESSES");
		SAME_INT(rows[i].row, workers_wanted(), rows[i].count);
	}
	unsetenv("LATCHKEY_PROCESSES");
}

/* A parent of three workers that tell their pids and then wait. */
static pid_t
start_parent(void (*on_child)(int), int *pids)
{
	int ends[2];
	pid_t parent;

	if (pipe(ends) != 0)
		abort();
	parent = fork();
	if (parent == 0) {
		close(ends[0]);
		signal(SIGCHLD, on_child);
		if (workers_start(3)) {
			pid_t own = getpid();

			if (write(ends[1], &own, sizeof(own)) < 0)
				_exit(1);
			for (;;)
				pause();
		}
		_exit(0);
	}
	close(ends[1]);
	*pids = ends[0];
	return parent;
}

/* Of one more worker; 0: there is none any more. */
static pid_t
next_pid(int pids)
{
	pid_t pid = 0;

	return read(pids, &pid, sizeof(pid)) == (ssize_t)sizeof(pid) ? pid : 0;
}

static void
start_and_end(int signal_number, void (*on_child)(int))
{
	int pids, status = -1;
	pid_t parent = start_parent(on_child, &pids), seen[4];

	for (int i = 0; i < 3; i++)
		seen[i] = next_pid(pids);
	HOLDS("three", seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
	HOLDS("three processes", seen[0] != seen[1] && seen[1] != seen[2] &&
				     seen[0] != seen[2] && seen[0] != parent);
	kill(seen[1], SIGKILL);
	seen[3] = next_pid(pids);
	HOLDS("one that is killed has a successor",
	    seen[3] > 0 && seen[3] != seen[1]);
	kill(parent, signal_number);
	SAME_INT("the parent ends", waitpid(parent, &status, 0), parent);
	HOLDS("well", WIFEXITED(status) && WEXITSTATUS(status) == 0);
	SAME_INT("after all workers", next_pid(pids), 0);
	close(pids);
}

static void
told_to_end(void)
{
	start_and_end(SIGTERM, SIG_DFL);
	start_and_end(SIGUSR1, SIG_DFL);
}

/* As some servers start what they start. */
static void
children_ignored(void)
{
	start_and_end(SIGTERM, SIG_IGN);
}

static void
alone(void)
{
	HOLDS("one has no parent", workers_start(1));
	HOLDS("and is nobody's", waitpid(-1, NULL, WNOHANG) == -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(wanted),
		UNIT(told_to_end),
		UNIT(children_ignored),
		UNIT(alone),
	};

	return UNIT_MAIN(tests);
}
