#ifndef LATCHKEY_MAIL_MESSAGE_H
#define LATCHKEY_MAIL_MESSAGE_H

#include <stdint.h>

#include "mail_address.h"
#include "pool.h"
#include "rc.h"

/*
 * A message as "sendmail -t" reads it: RFC 5322 and MIME (RFC 2045 to 2047),
 * but with a line feed alone at line ends, as Unix text has it.  Mail programs
 * make CR LF of it; some would make CR CR LF of a CR LF.
 */

enum {
	MAIL_RANDOM_SIZE = 16,
	MAIL_SUBJECT_MAX = 500
}; /* bytes */

struct mail_message {
	const struct mail_address *from;
	const char *to;	     /* as email_normalize() takes it, without "=?" */
	const char *subject; /* UTF-8 */
	const char *lang;    /* of what it says: "en" */
	const char *text;    /* UTF-8, lines end in a line feed */
	const char *html;    /* the same as HTML; NULL: text alone */
	int64_t now_ms;	     /* since the epoch */
	unsigned char random[MAIL_RANDOM_SIZE]; /* makes its Message-ID */
};

/*
 * On RC_OK *out is the message, NUL-terminated, in ${mem}; else NULL.
 * RC_FAULT, logged: a value holds what must not be in it (controls, which
 * could make headers; bytes that are not UTF-8; no address), or memory.
 */
enum rc mail_message_compose(const struct mail_message *message,
    struct pool *mem, const char **out) MUST_CHECK;

#endif
