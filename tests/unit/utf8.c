#include "utf8.h"

#include "unit.h"

/* RFC 3629, 4: the edges of each range, and what lies just outside. */
static const struct {
	const char *row, *bytes;
	size_t char_len;
} chars[] = {
	{ "U+0001", "\x01", 1 },
	{ "U+007F", "\x7f", 1 },
	{ "a tail alone, lowest", "\x80", 0 },
	{ "a tail alone, highest", "\xbf", 0 },
	{ "overlong NUL", "\xc0\x80", 0 },
	{ "overlong U+007F", "\xc1\xbf", 0 },
	{ "U+0080", "\xc2\x80", 2 },
	{ "U+07FF", "\xdf\xbf", 2 },
	{ "two, no tail", "\xc2", 0 },
	{ "two, tail too low", "\xc2\x7f", 0 },
	{ "two, tail too high", "\xc2\xc0", 0 },
	{ "overlong U+07FF", "\xe0\x9f\xbf", 0 },
	{ "U+0800", "\xe0\xa0\x80", 3 },
	{ "U+0FFF", "\xe0\xbf\xbf", 3 },
	{ "U+1000", "\xe1\x80\x80", 3 },
	{ "U+CFFF", "\xec\xbf\xbf", 3 },
	{ "U+D7FF, before the surrogates", "\xed\x9f\xbf", 3 },
	{ "U+D800, first surrogate", "\xed\xa0\x80", 0 },
	{ "U+DFFF, last surrogate", "\xed\xbf\xbf", 0 },
	{ "U+E000, after the surrogates", "\xee\x80\x80", 3 },
	{ "U+FFFD", "\xef\xbf\xbd", 3 },
	{ "U+FFFF, a noncharacter", "\xef\xbf\xbf", 3 },
	{ "three, one tail", "\xe1\x80", 0 },
	{ "three, second tail bad", "\xe1\x80\x7f", 0 },
	{ "three, second tail too high", "\xe1\x80\xc0", 0 },
	{ "overlong U+FFFF", "\xf0\x8f\xbf\xbf", 0 },
	{ "U+10000", "\xf0\x90\x80\x80", 4 },
	{ "U+3FFFF", "\xf0\xbf\xbf\xbf", 4 },
	{ "U+40000", "\xf1\x80\x80\x80", 4 },
	{ "U+FFFFF", "\xf3\xbf\xbf\xbf", 4 },
	{ "U+10FFFF", "\xf4\x8f\xbf\xbf", 4 },
	{ "U+110000", "\xf4\x90\x80\x80", 0 },
	{ "four, two tails", "\xf1\x80\x80", 0 },
	{ "four, third tail bad", "\xf1\x80\x80\x7f", 0 },
	{ "F5", "\xf5\x80\x80\x80", 0 },
	{ "five bytes", "\xf8\x88\x80\x80\x80", 0 },
	{ "six bytes", "\xfc\x84\x80\x80\x80\x80", 0 },
	{ "FE", "\xfe", 0 },
	{ "FF", "\xff", 0 },
};

static void
characters(void)
{
	for (size_t i = 0; i < LENGTH_OF(chars); i++) {
		size_t len = strlen(chars[i].bytes);

		SAME_INT(chars[i].row, utf8_char_len(chars[i].bytes, len),
		    chars[i].char_len);
		SAME_INT(chars[i].row, utf8_is_valid(chars[i].bytes, len),
		    chars[i].char_len == len);
	}
}

/* The same characters, cut at every byte before their end. */
static void
cut_characters(void)
{
	for (size_t i = 0; i < LENGTH_OF(chars); i++)
		for (size_t cut = 0; cut < chars[i].char_len; cut++)
			SAME_INT(chars[i].row,
			    utf8_char_len(chars[i].bytes, cut), 0);
}

static void
texts(void)
{
	static const struct {
		const char *row, *bytes;
		bool valid;
		size_t count;
	} rows[] = {
		{ "empty", "", true, 0 },
		{ "ASCII", "12345", true, 5 },
		/* RFC 3629, 7. */
		{ "A<NOT IDENTICAL TO><ALPHA>.", "\x41\xe2\x89\xa2\xce\x91\x2e",
		    true, 4 },
		{ "Korean hangugeo", "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4",
		    true, 3 },
		{ "Japanese nihongo", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		    true, 3 },
		{ "U+233B4 behind a BOM", "\xef\xbb\xbf\xf0\xa3\x8e\xb4", true,
		    2 },
		{ "a letter and its accent apart", "e\xcc\x81", true, 2 },
		{ "CESU-8 surrogates", "\xed\xa0\x81\xed\xb0\x80", false, 0 },
		{ "good, then a tail", "abc\x80", false, 0 },
		{ "good, then a cut one", "abc\xe2\x89", false, 0 },
		{ "Latin-1", "p\xe4sswort", false, 0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		SAME_INT(rows[i].row,
		    utf8_is_valid(rows[i].bytes, strlen(rows[i].bytes)),
		    rows[i].valid);
		if (rows[i].valid)
			SAME_INT(rows[i].row, utf8_count(rows[i].bytes),
			    rows[i].count);
	}
	HOLDS("a NUL is a character", utf8_is_valid("a\0b", 3));
	SAME_INT("a NUL is a character", utf8_char_len("\0", 1), 1);
}

/* Of all four-byte starts, as many as there are code points. */
static void
code_points_are_complete(void)
{
	size_t sizes[5] = { 0 };

	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++)
			for (unsigned c = 0x70; c < 0xd0; c++) {
				char s[4] = { (char)a, (char)b, (char)c,
					(char)0x80 };

				sizes[utf8_char_len(s, 4)]++;
			}
	SAME_INT("one byte", sizes[1], 128 * 256 * 0x60);
	SAME_INT("two bytes", sizes[2], (0x800 - 0x80) * 0x60);
	SAME_INT("three bytes", sizes[3], 0x10000 - 0x800 - 0x800);
	SAME_INT("four bytes", sizes[4], 0x100000 / 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(characters),
		UNIT(cut_characters),
		UNIT(texts),
		UNIT(code_points_are_complete),
	};

	return UNIT_MAIN(tests);
}
