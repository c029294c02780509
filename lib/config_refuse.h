#ifndef LATCHKEY_CONFIG_REFUSE_H
#define LATCHKEY_CONFIG_REFUSE_H

#include "config.h"

/* Write into ${why}, in one line of ASCII, what to mend; returns RC_INVALID. */
enum rc config_refuse(char why[CONFIG_WHY_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
