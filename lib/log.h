#ifndef LATCHKEY_LOG_H
#define LATCHKEY_LOG_H

/*
 * One line an event, to file descriptor 2, which web servers make their
 * error log.  A line is written by one write(2) and cannot be forged: every
 * byte outside printable ASCII, and the backslash, becomes \xNN.
 */

enum {
	LOG_LINE_MAX = 1000
}; /* bytes; a longer line ends in "..." */

/* Whom an event is about; NULL or "" prints as "-". */
struct log_who {
	const char *user_id, *session_id, *client_ip;
};

/* Name this program in every line; ${program} is kept, not copied. */
void log_open(const char *program);

/*
 * Something for the operator to mend:
 *   2026-01-31T23:59:59.123Z latchkey login error: TEXT
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Something that happened to an account.  ${event} is one of the words that
 * the README lists:
 *   2026-01-31T23:59:59.123Z latchkey login event=EVENT user=ID session=ID ip=A
 */
void log_event(const char *event, const struct log_who *who);

#endif
