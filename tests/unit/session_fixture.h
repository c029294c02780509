#ifndef LATCHKEY_SESSION_FIXTURE_H
#define LATCHKEY_SESSION_FIXTURE_H

#include "session.h"

#include "unit.h"

#define USER "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define SID1 "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
#define T0   1700000000

/* A test may change the settings; the next one begins with the default. */
static struct config config;

static inline int
default_config(void **state)
{
	(void)state;
	config = unit_config();
	return 0;
}

#define SESSION_UNIT(function) UNIT_AFTER(default_config, function)

/* The sessions in ${text}, and back. */

static inline struct sessions
parsed(const char *row, const char *text)
{
	struct sessions sessions;

	SAME_INT(row, sessions_parse(text, unit_mem, &sessions), RC_OK);
	return sessions;
}

static inline struct sessions
no_sessions(void)
{
	return parsed("none", NULL);
}

static inline const char *
printed(const char *row, const struct sessions *sessions)
{
	const char *text = "unset";

	SAME_INT(row, sessions_print(sessions, unit_mem, &text), RC_OK);
	return text;
}

/* As between two requests; returns the text. */
static inline const char *
through_text(const char *row, struct sessions *sessions)
{
	const char *text = printed(row, sessions);

	*sessions = parsed(row, text);
	return text;
}

/* Several sessions, told apart by their agents. */

static inline struct session *
log_in(const char *row, struct sessions *sessions, const char *agent,
    const char *ip, int64_t now_s)
{
	struct session *opened;
	const char *refresh;

	SAME_INT(row,
	    sessions_open(sessions, &config, USER, agent, ip, now_s * 1000,
		unit_mem, &opened, &refresh),
	    RC_OK);
	return opened;
}

static inline void
open_one(struct sessions *sessions, const char *agent, int64_t now_s)
{
	SAME_TEXT(agent, log_in(agent, sessions, agent, "", now_s)->agent,
	    agent);
	(void)through_text(agent, sessions);
}

static inline const char *
agents_of(const struct sessions *sessions)
{
	const char *text = "";

	for (size_t i = 0; i < sessions->count; i++)
		text = pool_printf(unit_mem, "%s%s", text,
		    sessions->list[i].agent);
	return text;
}

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

static inline struct token_claims
claims_of(const char *text, int64_t now_s)
{
	struct token_claims claims;

	SAME_INT("a token of ours",
	    token_verify(&config, TOKEN_REFRESH, text, now_s, &claims), RC_OK);
	return claims;
}

static inline void
chain_through_text(struct chain *chain)
{
	char id[UUID_TEXT_SIZE];

	strcpy(id, chain->session->id);
	(void)through_text("chain", &chain->sessions);
	HOLDS("good", !chain->sessions.damaged);
	chain->session = sessions_find(&chain->sessions, id);
	assert_non_null(chain->session);
}

static inline struct chain
chain_open(int64_t now_s)
{
	struct chain chain = { .sessions = no_sessions(), .count = 1 };

	SAME_INT("open",
	    sessions_open(&chain.sessions, &config, USER, "agent", "192.0.2.1",
		now_s * 1000 + 999, unit_mem, &chain.session, &chain.tokens[0]),
	    RC_OK);
	chain_through_text(&chain);
	return chain;
}

/* As a refresh does it: sweep, then rotate the current token. */
static inline void
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
	chain_through_text(chain);
}

/* What the chain's token number ${index} is at ${now_s}. */
static inline enum session_token
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

#endif
