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
	return cap < b->max ? cap : b->max;
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
	if (!b->ptr || b->len == b->cap)
		return buf_add(b, &byte, 1);
	b->ptr[b->len++] = byte;
	b->ptr[b->len] = '\0';
	return true;
}

/* Into the room that is there, if it is enough. How much it takes; negative: it can't be
 * formatted. */
static PRINTF_LIKE(2, 0) int format(struct buf *b, const char *fmt, va_list args)
{
	size_t room = b->cap - b->len;
	int len = vsnprintf(b->ptr + b->len, room + 1, fmt, args);
	if (len >= 0 && (size_t)len <= room)
		buf_commit(b, (size_t)len);
	else
		b->ptr[b->len] = '\0';
	return len;
}

bool buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	if (!b->ptr)
		buf_reserve(b, 0);
	size_t end = b->len;
	va_start(args, fmt);
	int len = format(b, fmt, args);
	va_end(args);
	if (len <= 0 || b->len > end || !buf_reserve(b, (size_t)len))
		return len == 0 || b->len > end;
	va_start(args, fmt);
	len = format(b, fmt, args);
	va_end(args);
	return len > 0;
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
