#include "mail_template.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "log.h"
#include "mail_encode.h"

/* Of names of templates, and of what stands in braces. */
static const char word_chars[] = "abcdefghijklmnopqrstuvwxyz-";

/* What one filling works on. */
struct filling {
	const struct mail_value *values;
	struct pool *mem;
	const char *path; /* of the file in hand */
	bool html;
	bool told; /* of a word without a value */
};

/* Languages come from outside, and become part of a path. */
static bool
is_lang(const char *lang)
{
	size_t len = strspn(lang, "abcdefghijklmnopqrstuvwxyz");

	return len >= 2 && len <= 3 && lang[len] == '\0';
}

/* Lines as Unix has them, without a byte order mark. */
static char *
unix_lines(char *text)
{
	char *out;

	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	out = text;
	for (const char *c = text; *c != '\0'; c++)
		if (*c == '\t')
			*out++ = ' ';
		else if (c[0] != '\r' || c[1] != '\n')
			*out++ = *c;
	*out = '\0';
	return text;
}

static enum rc
read_open_file(struct filling *f, FILE *file, char **out)
{
	char *text = pool_alloc(f->mem, MAIL_TEMPLATE_MAX + 2);
	size_t len;

	if (text == NULL)
		return RC_FAULT;
	len = fread(text, 1, MAIL_TEMPLATE_MAX + 1, file);
	if (ferror(file)) {
		log_error("mail: the template %s cannot be read: %s", f->path,
		    strerror(errno));
		return RC_FAULT;
	}
	if (len > MAIL_TEMPLATE_MAX || strlen(text) < len ||
	    !mail_text_is_clean(*out = unix_lines(text), true)) {
		log_error("mail: the template %s is over %d KiB, or no plain "
			  "text: save it as UTF-8",
		    f->path, MAIL_TEMPLATE_MAX / 1024);
		return RC_FAULT;
	}
	return RC_OK;
}

/* RC_NOT_FOUND, not logged: there is no such file. */
static enum rc
read_file(struct filling *f, char **out)
{
	FILE *file = f->path != NULL ? fopen(f->path, "re") : NULL;
	enum rc rc;

	if (f->path == NULL)
		return RC_FAULT;
	if (file == NULL && errno == ENOENT)
		return RC_NOT_FOUND;
	if (file == NULL) {
		log_error("mail: the template %s cannot be opened: %s; it must "
			  "be readable by the user that the web server runs "
			  "programs as",
		    f->path, strerror(errno));
		return RC_FAULT;
	}
	rc = read_open_file(f, file, out);
	fclose(file);
	return rc;
}

static void
put_html(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			buffer_puts(out, "&amp;");
			break;
		case '<':
			buffer_puts(out, "&lt;");
			break;
		case '>':
			buffer_puts(out, "&gt;");
			break;
		case '"':
			buffer_puts(out, "&quot;");
			break;
		case '\'':
			buffer_puts(out, "&#39;");
			break;
		default:
			buffer_put(out, text, 1);
		}
}

static const char *
find_value(const struct filling *f, const char *word, size_t len)
{
	for (const struct mail_value *v = f->values; v->word != NULL; v++)
		if (strlen(v->word) == len && strncmp(v->word, word, len) == 0)
			return v->text != NULL && *v->text != '\0' ? v->text
								   : NULL;
	return NULL;
}

/* The value of "{word}" at ${text}; the length of that, 0: it is no word. */
static size_t
put_value(struct filling *f, struct buffer *out, const char *text)
{
	size_t len = strspn(text + 1, word_chars);
	const char *value;

	if (len == 0 || text[len + 1] != '}')
		return 0;
	value = find_value(f, text + 1, len);
	if (value == NULL) {
		if (!f->told)
			log_error("mail: the template %s has {%.*s}, for which "
				  "there is no value in this mail",
			    f->path, (int)len, text + 1);
		f->told = true;
		return 0;
	}
	if (f->html)
		put_html(out, value);
	else
		buffer_puts(out, value);
	return len + 2;
}

static const char *
fill(struct filling *f, const char *text)
{
	struct buffer out = { .mem = f->mem };

	while (*text != '\0') {
		size_t len = strcspn(text, "{");

		buffer_put(&out, text, len);
		text += len;
		if (*text == '{') {
			len = put_value(f, &out, text);
			if (len == 0)
				buffer_put(&out, text, len = 1);
			text += len;
		}
	}
	return buffer_text(&out);
}

/* The files are told apart in one place: by the path. */
static void
name_file(struct filling *f, const char *dir, const char *name,
    const char *lang, const char *kind)
{
	f->path = pool_printf(f->mem, "%s/%s.%s.%s", dir, name, lang, kind);
	f->html = strcmp(kind, "html") == 0;
	f->told = false;
}

static enum rc
fill_text(struct filling *f, char *text, struct mail_text *out)
{
	static const char head[] = "Subject: ";
	char *rest = text;
	const char *subject = strsep(&rest, "\n");

	if (strncmp(subject, head, sizeof(head) - 1) != 0 || rest == NULL ||
	    *rest != '\n') {
		log_error("mail: the template %s must begin with a line like "
			  "\"Subject: Hello\" and an empty line",
		    f->path);
		return RC_FAULT;
	}
	out->subject = fill(f, subject + sizeof(head) - 1);
	out->text = fill(f, rest + 1);
	return out->subject != NULL && out->text != NULL ? RC_OK : RC_FAULT;
}

/* As HTML, in the language that the text was found in. */
static enum rc
fill_html(struct filling *f, struct mail_text *out)
{
	char *html;
	enum rc rc = read_file(f, &html);

	if (rc == RC_NOT_FOUND)
		return RC_OK;
	if (rc != RC_OK)
		return rc;
	out->html = fill(f, html);
	return out->html != NULL ? RC_OK : RC_FAULT;
}

static bool
are_clean(const struct mail_value *values)
{
	for (; values->word != NULL; values++)
		if (values->text != NULL &&
		    !mail_text_is_clean(values->text, false)) {
			log_error("mail: the value of {%s} holds a control "
				  "character, or is not UTF-8",
			    values->word);
			return false;
		}
	return true;
}

enum rc
mail_template_fill(const char *dir, const char *name, const char *lang,
    const struct mail_value *values, struct pool *mem, struct mail_text *out)
{
	struct filling f = { .values = values, .mem = mem };
	char *text;
	enum rc rc = RC_NOT_FOUND;

	*out = (struct mail_text){ .lang = lang };
	if (!are_clean(values))
		return RC_FAULT;
	if (*name == '\0' || name[strspn(name, word_chars)] != '\0') {
		log_error("mail: \"%s\" is no name of a template", name);
		return RC_FAULT;
	}
	if (is_lang(lang)) {
		name_file(&f, dir, name, lang, "txt");
		rc = read_file(&f, &text);
	}
	if (rc == RC_NOT_FOUND) {
		out->lang = "en";
		name_file(&f, dir, name, out->lang, "txt");
		rc = read_file(&f, &text);
	}
	if (rc == RC_NOT_FOUND)
		log_error("mail: there is no template %s: copy the directory "
			  "mail there, or set MAIL_TEMPLATES to where it is",
		    f.path);
	if (rc == RC_OK)
		rc = fill_text(&f, text, out);
	if (rc == RC_OK) {
		name_file(&f, dir, name, out->lang, "html");
		rc = fill_html(&f, out);
	}
	return rc == RC_OK ? RC_OK : RC_FAULT;
}
