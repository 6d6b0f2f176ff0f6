/*
 * Borrowed slices of bytes. Knows nothing of encodings, locales or ownership.
 */
#include "common/base/str.h"

#include <string.h>

#include "common/base/mem.h"

int char_hex(char c)
{
	if (char_is_digit(c))
		return c - '0';
	c = char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str str_of(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (char_lower(a.ptr[i]) != char_lower(b.ptr[i]))
			return false;
	return true;
}

bool str_is_nocase(struct str a, const char *text)
{
	return str_eq_nocase(a, str_of(text));
}

bool str_starts(struct str s, const char *prefix)
{
	return str_is(str_sub(s, 0, strlen(prefix)), prefix);
}

bool str_starts_nocase(struct str s, const char *prefix)
{
	return str_is_nocase(str_sub(s, 0, strlen(prefix)), prefix);
}

bool str_ends_nocase(struct str s, const char *suffix)
{
	size_t len = strlen(suffix);
	return s.len >= len && str_is_nocase(str_sub(s, s.len - len, len), suffix);
}

size_t str_find(struct str s, char byte)
{
	const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
	return hit ? (size_t)(hit - s.ptr) : s.len;
}

bool str_has_byte(struct str s, char byte)
{
	return str_find(s, byte) < s.len;
}

size_t str_find_str(struct str s, struct str needle)
{
	const char *hit =
	    s.len && needle.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
	return hit ? (size_t)(hit - s.ptr) : s.len;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.ptr[0]))
		s = str_sub(s, 1, s.len);
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(struct str *rest, char sep, struct str *head)
{
	if (rest->len == 0)
		return false;
	size_t at = str_find(*rest, sep);
	*head = str_sub(*rest, 0, at);
	*rest = str_sub(*rest, at + 1, rest->len);
	return true;
}

bool str_is_one_line(struct str s)
{
	return !str_has_byte(s, '\r') && !str_has_byte(s, '\n') && !str_has_byte(s, '\0');
}

char *str_join(struct str a, struct str b)
{
	char *both = mem_alloc(a.len + b.len + 1);
	if (a.len)
		memcpy(both, a.ptr, a.len);
	if (b.len)
		memcpy(both + a.len, b.ptr, b.len);
	return both;
}

char *str_dup(struct str s)
{
	return str_join(s, STR_NONE);
}
