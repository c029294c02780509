#ifndef LATCHKEY_ENV_FILE_H
#define LATCHKEY_ENV_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The syntax of a settings file (".env"), a line each:
 *
 *   # comment              blank lines and comments are passed over
 *   NAME=value             ends at the line's end or at a blank and a #
 *   export NAME="value"    in double quotes \" \\ \$ \n are escapes
 *   NAME='value'           in single quotes every character is itself
 *
 * Line ends may be CR LF, and a byte order mark may come first.
 */

enum env_line {
	ENV_NOTHING, /* blank or comment */
	ENV_SETTING, /* *name and *value are set */
	ENV_ERROR    /* neither */
};

/*
 * Read one line, NUL-terminated and without its line end, in place: *name and
 * *value point into it.
 */
enum env_line env_file_line(char *line, char **name, char **value);

#endif
