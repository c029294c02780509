#include "throttle.h"

#include <stdio.h>
#include <string.h>

#include "digest.h"
#include "log.h"
#include "network.h"

enum {
	ID_BYTES = 16, /* of the hash that a counter is known by */
	COUNTERS_MAX = 3
};

/*
 * One counter is a time, "due": when the bucket will be empty again.  Full it
 * is where that lies further ahead than all of its attempts together take.
 */
struct counter {
	char id[2 * ID_BYTES + 1];
	int64_t step_ms, full_ms; /* of one attempt; of all */
	bool personal;		  /* nobody's but who gets it right */
};

/*
 * Twice or late, it counts an attempt too many.  What is due further ahead
 * than can be, for the clock was set back or the limit is another one now,
 * starts anew: nobody is to wait for that time.
 */
static const struct db_query count_on = {
	.sql = "UPDATE attempts SET due ="
	       " IF(due > ?, ?, GREATEST(due, ?)) + ?"
	       " WHERE id = ? AND (due <= ? OR due > ?)",
	.params = 7,
	.repeatable = true,
};

static const struct db_query count_first = {
	.sql = "INSERT INTO attempts (id, due) VALUES (?, ?)",
	.params = 2,
	.repeatable = true,
};

static const struct db_query select_due = {
	.sql = "SELECT due FROM attempts WHERE id = ?",
	.params = 1,
	.columns = 1,
	.repeatable = true,
};

/* Twice it gives two back, once in a lost connection. */
static const struct db_query give_back = {
	.sql = "UPDATE attempts SET due = due - ? WHERE id = ?",
	.params = 2,
	.repeatable = true,
};

static const struct db_query start_anew = {
	.sql = "DELETE FROM attempts WHERE id = ?",
	.params = 1,
	.repeatable = true,
};

/* What is empty again says no more than no row.  A few at a time. */
static const struct db_query sweep = {
	.sql = "DELETE FROM attempts WHERE due < ? ORDER BY due LIMIT 10",
	.params = 1,
	.repeatable = true,
};

/*
 * Hashed with a key, so that the table tells nobody who tried what; and so
 * that nobody can make two things meet in one counter.
 */
static enum rc
name_counter(const struct request *rq, enum throttle_action action,
    const char *kind, const char *account, const char *from, char *id)
{
	const struct config_secret *secret = &rq->config->refresh_token_secret;
	unsigned char hash[DIGEST_SIZE];
	const char *text = pool_printf(rq->pool, "%d\n%s\n%s\n%s", (int)action,
	    kind, account, from);
	enum rc rc = RC_FAULT;

	if (text != NULL)
		rc = digest_sub_hmac(secret->bytes, secret->len,
		    "latchkey throttle 1", text, hash);
	if (rc == RC_OK)
		digest_hex(hash, ID_BYTES, id);
	return rc;
}

static bool
is_exempt(const struct request *rq)
{
	const struct config *config = rq->config;

	for (size_t i = 0; i < config->throttle_exempt_count; i++)
		if (network_contains(&config->throttle_exempt[i],
			rq->client_ip))
			return true;
	return false;
}

/* One client as text: its address, or its /64; "" where there is none. */
static const char *
client_of(const struct request *rq)
{
	struct network network;
	char *text = pool_alloc(rq->pool, 2 * NETWORK_ADDRESS_SIZE + 1);

	if (text != NULL && network_of_client(rq->client_ip, &network))
		digest_hex(network.address, NETWORK_ADDRESS_SIZE, text);
	return text;
}

struct counters {
	struct counter list[COUNTERS_MAX];
	size_t count;
};

static enum rc
add(struct counters *counters, const struct request *rq,
    enum throttle_action action, const char *kind, const char *account,
    const char *from, struct config_limit limit)
{
	struct counter *counter = &counters->list[counters->count++];

	counter->step_ms = limit.seconds * 1000 / limit.count;
	if (counter->step_ms == 0)
		counter->step_ms = 1;
	counter->full_ms = limit.count * counter->step_ms;
	counter->personal = *account != '\0' && *from != '\0';
	return name_counter(rq, action, kind, account, from, counter->id);
}

static bool
sends_mail(enum throttle_action action)
{
	return action == THROTTLE_FORGOT || action == THROTTLE_RESEND;
}

