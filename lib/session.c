#include "session.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "random.h"
#include "utf8.h"

enum {
	TIME_TEXT_SIZE = sizeof("-9223372036854775808")
}; /* seconds, in decimal */

/* Reading the document. */

static enum rc
read_rotated(const cJSON *object, struct session *session)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "rotated");
	const cJSON *item;

	if (!cJSON_IsArray(list))
		return RC_INVALID;
	cJSON_ArrayForEach(item, list)
	{
		double time = cJSON_IsNumber(item) ? item->valuedouble : -1;

		if (!(time > 0 && time < 1e12) ||
		    session->rotated_count == SESSION_ROTATIONS_MAX)
			return RC_INVALID;
		session->rotated_s[session->rotated_count++] = (int64_t)time;
	}
	return session->rotated_count > 0 ? RC_OK : RC_INVALID;
}

/* A text member in the pool; "" when there is none. */
static enum rc
read_text(const cJSON *object, const char *name, struct pool *mem,
    const char **out)
{
	const char *text = json_string(object, name);

	*out = text != NULL ? pool_copy(mem, text, strlen(text)) : "";
	return *out != NULL ? RC_OK : RC_FAULT;
}

static enum rc
read_session(const char *id, const cJSON *object, struct pool *mem,
    struct session *out)
{
	const char *hash = json_string(object, "hash");
	enum rc rc;

	*out = (struct session){ 0 };
	if (!uuid_is_valid(id) || hash == NULL ||
	    strlen(hash) != DIGEST_HEX_SIZE - 1)
		return RC_INVALID;
	memcpy(out->id, id, UUID_TEXT_SIZE);
	memcpy(out->hash, hash, DIGEST_HEX_SIZE);
	rc = json_integer(object, "opened", &out->opened_s);
	if (rc == RC_OK)
		rc = read_rotated(object, out);
	if (rc == RC_OK)
		rc = read_text(object, "agent", mem, &out->agent);
	if (rc == RC_OK)
		rc = read_text(object, "ip", mem, &out->ip);
	return rc;
}

static enum rc
read_document(const cJSON *root, struct pool *mem, struct sessions *out)
{
	const cJSON *item;
	size_t count = (size_t)cJSON_GetArraySize(root);

	/* One place more: sessions_open() adds before it makes room. */
	out->list = pool_alloc(mem, (count + 1) * sizeof(*out->list));
	if (out->list == NULL)
		return RC_FAULT;
	cJSON_ArrayForEach(item, root)
	{
		enum rc rc = read_session(item->string, item, mem,
		    &out->list[out->count]);

		if (rc == RC_OK && sessions_find(out, item->string) != NULL)
			rc = RC_INVALID; /* one ID twice */
		if (rc == RC_FAULT)
			return rc;
		if (rc == RC_OK)
			out->count++;
		else
			out->damaged = true;
	}
	return RC_OK;
}

enum rc
sessions_parse(const char *text, struct pool *mem, struct sessions *out)
{
	cJSON *root = NULL;
	enum rc rc;

	*out = (struct sessions){ 0 };
	if (text == NULL)
		text = "{}";
	rc = json_parse(text, strlen(text), &root);
	if (rc == RC_INVALID) {
		out->damaged = true;
		rc = json_parse("{}", 2, &root);
	}
	if (rc == RC_OK)
		rc = read_document(root, mem, out);
	json_free(root);
	return rc;
}

enum rc
session_parse(const char *id, const char *text, struct pool *mem,
    struct session *out)
{
	cJSON *root;
	enum rc rc = json_parse(text, strlen(text), &root);

	if (rc == RC_OK)
		rc = read_session(id, root, mem, out);
	json_free(root);
	return rc;
}

/* Writing it. */

/*
 * Times go in as text: cJSON prints a number as a double and then reads it
 * back to see whether it is the same, which costs more than all the rest.
 */
static bool
add_time(cJSON *object, const char *name, int64_t time_s)
{
	char text[TIME_TEXT_SIZE];

	snprintf(text, sizeof(text), "%" PRId64, time_s);
	return cJSON_AddRawToObject(object, name, text) != NULL;
}

static bool
add_rotated(cJSON *object, const struct session *session)
{
	char list[SESSION_ROTATIONS_MAX * TIME_TEXT_SIZE + sizeof("]")];
	char *end = list;

	for (size_t i = 0; i < session->rotated_count; i++)
		end += snprintf(end, TIME_TEXT_SIZE + 1, "%c%" PRId64,
		    i == 0 ? '[' : ',', session->rotated_s[i]);
	memcpy(end, "]", sizeof("]"));
	return cJSON_AddRawToObject(object, "rotated", list) != NULL;
}

static bool
add_session(cJSON *root, const struct session *session)
{
	cJSON *object = cJSON_AddObjectToObject(root, session->id);

	return object != NULL &&
	       cJSON_AddStringToObject(object, "hash", session->hash) != NULL &&
	       add_time(object, "opened", session->opened_s) &&
	       add_rotated(object, session) &&
	       cJSON_AddStringToObject(object, "agent", session->agent) !=
		   NULL &&
	       cJSON_AddStringToObject(object, "ip", session->ip) != NULL;
}

enum rc
sessions_print(const struct sessions *sessions, struct pool *mem,
    const char **out)
{
	cJSON *root = cJSON_CreateObject();
	bool good = root != NULL;
	char *text = NULL;

	*out = NULL;
	for (size_t i = 0; i < sessions->count && good; i++)
		good = add_session(root, &sessions->list[i]);
	if (good)
		text = cJSON_PrintUnformatted(root);
	if (text != NULL && sessions->count > 0)
		*out = pool_copy(mem, text, strlen(text));
	good = text != NULL && (*out != NULL || sessions->count == 0);
	cJSON_free(text);
	cJSON_Delete(root);
	if (!good)
		log_error("session: no memory to write the document");
	return good ? RC_OK : RC_FAULT;
}

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
