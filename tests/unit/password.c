#include "password.h"

#include <time.h>

#include "unit.h"

#define BYTES72                                                                \
	"0123456789abcdefghijklmnopqrstuvwxyz"                                 \
	"0123456789abcdefghijklmnopqrstuvwxyz"

static void
rules(void)
{
	static const struct {
		const char *row, *password;
		int64_t min_length;
		enum rc rc;
	} rows[] = {
		{ "empty", "", 1, RC_PASSWORD_SHORT },
		{ "one of one", "a", 1, RC_OK },
		{ "four of five", "1234", 5, RC_PASSWORD_SHORT },
		{ "five of five", "12345", 5, RC_OK },
		{ "seven of eight", "1234567", 8, RC_PASSWORD_SHORT },
		{ "eight of eight", "12345678", 8, RC_OK },
		{ "blanks count", "        ", 8, RC_OK },
		{ "seven characters of 14 bytes",
		    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
		    8, RC_PASSWORD_SHORT },
		{ "eight characters of 16 bytes",
		    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		    "\xc3\xa4",
		    8, RC_OK },
		{ "one character of four bytes", "\xf0\x9f\x98\xb9", 2,
		    RC_PASSWORD_SHORT },
		{ "71 bytes", &BYTES72[1], 8, RC_OK },
		{ "72 bytes", BYTES72, 8, RC_OK },
		{ "73 bytes", BYTES72 "a", 8, RC_PASSWORD_LONG },
		{ "72 of 72", BYTES72, 72, RC_OK },
		{ "71 of 72", &BYTES72[1], 72, RC_PASSWORD_SHORT },
		{ "24 characters of 72 bytes",
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
		    8, RC_OK },
		{ "25 characters of 73 bytes",
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
		    "a",
		    8, RC_PASSWORD_LONG },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct config config = unit_config();

		config.password_min_length = rows[i].min_length;
		SAME_INT(rows[i].row, password_check(rows[i].password, &config),
		    rows[i].rc);
	}
}

/* The lengths are told before the list, which need not be there for them. */
static void
common_ones(void)
{
	static const struct {
		const char *row, *list, *password;
		enum rc rc;
	} rows[] = {
		{ "no list", "", "password", RC_OK },
		{ "common", "passwords/common.txt", "password",
		    RC_PASSWORD_COMMON },
		{ "in capitals", "passwords/common.txt", "Password1",
		    RC_PASSWORD_COMMON },
		{ "not common", "passwords/common.txt", "correct horse",
		    RC_OK },
		{ "72 bytes", "passwords/common.txt", BYTES72, RC_OK },
		{ "no such list", "passwords/none", "correct horse", RC_FAULT },
		{ "no such list, too short", "passwords/none", "1234567",
		    RC_PASSWORD_SHORT },
		{ "no such list, too long", "passwords/none", BYTES72 "a",
		    RC_PASSWORD_LONG },
	};
	int before = unit_quiet();

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct config config = unit_config();

		config.password_blocklist = rows[i].list;
		SAME_INT(rows[i].row, password_check(rows[i].password, &config),
		    rows[i].rc);
	}
	unit_loud(before);
}

struct known {
	const char *row, *password, *hash;
};

