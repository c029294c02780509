#include "buffer.h"

#include "unit.h"

static void
empty(void)
{
	struct buffer b = { .mem = unit_mem };

	SAME_TEXT("nothing", buffer_text(&b), "");
	buffer_put(&b, "x", 0);
	buffer_puts(&b, "");
	buffer_printf(&b, "%s", "");
	SAME_TEXT("three times nothing", buffer_text(&b), "");
	SAME_INT("length", b.len, 0);
}

static void
all_ways(void)
{
	struct buffer b = { .mem = unit_mem };

	buffer_put(&b, "abc", 2);
	buffer_puts(&b, "c");
	buffer_printf(&b, "%d%s", 1, "%s");
	SAME_TEXT("all", buffer_text(&b), "abc1%s");
	SAME_INT("length", b.len, 6);
	buffer_puts(&b, "more");
	SAME_TEXT("and more", buffer_text(&b), "abc1%smore");
}

/* Around each size at which it moves. */
static void
growth(void)
{
	for (size_t size = 4096; size <= BUFFER_MAX; size *= 2)
		for (size_t len = size - 2; len <= size + 2; len++) {
			struct buffer b = { .mem = unit_mem };
			bool fits = len <= BUFFER_MAX;
			const char *text;

			for (size_t i = 0; i + 1 < len; i += len / 3)
				buffer_put(&b, unit_repeat('a', len / 3),
				    len - 1 - i < len / 3 ? len - 1 - i
							  : len / 3);
			buffer_printf(&b, "b");
			text = buffer_text(&b);
			HOLDS("fits", (text != NULL) == fits);
			if (text != NULL) {
				SAME_INT("length", strlen(text), len);
				SAME_INT("all of it", strspn(text, "a"),
				    len - 1);
			}
			pool_reset(unit_mem);
		}
}

static void
nothing_after_what_did_not_fit(void)
{
	struct buffer b = { .mem = unit_mem };
	const char *large = unit_repeat('a', BUFFER_MAX);

	buffer_puts(&b, "b");
	buffer_puts(&b, large);
	buffer_puts(&b, "c");
	HOLDS("put", buffer_text(&b) == NULL);
	SAME_INT("put", b.len, 1);
	b = (struct buffer){ .mem = unit_mem };
	buffer_puts(&b, "b");
	buffer_printf(&b, "%s", large);
	buffer_printf(&b, "c");
	HOLDS("printf", buffer_text(&b) == NULL);
	SAME_INT("printf", b.len, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(empty),
		UNIT(all_ways),
		UNIT(growth),
		UNIT(nothing_after_what_did_not_fit),
	};

	return UNIT_MAIN(tests);
}
