#include "db_error.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>

enum db_error
db_error_judge(unsigned number)
{
	switch (number) {
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
		return DB_ERROR_RERUN;
	case CR_SERVER_GONE_ERROR:
	case ER_UNKNOWN_STMT_HANDLER:
		return DB_ERROR_RECONNECT;
	case CR_SERVER_LOST:
	case CR_SERVER_LOST_EXTENDED:
	case ER_CONNECTION_KILLED:
	case ER_NET_READ_ERROR:
	case ER_NET_READ_INTERRUPTED:
		return DB_ERROR_UNSURE;
	case ER_UNKNOWN_COM_ERROR: /* a Galera node without quorum */
	case ER_SERVER_SHUTDOWN:
	case ER_OPTION_PREVENTS_STATEMENT: /* read only */
		return DB_ERROR_ELSEWHERE;
	case ER_DUP_ENTRY:
		return DB_ERROR_EXISTS;
	case ER_CON_COUNT_ERROR:
	case ER_TOO_MANY_USER_CONNECTIONS:
	case ER_USER_LIMIT_REACHED:
		return DB_ERROR_FULL;
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_UNKNOWN_HOST:
	case CR_SSL_CONNECTION_ERROR:
	case ER_RECORD_FILE_FULL:
	case ER_DISK_FULL:
	case ER_ACCESS_DENIED_ERROR:
	case ER_DBACCESS_DENIED_ERROR:
	case ER_BAD_DB_ERROR:
	case ER_NO_SUCH_TABLE:
	case ER_BAD_FIELD_ERROR:
	case ER_TABLEACCESS_DENIED_ERROR:
	case ER_COLUMNACCESS_DENIED_ERROR:
		return DB_ERROR_AWAY;
	default:
		return DB_ERROR_FAULT;
	}
}

const char *
db_error_remedy(unsigned number)
{
	switch (number) {
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_UNKNOWN_HOST:
		return "; is MariaDB running there? See DB_HOST, DB_PORT and "
		       "DB_SOCKET";
	case ER_ACCESS_DENIED_ERROR:
		return "; see DB_USER and DB_PASSWORD";
	case ER_DBACCESS_DENIED_ERROR:
	case ER_BAD_DB_ERROR:
		return "; see DB_NAME, and what DB_USER was granted on it";
	case ER_NO_SUCH_TABLE:
	case ER_BAD_FIELD_ERROR:
		return "; load sql/schema.sql into the database DB_NAME, or, "
		       "where tables of an older Latchkey are in it, what "
		       "sql/migrations holds: 'doctor' says which";
	case ER_TABLEACCESS_DENIED_ERROR:
	case ER_COLUMNACCESS_DENIED_ERROR:
		return "; grant DB_USER SELECT, INSERT, UPDATE and DELETE on "
		       "the tables of sql/schema.sql";
	case ER_CON_COUNT_ERROR:
	case ER_USER_LIMIT_REACHED:
	case ER_TOO_MANY_USER_CONNECTIONS:
		return "; every process of every program holds one "
		       "connection: set DB_PERSISTENT=0, or start fewer "
		       "processes, or allow more (max_user_connections, "
		       "max_connections)";
	default:
		return "";
	}
}
