#include "env_file.h"

#include "unit.h"

static const struct {
	const char *row, *line;
	enum env_line kind;
	const char *name, *value;
} rows[] = {
	{ "empty", "", ENV_NOTHING, NULL, NULL },
	{ "blanks", " \t ", ENV_NOTHING, NULL, NULL },
	{ "CR of a blank line", "\r", ENV_NOTHING, NULL, NULL },
	{ "comment", "# A=b", ENV_NOTHING, NULL, NULL },
	{ "comment after blanks", "\t #A=b", ENV_NOTHING, NULL, NULL },
	{ "comment, CR", "#\r", ENV_NOTHING, NULL, NULL },

	{ "plain", "A=b", ENV_SETTING, "A", "b" },
	{ "name of all kinds", "aZ_09=b", ENV_SETTING, "aZ_09", "b" },
	{ "empty value", "A=", ENV_SETTING, "A", "" },
	{ "empty value, CR", "A=\r", ENV_SETTING, "A", "" },
	{ "blanks as value", "A=  ", ENV_SETTING, "A", "" },
	{ "CR", "A=b\r", ENV_SETTING, "A", "b" },
	{ "blanks around", "  A=  b c \t", ENV_SETTING, "A", "b c" },
	{ "equals in it", "A=b=c==", ENV_SETTING, "A", "b=c==" },
	{ "outside ASCII", "A=\xc3\xa4", ENV_SETTING, "A", "\xc3\xa4" },
	{ "backslashes stay", "A=b\\nc\\", ENV_SETTING, "A", "b\\nc\\" },
	{ "dollars stay", "A=$B${C}`d`", ENV_SETTING, "A", "$B${C}`d`" },
	{ "comment behind", "A=b # c", ENV_SETTING, "A", "b" },
	{ "comment behind a tab", "A=b\t#c", ENV_SETTING, "A", "b" },
	{ "comment behind, CR", "A=b #c\r", ENV_SETTING, "A", "b" },
	{ "# inside a value", "A=b#c", ENV_SETTING, "A", "b#c" },
	{ "# first in a value", "A=#c", ENV_SETTING, "A", "" },
	{ "# behind the blanks", "A= # c", ENV_SETTING, "A", "" },
	{ "quotes inside", "A=b\"c'd", ENV_SETTING, "A", "b\"c'd" },
	{ "a secret of base64", "A=ab+/cd==", ENV_SETTING, "A", "ab+/cd==" },

	{ "export", "export A=b", ENV_SETTING, "A", "b" },
	{ "export, more blanks", " export \t A=b", ENV_SETTING, "A", "b" },
	{ "export as a name", "export=b", ENV_SETTING, "export", "b" },
	{ "name that starts so", "exportA=b", ENV_SETTING, "exportA", "b" },
	{ "export of export", "export export=b", ENV_SETTING, "export", "b" },

	{ "double quotes", "A=\"b\"", ENV_SETTING, "A", "b" },
	{ "empty in double quotes", "A=\"\"", ENV_SETTING, "A", "" },
	{ "blanks kept", "A=\" b \"", ENV_SETTING, "A", " b " },
	{ "blanks before", "A= \"b\"", ENV_SETTING, "A", "b" },
	{ "# in double quotes", "A=\"b # c\"", ENV_SETTING, "A", "b # c" },
	{ "comment behind quotes", "A=\"b\" # c", ENV_SETTING, "A", "b" },
	{ "comment at the quotes", "A=\"b\"# c", ENV_SETTING, "A", "b" },
	{ "CR behind quotes", "A=\"b\"\r", ENV_SETTING, "A", "b" },
	{ "every escape", "A=\"\\\"\\\\\\$\\n\"", ENV_SETTING, "A", "\"\\$\n" },
	{ "single in double", "A=\"it's\"", ENV_SETTING, "A", "it's" },
	{ "dollar in double", "A=\"$B\"", ENV_SETTING, "A", "$B" },

	{ "single quotes", "A='b'", ENV_SETTING, "A", "b" },
	{ "empty in single quotes", "A=''", ENV_SETTING, "A", "" },
	{ "all is itself", "A=' \\n\\\\$B \"#\"'", ENV_SETTING, "A",
	    " \\n\\\\$B \"#\"" },
	{ "comment behind single quotes", "A='b' #c", ENV_SETTING, "A", "b" },
	{ "CR behind single quotes", "A='b'\r", ENV_SETTING, "A", "b" },

	{ "no equals", "A", ENV_ERROR, NULL, NULL },
	{ "no equals, CR", "A\r", ENV_ERROR, NULL, NULL },
	{ "no name", "=b", ENV_ERROR, NULL, NULL },
	{ "equals alone", "=", ENV_ERROR, NULL, NULL },
	{ "blank before equals", "A =b", ENV_ERROR, NULL, NULL },
	{ "hyphen in a name", "A-B=c", ENV_ERROR, NULL, NULL },
	{ "dot in a name", "A.B=c", ENV_ERROR, NULL, NULL },
	{ "quoted name", "\"A\"=b", ENV_ERROR, NULL, NULL },
	{ "two words", "set A=b", ENV_ERROR, NULL, NULL },
	{ "export alone", "export", ENV_ERROR, NULL, NULL },
	{ "export and nothing", "export ", ENV_ERROR, NULL, NULL },
	{ "export without a value", "export A", ENV_ERROR, NULL, NULL },
	{ "outside ASCII in a name", "\xc3\xa4=b", ENV_ERROR, NULL, NULL },
	{ "byte order mark",
	    "\xef\xbb\xbf"
	    "A=b",
	    ENV_ERROR, NULL, NULL },
	{ "YAML", "A: b", ENV_ERROR, NULL, NULL },
	{ "INI", "[a]", ENV_ERROR, NULL, NULL },
	{ "open double quote", "A=\"b", ENV_ERROR, NULL, NULL },
	{ "open single quote", "A='b", ENV_ERROR, NULL, NULL },
	{ "quote alone", "A=\"", ENV_ERROR, NULL, NULL },
	{ "escaped last quote", "A=\"b\\\"", ENV_ERROR, NULL, NULL },
	{ "backslash at the end", "A=\"b\\", ENV_ERROR, NULL, NULL },
	{ "unknown escape", "A=\"b\\t\"", ENV_ERROR, NULL, NULL },
	{ "text behind double quotes", "A=\"b\"c", ENV_ERROR, NULL, NULL },
	{ "text behind single quotes", "A='b'c", ENV_ERROR, NULL, NULL },
	{ "two quoted", "A=\"b\" \"c\"", ENV_ERROR, NULL, NULL },
	{ "the other quote", "A=\"b'", ENV_ERROR, NULL, NULL },
};

static void
lines(void)
{
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char *line = strdup(rows[i].line);
		char *name = NULL, *value = NULL;

		SAME_INT(rows[i].row, env_file_line(line, &name, &value),
		    rows[i].kind);
		if (rows[i].kind == ENV_SETTING) {
			SAME_TEXT(rows[i].row, name, rows[i].name);
			SAME_TEXT(rows[i].row, value, rows[i].value);
		}
		free(line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(lines),
	};

	return UNIT_MAIN(tests);
}
