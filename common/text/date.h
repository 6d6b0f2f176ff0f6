/*
 * Dates on the wire. Times are seconds since 1970-01-01T00:00:00Z, leap seconds
 * not counted. Knows no clock and no time zone but those written in the text.
 */
#ifndef PARLEY_TEXT_DATE_H
#define PARLEY_TEXT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

struct date_civil {
	int64_t year;
	int month, day;           /* from 1 */
	int hour, minute, second; /* second may be 60 when read */
	int weekday;              /* 0 is Sunday; ignored by date_from_civil */
};

int64_t date_from_civil(const struct date_civil *c);
struct date_civil date_to_civil(int64_t time);

/* RFC 9110 5.6.7: IMF-fixdate, RFC 850, asctime. `now` places RFC 850's two-digit years: never
 * more than 50 years ahead. A wrong day of the week is let through. */
bool date_parse_http(struct str text, int64_t now, int64_t *out);
/* Retry-After: seconds, or a date; *seconds from now, never negative. */
bool date_parse_retry(struct str text, int64_t now, int64_t *seconds);
/* RFC 5322 3.3 with the obsolete zones and years of 4.3; comments are skipped. *zone (minutes
 * east of UTC, may be NULL) is the zone it was written in. */
bool date_parse_mail(struct str text, int64_t *out, int *zone);

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
void date_put_http(struct buf *out, int64_t time);
/* "1994-11-06T08:49:37Z" */
void date_put_iso(struct buf *out, int64_t time);
/* "Sun, 06 Nov 1994 09:49:37 +0100" for zone 60 */
void date_put_mail(struct buf *out, int64_t time, int zone);

#endif
