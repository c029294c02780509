#ifndef LATCHKEY_BLOCKLIST_H
#define LATCHKEY_BLOCKLIST_H

#include <stdbool.h>

#include "rc.h"

/*
 * A file of passwords that nobody may choose, for they are the first ones
 * that are tried.  One a line, in ASCII lower case, sorted by bytes:
 *
 *	LC_ALL=C tr A-Z a-z <yours | LC_ALL=C sort -u >list
 *
 * Lines end in LF or CR LF, the last one perhaps in neither; they may be of
 * any length, and hold any bytes.  What is not sorted, or has a capital
 * letter in it, is not always found; nothing worse happens.  A new list takes
 * the place of an old one by mv(1), or some are missed in the meantime.
 */

/*
 * RC_PASSWORD_COMMON when ${password}, in whatever case its ASCII letters
 * are, is on the list in ${file}; RC_OK when it is not, when it is longer than
 * PASSWORD_MAX, and when ${file} is "".  The file is halved again and again,
 * at two small reads each time (more where a line is over 512 bytes), and not
 * read as a whole.
 *
 * RC_FAULT, logged: the file cannot be read.  A list that is gone lets nobody
 * choose a password, rather than everybody any.
 */
enum rc blocklist_check(const char *file, const char *password) MUST_CHECK;

/* Whether ${file} is a regular file and opens; else errno says why not. */
bool blocklist_is_readable(const char *file);

#endif
