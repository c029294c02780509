#include "session.h"

#include <string.h>

#include "random.h"
#include "utf8.h"

/* Finding, ending, expiring. */

struct session *
sessions_find(struct sessions *sessions, const char *id)
{
	for (size_t i = 0; i < sessions->count; i++)
		if (strcmp(sessions->list[i].id, id) == 0)
			return &sessions->list[i];
	return NULL;
}

void
sessions_remove(struct sessions *sessions, struct session *session)
{
	size_t index;

	if (session == NULL)
		return;
	index = (size_t)(session - sessions->list);
	sessions->count--;
	memmove(session, session + 1,
	    (sessions->count - index) * sizeof(*session));
}

int64_t
session_last_used_s(const struct session *session)
{
	return session->rotated_s[session->rotated_count - 1];
}

bool
session_is_over(const struct session *session, const struct config *config,
    int64_t now_s)
{
	int64_t max_age_s = config->session_max_age_s;

	return now_s - session_last_used_s(session) >=
		   config->refresh_token_ttl_s ||
	       (max_age_s > 0 && now_s - session->opened_s >= max_age_s);
}

int64_t
session_token_expiry_s(const struct session *session,
    const struct config *config, int64_t issued_s, int64_t ttl_s)
{
	int64_t expires_s = issued_s + ttl_s;
	int64_t over_s = session->opened_s + config->session_max_age_s;

	if (config->session_max_age_s > 0 && over_s < expires_s)
		return over_s;
	return expires_s;
}

/*
 * Whether a token spent at ${spent_s} is within the grace.  Another host's
 * clock may be a little ahead; what is far ahead was never a time of ours.
 */
static bool
in_grace(const struct config *config, int64_t spent_s, int64_t now_s)
{
	return config->refresh_grace_s > 0 &&
	       now_s - spent_s <= config->refresh_grace_s &&
	       spent_s - now_s <= SESSION_SKEW_S;
}

static void
forget_rotations(struct session *session, const struct config *config,
    int64_t now_s)
{
	size_t old = 0;

	while (old + 1 < session->rotated_count &&
	       !in_grace(config, session->rotated_s[old], now_s))
		old++;
	session->rotated_count -= old;
	memmove(session->rotated_s, session->rotated_s + old,
	    session->rotated_count * sizeof(session->rotated_s[0]));
}

void
sessions_sweep(struct sessions *sessions, const struct config *config,
    int64_t now_s)
{
	for (size_t i = sessions->count; i-- > 0;) {
		if (session_is_over(&sessions->list[i], config, now_s))
			sessions_remove(sessions, &sessions->list[i]);
		else
			forget_rotations(&sessions->list[i], config, now_s);
	}
}

/* Opening. */

/* How many bytes a character takes in a JSON string. */
static size_t
printed_len(char c, size_t len)
{
	return len + (c == '"' || c == '\\');
}

/*
 * What a browser says of itself, cut on a character and cleaned: what is not
 * UTF-8, or a control character, becomes U+FFFD.
 */
static const char *
clean_agent(const char *agent, struct pool *mem)
{
	char clean[SESSION_AGENT_MAX];
	size_t left = strlen(agent), printed = 0, len = 0;

	while (left > 0) {
		size_t taken = utf8_char_len(agent, left);
		bool bad = taken == 0 || (unsigned char)*agent < 0x20 ||
			   *agent == 0x7f;
		const char *from = bad ? "\xef\xbf\xbd" : agent;
		size_t size = bad ? 3 : taken;

		printed += printed_len(*from, size);
		if (printed > SESSION_AGENT_MAX)
			break;
		memcpy(clean + len, from, size);
		len += size;
		agent += taken > 0 ? taken : 1;
		left -= taken > 0 ? taken : 1;
	}
	return pool_copy(mem, clean, len);
}

static void
make_room(struct sessions *sessions, size_t most)
{
	while (sessions->count > most) {
		struct session *oldest = &sessions->list[0];

		for (size_t i = 1; i < sessions->count; i++)
			if (session_last_used_s(&sessions->list[i]) <
			    session_last_used_s(oldest))
				oldest = &sessions->list[i];
		sessions_remove(sessions, oldest);
	}
}

/* Mint the refresh token ${id} of this session and make it the current one. */
static enum rc
mint_refresh(const struct session *session, const struct config *config,
    const char *user_id, const char *id, int64_t issued_s, struct pool *mem,
    const char **out)
{
	struct token_claims claims = {
		.issued_s = issued_s,
		.expires_s = session_token_expiry_s(session, config, issued_s,
		    config->refresh_token_ttl_s),
	};

	memcpy(claims.user_id, user_id, UUID_TEXT_SIZE);
	memcpy(claims.session_id, session->id, UUID_TEXT_SIZE);
	memcpy(claims.id, id, DIGEST_HEX_SIZE);
	return token_mint(config, TOKEN_REFRESH, &claims, mem, out);
}

