#include "base64url.h"

#include "unit.h"

static const struct {
	const char *row, *text;
	enum rc rc;
	const char *bytes;
} rows[] = {
	/* RFC 4648, 10, without the padding. */
	{ "RFC 4648: empty", "", RC_OK, "" },
	{ "RFC 4648: f", "Zg", RC_OK, "f" },
	{ "RFC 4648: fo", "Zm8", RC_OK, "fo" },
	{ "RFC 4648: foo", "Zm9v", RC_OK, "foo" },
	{ "RFC 4648: foob", "Zm9vYg", RC_OK, "foob" },
	{ "RFC 4648: fooba", "Zm9vYmE", RC_OK, "fooba" },
	{ "RFC 4648: foobar", "Zm9vYmFy", RC_OK, "foobar" },
	/* RFC 7515, appendix C: 3 236 255 224 193. */
	{ "RFC 7515, C", "A-z_4ME", RC_OK, "\x03\xec\xff\xe0\xc1" },
	{ "RFC 7515, A.1.1", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", RC_OK,
	    "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}" },
	{ "both last digits", "-_-_", RC_OK, "\xfb\xff\xbf" },

	{ "one padding", "Zm8=", RC_INVALID, NULL },
	{ "two paddings", "Zg==", RC_INVALID, NULL },
	{ "padding alone", "====", RC_INVALID, NULL },
	{ "one digit", "Z", RC_INVALID, NULL },
	{ "five digits", "Zm9vY", RC_INVALID, NULL },
	{ "unused bit of two digits", "Zh", RC_INVALID, NULL },
	{ "all unused bits of two digits", "Zv", RC_INVALID, NULL },
	{ "unused bit of three digits", "Zm9", RC_INVALID, NULL },
	{ "both unused bits of three digits", "Zm_", RC_INVALID, NULL },
	{ "unused bit after a group", "Zm9vYh", RC_INVALID, NULL },
	{ "+ of the other alphabet", "A+z_4ME", RC_INVALID, NULL },
	{ "/ of the other alphabet", "A-z/4ME", RC_INVALID, NULL },
	{ "a blank before", " Zm9v", RC_INVALID, NULL },
	{ "a blank inside", "Zm 9v", RC_INVALID, NULL },
	{ "a blank behind", "Zm9v ", RC_INVALID, NULL },
	{ "a line end", "Zm9\n", RC_INVALID, NULL },
	{ "a dot", "Zm.v", RC_INVALID, NULL },
	{ "@, before A", "@m9v", RC_INVALID, NULL },
	{ "[, after Z", "[m9v", RC_INVALID, NULL },
	{ "`, before a", "`m9v", RC_INVALID, NULL },
	{ "{, after z", "{m9v", RC_INVALID, NULL },
	{ ":, after 9", ":m9v", RC_INVALID, NULL },
	{ "a byte over 0x7f", "Zm9\xf6", RC_INVALID, NULL },
};

static void
decodes(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		unsigned char out[64];
		size_t len = 99;
		enum rc rc = base64url_decode(rows[i].text,
		    strlen(rows[i].text), out, sizeof(out), &len);

		SAME_INT(rows[i].row, rc, rows[i].rc);
		if (rc != RC_OK || rows[i].bytes == NULL)
			continue;
		SAME_INT(rows[i].row, len, strlen(rows[i].bytes));
		HOLDS(rows[i].row, memcmp(out, rows[i].bytes, len) == 0);
	}
}

static void
a_nul_is_no_digit(void)
{
	unsigned char out[8];
	size_t len;

	SAME_INT("NUL", base64url_decode("Zm\0v", 4, out, sizeof(out), &len),
	    RC_INVALID);
}

static void
length_is_the_caller_s(void)
{
	unsigned char out[8];
	size_t len;

	SAME_INT("2 of 8", base64url_decode("Zm9vYmFy", 4, out, 8, &len),
	    RC_OK);
	SAME_INT("2 of 8", len, 3);
}

static void
capacity_is_kept(void)
{
	static const struct {
		const char *row, *text;
		size_t cap;
		enum rc rc;
	} caps[] = {
		{ "nothing into nothing", "", 0, RC_OK },
		{ "one into nothing", "Zg", 0, RC_INVALID },
		{ "one fits", "Zg", 1, RC_OK },
		{ "two into one", "Zm8", 1, RC_INVALID },
		{ "two fit", "Zm8", 2, RC_OK },
		{ "three into two", "Zm9v", 2, RC_INVALID },
		{ "three fit", "Zm9v", 3, RC_OK },
		{ "four into three", "Zm9vYg", 3, RC_INVALID },
		{ "six into five", "Zm9vYmFy", 5, RC_INVALID },
		{ "six fit", "Zm9vYmFy", 6, RC_OK },
	};

	for (size_t i = 0; i < LENGTH_OF(caps); i++) {
		unsigned char out[8];
		size_t len;

		memset(out, 0xee, sizeof(out));
		SAME_INT(caps[i].row,
		    base64url_decode(caps[i].text, strlen(caps[i].text), out,
			caps[i].cap, &len),
		    caps[i].rc);
		HOLDS(caps[i].row, out[caps[i].cap] == 0xee);
	}
}

/* Each byte has one form only: of all four-digit texts, 2^16 or 2^8 decode. */
static void
forms_are_unique(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789-_";
	unsigned char out[3];
	size_t len;
	int good = 0;

	for (int a = 0; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			char text[2] = { (char)a, (char)b };
			enum rc rc = base64url_decode(text, 2, out, 3, &len);

			if (rc != RC_OK)
				continue;
			SAME_INT("one byte", len, 1);
			SAME_INT("first digit", text[0], alphabet[out[0] >> 2]);
			SAME_INT("second digit", text[1],
			    alphabet[(out[0] & 3) << 4]);
			good++;
		}
	SAME_INT("texts of two digits", good, 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(decodes),
		UNIT(a_nul_is_no_digit),
		UNIT(length_is_the_caller_s),
		UNIT(capacity_is_kept),
		UNIT(forms_are_unique),
	};

	return UNIT_MAIN(tests);
}
