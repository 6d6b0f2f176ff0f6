/*
 * Charsets by iconv(3). Nothing else here knows its interface.
 */
#include "common/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "common/text/utf8.h"

enum { LONGEST_NAME = 60, REPLACEMENT = 0xfffd };

/* What mail calls by names that are not the libc's, or means more by than it says. */
static const struct {
	const char *name, *libc;
} aliases[] = {
    {"gb2312", "GB18030"}, {"iso-8859-8-i", "ISO-8859-8"}, {"iso-8859-8-e", "ISO-8859-8"},
    {"ks_c_5601-1987", "CP949"}, {"x-sjis", "SHIFT_JIS"},
    {"iso-8859-1", "WINDOWS-1252"}, /* its C1 controls are never meant */
};

static void put_utf8(struct buf *out, struct str bytes)
{
	while (bytes.len && !out->over) {
		uint32_t code;
		size_t len = utf8_next(bytes, &code);
		if (len)
			buf_add(out, bytes.ptr, len);
		else
			utf8_put(out, REPLACEMENT);
		bytes = str_sub(bytes, len ? len : 1, bytes.len);
	}
}

/* ASCII stays, everything else is replaced: bytes of an unknown charset. */
static void put_unknown(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len && !out->over; i++)
		utf8_put(out,
		    (unsigned char)bytes.ptr[i] < 0x80 ? (uint32_t)bytes.ptr[i] : REPLACEMENT);
}

static bool is_ascii_or_utf8(struct str charset)
{
	return charset.len == 0 || str_is_nocase(charset, "utf-8") ||
	       str_is_nocase(charset, "utf8") || str_is_nocase(charset, "us-ascii") ||
	       str_is_nocase(charset, "ascii") || str_is_nocase(charset, "ansi_x3.4-1968");
}

/* iconv gives a slash and a comma meanings of its own, and looks files up by the name. */
static bool is_name(struct str charset)
{
	for (size_t i = 0; i < charset.len; i++) {
		char c = charset.ptr[i];
		if (!char_is_alpha(c) && !char_is_digit(c) && !(c && strchr("-_.:+()", c)))
			return false;
	}
	return charset.len > 0 && charset.len <= LONGEST_NAME;
}

static iconv_t open_charset(struct str charset)
{
	char name[LONGEST_NAME + 1];
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (str_is_nocase(charset, aliases[i].name))
			return iconv_open("UTF-8", aliases[i].libc);
	memcpy(name, charset.ptr, charset.len);
	name[charset.len] = '\0';
	return iconv_open("UTF-8", name);
}

/* What iconv stopped at is skipped, one byte of it, so that this ends. */
static void convert(iconv_t cd, struct buf *out, struct str bytes)
{
	/* iconv does not write to its input, but its type says so. */
	union {
		const char *given;
		char *asked;
	} in = {.given = bytes.ptr};
	size_t left = bytes.len;
	while (left && !out->over) {
		char room[1024];
		char *to = room;
		size_t free_room = sizeof room;
		size_t rc = iconv(cd, &in.asked, &left, &to, &free_room);
		int error = errno;
		put_utf8(out, (struct str){room, (size_t)(to - room)});
		if (rc != (size_t)-1 || error == E2BIG)
			continue;
		utf8_put(out, REPLACEMENT);
		in.given++;
		left--;
	}
}

bool charset_to_utf8(struct buf *out, struct str charset, struct str bytes)
{
	if (is_ascii_or_utf8(charset)) {
		put_utf8(out, bytes);
		return !out->over;
	}
	iconv_t cd = is_name(charset) ? open_charset(charset) : (iconv_t)-1;
	if (cd == (iconv_t)-1) {
		put_unknown(out, bytes);
		return false;
	}
	convert(cd, out, bytes);
	iconv_close(cd);
	return !out->over;
}
