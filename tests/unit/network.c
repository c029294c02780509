#include "network.h"

#include "unit.h"

/* Sixteen bytes as hex. */
static const char *
hex(const struct network *network)
{
	char *text = pool_alloc(unit_mem, 2 * NETWORK_ADDRESS_SIZE + 1);

	assert_non_null(text);
	for (int i = 0; i < NETWORK_ADDRESS_SIZE; i++)
		sprintf(text + 2 * i, "%02x", network->address[i]);
	return text;
}

static void
parses(void)
{
	static const struct {
		const char *text;
		const char *address; /* NULL: refused */
		unsigned bits;
	} rows[] = {
		{ "192.0.2.1", "00000000000000000000ffffc0000201", 128 },
		{ "192.0.2.1/32", "00000000000000000000ffffc0000201", 128 },
		{ "192.0.2.0/31", "00000000000000000000ffffc0000200", 127 },
		{ "192.0.2.1/31", NULL, 0 },
		{ "192.0.2.0/24", "00000000000000000000ffffc0000200", 120 },
		{ "192.0.2.128/25", "00000000000000000000ffffc0000280", 121 },
		{ "192.0.2.128/24", NULL, 0 },
		{ "127.0.0.0/8", "00000000000000000000ffff7f000000", 104 },
		{ "128.0.0.0/1", "00000000000000000000ffff80000000", 97 },
		{ "0.0.0.0/0", "00000000000000000000ffff00000000", 96 },
		{ "0.0.0.1/0", NULL, 0 },
		{ "255.255.255.255", "00000000000000000000ffffffffffff", 128 },
		/* RFC 4632, 3.1 has these three. */
		{ "172.16.0.0/12", "00000000000000000000ffffac100000", 108 },
		{ "10.0.0.0/8", "00000000000000000000ffff0a000000", 104 },
		{ "192.168.99.0/24", "00000000000000000000ffffc0a86300", 120 },

		{ "2001:db8::1", "20010db8000000000000000000000001", 128 },
		{ "2001:db8::1/128", "20010db8000000000000000000000001", 128 },
		{ "2001:DB8::/32", "20010db8000000000000000000000000", 32 },
		{ "2001:db8::/33", "20010db8000000000000000000000000", 33 },
		{ "2001:db8:8000::/33", "20010db8800000000000000000000000",
		    33 },
		{ "2001:db8:8000::/32", NULL, 0 },
		{ "::/0", "00000000000000000000000000000000", 0 },
		{ "::1/0", NULL, 0 },
		{ "8000::/1", "80000000000000000000000000000000", 1 },
		{ "::1", "00000000000000000000000000000001", 128 },
		/* RFC 4291, 2.3. */
		{ "2001:0DB8:0000:CD30:0000:0000:0000:0000/60",
		    "20010db80000cd300000000000000000", 60 },
		{ "2001:0DB8::CD30:0:0:0:0/60",
		    "20010db80000cd300000000000000000", 60 },
		{ "2001:0DB8:0:CD3/60", NULL, 0 },
		{ "2001:0DB8::CD30/60", NULL, 0 },
		{ "2001:0DB8::CD3/60", NULL, 0 },
		/* RFC 4291, 2.5.5.2: one and the same. */
		{ "::ffff:192.0.2.1", "00000000000000000000ffffc0000201", 128 },
		{ "::ffff:c000:201", "00000000000000000000ffffc0000201", 128 },
		{ "::ffff:192.0.2.0/120", "00000000000000000000ffffc0000200",
		    120 },
		{ "::ffff:192.0.2.0/24", NULL, 0 },
		{ "::192.0.2.1", "000000000000000000000000c0000201", 128 },

		{ "", NULL, 0 },
		{ "/", NULL, 0 },
		{ "/24", NULL, 0 },
		{ "192.0.2.0/", NULL, 0 },
		{ "192.0.2.0/33", NULL, 0 },
		{ "192.0.2.0/128", NULL, 0 },
		{ "192.0.2.0/999", NULL, 0 },
		{ "192.0.2.0/0024", NULL, 0 },
		{ "192.0.2.0/4294967320", NULL, 0 },
		{ "192.0.2.0/-1", NULL, 0 },
		{ "192.0.2.0/+24", NULL, 0 },
		{ "192.0.2.0/ 24", NULL, 0 },
		{ "192.0.2.0/24 ", NULL, 0 },
		{ "192.0.2.0/24/8", NULL, 0 },
		{ "192.0.2.0/255.255.255.0", NULL, 0 },
		{ "192.0.2.0/x", NULL, 0 },
		{ " 192.0.2.1", NULL, 0 },
		{ "192.0.2.1 ", NULL, 0 },
		{ "192.0.2", NULL, 0 },
		{ "192.0.2.", NULL, 0 },
		{ "192.0.2.256", NULL, 0 },
		{ "192.0.2.1.1", NULL, 0 },
		{ "192.0.02.1", NULL, 0 },
		{ "0x7f.0.0.1", NULL, 0 },
		{ "3221225985", NULL, 0 },
		{ "192.0.2.1:80", NULL, 0 },
		{ "2001:db8::/129", NULL, 0 },
		{ "2001:db8::/-1", NULL, 0 },
		{ "[2001:db8::1]", NULL, 0 },
		{ "2001:db8::1%lo", NULL, 0 },
		{ "2001:db8:::1", NULL, 0 },
		{ "2001:db8", NULL, 0 },
		{ "localhost", NULL, 0 },
		{ "*", NULL, 0 },
		/* The longest address, and a byte more. */
		{ "2001:0db8:0000:0000:0000:ffff:255.255.255.255",
		    "20010db8000000000000ffffffffffff", 128 },
		{ "02001:0db8:0000:0000:0000:ffff:255.255.255.255", NULL, 0 },
		{ "2001:0db8:0000:0000:0000:ffff:255.255.255.2555", NULL, 0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct network network;
		bool good = network_parse(rows[i].text, &network);

		SAME_INT(rows[i].text, good, rows[i].address != NULL);
		if (!good || rows[i].address == NULL)
			continue;
		SAME_TEXT(rows[i].text, hex(&network), rows[i].address);
		SAME_INT(rows[i].text, network.bits, rows[i].bits);
	}
}

static void
contains(void)
{
	static const struct {
		const char *network, *address;
		bool inside;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.0", false },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.0/24", "192.0.1.255", false },
		{ "192.0.2.0/24", "192.0.2.0", true },
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "192.0.2.0/24", "::ffff:192.0.2.7", true },
		{ "::ffff:192.0.2.0/120", "192.0.2.7", true },
		{ "192.0.2.0/24", "::192.0.2.7", false },
		{ "192.0.2.0/24", "c000:200::7", false },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "0.0.0.0/0", "::1", false },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
		    false },
		{ "2001:db8::/32", "2001:db8::", true },
		{ "2001:db8::/32", "2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff",
		    true },
		{ "2001:db8::/32", "2001:db9::", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::1", "::1", true },
		{ "::1", "127.0.0.1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "192.0.2.1", true },
		{ "::/0", "", false },
		{ "::/0", "localhost", false },
		{ "::/0", "192.0.2.1/32", false },
		{ "0.0.0.0/0", "192.0.2.1, 192.0.2.2", false },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		const char *row = pool_printf(unit_mem, "%s in %s",
		    rows[i].address, rows[i].network);
		struct network network;

		HOLDS(row, network_parse(rows[i].network, &network));
		SAME_INT(row, network_contains(&network, rows[i].address),
		    rows[i].inside);
	}
}

