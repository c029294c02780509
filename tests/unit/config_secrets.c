#include "config_fixture.h"

#include <sys/wait.h>

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
	char *argv[] = { "config_secrets", "in_a_fresh_process", NULL };
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

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(secrets),
		CONFIG_UNIT(doctor_token_alone),
		CONFIG_UNIT(secrets_leave_the_environment),
		CONFIG_UNIT(secrets_leave_what_the_kernel_shows),
	};

	if (argc == 2 && strcmp(argv[1], "in_a_fresh_process") == 0)
		return in_a_fresh_process();
	return CONFIG_MAIN(tests);
}
