-- The tables of Latchkey, as they are today.  Load this into the database that
-- DB_NAME names: through phpMyAdmin's Import, or "mariadb NAME < schema.sql".
-- Loading it again does no harm.  MariaDB 10.4 or later, or MySQL 8.0.16 or later.
--
-- Tables of an older Latchkey it leaves as they are: those are brought forward by
-- the files in migrations/, in the order of their numbers.  A program started in a
-- terminal says from which on.
--
-- The programs need no more than this of it, for the account DB_USER:
--
--     GRANT SELECT, INSERT, UPDATE, DELETE ON users TO 'latchkey'@'localhost';
--     GRANT SELECT, INSERT, UPDATE, DELETE ON codes TO 'latchkey'@'localhost';
--     GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO 'latchkey'@'localhost';
--     GRANT SELECT ON latchkey_schema TO 'latchkey'@'localhost';

-- Which migrations the tables have had; the highest number is their version.
CREATE TABLE IF NOT EXISTS latchkey_schema (
    version    INT         NOT NULL COMMENT 'the number of a file in sql/migrations',
    applied_at DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
-- Tables that are made below are of this version; those that are there may not be.
INSERT IGNORE INTO latchkey_schema (version, applied_at)
    SELECT 1, UTC_TIMESTAMP(3) FROM DUAL WHERE NOT EXISTS (
        SELECT 1 FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_name = 'users');

-- One row is one person and the whole of their sign-in state, so that every
-- change of it is one statement on one primary key.
CREATE TABLE IF NOT EXISTS users (
    id            BINARY(16)   NOT NULL COMMENT 'UUIDv7 (RFC 9562), made by the program',
    email         VARCHAR(254) NOT NULL COMMENT 'lower case',
    password      VARCHAR(255) NOT NULL COMMENT 'crypt(5) string',
    -- MariaDB's JSON, written out: MySQL's neither keeps a text as it is, nor
    -- compares with one, and every change of a session is a compare and set.
    refresh_token LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'the open sessions, see lib/session.h; NULL: none' CHECK (JSON_VALID(refresh_token)),
    created_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
    updated_at    DATETIME(3)  NOT NULL COMMENT 'UTC',
    email_verified BOOLEAN     NOT NULL DEFAULT FALSE COMMENT 'a code sent there came back',
    PRIMARY KEY (id),
    UNIQUE KEY users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One row for each user and purpose: a code that was mailed, and the mail.
CREATE TABLE IF NOT EXISTS codes (
    user_id    BINARY(16)   NOT NULL COMMENT 'users.id, or an ID that nobody has',
    purpose    VARCHAR(20)  NOT NULL COMMENT 'see lib/code.h; also the name of the mail''s template',
    email      VARCHAR(254) NOT NULL COMMENT 'where the mail goes, lower case',
    language   VARCHAR(8)   NOT NULL COMMENT 'of the mail, like en',
    hash       CHAR(64)     DEFAULT NULL COMMENT 'HMAC-SHA256 of the code, hex; NULL: no code',
    tries      TINYINT      NOT NULL DEFAULT 0 COMMENT 'at guessing it',
    expires_at DATETIME(3)  NOT NULL COMMENT 'UTC',
    mail_at    DATETIME(3)  DEFAULT NULL COMMENT 'UTC: when to send it next; NULL: sent',
    PRIMARY KEY (user_id, purpose),
    KEY codes_email (email, purpose),
    KEY codes_mail_at (mail_at),
    KEY codes_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One row is one counter of attempts.  What is due in the past says nothing.
CREATE TABLE IF NOT EXISTS attempts (
    id  CHAR(32) NOT NULL COMMENT 'keyed hash of what is counted, hex; see lib/throttle.c',
    due BIGINT   NOT NULL COMMENT 'milliseconds since the epoch: when it is empty again',
    PRIMARY KEY (id),
    KEY attempts_due (due)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
