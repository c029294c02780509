#include "session_fixture.h"

#include <openssl/evp.h>

/* A session is opened, found and removed. */

static void
a_new_session(void)
{
	struct chain chain = chain_open(T0);
	struct token_claims claims = claims_of(chain.tokens[0], T0);

	SAME_INT("count", chain.sessions.count, 1);
	HOLDS("id", uuid_is_valid(chain.session->id));
	HOLDS("id is of its time",
	    strncmp(chain.session->id, "018bcfe5-6be7-7", 15) == 0);
	SAME_INT("opened", chain.session->opened_s, T0);
	SAME_INT("rotated", chain.session->rotated_count, 1);
	SAME_INT("rotated", chain.session->rotated_s[0], T0);
	SAME_INT("used", session_last_used_s(chain.session), T0);
	SAME_TEXT("agent", chain.session->agent, "agent");
	SAME_TEXT("ip", chain.session->ip, "192.0.2.1");
	SAME_TEXT("_id", claims.user_id, USER);
	SAME_TEXT("sid", claims.session_id, chain.session->id);
	SAME_INT("jti", strlen(claims.id), 64);
	SAME_INT("iat", claims.issued_s, T0);
	SAME_INT("exp", claims.expires_s, T0 + 1296000);
	SAME_INT("current", judge("current", &chain, 0, T0),
	    SESSION_TOKEN_CURRENT);
}

static void
hash_is_the_token_s(void)
{
	struct chain chain = chain_open(T0);

	for (int i = 0; i < 2; i++) {
		const char *text = chain.tokens[chain.count - 1];
		unsigned char hash[32];
		char hex[DIGEST_HEX_SIZE];

		EVP_Digest(text, strlen(text), hash, NULL, EVP_sha256(), NULL);
		for (size_t j = 0; j < 32; j++)
			snprintf(hex + 2 * j, 3, "%02x", hash[j]);
		SAME_TEXT("hash", chain.session->hash, hex);
		chain_rotate(&chain, T0 + 1);
	}
}

/* Nothing in the document opens anything. */
static void
the_document_holds_no_token(void)
{
	struct chain chain = chain_open(T0);
	const char *text;

	chain_rotate(&chain, T0 + 1);
	text = printed("print", &chain.sessions);
	HOLDS("no token", strstr(text, "eyJ") == NULL);
	for (size_t i = 0; i < chain.count; i++)
		HOLDS("no jti",
		    strstr(text, claims_of(chain.tokens[i], T0 + 1).id) ==
			NULL);
}

static void
new_sessions_differ(void)
{
	struct chain a = chain_open(T0), b = chain_open(T0);

	HOLDS("id", strcmp(a.session->id, b.session->id) != 0);
	HOLDS("jti", strcmp(claims_of(a.tokens[0], T0).id,
			 claims_of(b.tokens[0], T0).id) != 0);
}

static void
finds_and_removes(void)
{
	struct sessions sessions = no_sessions();
	char ids[3][UUID_TEXT_SIZE];

	sessions_remove(&sessions, NULL);
	HOLDS("none", sessions_find(&sessions, SID1) == NULL);
	open_one(&sessions, "a", T0);
	open_one(&sessions, "b", T0);
	open_one(&sessions, "c", T0);
	for (size_t i = 0; i < 3; i++)
		strcpy(ids[i], sessions.list[i].id);
	sessions_remove(&sessions, sessions_find(&sessions, SID1));
	SAME_TEXT("unknown", agents_of(&sessions), "abc");
	sessions_remove(&sessions, sessions_find(&sessions, ids[1]));
	SAME_TEXT("between", agents_of(&sessions), "ac");
	HOLDS("gone", sessions_find(&sessions, ids[1]) == NULL);
	sessions_remove(&sessions, sessions_find(&sessions, ids[2]));
	SAME_TEXT("last", agents_of(&sessions), "a");
	sessions_remove(&sessions, sessions_find(&sessions, ids[0]));
	SAME_INT("first", sessions.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_UNIT(a_new_session),
		SESSION_UNIT(hash_is_the_token_s),
		SESSION_UNIT(the_document_holds_no_token),
		SESSION_UNIT(new_sessions_differ),
		SESSION_UNIT(finds_and_removes),
	};

	return UNIT_MAIN(tests);
}
