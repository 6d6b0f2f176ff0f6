/*
 * Names that a server chose, made safe to create. Bytes in, bytes out: looks at
 * no file.
 */
#include "common/base/buf.h"
#include "common/cli/outfile.h"
#include "common/text/utf8.h"

enum {
	NAME_MOST = 200,     /* leaves room for ".part", ".123" and the temporary's letters */
	EXTENSION_MOST = 20, /* what follows the last dot of a longer tail is no extension */
	RAW_MOST = 16384,    /* nobody means more than this by a name */
};

/* Backslash too: the name may be carried to a system where it separates. */
static struct str base_name(struct str raw)
{
	for (size_t i = raw.len; i > 0; i--)
		if (raw.ptr[i - 1] == '/' || raw.ptr[i - 1] == '\\')
			return str_sub(raw, i, raw.len);
	return raw;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* Turns the direction of writing: "exe.txt" shown for what ends in "txt.exe". */
static bool is_direction(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void put_clean(struct buf *out, struct str name)
{
	while (name.len) {
		uint32_t code;
		size_t len = utf8_next(name, &code);
		if (len == 0) {
			/* Latin-1 and other old names: the byte says nothing certain. */
			buf_add_byte(out, '_');
			len = 1;
		} else if (!is_control(code) && !is_direction(code)) {
			buf_add(out, name.ptr, len);
		}
		name = str_sub(name, len, name.len);
	}
}

/* len, or less where that would cut a character in two. */
static size_t boundary(struct str s, size_t len)
{
	while (len > 0 && len < s.len && ((unsigned char)s.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* ".tar" with its dot; empty when there is none. */
static struct str extension(struct str name)
{
	for (size_t i = name.len; i > 1 && name.len - i < EXTENSION_MOST; i--)
		if (name.ptr[i - 1] == '.')
			return str_sub(name, i - 1, name.len);
	return STR_NONE;
}

static char *shorten(struct str name)
{
	if (name.len <= NAME_MOST)
		return str_dup(name);
	struct str tail = extension(name);
	struct str stem = str_sub(name, 0, name.len - tail.len);
	struct buf out = BUF_INIT(NAME_MOST);
	buf_add_str(&out, str_sub(stem, 0, boundary(stem, NAME_MOST - tail.len)));
	buf_add_str(&out, tail);
	return buf_steal(&out);
}

/* A dot hides a file, a dash makes it an option. */
static bool is_bad_start(char c)
{
	return c == '.' || c == '-' || c == ' ';
}

char *outfile_safe_name(struct str raw)
{
	struct buf clean = BUF_INIT(RAW_MOST);
	struct str base = base_name(raw);
	put_clean(&clean, str_sub(base, 0, boundary(base, RAW_MOST)));
	struct str name = buf_str(&clean);
	while (name.len && is_bad_start(name.ptr[0]))
		name = str_sub(name, 1, name.len);
	while (name.len && name.ptr[name.len - 1] == ' ')
		name.len--;
	char *safe = name.len ? shorten(name) : NULL;
	buf_free(&clean);
	return safe;
}
