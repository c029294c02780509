#include "config_fixture.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(defaults),
		CONFIG_UNIT(every_setting),
		CONFIG_UNIT(environment_wins),
		CONFIG_UNIT(reasons_are_one_line),
	};

	return CONFIG_MAIN(tests);
}
