#include "token.h"

#include <jwt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "json.h"
#include "log.h"

enum {
	CLOCK_SKEW_S = 60
}; /* how far ahead another host's "iat" may be */

static const struct config_secret *
secret_of(const struct config *config, enum token_kind kind)
{
	return kind == TOKEN_ACCESS ? &config->access_token_secret
				    : &config->refresh_token_secret;
}

/* libjwt takes keys as unsigned char, and does not write to them. */
static const unsigned char *
key_bytes(const struct config_secret *secret)
{
	return (const unsigned char *)secret->bytes;
}

/* 0, or what libjwt returns of the first claim that it did not take. */
static int
add_claims(jwt_t *jwt, enum token_kind kind, const struct token_claims *claims)
{
	int err = jwt_add_grant(jwt, "_id", claims->user_id);

	if (err == 0)
		err = jwt_add_grant(jwt, "sid", claims->session_id);
	if (err == 0 && kind == TOKEN_ACCESS)
		err = jwt_add_grant(jwt, "email", claims->email);
	if (err == 0 && kind == TOKEN_REFRESH)
		err = jwt_add_grant(jwt, "jti", claims->id);
	if (err == 0)
		err = jwt_add_grant_int(jwt, "iat", (long)claims->issued_s);
	if (err == 0)
		err = jwt_add_grant_int(jwt, "exp", (long)claims->expires_s);
	return err;
}

enum rc
token_mint(const struct config *config, enum token_kind kind,
    const struct token_claims *claims, struct pool *mem, const char **out)
{
	const struct config_secret *secret = secret_of(config, kind);
	jwt_t *jwt = NULL;
	char *text = NULL;
	int err = jwt_new(&jwt);

	*out = NULL;
	if (err == 0)
		err = add_claims(jwt, kind, claims);
	if (err == 0)
		err = jwt_set_alg(jwt, JWT_ALG_HS256, key_bytes(secret),
		    (int)secret->len);
	if (err == 0)
		text = jwt_encode_str(jwt);
	if (text != NULL) {
		*out = pool_copy(mem, text, strlen(text));
		explicit_bzero(text, strlen(text));
		free(text);
	}
	jwt_free(jwt);
	if (*out == NULL) {
		log_error("token: libjwt cannot sign: %s", strerror(err));
		return RC_FAULT;
	}
	return RC_OK;
}

/* A compact JWS, its three parts decoded. */
struct jws {
	unsigned char header[TOKEN_MAX], payload[TOKEN_MAX], mac[TOKEN_MAX];
	size_t header_len, payload_len, mac_len;
	size_t signed_len; /* of the text before the second dot */
};

static enum rc
decode(const char *part, size_t len, unsigned char out[TOKEN_MAX],
    size_t *out_len)
{
	if (len == 0 ||
	    base64url_decode(part, len, out, TOKEN_MAX, out_len) != RC_OK)
		return RC_TOKEN_MALFORMED;
	return RC_OK;
}

static enum rc
split(const char *text, struct jws *jws)
{
	const char *first, *second;
	enum rc rc;

	if (strnlen(text, TOKEN_MAX + 1) > TOKEN_MAX)
		return RC_TOKEN_MALFORMED;
	first = strchr(text, '.');
	second = first != NULL ? strchr(first + 1, '.') : NULL;
	if (second == NULL)
		return RC_TOKEN_MALFORMED;
	jws->signed_len = (size_t)(second - text);
	rc = decode(text, (size_t)(first - text), jws->header,
	    &jws->header_len);
	if (rc == RC_OK)
		rc = decode(first + 1, (size_t)(second - first - 1),
		    jws->payload, &jws->payload_len);
	if (rc == RC_OK)
		rc = decode(second + 1, strlen(second + 1), jws->mac,
		    &jws->mac_len);
	return rc;
}

