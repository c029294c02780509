#ifndef LATCHKEY_MAIL_ADDRESS_H
#define LATCHKEY_MAIL_ADDRESS_H

#include "email.h"
#include "rc.h"

/* Whom a mail comes from. */

enum {
	MAIL_NAME_MAX = 200,
	MAIL_NAME_SIZE = MAIL_NAME_MAX + 1
}; /* bytes */

struct mail_address {
	char name[MAIL_NAME_SIZE]; /* UTF-8; "" is none */
	char email[EMAIL_SIZE];	   /* as it was written: in no lower case */
};

/*
 * Read ${text}: "noreply@example.org", "Example <noreply@example.org>" or
 * "\"Example\" <noreply@example.org>".  RC_INVALID: the address is none that
 * email_normalize() takes, or the name is too long, is not UTF-8, or holds a
 * control character, "<" or ">".
 */
enum rc
mail_address_read(const char *text, struct mail_address *out) MUST_CHECK;

#endif
