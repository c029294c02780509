#include "gateway.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* Bytes of a body that is not wanted, which are read all the same. */
enum {
	DISCARD_MAX = 16 * 1024 * 1024
};

struct gateway {
	FCGX_Request *fastcgi; /* NULL: CGI */
	size_t taken;	       /* of a CGI body */
};

enum gateway_kind
gateway_detect(void)
{
	if (!FCGX_IsCGI())
		return GATEWAY_FASTCGI;
	return getenv("GATEWAY_INTERFACE") != NULL ? GATEWAY_CGI : GATEWAY_NONE;
}

static void
hold_signals(sigset_t *before)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGUSR1);
	sigprocmask(SIG_BLOCK, &stop, before);
}

/*
 * libfcgi waits for the server to hang up first, lest input that was not read
 * resets the connection and takes the answer with it.  Where all of it was
 * read the next request need not wait for that.  A guard is sent no input, and
 * a read would wait for it.
 */
static void
finish(FCGX_Request *request)
{
	bool all_read = request->role == FCGI_AUTHORIZER;

	FCGX_FClose(request->err);
	FCGX_FClose(request->out);
	if (!all_read)
		all_read = FCGX_GetChar(request->in) == EOF;
	if (all_read)
		FCGX_Detach(request);
	else
		FCGX_Attach(request);
	FCGX_Finish_r(request);
}

static void
run_fastcgi(const struct gateway_program *program)
{
	FCGX_Request request;
	struct gateway gateway = { .fastcgi = &request };
	sigset_t before;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0) {
		log_error("gateway: libfcgi cannot start");
		return;
	}
	while (FCGX_Accept_r(&request) == 0) {
		hold_signals(&before);
		program->serve(&gateway, program->arg);
		finish(&request);
		program->after(program->arg);
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	FCGX_Free(&request, 1);
}

/*
 * A CGI program that ends with its input unread may take its answer with it:
 * the server sees the connection reset.  Without a length only a chunked body
 * comes, and that ends by itself.
 */
static void
discard_body(struct gateway *cgi)
{
	const char *length = getenv("CONTENT_LENGTH");
	size_t end = DISCARD_MAX;
	char buf[4096];
	size_t want, got;

	if (length != NULL && *length != '\0')
		end = strtoul(length, NULL, 10);
	else if (getenv("HTTP_TRANSFER_ENCODING") == NULL)
		return;
	if (end > DISCARD_MAX)
		end = DISCARD_MAX;
	while (cgi->taken < end) {
		want = end - cgi->taken < sizeof(buf) ? end - cgi->taken
						      : sizeof(buf);
		got = gateway_read(cgi, buf, want);
		if (got < want)
			break;
	}
	explicit_bzero(buf, sizeof(buf));
}

void
gateway_run(enum gateway_kind kind, const struct gateway_program *program)
{
	struct gateway cgi = { .fastcgi = NULL };
	sigset_t before;

	signal(SIGPIPE, SIG_IGN);
	if (kind == GATEWAY_FASTCGI) {
		run_fastcgi(program);
	} else {
		hold_signals(&before);
		program->serve(&cgi, program->arg);
		discard_body(&cgi);
		program->after(program->arg);
	}
}

bool
gateway_is_fastcgi(const struct gateway *gateway)
{
	return gateway->fastcgi != NULL;
}

const char *
gateway_param(const struct gateway *gateway, const char *name)
{
	if (gateway->fastcgi == NULL)
		return getenv(name);
	return FCGX_GetParam(name, gateway->fastcgi->envp);
}

/*
 * mod_fcgid has three roles that it calls AUTHORIZER.  Of those, a cookie or a
 * Bearer token gets to its access checker alone; the other two it asks only
 * after HTTP Basic, or not at all.
 */
enum gateway_role
gateway_role(const struct gateway *gateway)
{
	const char *role = gateway_param(gateway, "FCGI_ROLE");
	const char *apache = gateway_param(gateway, "FCGI_APACHE_ROLE");

	if (gateway->fastcgi == NULL || role == NULL ||
	    strcmp(role, "RESPONDER") == 0)
		return GATEWAY_RESPONDER;
	if (strcmp(role, "AUTHORIZER") == 0 &&
	    (apache == NULL || strcmp(apache, "ACCESS_CHECKER") == 0))
		return GATEWAY_AUTHORIZER;
	return GATEWAY_OTHER;
}

static size_t
read_fully(int fd, char *out, size_t cap)
{
	size_t len = 0;

	while (len < cap) {
		ssize_t got = read(fd, out + len, cap - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	return len;
}

size_t
gateway_read(struct gateway *gateway, char *out, size_t cap)
{
	int got;

	if (gateway->fastcgi == NULL) {
		size_t len = read_fully(STDIN_FILENO, out, cap);

		gateway->taken += len;
		return len;
	}
	if (cap > INT_MAX)
		return 0;
	got = FCGX_GetStr(out, (int)cap, gateway->fastcgi->in);
	return got > 0 ? (size_t)got : 0;
}

static bool
write_fully(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

bool
gateway_write(struct gateway *gateway, const char *bytes, size_t len)
{
	if (gateway->fastcgi == NULL)
		return write_fully(STDOUT_FILENO, bytes, len);
	if (len > INT_MAX)
		return false;
	return FCGX_PutStr(bytes, (int)len, gateway->fastcgi->out) == (int)len;
}
