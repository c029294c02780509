#ifndef LATCHKEY_BASE64URL_H
#define LATCHKEY_BASE64URL_H

#include <stddef.h>

#include "rc.h"

/*
 * Decode base64url without padding (RFC 4648, 5; RFC 7515, 2) into at most
 * ${cap} bytes of ${out}; *out_len is their number.  Only the one canonical
 * form of the bytes is taken: any other character, a padding, an impossible
 * length or an unused bit that is set is RC_INVALID, and so is what does not
 * fit.
 */
enum rc base64url_decode(const char *text, size_t len, unsigned char *out,
    size_t cap, size_t *out_len) MUST_CHECK;

#endif
