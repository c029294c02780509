#include "session.h"

#include <openssl/evp.h>

#include "json.h"
#include "unit.h"
#include "utf8.h"

#define USER "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define SID1 "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
#define SID2 "017f22e2-79b0-7cc3-98c4-dc0c0c073992"
#define HASH                                                                   \
	"00112233445566778899aabbccddeeff"                                     \
	"00112233445566778899aabbccddeeff"
#define T0 1700000000

static struct config config;

/* One session, and every refresh token that was its current one. */

enum {
	CHAIN_MAX = 64
};

struct chain {
	struct sessions sessions;
	struct session *session;
	const char *tokens[CHAIN_MAX];
	size_t count;
};

static struct token_claims
claims_of(const char *text, int64_t now_s)
{
	struct token_claims claims;

	SAME_INT("a token of ours",
	    token_verify(&config, TOKEN_REFRESH, text, now_s, &claims), RC_OK);
	return claims;
}

/* The document goes through its text, as between two requests. */
static void
through_text(struct chain *chain)
{
	const char *text;
	char id[UUID_TEXT_SIZE];

	strcpy(id, chain->session->id);
	SAME_INT("print", sessions_print(&chain->sessions, unit_mem, &text),
	    RC_OK);
	SAME_INT("parse", sessions_parse(text, unit_mem, &chain->sessions),
	    RC_OK);
	HOLDS("good", !chain->sessions.damaged);
	chain->session = sessions_find(&chain->sessions, id);
	assert_non_null(chain->session);
}

static struct chain
chain_open(int64_t now_s)
{
	struct chain chain = { 0 };

	SAME_INT("no sessions", sessions_parse(NULL, unit_mem, &chain.sessions),
	    RC_OK);
	SAME_INT("open",
	    sessions_open(&chain.sessions, &config, USER, "agent", "192.0.2.1",
		now_s * 1000 + 999, unit_mem, &chain.session, &chain.tokens[0]),
	    RC_OK);
	chain.count = 1;
	through_text(&chain);
	return chain;
}

/* As a refresh does it: sweep, then rotate the current token. */
static void
chain_rotate(struct chain *chain, int64_t now_s)
{
	const char *text = chain->tokens[chain->count - 1];
	struct token_claims claims = claims_of(text, now_s);

	assert_true(chain->count < CHAIN_MAX);
	sessions_sweep(&chain->sessions, &config, now_s);
	SAME_INT("rotate",
	    session_rotate(chain->session, &config, text, &claims, now_s,
		unit_mem, &chain->tokens[chain->count++]),
	    RC_OK);
	through_text(chain);
}

/* What the chain's token number ${index} is at ${now_s}. */
static enum session_token
judge(const char *row, const struct chain *chain, size_t index, int64_t now_s)
{
	const char *text = chain->tokens[index];
	const char *newest = chain->tokens[chain->count - 1];
	struct token_claims claims = claims_of(text, now_s);
	enum session_token verdict;
	const char *current;

	SAME_INT(row,
	    session_judge(chain->session, &config, text, &claims, now_s,
		unit_mem, &verdict, &current),
	    RC_OK);
	SAME_TEXT(row, current, verdict == SESSION_TOKEN_SPENT ? NULL : newest);
	return verdict;
}

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
	SAME_INT("print", sessions_print(&chain.sessions, unit_mem, &text),
	    RC_OK);
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

/* The clock is an argument: no test waits. */

static void
grace(void)
{
	static const struct {
		const char *row;
		int64_t grace_s, later_s; /* after the rotation */
		enum session_token verdict;
	} rows[] = {
		{ "at once", 10, 0, SESSION_TOKEN_GRACED },
		{ "the second before its end", 10, 9, SESSION_TOKEN_GRACED },
		{ "at its end", 10, 10, SESSION_TOKEN_GRACED },
		{ "the second after", 10, 11, SESSION_TOKEN_SPENT },
		{ "a day after", 10, 86400, SESSION_TOKEN_SPENT },
		{ "1 s, at its end", 1, 1, SESSION_TOKEN_GRACED },
		{ "1 s, the second after", 1, 2, SESSION_TOKEN_SPENT },
		{ "600 s, at its end", 600, 600, SESSION_TOKEN_GRACED },
		{ "600 s, the second after", 600, 601, SESSION_TOKEN_SPENT },
		{ "none, at once", 0, 0, SESSION_TOKEN_SPENT },
		{ "none, a second later", 0, 1, SESSION_TOKEN_SPENT },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct chain chain = chain_open(T0);
		int64_t now_s = T0 + 100 + rows[i].later_s;

		config.refresh_grace_s = rows[i].grace_s;
		chain_rotate(&chain, T0 + 100);
		SAME_INT(rows[i].row, judge(rows[i].row, &chain, 0, now_s),
		    rows[i].verdict);
		SAME_INT(rows[i].row, judge(rows[i].row, &chain, 1, now_s),
		    SESSION_TOKEN_CURRENT);
	}
	config = unit_config();
}

