#include "signin.h"

#include <string.h>

#include "auth.h"
#include "log.h"
#include "session.h"
#include "token.h"

/* What a change works on, and what it comes to. */
struct change {
	struct request *rq;
	struct user *user;
	struct sessions sessions; /* of the row, those that are over left out */
	bool write;		  /* whether ${sessions} is to be written */

	const char *password;	/* the hash to store; NULL: as it is */
	const char *session_id; /* that is meant; NULL: none */
	const char *text;	/* the refresh token that was sent */
	const struct token_claims *claims; /* of ${text} */

	struct session session; /* that was opened or refreshed */
	const char *refresh;	/* its refresh token */
	size_t ended;		/* how many sessions */
	bool reused;		/* ${text} was spent too long ago */
};

typedef enum rc decide_fn(struct change *change);

static enum rc
read_row(struct change *c)
{
	enum rc rc = sessions_parse(c->user->sessions, c->rq->pool,
	    &c->sessions);

	if (rc == RC_OK && c->sessions.damaged)
		log_error("user %s: users.refresh_token is damaged; what "
			  "cannot be read in it counts as signed out",
		    c->user->id);
	if (rc == RC_OK)
		sessions_sweep(&c->sessions, c->rq->config,
		    c->rq->now_ms / 1000);
	c->write = false;
	return rc;
}

static enum rc
write_row(struct change *c)
{
	struct request *rq = c->rq;
	const char *password = c->password != NULL ? c->password
						   : c->user->password;
	const char *document;
	enum rc rc = sessions_print(&c->sessions, rq->pool, &document);

	if (rc == RC_OK)
		rc = user_update(rq->db, c->user, password, document,
		    rq->now_ms, rq->pool);
	return rc;
}

/* Read again what somebody else was first to change. */
static enum rc
read_again(struct change *c)
{
	char password[USER_PASSWORD_SIZE];
	enum rc rc;

	memcpy(password, c->user->password, sizeof(password));
	rc = user_by_id(c->rq->db, c->user->id, c->rq->pool, c->user);
	/* What rests on the password must be judged anew by the caller. */
	if (rc == RC_OK && c->password != NULL &&
	    strcmp(password, c->user->password) != 0)
		rc = RC_CONFLICT;
	return rc;
}

/*
 * Decide on the row as it is in ${c}->user, write it, and on a lost race do
 * both again.  A refusal, too, may write: it then counts only once written.
 */
static enum rc
change_row(struct change *c, decide_fn *decide)
{
	for (int tries = 0; tries < SIGNIN_TRIES_MAX; tries++) {
		enum rc rc = tries > 0 ? read_again(c) : RC_OK, outcome;

		if (rc == RC_OK)
			rc = read_row(c);
		if (rc != RC_OK)
			return rc;
		outcome = decide(c);
		if (!c->write)
			return outcome;
		rc = write_row(c);
		if (rc != RC_CONFLICT)
			return rc == RC_OK ? outcome : rc;
	}
	log_error("user %s: lost the race for the row %d times", c->user->id,
	    SIGNIN_TRIES_MAX);
	return RC_CONFLICT;
}

static void
log_change(const struct change *c, const char *event, const char *session_id)
{
	log_event(event, &(struct log_who){ .user_id = c->user->id,
			     .session_id = session_id,
			     .client_ip = c->rq->client_ip });
}

static enum rc
give_tokens(const struct change *c, struct tokens *out)
{
	const struct config *config = c->rq->config;
	struct token_claims claims = { .issued_s = c->rq->now_ms / 1000 };

	claims.expires_s = session_token_expiry_s(&c->session, config,
	    claims.issued_s, config->access_token_ttl_s);
	memcpy(claims.user_id, c->user->id, UUID_TEXT_SIZE);
	memcpy(claims.session_id, c->session.id, UUID_TEXT_SIZE);
	memcpy(claims.email, c->user->email, EMAIL_SIZE);
	out->access_expires_s = claims.expires_s;
	out->refresh = c->refresh;
	out->refresh_expires_s = session_token_expiry_s(&c->session, config,
	    session_last_used_s(&c->session), config->refresh_token_ttl_s);
	return token_mint(config, TOKEN_ACCESS, &claims, c->rq->pool,
	    &out->access);
}

/* Judge the refresh token that was sent against its session. */
static enum rc
judge(const struct change *c, const struct session *session,
    enum session_token *verdict, const char **current)
{
	return session_judge(session, c->rq->config, c->text, c->claims,
	    c->rq->now_ms / 1000, c->rq->pool, verdict, current);
}

/* Logging in where one is logged in already ends the session before. */
static enum rc
end_replaced(struct change *c)
{
	struct session *old = c->text != NULL ? sessions_find(&c->sessions,
						    c->claims->session_id)
					      : NULL;
	enum session_token verdict = SESSION_TOKEN_SPENT;
	const char *current;
	enum rc rc = RC_OK;

	if (old != NULL)
		rc = judge(c, old, &verdict, &current);
	if (rc == RC_OK && verdict != SESSION_TOKEN_SPENT)
		sessions_remove(&c->sessions, old);
	return rc;
}

static enum rc
decide_open(struct change *c)
{
	struct request *rq = c->rq;
	const char *agent = request_header(rq, "HTTP_USER_AGENT");
	struct session *opened;
	enum rc rc = end_replaced(c);

	if (rc == RC_OK)
		rc = sessions_open(&c->sessions, rq->config, c->user->id,
		    agent != NULL ? agent : "", rq->client_ip, rq->now_ms,
		    rq->pool, &opened, &c->refresh);
	if (rc == RC_OK) {
		c->session = *opened;
		c->write = true;
	}
	return rc;
}

