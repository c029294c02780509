#include "config.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit.h"

#define SECRET_A "access-0123456789abcdef0123456789"
#define SECRET_B "refresh-0123456789abcdef0123456789"
#define SECRET_C "doctor-0123456789abcdef0123456789"
#define SECRETS                                                                \
	"ACCESS_TOKEN_SECRET=" SECRET_A "\n"                                   \
	"REFRESH_TOKEN_SECRET=" SECRET_B "\n"

static const char *const names[] = { "ACCESS_TOKEN_SECRET",
	"REFRESH_TOKEN_SECRET", "ACCESS_TOKEN_TTL", "REFRESH_TOKEN_TTL",
	"REFRESH_GRACE", "SESSION_MAX_AGE", "SESSIONS_PER_USER",
	"REUSE_ENDS_SESSION", "BCRYPT_COST", "PASSWORD_MIN_LENGTH",
	"HIDE_ACCOUNTS", "TOKENS_IN_BODY", "COOKIE_SECURE", "COOKIE_DOMAIN",
	"COOKIE_PREFIX", "CLIENT_URL", "MAIL_FROM", "MAIL_COMMAND",
	"MAIL_TEMPLATES", "SITE_URL", "PASSWORD_BLOCKLIST",
	"REQUIRE_VERIFIED_EMAIL", "THROTTLE", "THROTTLE_ADDRESS",
	"THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_ADDRESS", "THROTTLE_MAIL",
	"THROTTLE_EXEMPT", "LOGIN_URL", "DB_HOST", "DB_PORT", "DB_SOCKET",
	"DB_USER", "DB_PASSWORD", "DB_NAME", "DB_SSL_CA", "DB_PERSISTENT",
	"DOCTOR_TOKEN", "LATCHKEY_ENV" };

static char directory[64], path[96];

static void
write_file(const char *name, const char *text, size_t len, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* Load ${text} as the settings file; NULL when it is refused. */
static struct config *
load(const char *text, char why[CONFIG_WHY_SIZE])
{
	struct config *config = NULL;
	enum rc rc;

	write_file(path, text, strlen(text), 0600);
	memset(why, 0, CONFIG_WHY_SIZE);
	rc = config_load(path, &config, why);
	SAME_INT(text, rc, config != NULL ? RC_OK : RC_INVALID);
	if (config == NULL) {
		HOLDS(text, *why != '\0' && strchr(why, '\n') == NULL);
		HOLDS(text, strstr(why, "0123456789abcdef") == NULL);
	}
	return config;
}

static void
refused(const char *row, const char *text, const char *named)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = load(text, why);

	HOLDS(row, config == NULL);
	if (config == NULL && strstr(why, named) == NULL)
		SAME_TEXT(row, why, named);
	config_free(config);
}

static void
accepted(const char *row, const char *text)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = load(text, why);

	if (config == NULL)
		SAME_TEXT(row, why, "");
	config_free(config);
}

static void
same_limit(const char *row, struct config_limit limit, int64_t count,
    int64_t seconds)
{
	SAME_INT(row, limit.count, count);
	SAME_INT(row, limit.seconds, seconds);
}

static void
defaults(void)
{
	char why[CONFIG_WHY_SIZE];
	struct config *c = load(SECRETS, why);

	assert_non_null(c);
	SAME_TEXT("access", c->access_token_secret.bytes, SECRET_A);
	SAME_INT("access", c->access_token_secret.len, strlen(SECRET_A));
	SAME_TEXT("refresh", c->refresh_token_secret.bytes, SECRET_B);
	SAME_INT("refresh", c->refresh_token_secret.len, strlen(SECRET_B));
	SAME_INT("ACCESS_TOKEN_TTL", c->access_token_ttl_s, 900);
	SAME_INT("REFRESH_TOKEN_TTL", c->refresh_token_ttl_s, 1296000);
	SAME_INT("REFRESH_GRACE", c->refresh_grace_s, 10);
	SAME_INT("SESSION_MAX_AGE", c->session_max_age_s, 7776000);
	SAME_INT("SESSIONS_PER_USER", c->sessions_per_user, 16);
	SAME_INT("REUSE_ENDS_SESSION", c->reuse_ends_session, true);
	SAME_INT("BCRYPT_COST", c->bcrypt_cost, 10);
	SAME_INT("PASSWORD_MIN_LENGTH", c->password_min_length, 8);
	SAME_TEXT("PASSWORD_BLOCKLIST", c->password_blocklist, "");
	SAME_INT("HIDE_ACCOUNTS", c->hide_accounts, false);
	SAME_INT("TOKENS_IN_BODY", c->tokens_in_body, true);
	SAME_INT("COOKIE_SECURE", c->cookie_secure, true);
	SAME_TEXT("COOKIE_DOMAIN", c->cookie_domain, "");
	SAME_TEXT("COOKIE_PREFIX", c->cookie_prefix, "");
	SAME_INT("CLIENT_URL", c->origin_count, 0);
	SAME_TEXT("MAIL_FROM", c->mail_from, "");
	HOLDS("MAIL_FROM", !config_mail_is_on(c));
	SAME_TEXT("MAIL_COMMAND", c->mail_command, "/usr/sbin/sendmail -t -i");
	SAME_TEXT("MAIL_TEMPLATES", c->mail_templates, "");
	SAME_TEXT("SITE_URL", c->site_url, "");
	SAME_INT("REQUIRE_VERIFIED_EMAIL", c->require_verified_email, false);
	SAME_INT("THROTTLE", c->throttle, true);
	same_limit("THROTTLE_ADDRESS", c->throttle_address, 100, 3600);
	same_limit("THROTTLE_ACCOUNT", c->throttle_account, 100, 86400);
	same_limit("THROTTLE_ACCOUNT_ADDRESS", c->throttle_account_address, 10,
	    900);
	same_limit("THROTTLE_MAIL", c->throttle_mail, 5, 3600);
	SAME_INT("THROTTLE_EXEMPT", c->throttle_exempt_count, 0);
	SAME_TEXT("LOGIN_URL", c->login_url, "/auth/login.html");
	SAME_TEXT("DB_HOST", c->db_host, "localhost");
	SAME_INT("DB_PORT", c->db_port, 3306);
	SAME_TEXT("DB_SOCKET", c->db_socket, "");
	SAME_TEXT("DB_USER", c->db_user, "latchkey");
	SAME_TEXT("DB_PASSWORD", c->db_password, "");
	SAME_TEXT("DB_NAME", c->db_name, "latchkey");
	SAME_TEXT("DB_SSL_CA", c->db_ssl_ca, "");
	SAME_INT("DB_PERSISTENT", c->db_persistent, true);
	SAME_INT("DOCTOR_TOKEN", c->doctor_token.len, 0);
	SAME_TEXT("file", c->file, path);
	config_free(c);
	config_free(NULL);
}

