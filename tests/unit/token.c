#include "token.h"

#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base64url.h"
#include "unit.h"

#define USER  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define SID   "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define NOW   1700000000
#define GOOD  "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define IDS   "\"_id\":\"" USER "\",\"sid\":\"" SID "\","
#define EMAIL "\"email\":\"ada@example.org\","
#define JTI   "\"jti\":\"j1\","
#define TIMES "\"iat\":1700000000,\"exp\":1700000900"

/* What follows signs by itself, with nothing of the library under test. */

static const char *
encode(const char *bytes, size_t len)
{
	char *text = pool_alloc(unit_mem, len * 2 + 4);
	int n = EVP_EncodeBlock((unsigned char *)text,
	    (const unsigned char *)bytes, (int)len);

	for (int i = 0; i < n; i++) {
		if (text[i] == '+')
			text[i] = '-';
		else if (text[i] == '/')
			text[i] = '_';
		else if (text[i] == '=')
			text[i] = '\0';
	}
	return text;
}

static const char *
sign_with(const EVP_MD *md, const char *secret, const char *input)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	HMAC(md, secret, (int)strlen(secret), (const unsigned char *)input,
	    strlen(input), mac, &len);
	return pool_printf(unit_mem, "%s.%s", input,
	    encode((const char *)mac, len));
}

static const char *
sign(const char *secret, const char *input)
{
	return sign_with(EVP_sha256(), secret, input);
}

static const char *
two_parts(const char *header, const char *payload)
{
	return pool_printf(unit_mem, "%s.%s", encode(header, strlen(header)),
	    encode(payload, strlen(payload)));
}

static const char *
forge(const char *secret, const char *header, const char *payload)
{
	return sign(secret, two_parts(header, payload));
}

static const char *
secret_of(const struct config *config, enum token_kind kind)
{
	return kind == TOKEN_ACCESS ? config->access_token_secret.bytes
				    : config->refresh_token_secret.bytes;
}

static struct token_claims
some_claims(enum token_kind kind)
{
	struct token_claims claims = { .user_id = USER,
		.session_id = SID,
		.issued_s = NOW,
		.expires_s = NOW + 900 };

	if (kind == TOKEN_ACCESS)
		strcpy(claims.email, "ada@example.org");
	else
		strcpy(claims.id, "00112233445566778899aabbccddeeff"
				  "00112233445566778899aabbccddeeff");
	return claims;
}

static const char *
minted(enum token_kind kind)
{
	struct config config = unit_config();
	struct token_claims claims = some_claims(kind);
	const char *text = NULL;

	SAME_INT("mint", token_mint(&config, kind, &claims, unit_mem, &text),
	    RC_OK);
	return text;
}

static enum rc
verify(enum token_kind kind, const char *text, int64_t now_s)
{
	struct config config = unit_config();
	struct token_claims claims;

	return token_verify(&config, kind, text, now_s, &claims);
}

/* The vector of RFC 7515, A.1, and what its bytes are. */

#define A1_HEADER "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
#define A1_PAYLOAD                                                             \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"             \
	"Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define A1_MAC "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define A1_KEY                                                                 \
	"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"                         \
	"-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"

static void
rfc_7515_a_1(void)
{
	unsigned char key[64], mac[DIGEST_SIZE], wanted[DIGEST_SIZE];
	size_t len;
	struct config config = unit_config();
	struct token_claims claims;

	SAME_INT("key",
	    base64url_decode(A1_KEY, strlen(A1_KEY), key, sizeof(key), &len),
	    RC_OK);
	SAME_INT("key", len, 64);
	SAME_INT("MAC",
	    base64url_decode(A1_MAC, strlen(A1_MAC), wanted, sizeof(wanted),
		&len),
	    RC_OK);
	SAME_INT("MAC",
	    digest_hmac(key, sizeof(key), A1_HEADER "." A1_PAYLOAD,
		strlen(A1_HEADER "." A1_PAYLOAD), mac),
	    RC_OK);
	HOLDS("MAC", memcmp(mac, wanted, sizeof(mac)) == 0);

	/* Its signature is good, and its claims are not ours. */
	config.access_token_secret.bytes = (const char *)key;
	config.access_token_secret.len = sizeof(key);
	SAME_INT("as it stands",
	    token_verify(&config, TOKEN_ACCESS,
		A1_HEADER "." A1_PAYLOAD "." A1_MAC, 1300819379, &claims),
	    RC_TOKEN_INVALID);
	SAME_INT("a digit more in its payload",
	    token_verify(&config, TOKEN_ACCESS,
		A1_HEADER ".f" A1_PAYLOAD "." A1_MAC, 1300819379, &claims),
	    RC_TOKEN_SIGNATURE);
	config.access_token_secret.len--;
	SAME_INT("a byte less of its key",
	    token_verify(&config, TOKEN_ACCESS,
		A1_HEADER "." A1_PAYLOAD "." A1_MAC, 1300819379, &claims),
	    RC_TOKEN_SIGNATURE);
}

static void
round_trip(void)
{
	struct config config = unit_config();

	for (enum token_kind kind = TOKEN_ACCESS; kind <= TOKEN_REFRESH;
	     kind++) {
		struct token_claims in = some_claims(kind), out;
		const char *text = minted(kind);

		memset(&out, 0xee, sizeof(out));
		SAME_INT("verify", token_verify(&config, kind, text, NOW, &out),
		    RC_OK);
		SAME_TEXT("_id", out.user_id, in.user_id);
		SAME_TEXT("sid", out.session_id, in.session_id);
		SAME_TEXT("email", out.email, in.email);
		SAME_TEXT("jti", out.id, in.id);
		SAME_INT("iat", out.issued_s, in.issued_s);
		SAME_INT("exp", out.expires_s, in.expires_s);
	}
}

