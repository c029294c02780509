#include "request.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base_path.h"
#include "body.h"
#include "clock.h"
#include "cookie.h"

static const char *
param(const struct request *rq, const char *name)
{
	const char *value = gateway_param(rq->gateway, name);

	return value != NULL ? value : "";
}

static bool
is_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 ||
	       inet_pton(AF_INET6, text, address) == 1;
}

void
request_begin(struct request *rq)
{
	const char *ip = param(rq, "REMOTE_ADDR");

	rq->now_ms = clock_now_ms();
	rq->method = param(rq, "REQUEST_METHOD");
	rq->item = "";
	rq->client_ip = is_address(ip) ? ip : "";
}

/* What stands between two slashes; ${at} is NULL where there is no slash. */
struct segment {
	const char *at;
	size_t len;
};

static struct segment
last_segment(const char *path, const char *end)
{
	const char *slash = memrchr(path, '/', (size_t)(end - path));

	if (slash == NULL)
		return (struct segment){ NULL, 0 };
	return (struct segment){ slash + 1, (size_t)(end - slash - 1) };
}

/* Whether a segment is ${name}, perhaps with an ending. */
static bool
is_named(struct segment segment, const char *name)
{
	size_t name_len = strlen(name);
	const char *ending = segment.at + name_len;
	size_t left = segment.len - name_len;

	if (segment.at == NULL || segment.len < name_len ||
	    memcmp(segment.at, name, name_len) != 0)
		return false;
	return left == 0 || (left == 5 && memcmp(ending, ".fcgi", 5) == 0) ||
	       (left == 4 && memcmp(ending, ".cgi", 4) == 0);
}

/* Whether nothing but the item stands behind the program's own path. */
static bool
is_all(const struct request *rq)
{
	const char *rest = param(rq, "PATH_INFO");

	if (*rest == '\0')
		return true;
	return *rq->item != '\0' && *rest == '/' &&
	       strchr(rest + 1, '/') == NULL;
}

static enum rc
check_front_page(const struct request *rq, const char *path, size_t len)
{
	const char *front = base_path_join(rq, "/");

	if (front == NULL)
		return RC_FAULT;
	return strlen(front) == len && memcmp(front, path, len) == 0
		   ? RC_OK
		   : RC_BAD_PATH;
}

/*
 * The path as the client wrote it: what a server has made of it differs from
 * server to server, and a prefix match has let too much through on some.
 */
enum rc
request_check_path(struct request *rq, const char *name, bool takes_item)
{
	const char *path = param(rq, "REQUEST_URI");
	size_t len = strcspn(path, "?");
	struct segment last = last_segment(path, path + len);
	struct segment before = { NULL, 0 };

	if (*name == '\0')
		return check_front_page(rq, path, len);
	if (takes_item && last.len > 0)
		before = last_segment(path, last.at - 1);
	if (is_named(before, name)) {
		rq->item = pool_copy(rq->pool, last.at, last.len);
		if (rq->item == NULL)
			return RC_FAULT;
	} else if (!is_named(last, name)) {
		return RC_BAD_PATH;
	}
	return is_all(rq) ? RC_OK : RC_BAD_PATH;
}

const char *
request_header(const struct request *rq, const char *variable)
{
	return gateway_param(rq->gateway, variable);
}

bool
request_is_head(const struct request *rq)
{
	return strcmp(rq->method, "HEAD") == 0;
}

/* Whether a list of media ranges names text/html, and not with q=0. */
static bool
accepts_html(const char *accept)
{
	for (; *accept != '\0'; accept += strspn(accept, ",")) {
		size_t len;
		const char *quality;

		accept += strspn(accept, " \t");
		len = strcspn(accept, ",");
		quality = memmem(accept, len, "q=0", 3);
		if (strncasecmp(accept, "text/html", 9) == 0 &&
		    strchr(" \t;,", accept[9]) != NULL &&
		    (quality == NULL || quality[3] == '.'))
			return true;
		accept += len;
	}
	return false;
}

bool
request_is_page_load(const struct request *rq)
{
	const char *mode = request_header(rq, "HTTP_SEC_FETCH_MODE");

	return strcmp(rq->method, "GET") == 0 &&
	       accepts_html(param(rq, "HTTP_ACCEPT")) &&
	       (mode == NULL || strcmp(mode, "navigate") == 0);
}

/* Whether ${origin} is that of the URL which was asked for. */
static bool
is_own_origin(const struct request *rq, const char *origin)
{
	bool secure = strcasecmp(param(rq, "HTTPS"), "on") == 0 ||
		      strcmp(param(rq, "REQUEST_SCHEME"), "https") == 0;
	const char *scheme = secure ? "https://" : "http://";
	const char *host = param(rq, "HTTP_HOST");

	return *host != '\0' && strncmp(origin, scheme, strlen(scheme)) == 0 &&
	       strcmp(origin + strlen(scheme), host) == 0;
}

