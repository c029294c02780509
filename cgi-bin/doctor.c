/*
 * GET or POST /api/v1/users/doctor: what is wrong here, and how to mend it.
 *
 * It is there only while DOCTOR_TOKEN is set, and answers who sends that, as
 * Authorization: Bearer or in the field "token" of a POST, but never in a
 * query, which servers log.  Who comes with a browser gets a form for it.
 * 200: nothing is BAD; 503: something is.
 */
#include "doctor.h"

#include <string.h>

#include "answer.h"
#include "cors.h"
#include "digest.h"
#include "log.h"
#include "program.h"
#include "throttle.h"

#define METHODS "GET, HEAD, POST"

static const char form[] =
    "<!DOCTYPE html><meta charset=utf-8><title>doctor</title>"
    "<form method=post><label>DOCTOR_TOKEN "
    "<input name=token type=password autocomplete=off required></label> "
    "<button>Examine</button></form>";

/* Which token opens it; of length 0: none, for it is not there. */
static enum rc
wanted_token(const struct request *rq, struct config_secret *out)
{
	if (rq->config == NULL)
		return config_doctor_token(gateway_param(rq->gateway,
					       "LATCHKEY_ENV"),
		    rq->pool, out);
	*out = rq->config->doctor_token;
	return RC_OK;
}

/* A POST changes nothing here, so it may come from anywhere. */
static enum rc
given_token(struct request *rq, const char **out)
{
	static const char *const fields[] = { "token", NULL };
	enum rc rc = RC_OK;

	if (strcmp(rq->method, "POST") == 0)
		rc = request_read_body(rq, fields);
	*out = request_bearer(rq);
	if (*out == NULL)
		*out = request_text(rq, "token");
	return rc == RC_OK && *out == NULL ? RC_TOKEN_NONE : rc;
}

/* The doctor is for when the database is away: then nobody counts. */
static enum rc
count_attempt(struct request *rq)
{
	if (rq->config != NULL &&
	    throttle_attempt(rq, THROTTLE_DOCTOR, "", "") == RC_THROTTLED)
		return RC_THROTTLED;
	return RC_OK;
}

static void
forgive_attempt(struct request *rq)
{
	if (rq->config != NULL &&
	    throttle_forgive(rq, THROTTLE_DOCTOR, "", "") != RC_OK)
		log_error("doctor: the attempt stays counted");
}

static enum rc
admit(struct request *rq, const struct config_secret *wanted)
{
	const char *given;
	enum rc rc = given_token(rq, &given);

	if (rc == RC_OK)
		rc = count_attempt(rq);
	if (rc != RC_OK)
		return rc;
	if (!digest_equal(given, strlen(given), wanted->bytes, wanted->len)) {
		log_event("doctor_refused",
		    &(struct log_who){ .client_ip = rq->client_ip });
		return RC_TOKEN_INVALID;
	}
	forgive_attempt(rq);
	return RC_OK;
}

/* Whether it is there, and with which token. */
static enum rc
find(struct request *rq, struct config_secret *wanted)
{
	enum rc rc = program_has_role(rq, GATEWAY_RESPONDER) ? RC_OK : RC_FAULT;

	if (rc == RC_OK)
		rc = request_check_path(rq, "doctor", false);
	if (rc == RC_OK)
		rc = wanted_token(rq, wanted);
	return rc == RC_OK && wanted->len == 0 ? RC_BAD_PATH : rc;
}

static bool
is_method(const struct request *rq)
{
	return strcmp(rq->method, "GET") == 0 || request_is_head(rq) ||
	       strcmp(rq->method, "POST") == 0;
}

static void
examine(struct request *rq, struct response *rs, const char *why)
{
	const char *text;
	bool good = doctor_visit(rq, why, &text);

	rs->status = good ? 200 : 503;
	rs->failed = rs->failed || text == NULL;
	response_text(rs, "text/plain; charset=utf-8", text);
}

static void
refuse(struct request *rq, struct response *rs, enum rc rc)
{
	if (rc == RC_BAD_METHOD)
		response_header(rs, "Allow", METHODS ", OPTIONS");
	if (rc == RC_THROTTLED)
		answer_retry_after(rs, rq->retry_after_s);
	answer_give(rs, NULL, rc, rq->config);
	if (rc == RC_TOKEN_NONE && request_is_page_load(rq)) {
		response_header(rs, "Content-Security-Policy",
		    "default-src 'none'; form-action 'self'; "
		    "frame-ancestors 'none'");
		response_text(rs, "text/html; charset=utf-8", form);
	}
}

/* ${why} the settings are wrong; NULL: they are good. */
static void
visit(struct request *rq, struct response *rs, const char *why)
{
	struct config_secret wanted;
	enum rc rc = find(rq, &wanted);

	if (rq->config != NULL)
		cors_allow_origin(rq, rs);
	if (rc == RC_OK && strcmp(rq->method, "OPTIONS") == 0) {
		cors_answer_preflight(rs, METHODS);
		return;
	}
	if (rc == RC_OK)
		rc = is_method(rq) ? admit(rq, &wanted) : RC_BAD_METHOD;
	if (rc == RC_OK)
		examine(rq, rs, why);
	else
		refuse(rq, rs, rc);
}

static void
answer(struct request *rq, struct response *rs, const void *arg)
{
	(void)arg;
	visit(rq, rs, NULL);
}

int
main(void)
{
	return program_run(&(struct program){ .name = "doctor",
	    .answer = answer,
	    .answer_unset = visit,
	    .seldom = true });
}
