#include "env_file.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static char *
skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

static bool
is_end(const char *s)
{
	while (is_blank(*s))
		s++;
	return *s == '\0' || *s == '#';
}

/* Cut a bare value off before a comment and the blanks around it. */
static bool
read_bare(char *s)
{
	char *end = s;

	for (char *c = s; *c != '\0'; c++) {
		if (*c == '#' && (c == s || is_blank(c[-1])))
			break;
		if (!is_blank(*c))
			end = c + 1;
	}
	*end = '\0';
	return true;
}

static bool
read_single_quoted(char *s)
{
	char *close = strchr(s, '\'');

	if (close == NULL || !is_end(close + 1))
		return false;
	*close = '\0';
	return true;
}

static bool
read_double_quoted(char *s)
{
	char *out = s;

	for (; *s != '\0' && *s != '"'; s++) {
		if (*s != '\\') {
			*out++ = *s;
		} else if (s[1] != '\0' && strchr("\"\\$n", s[1]) != NULL) {
			s++;
			*out++ = *s == 'n' ? '\n' : *s;
		} else {
			return false;
		}
	}
	if (*s != '"' || !is_end(s + 1))
		return false;
	*out = '\0';
	return true;
}

enum env_line
env_file_line(char *line, char **name, char **value)
{
	char *s = skip_blanks(line);
	char *equals;
	bool good;

	if (*s == '\0' || *s == '#')
		return ENV_NOTHING;
	if (strncmp(s, "export", 6) == 0 && is_blank(s[6]))
		s = skip_blanks(s + 6);
	*name = s;
	while (is_name_char(*s))
		s++;
	equals = s;
	if (*equals != '=' || equals == *name)
		return ENV_ERROR;
	*equals = '\0';
	s = skip_blanks(equals + 1);
	if (*s == '\'' || *s == '"') {
		*value = s + 1;
		good = *s == '"' ? read_double_quoted(s + 1)
				 : read_single_quoted(s + 1);
	} else {
		*value = s;
		good = read_bare(s);
	}
	return good ? ENV_SETTING : ENV_ERROR;
}
