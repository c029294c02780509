#ifndef LATCHKEY_BUFFER_H
#define LATCHKEY_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "pool.h"

/*
 * A text that grows in a pool, which also wipes it.  What does not fit is not
 * written, and nothing after it either; buffer_text() tells in the end.
 */

enum {
	BUFFER_MAX = 1024 * 1024
}; /* bytes */

struct buffer {
	struct pool *mem; /* the only member to set; the others begin at 0 */
	char *bytes;
	size_t len, cap;
	bool failed;
};

void buffer_put(struct buffer *buffer, const char *bytes, size_t len);
void buffer_puts(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * What was written, with a NUL behind it, in the pool.  NULL: it was more
 * than BUFFER_MAX bytes, or there was no memory.
 */
const char *buffer_text(struct buffer *buffer);

#endif