/* The bytes themselves: whoever changes them ends every grace in progress. */
static void
same_claims_same_bytes(void)
{
	struct config config = unit_config();
	const char *wanted[2] = {
		forge(config.access_token_secret.bytes, GOOD,
		    "{\"_id\":\"" USER "\",\"email\":\"ada@example.org\","
		    "\"exp\":1700000900,\"iat\":1700000000,"
		    "\"sid\":\"" SID "\"}"),
		forge(config.refresh_token_secret.bytes, GOOD,
		    "{\"_id\":\"" USER "\",\"exp\":1700000900,"
		    "\"iat\":1700000000,\"jti\":"
		    "\"00112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff\","
		    "\"sid\":\"" SID "\"}"),
	};

	SAME_TEXT("access", minted(TOKEN_ACCESS), wanted[0]);
	SAME_TEXT("access again", minted(TOKEN_ACCESS), wanted[0]);
	SAME_TEXT("refresh", minted(TOKEN_REFRESH), wanted[1]);
	SAME_TEXT("refresh again", minted(TOKEN_REFRESH), wanted[1]);
}

static void
libjwt_reads_ours(void)
{
	struct config config = unit_config();

	for (enum token_kind kind = TOKEN_ACCESS; kind <= TOKEN_REFRESH;
	     kind++) {
		const char *secret = secret_of(&config, kind);
		jwt_t *jwt = NULL;

		SAME_INT("jwt_decode",
		    jwt_decode(&jwt, minted(kind),
			(const unsigned char *)secret, (int)strlen(secret)),
		    0);
		assert_non_null(jwt);
		SAME_INT("alg", jwt_get_alg(jwt), JWT_ALG_HS256);
		SAME_TEXT("_id", jwt_get_grant(jwt, "_id"), USER);
		SAME_TEXT("sid", jwt_get_grant(jwt, "sid"), SID);
		SAME_INT("iat", jwt_get_grant_int(jwt, "iat"), NOW);
		SAME_INT("exp", jwt_get_grant_int(jwt, "exp"), NOW + 900);
		SAME_INT("email", jwt_get_grant(jwt, "email") != NULL,
		    kind == TOKEN_ACCESS);
		SAME_INT("jti", jwt_get_grant(jwt, "jti") != NULL,
		    kind == TOKEN_REFRESH);
		jwt_free(jwt);
	}
}

static char *
by_libjwt(jwt_alg_t alg, const char *secret)
{
	jwt_t *jwt = NULL;
	char *text;

	assert_int_equal(jwt_new(&jwt), 0);
	jwt_add_grant(jwt, "_id", USER);
	jwt_add_grant(jwt, "sid", SID);
	jwt_add_grant(jwt, "email", "ada@example.org");
	jwt_add_grant_int(jwt, "iat", NOW);
	jwt_add_grant_int(jwt, "exp", NOW + 900);
	jwt_set_alg(jwt, alg, (const unsigned char *)secret,
	    secret != NULL ? (int)strlen(secret) : 0);
	text = jwt_encode_str(jwt);
	jwt_free(jwt);
	assert_non_null(text);
	return text;
}

static void
we_read_libjwt_s(void)
{
	struct config config = unit_config();
	const char *secret = config.access_token_secret.bytes;
	const struct {
		const char *row;
		jwt_alg_t alg;
		const char *secret;
		enum rc rc;
	} rows[] = {
		{ "HS256", JWT_ALG_HS256, secret, RC_OK },
		{ "HS256, another secret", JWT_ALG_HS256, "another",
		    RC_TOKEN_SIGNATURE },
		{ "HS384", JWT_ALG_HS384, secret, RC_TOKEN_SIGNATURE },
		{ "HS512", JWT_ALG_HS512, secret, RC_TOKEN_SIGNATURE },
		{ "none", JWT_ALG_NONE, NULL, RC_TOKEN_MALFORMED },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char *text = by_libjwt(rows[i].alg, rows[i].secret);

		SAME_INT(rows[i].row, verify(TOKEN_ACCESS, text, NOW),
		    rows[i].rc);
		free(text);
	}
}

/* The form: what is refused before any secret is used. */

