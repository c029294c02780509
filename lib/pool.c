#include "pool.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_SIZE = 16 * 1024
};

struct chunk {
	struct chunk *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

struct pool {
	struct chunk
	    *newest; /* the first chunk of all stays when it is reset */
};

static struct chunk *
chunk_new(size_t size, struct chunk *next)
{
	struct chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = malloc(sizeof(*chunk) + size);
	if (chunk != NULL)
		*chunk = (struct chunk){ .next = next, .size = size };
	return chunk;
}

struct pool *
pool_new(void)
{
	struct pool *pool = malloc(sizeof(*pool));

	if (pool == NULL)
		return NULL;
	pool->newest = chunk_new(CHUNK_SIZE, NULL);
	if (pool->newest == NULL) {
		free(pool);
		return NULL;
	}
	return pool;
}

void
pool_reset(struct pool *pool)
{
	struct chunk *chunk = pool->newest;

	while (chunk->next != NULL) {
		struct chunk *next = chunk->next;

		explicit_bzero(chunk->bytes, chunk->used);
		free(chunk);
		chunk = next;
	}
	explicit_bzero(chunk->bytes, chunk->used);
	chunk->used = 0;
	pool->newest = chunk;
}

void
pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	pool_reset(pool);
	free(pool->newest);
	free(pool);
}

/* ${size} is at most SIZE_MAX - alignof(max_align_t). */
static size_t
aligned(size_t size)
{
	size_t unit = alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

/* The next ${size} bytes, which are there: chunks end on a unit. */
static void *
take(struct chunk *chunk, size_t size)
{
	void *mem = chunk->bytes + chunk->used;

	chunk->used += aligned(size);
	return mem;
}

void *
pool_alloc(struct pool *pool, size_t size)
{
	struct chunk *chunk = pool->newest;

	if (size > SIZE_MAX - alignof(max_align_t))
		return NULL;
	if (aligned(size) > chunk->size - chunk->used) {
		chunk = chunk_new(size > CHUNK_SIZE ? aligned(size)
						    : CHUNK_SIZE,
		    chunk);
		if (chunk == NULL)
			return NULL;
		pool->newest = chunk;
	}
	return memset(take(chunk, size), 0, size);
}

char *
pool_copy(struct pool *pool, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? pool_alloc(pool, len + 1) : NULL;

	if (copy != NULL && len > 0)
		memcpy(copy, text, len);
	return copy;
}

/* Into what is left of the newest chunk; only what is longer is printed twice.
 */
char *
pool_printf(struct pool *pool, const char *format, ...)
{
	struct chunk *chunk = pool->newest;
	char *text = (char *)chunk->bytes + chunk->used;
	size_t left = chunk->size - chunk->used;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, left, format, args);
	va_end(args);
	if (len < 0)
		return NULL;
	if ((size_t)len < left)
		return take(chunk, (size_t)len + 1);
	text = pool_alloc(pool, (size_t)len + 1);
	if (text != NULL) {
		va_start(args, format);
		vsnprintf(text, (size_t)len + 1, format, args);
		va_end(args);
	}
	return text;
}
