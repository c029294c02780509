#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doctor_check.h"
#include "gateway.h"

static const char *
header(struct doctor *d, const char *variable)
{
	const char *value = request_header(d->rq, variable);

	return value != NULL ? value : "";
}

static void
check_mode(struct doctor *d)
{
	const char *server;

	if (d->rq == NULL) {
		doctor_say(d, "mode", DOCTOR_GOOD,
		    "in a terminal: what hangs on the web server is not looked "
		    "at; for that, set DOCTOR_TOKEN and ask /api/v1/users/"
		    "doctor");
		return;
	}
	server = header(d, "SERVER_SOFTWARE");
	if (gateway_is_fastcgi(d->rq->gateway))
		doctor_say(d, "mode", DOCTOR_GOOD, "FastCGI, by %.100s",
		    server);
	else
		doctor_say(d, "mode", DOCTOR_GOOD,
		    "CGI, by %.100s: every request starts a program, which "
		    "takes milliseconds that FastCGI (mod_fcgid) does not",
		    server);
}

static void
check_authorization(struct doctor *d)
{
	if (request_bearer(d->rq) != NULL)
		doctor_say(d, "authorization", DOCTOR_GOOD,
		    "the header reaches the programs");
	else
		doctor_say(d, "authorization", DOCTOR_WARN,
		    "no such header came: if you sent one (curl -H "
		    "'Authorization: Bearer TOKEN' -d token=TOKEN), the web "
		    "server keeps it from the programs; on Apache add "
		    "'CGIPassAuth On', or where that is not allowed 'SetEnvIf "
		    "Authorization \"(.+)\" HTTP_AUTHORIZATION=$1'");
}

/* The host alone of HTTP_HOST, in ${out}. */
static void
host_of(struct doctor *d, char *out, size_t cap)
{
	const char *host = header(d, "HTTP_HOST");
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	snprintf(out, cap, "%.*s", (int)len, host);
}

/* Where browsers keep Secure cookies without https. */
static bool
is_local(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0 ||
	       strcasecmp(host, "localhost") == 0;
}

static bool
is_within(const char *host, const char *domain)
{
	size_t host_len = strlen(host), len = strlen(domain);
	const char *end;

	if (len > host_len)
		return false;
	end = host + host_len - len;
	return strcasecmp(end, domain) == 0 && (end == host || end[-1] == '.');
}

static bool
is_https(struct doctor *d)
{
	return strcasecmp(header(d, "HTTPS"), "on") == 0 ||
	       strcmp(header(d, "REQUEST_SCHEME"), "https") == 0;
}

/* Whether the site's own https origin is one of CLIENT_URL. */
static bool
is_client(struct doctor *d)
{
	const char *origin = pool_printf(d->pool, "https://%s",
	    header(d, "HTTP_HOST"));

	for (size_t i = 0; i < d->config->origin_count && origin != NULL; i++)
		if (strcmp(d->config->origins[i], origin) == 0)
			return true;
	return false;
}

static void
check_cookies(struct doctor *d)
{
	const struct config *c = d->config;
	bool proxied = strcmp(header(d, "HTTP_X_FORWARDED_PROTO"), "https") ==
		       0;
	bool https = is_https(d) || proxied;
	char host[256];

	host_of(d, host, sizeof(host));
	if (*c->cookie_domain != '\0' && !is_within(host, c->cookie_domain))
		doctor_say(d, "cookies", DOCTOR_BAD,
		    "browsers drop those of COOKIE_DOMAIN=%s from %s; set it "
		    "to a domain that the site's name ends in, or leave it out",
		    c->cookie_domain, host);
	else if (!https && !is_local(host) && c->cookie_secure)
		doctor_say(d, "cookies", DOCTOR_BAD,
		    "browsers drop them, for this is http; serve the site "
		    "over https");
	else if (!https && !is_local(host))
		doctor_say(d, "cookies", DOCTOR_WARN,
		    "this is http, and who listens reads passwords and tokens; "
		    "serve the site over https, and set COOKIE_SECURE=1");
	else if (https && !c->cookie_secure)
		doctor_say(d, "cookies", DOCTOR_WARN,
		    "they also go over http, where anybody reads them; set "
		    "COOKIE_SECURE=1");
	else if (proxied && !is_https(d) && !is_client(d))
		doctor_say(d, "cookies", DOCTOR_WARN,
		    "https ends before this server, which takes its own pages "
		    "for another site's; put https://%s into CLIENT_URL",
		    header(d, "HTTP_HOST"));
	else
		doctor_say(d, "cookies", DOCTOR_GOOD, "%s, COOKIE_SECURE=%d",
		    https ? "over https" : "on this machine itself",
		    c->cookie_secure);
}

void
doctor_server(struct doctor *d)
{
	check_mode(d);
	if (d->rq == NULL)
		return;
	check_authorization(d);
	check_cookies(d);
}
