#include "device.h"

#include <string.h>

#include "digest.h"
#include "random.h"
#include "set_cookie.h"

enum {
	ID_BYTES = (DEVICE_ID_SIZE - 1) / 2
};

/* "ID.MAC", the MAC over the user, the password's hash and the ID. */
static const char *
print(const struct request *rq, const struct user *user, const char *id)
{
	const struct config_secret *secret = &rq->config->refresh_token_secret;
	unsigned char mac[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];
	const char *text = pool_printf(rq->pool, "%s.%s.%s", user->id,
	    user->password, id);

	if (text == NULL || digest_sub_hmac(secret->bytes, secret->len,
				"latchkey device 1", text, mac) != RC_OK)
		return NULL;
	digest_hex(mac, sizeof(mac), hex);
	return pool_printf(rq->pool, "%s.%s", id, hex);
}

enum rc
device_of(struct request *rq, const struct user *user, char out[DEVICE_ID_SIZE])
{
	const char *token, *wanted;
	enum rc rc = request_cookie(rq, "deviceToken", &token);

	out[0] = '\0';
	if (rc != RC_OK || token == NULL || !rq->config->throttle ||
	    strlen(token) < DEVICE_ID_SIZE)
		return rc;
	memcpy(out, token, DEVICE_ID_SIZE - 1);
	out[DEVICE_ID_SIZE - 1] = '\0';
	wanted = print(rq, user, out);
	if (wanted == NULL)
		return RC_FAULT;
	if (!digest_equal(token, strlen(token), wanted, strlen(wanted)))
		out[0] = '\0';
	return RC_OK;
}

static enum rc
make_id(char out[DEVICE_ID_SIZE])
{
	unsigned char bytes[ID_BYTES];
	enum rc rc = random_bytes(bytes, sizeof(bytes));

	if (rc == RC_OK)
		digest_hex(bytes, sizeof(bytes), out);
	return rc;
}

enum rc
device_remember(struct request *rq, struct response *rs,
    const struct user *user, const char *id)
{
	char made[DEVICE_ID_SIZE];
	const char *token;

	if (!rq->config->throttle)
		return RC_OK;
	if (*id == '\0') {
		if (make_id(made) != RC_OK)
			return RC_FAULT;
		id = made;
	}
	token = print(rq, user, id);
	if (token == NULL)
		return RC_FAULT;
	set_cookie(rs, rq, SET_COOKIE_PROGRAMS, "deviceToken", token,
	    DEVICE_TTL_S);
	return RC_OK;
}
