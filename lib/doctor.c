#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "buffer.h"
#include "doctor_check.h"
#include "log.h"

void
doctor_say(struct doctor *d, const char *name, enum doctor_verdict verdict,
    const char *format, ...)
{
	static const char *const words[] = {
		[DOCTOR_GOOD] = "good",
		[DOCTOR_WARN] = "WARN",
		[DOCTOR_BAD] = "BAD",
	};
	char line[DOCTOR_LINE_MAX];
	int head = snprintf(line, sizeof(line), "%s: %s, ", name,
	    words[verdict]);
	va_list args;

	va_start(args, format);
	vsnprintf(line + head, sizeof(line) - (size_t)head, format, args);
	va_end(args);
	/* One line, whatever a server or a path has in it. */
	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
			*c = '?';
	d->bad = d->bad || verdict == DOCTOR_BAD;
	d->take(d->arg, line);
}

void
doctor_say_unknown(struct doctor *d, const char *name)
{
	unsigned error = db_last_error(d->db);

	doctor_say(d, name, DOCTOR_WARN,
	    "the database does not tell (error %u); see the error log, and ask whoever runs it",
	    error);
}

/* ${why} the settings are wrong, or NULL: they come first to be mended. */
static void
examine(struct doctor *d, const char *why)
{
	if (why != NULL) {
		doctor_say(d, "settings", DOCTOR_BAD, "%s", why);
		return;
	}
	doctor_settings(d);
	doctor_files(d);
	if (doctor_database(d) && doctor_schema(d))
		doctor_rights(d);
	doctor_server(d);
	doctor_versions(d);
}

static void
print(void *arg, const char *line)
{
	(void)arg;
	puts(line);
}

int
doctor_run(const char *program)
{
	char why[CONFIG_WHY_SIZE];
	struct config *config = NULL;
	struct doctor d = { .pool = pool_new(), .take = print };
	bool set;

	log_open(program);
	setvbuf(stdout, NULL, _IOLBF, 0); /* in order with what is logged */
	printf("latchkey %s %s: a program for a web server to start, by "
	       "FastCGI or CGI\n",
	    program, LATCHKEY_VERSION);
	set = config_load(NULL, &config, why) == RC_OK;
	if (set)
		d.db = db_new(config, true);
	d.config = config;
	if (d.pool != NULL && (!set || d.db != NULL))
		examine(&d, set ? NULL : why);
	else
		doctor_say(&d, "memory", DOCTOR_BAD, "there is none");
	db_free(d.db);
	config_free(config);
	pool_free(d.pool);
	return d.bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void
collect(void *arg, const char *line)
{
	buffer_printf(arg, "%s\n", line);
}

bool
doctor_visit(struct request *rq, const char *why, const char **text)
{
	struct buffer lines = { .mem = rq->pool };
	struct doctor d = {
		.config = rq->config,
		.db = rq->db,
		.pool = rq->pool,
		.rq = rq,
		.take = collect,
		.arg = &lines,
	};

	examine(&d, why);
	*text = buffer_text(&lines);
	return !d.bad;
}