/* Rotations in a row, all within the grace: who is led to the newest? */
static void
walks(void)
{
	static const struct {
		const char *row;
		size_t rotations;
		int64_t each_s; /* between two of them, in 1/4 s */
	} rows[] = {
		{ "1", 1, 4 },
		{ "2", 2, 4 },
		{ "3", 3, 4 },
		{ "2 in one second", 2, 0 },
		{ "3 in one second", 3, 0 },
		{ "5, several in a second", 5, 2 },
		{ "16, several in a second", 16, 2 },
		{ "16 in one second", 16, 0 },
		{ "17 in one second", 17, 0 },
		{ "40 in one second", 40, 0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct chain chain = chain_open(T0);
		int64_t now_s = T0;

		for (size_t j = 0; j < rows[i].rotations; j++) {
			now_s = T0 + (int64_t)j * rows[i].each_s / 4;
			chain_rotate(&chain, now_s);
		}
		for (size_t j = 0; j < chain.count; j++) {
			size_t steps = chain.count - 1 - j;
			const char *row = pool_printf(unit_mem, "%s: %zu steps",
			    rows[i].row, steps);
			enum session_token want = steps == 0
						      ? SESSION_TOKEN_CURRENT
						  : steps <= 16
						      ? SESSION_TOKEN_GRACED
						      : SESSION_TOKEN_SPENT;

			SAME_INT(row, judge(row, &chain, j, now_s), want);
			for (size_t k = 0; k < j; k++)
				HOLDS(row, strcmp(chain.tokens[j],
					       chain.tokens[k]) != 0);
		}
	}
}

/* Spent at 5, 12 and 20 s: which of the first three is graced when? */
static void
each_token_has_its_own_grace(void)
{
	static const struct {
		const char *row;
		int64_t at_s;
		enum session_token verdicts[4];
	} rows[] = {
		{ "at 20 s", 20,
		    { SESSION_TOKEN_SPENT, SESSION_TOKEN_GRACED,
			SESSION_TOKEN_GRACED, SESSION_TOKEN_CURRENT } },
		{ "at 22 s", 22,
		    { SESSION_TOKEN_SPENT, SESSION_TOKEN_GRACED,
			SESSION_TOKEN_GRACED, SESSION_TOKEN_CURRENT } },
		{ "at 23 s", 23,
		    { SESSION_TOKEN_SPENT, SESSION_TOKEN_SPENT,
			SESSION_TOKEN_GRACED, SESSION_TOKEN_CURRENT } },
		{ "at 30 s", 30,
		    { SESSION_TOKEN_SPENT, SESSION_TOKEN_SPENT,
			SESSION_TOKEN_GRACED, SESSION_TOKEN_CURRENT } },
		{ "at 31 s", 31,
		    { SESSION_TOKEN_SPENT, SESSION_TOKEN_SPENT,
			SESSION_TOKEN_SPENT, SESSION_TOKEN_CURRENT } },
	};
	struct chain chain = chain_open(T0);

	chain_rotate(&chain, T0 + 5);
	SAME_INT("at 15 s", judge("at 15 s", &chain, 0, T0 + 15),
	    SESSION_TOKEN_GRACED);
	SAME_INT("at 16 s", judge("at 16 s", &chain, 0, T0 + 16),
	    SESSION_TOKEN_SPENT);
	chain_rotate(&chain, T0 + 12);
	SAME_INT("at 12 s", judge("at 12 s", &chain, 0, T0 + 12),
	    SESSION_TOKEN_GRACED);
	chain_rotate(&chain, T0 + 20);
	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		for (size_t j = 0; j < 4; j++)
			SAME_INT(rows[i].row,
			    judge(rows[i].row, &chain, j, T0 + rows[i].at_s),
			    rows[i].verdicts[j]);
}

/* A rotation is the same bytes for whoever makes it from the same row. */
static void
racers_get_one_successor(void)
{
	struct chain a = chain_open(T0), b;
	const char *text;

	SAME_INT("print", sessions_print(&a.sessions, unit_mem, &text), RC_OK);
	b = a;
	SAME_INT("parse", sessions_parse(text, unit_mem, &b.sessions), RC_OK);
	b.session = b.sessions.list;
	chain_rotate(&a, T0 + 3);
	chain_rotate(&b, T0 + 3);
	SAME_TEXT("successor", a.tokens[1], b.tokens[1]);
	SAME_TEXT("hash", a.session->hash, b.session->hash);
}

static void
foreign_tokens_are_spent(void)
{
	struct chain a = chain_open(T0), b = chain_open(T0);

	chain_rotate(&a, T0 + 1);
	chain_rotate(&b, T0 + 1);
	a.tokens[0] = b.tokens[0];
	SAME_INT("spent by another session",
	    judge("another session", &a, 0, T0 + 1), SESSION_TOKEN_SPENT);
	a.tokens[0] = b.tokens[1];
	SAME_INT("another session's current one",
	    judge("another session", &a, 0, T0 + 1), SESSION_TOKEN_SPENT);
}

/* A thousand rotations, some in one second: all differ, the last one works. */
static void
a_thousand_rotations(void)
{
	struct chain chain = chain_open(T0);
	static char hashes[1000][DIGEST_HEX_SIZE];
	const char *first = chain.tokens[0];

	for (size_t i = 0; i < 1000; i++) {
		memcpy(hashes[i], chain.session->hash, DIGEST_HEX_SIZE);
		chain_rotate(&chain, T0 + (int64_t)i / 3);
		chain.tokens[0] = chain.tokens[1];
		chain.count = 1;
		for (size_t j = 0; j <= i; j++)
			if (strcmp(hashes[j], chain.session->hash) == 0)
				fail_msg("rotation %zu is as %zu", i, j);
	}
	SAME_INT("rotations kept", chain.session->rotated_count, 16);
	SAME_INT("last", judge("last", &chain, 0, T0 + 333),
	    SESSION_TOKEN_CURRENT);
	chain.tokens[1] = chain.tokens[0];
	chain.tokens[0] = first;
	chain.count = 2;
	SAME_INT("first", judge("first", &chain, 0, T0 + 333),
	    SESSION_TOKEN_SPENT);
}

/* Times that no good clock could have written. */

/* A session that rotated once, and says that it was at ${rotated_s}. */
static struct chain
rotated_at(int64_t rotated_s)
{
	struct chain chain = chain_open(T0);

	/* The claims of its successor are of the time that is written. */
	sessions_sweep(&chain.sessions, &config, T0);
	chain_rotate(&chain, rotated_s);
	return chain;
}

static void
rotations_ahead_of_the_clock(void)
{
	static const struct {
		const char *row;
		int64_t ahead_s;
		enum session_token verdict;
	} rows[] = {
		{ "1 s", 1, SESSION_TOKEN_GRACED },
		{ "59 s", 59, SESSION_TOKEN_GRACED },
		{ "60 s", 60, SESSION_TOKEN_GRACED },
		{ "61 s", 61, SESSION_TOKEN_SPENT },
		{ "an hour", 3600, SESSION_TOKEN_SPENT },
		{ "a day", 86400, SESSION_TOKEN_SPENT },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct chain chain = rotated_at(T0 + rows[i].ahead_s);
		const char *text = chain.tokens[0];
		struct token_claims claims = claims_of(text, T0);
		enum session_token verdict;
		const char *current;

		SAME_INT(rows[i].row,
		    session_judge(chain.session, &config, text, &claims, T0,
			unit_mem, &verdict, &current),
		    RC_OK);
		SAME_INT(rows[i].row, verdict, rows[i].verdict);
		HOLDS(rows[i].row,
		    !session_is_over(chain.session, &config, T0));
	}
}

static void
rotation_where_the_clock_went_back(void)
{
	static const struct {
		const char *row;
		int64_t last_s, now_s;
		int64_t issued_s; /* of the successor */
	} rows[] = {
		{ "it stood still", T0 + 100, T0 + 100, T0 + 100 },
		{ "it went on", T0 + 100, T0 + 101, T0 + 101 },
		{ "a second back", T0 + 100, T0 + 99, T0 + 100 },
		{ "60 s back", T0 + 100, T0 + 40, T0 + 100 },
		{ "61 s back", T0 + 100, T0 + 39, T0 + 39 },
		{ "a day back", T0 + 86400, T0, T0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct chain chain = chain_open(T0 - 1000);
		struct token_claims claims;
		const char *successor;

		chain_rotate(&chain, rows[i].last_s);
		claims = claims_of(chain.tokens[1], rows[i].last_s);
		SAME_INT(rows[i].row,
		    session_rotate(chain.session, &config, chain.tokens[1],
			&claims, rows[i].now_s, unit_mem, &successor),
		    RC_OK);
		SAME_INT(rows[i].row, session_last_used_s(chain.session),
		    rows[i].issued_s);
		/* It works at once, by the clock of the one who made it. */
		claims = claims_of(successor, rows[i].now_s);
		SAME_INT(rows[i].row, claims.issued_s, rows[i].issued_s);
	}
}

static void
grace_where_the_clock_went_back(void)
{
	struct chain chain = chain_open(T0);

	chain_rotate(&chain, T0 + 30);
	chain_rotate(&chain, T0 + 10);
	chain_rotate(&chain, T0 + 25);
	for (size_t i = 0; i < 3; i++)
		SAME_INT("all three in time",
		    judge("all three in time", &chain, i, T0 + 25),
		    SESSION_TOKEN_GRACED);
	SAME_INT("at the end", judge("at the end", &chain, 1, T0 + 40),
	    SESSION_TOKEN_GRACED);
	SAME_INT("after it", judge("after it", &chain, 1, T0 + 41),
	    SESSION_TOKEN_SPENT);
}

/* Ages. */

static void
over(void)
{
	static const struct {
		const char *row;
		int64_t opened_s, used_s; /* ago */
		int64_t ttl_s, max_age_s;
		bool over;
	} rows[] = {
		{ "new", 0, 0, 100, 1000, false },
		{ "unused, the second before", 99, 99, 100, 1000, false },
		{ "unused, at the life's end", 100, 100, 100, 1000, true },
		{ "unused, the second after", 101, 101, 100, 1000, true },
		{ "used of late", 500, 99, 100, 1000, false },
		{ "old, the second before", 999, 0, 100, 1000, false },
		{ "old, at the age", 1000, 0, 100, 1000, true },
		{ "old, the second after", 1001, 0, 100, 1000, true },
		{ "no limit of age", 1000000000, 0, 100, 0, false },
		{ "no limit of age, unused", 1000000000, 100, 100, 0, true },
		{ "by default, the second before", 7775999, 1295999, 1296000,
		    7776000, false },
		{ "by default, unused", 7775999, 1296000, 1296000, 7776000,
		    true },
		{ "by default, old", 7776000, 0, 1296000, 7776000, true },
		{ "opened and used ahead", -3600, -3600, 100, 1000, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct session session = { .opened_s = T0 - rows[i].opened_s,
			.rotated_s = { T0 - rows[i].used_s },
			.rotated_count = 1,
			.agent = "",
			.ip = "" };
		struct sessions sessions = { &session, 1, false };

		config.refresh_token_ttl_s = rows[i].ttl_s;
		config.session_max_age_s = rows[i].max_age_s;
		SAME_INT(rows[i].row, session_is_over(&session, &config, T0),
		    rows[i].over);
		sessions_sweep(&sessions, &config, T0);
		SAME_INT(rows[i].row, sessions.count, rows[i].over ? 0 : 1);
	}
	config = unit_config();
}

static void
expiry(void)
{
	static const struct {
		const char *row;
		int64_t age_s; /* at issue */
		int64_t ttl_s, max_age_s, life_s;
	} rows[] = {
		{ "far from the age", 0, 100, 1000, 100 },
		{ "a second before it matters", 899, 100, 1000, 100 },
		{ "just reaching it", 900, 100, 1000, 100 },
		{ "a second less", 901, 100, 1000, 99 },
		{ "the last second", 999, 100, 1000, 1 },
		{ "none left", 1000, 100, 1000, 0 },
		{ "over", 1001, 100, 1000, -1 },
		{ "no limit", 1000000, 100, 0, 100 },
		{ "a life over the age", 0, 5000, 1000, 1000 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct session session = { .opened_s = T0 };
		int64_t issued_s = T0 + rows[i].age_s;

		config.session_max_age_s = rows[i].max_age_s;
		SAME_INT(rows[i].row,
		    session_token_expiry_s(&session, &config, issued_s,
			rows[i].ttl_s),
		    issued_s + rows[i].life_s);
	}
	config = unit_config();
}

/* From log-in to the last second, no refresh token outlives the session. */
static void
tokens_end_with_the_session(void)
{
	struct chain chain;

	config.session_max_age_s = 1000;
	config.refresh_token_ttl_s = 400;
	chain = chain_open(T0);
	SAME_INT("first", claims_of(chain.tokens[0], T0).expires_s, T0 + 400);
	chain_rotate(&chain, T0 + 399);
	SAME_INT("second", claims_of(chain.tokens[1], T0 + 399).expires_s,
	    T0 + 799);
	chain_rotate(&chain, T0 + 798);
	SAME_INT("third", claims_of(chain.tokens[2], T0 + 798).expires_s,
	    T0 + 1000);
	chain_rotate(&chain, T0 + 999);
	SAME_INT("last", claims_of(chain.tokens[3], T0 + 999).expires_s,
	    T0 + 1000);
	HOLDS("last", !session_is_over(chain.session, &config, T0 + 999));
	HOLDS("over", session_is_over(chain.session, &config, T0 + 1000));
	config = unit_config();
}

static void
sweep_forgets_rotations(void)
{
	static const struct {
		const char *row;
		int64_t grace_s, now_s;
		size_t kept;
	} rows[] = {
		{ "all in time", 10, 10, 4 },
		{ "the log-in is out", 10, 11, 3 },
		{ "two are out", 10, 14, 2 },
		{ "three are out", 10, 16, 1 },
		{ "the newest stays", 10, 10000, 1 },
		{ "no grace", 0, 6, 1 },
		{ "far ahead", 10, -100, 1 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct session session = { .opened_s = T0,
			.rotated_s = { T0, T0 + 3, T0 + 5, T0 + 6 },
			.rotated_count = 4 };
		struct sessions sessions = { &session, 1, false };

		config.refresh_grace_s = rows[i].grace_s;
		sessions_sweep(&sessions, &config, T0 + rows[i].now_s);
		SAME_INT(rows[i].row, sessions.count, 1);
		SAME_INT(rows[i].row, session.rotated_count, rows[i].kept);
		SAME_INT(rows[i].row, session_last_used_s(&session), T0 + 6);
	}
	config = unit_config();
}

/* Several sessions. */

static void
open_one(struct sessions *sessions, const char *agent, int64_t now_s)
{
	struct session *opened;
	const char *refresh, *text;

	SAME_INT(agent,
	    sessions_open(sessions, &config, USER, agent, "", now_s * 1000,
		unit_mem, &opened, &refresh),
	    RC_OK);
	SAME_TEXT(agent, opened->agent, agent);
	SAME_INT("print", sessions_print(sessions, unit_mem, &text), RC_OK);
	SAME_INT("parse", sessions_parse(text, unit_mem, sessions), RC_OK);
}

static const char *
agents_of(const struct sessions *sessions)
{
	const char *text = "";

	for (size_t i = 0; i < sessions->count; i++)
		text = pool_printf(unit_mem, "%s%s", text,
		    sessions->list[i].agent);
	return text;
}

static void
cap_ends_the_least_recently_used(void)
{
	struct sessions sessions;

	config.sessions_per_user = 3;
	SAME_INT("none", sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	open_one(&sessions, "a", T0);
	open_one(&sessions, "b", T0 + 1);
	open_one(&sessions, "c", T0 + 2);
	SAME_TEXT("at the cap", agents_of(&sessions), "abc");
	/* The oldest was used last. */
	sessions.list[0].rotated_s[0] = T0 + 3;
	open_one(&sessions, "d", T0 + 4);
	SAME_TEXT("b was used least recently", agents_of(&sessions), "acd");
	open_one(&sessions, "e", T0 + 5);
	SAME_TEXT("then c", agents_of(&sessions), "ade");
	open_one(&sessions, "f", T0 + 6);
	SAME_TEXT("then a", agents_of(&sessions), "def");
	/* The cap was made smaller. */
	config.sessions_per_user = 1;
	open_one(&sessions, "g", T0 + 7);
	SAME_TEXT("down to 1", agents_of(&sessions), "g");
	open_one(&sessions, "h", T0 + 7);
	SAME_TEXT("also within a second", agents_of(&sessions), "h");
	config = unit_config();
}

static void
cap_of_sixteen(void)
{
	struct sessions sessions;

	SAME_INT("none", sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	for (int i = 0; i < 40; i++) {
		char agent[2] = { (char)('A' + i), '\0' };

		open_one(&sessions, agent, T0 + i);
		SAME_INT(agent, sessions.count, i < 16 ? i + 1 : 16);
	}
	SAME_TEXT("the newest 16", agents_of(&sessions), "YZ[\\]^_`abcdefgh");
}

static void
finds_and_removes(void)
{
	struct sessions sessions;
	char ids[3][UUID_TEXT_SIZE];

	SAME_INT("none", sessions_parse(NULL, unit_mem, &sessions), RC_OK);
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

static void
sweep_takes_out_what_is_over(void)
{
	struct sessions sessions;

	SAME_INT("none", sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	sessions_sweep(&sessions, &config, T0);
	for (int i = 0; i < 5; i++)
		open_one(&sessions, (char[2]){ (char)('a' + i), '\0' },
		    T0 + 10 * i);
	config.refresh_token_ttl_s = 100;
	sessions_sweep(&sessions, &config, T0 + 99);
	SAME_TEXT("none yet", agents_of(&sessions), "abcde");
	sessions_sweep(&sessions, &config, T0 + 100);
	SAME_TEXT("the first", agents_of(&sessions), "bcde");
	sessions.list[1].rotated_s[0] = T0;
	sessions.list[3].rotated_s[0] = T0;
	sessions_sweep(&sessions, &config, T0 + 109);
	SAME_TEXT("some between", agents_of(&sessions), "bd");
	sessions_sweep(&sessions, &config, T0 + 1000);
	SAME_TEXT("all", agents_of(&sessions), "");
	config = unit_config();
}

/* The document. */

static void
no_session_is_no_text(void)
{
	struct sessions sessions;
	const char *text = "unset";

	SAME_INT("NULL", sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	SAME_INT("NULL", sessions.count, 0);
	HOLDS("NULL", !sessions.damaged);
	SAME_INT("print", sessions_print(&sessions, unit_mem, &text), RC_OK);
	SAME_TEXT("print", text, NULL);
	SAME_INT("{}", sessions_parse("{}", unit_mem, &sessions), RC_OK);
	SAME_INT("{}", sessions.count, 0);
	HOLDS("{}", !sessions.damaged);
}

#define SESSION(id, members) "\"" id "\":{" members "}"
#define MEMBERS                                                                \
	"\"hash\":\"" HASH "\",\"opened\":1700000000,"                         \
	"\"rotated\":[1700000000,1700000900],"                                 \
	"\"agent\":\"Mozilla\",\"ip\":\"2001:db8::1\""
#define REST                                                                   \
	"\"opened\":1700000000,\"rotated\":[1700000000],\"agent\":\"\","       \
	"\"ip\":\"\""

static void
document_round_trip(void)
{
	static const char document[] = "{" SESSION(SID1,
	    MEMBERS) "," SESSION(SID2, MEMBERS) "}";
	struct sessions sessions;
	const char *text;

	SAME_INT("parse", sessions_parse(document, unit_mem, &sessions), RC_OK);
	HOLDS("good", !sessions.damaged);
	SAME_INT("count", sessions.count, 2);
	SAME_TEXT("id", sessions.list[0].id, SID1);
	SAME_TEXT("id", sessions.list[1].id, SID2);
	SAME_TEXT("hash", sessions.list[0].hash, HASH);
	SAME_INT("opened", sessions.list[0].opened_s, 1700000000);
	SAME_INT("rotated", sessions.list[0].rotated_count, 2);
	SAME_INT("rotated", sessions.list[0].rotated_s[0], 1700000000);
	SAME_INT("rotated", sessions.list[0].rotated_s[1], 1700000900);
	SAME_TEXT("agent", sessions.list[0].agent, "Mozilla");
	SAME_TEXT("ip", sessions.list[0].ip, "2001:db8::1");
	SAME_INT("print", sessions_print(&sessions, unit_mem, &text), RC_OK);
	SAME_TEXT("print", text, document);
}

static void
damaged_documents(void)
{
	static const struct {
		const char *row, *text;
		const char *kept; /* the IDs' last digits */
	} rows[] = {
		{ "empty", "", "" },
		{ "open", "{", "" },
		{ "closed", "}", "" },
		{ "blank", " ", "" },
		{ "array", "[]", "" },
		{ "array of objects", "[{}]", "" },
		{ "null", "null", "" },
		{ "number", "1", "" },
		{ "string", "\"{}\"", "" },
		{ "a token, as others keep it", "eyJhbGciOiJIUzI1NiJ9.e30.AA",
		    "" },
		{ "bad UTF-8", "{\"\xff\":1}", "" },
		{ "cut off", "{" SESSION(SID1, MEMBERS), "" },
		{ "trailing text", "{" SESSION(SID1, MEMBERS) "}x", "" },

		{ "not an ID", "{" SESSION("x", MEMBERS) "}", "" },
		{ "no ID", "{" SESSION("", MEMBERS) "}", "" },
		{ "ID in upper case",
		    "{" SESSION("017F22E2-79B0-7CC3-98C4-DC0C0C073991",
			MEMBERS) "}",
		    "" },
		{ "ID too long", "{" SESSION(SID1 "0", MEMBERS) "}", "" },
		{ "session is null", "{\"" SID1 "\":null}", "" },
		{ "session is a string", "{\"" SID1 "\":\"x\"}", "" },
		{ "session is an array", "{\"" SID1 "\":[" HASH "]}", "" },
		{ "session is a list", "{\"" SID1 "\":[\"" HASH "\"]}", "" },
		{ "no members", "{" SESSION(SID1, "") "}", "" },
		{ "no hash", "{" SESSION(SID1, REST) "}", "" },
		{ "hash is null", "{" SESSION(SID1, "\"hash\":null," REST) "}",
		    "" },
		{ "hash is a number", "{" SESSION(SID1, "\"hash\":1," REST) "}",
		    "" },
		{ "hash is empty", "{" SESSION(SID1, "\"hash\":\"\"," REST) "}",
		    "" },
		{ "hash a digit short",
		    "{" SESSION(SID1,
			"\"hash\":\"0112233445566778899aabbccddeeff"
			"00112233445566778899aabbccddeeff\"," REST) "}",
		    "" },
		{ "hash a digit long",
		    "{" SESSION(SID1, "\"hash\":\"0" HASH "\"," REST) "}", "" },
		{ "no opened",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"rotated\":[1700000000],"
			"\"agent\":\"\",\"ip\":\"\"") "}",
		    "" },
		{ "opened is a string",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":\"1700000000\","
			"\"rotated\":[1700000000]") "}",
		    "" },
		{ "opened is negative",
		    "{" SESSION(SID1, "\"hash\":\"" HASH "\",\"opened\":-1,"
				      "\"rotated\":[1700000000]") "}",
		    "" },
		{ "opened is huge",
		    "{" SESSION(SID1, "\"hash\":\"" HASH "\",\"opened\":1e300,"
				      "\"rotated\":[1700000000]") "}",
		    "" },
		{ "opened is infinite",
		    "{" SESSION(SID1, "\"hash\":\"" HASH "\",\"opened\":1e999,"
				      "\"rotated\":[1700000000]") "}",
		    "" },
		{ "no rotated",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000") "}",
		    "" },
		{ "rotated is a number",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":1700000000") "}",
		    "" },
		{ "rotated is empty",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[]") "}",
		    "" },
		{ "rotated holds a string",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[1700000000,\"1\"]") "}",
		    "" },
		{ "rotated holds null",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[null]") "}",
		    "" },
		{ "rotated is negative",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[-1]") "}",
		    "" },
		{ "rotated is 0",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[0]") "}",
		    "" },
		{ "rotated is huge",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[1e300]") "}",
		    "" },
		{ "rotated is infinite",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[1e999]") "}",
		    "" },
		{ "17 rotations",
		    "{" SESSION(SID1,
			"\"hash\":\"" HASH "\",\"opened\":1700000000,"
			"\"rotated\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,"
			"16,17]") "}",
		    "" },

		{ "a bad one before a good one",
		    "{" SESSION(SID1, "") "," SESSION(SID2, MEMBERS) "}", "2" },
		{ "a bad one behind a good one",
		    "{" SESSION(SID1, MEMBERS) ",\"" SID2 "\":1}", "1" },
		{ "a stranger between good ones",
		    "{" SESSION(SID1, MEMBERS) ",\"note\":\"x\"," SESSION(SID2,
			MEMBERS) "}",
		    "12" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct sessions sessions;
		const char *kept = "", *text;

		SAME_INT(rows[i].row,
		    sessions_parse(rows[i].text, unit_mem, &sessions), RC_OK);
		HOLDS(rows[i].row, sessions.damaged);
		for (size_t j = 0; j < sessions.count; j++)
			kept = pool_printf(unit_mem, "%s%s", kept,
			    sessions.list[j].id + 35);
		SAME_TEXT(rows[i].row, kept, rows[i].kept);
		/* The next log-in repairs it. */
		open_one(&sessions, "new", T0);
		SAME_INT(rows[i].row, sessions.count, strlen(kept) + 1);
		HOLDS(rows[i].row, !sessions.damaged);
		SAME_INT(rows[i].row,
		    sessions_print(&sessions, unit_mem, &text), RC_OK);
		HOLDS(rows[i].row, json_is_object(text, strlen(text)));
	}
}

/* What is not ours is not kept, and does no harm. */
static void
unknown_members(void)
{
	struct sessions sessions;
	const char *text;

	SAME_INT("parse",
	    sessions_parse("{" SESSION(SID1,
			       "\"x\":[{}],\"admin\":true," MEMBERS) "}",
		unit_mem, &sessions),
	    RC_OK);
	SAME_INT("parse", sessions.count, 1);
	SAME_INT("print", sessions_print(&sessions, unit_mem, &text), RC_OK);
	SAME_TEXT("print", text, "{" SESSION(SID1, MEMBERS) "}");
}

static void
missing_agent_and_address(void)
{
	struct sessions sessions;

	SAME_INT("parse",
	    sessions_parse("{" SESSION(SID1,
			       "\"hash\":\"" HASH "\",\"opened\":1,"
			       "\"rotated\":[1],\"agent\":7") "}",
		unit_mem, &sessions),
	    RC_OK);
	assert_int_equal(sessions.count, 1);
	SAME_TEXT("agent", sessions.list[0].agent, "");
	SAME_TEXT("ip", sessions.list[0].ip, "");
}

static void
huge_documents(void)
{
	const char *many = "";
	char *megabyte = unit_repeat('a', 1 << 20);
	struct sessions sessions;

	SAME_INT("a megabyte of a",
	    sessions_parse(megabyte, unit_mem, &sessions), RC_OK);
	SAME_INT("a megabyte of a", sessions.count, 0);
	memset(megabyte, '[', 1 << 20);
	SAME_INT("a megabyte of [",
	    sessions_parse(megabyte, unit_mem, &sessions), RC_OK);
	SAME_INT("a megabyte of [", sessions.count, 0);
	memset(megabyte, ' ', 1 << 20);
	memcpy(megabyte, "{", 1);
	memcpy(megabyte + (1 << 20) - 1, "}", 1);
	SAME_INT("a megabyte of blanks",
	    sessions_parse(megabyte, unit_mem, &sessions), RC_OK);
	SAME_INT("a megabyte of blanks", sessions.count, 0);
	for (int i = 0; i < 1024; i++)
		many = pool_printf(unit_mem,
		    "%s%s\"01a20a01-7128-7c6d-9fd7-%012d\":{" MEMBERS "}", many,
		    i > 0 ? "," : "", i);
	SAME_INT("1024 sessions",
	    sessions_parse(pool_printf(unit_mem, "{%s}", many), unit_mem,
		&sessions),
	    RC_OK);
	SAME_INT("1024 sessions", sessions.count, 1024);
	open_one(&sessions, "new", T0 + 1000);
	SAME_INT("cut down to the cap", sessions.count, 16);
}

static void
one_id_twice(void)
{
	struct sessions sessions;

	SAME_INT("twice",
	    sessions_parse("{" SESSION(SID1, MEMBERS) "," SESSION(SID1,
			       MEMBERS) "}",
		unit_mem, &sessions),
	    RC_OK);
	SAME_INT("the first counts", sessions.count, 1);
	HOLDS("and it is damaged", sessions.damaged);
}

static void
one_session_s_object(void)
{
	static const struct {
		const char *row, *id, *text;
		enum rc rc;
	} rows[] = {
		{ "good", SID1, "{" MEMBERS "}", RC_OK },
		{ "blanks", SID1, " {" MEMBERS "} ", RC_OK },
		{ "no ID", "x", "{" MEMBERS "}", RC_INVALID },
		{ "empty", SID1, "", RC_INVALID },
		{ "open", SID1, "{" MEMBERS, RC_INVALID },
		{ "null", SID1, "null", RC_INVALID },
		{ "array", SID1, "[]", RC_INVALID },
		{ "no members", SID1, "{}", RC_INVALID },
		{ "no hash", SID1, "{" REST "}", RC_INVALID },
		{ "the whole document", SID1, "{" SESSION(SID1, MEMBERS) "}",
		    RC_INVALID },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct session session;

		SAME_INT(rows[i].row,
		    session_parse(rows[i].id, rows[i].text, unit_mem, &session),
		    rows[i].rc);
		if (rows[i].rc != RC_OK)
			continue;
		SAME_TEXT(rows[i].row, session.id, SID1);
		SAME_TEXT(rows[i].row, session.hash, HASH);
		SAME_INT(rows[i].row, session_last_used_s(&session),
		    1700000900);
	}
}

/* What browsers, and whoever plays one, call themselves. */

#define FFFD "\xef\xbf\xbd"

static const char *
agent_kept(const char *row, const char *agent)
{
	struct sessions sessions;
	struct session *opened;
	const char *refresh, *text, *as_opened;

	SAME_INT(row, sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	SAME_INT(row,
	    sessions_open(&sessions, &config, USER, agent, "", T0 * 1000LL,
		unit_mem, &opened, &refresh),
	    RC_OK);
	as_opened = opened->agent;
	HOLDS(row, utf8_is_valid(as_opened, strlen(as_opened)));
	SAME_INT(row, sessions_print(&sessions, unit_mem, &text), RC_OK);
	HOLDS(row, json_is_object(text, strlen(text)));
	SAME_INT(row, sessions_parse(text, unit_mem, &sessions), RC_OK);
	HOLDS(row, !sessions.damaged && sessions.count == 1);
	SAME_TEXT(row, sessions.list[0].agent, as_opened);
	return as_opened;
}

static void
agents(void)
{
	static const struct {
		const char *row, *agent, *kept;
	} rows[] = {
		{ "empty", "", "" },
		{ "plain", "curl/7.88.1", "curl/7.88.1" },
		{ "a browser's",
		    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) "
		    "Gecko/20100101 Firefox/115.0",
		    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) "
		    "Gecko/20100101 Firefox/115.0" },
		{ "quotes and backslashes", "\"a\\b\"'/", "\"a\\b\"'/" },
		{ "an attempt to close the string",
		    "\",\"admin\":true,\"x\":\"",
		    "\",\"admin\":true,\"x\":\"" },
		{ "an escape that is none", "\\u0000\\", "\\u0000\\" },
		{ "two, three and four bytes",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb9",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\xb9" },
		{ "controls", "a\x01\t\n\r\x1b[31m\x7f",
		    "a" FFFD FFFD FFFD FFFD FFFD "[31m" FFFD },
		{ "Latin-1", "K\xf6ln", "K" FFFD "ln" },
		{ "tail alone", "\x80x", FFFD "x" },
		{ "cut character", "x\xe2\x82", "x" FFFD FFFD },
		{ "cut by the next", "\xe2\x82y", FFFD FFFD "y" },
		{ "overlong", "\xc0\x80", FFFD FFFD },
		{ "surrogate", "\xed\xa0\x80", FFFD FFFD FFFD },
		{ "over U+10FFFF", "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD },
		{ "FE and FF", "\xfe\xff", FFFD FFFD },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_TEXT(rows[i].row, agent_kept(rows[i].row, rows[i].agent),
		    rows[i].kept);
}

/* ${count} bytes "a", then ${tail}: how many bytes of it are kept? */
static void
agent_length(void)
{
	static const struct {
		const char *row;
		size_t count;
		const char *tail;
		size_t kept;
	} rows[] = {
		{ "255", 255, "", 255 },
		{ "256", 256, "", 256 },
		{ "257", 257, "", 256 },
		{ "100000", 100000, "", 256 },
		{ "two bytes that fit", 254, "\xc3\xa4", 256 },
		{ "two bytes, cut", 255, "\xc3\xa4", 255 },
		{ "three bytes that fit", 253, "\xe2\x82\xac", 256 },
		{ "three bytes, cut behind the first", 255, "\xe2\x82\xac",
		    255 },
		{ "three bytes, cut behind the second", 254, "\xe2\x82\xac",
		    254 },
		{ "four bytes that fit", 252, "\xf0\x9f\x98\xb9", 256 },
		{ "four bytes, cut behind the third", 253, "\xf0\x9f\x98\xb9",
		    253 },
		{ "four bytes, cut behind the first", 255, "\xf0\x9f\x98\xb9",
		    255 },
		{ "nothing behind what was cut", 255,
		    "\xc3\xa4"
		    "b",
		    255 },
		{ "a bad byte that fits as U+FFFD", 253, "\xff", 256 },
		{ "a bad byte, cut", 254, "\xff", 254 },
		{ "a control, cut", 254, "\x01", 254 },
		{ "a quote that fits escaped", 254, "\"", 255 },
		{ "a quote, cut", 255, "\"", 255 },
		{ "a backslash, cut", 255, "\\", 255 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *agent = pool_printf(unit_mem, "%s%s",
		    unit_repeat('a', rows[i].count), rows[i].tail);

		SAME_INT(rows[i].row, strlen(agent_kept(rows[i].row, agent)),
		    rows[i].kept);
	}
	SAME_INT("quotes alone",
	    strlen(agent_kept("quotes alone", unit_repeat('"', 1000))), 128);
	SAME_INT("bad bytes alone",
	    strlen(agent_kept("bad bytes alone", unit_repeat('\xff', 1000))),
	    255);
}

/* Every byte and every pair of bytes. */
static void
agents_of_any_bytes(void)
{
	for (unsigned a = 1; a < 256; a++) {
		char agent[65] = { 0 };

		for (size_t i = 0; i < 64; i++)
			agent[i] = (char)(i % 2 == 0 ? a : i * 4 + 1);
		(void)agent_kept("any bytes", agent);
	}
}

/* A full row, with ${rotations} each in the first ${active} sessions. */
static size_t
full_row(const char *row, size_t active, size_t rotations)
{
	struct sessions sessions;
	const char *text;

	SAME_INT(row, sessions_parse(NULL, unit_mem, &sessions), RC_OK);
	for (size_t i = 0; i < 16; i++) {
		struct session *opened;
		const char *refresh;

		SAME_INT(row,
		    sessions_open(&sessions, &config, USER,
			unit_repeat(i % 2 == 0 ? '"' : 'a', 1000),
			"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
			T0 * 1000LL, unit_mem, &opened, &refresh),
		    RC_OK);
		opened->rotated_count = i < active ? rotations : 1;
		for (size_t j = 0; j < opened->rotated_count; j++)
			opened->rotated_s[j] = T0;
		SAME_INT(row, sessions_print(&sessions, unit_mem, &text),
		    RC_OK);
		SAME_INT(row, sessions_parse(text, unit_mem, &sessions), RC_OK);
	}
	SAME_INT(row, sessions.count, 16);
	return strlen(text);
}

static void
a_full_row_is_small(void)
{
	HOLDS("all at rest", full_row("all at rest", 0, 1) < 8192);
	HOLDS("one busy", full_row("one busy", 1, 16) < 8192);
	HOLDS("three busy", full_row("three busy", 3, 16) < 8192);
	HOLDS("all busy a little", full_row("all busy", 16, 4) < 8192);
}

static int
default_config(void **state)
{
	(void)state;
	config = unit_config();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_new_session),
		UNIT(hash_is_the_token_s),
		UNIT(the_document_holds_no_token),
		UNIT(new_sessions_differ),
		UNIT(grace),
		UNIT(walks),
		UNIT(each_token_has_its_own_grace),
		UNIT(racers_get_one_successor),
		UNIT(foreign_tokens_are_spent),
		UNIT(a_thousand_rotations),
		UNIT(rotations_ahead_of_the_clock),
		UNIT(rotation_where_the_clock_went_back),
		UNIT(grace_where_the_clock_went_back),
		UNIT(over),
		UNIT(expiry),
		UNIT(tokens_end_with_the_session),
		UNIT(sweep_forgets_rotations),
		UNIT(cap_ends_the_least_recently_used),
		UNIT(cap_of_sixteen),
		UNIT(finds_and_removes),
		UNIT(sweep_takes_out_what_is_over),
		UNIT(no_session_is_no_text),
		UNIT(document_round_trip),
		UNIT(damaged_documents),
		UNIT(unknown_members),
		UNIT(missing_agent_and_address),
		UNIT(huge_documents),
		UNIT(one_id_twice),
		UNIT(one_session_s_object),
		UNIT(agents),
		UNIT(agent_length),
		UNIT(agents_of_any_bytes),
		UNIT(a_full_row_is_small),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, default_config, NULL);
}
