#ifndef LATCHKEY_MAIL_COMMAND_H
#define LATCHKEY_MAIL_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "rc.h"

/* The program that takes mails and delivers them: sendmail, or one like it. */

enum {
	MAIL_COMMAND_MAX = 1000, /* bytes */
	MAIL_COMMAND_WORDS_MAX = 32,
	MAIL_COMMAND_LIMIT_MS = 60 * 1000
};

/*
 * Whether ${command} is a program's full path and perhaps arguments: words
 * with blanks between them, which no shell reads, so that there are no quotes.
 */
bool mail_command_is_valid(const char *command);

/*
 * Start ${command}, write ${message} to its standard input and wait for its
 * end, all of that in ${limit_ms}; then it is killed.  Addresses are in the
 * message alone: an argument that somebody chose could be an option.
 *
 * RC_OK: it ended with 0, which is its word that it has the mail.  Else
 * RC_UNAVAILABLE, logged with what is known, but never the message.  What it
 * prints goes nowhere, for that often holds addresses; its own log has them.
 */
enum rc mail_command_run(const char *command, const char *message,
    int64_t limit_ms) MUST_CHECK;

#endif
