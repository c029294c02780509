#ifndef LATCHKEY_GATEWAY_H
#define LATCHKEY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Between the web server and a program: FastCGI 1.0 (by libfcgi) or CGI/1.1
 * (RFC 3875), the same to everything above.
 */
struct gateway;

enum gateway_kind {
	GATEWAY_FASTCGI,
	GATEWAY_CGI,
	GATEWAY_NONE /* started by no web server: a terminal, perhaps */
};

/* How this process was started. */
enum gateway_kind gateway_detect(void);

struct gateway_program {
	void (*serve)(struct gateway *gateway, void *arg);
	void (*after)(void *arg); /* the answer is out */
	void *arg;
};

/*
 * Hand one request after the other to ${program}, until the server says to
 * stop (FastCGI: SIGTERM, SIGUSR1) or after the first (CGI).  Those signals
 * wait while a request is in hand, so that it is always answered.
 */
void gateway_run(enum gateway_kind kind, const struct gateway_program *program);

/* Whether the body's end is told by the server, and not by its length. */
bool gateway_is_fastcgi(const struct gateway *gateway);

/* A meta-variable (RFC 3875, 4.1) such as "REQUEST_METHOD"; NULL: not set. */
const char *gateway_param(const struct gateway *gateway, const char *name);

/* What the server wants of a program (FastCGI 1.0, 6). */
enum gateway_role {
	GATEWAY_RESPONDER,  /* the answer to a request; CGI always */
	GATEWAY_AUTHORIZER, /* whether a request may pass: there is no body */
	GATEWAY_OTHER
};

enum gateway_role gateway_role(const struct gateway *gateway);

/*
 * Read up to ${cap} bytes of the request's body; fewer means that it ends
 * there, or was cut off.
 */
size_t gateway_read(struct gateway *gateway, char *out, size_t cap);

/* Write all of it; false: the server, or its client, is gone. */
bool gateway_write(struct gateway *gateway, const char *bytes, size_t len);

#endif
