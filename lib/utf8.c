#include "utf8.h"

static bool
in_range(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* The table of RFC 3629, 4; only the second byte has odd ranges. */
size_t
utf8_char_len(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned char low = 0x80, high = 0xbf;
	size_t need;

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (in_range(s[0], 0xc2, 0xdf))
		need = 2;
	else if (in_range(s[0], 0xe0, 0xef))
		need = 3;
	else if (in_range(s[0], 0xf0, 0xf4))
		need = 4;
	else
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (len < need || !in_range(s[1], low, high))
		return 0;
	for (size_t i = 2; i < need; i++)
		if (!in_range(s[i], 0x80, 0xbf))
			return 0;
	return need;
}

bool
utf8_is_valid(const char *text, size_t len)
{
	while (len > 0) {
		size_t n = utf8_char_len(text, len);

		if (n == 0)
			return false;
		text += n;
		len -= n;
	}
	return true;
}

size_t
utf8_count(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}
