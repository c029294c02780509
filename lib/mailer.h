#ifndef LATCHKEY_MAILER_H
#define LATCHKEY_MAILER_H

#include "config.h"

/*
 * Send the mails that are due, and those whose time has come to be tried
 * again, in a process of its own that nobody waits for.  What cannot be sent
 * is logged and stays in the table codes for the next time.
 */
void mailer_start(const struct config *config);

#endif
