#ifndef LATCHKEY_MAIL_ENCODE_H
#define LATCHKEY_MAIL_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

/* Text of any kind as lines of at most 76 ASCII characters (MIME). */

enum {
	MAIL_LINE_MAX = 76
};

/*
 * Whether ${text} is UTF-8 without control characters, but for line feeds
 * where ${lines} says so.
 */
bool mail_text_is_clean(const char *text, bool lines);

/*
 * ${text} as quoted-printable (RFC 2045, 6.7), ending in a line feed.  No
 * line begins with "." or "From ", which programs on the way alter, and "=_"
 * comes nowhere.
 */
void mail_put_quoted_printable(struct buffer *out, const char *text);

/*
 * Clean ${text} of UTF-8 as encoded-words (RFC 2047), folded, where the line
 * already holds ${column} characters.
 */
void
mail_put_encoded_words(struct buffer *out, const char *text, size_t column);

#endif
