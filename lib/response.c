#include "response.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "log.h"

static const char json_type[] = "application/json; charset=utf-8";

void
response_begin(struct response *rs, struct pool *pool)
{
	*rs = (struct response){ .pool = pool, .status = 500, .headers = "" };
	response_drop_content(rs);
}

void
response_end(struct response *rs)
{
	json_free(rs->json);
	rs->json = NULL;
}

void
response_drop_content(struct response *rs)
{
	response_end(rs);
	rs->text = NULL;
	rs->json = cJSON_CreateObject();
	rs->failed = rs->failed || rs->json == NULL;
}

/* No value may end its line and start one of its own. */
static bool
is_header_value(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < 0x20 ||
		    (unsigned char)*value > 0x7e)
			return false;
	return true;
}

void
response_header(struct response *rs, const char *name, const char *value)
{
	const char *headers = NULL;

	if (value != NULL && is_header_value(value))
		headers = pool_printf(rs->pool, "%s%s: %s\r\n", rs->headers,
		    name, value);
	if (headers != NULL)
		rs->headers = headers;
	else
		rs->failed = true;
}

void
response_text(struct response *rs, const char *type, const char *text)
{
	rs->text_type = type;
	rs->text = text;
}

void
response_add(struct response *rs, const char *name, const char *value)
{
	if (value != NULL &&
	    cJSON_AddStringToObject(rs->json, name, value) == NULL)
		rs->failed = true;
}

void
response_add_number(struct response *rs, const char *name, double value)
{
	if (cJSON_AddNumberToObject(rs->json, name, value) == NULL)
		rs->failed = true;
}

cJSON *
response_add_object(struct response *rs, const char *name)
{
	cJSON *object = cJSON_AddObjectToObject(rs->json, name);

	rs->failed = rs->failed || object == NULL;
	return object;
}

cJSON *
response_add_array(struct response *rs, const char *name)
{
	cJSON *array = cJSON_AddArrayToObject(rs->json, name);

	rs->failed = rs->failed || array == NULL;
	return array;
}

/* The body, in memory for cJSON_free(); NULL without memory. */
static char *
print_body(const struct response *rs)
{
	if (rs->failed)
		return NULL;
	return rs->text != NULL ? strdup(rs->text)
				: cJSON_PrintUnformatted(rs->json);
}

/* When not even the answer can be put together. */
static void
write_fault(struct gateway *gateway)
{
	static const char
	    fault[] = "Status: 500\r\n"
		      "Content-Type: application/json; charset=utf-8\r\n"
		      "Content-Length: 34\r\n"
		      "Cache-Control: no-store\r\n"
		      "X-Content-Type-Options: nosniff\r\n\r\n"
		      "{\"message\":\"Something went wrong\"}";

	log_error("response: no memory, or a header that may not be sent");
	(void)gateway_write(gateway, fault, sizeof(fault) - 1);
}

/* What goes out, but for the body; NULL without memory. */
static const char *
print_head(const struct response *rs, const char *body)
{
	const char *type = rs->text != NULL ? rs->text_type : json_type;
	const char *content = "";

	if (rs->bare)
		return pool_printf(rs->pool, "Status: %d\r\n%s\r\n", rs->status,
		    rs->headers);
	if (rs->status != 204)
		content = pool_printf(rs->pool,
		    "Content-Type: %s\r\nContent-Length: %zu\r\n", type,
		    strlen(body));
	if (content == NULL)
		return NULL;
	return pool_printf(rs->pool,
	    "Status: %d\r\n%sCache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n%s\r\n",
	    rs->status, content, rs->headers);
}

void
response_write(struct response *rs, struct gateway *gateway, bool head)
{
	bool empty = rs->status == 204 || rs->bare || head;
	char *body = print_body(rs);
	const char *first = body != NULL ? print_head(rs, body) : NULL;
	const char *all = first != NULL ? pool_printf(rs->pool, "%s%s", first,
					      empty ? "" : body)
					: NULL;

	if (all == NULL)
		write_fault(gateway);
	else
		(void)gateway_write(gateway, all, strlen(all));
	if (body != NULL)
		explicit_bzero(body, strlen(body));
	cJSON_free(body);
}
