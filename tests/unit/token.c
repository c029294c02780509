#include "token_fixture.h"

#include <jwt.h>

#include "base64url.h"

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
	const char *wanted[2] = {
		forge(TOKEN_ACCESS, HEADER,
		    "{\"_id\":\"" USER "\",\"email\":\"ada@example.org\","
		    "\"exp\":1700000900,\"iat\":1700000000,"
		    "\"sid\":\"" SID "\"}"),
		forge(TOKEN_REFRESH, HEADER,
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
	for (enum token_kind kind = TOKEN_ACCESS; kind <= TOKEN_REFRESH;
	     kind++) {
		const char *secret = secret_of(kind);
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
	const char *secret = secret_of(TOKEN_ACCESS);
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
		forge(TOKEN_ACCESS, HEADER,
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
		    successor_id(secret_of(TOKEN_REFRESH), texts[i]));
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
		UNIT(longest_claims),
		UNIT(successors),
	};

	return UNIT_MAIN(tests);
}
