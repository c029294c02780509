#ifndef LATCHKEY_CONFIG_FILE_H
#define LATCHKEY_CONFIG_FILE_H

#include "config.h"
#include "pool.h"

/* Takes one setting of the file; both texts live as long as the pool. */
typedef void
config_file_take_fn(const char *name, const char *value, void *arg);

/*
 * Read the settings file at ${path}; NULL means the first there is of
 * latchkey.env beside the directory that holds the program, and
 * latchkey/latchkey.env in any directory above, from the program upwards, which
 * alone may be missing.  Up there others have files too: the directory latchkey
 * has to be root's, of the program's owner or of the user it runs as.
 *
 * The file must be a regular one of at most 64 KiB that not everybody can read
 * or write, in lines as env_file.h has them; each setting goes to ${take}, in
 * their order.
 *
 * *read is the path of the file that was read, from ${pool}; where there is
 * none, it stays as it was.  RC_INVALID: ${why} says in one line what to mend.
 * RC_FAULT: memory.
 */
enum rc
config_file_read(const char *path, struct pool *pool, config_file_take_fn *take,
    void *arg, const char **read, char why[CONFIG_WHY_SIZE]) MUST_CHECK;

#endif
