#ifndef LATCHKEY_SCHEMA_H
#define LATCHKEY_SCHEMA_H

/*
 * The version of the tables in sql/ that these programs work on: what
 * sql/schema.sql makes, and the number of the last file in sql/migrations.
 */
enum {
	SCHEMA_VERSION = 1
};

#endif