static void
every_setting(void)
{
	char why[CONFIG_WHY_SIZE];
	struct config *c = load("# all of them, as people write them\r\n"
				"\r\n"
				"export ACCESS_TOKEN_SECRET='" SECRET_A "'\r\n"
				"REFRESH_TOKEN_SECRET=\"" SECRET_B "\"\r\n"
				"ACCESS_TOKEN_TTL=60 # a minute\r\n"
				"REFRESH_TOKEN_TTL=3600\r\n"
				"REFRESH_GRACE=0\r\n"
				"SESSION_MAX_AGE=0\r\n"
				"SESSIONS_PER_USER=1\r\n"
				"REUSE_ENDS_SESSION=0\r\n"
				"BCRYPT_COST=12\r\n"
				"PASSWORD_MIN_LENGTH=5\r\n"
				"PASSWORD_BLOCKLIST=/etc/passwd\r\n"
				"HIDE_ACCOUNTS=1\r\n"
				"TOKENS_IN_BODY=0\r\n"
				"COOKIE_SECURE=0\r\n"
				"COOKIE_DOMAIN=example.org\r\n"
				"CLIENT_URL=\"https://a.example  "
				"http://localhost:3000 \"\r\n"
				"MAIL_FROM='Example <a@example.org>'\r\n"
				"MAIL_COMMAND='/bin/mail -t'\r\n"
				"MAIL_TEMPLATES=/srv/mail\r\n"
				"SITE_URL=https://a.example\r\n"
				"REQUIRE_VERIFIED_EMAIL=1\r\n"
				"THROTTLE=0\r\n"
				"THROTTLE_ADDRESS=1/2\r\n"
				"THROTTLE_ACCOUNT=3/4 # per account\r\n"
				"THROTTLE_ACCOUNT_ADDRESS=\"5/6\"\r\n"
				"THROTTLE_MAIL=7/8\r\n"
				"THROTTLE_EXEMPT=\"192.0.2.0/24  "
				"2001:db8::/32 \"\r\n"
				"LOGIN_URL=/login\r\n"
				"DB_HOST=db1,db2:3307\r\n"
				"DB_PORT=3308\r\n"
				"DB_SOCKET='/run/my sql.sock'\r\n"
				"DB_USER=u\r\n"
				"DB_PASSWORD='p # \"w'\r\n"
				"DB_NAME=n\r\n"
				"DB_SSL_CA=/etc/ca.pem\r\n"
				"DB_PERSISTENT=0\r\n"
				"DOCTOR_TOKEN=" SECRET_C "\r\n"
				"NOT_OURS=x\r\n",
	    why);

	if (c == NULL)
		SAME_TEXT("every setting", why, "");
	assert_non_null(c);
	SAME_TEXT("access", c->access_token_secret.bytes, SECRET_A);
	SAME_TEXT("refresh", c->refresh_token_secret.bytes, SECRET_B);
	SAME_INT("ACCESS_TOKEN_TTL", c->access_token_ttl_s, 60);
	SAME_INT("REFRESH_TOKEN_TTL", c->refresh_token_ttl_s, 3600);
	SAME_INT("REFRESH_GRACE", c->refresh_grace_s, 0);
	SAME_INT("SESSION_MAX_AGE", c->session_max_age_s, 0);
	SAME_INT("SESSIONS_PER_USER", c->sessions_per_user, 1);
	SAME_INT("REUSE_ENDS_SESSION", c->reuse_ends_session, false);
	SAME_INT("BCRYPT_COST", c->bcrypt_cost, 12);
	SAME_INT("PASSWORD_MIN_LENGTH", c->password_min_length, 5);
	SAME_TEXT("PASSWORD_BLOCKLIST", c->password_blocklist, "/etc/passwd");
	SAME_INT("HIDE_ACCOUNTS", c->hide_accounts, true);
	SAME_INT("TOKENS_IN_BODY", c->tokens_in_body, false);
	SAME_INT("COOKIE_SECURE", c->cookie_secure, false);
	SAME_TEXT("COOKIE_DOMAIN", c->cookie_domain, "example.org");
	SAME_INT("CLIENT_URL", c->origin_count, 2);
	SAME_TEXT("CLIENT_URL", c->origins[0], "https://a.example");
	SAME_TEXT("CLIENT_URL", c->origins[1], "http://localhost:3000");
	SAME_TEXT("MAIL_FROM", c->mail_from, "Example <a@example.org>");
	HOLDS("MAIL_FROM", config_mail_is_on(c));
	SAME_TEXT("MAIL_COMMAND", c->mail_command, "/bin/mail -t");
	SAME_TEXT("MAIL_TEMPLATES", c->mail_templates, "/srv/mail");
	SAME_TEXT("SITE_URL", c->site_url, "https://a.example");
	SAME_INT("REQUIRE_VERIFIED_EMAIL", c->require_verified_email, true);
	SAME_INT("THROTTLE", c->throttle, false);
	same_limit("THROTTLE_ADDRESS", c->throttle_address, 1, 2);
	same_limit("THROTTLE_ACCOUNT", c->throttle_account, 3, 4);
	same_limit("THROTTLE_ACCOUNT_ADDRESS", c->throttle_account_address, 5,
	    6);
	same_limit("THROTTLE_MAIL", c->throttle_mail, 7, 8);
	SAME_INT("THROTTLE_EXEMPT", c->throttle_exempt_count, 2);
	HOLDS("THROTTLE_EXEMPT",
	    network_contains(&c->throttle_exempt[0], "192.0.2.255"));
	HOLDS("THROTTLE_EXEMPT",
	    network_contains(&c->throttle_exempt[1], "2001:db8:ffff::1"));
	SAME_TEXT("LOGIN_URL", c->login_url, "/login");
	SAME_TEXT("DB_HOST", c->db_host, "db1,db2:3307");
	SAME_INT("DB_PORT", c->db_port, 3308);
	SAME_TEXT("DB_SOCKET", c->db_socket, "/run/my sql.sock");
	SAME_TEXT("DB_USER", c->db_user, "u");
	SAME_TEXT("DB_PASSWORD", c->db_password, "p # \"w");
	SAME_TEXT("DB_NAME", c->db_name, "n");
	SAME_TEXT("DB_SSL_CA", c->db_ssl_ca, "/etc/ca.pem");
	SAME_INT("DB_PERSISTENT", c->db_persistent, false);
	SAME_TEXT("DOCTOR_TOKEN", c->doctor_token.bytes, SECRET_C);
	config_free(c);
}

