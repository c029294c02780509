#include <inttypes.h>
#include <stdlib.h>

#include "clock.h"
#include "doctor_check.h"
#include "doctor_processes.h"

enum {
	SKEW_MAX_S = 5
};

static const struct db_query select_time = {
	.sql = "SELECT UTC_TIMESTAMP(3)",
	.columns = 1,
	.repeatable = true,
};

static const struct db_query select_durability = {
	.sql = "SELECT @@innodb_flush_log_at_trx_commit, @@log_bin,"
	       " @@sync_binlog",
	.columns = 3,
	.repeatable = true,
};

/* An account without further rights sees its own connections alone. */
static const struct db_query select_limits = {
	.sql = "SELECT @@max_connections, @@max_user_connections, COUNT(*)"
	       " FROM information_schema.processlist"
	       " WHERE user = SUBSTRING_INDEX(CURRENT_USER(), '@', 1)",
	.columns = 3,
	.repeatable = true,
};

static bool
check_reach(struct doctor *d)
{
	char text[CONFIG_WHY_SIZE];

	if (db_check(d->db, text, sizeof(text)) != RC_OK) {
		doctor_say(d, "database", DOCTOR_BAD, "%s", text);
		return false;
	}
	doctor_say(d, "database", DOCTOR_GOOD, "%s", text);
	return true;
}

static void
check_time(struct doctor *d)
{
	int64_t there_ms, ahead_s;
	const struct db_out out = db_out_time(&there_ms);

	if (db_select(d->db, &select_time, NULL, &out, d->pool) != RC_OK) {
		doctor_say_unknown(d, "time");
		return;
	}
	ahead_s = (there_ms - clock_now_ms()) / 1000;
	if (llabs(ahead_s) > SKEW_MAX_S)
		doctor_say(d, "time", DOCTOR_WARN,
		    "the database's clock is %lld s %s this machine's; set "
		    "both by NTP, for sessions end by this one",
		    llabs(ahead_s), ahead_s > 0 ? "ahead of" : "behind");
	else
		doctor_say(d, "time", DOCTOR_GOOD,
		    "the database's clock agrees with this machine's");
}

static void
check_durability(struct doctor *d)
{
	int64_t flush, binlog, sync;
	const struct db_out out[] = { db_out_number(&flush),
		db_out_number(&binlog), db_out_number(&sync) };

	if (db_select(d->db, &select_durability, NULL, out, d->pool) != RC_OK)
		doctor_say_unknown(d, "durability");
	else if (flush != 1)
		doctor_say(d, "durability", DOCTOR_WARN,
		    "a power cut takes the last second, and log-outs in it; "
		    "set innodb_flush_log_at_trx_commit=1 (it is %" PRId64
		    ") in MariaDB, or have whoever runs it do so",
		    flush);
	else if (binlog != 0 && sync != 1)
		doctor_say(d, "durability", DOCTOR_WARN,
		    "a power cut takes commits from the binary log; set "
		    "sync_binlog=1 (it is %" PRId64 ") in MariaDB",
		    sync);
	else
		doctor_say(d, "durability", DOCTOR_GOOD,
		    "what is committed outlives a power cut");
}

/* Whether a process holds its connection between requests. */
static bool
keeps_connections(const struct doctor *d)
{
	return d->config->db_persistent &&
	       (d->rq == NULL || gateway_is_fastcgi(d->rq->gateway));
}

static void
judge_limit(struct doctor *d, int64_t limit, int64_t used)
{
	int programs = doctor_count_programs(d->pool);
	int processes = doctor_count_processes(d->pool);
	const char *counts = pool_printf(d->pool,
	    "%" PRId64 " of at most %" PRId64 " connections are open, and %d "
	    "processes of %d programs run",
	    used, limit, processes, programs);

	if (counts == NULL)
		return;
	if (!keeps_connections(d))
		doctor_say(d, "connections", DOCTOR_GOOD,
		    "%s, which hold one while they answer", counts);
	else if (limit < programs || limit < processes)
		doctor_say(d, "connections", DOCTOR_WARN,
		    "%s, each of which keeps one: there are too few; set "
		    "DB_PERSISTENT=0, or have fewer processes started",
		    counts);
	else
		doctor_say(d, "connections", DOCTOR_GOOD,
		    "%s, each of which keeps one", counts);
}

static void
check_limit(struct doctor *d)
{
	int64_t server, account, used;
	const struct db_out out[] = { db_out_number(&server),
		db_out_number(&account), db_out_number(&used) };

	if (db_select(d->db, &select_limits, NULL, out, d->pool) != RC_OK)
		doctor_say_unknown(d, "connections");
	else
		judge_limit(d,
		    account > 0 && account < server ? account : server, used);
}

bool
doctor_database(struct doctor *d)
{
	if (!check_reach(d))
		return false;
	check_time(d);
	check_durability(d);
	check_limit(d);
	return true;
}
