#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

static const char *program_name = "latchkey";

void
log_open(const char *program)
{
	program_name = program;
}

/* Copy ${text} into ${out} with what could forge or hide a line escaped. */
static size_t
escape(const char *text, char *out, size_t cap)
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';

		if (len + (plain ? 1 : 4) > cap - 4) {
			memcpy(out + len, "...", 3);
			return len + 3;
		}
		if (plain)
			out[len++] = (char)c;
		else
			len += (size_t)snprintf(out + len, 5, "\\x%02x", c);
	}
	return len;
}

static void
write_line(const char *text)
{
	char line[LOG_LINE_MAX + 1];
	size_t len = escape(text, line, LOG_LINE_MAX);
	ssize_t written;

	line[len++] = '\n';
	written = write(STDERR_FILENO, line, len);
	(void)written; /* there is nowhere left to say that logging fails */
}

void
log_error(const char *format, ...)
{
	char text[2 * LOG_LINE_MAX];
	char now[CLOCK_ISO_SIZE];
	va_list args;
	int head;

	clock_format_iso(clock_now_ms(), now);
	head = snprintf(text, sizeof(text), "%s latchkey %s error: ", now,
	    program_name);
	va_start(args, format);
	vsnprintf(text + head, sizeof(text) - (size_t)head, format, args);
	va_end(args);
	write_line(text);
}

static const char *
or_dash(const char *text)
{
	return text != NULL && *text != '\0' ? text : "-";
}

void
log_event(const char *event, const struct log_who *who)
{
	char text[2 * LOG_LINE_MAX];
	char now[CLOCK_ISO_SIZE];

	clock_format_iso(clock_now_ms(), now);
	snprintf(text, sizeof(text),
	    "%s latchkey %s event=%s user=%s session=%s ip=%s", now,
	    program_name, event, or_dash(who->user_id),
	    or_dash(who->session_id), or_dash(who->client_ip));
	write_line(text);
}
