#include "mail_message.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "digest.h"
#include "log.h"
#include "mail_encode.h"

enum {
	LANG_MAX = 35 /* RFC 5646, 4.4.1 */
};

/* In quoted-printable "=" is followed by hex or a line end: never by "_". */
static const char boundary[] = "=_latchkey";

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

static bool
is_lang(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return len > 0 && len <= LANG_MAX && text[len] == '\0';
}

/* Whether a reader sees ${text} itself when it stands in a header as it is. */
static bool
is_readable(const char *text, size_t column)
{
	size_t len = strlen(text);

	return is_ascii(text) && column + len <= MAIL_LINE_MAX &&
	       strstr(text, "=?") == NULL && text[0] != ' ' &&
	       text[len - 1] != ' ';
}

static void
put_quoted(struct buffer *out, const char *text)
{
	buffer_puts(out, "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buffer_puts(out, "\\");
		buffer_put(out, text, 1);
	}
	buffer_puts(out, "\"");
}

/*
 * The address as RFC 5322, 3.4.1 has it.  HTML takes dots anywhere in the
 * local part; where they make it no dot-atom, it needs quotes.  Nothing that
 * HTML takes needs a backslash there.
 */
static void
put_email(struct buffer *out, const char *email)
{
	const char *at = strchr(email, '@');
	const char *dots = strstr(email, "..");

	if (email[0] == '.' || at[-1] == '.' || (dots != NULL && dots < at))
		buffer_printf(out, "\"%.*s\"%s", (int)(at - email), email, at);
	else
		buffer_puts(out, email);
}

/* The address stands in a line of its own, so that no line gets too long. */
static void
put_from(struct buffer *out, const struct mail_address *from)
{
	static const char head[] = "From: ";
	size_t column = sizeof(head) - 1;
	bool named = *from->name != '\0';

	buffer_puts(out, head);
	if (named && is_readable(from->name, column + 2))
		put_quoted(out, from->name);
	else if (named)
		mail_put_encoded_words(out, from->name, column);
	buffer_puts(out, named ? "\n <" : "<");
	put_email(out, from->email);
	buffer_puts(out, ">\n");
}

static void
put_subject(struct buffer *out, const char *subject)
{
	static const char head[] = "Subject: ";
	size_t column = sizeof(head) - 1;

	buffer_puts(out, head);
	if (is_readable(subject, column))
		buffer_puts(out, subject);
	else
		mail_put_encoded_words(out, subject, column);
	buffer_puts(out, "\n");
}

/* RFC 5322, 3.3; strftime() would write in the language of the locale. */
static void
put_date(struct buffer *out, int64_t now_ms)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now_s = (time_t)(now_ms / 1000);
	struct tm tm = { 0 };

	gmtime_r(&now_s, &tm);
	buffer_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\n",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
put_headers(struct buffer *out, const struct mail_message *m)
{
	char id[2 * MAIL_RANDOM_SIZE + 1];

	digest_hex(m->random, MAIL_RANDOM_SIZE, id);
	put_from(out, m->from);
	/* In angle brackets, for msmtp takes a bare "a..b"@host for "a..b". */
	buffer_puts(out, "To: <");
	put_email(out, m->to);
	buffer_puts(out, ">\n");
	put_subject(out, m->subject);
	put_date(out, m->now_ms);
	buffer_printf(out, "Message-ID: <%s%s>\n", id,
	    strchr(m->from->email, '@'));
	/* RFC 3834: no out-of-office replies to this, please. */
	buffer_printf(out,
	    "Auto-Submitted: auto-generated\n"
	    "Content-Language: %s\n"
	    "MIME-Version: 1.0\n",
	    m->lang);
}

static void
put_part(struct buffer *out, const char *type, const char *text)
{
	buffer_printf(out,
	    "Content-Type: text/%s; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n",
	    type);
	mail_put_quoted_printable(out, text);
}

/* Programs that can, show the last of the parts. */
static void
put_body(struct buffer *out, const struct mail_message *m)
{
	if (m->html == NULL) {
		put_part(out, "plain", m->text);
		return;
	}
	buffer_printf(out,
	    "Content-Type: multipart/alternative; boundary=\"%s\"\n"
	    "\n"
	    "--%s\n",
	    boundary, boundary);
	put_part(out, "plain", m->text);
	buffer_printf(out, "\n--%s\n", boundary);
	put_part(out, "html", m->html);
	buffer_printf(out, "\n--%s--\n", boundary);
}

/*
 * Without "=?": some who read a message, and even servers, decode an
 * encoded-word in an address, in quotes or not, and then deliver to whom it
 * says, of whatever domain.  Nobody has such an address.
 */
static bool
is_safe_email(const char *email)
{
	char lower[EMAIL_SIZE];

	return email_normalize(email, lower) == RC_OK &&
	       strstr(email, "=?") == NULL;
}

/* What of ${m} must not be as it is; NULL: nothing. */
static const char *
find_wrong(const struct mail_message *m)
{
	if (!is_safe_email(m->from->email) ||
	    !mail_text_is_clean(m->from->name, false))
		return "sender";
	if (!is_safe_email(m->to))
		return "recipient";
	if (*m->subject == '\0' || strlen(m->subject) > MAIL_SUBJECT_MAX ||
	    !mail_text_is_clean(m->subject, false))
		return "subject";
	if (!is_lang(m->lang))
		return "language";
	if (!mail_text_is_clean(m->text, true))
		return "text";
	if (m->html != NULL && !mail_text_is_clean(m->html, true))
		return "HTML";
	return NULL;
}

enum rc
mail_message_compose(const struct mail_message *message, struct pool *mem,
    const char **out)
{
	struct buffer buffer = { .mem = mem };
	const char *wrong = find_wrong(message);

	*out = NULL;
	if (wrong != NULL) {
		log_error("mail: the %s holds what must not be in a mail, "
			  "or too much or nothing of it",
		    wrong);
		return RC_FAULT;
	}
	put_headers(&buffer, message);
	put_body(&buffer, message);
	*out = buffer_text(&buffer);
	if (*out == NULL)
		log_error("mail: the message is over %d bytes, or there is no "
			  "memory",
		    BUFFER_MAX);
	return *out != NULL ? RC_OK : RC_FAULT;
}
