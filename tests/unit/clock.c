#include "clock.h"

#include <time.h>

#include "unit.h"

static void
formats(void)
{
	static const struct {
		const char *row;
		int64_t time_ms;
		const char *text;
	} rows[] = {
		{ "the epoch", 0, "1970-01-01T00:00:00.000Z" },
		{ "a millisecond", 1, "1970-01-01T00:00:00.001Z" },
		{ "before a second", 999, "1970-01-01T00:00:00.999Z" },
		{ "a second", 1000, "1970-01-01T00:00:01.000Z" },
		{ "a leap day", 951782400000, "2000-02-29T00:00:00.000Z" },
		{ "the day after", 951868800000, "2000-03-01T00:00:00.000Z" },
		{ "a billion", 1000000000000, "2001-09-09T01:46:40.000Z" },
		{ "before a new year", 1767225599123,
		    "2025-12-31T23:59:59.123Z" },
		{ "beyond 32 bits", 2147483648000, "2038-01-19T03:14:08.000Z" },
		{ "no leap day", 4107542400000, "2100-03-01T00:00:00.000Z" },
		{ "the last one of four digits", 253402300799999,
		    "9999-12-31T23:59:59.999Z" },
	};
	static const char *const zones[] = { "UTC", "America/New_York",
		"Asia/Kathmandu", "XYZ-14" };

	for (size_t zone = 0; zone < LENGTH_OF(zones); zone++) {
		setenv("TZ", zones[zone], 1);
		tzset();
		for (size_t i = 0; i < LENGTH_OF(rows); i++) {
			struct {
				char text[CLOCK_ISO_SIZE], guard;
			} out = { .guard = 'g' };

			clock_format_iso(rows[i].time_ms, out.text);
			SAME_TEXT(rows[i].row, out.text, rows[i].text);
			SAME_INT(rows[i].row, out.guard, 'g');
		}
	}
}

static void
times_stay_in_their_buffer(void)
{
	static const int64_t odd[] = { -1, -1000, -62167219200000,
		253402300800000, INT64_MAX, INT64_MIN };

	for (size_t i = 0; i < LENGTH_OF(odd); i++) {
		struct {
			char text[CLOCK_ISO_SIZE], guard;
		} out = { .guard = 'g' };

		clock_format_iso(odd[i], out.text);
		SAME_INT("guard", out.guard, 'g');
		HOLDS("ends", memchr(out.text, '\0', CLOCK_ISO_SIZE) != NULL);
	}
}

static void
clocks_go_on(void)
{
	int64_t start_ms = clock_now_ms(), steady_ms = clock_steady_ms();

	HOLDS("milliseconds of this age",
	    start_ms / 1000 - time(NULL) <= 1 &&
		time(NULL) - start_ms / 1000 <= 1);
	usleep(20000);
	HOLDS("now", clock_now_ms() - start_ms >= 15);
	HOLDS("steady", clock_steady_ms() - steady_ms >= 19);
	HOLDS("steady", clock_steady_ms() - steady_ms < 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(formats),
		UNIT(times_stay_in_their_buffer),
		UNIT(clocks_go_on),
	};

	return UNIT_MAIN(tests);
}
