/*
 * Charsets by iconv(3). Nothing else here knows its interface.
 */
#include "common/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/cells.h"
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

/* ---- to a terminal ---- */

static void put_character(iconv_t cd, struct buf *out, struct str c)
{
	union {
		const char *given;
		char *asked;
	} in = {.given = c.ptr};
	char room[32];
	char *to = room;
	size_t left = c.len, free_room = sizeof room;
	size_t rc = cd == (iconv_t)-1 ? 1 : iconv(cd, &in.asked, &left, &to, &free_room);
	if (rc == 0) {
		buf_add(out, room, (size_t)(to - room));
		return;
	}
	/* Something else than it is (1 and more) is no help either. */
	for (size_t cells = cells_count(c); cells > 0; cells--)
		buf_add_byte(out, '?');
}

bool charset_from_utf8(struct buf *out, const char *charset, struct str text)
{
	iconv_t cd = iconv_open(charset, "UTF-8");
	while (text.len && !out->over) {
		uint32_t code;
		size_t len = (unsigned char)text.ptr[0] < 0x80 ? 0 : utf8_next(text, &code);
		struct str c = str_sub(text, 0, len ? len : 1);
		if (len)
			put_character(cd, out, c);
		else
			buf_add_str(out, c);
		text = str_sub(text, c.len, text.len);
	}
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	return !out->over;
}

/* What most terminals have is told from the environment alone: a locale need not be loaded. */
static bool is_utf8_by_name(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		const char *value = getenv(names[k]);
		if (value && *value)
			return strstr(value, "UTF-8") || strstr(value, "utf8") ||
			       strstr(value, "utf-8");
	}
	return false;
}

bool charset_of_locale(char *name, size_t size)
{
	if (is_utf8_by_name())
		return false;
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (locale == (locale_t)0)
		return false;
	snprintf(name, size, "%s", nl_langinfo_l(CODESET, locale));
	freelocale(locale);
	return *name && !str_is_nocase(str_of(name), "UTF-8");
}
