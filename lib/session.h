#ifndef LATCHKEY_SESSION_H
#define LATCHKEY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "digest.h"
#include "pool.h"
#include "rc.h"
#include "token.h"
#include "uuid.h"

/*
 * The sessions of one user, as the column users.refresh_token holds them:
 *
 *   {"SID": {"hash": "hex SHA-256 of the current refresh token",
 *            "opened": 1700000000, "rotated": [1700000900],
 *            "agent": "...", "ip": "..."}, ...}
 *
 * "rotated" holds the times of the log-in and of the rotations since, as far
 * back as the grace reaches and never past the newest: at most 16, ascending.
 * All functions are pure: the row goes in and comes out as text, the time is
 * an argument, and all memory is the pool's.
 */

enum {
	SESSION_ROTATIONS_MAX = 16,
	SESSION_AGENT_MAX = 256, /* bytes, as written in the document */
	SESSION_SKEW_S = 60	 /* a time further ahead is no time at all */
};

struct session {
	char id[UUID_TEXT_SIZE];
	char hash[DIGEST_HEX_SIZE];
	int64_t opened_s;
	int64_t rotated_s[SESSION_ROTATIONS_MAX];
	size_t rotated_count; /* at least 1 */
	const char *agent, *ip;
};

struct sessions {
	struct session *list;
	size_t count;
	bool damaged; /* something in the text was not as above; it is left out
		       */
};

/*
 * Read the column's ${text}; NULL is a user with no session.  What is damaged
 * counts as no session.  RC_FAULT: memory.
 */
enum rc sessions_parse(const char *text, struct pool *mem,
    struct sessions *out) MUST_CHECK;

/* Read the text of one session's object alone; RC_INVALID when damaged. */
enum rc session_parse(const char *id, const char *text, struct pool *mem,
    struct session *out) MUST_CHECK;

/* The column's text; *out is NULL for no session.  RC_FAULT: memory. */
enum rc sessions_print(const struct sessions *sessions, struct pool *mem,
    const char **out) MUST_CHECK;

struct session *sessions_find(struct sessions *sessions, const char *id);

/* Take one session out; NULL does nothing. */
void sessions_remove(struct sessions *sessions, struct session *session);

/* Take out what is over at ${now_s}, and rotations that no grace reaches. */
void sessions_sweep(struct sessions *sessions, const struct config *config,
    int64_t now_s);

/* When the session was last used: its newest rotation, in seconds. */
int64_t session_last_used_s(const struct session *session);

/* Unused for the life of a refresh token, or older than SESSION_MAX_AGE. */
bool session_is_over(const struct session *session, const struct config *config,
    int64_t now_s);

/* When a token issued at ${issued_s} for ${ttl_s} seconds must expire. */
int64_t session_token_expiry_s(const struct session *session,
    const struct config *config, int64_t issued_s, int64_t ttl_s);

/*
 * Open a session and mint its first refresh token into *refresh.  Where that
 * makes more than SESSIONS_PER_USER, the least recently used ones end.
 * *opened points into ${sessions}.  RC_FAULT: memory, randomness.
 */
enum rc sessions_open(struct sessions *sessions, const struct config *config,
    const char *user_id, const char *agent, const char *ip, int64_t now_ms,
    struct pool *mem, struct session **opened, const char **refresh) MUST_CHECK;

/* What a refresh token turned out to be. */
enum session_token {
	SESSION_TOKEN_CURRENT,
	SESSION_TOKEN_GRACED,
	SESSION_TOKEN_SPENT
};

/*
 * Judge a verified refresh token ${text} of this session.  CURRENT: it may be
 * rotated.  GRACED: it was spent within the last REFRESH_GRACE seconds, and
 * *current is the session's current token, to which its successors lead.
 * SPENT: neither.  RC_FAULT: memory.
 */
enum rc session_judge(const struct session *session,
    const struct config *config, const char *text,
    const struct token_claims *claims, int64_t now_s, struct pool *mem,
    enum session_token *verdict, const char **current) MUST_CHECK;

/*
 * Rotate: the successor of the current token ${text} takes its place and is
 * minted into *successor.  RC_FAULT: memory.
 */
enum rc session_rotate(struct session *session, const struct config *config,
    const char *text, const struct token_claims *claims, int64_t now_s,
    struct pool *mem, const char **successor) MUST_CHECK;

#endif
