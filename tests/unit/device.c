#include "device.h"

#include "unit.h"

/* A gateway of one header and no more; it stands before the library's. */

struct gateway {
	const char *cookie;
};

enum gateway_role
gateway_role(const struct gateway *gateway)
{
	return gateway != NULL ? GATEWAY_RESPONDER : GATEWAY_OTHER;
}

bool
gateway_is_fastcgi(const struct gateway *gateway)
{
	return gateway == NULL;
}

size_t
gateway_read(struct gateway *gateway, char *out, size_t cap)
{
	return gateway == NULL && out == NULL ? cap : 0;
}

bool
gateway_write(struct gateway *gateway, const char *bytes, size_t len)
{
	return gateway != NULL && bytes != NULL && len == 0;
}

const char *
gateway_param(const struct gateway *gateway, const char *name)
{
	return strcmp(name, "HTTP_COOKIE") == 0 ? gateway->cookie : NULL;
}

#define USER  "01890a5d-ac96-774b-bcce-b302099a8057"
#define OTHER "01890a5d-ac96-774b-bcce-b302099a8058"
#define ID    "0123456789abcdef0123456789abcdef"

static struct config config;
static struct gateway browser;

static struct request
request_of(const char *cookie)
{
	browser.cookie = cookie;
	return (struct request){
		.gateway = &browser, .config = &config, .pool = unit_mem
	};
}

static struct user
user_of(const char *id, const char *password)
{
	struct user user = { 0 };

	snprintf(user.id, sizeof(user.id), "%s", id);
	snprintf(user.password, sizeof(user.password), "%s", password);
	return user;
}

/* The header that hands ${id} to ${user}, without its name; NULL: there is
 * none. */
static const char *
remembered(const char *user, const char *id)
{
	static const char name[] = "Set-Cookie: ";
	struct request rq = request_of(NULL);
	struct response rs;
	struct user row = user_of(user, "a hash");
	char *text = NULL;

	response_begin(&rs, unit_mem);
	SAME_INT(user, device_remember(&rq, &rs, &row, id), RC_OK);
	HOLDS(user, !rs.failed);
	if (rs.headers != NULL && strncmp(rs.headers, name, 12) == 0) {
		text = pool_copy(unit_mem, rs.headers + 12,
		    strcspn(rs.headers + 12, "\r"));
		SAME_TEXT("one line", strchr(rs.headers, '\r'), "\r\n");
	}
	response_end(&rs);
	return text;
}

/* "deviceToken=ID.MAC" */
static const char *
token_of(const char *user, const char *id)
{
	const char *header = remembered(user, id);

	assert_non_null(header);
	return pool_copy(unit_mem, header, strcspn(header, ";"));
}

static void
same_device(const char *row, const char *cookie, const char *user,
    const char *wanted)
{
	struct request rq = request_of(cookie);
	struct user of = user_of(user, "a hash");
	char id[DEVICE_ID_SIZE] = "before";

	SAME_INT(row, device_of(&rq, &of, id), RC_OK);
	SAME_TEXT(row, id, wanted);
}

static void
finds_its_own(void)
{
	const char *token, *quoted;

	config = unit_config();
	token = token_of(USER, ID);
	quoted = pool_printf(unit_mem, "deviceToken=\"%s\"", token + 12);
	same_device("alone", token, USER, ID);
	same_device("between", pool_printf(unit_mem, "a=b; %s; c=d", token),
	    USER, ID);
	same_device("quoted", quoted, USER, ID);
	same_device("twice the same",
	    pool_printf(unit_mem, "%s; %s", token, token), USER, ID);
	same_device("of another", token, OTHER, "");
	same_device("of nobody", token, "", "");
	same_device("none", NULL, USER, "");
	same_device("empty", "deviceToken=", USER, "");
}

/* Every bit of it counts, and its length. */
static void
finds_no_other(void)
{
	const char *token, *other;

	config = unit_config();
	token = token_of(USER, ID);
	other = token_of(OTHER, ID);
	for (size_t i = strlen("deviceToken="); token[i] != '\0'; i++) {
		char *text = pool_copy(unit_mem, token, strlen(token));

		text[i] = text[i] == '0' ? '1' : '0';
		same_device(text, text, USER, "");
		text[i] = '\0';
		same_device(text, text, USER, "");
	}
	same_device("longer", pool_printf(unit_mem, "%s0", token), USER, "");
	same_device("in upper case",
	    "deviceToken=0123456789ABCDEF0123456789ABCDEF"
	    ".0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
	    USER, "");
	same_device("a MAC of nothing", "deviceToken=" ID ".", USER, "");
	same_device("two", pool_printf(unit_mem, "%s; %s", token, other), USER,
	    "");
	same_device("two, the other first",
	    pool_printf(unit_mem, "%s; %s", other, token), USER, "");
	same_device("another's name", pool_printf(unit_mem, "x%s", token), USER,
	    "");
	same_device("8 KiB",
	    pool_printf(unit_mem, "deviceToken=%s", unit_repeat('a', 8000)),
	    USER, "");
	config.refresh_token_secret
	    .bytes = "another-secret-of-at-least-32-bytes";
	same_device("of another secret", token, USER, "");
}

