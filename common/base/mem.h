/*
 * Memory from the heap. Out of memory ends the program with a sentence and
 * status 70: no caller has to test for it, and none can forget to.
 */
#ifndef PARLEY_BASE_MEM_H
#define PARLEY_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#include "common/base/compat.h"

/* Zeroed bytes; the caller frees them with free(). */
void *mem_alloc(size_t size);
/* count * size with the product checked, zeroed. */
void *mem_array(size_t count, size_t size);
/* As realloc(3); new bytes are not zeroed. */
void *mem_resize(void *old, size_t count, size_t size);
char *mem_dup(const char *text); /* NULL gives NULL */
/* A formatted string for the caller to free. */
char *mem_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);
char *mem_vprintf(const char *fmt, va_list args) PRINTF_LIKE(1, 0);
/* Overwrites a secret; the compiler may not drop it. */
void mem_wipe(void *ptr, size_t len);
/* Wipes and frees a string; NULL is fine. */
void mem_free_secret(char *text);

#endif