bool
request_is_cross_site(const struct request *rq)
{
	const char *origin = request_header(rq, "HTTP_ORIGIN");
	const char *site = request_header(rq, "HTTP_SEC_FETCH_SITE");

	if (origin == NULL)
		return site != NULL && strcmp(site, "same-origin") != 0 &&
		       strcmp(site, "none") != 0;
	for (size_t i = 0; i < rq->config->origin_count; i++)
		if (strcmp(origin, rq->config->origins[i]) == 0)
			return false;
	return !is_own_origin(rq, origin);
}

/*
 * CONTENT_LENGTH, which is at least 0; -1: it is not given, and the body goes
 * on to its end.  RC_INVALID: not a number.
 */
static enum rc
content_length(const struct request *rq, int64_t *out)
{
	const char *text = param(rq, "CONTENT_LENGTH");
	size_t digits = strspn(text, "0123456789");

	*out = -1;
	if (*text == '\0') {
		/* Only a chunked body comes without a length. */
		if (*param(rq, "HTTP_TRANSFER_ENCODING") == '\0')
			*out = 0;
		return RC_OK;
	}
	if (text[digits] != '\0')
		return RC_INVALID;
	*out = digits > 18 ? INT64_MAX : strtoll(text, NULL, 10);
	return RC_OK;
}

/* All of the body, or RC_INVALID when it is not as long as was said. */
static enum rc
read_body(struct request *rq, char **body, size_t *len)
{
	int64_t said;
	size_t want = REQUEST_BODY_MAX + 1;
	enum rc rc = content_length(rq, &said);

	*len = 0;
	*body = NULL;
	if (rc != RC_OK || said == 0)
		return rc;
	if (said > REQUEST_BODY_MAX)
		return RC_BODY_TOO_LARGE;
	/* CGI must not read past the length; FastCGI tells a longer body. */
	if (said > 0)
		want = (size_t)said + gateway_is_fastcgi(rq->gateway);
	*body = pool_alloc(rq->pool, want + 1);
	if (*body == NULL)
		return RC_FAULT;
	*len = gateway_read(rq->gateway, *body, want);
	if (said < 0)
		return *len > REQUEST_BODY_MAX ? RC_BODY_TOO_LARGE : RC_OK;
	return *len == (size_t)said ? RC_OK : RC_INVALID;
}

static bool
is_type(const char *type, const char *wanted)
{
	size_t len = strcspn(type, ";");

	while (len > 0 && (type[len - 1] == ' ' || type[len - 1] == '\t'))
		len--;
	return len == strlen(wanted) && strncasecmp(type, wanted, len) == 0;
}

static void
name_fields(struct request *rq, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		rq->fields[i] = (struct body_field){ .name = names[i] };
}

enum rc
request_read_query(struct request *rq, const char *const *names)
{
	const char *query = param(rq, "QUERY_STRING");
	size_t len = strlen(query);
	char *copy = pool_copy(rq->pool, query, len);

	name_fields(rq, names);
	return copy != NULL ? body_read_form(copy, len, rq->fields) : RC_FAULT;
}

enum rc
request_read_body(struct request *rq, const char *const *names)
{
	const char *type = param(rq, "CONTENT_TYPE");
	bool form = is_type(type, "application/x-www-form-urlencoded");
	char *body;
	size_t len;
	enum rc rc = read_body(rq, &body, &len);

	name_fields(rq, names);
	if (rc == RC_INVALID)
		return form ? RC_BAD_FORM : RC_BAD_JSON;
	if (rc != RC_OK || len == 0)
		return rc;
	if (form)
		return body_read_form(body, len, rq->fields);
	if (is_type(type, "application/json"))
		return body_read_json(body, len, rq->fields, rq->pool);
	return RC_BODY_TYPE;
}

static const struct body_field *
find_field(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < BODY_FIELDS_MAX; i++)
		if (rq->fields[i].name != NULL &&
		    strcmp(rq->fields[i].name, name) == 0)
			return &rq->fields[i];
	return NULL;
}

const char *
request_text(const struct request *rq, const char *name)
{
	const struct body_field *field = find_field(rq, name);

	return field != NULL ? field->text : NULL;
}

bool
request_flag(const struct request *rq, const char *name)
{
	const struct body_field *field = find_field(rq, name);

	return field != NULL && field->is_true;
}

enum rc
request_cookie(const struct request *rq, const char *name, const char **value)
{
	const char *full = pool_printf(rq->pool, "%s%s",
	    rq->config->cookie_prefix, name);
	enum rc rc;

	*value = NULL;
	if (full == NULL)
		return RC_FAULT;
	rc = cookie_find(request_header(rq, "HTTP_COOKIE"), full, rq->pool,
	    value);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

const char *
request_bearer(const struct request *rq)
{
	const char *header = request_header(rq, "HTTP_AUTHORIZATION");

	if (header == NULL || strncasecmp(header, "Bearer", 6) != 0 ||
	    header[6] != ' ')
		return NULL;
	header += 6 + strspn(header + 6, " ");
	return *header != '\0' ? header : NULL;
}
