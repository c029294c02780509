#include "session_fixture.h"

/* Ages, and how many sessions a user has. */

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
}

static void
sweep_takes_out_what_is_over(void)
{
	struct sessions sessions = no_sessions();

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
}

static void
cap_ends_the_least_recently_used(void)
{
	struct sessions sessions = no_sessions();

	config.sessions_per_user = 3;
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
}

static void
cap_of_sixteen(void)
{
	struct sessions sessions = no_sessions();

	for (int i = 0; i < 40; i++) {
		char agent[2] = { (char)('A' + i), '\0' };

		open_one(&sessions, agent, T0 + i);
		SAME_INT(agent, sessions.count, i < 16 ? i + 1 : 16);
	}
	SAME_TEXT("the newest 16", agents_of(&sessions), "YZ[\\]^_`abcdefgh");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_UNIT(over),
		SESSION_UNIT(expiry),
		SESSION_UNIT(tokens_end_with_the_session),
		SESSION_UNIT(sweep_forgets_rotations),
		SESSION_UNIT(sweep_takes_out_what_is_over),
		SESSION_UNIT(cap_ends_the_least_recently_used),
		SESSION_UNIT(cap_of_sixteen),
	};

	return UNIT_MAIN(tests);
}
