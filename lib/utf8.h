#ifndef LATCHKEY_UTF8_H
#define LATCHKEY_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above
 * U+10FFFF.
 */

/* Bytes of the well-formed character at ${text}, of ${len} bytes; else 0. */
size_t utf8_char_len(const char *text, size_t len);

bool utf8_is_valid(const char *text, size_t len);

/* Number of code points in NUL-terminated, valid ${text}. */
size_t utf8_count(const char *text);

#endif
