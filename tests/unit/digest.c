#include "digest.h"

#include "unit.h"

static void
sha256(void)
{
	static const struct {
		const char *row, *data, *hex;
	} rows[] = {
		{ "FIPS 180: abc", "abc",
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "FIPS 180: 448 bits",
		    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
		{ "empty", "",
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
	};
	char hex[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		SAME_INT(rows[i].row,
		    digest_sha256_hex(rows[i].data, strlen(rows[i].data), hex),
		    RC_OK);
		SAME_TEXT(rows[i].row, hex, rows[i].hex);
	}
	SAME_INT("a million a",
	    digest_sha256_hex(unit_repeat('a', 1000000), 1000000, hex), RC_OK);
	SAME_TEXT("a million a", hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
	SAME_INT("a NUL is data", digest_sha256_hex("\0", 1, hex), RC_OK);
	SAME_TEXT("a NUL is data", hex,
	    "6e340b9cffb37a989ca544e6bb780a2c"
	    "78901d3fb33738768511a30617afa01d");
}

static void
hmac(void)
{
	static const char key4[] =
	    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	    "\x11\x12\x13\x14\x15\x16\x17\x18\x19";
	const struct {
		const char *row, *key, *data, *hex;
	} rows[] = {
		{ "RFC 4231, 4.2", unit_repeat('\x0b', 20), "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
		{ "RFC 4231, 4.3", "Jefe", "what do ya want for nothing?",
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ "RFC 4231, 4.4", unit_repeat('\xaa', 20),
		    unit_repeat('\xdd', 50),
		    "773ea91e36800e46854db8ebd09181a7"
		    "2959098b3ef8c122d9635514ced565fe" },
		{ "RFC 4231, 4.5", key4, unit_repeat('\xcd', 50),
		    "82558a389a443c0ea4cc819899f2083a"
		    "85f0faa3e578f8077a2e3ff46729665b" },
		{ "RFC 4231, 4.7", unit_repeat('\xaa', 131),
		    "Test Using Larger Than Block-Size Key - Hash Key First",
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54" },
		{ "RFC 4231, 4.8", unit_repeat('\xaa', 131),
		    "This is a test using a larger than block-size key and a "
		    "larger than block-size data. The key needs to be hashed "
		    "before being used by the HMAC algorithm.",
		    "9b09ffa71b942fcb27635fbcd5b0e944"
		    "bfdc63644f0713938a7f51535c3a35e2" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		unsigned char mac[DIGEST_SIZE];
		char hex[DIGEST_HEX_SIZE];

		SAME_INT(rows[i].row,
		    digest_hmac(rows[i].key, strlen(rows[i].key), rows[i].data,
			strlen(rows[i].data), mac),
		    RC_OK);
		digest_hex(mac, sizeof(mac), hex);
		SAME_TEXT(rows[i].row, hex, rows[i].hex);
	}
}

/* RFC 4231, 4.6: 128 bits of a longer MAC are no MAC here. */
static void
hmac_is_not_cut(void)
{
	unsigned char mac[DIGEST_SIZE];

	SAME_INT("4.6",
	    digest_hmac(unit_repeat('\x0c', 20), 20, "Test With Truncation", 20,
		mac),
	    RC_OK);
	HOLDS("4.6", memcmp(mac,
			 "\xa3\xb6\x16\x74\x73\x10\x0e\xe0"
			 "\x6e\x0c\x79\x6c\x29\x55\x55\x2b",
			 16) == 0);
	HOLDS("4.6", !digest_equal(mac, sizeof(mac), mac, 16));
}

static void
hex(void)
{
	char out[16] = "unchanged";

	digest_hex((const unsigned char *)"", 0, out);
	SAME_TEXT("nothing", out, "");
	digest_hex((const unsigned char *)"\x00\x0f\xf0\xff\x1a\xa1", 6, out);
	SAME_TEXT("six bytes", out, "000ff0ff1aa1");
}

static void
equal(void)
{
	static const struct {
		const char *row, *a;
		size_t a_len;
		const char *b;
		size_t b_len;
		bool equal;
	} rows[] = {
		{ "empty", "", 0, "", 0, true },
		{ "empty and not", "", 0, "a", 1, false },
		{ "equal", "abc", 3, "abc", 3, true },
		{ "first byte", "abc", 3, "bbc", 3, false },
		{ "last byte", "abc", 3, "abd", 3, false },
		{ "one bit", "abc", 3, "abb", 3, false },
		{ "a start", "abc", 3, "abcd", 4, false },
		{ "behind a NUL", "a\0b", 3, "a\0c", 3, false },
		{ "equal behind a NUL", "a\0b", 3, "a\0b", 3, true },
		{ "another case", "abc", 3, "ABC", 3, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    digest_equal(rows[i].a, rows[i].a_len, rows[i].b,
			rows[i].b_len),
		    rows[i].equal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(sha256),
		UNIT(hmac),
		UNIT(hmac_is_not_cut),
		UNIT(hex),
		UNIT(equal),
	};

	return UNIT_MAIN(tests);
}