static void
secrets(void)
{
	static const struct {
		const char *row, *text;
		const char *named; /* in the message; NULL: accepted */
	} rows[] = {
		{ "an empty file", "", "ACCESS_TOKEN_SECRET is missing" },
		{ "no access secret", "REFRESH_TOKEN_SECRET=" SECRET_B,
		    "ACCESS_TOKEN_SECRET is missing" },
		{ "no refresh secret", "ACCESS_TOKEN_SECRET=" SECRET_A,
		    "REFRESH_TOKEN_SECRET is missing" },
		{ "access secret empty", SECRETS "ACCESS_TOKEN_SECRET=",
		    "ACCESS_TOKEN_SECRET is missing" },
		{ "access secret of 31",
		    SECRETS
		    "ACCESS_TOKEN_SECRET=0123456789012345678901234567890",
		    "ACCESS_TOKEN_SECRET is too short" },
		{ "access secret of 32",
		    SECRETS
		    "ACCESS_TOKEN_SECRET=01234567890123456789012345678901",
		    NULL },
		{ "refresh secret of 31",
		    SECRETS
		    "REFRESH_TOKEN_SECRET=0123456789012345678901234567890",
		    "REFRESH_TOKEN_SECRET is too short" },
		{ "refresh secret of 32",
		    SECRETS
		    "REFRESH_TOKEN_SECRET=01234567890123456789012345678901",
		    NULL },
		{ "doctor's of 31",
		    SECRETS "DOCTOR_TOKEN=0123456789012345678901234567890",
		    "DOCTOR_TOKEN is too short" },
		{ "doctor's of 32",
		    SECRETS "DOCTOR_TOKEN=01234567890123456789012345678901",
		    NULL },
		{ "doctor's empty", SECRETS "DOCTOR_TOKEN=", NULL },
		{ "32 with a blank, quoted",
		    SECRETS
		    "ACCESS_TOKEN_SECRET='0123456789012345678901234567890 '",
		    NULL },
		{ "equal", SECRETS "REFRESH_TOKEN_SECRET=" SECRET_A,
		    "ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET are equal" },
		{ "equal, once quoted",
		    SECRETS "REFRESH_TOKEN_SECRET=\"" SECRET_A "\"",
		    "ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET are equal" },
		{ "one longer", SECRETS "REFRESH_TOKEN_SECRET=" SECRET_A "0",
		    NULL },
		{ "the same in another case",
		    SECRETS "REFRESH_TOKEN_SECRET="
			    "Access-0123456789abcdef0123456789",
		    NULL },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		if (rows[i].named != NULL)
			refused(rows[i].row, rows[i].text, rows[i].named);
		else
			accepted(rows[i].row, rows[i].text);
}

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
client_url(void)
{
	static const char *const bad[] = { "*", "null", "www.example.org",
		"https://", "https://example.org/", "https://example.org/app",
		"https://example.org?x", "https://example.org#",
		"'https://example.org#'", "https://Example.org",
		"HTTPS://example.org", "https://user@example.org",
		"https://*.example.org", "https://example.org:443",
		"https://example.org:0", "https://example.org:65536",
		"https://example.org:port",
		"https://example.org:", "http://www.example.org",
		"http://192.0.2.1:3000", "http://localhost:80",
		"http://localhost/", "ftp://example.org",
		"https://a.example,https://b.example",
		"https://a.example;https://b.example",
		"'https://a.example b.example'",
		"'https://a.example https://b.example/'",
		"https://\xc3\xbc.example", "https://[2001:db8::1",
		"https://2001:db8::1", "https://.example.org",
		"https://example.org." };
	static const struct {
		const char *text;
		size_t count;
	} good[] = {
		{ "", 0 },
		{ "'  '", 0 },
		{ "https://www.example.org", 1 },
		{ "http://127.0.0.1:8000", 1 },
		{ "http://localhost:3000", 1 },
		{ "https://[2001:db8::1]:8443", 1 },
		{ "https://a.example https://b.example", 2 },
		{ "' https://a.example\thttps://b.example  '", 2 },
	};
	const char *many = "";

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		refused(bad[i],
		    pool_printf(unit_mem, SECRETS "CLIENT_URL=%s", bad[i]),
		    "CLIENT_URL");
	for (size_t i = 0; i < LENGTH_OF(good); i++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "CLIENT_URL=%s",
						 good[i].text),
		    why);

		HOLDS(good[i].text, config != NULL);
		if (config != NULL)
			SAME_INT(good[i].text, config->origin_count,
			    good[i].count);
		config_free(config);
	}
	for (int i = 0; i < CONFIG_ORIGINS_MAX; i++)
		many = pool_printf(unit_mem, "%s https://a%d.example", many, i);
	accepted("16", pool_printf(unit_mem, SECRETS "CLIENT_URL=%s", many));
	refused("17",
	    pool_printf(unit_mem, SECRETS "CLIENT_URL=%s https://b.example",
		many),
	    "CLIENT_URL");
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

