#include "config_refuse.h"

#include <stdarg.h>
#include <stdio.h>

enum rc
config_refuse(char why[CONFIG_WHY_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, CONFIG_WHY_SIZE, format, args);
	va_end(args);
	/* One line, also where it quotes the file. */
	for (char *c = why; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
			*c = '?';
	return RC_INVALID;
}
