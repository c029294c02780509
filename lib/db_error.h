#ifndef LATCHKEY_DB_ERROR_H
#define LATCHKEY_DB_ERROR_H

/* What an error of the server or of Connector/C, by its number, asks for. */
enum db_error {
	DB_ERROR_RERUN,	    /* nothing was done: do the same again */
	DB_ERROR_RECONNECT, /* nothing was done, and the connection is gone */
	DB_ERROR_UNSURE,    /* it may have been done; the connection is gone */
	DB_ERROR_ELSEWHERE, /* nothing was done, and will not be here */
	DB_ERROR_FULL,	    /* nothing was done: there is no connection left */
	DB_ERROR_AWAY,	    /* nothing can be done now */
	DB_ERROR_EXISTS,    /* a unique key */
	DB_ERROR_FAULT
};

enum db_error db_error_judge(unsigned number);

/* What the operator can do about it, to put behind a message; or "". */
const char *db_error_remedy(unsigned number);

#endif
