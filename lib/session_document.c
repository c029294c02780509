/* The document that users.refresh_token holds: read, and written. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "session.h"

enum {
	TIME_TEXT_SIZE = sizeof("-9223372036854775808")
}; /* seconds, in decimal */

/* Reading the document. */

static enum rc
read_rotated(const cJSON *object, struct session *session)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "rotated");
	const cJSON *item;

	if (!cJSON_IsArray(list))
		return RC_INVALID;
	cJSON_ArrayForEach(item, list)
	{
		double time = cJSON_IsNumber(item) ? item->valuedouble : -1;

		if (!(time > 0 && time < 1e12) ||
		    session->rotated_count == SESSION_ROTATIONS_MAX)
			return RC_INVALID;
		session->rotated_s[session->rotated_count++] = (int64_t)time;
	}
	return session->rotated_count > 0 ? RC_OK : RC_INVALID;
}

/* A text member in the pool; "" when there is none. */
static enum rc
read_text(const cJSON *object, const char *name, struct pool *mem,
    const char **out)
{
	const char *text = json_string(object, name);

	*out = text != NULL ? pool_copy(mem, text, strlen(text)) : "";
	return *out != NULL ? RC_OK : RC_FAULT;
}

static enum rc
read_session(const char *id, const cJSON *object, struct pool *mem,
    struct session *out)
{
	const char *hash = json_string(object, "hash");
	enum rc rc;

	*out = (struct session){ 0 };
	if (!uuid_is_valid(id) || hash == NULL ||
	    strlen(hash) != DIGEST_HEX_SIZE - 1)
		return RC_INVALID;
	memcpy(out->id, id, UUID_TEXT_SIZE);
	memcpy(out->hash, hash, DIGEST_HEX_SIZE);
	rc = json_integer(object, "opened", &out->opened_s);
	if (rc == RC_OK)
		rc = read_rotated(object, out);
	if (rc == RC_OK)
		rc = read_text(object, "agent", mem, &out->agent);
	if (rc == RC_OK)
		rc = read_text(object, "ip", mem, &out->ip);
	return rc;
}

static enum rc
read_document(const cJSON *root, struct pool *mem, struct sessions *out)
{
	const cJSON *item;
	size_t count = (size_t)cJSON_GetArraySize(root);

	/* One place more: sessions_open() adds before it makes room. */
	out->list = pool_alloc(mem, (count + 1) * sizeof(*out->list));
	if (out->list == NULL)
		return RC_FAULT;
	cJSON_ArrayForEach(item, root)
	{
		enum rc rc = read_session(item->string, item, mem,
		    &out->list[out->count]);

		if (rc == RC_OK && sessions_find(out, item->string) != NULL)
			rc = RC_INVALID; /* one ID twice */
		if (rc == RC_FAULT)
			return rc;
		if (rc == RC_OK)
			out->count++;
		else
			out->damaged = true;
	}
	return RC_OK;
}

enum rc
sessions_parse(const char *text, struct pool *mem, struct sessions *out)
{
	cJSON *root = NULL;
	enum rc rc;

	*out = (struct sessions){ 0 };
	if (text == NULL)
		text = "{}";
	rc = json_parse(text, strlen(text), &root);
	if (rc == RC_INVALID) {
		out->damaged = true;
		rc = json_parse("{}", 2, &root);
	}
	if (rc == RC_OK)
		rc = read_document(root, mem, out);
	json_free(root);
	return rc;
}

enum rc
session_parse(const char *id, const char *text, struct pool *mem,
    struct session *out)
{
	cJSON *root;
	enum rc rc = json_parse(text, strlen(text), &root);

	if (rc == RC_OK)
		rc = read_session(id, root, mem, out);
	json_free(root);
	return rc;
}

/* Writing it. */

/*
 * Times go in as text: cJSON prints a number as a double and then reads it
 * back to see whether it is the same, which costs more than all the rest.
 */
static bool
add_time(cJSON *object, const char *name, int64_t time_s)
{
	char text[TIME_TEXT_SIZE];

	snprintf(text, sizeof(text), "%" PRId64, time_s);
	return cJSON_AddRawToObject(object, name, text) != NULL;
}

static bool
add_rotated(cJSON *object, const struct session *session)
{
	char list[SESSION_ROTATIONS_MAX * TIME_TEXT_SIZE + sizeof("]")];
	char *end = list;

	for (size_t i = 0; i < session->rotated_count; i++)
		end += snprintf(end, TIME_TEXT_SIZE + 1, "%c%" PRId64,
		    i == 0 ? '[' : ',', session->rotated_s[i]);
	memcpy(end, "]", sizeof("]"));
	return cJSON_AddRawToObject(object, "rotated", list) != NULL;
}

static bool
add_session(cJSON *root, const struct session *session)
{
	cJSON *object = cJSON_AddObjectToObject(root, session->id);

	return object != NULL &&
	       cJSON_AddStringToObject(object, "hash", session->hash) != NULL &&
	       add_time(object, "opened", session->opened_s) &&
	       add_rotated(object, session) &&
	       cJSON_AddStringToObject(object, "agent", session->agent) !=
		   NULL &&
	       cJSON_AddStringToObject(object, "ip", session->ip) != NULL;
}

enum rc
sessions_print(const struct sessions *sessions, struct pool *mem,
    const char **out)
{
	cJSON *root = cJSON_CreateObject();
	bool good = root != NULL;
	char *text = NULL;

	*out = NULL;
	for (size_t i = 0; i < sessions->count && good; i++)
		good = add_session(root, &sessions->list[i]);
	if (good)
		text = cJSON_PrintUnformatted(root);
	if (text != NULL && sessions->count > 0)
		*out = pool_copy(mem, text, strlen(text));
	good = text != NULL && (*out != NULL || sessions->count == 0);
	cJSON_free(text);
	cJSON_Delete(root);
	if (!good)
		log_error("session: no memory to write the document");
	return good ? RC_OK : RC_FAULT;
}
