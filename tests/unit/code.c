#include "code.h"

#include "digest.h"
#include "unit.h"

/*
 * A database that keeps what is asked for and knows nothing; it stands before
 * the library's.
 */

static char asked[DIGEST_HEX_SIZE]; /* the hash; "": nothing was asked */

enum rc
db_select(struct db *db, const struct db_query *query, const struct db_in *in,
    const struct db_out *out, struct pool *mem)
{
	(void)db;
	(void)out;
	(void)mem;
	if (query->params == 4)
		snprintf(asked, sizeof(asked), "%s", in[2].text);
	return RC_NOT_FOUND;
}

enum rc
db_change(struct db *db, const struct db_query *query, const struct db_in *in,
    struct db_change *change)
{
	(void)db;
	(void)query;
	(void)in;
	*change = (struct db_change){ .rows = 1 };
	return RC_OK;
}

/* What is looked for when ${text} is sent; "" is nothing. */
static void
spend(const struct config *config, const char *email, const char *purpose,
    const char *text, char out[DIGEST_HEX_SIZE])
{
	struct request rq = { .config = config, .pool = unit_mem };
	char id[UUID_TEXT_SIZE];

	asked[0] = '\0';
	SAME_INT(text, code_spend(&rq, email, purpose, text, id),
	    RC_CODE_WRONG);
	memcpy(out, asked, DIGEST_HEX_SIZE);
}

#define EMAIL "ada@example.org"

static void
read_as_typed(void)
{
	static const struct {
		const char *typed, *same;
	} rows[] = {
		{ "ABCD-EFGH", "ABCDEFGH" },
		{ "abcd-efgh", "ABCDEFGH" },
		{ "aBcDeFgH", "ABCDEFGH" },
		{ "  ABCD  EFGH  ", "ABCDEFGH" },
		{ "-A-B-C-D-E-F-G-H-", "ABCDEFGH" },
		{ "O0o0-ILil", "00001111" },
		{ "Jkmn-PqRs", "JKMNPQRS" },
		{ "tvwx-yz23", "TVWXYZ23" },
		{ "45678901", "45678901" },
	};
	const struct config config = unit_config();
	char got[DIGEST_HEX_SIZE], want[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		spend(&config, EMAIL, CODE_RESET, rows[i].typed, got);
		spend(&config, EMAIL, CODE_RESET, rows[i].same, want);
		HOLDS(rows[i].typed, *want != '\0');
		SAME_TEXT(rows[i].typed, got, want);
	}
}

static void
what_is_none(void)
{
	static const char *const rows[] = { "", " ", "-", "ABCDEFG",
		"ABCDEFGHJ", "ABCD-EFG", "ABCD-EFGHJ", "ABCDEFGU", "ABCDEFGu",
		"ABCD_EFGH", "ABCD\tEFGH", "ABCDEFGH\n", "ABCDEFGH.",
		"ABCD%45FGH", "ABCDEFG\xc3\x89", "ABCD\xc2\xa0GHJK",
		"\xef\xbc\xa1GHJKMNP", "'ABCDEFG", "ABCDEFG*", "ABCDEFG=" };
	const struct config config = unit_config();
	char got[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		spend(&config, EMAIL, CODE_RESET, rows[i], got);
		SAME_TEXT(rows[i], got, "");
	}
}

/* Each of them makes another hash. */
static void
bound_to(void)
{
	struct config config = unit_config();
	char hash[5][DIGEST_HEX_SIZE];

	spend(&config, EMAIL, CODE_RESET, "ABCDEFGH", hash[0]);
	spend(&config, EMAIL, CODE_RESET, "ABCDEFGJ", hash[1]);
	spend(&config, EMAIL, CODE_VERIFY, "ABCDEFGH", hash[2]);
	spend(&config, "b" EMAIL, CODE_RESET, "ABCDEFGH", hash[3]);
	config.refresh_token_secret = config.access_token_secret;
	spend(&config, EMAIL, CODE_RESET, "ABCDEFGH", hash[4]);
	for (size_t i = 0; i < LENGTH_OF(hash); i++)
		for (size_t j = 0; j < i; j++)
			HOLDS(hash[i], strcmp(hash[i], hash[j]) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(read_as_typed),
		UNIT(what_is_none),
		UNIT(bound_to),
	};

	return UNIT_MAIN(tests);
}
