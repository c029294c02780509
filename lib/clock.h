#ifndef LATCHKEY_CLOCK_H
#define LATCHKEY_CLOCK_H

#include <stdint.h>

/*
 * The only place where a program reads the time.  Everything below takes it
 * as an argument.  Where several hosts serve one database, keep their clocks
 * in step (NTP): grace and expiry are decided by the clock of the host asked.
 */

/* Milliseconds since the epoch, UTC. */
int64_t clock_now_ms(void);

/* Milliseconds of a clock that nobody sets: for time limits. */
int64_t clock_steady_ms(void);

/* "2026-01-31T23:59:59.123Z" (ISO 8601) and a NUL. */
enum {
	CLOCK_ISO_SIZE = 25
};
void clock_format_iso(int64_t time_ms, char out[CLOCK_ISO_SIZE]);

#endif