/* The header that libjwt writes has nothing in it to be judged. */
static bool
is_our_header(const struct jws *jws)
{
	static const char ours[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

	return jws->header_len == strlen(ours) &&
	       memcmp(jws->header, ours, strlen(ours)) == 0;
}

/*
 * Parse one part as an object with no name twice (RFC 7515, 4; RFC 7519, 4),
 * and with no NUL, which would cut a claim short; what is not one is
 * ${otherwise}.
 */
static enum rc
parse(const unsigned char *text, size_t len, enum rc otherwise, cJSON **root)
{
	enum rc rc = json_parse((const char *)text, len, root);

	if (rc == RC_INVALID)
		return otherwise;
	if (rc == RC_OK &&
	    (!json_names_are_unique(*root) ||
		memmem(text, len, "\\u0000", strlen("\\u0000")) != NULL))
		return otherwise;
	return rc;
}

/* ${header} is NULL where it is as we write it. */
static enum rc
check_signature(const struct config_secret *secret, const char *text,
    const struct jws *jws, const cJSON *header)
{
	const char *algorithm = header != NULL ? json_string(header, "alg")
					       : "HS256";
	unsigned char wanted[DIGEST_SIZE];
	enum rc rc = digest_hmac(secret->bytes, secret->len, text,
	    jws->signed_len, wanted);

	if (rc == RC_OK &&
	    (algorithm == NULL || strcmp(algorithm, "HS256") != 0 ||
		!digest_equal(wanted, sizeof(wanted), jws->mac, jws->mac_len)))
		rc = RC_TOKEN_SIGNATURE;
	explicit_bzero(wanted, sizeof(wanted));
	return rc;
}

static bool
has(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

/* "crit" names extensions that must be understood: there are none here. */
static enum rc
check_header(const cJSON *header)
{
	const char *type;

	if (header == NULL)
		return RC_OK;
	type = json_string(header, "typ");
	if (has(header, "crit"))
		return RC_TOKEN_INVALID;
	if (has(header, "typ") && (type == NULL || strcmp(type, "JWT") != 0))
		return RC_TOKEN_INVALID;
	return RC_OK;
}

/* A string claim of at most ${cap} - 1 bytes, or RC_TOKEN_INVALID. */
static enum rc
read_text(const cJSON *payload, const char *name, char *out, size_t cap)
{
	const char *value = json_string(payload, name);
	size_t len = value != NULL ? strlen(value) : 0;

	if (len == 0 || len >= cap)
		return RC_TOKEN_INVALID;
	memcpy(out, value, len + 1);
	return RC_OK;
}

static enum rc
read_uuid(const cJSON *payload, const char *name, char out[UUID_TEXT_SIZE])
{
	enum rc rc = read_text(payload, name, out, UUID_TEXT_SIZE);

	return rc == RC_OK && uuid_is_valid(out) ? RC_OK : RC_TOKEN_INVALID;
}

/* A NumericDate (RFC 7519, 2) of whole seconds. */
static enum rc
read_time(const cJSON *payload, const char *name, int64_t *out)
{
	return json_integer(payload, name, out) == RC_OK && *out > 0
		   ? RC_OK
		   : RC_TOKEN_INVALID;
}

/* Each kind has a claim that the other must not have. */
static enum rc
read_claims(const cJSON *payload, enum token_kind kind,
    struct token_claims *claims)
{
	enum rc rc = read_uuid(payload, "_id", claims->user_id);
	const char *foreign = kind == TOKEN_ACCESS ? "jti" : "email";

	if (rc == RC_OK)
		rc = read_uuid(payload, "sid", claims->session_id);
	if (rc == RC_OK && kind == TOKEN_ACCESS)
		rc = read_text(payload, "email", claims->email, EMAIL_SIZE);
	if (rc == RC_OK && kind == TOKEN_REFRESH)
		rc = read_text(payload, "jti", claims->id, DIGEST_HEX_SIZE);
	if (rc == RC_OK)
		rc = read_time(payload, "iat", &claims->issued_s);
	if (rc == RC_OK)
		rc = read_time(payload, "exp", &claims->expires_s);
	if (rc == RC_OK && has(payload, foreign))
		rc = RC_TOKEN_INVALID;
	return rc;
}

/* "nbf" is not ours, but means what it says where it stands. */
static enum rc
check_times(const cJSON *payload, int64_t now_s,
    const struct token_claims *claims)
{
	int64_t not_before_s = 0;

	if (has(payload, "nbf") &&
	    read_time(payload, "nbf", &not_before_s) != RC_OK)
		return RC_TOKEN_INVALID;
	if (not_before_s > now_s || claims->issued_s > now_s + CLOCK_SKEW_S)
		return RC_TOKEN_INVALID;
	return claims->expires_s > now_s ? RC_OK : RC_TOKEN_EXPIRED;
}

enum rc
token_verify(const struct config *config, enum token_kind kind,
    const char *text, int64_t now_s, struct token_claims *claims)
{
	const struct config_secret *secret = secret_of(config, kind);
	struct jws jws;
	cJSON *header = NULL, *payload = NULL;
	enum rc rc = split(text, &jws);

	memset(claims, 0, sizeof(*claims));
	if (rc == RC_OK && !is_our_header(&jws))
		rc = parse(jws.header, jws.header_len, RC_TOKEN_MALFORMED,
		    &header);
	if (rc == RC_OK)
		rc = check_signature(secret, text, &jws, header);
	if (rc == RC_OK)
		rc = check_header(header);
	if (rc == RC_OK)
		rc = parse(jws.payload, jws.payload_len, RC_TOKEN_INVALID,
		    &payload);
	if (rc == RC_OK)
		rc = read_claims(payload, kind, claims);
	if (rc == RC_OK)
		rc = check_times(payload, now_s, claims);
	json_free(header);
	json_free(payload);
	return rc;
}

enum rc
token_successor_id(const struct config *config, const char *text,
    char out[DIGEST_HEX_SIZE])
{
	const struct config_secret *secret = &config->refresh_token_secret;
	unsigned char id[DIGEST_SIZE];
	enum rc rc = digest_sub_hmac(secret->bytes, secret->len,
	    "latchkey successor 1", text, id);

	if (rc == RC_OK)
		digest_hex(id, sizeof(id), out);
	return rc;
}
