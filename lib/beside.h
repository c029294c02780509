#ifndef LATCHKEY_BESIDE_H
#define LATCHKEY_BESIDE_H

#include "pool.h"

/*
 * The directory that holds the programs, "/x/cgi-bin" for /x/cgi-bin/login.
 * From ${pool}; NULL without memory.
 */
char *programs_directory(struct pool *pool);

/*
 * The path of what lies beside the directory that holds the programs:
 * "/x/NAME" for the program /x/cgi-bin/login.  From ${pool}; NULL without
 * memory.
 */
char *beside_programs(struct pool *pool, const char *name);

#endif