static enum rc
list_counters(const struct request *rq, enum throttle_action action,
    const char *email, const char *device, struct counters *out)
{
	const struct config *config = rq->config;
	const char *client = client_of(rq);
	enum rc rc = RC_OK;

	out->count = 0;
	if (!config->throttle)
		return RC_OK;
	if (client == NULL)
		return RC_FAULT;
	if (*device != '\0')
		return add(out, rq, action, "device", email, device,
		    config->throttle_account_address);
	/* What is refused is not counted further on: who tries one account
	 * again and again does not use up the address for their neighbours. */
	if (!is_exempt(rq)) {
		rc = add(out, rq, action, "both", email, client,
		    config->throttle_account_address);
		if (rc == RC_OK)
			rc = add(out, rq, action, "address", "", client,
			    config->throttle_address);
	}
	if (rc == RC_OK && action != THROTTLE_DOCTOR)
		rc = add(out, rq, action, "account", email, "",
		    sends_mail(action) ? config->throttle_mail
				       : config->throttle_account);
	return rc;
}

/* Take one attempt out of a bucket that is there.  RC_NOT_FOUND: it is not, or
 * it is full. */
static enum rc
take(struct request *rq, const struct counter *counter)
{
	const struct db_in now = db_number(rq->now_ms);
	/* Not a little above full_ms, as two hosts' clocks differ: who asked
	 * both in turn would start it anew each time. */
	const struct db_in absurd = db_number(rq->now_ms +
					      2 * counter->full_ms);
	const struct db_in in[] = {
		absurd,
		now,
		now,
		db_number(counter->step_ms),
		db_text(counter->id),
		db_number(rq->now_ms + counter->full_ms - counter->step_ms),
		absurd,
	};
	struct db_change change;
	enum rc rc = db_change(rq->db, &count_on, in, &change);

	return rc == RC_OK && change.rows == 0 ? RC_NOT_FOUND : rc;
}

static enum rc
take_first(struct request *rq, const struct counter *counter)
{
	const struct db_in in[] = { db_text(counter->id),
		db_number(rq->now_ms + counter->step_ms) };
	const struct db_in now = db_number(rq->now_ms);
	struct db_change change;
	enum rc rc = db_change(rq->db, &count_first, in, &change);

	if (rc == RC_OK)
		rc = db_change(rq->db, &sweep, &now, &change);
	return rc;
}

static enum rc
refuse(struct request *rq, const struct counter *counter)
{
	const struct db_in id = db_text(counter->id);
	int64_t due = 0, wait_ms;
	const struct db_out out = db_out_number(&due);
	enum rc rc = db_select(rq->db, &select_due, &id, &out, rq->pool);

	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	wait_ms = due + counter->step_ms - counter->full_ms - rq->now_ms;
	rq->retry_after_s = wait_ms > 0 ? (wait_ms + 999) / 1000 : 1;
	log_event("throttled", &(struct log_who){ .client_ip = rq->client_ip });
	return RC_THROTTLED;
}

static enum rc
count(struct request *rq, const struct counter *counter)
{
	enum rc rc = take(rq, counter);

	if (rc == RC_NOT_FOUND)
		rc = take_first(rq, counter);
	if (rc == RC_EXISTS) /* full, or made by another a moment ago */
		rc = take(rq, counter);
	return rc == RC_NOT_FOUND ? refuse(rq, counter) : rc;
}

enum rc
throttle_attempt(struct request *rq, enum throttle_action action,
    const char *email, const char *device)
{
	struct counters counters;
	enum rc rc = list_counters(rq, action, email, device, &counters);

	for (size_t i = 0; i < counters.count && rc == RC_OK; i++)
		rc = count(rq, &counters.list[i]);
	return rc;
}

static enum rc
forgive(struct request *rq, const struct counter *counter)
{
	const struct db_in id = db_text(counter->id);
	const struct db_in in[] = { db_number(counter->step_ms), id };
	struct db_change change;

	if (counter->personal)
		return db_change(rq->db, &start_anew, &id, &change);
	return db_change(rq->db, &give_back, in, &change);
}

enum rc
throttle_forgive(struct request *rq, enum throttle_action action,
    const char *email, const char *device)
{
	struct counters counters;
	enum rc rc = list_counters(rq, action, email, device, &counters);

	for (size_t i = 0; i < counters.count && rc == RC_OK; i++)
		rc = forgive(rq, &counters.list[i]);
	return rc;
}
