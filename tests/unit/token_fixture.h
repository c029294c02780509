#ifndef LATCHKEY_TOKEN_FIXTURE_H
#define LATCHKEY_TOKEN_FIXTURE_H

#include "token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "unit.h"

/* The parts of tokens, good at NOW and until 900 s later. */

#define USER   "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define SID    "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define NOW    1700000000
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

#define IDS_OF(id, sid)	   "\"_id\":" id ",\"sid\":" sid ","
#define TIMES_OF(iat, exp) "\"iat\":" iat ",\"exp\":" exp

#define IDS	IDS_OF(QUOTED(USER), QUOTED(SID))
#define EMAIL	"\"email\":\"ada@example.org\","
#define JTI	"\"jti\":\"j1\","
#define TIMES	TIMES_OF("1700000000", "1700000900")
#define ACCESS	IDS EMAIL TIMES
#define REFRESH IDS JTI TIMES

/* What follows signs by itself, with nothing of the library under test. */

static inline const char *
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

static inline const char *
sign_with(const EVP_MD *md, const char *secret, const char *input)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	HMAC(md, secret, (int)strlen(secret), (const unsigned char *)input,
	    strlen(input), mac, &len);
	return pool_printf(unit_mem, "%s.%s", input,
	    encode((const char *)mac, len));
}

static inline const char *
sign(const char *secret, const char *input)
{
	return sign_with(EVP_sha256(), secret, input);
}

static inline const char *
two_parts(const char *header, const char *payload)
{
	return pool_printf(unit_mem, "%s.%s", encode(header, strlen(header)),
	    encode(payload, strlen(payload)));
}

static inline const char *
secret_of(enum token_kind kind)
{
	return kind == TOKEN_ACCESS ? unit_config().access_token_secret.bytes
				    : unit_config().refresh_token_secret.bytes;
}

static inline const char *
forge_with(const char *secret, const char *header, const char *payload)
{
	return sign(secret, two_parts(header, payload));
}

/* With the secret of ${kind}: its MAC is good. */
static inline const char *
forge(enum token_kind kind, const char *header, const char *payload)
{
	return forge_with(secret_of(kind), header, payload);
}

/* What is under test. */

static inline struct token_claims
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

static inline const char *
minted_with(const struct config *config, enum token_kind kind)
{
	struct token_claims claims = some_claims(kind);
	const char *text = NULL;

	SAME_INT("mint", token_mint(config, kind, &claims, unit_mem, &text),
	    RC_OK);
	return text;
}

static inline const char *
minted(enum token_kind kind)
{
	struct config config = unit_config();

	return minted_with(&config, kind);
}

static inline enum rc
verify(enum token_kind kind, const char *text, int64_t now_s)
{
	struct config config = unit_config();
	struct token_claims claims;

	return token_verify(&config, kind, text, now_s, &claims);
}

/* A token, or what a test forges one of, and what becomes of it. */
struct token_row {
	const char *row, *text;
	enum rc rc;
};

static inline void
check_access_tokens(const struct token_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		SAME_INT(rows[i].row, verify(TOKEN_ACCESS, rows[i].text, NOW),
		    rows[i].rc);
}

#endif
