#include "session_fixture.h"

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
	struct chain a = chain_open(T0), b = a;

	(void)through_text("b", &b.sessions);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_UNIT(grace),
		SESSION_UNIT(walks),
		SESSION_UNIT(each_token_has_its_own_grace),
		SESSION_UNIT(racers_get_one_successor),
		SESSION_UNIT(foreign_tokens_are_spent),
		SESSION_UNIT(a_thousand_rotations),
		SESSION_UNIT(rotations_ahead_of_the_clock),
		SESSION_UNIT(rotation_where_the_clock_went_back),
		SESSION_UNIT(grace_where_the_clock_went_back),
	};

	return UNIT_MAIN(tests);
}
