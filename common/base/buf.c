/*
 * Growable bytes with a ceiling. Knows nothing of what the bytes mean.
 */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = BUF_INIT(b->max);
}

void buf_free_secret(struct buf *b)
{
	if (b->ptr)
		mem_wipe(b->ptr, b->cap);
	buf_free(b);
}

void buf_clear(struct buf *b)
{
	buf_truncate(b, 0);
	b->over = false;
}

static size_t grown(const struct buf *b, size_t need)
{
	size_t cap = b->cap ? b->cap : 64;
	while (cap < need)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	return cap;
}

char *buf_reserve(struct buf *b, size_t len)
{
	if (len > b->max - b->len) {
		b->over = true;
		return NULL;
	}
	if (!b->ptr || b->len + len > b->cap) {
		b->cap = grown(b, b->len + len);
		b->ptr = mem_resize(b->ptr, b->cap + 1, 1);
		b->ptr[b->len] = '\0';
	}
	return b->ptr + b->len;
}

void buf_commit(struct buf *b, size_t len)
{
	b->len += len;
	b->ptr[b->len] = '\0';
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *room = buf_reserve(b, len);
	if (!room)
		return false;
	if (len)
		memcpy(room, bytes, len);
	buf_commit(b, len);
	return true;
}

bool buf_add_str(struct buf *b, struct str s)
{
	return buf_add(b, s.ptr, s.len);
}

bool buf_add_text(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_add_byte(struct buf *b, char byte)
{
	return buf_add(b, &byte, 1);
}

bool buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	char *room = len < 0 ? NULL : buf_reserve(b, (size_t)len);
	if (!room)
		return false;
	va_start(args, fmt);
	vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	buf_commit(b, (size_t)len);
	return true;
}

void buf_drop(struct buf *b, size_t len)
{
	if (len >= b->len) {
		buf_truncate(b, 0);
		return;
	}
	memmove(b->ptr, b->ptr + len, b->len - len);
	buf_truncate(b, b->len - len);
}

void buf_truncate(struct buf *b, size_t len)
{
	if (len > b->len)
		return;
	b->len = len;
	if (b->ptr)
		b->ptr[len] = '\0';
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->ptr, b->len};
}

const char *buf_cstr(const struct buf *b)
{
	return b->ptr ? b->ptr : "";
}

char *buf_steal(struct buf *b)
{
	char *text = b->ptr ? b->ptr : mem_dup("");
	*b = BUF_INIT(b->max);
	return text;
}
