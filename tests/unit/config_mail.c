#include "config_fixture.h"

static void
mail(void)
{
	static const struct {
		const char *row, *text;
		const char *named; /* NULL: accepted */
	} rows[] = {
		{ "off", "", NULL },
		{ "off, empty", "MAIL_FROM=", NULL },
		{ "off, and nothing else counts",
		    "SITE_URL=nonsense\nMAIL_COMMAND=", NULL },
		{ "off, and verified", "REQUIRE_VERIFIED_EMAIL=1", NULL },
		{ "an address",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example",
		    NULL },
		{ "a name",
		    "MAIL_FROM='A B <a@example.org>'\n"
		    "SITE_URL=https://a.example",
		    NULL },
		{ "a site on this machine",
		    "MAIL_FROM=a@example.org\nSITE_URL=http://127.0.0.1:8000",
		    NULL },
		{ "no address",
		    "MAIL_FROM=example.org\nSITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "two addresses",
		    "MAIL_FROM=a@example.org,b@example.org\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "a header behind it",
		    "MAIL_FROM=\"a@example.org\\nBcc: b@example.org\"\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "a header in the name",
		    "MAIL_FROM=\"A\\nBcc: b <a@example.org>\"\n"
		    "SITE_URL=https://a.example",
		    "MAIL_FROM" },
		{ "no site", "MAIL_FROM=a@example.org", "SITE_URL" },
		{ "an empty site",
		    "MAIL_FROM=a@example.org\nSITE_URL=", "SITE_URL" },
		{ "a slash behind the site",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/",
		    "SITE_URL" },
		{ "a path behind the site",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b/c",
		    NULL },
		{ "a slash behind that",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b/",
		    "SITE_URL" },
		{ "a query behind that",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/b?c",
		    "SITE_URL" },
		{ "a path that is none",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example/../b",
		    "SITE_URL" },
		{ "a path alone", "MAIL_FROM=a@example.org\nSITE_URL=/b",
		    "SITE_URL" },
		{ "a site in the open",
		    "MAIL_FROM=a@example.org\nSITE_URL=http://a.example",
		    "SITE_URL" },
		{ "two sites",
		    "MAIL_FROM=a@example.org\n"
		    "SITE_URL='https://a.example https://b.example'",
		    "SITE_URL" },
		{ "no command",
		    "MAIL_FROM=a@example.org\nSITE_URL=https://a.example\n"
		    "MAIL_COMMAND=",
		    "MAIL_COMMAND" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *text = pool_printf(unit_mem, SECRETS "%s",
		    rows[i].text);

		if (rows[i].named != NULL)
			refused(rows[i].row, text, rows[i].named);
		else
			accepted(rows[i].row, text);
	}
}

/* Like the settings file, for the program .../unit/config_mail.t in .../mail.
 */
static void
mail_templates_beside_the_programs(void)
{
	char why[CONFIG_WHY_SIZE], exe[512], wanted[520];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct config *c = load(SECRETS "MAIL_FROM=a@example.org\n"
					"SITE_URL=https://a.example\n",
	    why);

	if (len <= 0 || c == NULL)
		fail_msg("%s", why);
	exe[len] = '\0';
	*strrchr(exe, '/') = '\0';
	*strrchr(exe, '/') = '\0';
	snprintf(wanted, sizeof(wanted), "%s/mail", exe);
	SAME_TEXT("mail", c->mail_templates, wanted);
	config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONFIG_UNIT(mail),
		CONFIG_UNIT(mail_templates_beside_the_programs),
	};

	return CONFIG_MAIN(tests);
}
