#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
read_ms(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t
clock_steady_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

void
clock_format_iso(int64_t time_ms, char out[CLOCK_ISO_SIZE])
{
	char buf[64];
	struct tm tm = { 0 };
	time_t seconds = (time_t)(time_ms / 1000);

	gmtime_r(&seconds, &tm);
	snprintf(buf, sizeof(buf), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, (int)(time_ms % 1000));
	memcpy(out, buf, CLOCK_ISO_SIZE - 1);
	out[CLOCK_ISO_SIZE - 1] = '\0';
}
