#ifndef LATCHKEY_CONFIG_CHECK_H
#define LATCHKEY_CONFIG_CHECK_H

#include "config.h"
#include "pool.h"

/*
 * Check what no setting shows by itself: whether those of ${config} go
 * together, and whether what they name is there.  A default that rests on
 * another setting is filled in, and a file's relative path is made one from
 * the directory of the settings file on, their text from ${pool}.
 *
 * RC_INVALID: ${why} says in one line what to mend.  RC_FAULT: memory.
 */
enum rc config_check(struct config *config, struct pool *pool,
    char why[CONFIG_WHY_SIZE]) MUST_CHECK;

#endif
