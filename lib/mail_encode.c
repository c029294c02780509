#include "mail_encode.h"

#include <openssl/evp.h>
#include <string.h>

#include "utf8.h"

static const char word_head[] = "=?UTF-8?B?", word_tail[] = "?=";

enum {
	WORD_MAX = 75, /* RFC 2047, 2 */
	/* What goes into one such word: base64 makes four of three. */
	WORD_BYTES_MAX = (WORD_MAX -
			     (sizeof(word_head) + sizeof(word_tail) - 2)) /
			 4 * 3
};

bool
mail_text_is_clean(const char *text, bool lines)
{
	if (!utf8_is_valid(text, strlen(text)))
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		bool control = (unsigned char)*c < 0x20 || *c == 0x7f;
		/* U+0080 to U+009F: controls, too. */
		bool c1 = *c == '\xc2' && (unsigned char)c[1] < 0xa0;

		if (c1 || (control && !(lines && *c == '\n')))
			return false;
	}
	return true;
}

/* Whether the character at ${text} may stand there as it is. */
static bool
is_plain(const char *text, bool first)
{
	char c = *text;

	if (c == ' ')
		return text[1] != '\n' && text[1] != '\0';
	if (first && (c == '.' || strncmp(text, "From ", 5) == 0))
		return false;
	return c > ' ' && c < 0x7f && c != '=';
}

void
mail_put_quoted_printable(struct buffer *out, const char *text)
{
	size_t column = 0;

	for (; *text != '\0'; text++) {
		bool plain = is_plain(text, column == 0);
		size_t width = plain ? 1 : 3;

		if (*text == '\n') {
			buffer_puts(out, "\n");
			column = 0;
			continue;
		}
		if (column + width >= MAIL_LINE_MAX) {
			buffer_puts(out, "=\n");
			column = 0;
			plain = is_plain(text, true);
			width = plain ? 1 : 3;
		}
		if (plain)
			buffer_put(out, text, 1);
		else
			buffer_printf(out, "=%02X", (unsigned char)*text);
		column += width;
	}
	if (column > 0)
		buffer_puts(out, "\n");
}

/* As many bytes as are whole characters and at most ${max}. */
static size_t
whole_chars(const char *text, size_t len, size_t max)
{
	size_t taken = 0;

	for (;;) {
		size_t next = utf8_char_len(text + taken, len - taken);

		if (next == 0 || taken + next > max)
			return taken;
		taken += next;
	}
}

static void
put_word(struct buffer *out, const char *bytes, size_t len)
{
	unsigned char base64[WORD_BYTES_MAX / 3 * 4 + 1];

	EVP_EncodeBlock(base64, (const unsigned char *)bytes, (int)len);
	buffer_printf(out, "%s%s%s", word_head, (const char *)base64,
	    word_tail);
}

void
mail_put_encoded_words(struct buffer *out, const char *text, size_t column)
{
	size_t left = strlen(text);
	size_t frame = sizeof(word_head) + sizeof(word_tail) - 2;

	while (left > 0) {
		size_t room = (MAIL_LINE_MAX - column - frame) / 4 * 3;
		size_t len = whole_chars(text, left,
		    room < WORD_BYTES_MAX ? room : WORD_BYTES_MAX);

		put_word(out, text, len);
		text += len;
		left -= len;
		if (left > 0)
			buffer_puts(out, "\n ");
		column = 1;
	}
}
