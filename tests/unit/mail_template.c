#include "mail_template.h"

#include <dirent.h>
#include <sys/stat.h>

#include "unit.h"

static char directory[64];

static const struct mail_value values[] = {
	{ "code", "ABCD-EFGH" },
	{ "link", "https://a.example/?x=1&y=\"'<>" },
	{ "email", "{code}&a@b" },
	{ "new-email", "n" },
	{ "site", "" },
	{ "none", NULL },
	{ NULL, NULL },
};

static void
write_bytes(const char *name, const char *text, size_t len)
{
	const char *path = pool_printf(unit_mem, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

static void
remove_files(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name,
		    entry->d_name[0] == 'd' ? AT_REMOVEDIR : 0);
	closedir(dir);
}

static void
fills(void)
{
	static const struct {
		const char *row, *text, *plain, *html;
	} rows[] = {
		{ "empty", "", "", "" },
		{ "no words", "a\nb\n", "a\nb\n", "a\nb\n" },
		{ "one", "a{code}b", "aABCD-EFGHb", "aABCD-EFGHb" },
		{ "alone", "{code}", "ABCD-EFGH", "ABCD-EFGH" },
		{ "twice", "{code}{code}", "ABCD-EFGHABCD-EFGH",
		    "ABCD-EFGHABCD-EFGH" },
		{ "escaped in HTML", "<a href=\"{link}\">",
		    "<a href=\"https://a.example/?x=1&y=\"'<>\">",
		    "<a href=\"https://a.example/?x=1&amp;y=&quot;&#39;&lt;&gt;"
		    "\">" },
		{ "a value is not filled", "{email}", "{code}&a@b",
		    "{code}&amp;a@b" },
		{ "a hyphen", "{new-email}", "n", "n" },
		{ "braces", "{", "{", "{" },
		{ "braces", "{}", "{}", "{}" },
		{ "braces", "{{code}}", "{ABCD-EFGH}", "{ABCD-EFGH}" },
		{ "braces", "{code", "{code", "{code" },
		{ "braces", "code}", "code}", "code}" },
		{ "a style", "b{color:red}i{ x }", "b{color:red}i{ x }",
		    "b{color:red}i{ x }" },
		{ "another case", "{Code}", "{Code}", "{Code}" },
		{ "a blank", "{ code }", "{ code }", "{ code }" },
		{ "unknown", "{cod}{codes}", "{cod}{codes}", "{cod}{codes}" },
		{ "without a value", "{none}{site}", "{none}{site}",
		    "{none}{site}" },
		{ "tabs", "\ta\t", " a ", " a " },
		{ "Windows", "a\r\nb\r\n", "a\nb\n", "a\nb\n" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		int before = unit_quiet();
		struct mail_text out;
		enum rc rc;

		write_file("a.en.txt",
		    pool_printf(unit_mem, "Subject: s\n\n%s", rows[i].text));
		write_file("a.en.html", rows[i].text);
		rc = mail_template_fill(directory, "a", "en", values, unit_mem,
		    &out);
		unit_loud(before);
		SAME_INT(rows[i].row, rc, RC_OK);
		if (rc != RC_OK)
			continue;
		SAME_TEXT(rows[i].row, out.subject, "s");
		SAME_TEXT(rows[i].row, out.text, rows[i].plain);
		SAME_TEXT(rows[i].row, out.html, rows[i].html);
	}
	remove_files();
}

static void
forms(void)
{
	static const struct {
		const char *row, *text;
		const char *subject, *body; /* NULL: RC_FAULT */
	} rows[] = {
		{ "one line", "Subject: s\n\nb\n", "s", "b\n" },
		{ "no text", "Subject: s\n\n", "s", "" },
		{ "Windows", "Subject: s\r\n\r\nb\r\n", "s", "b\n" },
		{ "byte order mark", "\xef\xbb\xbfSubject: s\n\nb", "s", "b" },
		{ "more empty lines", "Subject: s\n\n\nb", "s", "\nb" },
		{ "words", "Subject: {code} {email}\n\nb",
		    "ABCD-EFGH {code}&a@b", "b" },
		{ "UTF-8", "Subject: \xc3\xbc\n\n\xc3\xbc", "\xc3\xbc",
		    "\xc3\xbc" },
		{ "empty", "", NULL, NULL },
		{ "no subject", "Hello\n\nb\n", NULL, NULL },
		{ "later", "\nSubject: s\n\nb\n", NULL, NULL },
		{ "lower case", "subject: s\n\nb\n", NULL, NULL },
		{ "no blank", "Subject:s\n\nb\n", NULL, NULL },
		{ "no line end", "Subject: s", NULL, NULL },
		{ "no empty line", "Subject: s\nb\n", NULL, NULL },
		{ "another header", "Subject: s\nBcc: a@b\n\nb", NULL, NULL },
		{ "Macintosh", "Subject: s\r\rb\r", NULL, NULL },
		{ "Latin-1", "Subject: s\n\n\xfc", NULL, NULL },
		{ "a control", "Subject: s\n\n\x1b", NULL, NULL },
		{ "two byte order marks",
		    "\xef\xbb\xbf\xef\xbb\xbfSubject: s\n\nb", NULL, NULL },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		int before = unit_listen();
		struct mail_text out;
		enum rc rc;
		const char *log;

		write_file("a.en.txt", rows[i].text);
		rc = mail_template_fill(directory, "a", "en", values, unit_mem,
		    &out);
		log = unit_heard(before);
		SAME_INT(rows[i].row, rc,
		    rows[i].body != NULL ? RC_OK : RC_FAULT);
		SAME_INT(rows[i].row, strstr(log, "/a.en.txt ") == NULL,
		    rows[i].body != NULL);
		if (rc != RC_OK || rows[i].body == NULL)
			continue;
		SAME_TEXT(rows[i].row, out.subject, rows[i].subject);
		SAME_TEXT(rows[i].row, out.text, rows[i].body);
		SAME_TEXT(rows[i].row, out.html, NULL);
	}
	remove_files();
}

static void
sizes(void)
{
	static const char head[] = "Subject: s\n\n";
	int before = unit_quiet();
	struct mail_text out;
	char *text = unit_repeat('a', MAIL_TEMPLATE_MAX + 1);

	memcpy(text, head, sizeof(head) - 1);
	write_bytes("a.en.txt", text, MAIL_TEMPLATE_MAX);
	SAME_INT("the largest",
	    mail_template_fill(directory, "a", "en", values, unit_mem, &out),
	    RC_OK);
	SAME_INT("the largest", strlen(out.text),
	    MAIL_TEMPLATE_MAX - strlen(head));
	write_bytes("a.en.html", text, MAIL_TEMPLATE_MAX + 1);
	SAME_INT("HTML of one more",
	    mail_template_fill(directory, "a", "en", values, unit_mem, &out),
	    RC_FAULT);
	unlink(pool_printf(unit_mem, "%s/a.en.html", directory));
	write_bytes("a.en.txt", text, MAIL_TEMPLATE_MAX + 1);
	SAME_INT("one more",
	    mail_template_fill(directory, "a", "en", values, unit_mem, &out),
	    RC_FAULT);
	write_bytes("a.en.txt", "Subject: s\n\na\0b", 15);
	SAME_INT("a NUL",
	    mail_template_fill(directory, "a", "en", values, unit_mem, &out),
	    RC_FAULT);
	unit_loud(before);
	remove_files();
}

static void
languages(void)
{
	static const struct {
		const char *lang;
		const char *used; /* NULL: RC_FAULT */
		bool html;
	} rows[] = {
		{ "en", "en", true },
		{ "de", "de", false },
		{ "fr", "en", true },
		{ "", "en", true },
		{ "e", "en", true },
		{ "DE", "en", true },
		{ "de-de", "en", true },
		{ "deutsch", "en", true },
		{ "../x", "en", true },
		{ "en.txt", "en", true },
		{ "/", "en", true },
		{ "xx", NULL, false },
	};

	write_file("a.en.txt", "Subject: en\n\ntext en");
	write_file("a.en.html", "html en");
	write_file("a.de.txt", "Subject: de\n\ntext de");
	write_file("a.fr.html", "html fr"); /* no text: it is not there */
	write_file("a.xx.txt", "no subject");
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		int before = unit_quiet();
		struct mail_text out;
		enum rc rc = mail_template_fill(directory, "a", rows[i].lang,
		    values, unit_mem, &out);

		unit_loud(before);
		SAME_INT(rows[i].lang, rc,
		    rows[i].used != NULL ? RC_OK : RC_FAULT);
		if (rc != RC_OK || rows[i].used == NULL)
			continue;
		SAME_TEXT(rows[i].lang, out.lang, rows[i].used);
		SAME_TEXT(rows[i].lang, out.subject, rows[i].used);
		SAME_TEXT(rows[i].lang, out.html,
		    rows[i].html ? "html en" : NULL);
	}
	remove_files();
}

/* One line, which names the file and says what to do. */
static void
troubles(void)
{
	static const struct {
		const char *row, *name, *said;
	} rows[] = {
		{ "missing", "missing", "MAIL_TEMPLATES" },
		{ "a directory", "directory", "Is a directory" },
		{ "no name", "", "no name" },
		{ "up", "../etc", "no name" },
		{ "a path", "a/b", "no name" },
		{ "upper case", "A", "no name" },
	};
	const char *path = pool_printf(unit_mem, "%s/directory.en.txt",
	    directory);

	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		int before = unit_listen();
		struct mail_text out;
		enum rc rc = mail_template_fill(directory, rows[i].name, "de",
		    values, unit_mem, &out);
		const char *log = unit_heard(before);

		SAME_INT(rows[i].row, rc, RC_FAULT);
		HOLDS(rows[i].row, strstr(log, rows[i].said) != NULL);
		HOLDS(rows[i].row, strchr(log, '\n') == strrchr(log, '\n'));
	}
	remove_files();
}

