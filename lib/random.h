#ifndef LATCHKEY_RANDOM_H
#define LATCHKEY_RANDOM_H

#include <stddef.h>

#include "rc.h"

/*
 * The only place where a program draws randomness: ${len} bytes (at most 256)
 * from the kernel's generator.  RC_FAULT, logged, when it gives none; what
 * was to be made of them is then not made.
 */
enum rc random_bytes(void *out, size_t len) MUST_CHECK;

#endif