static void
form(void)
{
	const char *good = minted(TOKEN_ACCESS);
	const char *first = strchr(good, '.'), *second = strchr(first + 1, '.');
	int header = (int)(first - good), payload = (int)(second - first - 1);
	const char *h = pool_printf(unit_mem, "%.*s", header, good);
	const char *p = pool_printf(unit_mem, "%.*s", payload, first + 1);
	const char *m = second + 1;
	const struct {
		const char *row, *text;
		enum rc rc;
	} rows[] = {
		{ "good", good, RC_OK },
		{ "empty", "", RC_TOKEN_MALFORMED },
		{ "one part", h, RC_TOKEN_MALFORMED },
		{ "a dot", ".", RC_TOKEN_MALFORMED },
		{ "two dots", "..", RC_TOKEN_MALFORMED },
		{ "three dots", "...", RC_TOKEN_MALFORMED },
		{ "two parts", pool_printf(unit_mem, "%s.%s", h, p),
		    RC_TOKEN_MALFORMED },
		{ "no header", pool_printf(unit_mem, ".%s.%s", p, m),
		    RC_TOKEN_MALFORMED },
		{ "no payload", pool_printf(unit_mem, "%s..%s", h, m),
		    RC_TOKEN_MALFORMED },
		{ "no MAC", pool_printf(unit_mem, "%s.%s.", h, p),
		    RC_TOKEN_MALFORMED },
		{ "four parts", pool_printf(unit_mem, "%s.%s", good, m),
		    RC_TOKEN_MALFORMED },
		{ "a dot behind", pool_printf(unit_mem, "%s.", good),
		    RC_TOKEN_MALFORMED },
		{ "a dot before", pool_printf(unit_mem, ".%s", good),
		    RC_TOKEN_MALFORMED },
		{ "five parts, as an encrypted one",
		    pool_printf(unit_mem, "%s.%s.%s.%s.%s", h, p, p, p, m),
		    RC_TOKEN_MALFORMED },
		{ "padded MAC", pool_printf(unit_mem, "%s=", good),
		    RC_TOKEN_MALFORMED },
		{ "padded payload", pool_printf(unit_mem, "%s.%s=.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "padded header", pool_printf(unit_mem, "%s=.%s.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "blank before", pool_printf(unit_mem, " %s", good),
		    RC_TOKEN_MALFORMED },
		{ "blank behind", pool_printf(unit_mem, "%s ", good),
		    RC_TOKEN_MALFORMED },
		{ "line end behind", pool_printf(unit_mem, "%s\n", good),
		    RC_TOKEN_MALFORMED },
		{ "scheme before", pool_printf(unit_mem, "Bearer %s", good),
		    RC_TOKEN_MALFORMED },
		{ "two tokens", pool_printf(unit_mem, "%s, %s", good, good),
		    RC_TOKEN_MALFORMED },
		{ "quoted", pool_printf(unit_mem, "\"%s\"", good),
		    RC_TOKEN_MALFORMED },
		{ "JSON form of it",
		    pool_printf(unit_mem,
			"{\"protected\":\"%s\",\"payload\":\"%s\","
			"\"signature\":\"%s\"}",
			h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "a junk byte in the payload",
		    pool_printf(unit_mem, "%s.!%s.%s", h, p, m),
		    RC_TOKEN_MALFORMED },
		{ "30 bytes of the MAC",
		    pool_printf(unit_mem, "%s.%s.%.40s", h, p, m),
		    RC_TOKEN_SIGNATURE },
		{ "15 bytes of the MAC",
		    pool_printf(unit_mem, "%s.%s.%.20s", h, p, m),
		    RC_TOKEN_SIGNATURE },
		{ "a MAC of 33 bytes", pool_printf(unit_mem, "%sA", good),
		    RC_TOKEN_SIGNATURE },
		{ "a MAC of zeros",
		    pool_printf(unit_mem, "%s.%s.%s", h, p,
			unit_repeat('A', strlen(m))),
		    RC_TOKEN_SIGNATURE },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row, verify(TOKEN_ACCESS, rows[i].text, NOW),
		    rows[i].rc);
}

/* Each other last digit of the MAC that stands for the same bytes. */
static void
stray_bits(void)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = pool_copy(unit_mem, minted(TOKEN_ACCESS),
	    strlen(minted(TOKEN_ACCESS)));
	char *last = text + strlen(text) - 1;
	long digit = strchr(digits, *last) - digits;

	for (int stray = 1; stray < 4; stray++) {
		*last = digits[digit + stray];
		SAME_INT("stray bits of the MAC",
		    verify(TOKEN_ACCESS, text, NOW), RC_TOKEN_MALFORMED);
	}
}

/* Stray bits that are signed are good to a MAC, and to nobody else. */
static void
stray_bits_signed(void)
{
	struct config config = unit_config();
	const char *secret = config.access_token_secret.bytes;
	/* "{}" is "e30"; its last digit has two unused bits. */
	const char *payload = "{" IDS EMAIL TIMES " }";
	char *input = pool_copy(unit_mem, two_parts(GOOD, payload),
	    strlen(two_parts(GOOD, payload)));

	assert_int_not_equal(strlen(payload) % 3, 0);
	SAME_INT("none set", verify(TOKEN_ACCESS, sign(secret, input), NOW),
	    RC_OK);
	input[strlen(input) - 1]++;
	SAME_INT("one set", verify(TOKEN_ACCESS, sign(secret, input), NOW),
	    RC_TOKEN_MALFORMED);
	SAME_INT("padded, then signed",
	    verify(TOKEN_ACCESS,
		sign(secret,
		    pool_printf(unit_mem, "%s=", two_parts(GOOD, payload))),
		NOW),
	    RC_TOKEN_MALFORMED);
}

static void
length(void)
{
	struct config config = unit_config();
	int seen = 0;

	for (size_t want = TOKEN_MAX - 1; want <= TOKEN_MAX + 1; want++) {
		const char *text = "";

		for (size_t fill = 2700; strlen(text) < want; fill++)
			text = forge(config.access_token_secret.bytes, GOOD,
			    pool_printf(unit_mem,
				"{" IDS EMAIL TIMES ",\"x\":\"%s\"}",
				unit_repeat('x', fill)));
		if (strlen(text) != want)
			continue; /* no base64url has this length */
		SAME_INT(pool_printf(unit_mem, "%zu", want),
		    verify(TOKEN_ACCESS, text, NOW),
		    want <= TOKEN_MAX ? RC_OK : RC_TOKEN_MALFORMED);
		seen += want >= TOKEN_MAX;
	}
	SAME_INT("4096 and 4097 were both there", seen, 2);
	SAME_INT("a megabyte",
	    verify(TOKEN_ACCESS, unit_repeat('A', 1 << 20), NOW),
	    RC_TOKEN_MALFORMED);
}

/* Headers, each under a good HS256 MAC. */
static void
headers(void)
{
	static const struct {
		const char *row, *header;
		enum rc rc;
	} rows[] = {
		{ "as ours", GOOD, RC_OK },
		{ "no typ", "{\"alg\":\"HS256\"}", RC_OK },
		{ "blanks", " { \"typ\" : \"JWT\" ,\r\n \"alg\" : \"HS256\" } ",
		    RC_OK },
		{ "kid", "{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\"}",
		    RC_OK },
		{ "jwk and jku are not used",
		    "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"},"
		    "\"jku\":\"https://example.org\"}",
		    RC_OK },

		{ "none", "{\"alg\":\"none\"}", RC_TOKEN_SIGNATURE },
		{ "None", "{\"alg\":\"None\"}", RC_TOKEN_SIGNATURE },
		{ "NONE", "{\"alg\":\"NONE\"}", RC_TOKEN_SIGNATURE },
		{ "hs256", "{\"alg\":\"hs256\"}", RC_TOKEN_SIGNATURE },
		{ "Hs256", "{\"alg\":\"Hs256\"}", RC_TOKEN_SIGNATURE },
		{ "HS384", "{\"alg\":\"HS384\"}", RC_TOKEN_SIGNATURE },
		{ "HS512", "{\"alg\":\"HS512\"}", RC_TOKEN_SIGNATURE },
		{ "RS256", "{\"alg\":\"RS256\"}", RC_TOKEN_SIGNATURE },
		{ "ES256", "{\"alg\":\"ES256\"}", RC_TOKEN_SIGNATURE },
		{ "a blank behind", "{\"alg\":\"HS256 \"}",
		    RC_TOKEN_SIGNATURE },
		{ "empty", "{\"alg\":\"\"}", RC_TOKEN_SIGNATURE },
		{ "no alg", "{\"typ\":\"JWT\"}", RC_TOKEN_SIGNATURE },
		{ "no member", "{}", RC_TOKEN_SIGNATURE },
		{ "Alg", "{\"Alg\":\"HS256\"}", RC_TOKEN_SIGNATURE },
		{ "alg is null", "{\"alg\":null}", RC_TOKEN_SIGNATURE },
		{ "alg is a number", "{\"alg\":256}", RC_TOKEN_SIGNATURE },
		{ "alg is an array", "{\"alg\":[\"HS256\"]}",
		    RC_TOKEN_SIGNATURE },

		{ "alg twice", "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
		    RC_TOKEN_MALFORMED },
		{ "alg twice, once escaped",
		    "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
		    RC_TOKEN_MALFORMED },
		{ "typ twice",
		    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"typ\":\"JWT\"}",
		    RC_TOKEN_MALFORMED },
		{ "an array", "[\"HS256\"]", RC_TOKEN_MALFORMED },
		{ "a string", "\"HS256\"", RC_TOKEN_MALFORMED },
		{ "text", "alg=HS256", RC_TOKEN_MALFORMED },
		{ "open", "{\"alg\":\"HS256\"", RC_TOKEN_MALFORMED },
		{ "trailing text", "{\"alg\":\"HS256\"}x", RC_TOKEN_MALFORMED },
		{ "bad UTF-8", "{\"alg\":\"HS256\",\"x\":\"\xff\"}",
		    RC_TOKEN_MALFORMED },

		{ "crit, exp", "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
		    RC_TOKEN_INVALID },
		{ "crit, b64",
		    "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}",
		    RC_TOKEN_INVALID },
		{ "crit, empty", "{\"alg\":\"HS256\",\"crit\":[]}",
		    RC_TOKEN_INVALID },
		{ "crit, null", "{\"alg\":\"HS256\",\"crit\":null}",
		    RC_TOKEN_INVALID },
		{ "typ, another", "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}",
		    RC_TOKEN_INVALID },
		{ "typ, lower case", "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
		    RC_TOKEN_INVALID },
		{ "typ, empty", "{\"alg\":\"HS256\",\"typ\":\"\"}",
		    RC_TOKEN_INVALID },
		{ "typ, null", "{\"alg\":\"HS256\",\"typ\":null}",
		    RC_TOKEN_INVALID },
		{ "typ, a number", "{\"alg\":\"HS256\",\"typ\":1}",
		    RC_TOKEN_INVALID },
		{ "typ, an array", "{\"alg\":\"HS256\",\"typ\":[\"JWT\"]}",
		    RC_TOKEN_INVALID },
	};
	struct config config = unit_config();

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    verify(TOKEN_ACCESS,
			forge(config.access_token_secret.bytes, rows[i].header,
			    "{" IDS EMAIL TIMES "}"),
			NOW),
		    rows[i].rc);
}

