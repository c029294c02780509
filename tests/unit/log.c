#include "log.h"

#include <sys/socket.h>

#include "unit.h"

/*
 * Standard error is one end of a datagram socket here: what is written by one
 * write(2) comes out as one message.
 */
static int reader, standard_error;

static int
catch_standard_error(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
		return -1;
	fflush(stderr);
	standard_error = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	reader = ends[0];
	return 0;
}

static int
release_standard_error(void **state)
{
	(void)state;
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	close(reader);
	return 0;
}

/* One message, in the pool; "" when there is none. */
static const char *
written(void)
{
	char buf[4096];
	ssize_t len = recv(reader, buf, sizeof(buf), MSG_DONTWAIT);

	return pool_copy(unit_mem, buf, len > 0 ? (size_t)len : 0);
}

/* That line without its time and its end, which must be as promised. */
static const char *
line(const char *row)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
	const char *text = written();
	size_t len = strlen(text);

	HOLDS(row, len > sizeof(form) && len <= LOG_LINE_MAX);
	if (len <= sizeof(form))
		return text;
	for (size_t i = 0; form[i] != '\0'; i++)
		HOLDS(row, form[i] == 'd' ? text[i] >= '0' && text[i] <= '9'
					  : text[i] == form[i]);
	SAME_INT(row, strchr(text, '\n') - text, len - 1);
	SAME_TEXT(row, written(), "");
	return pool_printf(unit_mem, "%.*s", (int)(len - sizeof(form)),
	    text + sizeof(form) - 1);
}

static void
errors(void)
{
	static const struct {
		const char *row, *text, *line;
	} rows[] = {
		{ "plain", "no luck", "latchkey login error: no luck" },
		{ "empty", "", "latchkey login error: " },
		{ "line end", "a\nb", "latchkey login error: a\\x0ab" },
		{ "a forged line",
		    "x\r\n2026-01-31T23:59:59.123Z latchkey login event=x",
		    "latchkey login error: x\\x0d\\x0a"
		    "2026-01-31T23:59:59.123Z latchkey login event=x" },
		{ "terminal code", "\x1b[2J\x07",
		    "latchkey login error: \\x1b[2J\\x07" },
		{ "backslash", "a\\x0ab", "latchkey login error: a\\x5cx0ab" },
		{ "the edges of ASCII", "\x01\x1f ~\x7f",
		    "latchkey login error: \\x01\\x1f ~\\x7f" },
		{ "UTF-8", "\xc3\xa4", "latchkey login error: \\xc3\\xa4" },
		{ "C1 control", "\xc2\x9b",
		    "latchkey login error: \\xc2\\x9b" },
		{ "no format of theirs", "%s%n%d",
		    "latchkey login error: %s%n%d" },
	};

	log_open("login");
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		log_error("%s", rows[i].text);
		SAME_TEXT(rows[i].row, line(rows[i].row), rows[i].line);
	}
	log_open("register");
	log_error("%d of %s", 7, "x");
	SAME_TEXT("arguments", line("arguments"),
	    "latchkey register error: 7 of x");
}

static void
events(void)
{
	static const struct {
		const char *row, *event;
		struct log_who who;
		const char *line;
	} rows[] = {
		{ "all", "logged_in", { "u-1", "s-1", "192.0.2.1" },
		    "latchkey login event=logged_in user=u-1 session=s-1 "
		    "ip=192.0.2.1" },
		{ "none", "login_failed", { NULL, NULL, NULL },
		    "latchkey login event=login_failed user=- session=- ip=-" },
		{ "empty", "login_failed", { "", "", "" },
		    "latchkey login event=login_failed user=- session=- ip=-" },
		{ "IPv6", "refreshed", { "u", NULL, "2001:db8::1" },
		    "latchkey login event=refreshed user=u session=- "
		    "ip=2001:db8::1" },
		{ "a line end in a value", "refreshed", { "u", "s", "1\n2" },
		    "latchkey login event=refreshed user=u session=s "
		    "ip=1\\x0a2" },
	};

	log_open("login");
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		log_event(rows[i].event, &rows[i].who);
		SAME_TEXT(rows[i].row, line(rows[i].row), rows[i].line);
	}
}

/* Whatever is said, the line is at most 1000 bytes with its end. */
static void
long_lines(void)
{
	static const char
	    head[] = "2026-01-31T23:59:59.123Z latchkey login error: ";
	size_t room = LOG_LINE_MAX - 4 - (sizeof(head) - 1);
	const struct {
		const char *row;
		char c;
		size_t count;
		bool whole;
	} rows[] = {
		{ "one under", 'x', room - 1, true },
		{ "just fits", 'x', room, true },
		{ "one over", 'x', room + 1, false },
		{ "far over", 'x', 100000, false },
		{ "escapes", '\n', 400, false },
		{ "far too many escapes", '\xff', 100000, false },
	};

	log_open("login");
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = unit_repeat(rows[i].c, rows[i].count);
		const char *end;

		log_error("%s", text);
		end = line(rows[i].row);
		end += strlen(end) < 4 ? 0 : strlen(end) - 4;
		SAME_INT(rows[i].row, strcmp(end + 1, "...") != 0,
		    rows[i].whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(errors),
		UNIT(events),
		UNIT(long_lines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, catch_standard_error,
	    release_standard_error);
}