static void
login_url(void)
{
	static const char *const bad[] = { "", "login", "www.example.org/login",
		"//evil.example/login", "/\\evil.example", "/a//b", "/../x",
		"/login#form", "'/log in'", "/l%2fx", "https://example.org",
		"https://example.org?x", "https:///login",
		"https://Example.org/login", "https://a@example.org/login",
		"https://example.org//login", "https://example.org/#/login",
		"http://example.org/login", "javascript:alert(1)",
		"ftp://example.org/login", "https:/example.org/login" };
	static const char *const good[] = { "/", "/login", "/login?lang=de",
		"/a/b.html", "/login?to=http://x/", "https://example.org/",
		"https://www.example.org:8443/login?x=y",
		"http://127.0.0.1:3000/login", "http://localhost:5173/" };

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		refused(bad[i],
		    pool_printf(unit_mem, SECRETS "LOGIN_URL=%s", bad[i]),
		    "LOGIN_URL");
	for (size_t i = 0; i < LENGTH_OF(good); i++) {
		char why[CONFIG_WHY_SIZE];
		struct config *config = load(pool_printf(unit_mem,
						 SECRETS "LOGIN_URL=%s",
						 good[i]),
		    why);

		HOLDS(good[i], config != NULL);
		if (config != NULL)
			SAME_TEXT(good[i], config->login_url, good[i]);
		config_free(config);
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
mail(void)
{
	static const struct {
		const char *row, *text;
		const char *named; /* NULL: accepted */
	} rows[] = {
		{ "off", "", NULL },
		{ "off, empty", "MAIL_FROM=", NULL },
		{ "off, and nothing else counts",
		    "SITE_URL=nonsense\nMAIL_COMMAND=", NULL },
		{ "off, and verified", "REQUIRE_VERIFIED_EMAIL=1", NULL },
		{ "an address",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example",
		    NULL },
		{ "a name",
		    "MAIL_FROM='A B <a@example.org>'\n"
		    "SITE_URL=https://a.example",
		    NULL },
		{ "a site on this machine",
		    "MAIL_FROM=a@example.org\nSITE_URL=http://127.0.0.1:8000",
		    NULL },
		{ "no address",
		    "MAIL_FROM=example.org\nSITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "two addresses",
		    "MAIL_FROM=a@example.org,b@example.org\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "a header behind it",
		    "MAIL_FROM=\"a@example.org\\nBcc: b@example.org\"\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "a header in the name",
		    "MAIL_FROM=\"A\\nBcc: b <a@example.org>\"\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "no site", "MAIL_FROM=a@example.org", "SITE_URL" },
		{ "an empty site",
		    "MAIL_FROM=a@example.org\nSITE_URL=", "SITE_URL" },
		{ "a slash behind the site",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/",
		    "SITE_URL" },
		{ "a path behind the site",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b/c",
		    NULL },
		{ "a slash behind that",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b/",
		    "SITE_URL" },
		{ "a query behind that",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b?c",
		    "SITE_URL" },
		{ "a path that is none",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/../b",
		    "SITE_URL" },
		{ "a path alone", "MAIL_FROM=a@example.org\nSITE_URL=/b",
		    "SITE_URL" },
		{ "a site in the open",
		    "MAIL_FROM=a@example.org\nSITE_URL=http://a.example",
		    "SITE_URL" },
		{ "two sites",
		    "MAIL_FROM=a@example.org\n"
		    "SITE_URL='https://a.example https://b.example'",
		    "SITE_URL" },
		{ "no command",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example\n"
		    "MAIL_COMMAND=",
		    "MAIL_COMMAND" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem, SECRETS "%s",
		    rows[i].text);

		if (rows[i].named != NULL)
			refused(rows[i].row, text, rows[i].named);
		else
			accepted(rows[i].row, text);
	}
}

/* Like the settings file, for the program .../unit/config.t in .../mail. */
static void
mail_templates_beside_the_programs(void)
{
	char why[CONFIG_WHY_SIZE], exe[512], wanted[520];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct config *c = load(SECRETS "MAIL_FROM=a@example.org\n"
					"SITE_URL=https://a.example\n",
	    why);

	if (len <= 0 || c == NULL)
		fail_msg("%s", why);
	exe[len] = '\0';
	*strrchr(exe, '/') = '\0';
	*strrchr(exe, '/') = '\0';
	snprintf(wanted, sizeof(wanted), "%s/mail", exe);
	SAME_TEXT("mail", c->mail_templates, wanted);
	config_free(c);
}

/* Also where what it quotes has several: it goes to a log, or a terminal. */
static void
reasons_are_one_line(void)
{
	char why[CONFIG_WHY_SIZE];

	HOLDS("a line end in CLIENT_URL",
	    load(SECRETS "CLIENT_URL=\"https://a.example\\nb\"", why) == NULL);
	HOLDS("a line end in THROTTLE_EXEMPT",
	    load(SECRETS "THROTTLE_EXEMPT=\"::1\\nb\"", why) == NULL);
}

static void
cookies(void)
{
	static const struct {
		const char *prefix, *secure, *domain;
		const char *named; /* NULL: accepted */
	} rows[] = {
		{ "", "1", "", NULL },
		{ "", "0", "", NULL },
		{ "", "1", "example.org", NULL },
		{ "", "0", "example.org", NULL },
		{ "__Secure-", "1", "", NULL },
		{ "__Secure-", "1", "example.org", NULL },
		{ "__Secure-", "0", "", "COOKIE_PREFIX" },
		{ "__Secure-", "0", "example.org", "COOKIE_PREFIX" },
		{ "__Host-", "1", "", NULL },
		{ "__Host-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-", "1", "example.org", "COOKIE_PREFIX" },
		{ "__host-", "1", "", "COOKIE_PREFIX" },
		{ "__Host", "1", "", "COOKIE_PREFIX" },
		{ "__Host--", "1", "", "COOKIE_PREFIX" },
		{ "app-", "1", "", NULL },
		{ "app-", "0", "example.org", NULL },
		{ "app=", "1", "", "COOKIE_PREFIX" },
		{ "App-", "1", "", "COOKIE_PREFIX" },
		{ "__app-", "1", "", "COOKIE_PREFIX" },
		{ "__Host-app-", "1", "", NULL },
		{ "__Host-app-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-app-", "1", "example.org", "COOKIE_PREFIX" },
		{ "__Secure-app-", "1", "example.org", NULL },
		{ "__Secure-app-", "0", "", "COOKIE_PREFIX" },
		{ "__Host-;", "1", "", "COOKIE_PREFIX" },
		{ "", "1", "Example.org", "COOKIE_DOMAIN" },
		{ "", "1", "example.org; Secure", "COOKIE_DOMAIN" },
		{ "", "1", "example.org,b", "COOKIE_DOMAIN" },
		{ "", "1", "https://example.org", "COOKIE_DOMAIN" },
		{ "", "1", "example.org:80", "COOKIE_DOMAIN" },
		{ "", "1", "ex\xc3\xa4mple.org", "COOKIE_DOMAIN" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem,
		    SECRETS "COOKIE_PREFIX='%s'\nCOOKIE_SECURE=%s\n"
			    "COOKIE_DOMAIN='%s'",
		    rows[i].prefix, rows[i].secure, rows[i].domain);
		const char *row = text + sizeof(SECRETS) - 1;

		if (rows[i].named != NULL)
			refused(row, text, rows[i].named);
		else
			accepted(row, text);
	}
}

static void
syntax(void)
{
	static const struct {
		const char *row, *text, *named;
	} rows[] = {
		{ "line 1", "nonsense\n" SECRETS, "line 1 " },
		{ "line 3", SECRETS "nonsense\n", "line 3 " },
		{ "line 3 with CR LF", "\r\n\r\nA B=c\r\n", "line 3 " },
		{ "blank lines and comments count",
		    "\n# x\n\n" SECRETS "\nA=\"open\nB=c\n", "line 7 " },
		{ "a line of a setting that is not ours", SECRETS "NOT_OURS=\"",
		    "line 3 " },
		{ "no quote goes over lines", SECRETS "DB_USER='a\nb'\n",
		    "line 3 " },
		{ "a byte order mark later",
		    SECRETS "\xef\xbb\xbf"
			    "DB_USER=a\n",
		    "line 3 " },
		{ "two byte order marks", "\xef\xbb\xbf\xef\xbb\xbf" SECRETS,
		    "line 1 " },
		{ "the last setting counts", SECRETS "DB_PORT=1\nDB_PORT=x\n",
		    "DB_PORT" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		refused(rows[i].row, rows[i].text, rows[i].named);
	refused("the file is named", "nonsense", path);
	accepted("a byte order mark", "\xef\xbb\xbf" SECRETS);
	accepted("a byte order mark and CR LF",
	    "\xef\xbb\xbf\r\n" SECRETS "DB_PORT=1\r\n");
	accepted("no line end at the end", SECRETS "DB_PORT=1");
	accepted("the last setting counts", SECRETS "DB_PORT=x\nDB_PORT=1\n");
}

/* The file itself. */

static void
expect_file(const char *row, const char *file, const char *named)
{
	char why[CONFIG_WHY_SIZE] = "";
	struct config *config = NULL;
	enum rc rc = config_load(file, &config, why);

	SAME_INT(row, rc, named != NULL ? RC_INVALID : RC_OK);
	SAME_INT(row, config != NULL, named == NULL);
	if (named != NULL && strstr(why, named) == NULL)
		SAME_TEXT(row, why, named);
	config_free(config);
}

static void
file_modes(void)
{
	static const struct {
		const char *row;
		mode_t mode;
		bool good;
	} rows[] = {
		{ "0600", 0600, true },
		{ "0400", 0400, true },
		{ "0640", 0640, true },
		{ "0660", 0660, true },
		{ "0440", 0440, true },
		{ "0644", 0644, false },
		{ "0604", 0604, false },
		{ "0602", 0602, false },
		{ "0666", 0666, false },
		{ "0444", 0444, false },
		{ "0777", 0777, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		write_file(path, SECRETS, strlen(SECRETS), rows[i].mode);
		expect_file(rows[i].row, path, rows[i].good ? NULL : "chmod");
		if (!rows[i].good) {
			expect_file("the file is named", path, path);
			expect_file("the mode is told", path, rows[i].row);
		}
		unlink(path);
	}
}

static void
file_kinds(void)
{
	enum {
		LIMIT = 64 * 1024
	};
	char *large = unit_repeat('#', LIMIT + 1);
	static const char nul[] = SECRETS "DB_USER=a\0b\n";

	expect_file("missing", "/nonexistent/latchkey.env",
	    "/nonexistent/latchkey.env cannot be opened");
	expect_file("a directory", directory, "is no regular file");
	expect_file("a device", "/dev/null", "is no regular file");
	expect_file("an empty name", "", "cannot be opened");

	write_file(path, nul, sizeof(nul) - 1, 0600);
	expect_file("a NUL", path, "NUL");

	memcpy(large, SECRETS, strlen(SECRETS));
	write_file(path, large, LIMIT, 0600);
	expect_file("64 KiB", path, NULL);
	write_file(path, large, LIMIT + 1, 0600);
	expect_file("64 KiB and a byte", path, "is over 64 KiB");
}

/* Where the file is looked for. */

static void
named_by_the_environment(void)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = NULL;

	write_file(path, SECRETS "DB_USER=named\n",
	    strlen(SECRETS "DB_USER=named\n"), 0600);
	setenv("LATCHKEY_ENV", path, 1);
	SAME_INT("named", config_load(NULL, &config, why), RC_OK);
	assert_non_null(config);
	SAME_TEXT("named", config->db_user, "named");
	config_free(config);

	setenv("LATCHKEY_ENV", "/nonexistent/latchkey.env", 1);
	expect_file("named and missing", NULL, "/nonexistent/latchkey.env");
	expect_file("an argument wins", path, NULL);
	unsetenv("LATCHKEY_ENV");
}

static void
beside_the_programs(void)
{
	char beside[512], why[CONFIG_WHY_SIZE];
	ssize_t len = readlink("/proc/self/exe", beside, sizeof(beside) - 32);
	struct config *config = NULL;

	if (len <= 0)
		skip();
	beside[len] = '\0';
	*strrchr(beside, '/') = '\0';
	strcpy(strrchr(beside, '/'), "/latchkey.env");
	unlink(beside);
	expect_file("missing", NULL, "ACCESS_TOKEN_SECRET is missing");
	setenv("ACCESS_TOKEN_SECRET", SECRET_A, 1);
	setenv("REFRESH_TOKEN_SECRET", SECRET_B, 1);
	SAME_INT("missing, and not needed", config_load(NULL, &config, why),
	    RC_OK);
	assert_non_null(config);
	SAME_TEXT("missing, and not needed", config->file, "");
	config_free(config);

	write_file(beside, SECRETS "DB_USER=beside\n",
	    strlen(SECRETS "DB_USER=beside\n"), 0600);
	SAME_INT("there", config_load(NULL, &config, why), RC_OK);
	if (config != NULL) {
		SAME_TEXT("there", config->db_user, "beside");
		SAME_TEXT("there", config->file, beside);
	}
	config_free(config);
	chmod(beside, 0644);
	expect_file("there, and open to all", NULL, "chmod");
	unlink(beside);
}

/* For the program .../a/unit/config.t, .../a/latchkey/ and .../latchkey/. */
static void
above_the_programs(void)
{
	static const char far[] = SECRETS "DB_USER=far\n";
	static const char near[] = SECRETS "DB_USER=near\n";
	char dirs[2][512], files[2][540], why[CONFIG_WHY_SIZE];
	struct config *config = NULL;

	for (int i = 0; i < 2; i++) {
		ssize_t len = readlink("/proc/self/exe", dirs[i], 480);

		if (len <= 0)
			skip();
		dirs[i][len] = '\0';
		for (int up = 0; up < 2 + i; up++)
			*strrchr(dirs[i], '/') = '\0';
		strcat(dirs[i], "/latchkey");
		snprintf(files[i], sizeof(files[i]), "%s/latchkey.env",
		    dirs[i]);
		mkdir(dirs[i], 0700);
	}
	expect_file("none of them", NULL, "no settings file was found");
	write_file(files[1], far, strlen(far), 0600);
	SAME_INT("far", config_load(NULL, &config, why), RC_OK);
	SAME_TEXT("far", config != NULL ? config->file : why, files[1]);
	config_free(config);
	write_file(files[0], near, strlen(near), 0600);
	SAME_INT("near", config_load(NULL, &config, why), RC_OK);
	SAME_TEXT("near", config != NULL ? config->file : why, files[0]);
	config_free(config);
	chmod(files[0], 0644);
	expect_file("near, and open to all", NULL, "chmod");
	/* Somebody else's, which only root can make. */
	if (chown(dirs[0], 12345, 12345) == 0) {
		SAME_INT("theirs", config_load(NULL, &config, why), RC_OK);
		SAME_TEXT("theirs", config != NULL ? config->file : why,
		    files[1]);
		config_free(config);
	}
	for (int i = 0; i < 2; i++) {
		unlink(files[i]);
		rmdir(dirs[i]);
	}
}

/* What a relative path in the file names lies beside it. */
static void
beside_the_file(void)
{
	char why[CONFIG_WHY_SIZE];
	struct config *c = load(SECRETS "MAIL_FROM=a@example.org\n"
					"SITE_URL=https://a.example/shop\n"
					"MAIL_TEMPLATES=our/mail\n"
					"DB_SSL_CA=ca.pem\n"
					"PASSWORD_BLOCKLIST=latchkey.env\n",
	    why);

	if (c == NULL)
		fail_msg("%s", why);
	SAME_TEXT("list", c->password_blocklist, path);
	SAME_TEXT("mail", c->mail_templates,
	    pool_printf(unit_mem, "%s/our/mail", directory));
	SAME_TEXT("ca", c->db_ssl_ca,
	    pool_printf(unit_mem, "%s/ca.pem", directory));
	config_free(c);

	setenv("ACCESS_TOKEN_SECRET", SECRET_A, 1);
	setenv("REFRESH_TOKEN_SECRET", SECRET_B, 1);
	setenv("PASSWORD_BLOCKLIST", "list", 1);
	expect_file("no file to be beside of", NULL, "no path from / on");
}

/* The environment. */

static void
environment_wins(void)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config;

	setenv("DB_USER", "from the environment", 1);
	setenv("DB_PORT", "1234", 1);
	setenv("DB_HOST", "", 1);
	setenv("ACCESS_TOKEN_SECRET", "environment-0123456789abcdef012345", 1);
	config = load(SECRETS "DB_USER=file\nDB_PORT=1\nDB_HOST=file\n"
			      "DB_NAME=file\n",
	    why);
	assert_non_null(config);
	SAME_TEXT("DB_USER", config->db_user, "from the environment");
	SAME_INT("DB_PORT", config->db_port, 1234);
	SAME_TEXT("an empty one, too", config->db_host, "");
	SAME_TEXT("secret", config->access_token_secret.bytes,
	    "environment-0123456789abcdef012345");
	SAME_TEXT("the file's", config->refresh_token_secret.bytes, SECRET_B);
	SAME_TEXT("the file's", config->db_name, "file");
	config_free(config);

	setenv("DB_PORT", "abc", 1);
	refused("a bad one", SECRETS "DB_PORT=1\n", "DB_PORT");
	setenv("DB_PORT", "1 # port", 1);
	refused("no comments there", SECRETS, "DB_PORT");
	setenv("DB_PORT", "\"1\"", 1);
	refused("no quotes there", SECRETS, "DB_PORT");
	unsetenv("DB_PORT");
	setenv("ACCESS_TOKEN_SECRET", "short", 1);
	refused("a short secret", SECRETS, "ACCESS_TOKEN_SECRET is too short");
	setenv("ACCESS_TOKEN_SECRET", "", 1);
	refused("an empty secret", SECRETS, "ACCESS_TOKEN_SECRET is missing");
}

static void
same_token(const char *row, const char *text, const char *expected)
{
	struct config_secret token;

	write_file(path, text, strlen(text), 0600);
	SAME_INT(row, config_doctor_token(path, unit_mem, &token), RC_OK);
	SAME_TEXT(row, token.bytes, expected);
	SAME_INT(row, token.len, strlen(expected));
}

/* Whatever else is wrong, but not from a file that others read or write. */
static void
doctor_token_alone(void)
{
	struct config_secret token;

	same_token("nothing else", "DOCTOR_TOKEN=" SECRET_C "\n", SECRET_C);
	same_token("a wrong setting",
	    "REFRESH_GRACE=x\nDOCTOR_TOKEN=" SECRET_C "\n", SECRET_C);
	same_token("a wrong line below",
	    "DOCTOR_TOKEN=" SECRET_C "\nno setting\n", SECRET_C);
	same_token("one too short",
	    "DOCTOR_TOKEN=0123456789abcdef0123456789abcde\n", "");
	same_token("none", SECRETS, "");
	same_token("no file", "", "");
	setenv("DOCTOR_TOKEN", SECRET_C, 1);
	same_token("the environment", "", SECRET_C);
	same_token("which wins", "DOCTOR_TOKEN=" SECRET_A "\n", SECRET_C);
	same_token("and a wrong file", "no setting\n", SECRET_C);
	unsetenv("DOCTOR_TOKEN");
	write_file(path, "DOCTOR_TOKEN=" SECRET_C "\n",
	    strlen("DOCTOR_TOKEN=" SECRET_C "\n"), 0604);
	SAME_INT("an open file", config_doctor_token(path, unit_mem, &token),
	    RC_OK);
	SAME_TEXT("an open file", token.bytes, "");
}

static void
secrets_leave_the_environment(void)
{
	static char access_secret[] = "ACCESS_TOKEN_SECRET=" SECRET_A;
	static char refresh_secret[] = "REFRESH_TOKEN_SECRET=" SECRET_B;
	static char db_password[] = "DB_PASSWORD=0123456789";
	static char doctor_token[] = "DOCTOR_TOKEN=" SECRET_C;
	char why[CONFIG_WHY_SIZE];
	struct config *config;

	putenv(access_secret);
	putenv(refresh_secret);
	putenv(db_password);
	putenv(doctor_token);
	setenv("DB_USER", "stays", 1);
	config = load("", why);
	assert_non_null(config);
	HOLDS("access", getenv("ACCESS_TOKEN_SECRET") == NULL);
	HOLDS("refresh", getenv("REFRESH_TOKEN_SECRET") == NULL);
	HOLDS("password", getenv("DB_PASSWORD") == NULL);
	HOLDS("doctor", getenv("DOCTOR_TOKEN") == NULL);
	HOLDS("doctor",
	    memmem(doctor_token, sizeof(doctor_token), "0123", 4) == NULL);
	SAME_TEXT("no secret", getenv("DB_USER"), "stays");
	HOLDS("access",
	    memmem(access_secret, sizeof(access_secret), "0123", 4) == NULL);
	HOLDS("refresh",
	    memmem(refresh_secret, sizeof(refresh_secret), "0123", 4) == NULL);
	HOLDS("password",
	    memmem(db_password, sizeof(db_password), "0123", 4) == NULL);
	SAME_TEXT("kept", config->access_token_secret.bytes, SECRET_A);
	SAME_TEXT("kept", config->refresh_token_secret.bytes, SECRET_B);
	SAME_TEXT("kept", config->db_password, "0123456789");
	config_free(config);
}

/* In a program started with secrets: 0 when the kernel shows none after. */
static int
in_a_fresh_process(void)
{
	char why[CONFIG_WHY_SIZE], block[65536];
	struct config *config;
	FILE *file;
	size_t len;

	if (config_load("/dev/null/none", &config, why) != RC_INVALID)
		return 10;
	if (config_load(getenv("FILE_TO_READ"), &config, why) != RC_OK)
		return 11;
	file = fopen("/proc/self/environ", "r");
	len = file != NULL ? fread(block, 1, sizeof(block), file) : 0;
	config_free(config);
	if (len == 0 || memmem(block, len, "FILE_TO_READ", 12) == NULL)
		return 12;
	return memmem(block, len, "0123456789abcdef", 16) == NULL ? 0 : 13;
}

static void
secrets_leave_what_the_kernel_shows(void)
{
	char file[160];
	char *argv[] = { "config", "in_a_fresh_process", NULL };
	char *envp[] = { "ACCESS_TOKEN_SECRET=" SECRET_A,
		"REFRESH_TOKEN_SECRET=" SECRET_B,
		"DB_PASSWORD=0123456789abcdef", file, NULL };
	int status = -1;
	pid_t pid;

	snprintf(file, sizeof(file), "FILE_TO_READ=%s", path);
	write_file(path, "", 0, 0600);
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execve("/proc/self/exe", argv, envp);
		_exit(127);
	}
	SAME_INT("wait", waitpid(pid, &status, 0), pid);
	HOLDS("exited", WIFEXITED(status));
	SAME_INT("the block of the process", WEXITSTATUS(status), 0);
}

static int
fresh_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH_OF(names); i++)
		unsetenv(names[i]);
	return 0;
}

static int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/latchkey-unit-XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/latchkey.env", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

#define FRESH(function)                                                        \
	{                                                                      \
#function, unit_run, fresh_environment, fresh_environment,     \
		    &(struct unit_case)                                        \
		{                                                              \
			(function)                                             \
		}                                                              \
	}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FRESH(defaults),
		FRESH(every_setting),
		FRESH(secrets),
		FRESH(numbers),
		FRESH(client_url),
		FRESH(password_blocklist),
		FRESH(login_url),
		FRESH(limits),
		FRESH(throttle_exempt),
		FRESH(mail),
		FRESH(mail_templates_beside_the_programs),
		FRESH(reasons_are_one_line),
		FRESH(cookies),
		FRESH(syntax),
		FRESH(file_modes),
		FRESH(file_kinds),
		FRESH(named_by_the_environment),
		FRESH(beside_the_programs),
		FRESH(above_the_programs),
		FRESH(beside_the_file),
		FRESH(environment_wins),
		FRESH(doctor_token_alone),
		FRESH(secrets_leave_the_environment),
		FRESH(secrets_leave_what_the_kernel_shows),
	};

	if (argc == 2 && strcmp(argv[1], "in_a_fresh_process") == 0)
		return in_a_fresh_process();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
