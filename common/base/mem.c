/*
 * Memory from the heap, checked in one place. The only file that calls malloc.
 */
#include "common/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_TEXT = 128 };

static NORETURN void die(void)
{
	static const char text[] = "parley: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	_exit(70);
}

void *mem_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		die();
	return p;
}

void *mem_array(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (!p)
		die();
	return p;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	if (count == 0 || size == 0)
		count = size = 1;
	if (count > SIZE_MAX / size)
		die();
	void *p = realloc(old, count * size);
	if (!p)
		die();
	return p;
}

char *mem_dup(const char *text)
{
	if (!text)
		return NULL;
	size_t len = strlen(text) + 1;
	return memcpy(mem_alloc(len), text, len);
}

/* Formatted once if it is short, as most are. */
char *mem_vprintf(const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	char *text = mem_alloc(SHORT_TEXT);
	int len = vsnprintf(text, SHORT_TEXT, fmt, args);
	if (len >= SHORT_TEXT) {
		mem_wipe(text, SHORT_TEXT);
		free(text);
		text = mem_alloc((size_t)len + 1);
		len = vsnprintf(text, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	if (len < 0)
		die();
	return text;
}

char *mem_printf(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *text = mem_vprintf(fmt, args);
	va_end(args);
	return text;
}

void mem_wipe(void *ptr, size_t len)
{
	volatile unsigned char *p = ptr;
	while (len--)
		*p++ = 0;
}

void mem_free_secret(char *text)
{
	if (text)
		mem_wipe(text, strlen(text));
	free(text);
}
