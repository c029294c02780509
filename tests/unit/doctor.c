#include "doctor_check.h"

#include "unit.h"

static void
weak_secrets(void)
{
	static const struct {
		const char *row, *secret;
		bool weak;
	} rows[] = {
		{ "32 hex digits", "8f14e45fceea167a5a36dedd4bea2543", false },
		{ "64",
		    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
		    false },
		{ "base64", "q2vN8Xr0KpTzYw5LhEJ3mAfUoGcSdBi1", false },
		{ "one character", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true },
		{ "seven", "abcdefgabdcegfbadcfegacbedgfabcd", true },
		{ "eight", "abcdefghacegbdfhbadcfehgadgcfbeh", false },
		{ "twice the same", "8f14e45fceea167a8f14e45fceea167a", true },
		{ "and a part of it", "8f14e45fceea8f14e45fceea8f14e45f",
		    true },
		{ "more than half of it new",
		    "8f14e45fceea167a5a36dedd8f14e45f", false },
		{ "the alphabet", "abcdefghijklmnopqrstuvwxyzabcdef", true },
		{ "counting, with a start of its own",
		    "x9abcdefghijklmnopqrstuvwxyz0123", true },
		{ "a word", "8f14e45fceea167a-my-SECRET-a36de", true },
		{ "of a sample", "change-me-8f14e45fceea167a5a36de", true },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct config_secret secret = { rows[i].secret,
			strlen(rows[i].secret) };

		SAME_INT(rows[i].row, doctor_secret_is_weak(&secret),
		    rows[i].weak);
	}
}

static void
versions(void)
{
	static const struct {
		const char *a, *b;
		bool older;
	} rows[] = {
		{ "1.9", "1.10", true },
		{ "1.10", "1.9", false },
		{ "3.0.22", "3.0.22", false },
		{ "3.0.22", "3.0.23", true },
		{ "3.1", "3.0.23", false },
		{ "3", "3.0.1", true },
		{ "3.0.1", "3", false },
		{ "3.0", "3", false },
		{ "2.36", "2.36", false },
		{ "10.11.6-MariaDB", "10.11.6", false },
		{ "", "", false },
		{ "", "1", true },
		{ "x", "1", true },
		{ "1", "?", false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].a,
		    doctor_version_is_older(rows[i].a, rows[i].b),
		    rows[i].older);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(weak_secrets),
		UNIT(versions),
	};

	return UNIT_MAIN(tests);
}