/* A good refresh token of this user that came with a log-in; else none. */
static enum rc
find_replaced(struct change *c, struct token_claims *claims)
{
	enum rc rc = request_cookie(c->rq, "refreshToken", &c->text);

	if (rc != RC_OK || c->text == NULL)
		return rc;
	rc = token_verify(c->rq->config, TOKEN_REFRESH, c->text,
	    c->rq->now_ms / 1000, claims);
	if (rc == RC_FAULT)
		return rc;
	if (rc != RC_OK || strcmp(claims->user_id, c->user->id) != 0)
		c->text = NULL;
	return RC_OK;
}

enum rc
signin_open(struct request *rq, struct user *user, const char *password,
    struct tokens *tokens)
{
	struct token_claims claims;
	struct change c = {
		.rq = rq, .user = user, .password = password, .claims = &claims
	};
	enum rc rc = find_replaced(&c, &claims);

	if (rc == RC_OK)
		rc = change_row(&c, decide_open);
	if (rc == RC_OK)
		rc = give_tokens(&c, tokens);
	if (rc == RC_OK)
		log_change(&c, "logged_in", c.session.id);
	return rc;
}

/* Spent too long ago: by a thief, or by the client it was stolen from. */
static void
end_reused(struct change *c, struct session *session)
{
	c->reused = true;
	if (c->rq->config->reuse_ends_session) {
		sessions_remove(&c->sessions, session);
		c->write = true;
	}
}

static enum rc
decide_refresh(struct change *c)
{
	struct request *rq = c->rq;
	struct session *session = sessions_find(&c->sessions,
	    c->claims->session_id);
	enum session_token verdict;
	enum rc rc;

	c->reused = false;
	if (session == NULL)
		return RC_TOKEN_SPENT;
	rc = judge(c, session, &verdict, &c->refresh);
	if (rc != RC_OK)
		return rc;
	if (verdict == SESSION_TOKEN_SPENT) {
		end_reused(c, session);
		return RC_TOKEN_SPENT;
	}
	if (verdict == SESSION_TOKEN_CURRENT) {
		rc = session_rotate(session, rq->config, c->text, c->claims,
		    rq->now_ms / 1000, rq->pool, &c->refresh);
		c->write = rc == RC_OK;
	}
	c->session = *session;
	return rc;
}

enum rc
signin_refresh(struct request *rq, const char *text, struct tokens *tokens)
{
	struct token_claims claims;
	struct user user;
	struct change c = {
		.rq = rq, .user = &user, .text = text, .claims = &claims
	};
	enum rc rc = token_verify(rq->config, TOKEN_REFRESH, text,
	    rq->now_ms / 1000, &claims);

	if (rc == RC_OK)
		rc = user_by_id(rq->db, claims.user_id, rq->pool, &user);
	if (rc == RC_OK)
		rc = change_row(&c, decide_refresh);
	if (rc == RC_OK)
		rc = give_tokens(&c, tokens);
	if (rc == RC_OK && c.write)
		log_change(&c, "refreshed", claims.session_id);
	if (rc == RC_TOKEN_SPENT && c.reused)
		log_change(&c, "refresh_token_reuse", claims.session_id);
	return rc;
}

static enum rc
decide_end(struct change *c)
{
	struct session *session = sessions_find(&c->sessions, c->session_id);

	if (session == NULL)
		return RC_SESSION_UNKNOWN;
	sessions_remove(&c->sessions, session);
	c->write = true;
	return RC_OK;
}

enum rc
signin_end(struct request *rq, const char *user_id, const char *session_id,
    const char *event)
{
	struct user user;
	struct change c = { .rq = rq, .user = &user, .session_id = session_id };
	enum rc rc = user_by_id(rq->db, user_id, rq->pool, &user);

	if (rc == RC_OK)
		rc = change_row(&c, decide_end);
	if (rc == RC_OK)
		log_change(&c, event, session_id);
	return rc;
}

static void
move_to_front(struct sessions *sessions, struct session *session)
{
	struct session first = sessions->list[0];

	sessions->list[0] = *session;
	*session = first;
}

/* Keep the session that is meant, if any, and end the others. */
static enum rc
decide_end_others(struct change *c)
{
	struct session *kept = c->session_id != NULL
				   ? sessions_find(&c->sessions, c->session_id)
				   : NULL;

	if (c->session_id != NULL && kept == NULL)
		return RC_SESSION_ENDED;
	if (kept != NULL)
		move_to_front(&c->sessions, kept);
	c->ended = c->sessions.count - (kept != NULL);
	c->sessions.count -= c->ended; /* they stay in memory behind it */
	c->write = c->ended > 0 || c->password != NULL;
	return RC_OK;
}

static void
log_ended(const struct change *c, const char *event)
{
	const struct session *ended = c->sessions.list + c->sessions.count;

	for (size_t i = 0; i < c->ended; i++)
		log_change(c, event, ended[i].id);
}

enum rc
signin_end_all(struct request *rq, const char *user_id, const char *kept_id,
    const char *event, size_t *count)
{
	struct user user;
	struct change c = { .rq = rq, .user = &user, .session_id = kept_id };
	enum rc rc = user_by_id(rq->db, user_id, rq->pool, &user);

	if (rc == RC_OK)
		rc = change_row(&c, decide_end_others);
	if (rc == RC_OK)
		log_ended(&c, event);
	*count = c.ended;
	return rc;
}

enum rc
signin_change_password(struct request *rq, struct user *user,
    const char *password, const char *kept_id)
{
	struct change c = { .rq = rq,
		.user = user,
		.password = password,
		.session_id = kept_id };
	enum rc rc = change_row(&c, decide_end_others);

	if (rc == RC_OK) {
		log_change(&c, "password_changed", kept_id);
		log_ended(&c, "session_ended");
	}
	return rc;
}
