#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	FIRST_SIZE = 4096
};

/* Room for ${len} bytes more and a NUL. */
static bool
reserve(struct buffer *b, size_t len)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST_SIZE;
	char *bytes;

	if (b->failed || len > BUFFER_MAX - b->len) {
		b->failed = true;
		return false;
	}
	while (cap <= b->len + len)
		cap *= 2;
	if (cap == b->cap)
		return true;
	bytes = pool_alloc(b->mem, cap);
	if (bytes == NULL) {
		b->failed = true;
		return false;
	}
	if (b->len > 0)
		memcpy(bytes, b->bytes, b->len);
	b->bytes = bytes;
	b->cap = cap;
	return true;
}

void
buffer_put(struct buffer *b, const char *bytes, size_t len)
{
	if (!reserve(b, len) || len == 0)
		return;
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
	b->bytes[b->len] = '\0';
}

void
buffer_puts(struct buffer *b, const char *text)
{
	buffer_put(b, text, strlen(text));
}

void
buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0 || !reserve(b, (size_t)len)) {
		b->failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf(b->bytes + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

const char *
buffer_text(struct buffer *b)
{
	return reserve(b, 0) ? b->bytes : NULL;
}
