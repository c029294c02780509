#include "pool.h"

#include <stdalign.h>

#include "unit.h"

/* AddressSanitizer ends a program that asks malloc() for too much. */
#if defined(__SANITIZE_ADDRESS__)
#define MALLOC_MAY_FAIL false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MALLOC_MAY_FAIL false
#endif
#endif
#ifndef MALLOC_MAY_FAIL
#define MALLOC_MAY_FAIL true
#endif

static const size_t sizes[] = { 0, 1, 15, 16, 17, 1000, 16 * 1024 - 1,
	16 * 1024, 16 * 1024 + 1, 100 * 1024, 1 << 20 };

static bool
is_all(const unsigned char *mem, size_t size, unsigned char value)
{
	for (size_t i = 0; i < size; i++)
		if (mem[i] != value)
			return false;
	return true;
}

/* Zeroed, aligned, and nobody else's; also after a reset. */
static void
allocations(void)
{
	struct pool *pool = pool_new();
	unsigned char *taken[3 * LENGTH_OF(sizes)];

	assert_non_null(pool);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < LENGTH_OF(taken); i++) {
			size_t size = sizes[i % LENGTH_OF(sizes)];
			const char *row = pool_printf(unit_mem, "%zu bytes",
			    size);

			taken[i] = pool_alloc(pool, size);
			assert_non_null(taken[i]);
			SAME_INT(row,
			    (uintptr_t)taken[i] % alignof(max_align_t), 0);
			HOLDS(row, is_all(taken[i], size, 0));
			memset(taken[i], (int)i + 1, size);
		}
		for (size_t i = 0; i < LENGTH_OF(taken); i++)
			HOLDS("untouched by the others",
			    is_all(taken[i], sizes[i % LENGTH_OF(sizes)],
				(unsigned char)(i + 1)));
		pool_reset(pool);
	}
	pool_free(pool);
	pool_free(NULL);
}

static void
reset_wipes(void)
{
	struct pool *pool = pool_new();
	char *secret;

	assert_non_null(pool);
	secret = pool_copy(pool, "secret", 6);
	assert_non_null(secret);
	(void)pool_alloc(pool, 1 << 20);
	pool_reset(pool);
	/* The first block stays the pool's: it may be looked at. */
	HOLDS("wiped", is_all((unsigned char *)secret, 7, 0));
	pool_free(pool);
}

static void
too_much(void)
{
	static const size_t much[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15,
		SIZE_MAX - 16, SIZE_MAX - 17 };

	for (size_t i = 0; i < LENGTH_OF(much); i++)
		HOLDS("too much", pool_alloc(unit_mem, much[i]) == NULL);
	if (MALLOC_MAY_FAIL)
		HOLDS("more than there is",
		    pool_alloc(unit_mem, SIZE_MAX / 2) == NULL);
	HOLDS("too long", pool_copy(unit_mem, "", SIZE_MAX) == NULL);
	HOLDS("and goes on", pool_alloc(unit_mem, 1) != NULL);
}

static void
copies(void)
{
	static const struct {
		const char *row, *text;
		size_t len;
		const char *copy;
	} rows[] = {
		{ "all of it", "abc", 3, "abc" },
		{ "a start", "abc", 2, "ab" },
		{ "nothing", "abc", 0, "" },
		{ "nothing of nothing", NULL, 0, "" },
		{ "a NUL", "a\0c", 3, "a" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_TEXT(rows[i].row,
		    pool_copy(unit_mem, rows[i].text, rows[i].len),
		    rows[i].copy);
	HOLDS("behind a NUL",
	    memcmp(pool_copy(unit_mem, "a\0c", 3), "a\0c", 4) == 0);
}

static void
prints(void)
{
	char *large = unit_repeat('x', 100000);

	SAME_TEXT("nothing", pool_printf(unit_mem, "%s", ""), "");
	SAME_TEXT("some", pool_printf(unit_mem, "%d-%s", 7, "x"), "7-x");
	SAME_TEXT("much", pool_printf(unit_mem, "%s", large), large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(allocations),
		UNIT(reset_wipes),
		UNIT(too_much),
		UNIT(copies),
		UNIT(prints),
	};

	return UNIT_MAIN(tests);
}
