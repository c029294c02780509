#ifndef LATCHKEY_UUID_H
#define LATCHKEY_UUID_H

#include <stdbool.h>
#include <stdint.h>

#include "rc.h"

/*
 * UUIDs (RFC 9562): 16 bytes in the database, 36 lower-case characters
 * everywhere else.
 */
enum {
	UUID_SIZE = 16,
	UUID_TEXT_SIZE = 37
};

/* A new version 7 UUID (5.7) of the time ${now_ms}.  RC_FAULT: randomness. */
enum rc uuid_new(int64_t now_ms, char out[UUID_TEXT_SIZE]) MUST_CHECK;

/* Whether ${text} is a UUID in canonical lower-case form (4), any version. */
bool uuid_is_valid(const char *text);

/* RC_INVALID when ${text} is not as uuid_is_valid() wants it. */
enum rc uuid_parse(const char *text, unsigned char out[UUID_SIZE]) MUST_CHECK;

void uuid_format(const unsigned char uuid[UUID_SIZE], char out[UUID_TEXT_SIZE]);

#endif
