-- To version 1, from the table users alone, or from tables that have no number
-- yet.  Load it into the database of DB_NAME: through phpMyAdmin's Import, or
-- "mariadb NAME < 001-mail-and-limits.sql".  Loading it again does no harm.
--
-- The programs of version 1 also need, for the account DB_USER:
--
--     GRANT SELECT, INSERT, UPDATE, DELETE ON codes TO 'latchkey'@'localhost';
--     GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO 'latchkey'@'localhost';
--     GRANT SELECT ON latchkey_schema TO 'latchkey'@'localhost';

-- ADD COLUMN IF NOT EXISTS, which MySQL does not have; and to no table "users" but
-- ours.
SET @latchkey = (SELECT IF(SUM(column_name = 'refresh_token') = 1
        AND SUM(column_name = 'email_verified') = 0,
    'ALTER TABLE users ADD COLUMN email_verified BOOLEAN NOT NULL DEFAULT FALSE COMMENT ''a code sent there came back''',
    'DO 0') FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'users');
PREPARE latchkey FROM @latchkey;
EXECUTE latchkey;
DEALLOCATE PREPARE latchkey;

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

-- Which migrations the tables have had; the highest number is their version.
CREATE TABLE IF NOT EXISTS latchkey_schema (
    version    INT         NOT NULL COMMENT 'the number of a file in sql/migrations',
    applied_at DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
INSERT IGNORE INTO latchkey_schema (version, applied_at)
    VALUES (1, UTC_TIMESTAMP(3));
