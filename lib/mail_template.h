#ifndef LATCHKEY_MAIL_TEMPLATE_H
#define LATCHKEY_MAIL_TEMPLATE_H

#include "pool.h"
#include "rc.h"

/*
 * What mails say stands in files, which whoever runs the site may change:
 *
 *   NAME.LANG.txt    "Subject: ...", an empty line, the text
 *   NAME.LANG.html   the same as HTML; without it the mail is text alone
 *
 * in UTF-8.  {word} in them is replaced by the value of that word, escaped in
 * HTML.  A word without a value stays as it is, and is logged once a file.
 */

enum {
	MAIL_TEMPLATE_MAX = 64 * 1024
}; /* bytes of a file */

/* A list ends with a NULL word; a NULL or empty text is no value. */
struct mail_value {
	const char *word, *text;
};

struct mail_text {
	const char *lang; /* what it is in */
	const char *subject, *text;
	const char *html; /* NULL: there is none */
};

/*
 * Read the template ${name} of the directory ${dir} in the language ${lang},
 * else in English, and fill it.  Names are small letters and hyphens, languages
 * two or three small letters; nothing else becomes part of a path.  On RC_OK
 * what *out points to lives in ${mem}, but for its lang, which is ${lang} or
 * lives forever.
 * RC_FAULT, logged: there is no such file, or it cannot be read or is not of
 * this form; a value is not clean, as mail_text_is_clean() has it; memory.
 */
enum rc mail_template_fill(const char *dir, const char *name, const char *lang,
    const struct mail_value *values, struct pool *mem,
    struct mail_text *out) MUST_CHECK;

#endif
