/*
 * Dates of any bytes: of cookies, HTTP, mail. What is read can be written, and
 * is read again as the same second.
 */
#include "cmd/webget/cookie.h"
#include "common/text/date.h"
#include "tests/fuzz/fuzz.h"

#define NOW ((int64_t)1795305600)

static void check(int64_t when)
{
	struct buf text = BUF_INIT(64);
	struct date_civil c = date_to_civil(when);
	int64_t again;
	must(date_from_civil(&c) == when);
	/* HTTP writes four digits. */
	if (c.year < 0 || c.year > 9999)
		return;
	date_put_http(&text, when);
	must(date_parse_http(buf_str(&text), NOW, &again) && again == when);
	must(c.year < 1601 || (cookie_date(buf_str(&text), &again) && again == when));
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	int64_t when;
	int zone;
	if (cookie_date(text, &when))
		check(when);
	if (date_parse_http(text, NOW, &when))
		check(when);
	if (date_parse_mail(text, &when, &zone))
		check(when);
	must(!date_parse_retry(text, NOW, &when) || when >= 0);
	return 0;
}
