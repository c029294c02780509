#include "reply.h"

#include <string.h>

#include "clock.h"
#include "set_cookie.h"

static void
add_text(struct response *rs, cJSON *object, const char *name, const char *text)
{
	if (cJSON_AddStringToObject(object, name, text) == NULL)
		rs->failed = true;
}

static void
add_time(struct response *rs, cJSON *object, const char *name, int64_t time_ms)
{
	char text[CLOCK_ISO_SIZE];

	clock_format_iso(time_ms, text);
	add_text(rs, object, name, text);
}

void
reply_user(struct response *rs, const struct request *rq,
    const struct user *user)
{
	cJSON *object = response_add_object(rs, "user");

	add_text(rs, object, "_id", user->id);
	add_text(rs, object, "email", user->email);
	add_time(rs, object, "createdAt", user->created_ms);
	add_time(rs, object, "updatedAt", user->updated_ms);
	if (config_mail_is_on(rq->config) &&
	    cJSON_AddBoolToObject(object, "emailVerified",
		user->verified != 0) == NULL)
		rs->failed = true;
}

void
reply_no_user(struct response *rs)
{
	(void)response_add_object(rs, "user");
}

static void
fill_session(struct response *rs, cJSON *object, const struct session *session,
    const char *current_id)
{
	bool current = strcmp(session->id, current_id) == 0;

	add_text(rs, object, "_id", session->id);
	add_time(rs, object, "createdAt", session->opened_s * 1000);
	add_time(rs, object, "lastUsedAt", session_last_used_s(session) * 1000);
	add_text(rs, object, "userAgent", session->agent);
	add_text(rs, object, "ip", session->ip);
	if (cJSON_AddBoolToObject(object, "current", current) == NULL)
		rs->failed = true;
}

void
reply_sessions(struct response *rs, const struct sessions *sessions,
    const char *current_id)
{
	cJSON *array = response_add_array(rs, "sessions");

	for (size_t i = 0; i < sessions->count; i++) {
		cJSON *object = cJSON_CreateObject();

		if (!cJSON_AddItemToArray(array, object))
			rs->failed = true;
		fill_session(rs, object, &sessions->list[i], current_id);
	}
}

static void
set_cookies(struct response *rs, const struct request *rq, const char *access,
    int64_t access_age_s, const char *refresh, int64_t refresh_age_s)
{
	set_cookie(rs, rq, SET_COOKIE_SITE, "accessToken", access,
	    access_age_s);
	/* Only our own programs need to see the refresh token. */
	set_cookie(rs, rq, SET_COOKIE_PROGRAMS, "refreshToken", refresh,
	    refresh_age_s);
}

void
reply_token_cookies(struct response *rs, const struct request *rq,
    const struct tokens *tokens)
{
	int64_t now_s = rq->now_ms / 1000;

	set_cookies(rs, rq, tokens->access, tokens->access_expires_s - now_s,
	    tokens->refresh, tokens->refresh_expires_s - now_s);
}

void
reply_tokens(struct response *rs, const struct request *rq,
    const struct tokens *tokens)
{
	reply_token_cookies(rs, rq, tokens);
	if (rq->config->tokens_in_body) {
		response_add(rs, "accessToken", tokens->access);
		response_add(rs, "refreshToken", tokens->refresh);
	}
}

void
reply_clear_tokens(struct response *rs, const struct request *rq)
{
	set_cookies(rs, rq, "", 0, "", 0);
}
