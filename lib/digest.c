#include "digest.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#include "log.h"

enum rc
digest_sha256_hex(const void *data, size_t len, char out[DIGEST_HEX_SIZE])
{
	unsigned char hash[DIGEST_SIZE];

	if (SHA256(data, len, hash) == NULL) {
		log_error("digest: SHA-256 failed");
		return RC_FAULT;
	}
	digest_hex(hash, sizeof(hash), out);
	return RC_OK;
}

enum rc
digest_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char out[DIGEST_SIZE])
{
	if (key_len > INT_MAX || HMAC(EVP_sha256(), key, (int)key_len, data,
				     len, out, NULL) == NULL) {
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
