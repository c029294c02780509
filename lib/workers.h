#ifndef LATCHKEY_WORKERS_H
#define LATCHKEY_WORKERS_H

#include <stdbool.h>

/*
 * Several processes of one program on one socket, for those that start one:
 * spawn-fcgi and systemd.  They are forked from a parent that has loaded
 * everything and serves nothing, and so share what the dynamic linker wrote,
 * most of a process's own memory.
 *
 * Not for lighttpd, which starts several by itself: should it lose the parent
 * while a worker still has the socket, it takes that for somebody else's and
 * never starts the program again.
 */

enum {
	WORKERS_MAX = 64
};

/* What the parent is called in /proc/PID/comm. */
#define WORKERS_PARENT "latchkey-parent"

/*
 * How many $LATCHKEY_PROCESSES asks for: 1 where it is not set, and, with a
 * line in the log, where it is no number from 1 to WORKERS_MAX.
 */
int workers_wanted(void);

/*
 * Returns true in each of ${count} workers, which then serves the socket that
 * is its standard input.  One that ends has a successor.  The parent stays
 * inside until SIGTERM or SIGUSR1, passes that on, waits until all have
 * answered what they have in hand, and returns false.  Should it be killed,
 * they answer that and end.  With a ${count} of 1 there is no parent: returns
 * true.
 */
bool workers_start(int count);

#endif
