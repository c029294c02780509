#ifndef LATCHKEY_JSON_H
#define LATCHKEY_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * JSON from outside.  cJSON builds the tree; but it takes much that is not
 * JSON (trailing text, "01", raw control characters, bad UTF-8), cuts strings
 * at a NUL escape and finds members without regard to case, so a text is
 * checked against RFC 8259 before cJSON sees it, and members are found here.
 */

enum {
	JSON_DEPTH_MAX = 32
};

/*
 * Whether all of ${text} is one JSON object (RFC 8259, 4) nested no deeper
 * than JSON_DEPTH_MAX, itself counted.
 */
bool json_is_object(const char *text, size_t len);

/*
 * Parse ${text}, which need not end in NUL.  On RC_OK *root is an object for
 * json_free(), else NULL.  RC_INVALID: not as json_is_object() wants it;
 * RC_FAULT: memory.
 */
enum rc json_parse(const char *text, size_t len, cJSON **root) MUST_CHECK;

/* Overwrite every string of the tree, then free it; NULL does nothing. */
void json_free(cJSON *root);

/*
 * Whether no two members of ${object} itself have one name.
 */
bool json_names_are_unique(const cJSON *object);

/*
 * Whether the name or the value of member number ${index} of the object
 * ${text} holds the escape of a NUL, where cJSON would have cut it short.
 */
bool json_member_has_nul(const char *text, size_t len, size_t index);

/* The member's value; NULL when it is missing or of another type. */
const char *json_string(const cJSON *object, const char *name);

/* RC_INVALID when missing, no number, or no integer from 0 to 2^53. */
enum rc
json_integer(const cJSON *object, const char *name, int64_t *out) MUST_CHECK;

#endif
