/*
 * Numbers: what fits, what does not, what is shown.
 */
#include <stdint.h>

#include "common/text/number.h"
#include "tests/unit/unit.h"

static void plain(struct unit *t)
{
	uint64_t n = 7;
	CHECK(number_parse(STR("0"), &n) && n == 0);
	CHECK(number_parse(STR("007"), &n) && n == 7);
	CHECK(number_parse(STR("18446744073709551615"), &n) && n == UINT64_MAX);
	n = 7;
	CHECK(!number_parse(STR("18446744073709551616"), &n));
	CHECK(!number_parse(STR("99999999999999999999999"), &n));
	CHECK(!number_parse(STR(""), &n));
	CHECK(!number_parse(STR("-1"), &n));
	CHECK(!number_parse(STR("+1"), &n));
	CHECK(!number_parse(STR(" 1"), &n));
	CHECK(!number_parse(STR("1 "), &n));
	CHECK(!number_parse(STR("1\0"), &n));
	CHECK(!number_parse(STR("0x1"), &n));
	CHECK(!number_parse_max(STR("11"), 10, &n));
	CHECK_INT(n, 7);
}

static void with_sign(struct unit *t)
{
	int64_t n = 0;
	CHECK(number_parse_signed(STR("-9223372036854775808"), &n) && n == INT64_MIN);
	CHECK(number_parse_signed(STR("9223372036854775807"), &n) && n == INT64_MAX);
	CHECK(number_parse_signed(STR("-0"), &n) && n == 0);
	CHECK(number_parse_signed(STR("+5"), &n) && n == 5);
	CHECK(!number_parse_signed(STR("9223372036854775808"), &n));
	CHECK(!number_parse_signed(STR("-9223372036854775809"), &n));
	CHECK(!number_parse_signed(STR("--1"), &n));
	CHECK(!number_parse_signed(STR("-"), &n));
}

static void hexadecimal(struct unit *t)
{
	uint64_t n = 0;
	CHECK(number_parse_hex(STR("fFfFfFfFfFfFfFfF"), 16, &n) && n == UINT64_MAX);
	CHECK(number_parse_hex(STR("0000000000000010"), 16, &n) && n == 16);
	CHECK(!number_parse_hex(STR("00000000000000010"), 16, &n));
	CHECK(!number_parse_hex(STR("00000000000000010"), 99, &n));
	CHECK(!number_parse_hex(STR("100"), 2, &n));
	CHECK(!number_parse_hex(STR(""), 16, &n));
	CHECK(!number_parse_hex(STR("-1"), 16, &n));
	CHECK(!number_parse_hex(STR("0x1"), 16, &n));
}

static void sizes(struct unit *t)
{
	uint64_t n = 0;
	CHECK(number_parse_size(STR("10"), &n) && n == 10);
	CHECK(number_parse_size(STR("10k"), &n) && n == 10240);
	CHECK(number_parse_size(STR("2M"), &n) && n == 2097152);
	CHECK(number_parse_size(STR("1.5m"), &n) && n == 1572864);
	CHECK(number_parse_size(STR("1g"), &n) && n == 1073741824);
	CHECK(number_parse_size(STR("1t"), &n) && n == 1099511627776);
	CHECK(number_parse_size(STR("0.999999999999t"), &n) && n < 1099511627776);
	CHECK(!number_parse_size(STR("16777216t"), &n));
	CHECK(!number_parse_size(STR("k"), &n));
	CHECK(!number_parse_size(STR("1x"), &n));
	CHECK(!number_parse_size(STR("1kk"), &n));
	CHECK(!number_parse_size(STR("1.k"), &n));
	CHECK(!number_parse_size(STR("-1k"), &n));
	CHECK(!number_parse_size(STR(""), &n));
}

static void seconds(struct unit *t)
{
	int64_t ms = 0;
	CHECK(number_parse_seconds(STR("30"), &ms) && ms == 30000);
	CHECK(number_parse_seconds(STR("0.25"), &ms) && ms == 250);
	CHECK(number_parse_seconds(STR(".5"), &ms) && ms == 500);
	CHECK(number_parse_seconds(STR("1.9999"), &ms) && ms == 1999);
	CHECK(number_parse_seconds(STR("0.0001"), &ms) && ms == 1);
	CHECK(number_parse_seconds(STR("0.0000000001"), &ms) && ms == 1);
	CHECK(number_parse_seconds(STR("0"), &ms) && ms == 0);
	CHECK(!number_parse_seconds(STR("99999999999"), &ms));
	CHECK(!number_parse_seconds(STR("1."), &ms));
	CHECK(!number_parse_seconds(STR("."), &ms));
	CHECK(!number_parse_seconds(STR("1s"), &ms));
	CHECK(!number_parse_seconds(STR("-1"), &ms));
	CHECK(!number_parse_seconds(STR(""), &ms));
	CHECK(!number_parse_seconds(STR("1e3"), &ms));
}

static void ports(struct unit *t)
{
	uint16_t port = 0;
	CHECK(number_parse_port(STR("65535"), &port) && port == 65535);
	CHECK(!number_parse_port(STR("0"), &port));
	CHECK(!number_parse_port(STR("65536"), &port));
	CHECK(!number_parse_port(STR("80x"), &port));
}

static void reasons(struct unit *t)
{
	CHECK_STR(number_why(STR("99999999999999999999")), "is too large");
	CHECK_STR(number_why(STR("-5")), "is negative");
	CHECK_STR(number_why(STR("five")), "is not a number");
	CHECK_STR(number_why(STR("5x")), "is not a number");
	CHECK_STR(number_why(STR("")), "is not a number");
}

static void shown(struct unit *t)
{
	char out[NUMBER_SHOWN];
	CHECK_STR(number_show_bytes(0, out), "0 B");
	CHECK_STR(number_show_bytes(999, out), "999 B");
	CHECK_STR(number_show_bytes(1000, out), "1.0 KiB");
	CHECK_STR(number_show_bytes(12897485, out), "12.3 MiB");
	CHECK_STR(number_show_bytes(1023 * 1024, out), "1.0 MiB");
	CHECK_STR(number_show_bytes(UINT64_MAX, out), "16.0 EiB");
	CHECK_STR(number_show_rate(2048.0, out), "2.0 KiB/s");
	CHECK_STR(number_show_rate(-1.0, out), "0 B/s");
	CHECK_STR(number_show_rate(1e300, out) ? "held" : "", "held");
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"plain", plain},
	    {"with a sign", with_sign},
	    {"hexadecimal", hexadecimal},
	    {"sizes", sizes},
	    {"seconds", seconds},
	    {"ports", ports},
	    {"reasons", reasons},
	    {"shown", shown},
	};
	return unit_run(tests, COUNT(tests));
}
