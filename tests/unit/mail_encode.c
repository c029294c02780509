#include "mail_encode.h"

#include "unit.h"

#define UE  "\xc3\xbc"
#define KEY "\xf0\x9f\x94\x91"

static const char *
quoted_printable(const char *text)
{
	struct buffer out = { .mem = unit_mem };

	mail_put_quoted_printable(&out, text);
	return buffer_text(&out);
}

static const char *
encoded_words(const char *text, size_t column)
{
	struct buffer out = { .mem = unit_mem };

	mail_put_encoded_words(&out, text, column);
	return buffer_text(&out);
}

/* No line is too long, and all of it is ASCII that can be seen. */
static void
check_lines(const char *row, const char *text, size_t column)
{
	for (; *text != '\0'; text++) {
		column = *text == '\n' ? 0 : column + 1;
		HOLDS(row, column <= MAIL_LINE_MAX);
		HOLDS(row, *text == '\n' || (*text >= ' ' && *text < 0x7f));
	}
}

static void
clean(void)
{
	static const struct {
		const char *row, *text;
		bool clean, clean_lines;
	} rows[] = {
		{ "empty", "", true, true },
		{ "ASCII", " azAZ09~", true, true },
		{ "UTF-8", UE KEY, true, true },
		{ "line feed", "a\nb", false, true },
		{ "line feed at the end", "a\n", false, true },
		{ "carriage return", "a\rb", false, false },
		{ "CR LF", "a\r\nBcc: b", false, false },
		{ "tab", "a\tb", false, false },
		{ "first control", "\x01", false, false },
		{ "last control", "\x1f", false, false },
		{ "escape", "\x1b[2J", false, false },
		{ "DEL", "\x7f", false, false },
		{ "first C1 control", "\xc2\x80", false, false },
		{ "NEL",
		    "a\xc2\x85"
		    "b",
		    false, false },
		{ "last C1 control", "\xc2\x9f", false, false },
		{ "no-break space", "\xc2\xa0", true, true },
		{ "Latin-1", "\xfc", false, false },
		{ "half a character", "\xc3", false, false },
		{ "a surrogate", "\xed\xa0\x80", false, false },
		{ "a line feed that is too long", "\xc0\x8a", false, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		SAME_INT(rows[i].row, mail_text_is_clean(rows[i].text, false),
		    rows[i].clean);
		SAME_INT(rows[i].row, mail_text_is_clean(rows[i].text, true),
		    rows[i].clean_lines);
	}
}

static void
quotes(void)
{
	static const struct {
		const char *row, *text, *out;
	} rows[] = {
		{ "empty", "", "" },
		{ "a line", "abc\n", "abc\n" },
		{ "no line end", "abc", "abc\n" },
		{ "empty lines", "\n\na\n\n", "\n\na\n\n" },
		{ "all of ASCII",
		    " !\"#$%&'()*+,-./0189:;<>?@AZ[\\]^_`az{|}~\n",
		    " !\"#$%&'()*+,-./0189:;<>?@AZ[\\]^_`az{|}~\n" },
		{ "=", "a=b", "a=3Db\n" },
		{ "=_", "=_latchkey", "=3D_latchkey\n" },
		{ "UTF-8", UE KEY, "=C3=BC=F0=9F=94=91\n" },
		{ "a blank at the line's end", "a \nb \n", "a=20\nb=20\n" },
		{ "a blank at the end", "a ", "a=20\n" },
		{ "two blanks", "a  \n", "a =20\n" },
		{ "a blank alone", " ", "=20\n" },
		{ "blanks at the start", "  a\n", "  a\n" },
		{ "a dot alone", ".\n", "=2E\n" },
		{ "a dot first", ".a\n..\n", "=2Ea\n=2E.\n" },
		{ "dots elsewhere", "a.\n .\n", "a.\n .\n" },
		{ "From ", "From me\n", "=46rom me\n" },
		{ "From later", "a\nFrom me\na From me\n",
		    "a\n=46rom me\na From me\n" },
		{ "Frome", "Frome\n", "Frome\n" },
		{ "From at the end", "From", "From\n" },
		{ "a boundary", "--=_latchkey--\n", "--=3D_latchkey--\n" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_TEXT(rows[i].row, quoted_printable(rows[i].text),
		    rows[i].out);
}

/* What stands behind ${count} times "a". */
static void
quotes_at_the_edge(void)
{
	static const struct {
		size_t count;
		const char *text, *out;
	} rows[] = {
		{ 74, "b", "b\n" },
		{ 75, "b", "=\nb\n" },
		{ 72, UE, "=C3=\n=BC\n" },
		{ 73, UE, "=\n=C3=BC\n" },
		{ 74, " \n", "=\n=20\n" },
		{ 75, " \n", "=\n=20\n" },
		{ 74, " b", " =\nb\n" },
		{ 75, ".", "=\n=2E\n" },
		{ 74, "..", ".=\n=2E\n" },
		{ 75, "From x", "=\n=46rom x\n" },
		{ 74, "From x", "F=\nrom x\n" },
		{ 75, "\n", "\n" },
		{ 75, "", "\n" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem, "%s%s",
		    unit_repeat('a', rows[i].count), rows[i].text);
		const char *out = quoted_printable(text);

		SAME_TEXT(text, out + rows[i].count, rows[i].out);
		check_lines(text, out, 0);
	}
	check_lines("long", quoted_printable(unit_repeat('a', 10000)), 0);
	check_lines("bytes", quoted_printable(unit_repeat('=', 10000)), 0);
	check_lines("dots", quoted_printable(unit_repeat('.', 10000)), 0);
	check_lines("blanks", quoted_printable(unit_repeat(' ', 10000)), 0);
}

static void
words(void)
{
	static const struct {
		const char *row, *text, *out;
	} rows[] = {
		{ "one", UE, "=?UTF-8?B?w7w=?=" },
		{ "ASCII", "=?", "=?UTF-8?B?PT8=?=" },
		{ "45 bytes", "123456789012345678901234567890123456789012345",
		    "=?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"
		    "Nzg5MDEyMzQ1?=" },
		{ "46 bytes", "1234567890123456789012345678901234567890123456",
		    "=?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"
		    "Nzg5MDEyMzQ1?=\n =?UTF-8?B?Ng==?=" },
		{ "no character is cut",
		    "12345678901234567890123456789012345678901234" UE,
		    "=?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"
		    "Nzg5MDEyMzQ=?=\n =?UTF-8?B?w7w=?=" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_TEXT(rows[i].row, encoded_words(rows[i].text, 1),
		    rows[i].out);
}

/* Characters of two to four bytes, at any place of a line. */
static void
words_at_the_edge(void)
{
	static const char *const chars[] = { "a", UE, "\xe2\x82\xac", KEY };

	for (size_t c = 0; c < LENGTH_OF(chars); c++)
		for (size_t column = 0; column < 20; column++) {
			struct buffer text = { .mem = unit_mem };

			for (int count = 0; count < 60; count++) {
				buffer_puts(&text, chars[c]);
				check_lines(chars[c],
				    encoded_words(buffer_text(&text), column),
				    column);
			}
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(clean),
		UNIT(quotes),
		UNIT(quotes_at_the_edge),
		UNIT(words),
		UNIT(words_at_the_edge),
	};

	return UNIT_MAIN(tests);
}
