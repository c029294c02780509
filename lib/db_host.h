#ifndef LATCHKEY_DB_HOST_H
#define LATCHKEY_DB_HOST_H

#include <stdbool.h>
#include <stddef.h>

enum {
	DB_HOST_SIZE = 256
};

/* One server of DB_HOST. */
struct db_host {
	char name[DB_HOST_SIZE];
	unsigned port;
};

/*
 * The server number ${index}, from 0, of the ${list}: names or addresses
 * with commas or blanks between them, each perhaps with ":port" behind it, an
 * IPv6 address then in brackets; ${port} is for those without.  An empty list
 * is "localhost".  False: there are not so many, or it is not of this form.
 */
bool db_host_find(const char *list, size_t index, unsigned port,
    struct db_host *out);

/* How many servers the list names: at least 1. */
size_t db_host_count(const char *list);

#endif