/* Hashes that others made, of their own passwords. */
static const struct known known[] = {
	{ "PHP", "12345",
	    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1eWqe" },
	{ "PHP, cost 10", "12345",
	    "$2y$10$xxkogH/DNzpL88a//byDX.fR50nY4W.M7Xhwxb/WDXQEFjktGwOD6" },
	{ "PHP, a sentence", "correct horse battery staple",
	    "$2y$04$Y9yab/TZcJuKOLrKVo9Sdub5fPr7Rs3VNKOmFhFM5kboT2c8Xe.S6" },
	{ "PHP, UTF-8",
	    "p\xc3\xa4ssw\xc3\xb6"
	    "rd",
	    "$2y$04$fe10MY3Xmm5Xk5TqT45Ofe8h5RPHcy5h9V7p5F0BjRRi5Yvw4mlGS" },
	{ "PHP, 72 bytes", BYTES72,
	    "$2y$04$Y29Kd6McKEefn7nNeDYbG.TEZDbpxfdyOvebDTJpCiJNuxFd.v05O" },
	{ "PHP, blanks around", " leading and trailing ",
	    "$2y$04$R6.T63/8xCAVodabMknIWe.hARBujJ0BRhW2y9m7/8Gywr7jVlAua" },
	{ "PHP, one letter", "a",
	    "$2y$04$jvDV8K5AEJBXPJ8U3rpAn.Jo4Cw2SQXgAGI.JrS62CHt5dDe9yihy" },
	{ "Node, bcrypt", "12345",
	    "$2b$04$zBlXg2L34YR0jh0ATwVwmuLCzIOEVIrcARao8OsNj6T6eEfMxJ4oO" },
	{ "Node, bcrypt, a sentence", "correct horse battery staple",
	    "$2b$04$A1k65CM4QRF5/aoePDLr0OxQI0z6MxK.p7aoQcqb.1cXbqGI8ZM86" },
	{ "Node, bcrypt, UTF-8",
	    "p\xc3\xa4ssw\xc3\xb6"
	    "rd",
	    "$2b$04$QPivnflbkzocYCotyPF1Yelk3o7woroNorWxcPRv2Epoe66Y3cmIK" },
	{ "Node, bcrypt, $2a$", "12345",
	    "$2a$04$THY9WLWMX1hyMreiSCl9COMXH60pklCIxksrPWtXkG0App0nsj/sS" },
	{ "Node, bcryptjs", "12345",
	    "$2a$04$Sh8svpzLE9on73w8cjVBuOFWmYspGzXVPgAxUZc/GkswXp40BVy6K" },
	{ "Node, bcryptjs, UTF-8",
	    "p\xc3\xa4ssw\xc3\xb6"
	    "rd",
	    "$2a$04$XQ9qoPF11ALrLt85mXlISO1lCEnmY/R6xVEA0MrAf8g3CjrYCV7s6" },
	/* The test vectors of crypt_blowfish. */
	{ "vector 1", "U*U",
	    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" },
	{ "vector 2", "U*U*",
	    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK" },
	{ "vector 3", "U*U*U",
	    "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a" },
	{ "vector 4", "",
	    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy" },
	{ "vector 5, a byte over 0x7f", "\xff\xff\xa3",
	    "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e" },
	{ "vector 6, a byte over 0x7f", "\xa3",
	    "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq" },
};

static void
hashes_from_elsewhere(void)
{
	for (size_t i = 0; i < LENGTH_OF(known); i++) {
		const char *password = known[i].password;
		size_t len = strlen(password);

		SAME_INT(known[i].row,
		    password_verify(password, known[i].hash, 4), RC_OK);
		SAME_INT(known[i].row,
		    password_verify(pool_printf(unit_mem, "%sx", password),
			known[i].hash, 4),
		    RC_DENIED);
		if (len > 0)
			SAME_INT(known[i].row,
			    password_verify(pool_printf(unit_mem, "%.*s",
						(int)len - 1, password),
				known[i].hash, 4),
			    RC_DENIED);
	}
}

/* The hash takes 72 bytes, and is not asked about the rest. */
static void
over_72_bytes_never_match(void)
{
	/* crypt_blowfish: "chars after 72 are ignored". */
	static const char vector[] =
	    "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	char hash[PASSWORD_HASH_SIZE];

	SAME_INT("72 of the vector", password_verify(letters, vector, 4),
	    RC_OK);
	SAME_INT("all of the vector",
	    password_verify(pool_printf(unit_mem,
				"%schars after 72 are ignored", letters),
		vector, 4),
	    RC_DENIED);
	SAME_INT("hash of 72", password_hash(BYTES72, 4, hash), RC_OK);
	SAME_INT("72", password_verify(BYTES72, hash, 4), RC_OK);
	SAME_INT("71", password_verify(&BYTES72[1], hash, 4), RC_DENIED);
	SAME_INT("73", password_verify(BYTES72 "a", hash, 4), RC_DENIED);
	SAME_INT("512",
	    password_verify(pool_printf(unit_mem, "%s%s", BYTES72,
				unit_repeat('a', 440)),
		hash, 4),
	    RC_DENIED);
	SAME_INT("100000", password_verify(unit_repeat('a', 100000), hash, 4),
	    RC_DENIED);
}

/* What may stand in a row and opens nothing. */
static void
unusable_hashes(void)
{
	static const struct {
		const char *row, *hash;
	} rows[] = {
		{ "empty", "" },
		{ "*0", "*0" },
		{ "*1", "*1" },
		{ "*", "*" },
		{ "!", "!" },
		{ "the password itself", "12345" },
		/* These are of 12345, and crypt(3) would say so. */
		{ "DES", "ab80DAu2C3JN6" },
		{ "MD5", "$1$abcdefgh$r53kJYdu1zkA6WTIwUd3C0" },
		{ "SHA-256", "$5$saltstring$G0IvUi5yumndefsYUMhosRgOKa"
			     "Uk.MgYIjn/khuPfI1" },
		{ "SHA-512",
		    "$6$saltstring$Bc9eIwBEYMDUrqCwAdvqL2NSLE5UkZxqlK0K"
		    "ApKPAVzDK3pBWU.bnhGUVGAtY7SdWIXPqzlH9z6YGc.3A1Iqf1" },
		{ "yescrypt", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$tnSYvahCwPBHKZUspm"
			      "cxMfb0.WiB9W.zEaKlOBL35rC" },
		{ "Argon2", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$"
			    "aGFzaGhhc2hoYXNoaGFzaA" },
		{ "a setting alone", "$2b$04$abcdefghijklmnopqrstuu" },
		{ "cut short",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWq" },
		{ "a byte longer",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe." },
		{ "a blank behind",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe " },
		{ "a blank before",
		    " $2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "$2$",
		    "$2$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqee" },
		{ "$2x$", "$2x$05$/OK.fbVrR/bpIqNJ5ianF."
			  "CE5elHaaO4EbggVDjb8P19RukzXSM3e" },
		{ "$2c$",
		    "$2c$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "$3y$",
		    "$3y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost 00",
		    "$2y$00$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost 03",
		    "$2y$03$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost 32",
		    "$2y$32$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost 99",
		    "$2y$99$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost of one digit",
		    "$2y$4$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqee" },
		{ "cost +4",
		    "$2y$+4$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "cost in letters",
		    "$2y$xx$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "no $ behind the cost",
		    "$2y$04.le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "outside the alphabet",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWq+" },
		{ "a line end in it",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWq\n" },
		{ "bytes over 0x7f",
		    "$2y$04$\xc3\xa4"
		    "9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1eWqe" },
		{ "another hash of the same salt",
		    "$2y$04$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqf" },
		{ "another salt",
		    "$2y$04$me9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
		{ "another cost",
		    "$2y$05$le9i1AbrcmBJCDasvZdvCeoBjBecibFDvIo3PbmUy20XfvWv1"
		    "eWqe" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		SAME_INT(rows[i].row, password_verify("12345", rows[i].hash, 4),
		    RC_DENIED);
		SAME_INT(rows[i].row, password_verify("", rows[i].hash, 4),
		    RC_DENIED);
		/* $2x$ is of this one. */
		SAME_INT(rows[i].row, password_verify("\xa3", rows[i].hash, 4),
		    RC_DENIED);
		SAME_INT(rows[i].row,
		    password_verify(rows[i].hash, rows[i].hash, 4), RC_DENIED);
		SAME_INT(rows[i].row,
		    password_verify(BYTES72 "a", rows[i].hash, 4), RC_DENIED);
	}
}

static void
round_trip(void)
{
	static const struct {
		const char *row, *password, *wrong;
	} rows[] = {
		{ "plain", "12345", "12346" },
		{ "another case", "Secret", "secret" },
		{ "blanks are kept", " a ", "a" },
		{ "no normalization", "\xc3\xa4", "a\xcc\x88" },
		{ "no cut at a high byte", "\xff\xff", "\xff" },
		{ "the 72nd byte counts", BYTES72,
		    "0123456789abcdefghijklmnopqrstuvwxyz"
		    "0123456789abcdefghijklmnopqrstuvwxyZ" },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

		SAME_INT(rows[i].row, password_hash(rows[i].password, 4, hash),
		    RC_OK);
		SAME_INT(rows[i].row, strlen(hash), 60);
		HOLDS(rows[i].row, strncmp(hash, "$2b$04$", 7) == 0);
		SAME_INT(rows[i].row,
		    password_verify(rows[i].password, hash, 4), RC_OK);
		SAME_INT(rows[i].row, password_verify(rows[i].wrong, hash, 4),
		    RC_DENIED);
		SAME_INT(rows[i].row, password_hash(rows[i].password, 4, again),
		    RC_OK);
		HOLDS("a fresh salt", strcmp(hash, again) != 0);
	}
}

static void
costs(void)
{
	static const struct {
		const char *row;
		int64_t cost;
		enum rc rc;
	} rows[] = {
		{ "3", 3, RC_FAULT },
		{ "4", 4, RC_OK },
		{ "5", 5, RC_OK },
		{ "10", 10, RC_OK },
		{ "32", 32, RC_FAULT },
		{ "-1", -1, RC_FAULT },
	};
	int before = unit_quiet();

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		char hash[PASSWORD_HASH_SIZE] = "";

		SAME_INT(rows[i].row,
		    password_hash("12345", rows[i].cost, hash), rows[i].rc);
		if (rows[i].rc == RC_OK)
			SAME_INT(rows[i].row, atoi(hash + 4), rows[i].cost);
		SAME_INT(rows[i].row, password_refuse("12345", rows[i].cost),
		    rows[i].rc == RC_OK ? RC_DENIED : RC_FAULT);
	}
	unit_loud(before);
}

static void
refusals(void)
{
	SAME_INT("empty", password_refuse("", 4), RC_DENIED);
	SAME_INT("plain", password_refuse("12345", 4), RC_DENIED);
	SAME_INT("72", password_refuse(BYTES72, 4), RC_DENIED);
	SAME_INT("73", password_refuse(BYTES72 "a", 4), RC_DENIED);
	SAME_INT("100000", password_refuse(unit_repeat('a', 100000), 4),
	    RC_DENIED);
}

static int64_t
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/*
 * One hash each way, and no refusal that is free: of cost 8 (13 ms or so),
 * all take from half to twice the time.
 */
static void
refusals_cost_alike(void)
{
	char hash[PASSWORD_HASH_SIZE];
	const struct {
		const char *row, *password, *hash;
	} rows[] = {
		{ "right", "12345", hash },
		{ "wrong", "12346", hash },
		{ "over 72 bytes", BYTES72 "a", hash },
		{ "unusable", "12345", "*0" },
		{ "empty hash", "12345", "" },
		{ "no account", "12345", NULL },
	};
	int64_t best[LENGTH_OF(rows)];

	SAME_INT("hash", password_hash("12345", 8, hash), RC_OK);
	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		best[i] = INT64_MAX;
		for (int again = 0; again < 3; again++) {
			int64_t start = cpu_us(), took;
			enum rc rc = rows[i].hash != NULL
					 ? password_verify(rows[i].password,
					       rows[i].hash, 8)
					 : password_refuse(rows[i].password, 8);

			took = cpu_us() - start;
			SAME_INT(rows[i].row, rc, i == 0 ? RC_OK : RC_DENIED);
			if (took < best[i])
				best[i] = took;
		}
		HOLDS(rows[i].row, best[i] * 2 > best[0]);
		HOLDS(rows[i].row, best[i] < best[0] * 2);
	}
}

static void
rehash(void)
{
	static const struct {
		const char *row, *hash;
		int64_t cost;
		bool needed;
	} rows[] = {
		{ "as now", "$2b$10$x", 10, false },
		{ "a lower cost", "$2b$04$x", 10, true },
		{ "a higher cost", "$2b$12$x", 10, true },
		{ "$2y$", "$2y$10$x", 10, true },
		{ "$2a$", "$2a$10$x", 10, true },
		{ "cost 04", "$2b$04$x", 4, false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++)
		SAME_INT(rows[i].row,
		    password_needs_rehash(rows[i].hash, rows[i].cost),
		    rows[i].needed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(rules),
		UNIT(common_ones),
		UNIT(hashes_from_elsewhere),
		UNIT(over_72_bytes_never_match),
		UNIT(unusable_hashes),
		UNIT(round_trip),
		UNIT(costs),
		UNIT(refusals),
		UNIT(refusals_cost_alike),
		UNIT(rehash),
	};

	return UNIT_MAIN(tests);
}
