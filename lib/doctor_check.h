#ifndef LATCHKEY_DOCTOR_CHECK_H
#define LATCHKEY_DOCTOR_CHECK_H

#include <stdbool.h>

#include "config.h"
#include "db.h"
#include "pool.h"
#include "request.h"

/* For the rooms of the doctor alone: what each looks at, and how it tells. */

enum {
	DOCTOR_LINE_MAX = 1000
};

struct doctor {
	const struct config *config; /* good */
	struct db *db;
	struct pool *pool;
	const struct request *rq;		   /* NULL: in a terminal */
	void (*take)(void *arg, const char *line); /* without its end */
	void *arg;
	bool bad; /* something is */
};

enum doctor_verdict {
	DOCTOR_GOOD,
	DOCTOR_WARN,
	DOCTOR_BAD
};

/* Tell one line, as doctor.h has it: ${format} is "WHAT; MEND". */
void doctor_say(struct doctor *d, const char *name, enum doctor_verdict verdict,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A question to the database has no answer. */
void doctor_say_unknown(struct doctor *d, const char *name);

enum {
	DOCTOR_LIST_SIZE = 1100 /* of GROUP_CONCAT(), which ends at 1024 */
};

/* doctor_settings.c: the secrets, the files, and what mails need. */
void doctor_settings(struct doctor *d);

/*
 * Whether a secret could be guessed, for it has few different characters,
 * repeats itself, counts up, or holds a word of samples.
 */
bool doctor_secret_is_weak(const struct config_secret *secret);

/* doctor_files.c: who may change what is trusted. */
void doctor_files(struct doctor *d);

/* doctor_database.c: reachable, which it returns, its time and its limits. */
bool doctor_database(struct doctor *d);

/* doctor_schema.c: the tables and their version; whether they are there. */
bool doctor_schema(struct doctor *d);

/* doctor_rights.c: those on the tables, all that it takes and no more. */
void doctor_rights(struct doctor *d);

/* doctor_server.c: what the web server hands on, and by what it is reached. */
void doctor_server(struct doctor *d);

/* doctor_versions.c: the libraries. */
void doctor_versions(struct doctor *d);

/* Whether version ${a} comes before ${b}, number by number: "1.9" and "1.10".
 */
bool doctor_version_is_older(const char *a, const char *b);

#endif
