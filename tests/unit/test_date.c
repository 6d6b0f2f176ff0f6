/*
 * Dates: the calendar, the three HTTP forms, mail's many.
 */
#include <stdint.h>

#include "common/text/date.h"
#include "tests/unit/unit.h"

enum { SAMPLE = 784111777 }; /* RFC 9110's: Sun, 06 Nov 1994 08:49:37 GMT */

static void calendar(struct unit *t)
{
	for (int64_t time = -100000000000; time < 100000000000; time += 123456789) {
		struct date_civil c = date_to_civil(time);
		if (!CHECK_INT(date_from_civil(&c), time))
			break;
	}
	struct date_civil c = date_to_civil(951782400); /* 29 February 2000 */
	CHECK_INT(c.year * 10000 + c.month * 100 + c.day, 20000229);
	CHECK_INT(c.weekday, 2);
	c = date_to_civil(-1);
	CHECK_INT(c.year * 10000 + c.month * 100 + c.day, 19691231);
	CHECK_INT(c.second, 59);
	CHECK_INT(c.weekday, 3);
}

static void http(struct unit *t)
{
	static const char *const good[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
	    "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"};
	static const char *const bad[] = {"", "Sun", "Sun, 06 Nov 1994 08:49:37",
	    "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
	    "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 1994 08:49:37 GMT",
	    "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT",
	    "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
	    "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
	    "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMTx",
	    "Sun, -6 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994"};
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t time = 0;
		CHECK(date_parse_http(str_of(good[i]), SAMPLE, &time));
		CHECK_INT(time, SAMPLE);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t time = 7;
		if (!CHECK(!date_parse_http(str_of(bad[i]), SAMPLE, &time) && time == 7))
			unit_check_str(t, str_of(bad[i]), STR("refused"), "date");
	}
	int64_t time = 0;
	CHECK(date_parse_http(STR("Tue, 29 Feb 2000 00:00:00 GMT"), 0, &time));
	CHECK_INT(time, 951782400);
}

static void check_century(struct unit *t, int64_t now, const char *text, int64_t year)
{
	int64_t time = 0;
	CHECK(date_parse_http(str_of(text), now, &time));
	CHECK_INT(date_to_civil(time).year, year);
}

static void two_digits(struct unit *t)
{
	enum { Y2026 = 1780000000 };
	check_century(t, Y2026, "Sunday, 06-Nov-94 08:49:37 GMT", 1994);
	check_century(t, Y2026, "Sunday, 06-Nov-30 08:49:37 GMT", 2030);
	check_century(t, Y2026, "Sunday, 06-Nov-75 08:49:37 GMT", 2075);
	check_century(t, Y2026, "Sunday, 06-Nov-77 08:49:37 GMT", 1977);
	check_century(t, SAMPLE, "Sunday, 06-Nov-37 08:49:37 GMT", 2037);
}

static void retry(struct unit *t)
{
	int64_t wait = 7;
	CHECK(date_parse_retry(STR("120"), SAMPLE, &wait) && wait == 120);
	CHECK(date_parse_retry(STR("Sun, 06 Nov 1994 08:49:37 GMT"), SAMPLE - 60, &wait));
	CHECK_INT(wait, 60);
	CHECK(date_parse_retry(STR("Sun, 06 Nov 1994 08:49:37 GMT"), SAMPLE + 60, &wait));
	CHECK_INT(wait, 0);
	CHECK(!date_parse_retry(STR("-1"), SAMPLE, &wait));
	CHECK(!date_parse_retry(STR("99999999999999999999"), SAMPLE, &wait));
	CHECK(!date_parse_retry(STR("soon"), SAMPLE, &wait));
}

static void check_mail(struct unit *t, const char *text, int64_t want, int want_zone)
{
	int64_t time = 0;
	int zone = 0;
	if (!CHECK(date_parse_mail(str_of(text), &time, &zone)))
		unit_check_str(t, str_of(text), STR("accepted"), "date");
	CHECK_INT(time, want);
	CHECK_INT(zone, want_zone);
}

static void mail(struct unit *t)
{
	check_mail(t, "Sun, 06 Nov 1994 08:49:37 +0000", SAMPLE, 0);
	check_mail(t, "Sun, 6 Nov 1994 09:49:37 +0100 (CET (\\) x))", SAMPLE, 60);
	check_mail(t, "6 Nov 94 03:49:37 EST", SAMPLE, -300);
	check_mail(t, " (x) Sun , 6 Nov 094\r\n 02:49 -0600", SAMPLE - 37, -360);
	check_mail(t, "Sun, 06 Nov 1994 08:49:37 Z", SAMPLE, 0);
	check_mail(t, "Sun, 06 Nov 1994 08:49:37", SAMPLE, 0);
	int64_t time;
	CHECK(!date_parse_mail(STR("6 Nov"), &time, NULL));
	CHECK(!date_parse_mail(STR("32 Nov 1994 08:49:37 +0000"), &time, NULL));
	CHECK(!date_parse_mail(STR("6 Nov 1994 08:49:37 +00"), &time, NULL));
	CHECK(!date_parse_mail(STR("6 Nov 1994 08:49:37 +0000 x"), &time, NULL));
	CHECK(!date_parse_mail(STR(""), &time, NULL));
}

static void written(struct unit *t)
{
	struct buf out = BUF_INIT(200);
	date_put_http(&out, SAMPLE);
	buf_add_byte(&out, '|');
	date_put_iso(&out, SAMPLE);
	buf_add_byte(&out, '|');
	date_put_mail(&out, SAMPLE, -90);
	CHECK_STR(buf_cstr(&out), "Sun, 06 Nov 1994 08:49:37 GMT|1994-11-06T08:49:37Z|"
				  "Sun, 06 Nov 1994 07:19:37 -0130");
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"the calendar", calendar},
	    {"HTTP", http},
	    {"years of two digits", two_digits},
	    {"Retry-After", retry},
	    {"mail", mail},
	    {"written", written},
	};
	return unit_run(tests, COUNT(tests));
}
