#ifndef LATCHKEY_POOL_H
#define LATCHKEY_POOL_H

#include <stddef.h>

/*
 * Memory that lives as long as one request.  Nothing taken from a pool is
 * freed by itself; pool_reset() overwrites all of it and takes it back.
 */
struct pool;

/* A new, empty pool, or NULL without memory.  pool_free() ends it. */
struct pool *pool_new(void);
void pool_free(struct pool *pool);

/* Wipe everything handed out and start again; pointers into it are dead. */
void pool_reset(struct pool *pool);

/* ${size} zeroed bytes, aligned for any type; NULL without memory. */
void *pool_alloc(struct pool *pool, size_t size);

/* NUL-terminated copies; NULL without memory. */
char *pool_copy(struct pool *pool, const char *text, size_t len);
char *pool_printf(struct pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
