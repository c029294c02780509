#include "uuid.h"

#include "digest.h"
#include "random.h"

static bool
is_dash_place(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

enum rc
uuid_new(int64_t now_ms, char out[UUID_TEXT_SIZE])
{
	unsigned char uuid[UUID_SIZE];
	enum rc rc = random_bytes(uuid + 6, sizeof(uuid) - 6);

	if (rc != RC_OK)
		return rc;
	for (int i = 0; i < 6; i++)
		uuid[i] = (unsigned char)(now_ms >> (40 - 8 * i));
	uuid[6] = 0x70 | (uuid[6] & 0x0f); /* version */
	uuid[8] = 0x80 | (uuid[8] & 0x3f); /* variant */
	uuid_format(uuid, out);
	return RC_OK;
}

bool
uuid_is_valid(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0' && i < UUID_TEXT_SIZE; i++)
		if (is_dash_place(i) ? text[i] != '-' : !is_hex(text[i]))
			return false;
	return i == UUID_TEXT_SIZE - 1;
}

static unsigned char
nibble(char c)
{
	return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10);
}

enum rc
uuid_parse(const char *text, unsigned char out[UUID_SIZE])
{
	if (!uuid_is_valid(text))
		return RC_INVALID;
	for (size_t i = 0; *text != '\0'; i++) {
		if (*text == '-')
			text++;
		out[i] = (unsigned char)(nibble(text[0]) << 4 |
					 nibble(text[1]));
		text += 2;
	}
	return RC_OK;
}

void
uuid_format(const unsigned char uuid[UUID_SIZE], char out[UUID_TEXT_SIZE])
{
	char hex[2 * UUID_SIZE + 1];
	const char *from = hex;

	digest_hex(uuid, UUID_SIZE, hex);
	for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++)
		out[i] = is_dash_place(i) ? '-' : *from++;
	out[UUID_TEXT_SIZE - 1] = '\0';
}
