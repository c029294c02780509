#ifndef LATCHKEY_EMAIL_H
#define LATCHKEY_EMAIL_H

#include "rc.h"

enum {
	EMAIL_MAX = 254,
	EMAIL_SIZE = EMAIL_MAX + 1
}; /* RFC 5321, 4.5.3.1.3 */

/*
 * Check ${text} against the HTML standard's rule for input type=email and
 * write its lower-case form to ${out}, under which addresses are stored and
 * compared.  ASCII only, whatever the locale.  Else RC_EMAIL_INVALID.
 */
enum rc email_normalize(const char *text, char out[EMAIL_SIZE]) MUST_CHECK;

#endif
