#include "mail_message.h"

#include "buffer.h"
#include "mail_template.h"
#include "unit.h"

#define UE "\xc3\xbc"

static const struct mail_address sender = { "", "noreply@example.org" };

static struct mail_message
example(void)
{
	return (struct mail_message){
		.from = &sender,
		.to = "ada@example.net",
		.subject = "Hello",
		.lang = "en",
		.text = "Hello,\n\nAda\n",
		.html = "<p>Hello, Ada\n",
		.now_ms = 1767225599999,
		.random = { 0x00, 0x01, 0x9a, 0xff },
	};
}

static const char *
compose(const char *row, const struct mail_message *message)
{
	const char *out = NULL;

	SAME_INT(row, mail_message_compose(message, unit_mem, &out), RC_OK);
	return out != NULL ? out : "";
}

/* The header ${name}, with its folds; "" when it is not there. */
static const char *
header(const char *message, const char *name)
{
	const char *head = pool_printf(unit_mem, "\n%s: ", name);
	const char *body = strstr(message, "\n\n");
	const char *at = strstr(message, head + 1);
	size_t len;

	if (at != message)
		at = strstr(message, head);
	if (at == NULL || body == NULL || at > body)
		return "";
	at += strlen(head) - (at == message);
	for (len = strcspn(at, "\n"); at[len + 1] == ' ';)
		len += 1 + strcspn(at + len + 1, "\n");
	return pool_copy(unit_mem, at, len);
}

static void
whole(void)
{
	struct mail_message m = example();

	SAME_TEXT("two parts", compose("two parts", &m),
	    "From: <noreply@example.org>\n"
	    "To: <ada@example.net>\n"
	    "Subject: Hello\n"
	    "Date: Wed, 31 Dec 2025 23:59:59 +0000\n"
	    "Message-ID: <00019aff000000000000000000000000@example.org>\n"
	    "Auto-Submitted: auto-generated\n"
	    "Content-Language: en\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/alternative; boundary=\"=_latchkey\"\n"
	    "\n"
	    "--=_latchkey\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n"
	    "Hello,\n"
	    "\n"
	    "Ada\n"
	    "\n"
	    "--=_latchkey\n"
	    "Content-Type: text/html; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n"
	    "<p>Hello, Ada\n"
	    "\n"
	    "--=_latchkey--\n");
	m.html = NULL;
	SAME_TEXT("text alone", strstr(compose("text alone", &m), "MIME"),
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n"
	    "Hello,\n"
	    "\n"
	    "Ada\n");
}