/* The algorithm a header names, done right, under our own secret. */
static void
other_algorithms(void)
{
	struct config config = unit_config();
	const char *secret = config.access_token_secret.bytes;
	const char *payload = "{" IDS EMAIL TIMES "}";

	SAME_INT("HS384",
	    verify(TOKEN_ACCESS,
		sign_with(EVP_sha384(), secret,
		    two_parts("{\"alg\":\"HS384\"}", payload)),
		NOW),
	    RC_TOKEN_SIGNATURE);
	SAME_INT("HS512",
	    verify(TOKEN_ACCESS,
		sign_with(EVP_sha512(), secret,
		    two_parts("{\"alg\":\"HS512\"}", payload)),
		NOW),
	    RC_TOKEN_SIGNATURE);
	SAME_INT("HS512 that says HS256",
	    verify(TOKEN_ACCESS,
		sign_with(EVP_sha512(), secret, two_parts(GOOD, payload)), NOW),
	    RC_TOKEN_SIGNATURE);
	SAME_INT("none, no MAC",
	    verify(TOKEN_ACCESS,
		pool_printf(unit_mem, "%s.",
		    two_parts("{\"alg\":\"none\"}", payload)),
		NOW),
	    RC_TOKEN_MALFORMED);
	SAME_INT("none, some MAC",
	    verify(TOKEN_ACCESS,
		pool_printf(unit_mem, "%s.AAAA",
		    two_parts("{\"alg\":\"none\"}", payload)),
		NOW),
	    RC_TOKEN_SIGNATURE);
}