static void
clients(void)
{
	static const struct {
		const char *text;
		const char *address; /* NULL: none */
		unsigned bits;
	} rows[] = {
		{ "192.0.2.1", "00000000000000000000ffffc0000201", 128 },
		{ "192.0.2.2", "00000000000000000000ffffc0000202", 128 },
		{ "0.0.0.0", "00000000000000000000ffff00000000", 128 },
		{ "::ffff:192.0.2.1", "00000000000000000000ffffc0000201", 128 },
		/* A subscriber has all of a /64, and no more is theirs. */
		{ "2001:db8:1:2::", "20010db8000100020000000000000000", 64 },
		{ "2001:db8:1:2:3:4:5:6", "20010db8000100020000000000000000",
		    64 },
		{ "2001:db8:1:2:ffff:ffff:ffff:ffff",
		    "20010db8000100020000000000000000", 64 },
		{ "2001:db8:1:3::", "20010db8000100030000000000000000", 64 },
		{ "2001:db8:1:1:ffff:ffff:ffff:ffff",
		    "20010db8000100010000000000000000", 64 },
		{ "::1", "00000000000000000000000000000000", 64 },
		{ "::192.0.2.1", "00000000000000000000000000000000", 64 },
		{ "::fffe:192.0.2.1", "00000000000000000000000000000000", 64 },
		{ "fe80::1", "fe800000000000000000000000000000", 64 },
		{ "", NULL, 0 },
		{ "localhost", NULL, 0 },
		{ "192.0.2.1/32", NULL, 0 },
		{ "2001:db8::/64", NULL, 0 },
		{ "192.0.2.1, 192.0.2.2", NULL, 0 },
		{ "fe80::1%lo", NULL, 0 },
	};

	for (size_t i = 0; i < LENGTH_OF(rows); i++) {
		struct network network;
		bool good = network_of_client(rows[i].text, &network);

		SAME_INT(rows[i].text, good, rows[i].address != NULL);
		if (!good || rows[i].address == NULL)
			continue;
		SAME_TEXT(rows[i].text, hex(&network), rows[i].address);
		SAME_INT(rows[i].text, network.bits, rows[i].bits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(parses),
		UNIT(contains),
		UNIT(clients),
	};

	return UNIT_MAIN(tests);
}
