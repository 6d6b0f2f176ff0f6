/*
 * Numbers as users and servers write them. Knows no option and no protocol.
 */
#include "common/text/number.h"

#include <stdio.h>

/* Takes the digits at the front of *s. False if there are none or they overflow. */
static bool take_digits(struct str *s, uint64_t *out)
{
	uint64_t value = 0;
	size_t i = 0;
	for (; i < s->len && char_is_digit(s->ptr[i]); i++) {
		uint64_t digit = (uint64_t)(s->ptr[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*s = str_sub(*s, i, s->len);
	*out = value;
	return i > 0;
}

bool number_parse(struct str s, uint64_t *out)
{
	return number_parse_max(s, UINT64_MAX, out);
}

bool number_parse_max(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t value;
	if (!take_digits(&s, &value) || s.len || value > max)
		return false;
	*out = value;
	return true;
}

bool number_parse_signed(struct str s, int64_t *out)
{
	bool minus = str_starts(s, "-");
	if (minus || str_starts(s, "+"))
		s = str_sub(s, 1, s.len);
	uint64_t value;
	if (!number_parse_max(s, (uint64_t)INT64_MAX + minus, &value))
		return false;
	/* -1 - (value - 1) is how -2^63 is reached without overflow. */
	*out = minus && value ? -1 - (int64_t)(value - 1) : (int64_t)value;
	return true;
}

bool number_parse_hex(struct str s, size_t max_digits, uint64_t *out)
{
	uint64_t value = 0;
	if (s.len == 0 || s.len > max_digits || s.len > 16)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = char_hex(s.ptr[i]);
		if (digit < 0)
			return false;
		value = value << 4 | (uint64_t)digit;
	}
	*out = value;
	return true;
}

/*
 * Takes ".ddd" off *s as a fraction of unit, rounded down; *rest says that
 * something was cut off. Digits past the ninth only count for that.
 */
static bool take_fraction(struct str *s, uint64_t unit, uint64_t *out, bool *rest)
{
	*out = 0;
	*rest = false;
	if (!str_starts(*s, "."))
		return true;
	uint64_t value = 0, scale = 1;
	size_t i = 1;
	for (; i < s->len && char_is_digit(s->ptr[i]); i++) {
		if (scale < 1000000000) {
			value = value * 10 + (uint64_t)(s->ptr[i] - '0');
			scale *= 10;
		} else if (s->ptr[i] != '0') {
			*rest = true;
		}
	}
	*s = str_sub(*s, i, s->len);
	/* value < scale <= 10^9: split, so that no product passes 64 bits. */
	*out = unit / scale * value + unit % scale * value / scale;
	*rest = *rest || unit % scale * value % scale;
	return i > 1;
}

/* 1024 to the power that the suffix names; 0 if it is none. */
static uint64_t suffix_unit(struct str suffix)
{
	static const char letters[] = "kmgt";
	if (suffix.len == 0)
		return 1;
	for (unsigned i = 0; suffix.len == 1 && i < sizeof letters - 1; i++)
		if (char_lower(suffix.ptr[0]) == letters[i])
			return (uint64_t)1024 << (10 * i);
	return 0;
}

bool number_parse_size(struct str s, uint64_t *out)
{
	uint64_t unit = 0, whole, part;
	bool rest;
	if (s.len)
		unit = suffix_unit(str_sub(s, s.len - 1, 1));
	if (unit)
		s.len--;
	else
		unit = 1;
	if (!take_digits(&s, &whole) || !take_fraction(&s, unit, &part, &rest) || s.len)
		return false;
	if (whole > (UINT64_MAX - part) / unit)
		return false;
	*out = whole * unit + part;
	return true;
}

bool number_parse_seconds(struct str s, int64_t *ms)
{
	uint64_t whole = 0, part;
	bool rest;
	bool bare = str_starts(s, ".");
	if (!bare && !take_digits(&s, &whole))
		return false;
	if (!take_fraction(&s, 1000, &part, &rest) || s.len)
		return false;
	/* The ceiling leaves room to turn milliseconds into nanoseconds and add a clock. */
	if (whole > INT64_MAX / 1000 / 1000000 / 4)
		return false;
	*ms = (int64_t)(whole * 1000 + part);
	if (*ms == 0 && rest)
		*ms = 1;
	return true;
}

bool number_parse_port(struct str s, uint16_t *out)
{
	uint64_t value;
	if (!number_parse_max(s, UINT16_MAX, &value) || value == 0)
		return false;
	*out = (uint16_t)value;
	return true;
}

const char *number_why(struct str s)
{
	size_t i = 0;
	bool minus = str_starts(s, "-");
	if (minus)
		s = str_sub(s, 1, s.len);
	while (i < s.len && char_is_digit(s.ptr[i]))
		i++;
	struct str tail = str_sub(s, i, s.len);
	if (i == 0 || (tail.len && tail.ptr[0] != '.' && !suffix_unit(tail)))
		return "is not a number";
	return minus       ? "is negative"
	       : i < s.len ? "is not a number allowed here"
			   : "is too large";
}

static const char *show(double value, const char *after, char out[NUMBER_SHOWN])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	size_t i = 0;
	/* 999.95 and more would be shown as 1000.0. */
	while (i + 1 < sizeof units / sizeof units[0] && value >= (i ? 999.95 : 999.5)) {
		value /= 1024;
		i++;
	}
	snprintf(out, NUMBER_SHOWN, "%.*f %s%s", i ? 1 : 0, value, units[i], after);
	return out;
}

const char *number_show_bytes(uint64_t bytes, char out[NUMBER_SHOWN])
{
	return show((double)bytes, "", out);
}

const char *number_show_rate(double bytes_per_second, char out[NUMBER_SHOWN])
{
	return show(bytes_per_second > 0 ? bytes_per_second : 0, "/s", out);
}