static enum rc
random_token_id(char out[DIGEST_HEX_SIZE])
{
	unsigned char id[DIGEST_SIZE];
	enum rc rc = random_bytes(id, sizeof(id));

	if (rc == RC_OK)
		digest_hex(id, sizeof(id), out);
	return rc;
}

enum rc
sessions_open(struct sessions *sessions, const struct config *config,
    const char *user_id, const char *agent, const char *ip, int64_t now_ms,
    struct pool *mem, struct session **opened, const char **refresh)
{
	int64_t now_s = now_ms / 1000;
	struct session new = { .opened_s = now_s,
		.rotated_s = { now_s },
		.rotated_count = 1,
		.agent = clean_agent(agent, mem),
		.ip = ip };
	char token_id[DIGEST_HEX_SIZE];
	enum rc rc = new.agent != NULL ? RC_OK : RC_FAULT;

	if (rc == RC_OK)
		rc = uuid_new(now_ms, new.id);
	if (rc == RC_OK)
		rc = random_token_id(token_id);
	if (rc == RC_OK)
		rc = mint_refresh(&new, config, user_id, token_id, now_s, mem,
		    refresh);
	if (rc == RC_OK)
		rc = digest_sha256_hex(*refresh, strlen(*refresh), new.hash);
	if (rc != RC_OK)
		return rc;
	make_room(sessions, (size_t)config->sessions_per_user - 1);
	*opened = &sessions->list[sessions->count++];
	**opened = new;
	return RC_OK;
}

/* Rotating. */

static enum rc
mint_successor(const struct session *session, const struct config *config,
    const char *user_id, const char *text, int64_t issued_s, struct pool *mem,
    const char **out)
{
	char id[DIGEST_HEX_SIZE];
	enum rc rc = token_successor_id(config, text, id);

	if (rc == RC_OK)
		rc = mint_refresh(session, config, user_id, id, issued_s, mem,
		    out);
	return rc;
}

static enum rc
is_current(const struct session *session, const char *text, bool *out)
{
	char hash[DIGEST_HEX_SIZE];
	enum rc rc = digest_sha256_hex(text, strlen(text), hash);

	*out = rc == RC_OK && digest_equal(hash, strlen(hash), session->hash,
				  strlen(session->hash));
	return rc;
}

/*
 * Suppose that ${text} was spent at rotation number ${start}: follow its
 * successors along the rotations since.  *current is the last of them where
 * it is the session's current token, else NULL.
 */
static enum rc
walk(const struct session *session, const struct config *config,
    const char *user_id, const char *text, size_t start, struct pool *mem,
    const char **current)
{
	bool arrived = false;
	enum rc rc = RC_OK;

	for (size_t i = start; i < session->rotated_count && rc == RC_OK; i++)
		rc = mint_successor(session, config, user_id, text,
		    session->rotated_s[i], mem, &text);
	if (rc == RC_OK)
		rc = is_current(session, text, &arrived);
	*current = arrived ? text : NULL;
	return rc;
}

enum rc
session_judge(const struct session *session, const struct config *config,
    const char *text, const struct token_claims *claims, int64_t now_s,
    struct pool *mem, enum session_token *verdict, const char **current)
{
	bool is_tip = false;
	enum rc rc = is_current(session, text, &is_tip);

	*current = is_tip ? text : NULL;
	*verdict = is_tip ? SESSION_TOKEN_CURRENT : SESSION_TOKEN_SPENT;
	/* From the newest rotation back: one step is the usual way. */
	for (size_t i = session->rotated_count;
	     i-- > 0 && rc == RC_OK && *current == NULL;) {
		if (!in_grace(config, session->rotated_s[i], now_s) ||
		    session->rotated_s[i] < claims->issued_s)
			break;
		rc = walk(session, config, claims->user_id, text, i, mem,
		    current);
		if (*current != NULL)
			*verdict = SESSION_TOKEN_GRACED;
	}
	return rc;
}

/* Times ascend, also when the host that rotated last has a faster clock. */
static int64_t
rotation_time_s(const struct session *session, int64_t now_s)
{
	int64_t last_s = session_last_used_s(session);

	return last_s > now_s && last_s - now_s <= SESSION_SKEW_S ? last_s
								  : now_s;
}

static void
note_rotation(struct session *session, int64_t time_s)
{
	if (session->rotated_count == SESSION_ROTATIONS_MAX) {
		session->rotated_count--;
		memmove(session->rotated_s, session->rotated_s + 1,
		    session->rotated_count * sizeof(session->rotated_s[0]));
	}
	session->rotated_s[session->rotated_count++] = time_s;
}

enum rc
session_rotate(struct session *session, const struct config *config,
    const char *text, const struct token_claims *claims, int64_t now_s,
    struct pool *mem, const char **successor)
{
	int64_t issued_s = rotation_time_s(session, now_s);
	enum rc rc = mint_successor(session, config, claims->user_id, text,
	    issued_s, mem, successor);

	if (rc == RC_OK)
		rc = digest_sha256_hex(*successor, strlen(*successor),
		    session->hash);
	if (rc == RC_OK)
		note_rotation(session, issued_s);
	return rc;
}
