#include "base64url.h"

#include <stdint.h>

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

enum rc
base64url_decode(const char *text, size_t len, unsigned char *out, size_t cap,
    size_t *out_len)
{
	uint32_t bits = 0; /* read and not yet written */
	unsigned held = 0; /* how many of them */

	*out_len = 0;
	if (len % 4 == 1 || len / 4 * 3 + len % 4 * 3 / 4 > cap)
		return RC_INVALID;
	for (size_t i = 0; i < len; i++) {
		int value = digit(text[i]);

		if (value < 0)
			return RC_INVALID;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[(*out_len)++] = (unsigned char)(bits >> held);
			bits &= (1U << held) - 1;
		}
	}
	return bits == 0 ? RC_OK : RC_INVALID;
}
