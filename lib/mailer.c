#include "mailer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "code.h"
#include "db.h"
#include "log.h"
#include "mail_command.h"
#include "mail_message.h"
#include "mail_template.h"
#include "percent.h"
#include "random.h"

enum {
	MAILS_MAX = 100, /* of one run */
	/* Until a mail is tried again: longer than a try can take. */
	LEASE_MS = 2 * MAIL_COMMAND_LIMIT_MS
};

struct mailer {
	const struct config *config;
	struct db *db;
	struct pool *pool; /* of the mail in hand */
};

/*
 * Where the mail leads to.  What follows the # stays in the browser: no log of
 * a server or a proxy ever holds a code.
 */
static const char *
make_link(struct mailer *m, const struct code_mail *mail)
{
	const char *site = m->config->site_url;
	const char *page = strcmp(mail->purpose, CODE_RESET) == 0 ? "reset"
								  : "verify";
	const char *email = percent_encode(mail->email, m->pool);

	if (*mail->text == '\0')
		return pool_printf(m->pool, "%s/auth/forgot.html", site);
	if (email == NULL)
		return NULL;
	return pool_printf(m->pool, "%s/auth/%s.html#email=%s&code=%s", site,
	    page, email, mail->text);
}

static enum rc
compose(struct mailer *m, const struct code_mail *mail, const char **out)
{
	const struct mail_value values[] = {
		{ "code", mail->text },
		{ "link", make_link(m, mail) },
		{ "email", mail->email },
		{ "site", strstr(m->config->site_url, "://") + 3 },
		{ NULL, NULL },
	};
	struct mail_address from;
	struct mail_text text;
	struct mail_message message = {
		.from = &from, .to = mail->email, .now_ms = clock_now_ms()
	};
	enum rc rc = mail_address_read(m->config->mail_from, &from);

	if (rc == RC_OK)
		rc = mail_template_fill(m->config->mail_templates,
		    mail->purpose, mail->language, values, m->pool, &text);
	if (rc == RC_OK)
		rc = random_bytes(message.random, sizeof(message.random));
	if (rc != RC_OK)
		return rc;
	message.lang = text.lang;
	message.subject = text.subject;
	message.text = text.text;
	message.html = text.html;
	return mail_message_compose(&message, m->pool, out);
}

/* What cannot be sent keeps its row, and is due again when its lease ends. */
static enum rc
send_mail(struct mailer *m, const struct code_mail *mail)
{
	const char *message;
	enum rc rc;

	if (strcmp(mail->purpose, CODE_NOBODY) == 0)
		return code_settle_mail(m->db, mail, false);
	if (mail->expires_ms <= clock_now_ms()) {
		log_error("mail: the mail '%s' of user %s could not be sent in "
			  "all its time, and is given up",
		    mail->purpose, mail->user_id);
		return code_settle_mail(m->db, mail, false);
	}
	rc = compose(m, mail, &message);
	db_end(m->db);
	if (rc == RC_OK)
		rc = mail_command_run(m->config->mail_command, message,
		    MAIL_COMMAND_LIMIT_MS);
	if (rc == RC_OK)
		return code_settle_mail(m->db, mail, true);
	log_error("mail: the mail '%s' of user %s is not sent, and will be "
		  "tried again with the next one",
	    mail->purpose, mail->user_id);
	return RC_OK;
}

static void
run(struct mailer *m)
{
	struct code_mail mail;

	db_begin(m->db);
	if (code_sweep(m->db, clock_now_ms()) != RC_OK)
		return; /* away again, and logged */
	for (int i = 0; i < MAILS_MAX; i++) {
		int64_t now_ms = clock_now_ms();
		enum rc rc;

		db_begin(m->db);
		rc = code_take_mail(m->db, m->config, now_ms, now_ms + LEASE_MS,
		    m->pool, &mail);
		if (rc == RC_OK)
			rc = send_mail(m, &mail);
		pool_reset(m->pool);
		if (rc != RC_OK && rc != RC_CONFLICT)
			break;
	}
	explicit_bzero(&mail, sizeof(mail));
}

/*
 * Nothing of the program's stays open here but its log: neither its sockets,
 * nor the connection to the database, which two must not speak on.
 */
static void
detach(void)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	close_range(STDERR_FILENO + 1, ~0U, 0);
	signal(SIGTERM, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
work(const struct config *config)
{
	struct mailer m = { .config = config };

	detach();
	m.pool = pool_new();
	m.db = db_new(config, false);
	if (m.pool == NULL || m.db == NULL)
		log_error("mail: no memory");
	else
		run(&m);
	db_free(m.db);
	pool_free(m.pool);
}

/* A child of a child that ends at once is nobody's to wait for. */
void
mailer_start(const struct config *config)
{
	pid_t child = fork();

	if (child == 0) {
		if (fork() == 0)
			work(config);
		_exit(EXIT_SUCCESS);
	}
	if (child < 0)
		log_error("mail: no process could be started; what is due is "
			  "sent with the next mail");
	else
		waitpid(child, NULL, 0);
}
