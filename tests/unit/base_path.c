#include "base_path.h"

#include "unit.h"

/* A gateway of a few parameters; it stands before the library's. */

struct gateway {
	const char *script, *base;
	enum gateway_role role;
};

const char *
gateway_param(const struct gateway *gateway, const char *name)
{
	if (strcmp(name, "SCRIPT_NAME") == 0)
		return gateway->script;
	return strcmp(name, "LATCHKEY_BASE") == 0 ? gateway->base : NULL;
}

enum gateway_role
gateway_role(const struct gateway *gateway)
{
	return gateway->role;
}

static void
is(const char *row, struct gateway gateway, const char *wanted)
{
	struct request rq = { .gateway = &gateway, .pool = unit_mem };

	SAME_TEXT(row, base_path(&rq), wanted);
	SAME_TEXT(row, base_path_join(&rq, "/x?y"),
	    pool_printf(unit_mem, "%s/x?y", wanted));
}

static void
from_the_program(void)
{
	static const struct {
		const char *script, *base;
	} rows[] = {
		{ NULL, "" },
		{ "", "" },
		{ "/", "" },
		{ "/api/v1/users/login", "" },
		{ "/api/v1/users", "" },
		{ "/shop/api/v1/users/login", "/shop" },
		{ "/shop/api/v1/users/login.fcgi", "/shop" },
		{ "/shop/api/v1/users/", "/shop" },
		{ "/shop/api/v1/users", "/shop" },
		{ "/a/b-c_d.e~1/api/v1/users/login", "/a/b-c_d.e~1" },
		{ "/api/v1/users/api/v1/users/login", "/api/v1/users" },
		{ "/shop/api/v1/usersx/login", "" },
		{ "/shop/api/v2/users/login", "" },
		{ "/shop/login", "" },
		{ "/~ada/api/v1/users/login", "/~ada" },
		{ "/our shop/api/v1/users/login", "/our%20shop" },
		{ "/caf\xc3\xa9/api/v1/users/login", "/caf%C3%A9" },
		{ "/a;b/api/v1/users/login", "/a%3Bb" },

		/* What must get into no header. */
		{ "//evil.example/api/v1/users/login", "" },
		{ "//api/v1/users/login", "" },
		{ "/shop//api/v1/users/login", "" },
		{ "/../api/v1/users/login", "" },
		{ "/a\\b/api/v1/users/login", "" },
		{ "/a\r\nX: y/api/v1/users/login", "" },
		{ "evil.example/api/v1/users/login", "" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		is(rows[i].script != NULL ? rows[i].script : "none",
		    (struct gateway){
			.script = rows[i].script, .role = GATEWAY_RESPONDER },
		    rows[i].base);
}

static void
from_the_server(void)
{
	static const char script[] = "/shop/api/v1/users/login";

	is("it wins", (struct gateway){ script, "/other", GATEWAY_RESPONDER },
	    "/other");
	is("also when empty", (struct gateway){ script, "", GATEWAY_RESPONDER },
	    "");
	is("a slash at its end",
	    (struct gateway){ script, "/other/", GATEWAY_RESPONDER }, "");
	is("no path",
	    (struct gateway){ script, "https://a", GATEWAY_RESPONDER }, "");
}

/* It is asked for the pages that it guards. */
static void
of_an_authorizer(void)
{
	static const char page[] = "/members/api/v1/users/x";

	is("not from the page",
	    (struct gateway){ page, NULL, GATEWAY_AUTHORIZER }, "");
	is("from the server",
	    (struct gateway){ page, "/shop", GATEWAY_AUTHORIZER }, "/shop");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(from_the_program),
		UNIT(from_the_server),
		UNIT(of_an_authorizer),
	};

	return UNIT_MAIN(tests);
}