/* Payloads, each under a good MAC. */

struct payload_row {
	const char *row, *payload;
	enum rc rc;
};

static void
check_payloads(enum token_kind kind, const struct payload_row *rows,
    size_t count)
{
	struct config config = unit_config();

	for (size_t i = 0; i < count; i++)
		SAME_INT(rows[i].row,
		    verify(kind,
			forge(secret_of(&config, kind), GOOD, rows[i].payload),
			NOW),
		    rows[i].rc);
}

static void
access_claims(void)
{
	static const struct payload_row rows[] = {
		{ "as ours", "{" IDS EMAIL TIMES "}", RC_OK },
		{ "others beside",
		    "{" IDS EMAIL TIMES ",\"iss\":\"x\",\"a\":{}}", RC_OK },
		{ "other order, blanks",
		    "{ \"exp\" : 1700000900 ,\n" EMAIL IDS
		    "\"iat\":1700000000 }",
		    RC_OK },
		{ "escapes",
		    "{" IDS "\"email\":\"\\u0061da@example.org\"," TIMES "}",
		    RC_OK },

		{ "nothing", " ", RC_TOKEN_INVALID },
		{ "no member", "{}", RC_TOKEN_INVALID },
		{ "an array", "[]", RC_TOKEN_INVALID },
		{ "a string", "\"" USER "\"", RC_TOKEN_INVALID },
		{ "null", "null", RC_TOKEN_INVALID },
		{ "text", "hello", RC_TOKEN_INVALID },
		{ "trailing text", "{" IDS EMAIL TIMES "}x", RC_TOKEN_INVALID },
		{ "open", "{" IDS EMAIL TIMES, RC_TOKEN_INVALID },
		{ "bad UTF-8", "{" IDS EMAIL TIMES ",\"x\":\"\xff\"}",
		    RC_TOKEN_INVALID },
		{ "32 deep",
		    "{" IDS EMAIL TIMES ",\"x\":"
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]"
		    "]]]]]]}",
		    RC_TOKEN_INVALID },

		{ "no _id", "{\"sid\":\"" SID "\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "no sid", "{\"_id\":\"" USER "\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "no email", "{" IDS TIMES "}", RC_TOKEN_INVALID },
		{ "no iat", "{" IDS EMAIL "\"exp\":1700000900}",
		    RC_TOKEN_INVALID },
		{ "no exp", "{" IDS EMAIL "\"iat\":1700000000}",
		    RC_TOKEN_INVALID },
		{ "_ID",
		    "{\"_ID\":\"" USER "\",\"sid\":\"" SID "\"," EMAIL TIMES
		    "}",
		    RC_TOKEN_INVALID },
		{ "_id in upper case",
		    "{\"_id\":\"017F22E2-79B0-7CC3-98C4-DC0C0C07398F\","
		    "\"sid\":\"" SID "\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "sid in upper case",
		    "{\"_id\":\"" USER "\",\"sid\":"
		    "\"017F22E2-79B0-7CC3-98C4-DC0C0C07398F\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "_id too short",
		    "{\"_id\":\"017f22e2\",\"sid\":\"" SID "\"," EMAIL TIMES
		    "}",
		    RC_TOKEN_INVALID },
		{ "_id too long",
		    "{\"_id\":\"" USER "0\",\"sid\":\"" SID "\"," EMAIL TIMES
		    "}",
		    RC_TOKEN_INVALID },
		{ "_id and a NUL",
		    "{\"_id\":\"" USER "\\u0000\",\"sid\":\"" SID
		    "\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "_id is a number",
		    "{\"_id\":1,\"sid\":\"" SID "\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "_id is an array",
		    "{\"_id\":[\"" USER "\"],\"sid\":\"" SID "\"," EMAIL TIMES
		    "}",
		    RC_TOKEN_INVALID },
		{ "sid is empty",
		    "{\"_id\":\"" USER "\",\"sid\":\"\"," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "sid is null",
		    "{\"_id\":\"" USER "\",\"sid\":null," EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is empty", "{" IDS "\"email\":\"\"," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is a number", "{" IDS "\"email\":1," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is true", "{" IDS "\"email\":true," TIMES "}",
		    RC_TOKEN_INVALID },

		{ "_id twice", "{\"_id\":\"" SID "\"," IDS EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "exp twice", "{" IDS EMAIL TIMES ",\"exp\":1800000000}",
		    RC_TOKEN_INVALID },
		{ "exp twice, once escaped",
		    "{" IDS EMAIL TIMES ",\"\\u0065xp\":1800000000}",
		    RC_TOKEN_INVALID },
		{ "exp and exp cut by a NUL",
		    "{" IDS EMAIL TIMES ",\"exp\\u0000\":1800000000}",
		    RC_TOKEN_INVALID },
		{ "an unknown one twice",
		    "{" IDS EMAIL TIMES ",\"x\":1,\"x\":1}", RC_TOKEN_INVALID },
		{ "a NUL in an unknown one",
		    "{" IDS EMAIL TIMES ",\"x\":\"\\u0000\"}",
		    RC_TOKEN_INVALID },

		{ "jti is a refresh token's", "{" IDS EMAIL JTI TIMES "}",
		    RC_TOKEN_INVALID },
		{ "jti is null", "{" IDS EMAIL "\"jti\":null," TIMES "}",
		    RC_TOKEN_INVALID },
	};

	check_payloads(TOKEN_ACCESS, rows, LENGTH_OF(rows));
}

static void
refresh_claims(void)
{
	static const struct payload_row rows[] = {
		{ "as ours", "{" IDS JTI TIMES "}", RC_OK },
		{ "jti of 64",
		    "{" IDS "\"jti\":\"00112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff\"," TIMES "}",
		    RC_OK },
		{ "jti of 65",
		    "{" IDS "\"jti\":\"00112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff0\"," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "no jti", "{" IDS TIMES "}", RC_TOKEN_INVALID },
		{ "jti is empty", "{" IDS "\"jti\":\"\"," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "jti is a number", "{" IDS "\"jti\":1," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is an access token's", "{" IDS JTI EMAIL TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is null", "{" IDS JTI "\"email\":null," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email for jti", "{" IDS EMAIL TIMES "}", RC_TOKEN_INVALID },
	};

	check_payloads(TOKEN_REFRESH, rows, LENGTH_OF(rows));
}

static void
times(void)
{
	static const struct payload_row rows[] = {
		{ "exp, a second ago",
		    "{" IDS EMAIL "\"iat\":1699999000,\"exp\":1699999999}",
		    RC_TOKEN_EXPIRED },
		{ "exp, now",
		    "{" IDS EMAIL "\"iat\":1699999000,\"exp\":1700000000}",
		    RC_TOKEN_EXPIRED },
		{ "exp, in a second",
		    "{" IDS EMAIL "\"iat\":1699999000,\"exp\":1700000001}",
		    RC_OK },
		{ "exp, 1", "{" IDS EMAIL "\"iat\":1,\"exp\":1}",
		    RC_TOKEN_EXPIRED },
		{ "exp, the last one",
		    "{" IDS EMAIL "\"iat\":1,\"exp\":9007199254740992}",
		    RC_OK },
		{ "exp, 2^63 - 1",
		    "{" IDS EMAIL "\"iat\":1,\"exp\":9223372036854775807}",
		    RC_TOKEN_INVALID },
		{ "exp, 0", "{" IDS EMAIL "\"iat\":1700000000,\"exp\":0}",
		    RC_TOKEN_INVALID },
		{ "exp, -1", "{" IDS EMAIL "\"iat\":1700000000,\"exp\":-1}",
		    RC_TOKEN_INVALID },
		{ "exp, far below 0",
		    "{" IDS EMAIL
		    "\"iat\":1700000000,\"exp\":-9223372036854775808}",
		    RC_TOKEN_INVALID },
		{ "exp, 2^63",
		    "{" IDS EMAIL
		    "\"iat\":1700000000,\"exp\":9223372036854775808}",
		    RC_TOKEN_INVALID },
		{ "exp, 2^64 and a bit",
		    "{" IDS EMAIL
		    "\"iat\":1700000000,\"exp\":18446744075409552516}",
		    RC_TOKEN_INVALID },
		{ "exp, a fraction",
		    "{" IDS EMAIL "\"iat\":1700000000,\"exp\":1700000900.5}",
		    RC_TOKEN_INVALID },
		{ "exp, .0",
		    "{" IDS EMAIL "\"iat\":1700000000,\"exp\":1700000900.0}",
		    RC_OK },
		{ "exp, an exponent",
		    "{" IDS EMAIL "\"iat\":1700000000,\"exp\":17e10}", RC_OK },
		{ "exp, a string",
		    "{" IDS EMAIL "\"iat\":1700000000,\"exp\":\"1700000900\"}",
		    RC_TOKEN_INVALID },
		{ "exp, true", "{" IDS EMAIL "\"iat\":1700000000,\"exp\":true}",
		    RC_TOKEN_INVALID },
		{ "exp, null", "{" IDS EMAIL "\"iat\":1700000000,\"exp\":null}",
		    RC_TOKEN_INVALID },
		{ "exp, an array",
		    "{" IDS EMAIL "\"iat\":1700000000,\"exp\":[1700000900]}",
		    RC_TOKEN_INVALID },

		{ "iat, 59 s ahead",
		    "{" IDS EMAIL "\"iat\":1700000059,\"exp\":1700000900}",
		    RC_OK },
		{ "iat, 60 s ahead",
		    "{" IDS EMAIL "\"iat\":1700000060,\"exp\":1700000900}",
		    RC_OK },
		{ "iat, 61 s ahead",
		    "{" IDS EMAIL "\"iat\":1700000061,\"exp\":1700000900}",
		    RC_TOKEN_INVALID },
		{ "iat, the last one",
		    "{" IDS EMAIL
		    "\"iat\":9223372036854775807,\"exp\":1700000900}",
		    RC_TOKEN_INVALID },
		{ "iat, 0", "{" IDS EMAIL "\"iat\":0,\"exp\":1700000900}",
		    RC_TOKEN_INVALID },
		{ "iat, a string",
		    "{" IDS EMAIL "\"iat\":\"1700000000\",\"exp\":1700000900}",
		    RC_TOKEN_INVALID },
		{ "iat, a fraction",
		    "{" IDS EMAIL "\"iat\":1699999999.5,\"exp\":1700000900}",
		    RC_TOKEN_INVALID },

		{ "nbf, past", "{" IDS EMAIL TIMES ",\"nbf\":1699999999}",
		    RC_OK },
		{ "nbf, now", "{" IDS EMAIL TIMES ",\"nbf\":1700000000}",
		    RC_OK },
		{ "nbf, in a second",
		    "{" IDS EMAIL TIMES ",\"nbf\":1700000001}",
		    RC_TOKEN_INVALID },
		{ "nbf, a string",
		    "{" IDS EMAIL TIMES ",\"nbf\":\"1699999999\"}",
		    RC_TOKEN_INVALID },
		{ "nbf, a fraction",
		    "{" IDS EMAIL TIMES ",\"nbf\":1699999999.5}",
		    RC_TOKEN_INVALID },
		{ "nbf, null", "{" IDS EMAIL TIMES ",\"nbf\":null}",
		    RC_TOKEN_INVALID },
		{ "nbf, -1", "{" IDS EMAIL TIMES ",\"nbf\":-1}",
		    RC_TOKEN_INVALID },

		{ "nbf before exp",
		    "{" IDS EMAIL "\"iat\":1,\"exp\":2,\"nbf\":1700000001}",
		    RC_TOKEN_INVALID },
		{ "iat before exp",
		    "{" IDS EMAIL "\"iat\":1700000061,\"exp\":2}",
		    RC_TOKEN_INVALID },
	};

	check_payloads(TOKEN_ACCESS, rows, LENGTH_OF(rows));
}

static void
expired_claims_are_told(void)
{
	struct config config = unit_config();
	struct token_claims claims;

	SAME_INT("expired",
	    token_verify(&config, TOKEN_ACCESS, minted(TOKEN_ACCESS), NOW + 900,
		&claims),
	    RC_TOKEN_EXPIRED);
	SAME_TEXT("expired", claims.user_id, USER);
	SAME_TEXT("expired", claims.session_id, SID);
	SAME_INT("expired", claims.expires_s, NOW + 900);
}

static void
bad_signature_tells_nothing(void)
{
	static const struct token_claims none;
	struct config config = unit_config();
	struct token_claims claims;

	memset(&claims, 0xee, sizeof(claims));
	SAME_INT("signature",
	    token_verify(&config, TOKEN_REFRESH, minted(TOKEN_ACCESS), NOW,
		&claims),
	    RC_TOKEN_SIGNATURE);
	HOLDS("signature", memcmp(&claims, &none, sizeof(none)) == 0);
}

/* Where several things are wrong, the first of the order is told. */
static void
order_of_refusals(void)
{
	struct config config = unit_config();
	const char *secret = config.access_token_secret.bytes;
	const char *expired = "{" IDS EMAIL
			      "\"iat\":1699999000,\"exp\":1699999999}";
	const char *expired_kind = "{" IDS JTI
				   "\"iat\":1699999000,\"exp\":1699999999}";
	const struct {
		const char *row, *text;
		enum rc rc;
	} rows[] = {
		{ "form before MAC and time",
		    pool_printf(unit_mem, "%s=", forge("x", GOOD, expired)),
		    RC_TOKEN_MALFORMED },
		{ "header's form before MAC", forge("x", "[]", expired),
		    RC_TOKEN_MALFORMED },
		{ "MAC before crit",
		    forge("x", "{\"alg\":\"HS256\",\"crit\":[]}", expired),
		    RC_TOKEN_SIGNATURE },
		{ "algorithm before crit",
		    forge(secret, "{\"alg\":\"HS384\",\"crit\":[]}", expired),
		    RC_TOKEN_SIGNATURE },
		{ "algorithm before typ",
		    forge(secret, "{\"alg\":\"none\",\"typ\":1}", expired),
		    RC_TOKEN_SIGNATURE },
		{ "MAC before the payload's form", forge("x", GOOD, "[]"),
		    RC_TOKEN_SIGNATURE },
		{ "MAC before claims", forge("x", GOOD, "{}"),
		    RC_TOKEN_SIGNATURE },
		{ "MAC before time", forge("x", GOOD, expired),
		    RC_TOKEN_SIGNATURE },
		{ "crit before time",
		    forge(secret, "{\"alg\":\"HS256\",\"crit\":[]}", expired),
		    RC_TOKEN_INVALID },
		{ "kind before time", forge(secret, GOOD, expired_kind),
		    RC_TOKEN_INVALID },
		{ "time alone", forge(secret, GOOD, expired),
		    RC_TOKEN_EXPIRED },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row, verify(TOKEN_ACCESS, rows[i].text, NOW),
		    rows[i].rc);
}

static void
kinds_exclude_each_other(void)
{
	struct config config = unit_config();
	struct token_claims claims;
	const char *access, *refresh;

	SAME_INT("refresh for access",
	    verify(TOKEN_ACCESS, minted(TOKEN_REFRESH), NOW),
	    RC_TOKEN_SIGNATURE);
	SAME_INT("access for refresh",
	    verify(TOKEN_REFRESH, minted(TOKEN_ACCESS), NOW),
	    RC_TOKEN_SIGNATURE);

	/* Also where somebody made the secrets equal. */
	config.refresh_token_secret = config.access_token_secret;
	claims = some_claims(TOKEN_ACCESS);
	SAME_INT("access",
	    token_mint(&config, TOKEN_ACCESS, &claims, unit_mem, &access),
	    RC_OK);
	claims = some_claims(TOKEN_REFRESH);
	SAME_INT("refresh",
	    token_mint(&config, TOKEN_REFRESH, &claims, unit_mem, &refresh),
	    RC_OK);
	SAME_INT("equal secrets: refresh for access",
	    token_verify(&config, TOKEN_ACCESS, refresh, NOW, &claims),
	    RC_TOKEN_INVALID);
	SAME_INT("equal secrets: access for refresh",
	    token_verify(&config, TOKEN_REFRESH, access, NOW, &claims),
	    RC_TOKEN_INVALID);
	SAME_INT("equal secrets: access",
	    token_verify(&config, TOKEN_ACCESS, access, NOW, &claims), RC_OK);
	SAME_INT("equal secrets: refresh",
	    token_verify(&config, TOKEN_REFRESH, refresh, NOW, &claims), RC_OK);
}

/* No digit of a token can be another one. */
static void
tampered(void)
{
	const char *good = minted(TOKEN_ACCESS);
	char *text = pool_copy(unit_mem, good, strlen(good));

	for (size_t i = 0; i < strlen(good); i++) {
		enum rc rc;

		text[i] = good[i] == 'A' ? 'B' : 'A';
		rc = verify(TOKEN_ACCESS, text, NOW);
		HOLDS(pool_printf(unit_mem, "digit %zu", i),
		    rc == RC_TOKEN_MALFORMED || rc == RC_TOKEN_SIGNATURE);
		text[i] = good[i];
	}
	SAME_INT("untouched", verify(TOKEN_ACCESS, text, NOW), RC_OK);
	SAME_INT("another payload, the same MAC",
	    verify(TOKEN_ACCESS,
		pool_printf(unit_mem, "%s%s",
		    two_parts(GOOD, "{\"_id\":\"" SID "\",\"sid\":\"" SID
				    "\"," EMAIL TIMES "}"),
		    strrchr(good, '.')),
		NOW),
	    RC_TOKEN_SIGNATURE);
}

static void
secrets_are_exact(void)
{
	static const struct {
		const char *row, *secret;
	} rows[] = {
		{ "a byte less", "access-secret-of-at-least-32-byte" },
		{ "a byte more", "access-secret-of-at-least-32-bytes " },
		{ "another case", "Access-secret-of-at-least-32-bytes" },
		{ "empty", "" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    verify(TOKEN_ACCESS,
			forge(rows[i].secret, GOOD, "{" IDS EMAIL TIMES "}"),
			NOW),
		    RC_TOKEN_SIGNATURE);
}

static void
longest_claims(void)
{
	struct config config = unit_config();
	struct token_claims in = some_claims(TOKEN_ACCESS), out;
	const char *text = NULL;

	memset(in.email, 'a', EMAIL_MAX);
	in.email[EMAIL_MAX] = '\0';
	in.expires_s = 253402300799;
	SAME_INT("mint",
	    token_mint(&config, TOKEN_ACCESS, &in, unit_mem, &text), RC_OK);
	HOLDS("with room for a cookie's attributes", strlen(text) < 1024);
	SAME_INT("verify", token_verify(&config, TOKEN_ACCESS, text, NOW, &out),
	    RC_OK);
	SAME_TEXT("verify", out.email, in.email);
	SAME_INT("255 bytes",
	    verify(TOKEN_ACCESS,
		forge(config.access_token_secret.bytes, GOOD,
		    pool_printf(unit_mem, "{" IDS "\"email\":\"%s\"," TIMES "}",
			unit_repeat('a', EMAIL_MAX + 1))),
		NOW),
	    RC_TOKEN_INVALID);
}

/* HMAC(HMAC(secret, label), token), by OpenSSL alone. */
static const char *
successor_id(const char *secret, const char *text)
{
	static const char label[] = "latchkey successor 1";
	unsigned char key[32], id[32];
	char *hex = pool_alloc(unit_mem, 65);

	HMAC(EVP_sha256(), secret, (int)strlen(secret),
	    (const unsigned char *)label, strlen(label), key, NULL);
	HMAC(EVP_sha256(), key, sizeof(key), (const unsigned char *)text,
	    strlen(text), id, NULL);
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(hex + 2 * i, 3, "%02x", id[i]);
	return hex;
}

static void
successors(void)
{
	struct config config = unit_config();
	const char *texts[] = { "", "a", "b", "a.b.c", minted(TOKEN_REFRESH) };
	char ids[LENGTH_OF(texts)][DIGEST_HEX_SIZE];

	for (size_t i = 0; i < LENGTH_OF(texts); i++) {
		SAME_INT(texts[i],
		    token_successor_id(&config, texts[i], ids[i]), RC_OK);
		SAME_TEXT(texts[i], ids[i],
		    successor_id(config.refresh_token_secret.bytes, texts[i]));
		for (size_t j = 0; j < i; j++)
			HOLDS(texts[i], strcmp(ids[i], ids[j]) != 0);
	}
	config.access_token_secret.bytes = "another";
	SAME_INT("the access secret does not matter",
	    token_successor_id(&config, "a", ids[0]), RC_OK);
	SAME_TEXT("the access secret does not matter", ids[0], ids[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(rfc_7515_a_1),
		UNIT(round_trip),
		UNIT(same_claims_same_bytes),
		UNIT(libjwt_reads_ours),
		UNIT(we_read_libjwt_s),
		UNIT(form),
		UNIT(stray_bits),
		UNIT(stray_bits_signed),
		UNIT(length),
		UNIT(headers),
		UNIT(other_algorithms),
		UNIT(access_claims),
		UNIT(refresh_claims),
		UNIT(times),
		UNIT(expired_claims_are_told),
		UNIT(bad_signature_tells_nothing),
		UNIT(order_of_refusals),
		UNIT(kinds_exclude_each_other),
		UNIT(tampered),
		UNIT(secrets_are_exact),
		UNIT(longest_claims),
		UNIT(successors),
	};

	return UNIT_MAIN(tests);
}