static void
unknown_words_are_told_once(void)
{
	int before = unit_listen();
	struct mail_text out;
	const char *log, *first;

	write_file("a.en.txt", "Subject: {nix}\n\n{nix} {nux}\n{nix}");
	write_file("a.en.html", "{code} {nix}");
	SAME_INT("fill",
	    mail_template_fill(directory, "a", "en", values, unit_mem, &out),
	    RC_OK);
	log = unit_heard(before);
	first = strstr(log, "/a.en.txt has {nix}");
	HOLDS("text", first != NULL);
	HOLDS("text", first != NULL && strstr(first + 1, "/a.en.txt") == NULL);
	HOLDS("HTML", strstr(log, "/a.en.html has {nix}") != NULL);
	remove_files();
}

static void
values_are_checked(void)
{
	static const struct {
		const char *row, *value;
		enum rc rc;
	} rows[] = {
		{ "plain", "a", RC_OK },
		{ "UTF-8", "\xc3\xbc", RC_OK },
		{ "line feed", "a\nBcc: b@c", RC_FAULT },
		{ "CR LF", "a\r\n\r\nb", RC_FAULT },
		{ "tab", "a\tb", RC_FAULT },
		{ "escape", "\x1b", RC_FAULT },
		{ "DEL", "\x7f", RC_FAULT },
		{ "Latin-1", "\xfc", RC_FAULT },
	};

	write_file("a.en.txt", "Subject: {x}\n\n{x}");
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const struct mail_value one[] = { { "y", NULL },
			{ "x", rows[i].value }, { NULL, NULL } };
		int before = unit_quiet();
		struct mail_text out;

		SAME_INT(rows[i].row,
		    mail_template_fill(directory, "a", "en", one, unit_mem,
			&out),
		    rows[i].rc);
		unit_loud(before);
	}
	remove_files();
}

static int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/latchkey-unit-XXXXXX");
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int
remove_directory(void **state)
{
	(void)state;
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(fills),
		UNIT(forms),
		UNIT(sizes),
		UNIT(languages),
		UNIT(troubles),
		UNIT(unknown_words_are_told_once),
		UNIT(values_are_checked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
