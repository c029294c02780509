#include "token_fixture.h"

/* Payloads, each under a good MAC. */

/* An access token's, but for its IDs, or for its times. */
#define OF(id, sid)  "{" IDS_OF(id, sid) EMAIL TIMES "}"
#define AT(iat, exp) "{" IDS EMAIL TIMES_OF(iat, exp) "}"

static void
check_payloads(enum token_kind kind, const struct token_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		SAME_INT(rows[i].row,
		    verify(kind, forge(kind, HEADER, rows[i].text), NOW),
		    rows[i].rc);
}

static void
access_claims(void)
{
	static const struct token_row rows[] = {
		{ "as ours", "{" ACCESS "}", RC_OK },
		{ "others beside", "{" ACCESS ",\"iss\":\"x\",\"a\":{}}",
		    RC_OK },
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
		{ "trailing text", "{" ACCESS "}x", RC_TOKEN_INVALID },
		{ "open", "{" ACCESS, RC_TOKEN_INVALID },
		{ "bad UTF-8", "{" ACCESS ",\"x\":\"\xff\"}",
		    RC_TOKEN_INVALID },
		{ "32 deep",
		    "{" ACCESS ",\"x\":"
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
		    OF(QUOTED("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
			QUOTED(SID)),
		    RC_TOKEN_INVALID },
		{ "sid in upper case",
		    OF(QUOTED(USER),
			QUOTED("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")),
		    RC_TOKEN_INVALID },
		{ "_id too short", OF(QUOTED("017f22e2"), QUOTED(SID)),
		    RC_TOKEN_INVALID },
		{ "_id too long", OF(QUOTED(USER "0"), QUOTED(SID)),
		    RC_TOKEN_INVALID },
		{ "_id and a NUL", OF(QUOTED(USER "\\u0000"), QUOTED(SID)),
		    RC_TOKEN_INVALID },
		{ "_id is a number", OF("1", QUOTED(SID)), RC_TOKEN_INVALID },
		{ "_id is an array", OF("[" QUOTED(USER) "]", QUOTED(SID)),
		    RC_TOKEN_INVALID },
		{ "sid is empty", OF(QUOTED(USER), QUOTED("")),
		    RC_TOKEN_INVALID },
		{ "sid is null", OF(QUOTED(USER), "null"), RC_TOKEN_INVALID },
		{ "email is empty", "{" IDS "\"email\":\"\"," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is a number", "{" IDS "\"email\":1," TIMES "}",
		    RC_TOKEN_INVALID },
		{ "email is true", "{" IDS "\"email\":true," TIMES "}",
		    RC_TOKEN_INVALID },

		{ "_id twice", "{\"_id\":\"" SID "\"," ACCESS "}",
		    RC_TOKEN_INVALID },
		{ "exp twice", "{" ACCESS ",\"exp\":1800000000}",
		    RC_TOKEN_INVALID },
		{ "exp twice, once escaped",
		    "{" ACCESS ",\"\\u0065xp\":1800000000}", RC_TOKEN_INVALID },
		{ "exp and exp cut by a NUL",
		    "{" ACCESS ",\"exp\\u0000\":1800000000}",
		    RC_TOKEN_INVALID },
		{ "an unknown one twice", "{" ACCESS ",\"x\":1,\"x\":1}",
		    RC_TOKEN_INVALID },
		{ "a NUL in an unknown one", "{" ACCESS ",\"x\":\"\\u0000\"}",
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
	static const struct token_row rows[] = {
		{ "as ours", "{" REFRESH "}", RC_OK },
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
		{ "email for jti", "{" ACCESS "}", RC_TOKEN_INVALID },
	};

	check_payloads(TOKEN_REFRESH, rows, LENGTH_OF(rows));
}

static void
times(void)
{
	static const struct token_row rows[] = {
		{ "exp, a second ago", AT("1699999000", "1699999999"),
		    RC_TOKEN_EXPIRED },
		{ "exp, now", AT("1699999000", "1700000000"),
		    RC_TOKEN_EXPIRED },
		{ "exp, in a second", AT("1699999000", "1700000001"), RC_OK },
		{ "exp, 1", AT("1", "1"), RC_TOKEN_EXPIRED },
		{ "exp, the last one", AT("1", "9007199254740992"), RC_OK },
		{ "exp, 2^63 - 1", AT("1", "9223372036854775807"),
		    RC_TOKEN_INVALID },
		{ "exp, 0", AT("1700000000", "0"), RC_TOKEN_INVALID },
		{ "exp, -1", AT("1700000000", "-1"), RC_TOKEN_INVALID },
		{ "exp, far below 0", AT("1700000000", "-9223372036854775808"),
		    RC_TOKEN_INVALID },
		{ "exp, 2^63", AT("1700000000", "9223372036854775808"),
		    RC_TOKEN_INVALID },
		{ "exp, 2^64 and a bit",
		    AT("1700000000", "18446744075409552516"),
		    RC_TOKEN_INVALID },
		{ "exp, a fraction", AT("1700000000", "1700000900.5"),
		    RC_TOKEN_INVALID },
		{ "exp, .0", AT("1700000000", "1700000900.0"), RC_OK },
		{ "exp, an exponent", AT("1700000000", "17e10"), RC_OK },
		{ "exp, a string", AT("1700000000", "\"1700000900\""),
		    RC_TOKEN_INVALID },
		{ "exp, true", AT("1700000000", "true"), RC_TOKEN_INVALID },
		{ "exp, null", AT("1700000000", "null"), RC_TOKEN_INVALID },
		{ "exp, an array", AT("1700000000", "[1700000900]"),
		    RC_TOKEN_INVALID },

		{ "iat, 59 s ahead", AT("1700000059", "1700000900"), RC_OK },
		{ "iat, 60 s ahead", AT("1700000060", "1700000900"), RC_OK },
		{ "iat, 61 s ahead", AT("1700000061", "1700000900"),
		    RC_TOKEN_INVALID },
		{ "iat, the last one", AT("9223372036854775807", "1700000900"),
		    RC_TOKEN_INVALID },
		{ "iat, 0", AT("0", "1700000900"), RC_TOKEN_INVALID },
		{ "iat, a string", AT("\"1700000000\"", "1700000900"),
		    RC_TOKEN_INVALID },
		{ "iat, a fraction", AT("1699999999.5", "1700000900"),
		    RC_TOKEN_INVALID },

		{ "nbf, past", "{" ACCESS ",\"nbf\":1699999999}", RC_OK },
		{ "nbf, now", "{" ACCESS ",\"nbf\":1700000000}", RC_OK },
		{ "nbf, in a second", "{" ACCESS ",\"nbf\":1700000001}",
		    RC_TOKEN_INVALID },
		{ "nbf, a string", "{" ACCESS ",\"nbf\":\"1699999999\"}",
		    RC_TOKEN_INVALID },
		{ "nbf, a fraction", "{" ACCESS ",\"nbf\":1699999999.5}",
		    RC_TOKEN_INVALID },
		{ "nbf, null", "{" ACCESS ",\"nbf\":null}", RC_TOKEN_INVALID },
		{ "nbf, -1", "{" ACCESS ",\"nbf\":-1}", RC_TOKEN_INVALID },

		{ "nbf before exp",
		    "{" IDS EMAIL "\"iat\":1,\"exp\":2,\"nbf\":1700000001}",
		    RC_TOKEN_INVALID },
		{ "iat before exp", AT("1700000061", "2"), RC_TOKEN_INVALID },
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(access_claims),
		UNIT(refresh_claims),
		UNIT(times),
		UNIT(expired_claims_are_told),
	};

	return UNIT_MAIN(tests);
}
