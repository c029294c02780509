#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "answer.h"
#include "beside.h"
#include "digest.h"
#include "doctor.h"
#include "log.h"
#include "mailer.h"
#include "workers.h"

/*
 * A crowd that logs in leaves little of a processor to anybody else.  A tenth
 * of the others' share is still all there is where the others have nothing to
 * do.
 */
enum {
	YIELDING = 10
}; /* nice(1) */

/* What lives as long as the process. */
struct process {
	const struct program *program;
	struct config *config; /* NULL until settings are found good */
	struct db *db;
	struct pool *pool; /* of the request in hand */
	bool keeps;	   /* its connection, for the next request */
	bool mail_is_due;
	char why[CONFIG_WHY_SIZE]; /* the trouble that was logged last */
};

/*
 * Settings that are wrong leave the process alive, for a server would start
 * it again and again; they are read anew with each request until somebody has
 * mended them.
 */
static enum rc
load_config(struct process *p, const struct gateway *gateway)
{
	char why[CONFIG_WHY_SIZE];
	enum rc rc;

	if (p->db != NULL)
		return RC_OK;
	rc = config_load(gateway_param(gateway, "LATCHKEY_ENV"), &p->config,
	    why);
	if (rc == RC_OK) {
		if (!gateway_is_fastcgi(gateway) &&
		    *p->config->db_ssl_ca == '\0')
			digest_start_light();
		p->db = db_new(p->config, p->keeps && p->config->db_persistent);
		if (p->db != NULL)
			return RC_OK;
		config_free(p->config);
		snprintf(why, sizeof(why), "no memory");
	}
	p->config = NULL;
	if (strcmp(why, p->why) != 0) {
		memcpy(p->why, why, sizeof(why));
		log_error("settings: %s", why);
	}
	return RC_FAULT;
}

/* Where the database's library is brought along, its plugins lie in it. */
static void
find_plugins(struct pool *pool)
{
	const char *dir = beside_programs(pool, "lib/plugin");

	if (dir != NULL && access(dir, X_OK) == 0)
		setenv("MARIADB_PLUGIN_DIR", dir, 0);
}

static void
serve(struct gateway *gateway, void *arg)
{
	struct process *p = arg;
	struct request rq = { .gateway = gateway, .pool = p->pool };
	struct response rs;
	enum rc rc = load_config(p, gateway);

	rq.config = p->config;
	rq.db = p->db;
	response_begin(&rs, p->pool);
	request_begin(&rq);
	if (rc == RC_OK) {
		db_begin(p->db);
		p->program->answer(&rq, &rs, p->program->arg);
	} else if (p->program->answer_unset != NULL) {
		p->program->answer_unset(&rq, &rs, p->why);
	} else {
		answer_give(&rs, NULL, rc, NULL);
	}
	p->mail_is_due = rq.mail_is_due;
	response_write(&rs, gateway, request_is_head(&rq));
	response_end(&rs);
	pool_reset(p->pool);
}

static void
after(void *arg)
{
	struct process *p = arg;

	if (p->db != NULL)
		db_end(p->db);
	if (p->mail_is_due)
		mailer_start(p->config);
}

/* Returns in each process that is to serve; false in their parent, at its end.
 */
static bool
start_workers(void)
{
	int count = workers_wanted();

	if (count > 1)
		digest_prepare();
	return workers_start(count);
}

int
program_run(const struct program *program)
{
	struct process p = { .program = program };
	enum gateway_kind kind = gateway_detect();

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }); /* secrets inside */
	log_open(program->name);
	if (program->yields)
		setpriority(PRIO_PROCESS, 0, YIELDING);
	p.keeps = kind == GATEWAY_FASTCGI && !program->seldom;
	p.pool = pool_new();
	if (p.pool == NULL) {
		log_error("no memory");
		return EXIT_FAILURE;
	}
	find_plugins(p.pool);
	if (kind == GATEWAY_NONE) {
		pool_free(p.pool);
		return doctor_run(program->name);
	}
	if (kind == GATEWAY_FASTCGI && !start_workers()) {
		pool_free(p.pool);
		return EXIT_SUCCESS;
	}
	gateway_run(kind, &(struct gateway_program){
			      .serve = serve, .after = after, .arg = &p });
	db_free(p.db);
	config_free(p.config);
	pool_free(p.pool);
	return EXIT_SUCCESS;
}

bool
program_has_role(const struct request *rq, enum gateway_role role)
{
	const char *given = gateway_param(rq->gateway, "FCGI_APACHE_ROLE");

	if (gateway_role(rq->gateway) == role)
		return true;
	if (given == NULL)
		given = gateway_param(rq->gateway, "FCGI_ROLE");
	log_error("the web server runs this program as a FastCGI %.20s, but it "
		  "is %s: mend the server's configuration",
	    given != NULL ? given : "RESPONDER",
	    role == GATEWAY_RESPONDER ? "a responder" : "a guard");
	return false;
}