static void
prefix_is_part_of_the_name(void)
{
	const char *plain, *prefixed;

	config = unit_config();
	plain = token_of(USER, ID);
	config.cookie_prefix = "__Secure-";
	prefixed = token_of(USER, ID);
	SAME_TEXT("prefixed", prefixed,
	    pool_printf(unit_mem, "__Secure-%s", plain));
	same_device("prefixed", prefixed, USER, ID);
	same_device("plain", plain, USER, "");
	same_device("both", pool_printf(unit_mem, "%s; %s", plain, prefixed),
	    USER, ID);
}

static void
attributes(void)
{
	static const struct {
		const char *row, *prefix, *domain;
		bool secure;
		const char *begin, *end;
	} rows[] = {
		{ "default", "", "", true, "deviceToken=" ID ".",
		    "; Path=/api/v1/users; Max-Age=34560000; HttpOnly; Secure; "
		    "SameSite=Lax" },
		{ "__Host-", "__Host-", "", true, "__Host-deviceToken=" ID ".",
		    "; Path=/; Max-Age=34560000; HttpOnly; Secure; "
		    "SameSite=Lax" },
		{ "__Secure-, a domain", "__Secure-", "example.org", true,
		    "__Secure-deviceToken=" ID ".",
		    "; Path=/api/v1/users; Domain=example.org; "
		    "Max-Age=34560000; HttpOnly; Secure; SameSite=Lax" },
		{ "in the open", "", "", false, "deviceToken=" ID ".",
		    "; Path=/api/v1/users; Max-Age=34560000; HttpOnly; "
		    "SameSite=Lax" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *header;

		config = unit_config();
		config.cookie_prefix = rows[i].prefix;
		config.cookie_domain = rows[i].domain;
		config.cookie_secure = rows[i].secure;
		header = remembered(USER, ID);
		assert_non_null(header);
		HOLDS(rows[i].row,
		    strncmp(header, rows[i].begin, strlen(rows[i].begin)) == 0);
		SAME_TEXT(rows[i].row, strchr(header, ';'), rows[i].end);
	}
}

static void
new_ones_are_new(void)
{
	const char *first, *second;
	char id[DEVICE_ID_SIZE];
	struct user user = user_of(USER, "a hash");
	struct request rq;

	config = unit_config();
	first = token_of(USER, "");
	second = token_of(USER, "");
	HOLDS("two of them", strcmp(first, second) != 0);
	rq = request_of(first);
	SAME_INT("first", device_of(&rq, &user, id), RC_OK);
	SAME_INT("first", strlen(id), DEVICE_ID_SIZE - 1);
	SAME_INT("first", strspn(id, "0123456789abcdef"), DEVICE_ID_SIZE - 1);
	SAME_TEXT("handed out again", token_of(USER, id), first);
}

static void
none_after_a_new_password(void)
{
	struct user user = user_of(USER, "another hash");
	char id[DEVICE_ID_SIZE];
	struct request rq;

	config = unit_config();
	rq = request_of(token_of(USER, ID));
	SAME_INT("new password", device_of(&rq, &user, id), RC_OK);
	SAME_TEXT("new password", id, "");
}

static void
none_without_the_throttle(void)
{
	const char *token;

	config = unit_config();
	token = token_of(USER, ID);
	config.throttle = false;
	SAME_TEXT("set", remembered(USER, ID), NULL);
	SAME_TEXT("made", remembered(USER, ""), NULL);
	same_device("sent", token, USER, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(finds_its_own),
		UNIT(finds_no_other),
		UNIT(prefix_is_part_of_the_name),
		UNIT(attributes),
		UNIT(new_ones_are_new),
		UNIT(none_after_a_new_password),
		UNIT(none_without_the_throttle),
	};

	return UNIT_MAIN(tests);
}