static void
recipients(void)
{
	static const struct {
		const char *email, *header;
	} rows[] = {
		{ "a@b", "a@b" },
		{ "a.b@c.d", "a.b@c.d" },
		{ "a..b@c", "\"a..b\"@c" },
		{ ".a@b", "\".a\"@b" },
		{ "a.@b", "\"a.\"@b" },
		{ ".@b", "\".\"@b" },
		{ "..@b", "\"..\"@b" },
		{ "-t@b", "-t@b" },
		{ "!#$%&'*+/?=^_`{|}~-@b", "!#$%&'*+/?=^_`{|}~-@b" },
		{ "!#$%&'*+/?=^_`{|}~-.@b", "\"!#$%&'*+/?=^_`{|}~-.\"@b" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();
		struct mail_address same = { "", "" };
		const char *out, *want;

		m.to = rows[i].email;
		strcpy(same.email, rows[i].email);
		m.from = &same;
		out = compose(rows[i].email, &m);
		want = pool_printf(unit_mem, "<%s>", rows[i].header);
		SAME_TEXT(rows[i].email, header(out, "To"), want);
		SAME_TEXT(rows[i].email, header(out, "From"), want);
	}
}

/* What HTML takes stands in the message as it is, and all else nowhere. */
static void
every_character(void)
{
	for (int c = 1; c < 256; c++) {
		struct mail_message m = example();
		bool good = c < 0x80 && c != '\0' &&
			    strchr("abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   ".!#$%&'*+/=?^_`{|}~-",
				c) != NULL;
		const char *out = NULL;
		int before = unit_quiet();
		enum rc rc;

		m.to = pool_printf(unit_mem, "a%cb@example.net", c);
		rc = mail_message_compose(&m, unit_mem, &out);
		unit_loud(before);
		SAME_INT(m.to, rc, good ? RC_OK : RC_FAULT);
		SAME_INT(m.to, out != NULL, good);
		if (out != NULL)
			SAME_TEXT(m.to, header(out, "To"),
			    pool_printf(unit_mem, "<%s>", m.to));
	}
}

static void
senders(void)
{
	static const struct {
		const char *name, *header;
	} rows[] = {
		{ "", "<a@b>" },
		{ "Example", "\"Example\"\n <a@b>" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"\n <a@b>" },
		{ "Ada, Countess", "\"Ada, Countess\"\n <a@b>" },
		{ " a ", "=?UTF-8?B?IGEg?=\n <a@b>" },
		{ "=?", "=?UTF-8?B?PT8=?=\n <a@b>" },
		{ UE, "=?UTF-8?B?w7w=?=\n <a@b>" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();
		struct mail_address from = { "", "a@b" };

		strcpy(from.name, rows[i].name);
		m.from = &from;
		SAME_TEXT(rows[i].name,
		    header(compose(rows[i].name, &m), "From"), rows[i].header);
	}
}

static void
subjects(void)
{
	static const struct {
		const char *row, *subject, *header;
	} rows[] = {
		{ "plain", "a b", "a b" },
		{ "one character", "a", "a" },
		{ "67 characters",
		    "1234567890123456789012345678901234567890123456789012345678"
		    "901234567",
		    "1234567890123456789012345678901234567890123456789012345678"
		    "901234567" },
		{ "68 characters",
		    "1234567890123456789012345678901234567890123456789012345678"
		    "9012345678",
		    "=?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"
		    "Nzg5?=\n"
		    " =?UTF-8?B?MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg=?=" },
		{ "UTF-8", UE, "=?UTF-8?B?w7w=?=" },
		{ "looks encoded", "=?x?q?y?=", "=?UTF-8?B?PT94P3E/eT89?=" },
		{ "blank first", " a", "=?UTF-8?B?IGE=?=" },
		{ "blank last", "a ", "=?UTF-8?B?YSA=?=" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();

		m.subject = rows[i].subject;
		SAME_TEXT(rows[i].row,
		    header(compose(rows[i].row, &m), "Subject"),
		    rows[i].header);
	}
}

static void
dates(void)
{
	static const struct {
		int64_t now_ms;
		const char *header;
	} rows[] = {
		{ 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
		{ 999, "Thu, 1 Jan 1970 00:00:00 +0000" },
		{ 1000, "Thu, 1 Jan 1970 00:00:01 +0000" },
		{ 951782400000, "Tue, 29 Feb 2000 00:00:00 +0000" },
		{ 1795461133000, "Mon, 23 Nov 2026 19:12:13 +0000" },
		{ 2147483648000, "Tue, 19 Jan 2038 03:14:08 +0000" },
		{ 4107542399000, "Sun, 28 Feb 2100 23:59:59 +0000" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();

		m.now_ms = rows[i].now_ms;
		SAME_TEXT(rows[i].header,
		    header(compose(rows[i].header, &m), "Date"),
		    rows[i].header);
	}
}

/* A value that would make a header, or is none, makes no message. */
static void
injections(void)
{
	static const char *const bad[] = { "a\nBcc: x@y", "a\r\nBcc: x@y",
		"a\rBcc: x@y", "\n", "a\n", "\ta", "a\x01", "a\x1b", "a\x7f",
		"a\xc2\x85 b", "\xfc", "\xed\xa0\x80" };

	for (size_t i = 0; i < LENGTH_OF(bad); i++)
		for (int field = 0; field < 7; field++) {
			struct mail_address from = sender;
			struct mail_message m = example();
			const char *out, *row;
			int before = unit_listen();
			enum rc rc;

			m.from = &from;
			if (field == 0)
				strcpy(from.name, bad[i]);
			else if (field == 1)
				snprintf(from.email, EMAIL_SIZE, "%s@b",
				    bad[i]);
			else if (field == 2)
				snprintf(from.email, EMAIL_SIZE, "a@%s",
				    bad[i]);
			else if (field == 3)
				m.to = pool_printf(unit_mem, "%s@b", bad[i]);
			else if (field == 4)
				m.to = pool_printf(unit_mem, "a@%s", bad[i]);
			else if (field == 5)
				m.subject = bad[i];
			else
				m.lang = bad[i];
			rc = mail_message_compose(&m, unit_mem, &out);
			row = pool_printf(unit_mem, "%d %s", field, bad[i]);
			HOLDS(row, strstr(unit_heard(before), "Bcc") == NULL);
			SAME_INT(row, rc, RC_FAULT);
			HOLDS(row, out == NULL);
		}
}

static void
refuses(void)
{
	static const struct {
		const char *row, *to, *subject, *lang, *text, *html;
	} rows[] = {
		{ "no recipient", "", "a", "en", "a", "a" },
		{ "two recipients", "a@b,c@d", "a", "en", "a", "a" },
		{ "a group", "a:b@c;", "a", "en", "a", "a" },
		{ "a name", "a <b@c>", "a", "en", "a", "a" },
		{ "an encoded-word", "=?utf-8?q?a=40b?=@c", "a", "en", "a",
		    "a" },
		{ "the start of one", "a=?b@c", "a", "en", "a", "a" },
		{ "no subject", "a@b", "", "en", "a", "a" },
		{ "no language", "a@b", "a", "", "a", "a" },
		{ "two languages", "a@b", "a", "en, de", "a", "a" },
		{ "CR in the text", "a@b", "a", "en", "a\r\nb", "a" },
		{ "tab in the text", "a@b", "a", "en", "a\tb", "a" },
		{ "Latin-1 in the text", "a@b", "a", "en", "\xfc", "a" },
		{ "CR in the HTML", "a@b", "a", "en", "a", "a\r\nb" },
		{ "Latin-1 in the HTML", "a@b", "a", "en", "a", "\xfc" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();
		const char *out;
		int before = unit_quiet();

		m.to = rows[i].to;
		m.subject = rows[i].subject;
		m.lang = rows[i].lang;
		m.text = rows[i].text;
		m.html = rows[i].html;
		SAME_INT(rows[i].row, mail_message_compose(&m, unit_mem, &out),
		    RC_FAULT);
		unit_loud(before);
	}
}

static void
sizes(void)
{
	static const struct {
		const char *row;
		size_t subject, lang, text;
		enum rc rc;
	} rows[] = {
		{ "the longest subject", MAIL_SUBJECT_MAX, 2, 1, RC_OK },
		{ "one more", MAIL_SUBJECT_MAX + 1, 2, 1, RC_FAULT },
		{ "the longest language", 1, 35, 1, RC_OK },
		{ "one more", 1, 36, 1, RC_FAULT },
		{ "a large text", 1, 2, BUFFER_MAX / 2, RC_OK },
		{ "too large a text", 1, 2, BUFFER_MAX, RC_FAULT },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct mail_message m = example();
		const char *out;
		int before = unit_quiet();

		m.subject = unit_repeat('s', rows[i].subject);
		m.lang = unit_repeat('l', rows[i].lang);
		m.text = unit_repeat('t', rows[i].text);
		SAME_INT(rows[i].row, mail_message_compose(&m, unit_mem, &out),
		    rows[i].rc);
		unit_loud(before);
	}
}

/* For tests/mail/check.py. */

/* The next field of standard input, each with a NUL behind it; else NULL. */
static const char *
read_field(void)
{
	char *text = NULL;
	size_t cap = 0;
	ssize_t len = getdelim(&text, &cap, '\0', stdin);
	const char *field = len > 0 ? pool_copy(unit_mem, text, (size_t)len)
				    : NULL;

	free(text);
	return field;
}

/* Sender, recipient, subject, language, text, HTML: a message, and a NUL. */
static int
compose_fields(void)
{
	const char *fields[6], *out;
	struct mail_address from;
	struct mail_message m = example();

	while ((fields[0] = read_field()) != NULL) {
		for (size_t i = 1; i < LENGTH_OF(fields); i++)
			fields[i] = read_field();
		m.from = &from;
		m.to = fields[1];
		m.subject = fields[2];
		m.lang = fields[3];
		m.text = fields[4];
		m.html = *fields[5] != '\0' ? fields[5] : NULL;
		if (mail_address_read(fields[0], &from) != RC_OK ||
		    mail_message_compose(&m, unit_mem, &out) != RC_OK)
			return 1;
		fwrite(out, 1, strlen(out) + 1, stdout);
		pool_reset(unit_mem);
	}
	return 0;
}

/* A template filled: sender, recipient, directory, name, language. */
static int
compose_template(char **argv)
{
	const struct mail_value values[] = { { "code", "WXYZ-0123" },
		{ "link", "https://www.example.org/x#email=a&code=ABCD-EFGH" },
		{ "email", argv[1] }, { "site", "www.example.org" },
		{ NULL, NULL } };
	struct mail_address from;
	struct mail_text text;
	struct mail_message m = example();
	const char *out;

	if (mail_address_read(argv[0], &from) != RC_OK ||
	    mail_template_fill(argv[2], argv[3], argv[4], values, unit_mem,
		&text) != RC_OK)
		return 1;
	m.from = &from;
	m.to = argv[1];
	m.subject = text.subject;
	m.lang = text.lang;
	m.text = text.text;
	m.html = text.html;
	if (mail_message_compose(&m, unit_mem, &out) != RC_OK)
		return 1;
	fputs(out, stdout);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT(whole),
		UNIT(recipients),
		UNIT(every_character),
		UNIT(senders),
		UNIT(subjects),
		UNIT(dates),
		UNIT(injections),
		UNIT(refuses),
		UNIT(sizes),
	};
	int status;

	if (argc < 2)
		return UNIT_MAIN(tests);
	unit_mem = pool_new();
	status = argc == 7 ? compose_template(argv + 2) : compose_fields();
	pool_free(unit_mem);
	return status;
}
