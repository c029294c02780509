#include "token_fixture.h"

/* Header and MAC: what is refused before the payload is looked at. */

/* Headers, each under a good HS256 MAC. */
static void
headers(void)
{
	static const struct token_row rows[] = {
		{ "as ours", HEADER, RC_OK },
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

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    verify(TOKEN_ACCESS,
			forge(TOKEN_ACCESS, rows[i].text, "{" ACCESS "}"), NOW),
		    rows[i].rc);
}

/* The algorithm a header names, done right, under our own secret. */
static void
other_algorithms(void)
{
	const char *secret = secret_of(TOKEN_ACCESS);
	const char *payload = "{" ACCESS "}";
	const char *none = two_parts("{\"alg\":\"none\"}", payload);
	const struct token_row rows[] = {
		{ "HS384",
		    sign_with(EVP_sha384(), secret,
			two_parts("{\"alg\":\"HS384\"}", payload)),
		    RC_TOKEN_SIGNATURE },
		{ "HS512",
		    sign_with(EVP_sha512(), secret,
			two_parts("{\"alg\":\"HS512\"}", payload)),
		    RC_TOKEN_SIGNATURE },
		{ "HS512 that says HS256",
		    sign_with(EVP_sha512(), secret, two_parts(HEADER, payload)),
		    RC_TOKEN_SIGNATURE },
		{ "none, no MAC", pool_printf(unit_mem, "%s.", none),
		    RC_TOKEN_MALFORMED },
		{ "none, some MAC", pool_printf(unit_mem, "%s.AAAA", none),
		    RC_TOKEN_SIGNATURE },
	};

	check_access_tokens(rows, LENGTH_OF(rows));
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
	access = minted_with(&config, TOKEN_ACCESS);
	refresh = minted_with(&config, TOKEN_REFRESH);
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
		    two_parts(HEADER,
			"{" IDS_OF(QUOTED(SID), QUOTED(SID)) EMAIL TIMES "}"),
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
			forge_with(rows[i].secret, HEADER, "{" ACCESS "}"),
			NOW),
		    RC_TOKEN_SIGNATURE);
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

#define PAST TIMES_OF("1699999000", "1699999999")

/* Where several things are wrong, the first of the order is told. */
static void
order_of_refusals(void)
{
	const char *expired = "{" IDS EMAIL PAST "}";
	const char *expired_kind = "{" IDS JTI PAST "}";
	const struct token_row rows[] = {
		{ "form before MAC and time",
		    pool_printf(unit_mem,
			"%s=", forge_with("x", HEADER, expired)),
		    RC_TOKEN_MALFORMED },
		{ "header's form before MAC", forge_with("x", "[]", expired),
		    RC_TOKEN_MALFORMED },
		{ "MAC before crit",
		    forge_with("x", "{\"alg\":\"HS256\",\"crit\":[]}", expired),
		    RC_TOKEN_SIGNATURE },
		{ "algorithm before crit",
		    forge(TOKEN_ACCESS, "{\"alg\":\"HS384\",\"crit\":[]}",
			expired),
		    RC_TOKEN_SIGNATURE },
		{ "algorithm before typ",
		    forge(TOKEN_ACCESS, "{\"alg\":\"none\",\"typ\":1}",
			expired),
		    RC_TOKEN_SIGNATURE },
		{ "MAC before the payload's form",
		    forge_with("x", HEADER, "[]"), RC_TOKEN_SIGNATURE },
		{ "MAC before claims", forge_with("x", HEADER, "{}"),
		    RC_TOKEN_SIGNATURE },
		{ "MAC before time", forge_with("x", HEADER, expired),
		    RC_TOKEN_SIGNATURE },
		{ "crit before time",
		    forge(TOKEN_ACCESS, "{\"alg\":\"HS256\",\"crit\":[]}",
			expired),
		    RC_TOKEN_INVALID },
		{ "kind before time", forge(TOKEN_ACCESS, HEADER, expired_kind),
		    RC_TOKEN_INVALID },
		{ "time alone", forge(TOKEN_ACCESS, HEADER, expired),
		    RC_TOKEN_EXPIRED },
	};

	check_access_tokens(rows, LENGTH_OF(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(headers),
		UNIT(other_algorithms),
		UNIT(kinds_exclude_each_other),
		UNIT(tampered),
		UNIT(secrets_are_exact),
		UNIT(bad_signature_tells_nothing),
		UNIT(order_of_refusals),
	};

	return UNIT_MAIN(tests);
}
