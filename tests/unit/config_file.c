#include "config_fixture.h"

#include <sys/stat.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(syntax),
		CONFIG_UNIT(file_modes),
		CONFIG_UNIT(file_kinds),
		CONFIG_UNIT(named_by_the_environment),
		CONFIG_UNIT(beside_the_programs),
		CONFIG_UNIT(above_the_programs),
		CONFIG_UNIT(beside_the_file),
	};

	return CONFIG_MAIN(tests);
}
