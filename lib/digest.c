#include "digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "log.h"

void
digest_start_light(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
				OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
				OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
	    NULL);
}

/*
 * Finding an algorithm by its name costs OpenSSL more than the digest of a
 * token: each is found once, and the context of the HMAC given a key each time.
 */
static const EVP_MD *
sha256(void)
{
	static EVP_MD *found;

	if (found == NULL)
		found = EVP_MD_fetch(NULL, "SHA256", NULL);
	return found;
}

enum rc
digest_sha256_hex(const void *data, size_t len, char out[DIGEST_HEX_SIZE])
{
	unsigned char hash[DIGEST_SIZE];
	const EVP_MD *algorithm = sha256();

	if (algorithm == NULL ||
	    EVP_Digest(data, len, hash, NULL, algorithm, NULL) == 0) {
		log_error("digest: SHA-256 failed");
		return RC_FAULT;
	}
	digest_hex(hash, sizeof(hash), out);
	return RC_OK;
}

static EVP_MAC_CTX *
hmac_context(void)
{
	static EVP_MAC_CTX *context;
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name,
		    0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac;

	if (context != NULL)
		return context;
	mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
	if (mac != NULL)
		context = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (context != NULL && EVP_MAC_CTX_set_params(context, params) == 0) {
		EVP_MAC_CTX_free(context);
		context = NULL;
	}
	return context;
}

void
digest_prepare(void)
{
	(void)sha256();
	(void)hmac_context();
}

enum rc
digest_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char out[DIGEST_SIZE])
{
	EVP_MAC_CTX *context = hmac_context();
	size_t out_len;

	if (context == NULL || EVP_MAC_init(context, key, key_len, NULL) == 0 ||
	    EVP_MAC_update(context, data, len) == 0 ||
	    EVP_MAC_final(context, out, &out_len, DIGEST_SIZE) == 0 ||
	    out_len != DIGEST_SIZE) {
		log_error("digest: HMAC-SHA256 failed");
		return RC_FAULT;
	}
	return RC_OK;
}

enum rc
digest_sub_hmac(const void *key, size_t key_len, const char *purpose,
    const char *text, unsigned char out[DIGEST_SIZE])
{
	unsigned char sub_key[DIGEST_SIZE];
	enum rc rc = digest_hmac(key, key_len, purpose, strlen(purpose),
	    sub_key);

	if (rc == RC_OK)
		rc = digest_hmac(sub_key, sizeof(sub_key), text, strlen(text),
		    out);
	explicit_bzero(sub_key, sizeof(sub_key));
	return rc;
}

void
digest_hex(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

bool
digest_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && CRYPTO_memcmp(a, b, a_len) == 0;
}
