#include "config_fixture.h"

static void
numbers(void)
{
	static const struct {
		const char *name;
		long long min, max;
	} rows[] = {
		{ "ACCESS_TOKEN_TTL", 1, 86400 },
		{ "REFRESH_TOKEN_TTL", 1, 315360000 },
		{ "REFRESH_GRACE", 0, 600 },
		{ "SESSION_MAX_AGE", 0, 3153600000 },
		{ "SESSIONS_PER_USER", 1, 64 },
		{ "REUSE_ENDS_SESSION", 0, 1 },
		{ "BCRYPT_COST", 10, 20 },
		{ "PASSWORD_MIN_LENGTH", 1, 72 },
		{ "HIDE_ACCOUNTS", 0, 1 },
		{ "TOKENS_IN_BODY", 0, 1 },
		{ "COOKIE_SECURE", 0, 1 },
		{ "REQUIRE_VERIFIED_EMAIL", 0, 1 },
		{ "THROTTLE", 0, 1 },
		{ "DB_PORT", 1, 65535 },
	};
	static const char *const bad[] = { "", "abc", "-1", "+1", "1x", "x1",
		"1.0", "1e1", "0x1", "1 1", "'1 '", "'\t1'", "true", "on",
		"\xef\xbc\x91", "99999999999999999999", "18446744073709551617",
		"4294967297999999999999", "-18446744073709551615" };

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *name = rows[i].name;

		for (size_t j = 0; j < LENGTH_OF(bad); j++) {
			const char *text = pool_printf(unit_mem,
			    SECRETS "%s=%s", name, bad[j]);

			refused(text + sizeof(SECRETS) - 1, text,
			    pool_printf(unit_mem, "%s is not a whole number",
				name));
		}
		refused("one too low",
		    pool_printf(unit_mem, SECRETS "%s=%lld", name,
			rows[i].min - 1),
		    name);
		accepted("lowest", pool_printf(unit_mem, SECRETS "%s=%lld",
				       name, rows[i].min));
		accepted("highest", pool_printf(unit_mem, SECRETS "%s=%lld",
					name, rows[i].max));
		refused("one too high",
		    pool_printf(unit_mem, SECRETS "%s=%lld", name,
			rows[i].max + 1),
		    name);
	}
}

static void
limits(void)
{
	static const char *const limit_names[] = { "THROTTLE_ADDRESS",
		"THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_ADDRESS",
		"THROTTLE_MAIL" };
	static const char *const bad[] = { "", "10", "/", "10/", "/900",
		"0/900", "10/0", "0/0", "-1/900", "10/-900", "+1/900",
		"10/+900", "10 / 900", "' 10/900'", "'10/900 '", "10/900/1",
		"10/900s", "10//900", "10,5/900", "1e1/900", "0x1/900",
		"1000001/900", "10/1000001", "99999999999999/1",
		"18446744073709551617/1", "1/18446744073709551617",
		"00000000000010/900", "ten/900", "off" };
	static const struct {
		const char *text;
		int64_t count, seconds;
	} good[] = {
		{ "1/1", 1, 1 },
		{ "1000000/1", 1000000, 1 },
		{ "1/1000000", 1, 1000000 },
		{ "1000000/1000000", 1000000, 1000000 },
		{ "010/0900", 10, 900 },
	};

	for (size_t i = 0; i < LENGTH_OF(limit_names); i++) {
		for (size_t j = 0; j < LENGTH_OF(bad); j++)
			refused(bad[j],
			    pool_printf(unit_mem, SECRETS "%s=%s",
				limit_names[i], bad[j]),
			    pool_printf(unit_mem, "%s is not so many",
				limit_names[i]));
		for (size_t j = 0; j < LENGTH_OF(good); j++)
			accepted(good[j].text,
			    pool_printf(unit_mem, SECRETS "%s=%s",
				limit_names[i], good[j].text));
	}
	for (size_t j = 0; j < LENGTH_OF(good); j++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "THROTTLE_MAIL=%s",
						 good[j].text),
		    why);

		if (config != NULL)
			same_limit(good[j].text, config->throttle_mail,
			    good[j].count, good[j].seconds);
		config_free(config);
	}
}

static void
throttle_exempt(void)
{
	static const char *const bad[] = { "localhost", "192.0.2.1/24",
		"192.0.2.0/33", "192.0.2.0/", "192.0.2", "*", "2001:db8::1/32",
		"2001:db8::/129", "192.0.2.0/24,198.51.100.0/24",
		"'192.0.2.0/24 x'", "'192.0.2.0 /24'", "fe80::1%lo" };
	static const struct {
		const char *text;
		size_t count;
	} good[] = {
		{ "", 0 },
		{ "' \t '", 0 },
		{ "192.0.2.1", 1 },
		{ "192.0.2.0/24", 1 },
		{ "0.0.0.0/0", 1 },
		{ "'::1 127.0.0.0/8'", 2 },
		{ "'\t::1\t127.0.0.0/8  192.0.2.1 '", 3 },
	};
	const char *many = "";

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		refused(bad[i],
		    pool_printf(unit_mem, SECRETS "THROTTLE_EXEMPT=%s", bad[i]),
		    "THROTTLE_EXEMPT");
	for (size_t i = 0; i < LENGTH_OF(good); i++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "THROTTLE_EXEMPT=%s",
						 good[i].text),
		    why);

		HOLDS(good[i].text, config != NULL);
		if (config != NULL)
			SAME_INT(good[i].text, config->throttle_exempt_count,
			    good[i].count);
		config_free(config);
	}
	for (int i = 0; i < CONFIG_NETWORKS_MAX; i++)
		many = pool_printf(unit_mem, "%s 192.0.2.%d", many, i);
	accepted("16",
	    pool_printf(unit_mem, SECRETS "THROTTLE_EXEMPT=%s", many));
	refused("17",
	    pool_printf(unit_mem, SECRETS "THROTTLE_EXEMPT=%s 192.0.2.16",
		many),
	    "THROTTLE_EXEMPT");
}

static void
password_blocklist(void)
{
	static const struct {
		const char *row, *file, *why;
	} rows[] = {
		{ "missing", "/nonexistent/list", "No such file" },
		{ "a directory", "/tmp", "directory" },
		{ "a device", "/dev/zero", "Invalid" },
		{ "relative, and not there", "passwords/none.txt",
		    "No such file" },
	};

	accepted("none", SECRETS "PASSWORD_BLOCKLIST=\n");
	accepted("a file",
	    pool_printf(unit_mem, SECRETS "PASSWORD_BLOCKLIST=%s\n", path));
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem,
		    SECRETS "PASSWORD_BLOCKLIST=%s\n", rows[i].file);

		refused(rows[i].row, text, "PASSWORD_BLOCKLIST");
		refused(rows[i].row, text, rows[i].file);
		refused(rows[i].row, text, rows[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(numbers),
		CONFIG_UNIT(limits),
		CONFIG_UNIT(throttle_exempt),
		CONFIG_UNIT(password_blocklist),
	};

	return CONFIG_MAIN(tests);
}
