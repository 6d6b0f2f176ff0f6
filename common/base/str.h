/*
 * A borrowed slice of bytes: pointer and length, no terminator promised, never
 * freed. It lives as long as what it points into; whoever keeps it copies it.
 */
#ifndef PARLEY_BASE_STR_H
#define PARLEY_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).len, (s).ptr

struct str str_of(const char *text); /* NULL gives an empty slice */

/* At most len bytes from there on, as many as there are. */
static inline struct str str_sub(struct str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct str){s.ptr ? s.ptr + from : NULL, len};
}

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
/* ASCII letters only, whatever the locale. */
bool str_eq_nocase(struct str a, struct str b);
bool str_is_nocase(struct str a, const char *text);
bool str_starts(struct str s, const char *prefix);
bool str_starts_nocase(struct str s, const char *prefix);
bool str_ends_nocase(struct str s, const char *suffix);
bool str_has_byte(struct str s, char byte);
/* Index of the first byte, or s.len. */
size_t str_find(struct str s, char byte);
/* Index of the first needle, or s.len. */
size_t str_find_str(struct str s, struct str needle);
/* Without SP and HTAB (and CR, LF) at both ends. */
struct str str_trim(struct str s);
/* Takes what stands before the first sep off *rest (and the sep). False when *rest was empty.
 */
bool str_cut(struct str *rest, char sep, struct str *head);
/* No CR, LF or NUL: may stand in a line of any protocol here. */
bool str_is_one_line(struct str s);
/* A NUL-terminated copy, to be freed by the caller; of both, the second behind the first. */
char *str_dup(struct str s);
char *str_join(struct str a, struct str b);

/* ASCII only. Here, because they are asked of every byte. */
static inline char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool char_is_alpha(char c)
{
	return char_lower(c) >= 'a' && char_lower(c) <= 'z';
}

int char_hex(char c); /* 0..15, -1 if none */

#endif
