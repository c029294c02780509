-- The one table of Latchkey.  Load it into the database that DB_NAME names:
-- through phpMyAdmin's Import, or "mariadb NAME < schema.sql".  Loading it
-- again changes nothing.  MariaDB 10.4 or later.
--
-- The programs need no more than this of it, for the account DB_USER:
--
--     GRANT SELECT, INSERT, UPDATE, DELETE ON users TO 'latchkey'@'localhost';

-- One row is one person and the whole of their sign-in state, so that every
-- change of it is one statement on one primary key.
CREATE TABLE IF NOT EXISTS users (
    id            BINARY(16)   NOT NULL COMMENT 'UUIDv7 (RFC 9562), made by the program',
    email         VARCHAR(254) NOT NULL COMMENT 'lower case',
    password      VARCHAR(255) NOT NULL COMMENT 'crypt(5) string',
    refresh_token JSON         DEFAULT NULL COMMENT 'the open sessions, see lib/session.h; NULL: none',
    created_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
    updated_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
    PRIMARY KEY (id),
    UNIQUE KEY users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
