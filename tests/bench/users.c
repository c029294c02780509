/*
 * users COUNT TOKENS [DOCUMENT_SESSIONS]: print the SQL that fills the table
 * users with so many people, user00000@bench.example and on, each with the same
 * password and as many open sessions as told (1); and write into the file
 * TOKENS, a line for each, what their first session signs in with:
 *
 *   id <tab> e-mail <tab> access token <tab> refresh token
 *
 * All of it is made by lib/, with the settings of LATCHKEY_ENV, as logging in
 * would make it; only the one hash, of BCRYPT_COST, is everybody's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "password.h"
#include "session.h"
#include "token.h"
#include "user.h"

#define PASSWORD "correct horse battery"
#define AGENT                                                                  \
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

enum {
	ROWS_PER_INSERT = 500
};

struct making {
	struct config *config;
	struct pool *pool;
	FILE *tokens;
	int64_t now_ms;
	long sessions; /* of each user */
	char hash[PASSWORD_HASH_SIZE];
};

static enum rc
write_tokens(const struct making *m, const struct user *user,
    const struct session *session, const char *refresh)
{
	int64_t now_s = m->now_ms / 1000;
	struct token_claims claims = { .issued_s = now_s,
		.expires_s = session_token_expiry_s(session, m->config, now_s,
		    m->config->access_token_ttl_s) };
	const char *access;
	enum rc rc;

	memcpy(claims.user_id, user->id, sizeof(claims.user_id));
	memcpy(claims.session_id, session->id, sizeof(claims.session_id));
	memcpy(claims.email, user->email, sizeof(claims.email));
	rc = token_mint(m->config, TOKEN_ACCESS, &claims, m->pool, &access);
	if (rc == RC_OK)
		fprintf(m->tokens, "%s\t%s\t%s\t%s\n", user->id, user->email,
		    access, refresh);
	return rc;
}

static enum rc
open_sessions(struct making *m, struct user *user)
{
	size_t size = (size_t)(m->sessions + 1) * sizeof(struct session);
	struct sessions sessions = { .list = pool_alloc(m->pool, size) };
	struct session *opened;
	const char *refresh;
	enum rc rc = sessions.list != NULL ? RC_OK : RC_FAULT;

	for (long i = 0; i < m->sessions && rc == RC_OK; i++) {
		rc = sessions_open(&sessions, m->config, user->id, AGENT,
		    "127.0.0.1", m->now_ms, m->pool, &opened, &refresh);
		if (rc == RC_OK && i == 0)
			rc = write_tokens(m, user, opened, refresh);
	}
	if (rc == RC_OK)
		rc = sessions_print(&sessions, m->pool, &user->sessions);
	return rc;
}

static void
print_row(const struct user *user, bool first)
{
	printf("%s(UNHEX(REPLACE('%s','-','')),'%s','%s','",
	    first ? "INSERT INTO users (id, email, password, refresh_token,"
		    " created_at, updated_at) VALUES\n"
		  : ",\n",
	    user->id, user->email, user->password);
	/* No apostrophe and no backslash in it: see AGENT. */
	printf("%s',UTC_TIMESTAMP(3),UTC_TIMESTAMP(3))", user->sessions);
}

static enum rc
make_user(struct making *m, long number, bool first)
{
	char email[EMAIL_SIZE];
	struct user user;
	enum rc rc;

	snprintf(email, sizeof(email), "user%05ld@bench.example", number);
	rc = user_new(email, m->hash, m->now_ms, &user);
	if (rc == RC_OK)
		rc = open_sessions(m, &user);
	if (rc == RC_OK)
		print_row(&user, first);
	pool_reset(m->pool);
	return rc;
}

static enum rc
make_users(struct making *m, long count)
{
	enum rc rc = password_hash(PASSWORD, m->config->bcrypt_cost, m->hash);

	for (long i = 0; i < count && rc == RC_OK; i++) {
		bool last = i + 1 == count || (i + 1) % ROWS_PER_INSERT == 0;

		rc = make_user(m, i, i % ROWS_PER_INSERT == 0);
		if (last)
			puts(";");
	}
	return rc;
}

int
main(int argc, char **argv)
{
	struct making m = { .pool = pool_new(),
		.now_ms = clock_now_ms(),
		.sessions = argc > 3 ? atol(argv[3]) : 1 };
	char why[CONFIG_WHY_SIZE];

	if (argc < 3 || m.pool == NULL) {
		fprintf(stderr, "usage: users COUNT TOKENS [SESSIONS]\n");
		return 2;
	}
	if (config_load(NULL, &m.config, why) != RC_OK) {
		fprintf(stderr, "users: %s\n", why);
		return 1;
	}
	m.tokens = fopen(argv[2], "w");
	if (m.tokens == NULL || make_users(&m, atol(argv[1])) != RC_OK ||
	    ferror(stdout) || fclose(m.tokens) != 0 || fflush(stdout) != 0) {
		fprintf(stderr, "users: cannot make or write them\n");
		return 1;
	}
	return 0;
}
