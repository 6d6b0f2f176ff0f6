/*
 * The error record. Writes nothing: cli/say.c is the one that speaks.
 */
#include "common/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	if (!e || err_is_set(e))
		return false;
	e->kind = kind;
	va_list args;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, args);
	va_end(args);
	return false;
}

bool err_set_errno(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	int code = errno;
	if (!e || err_is_set(e))
		return false;
	e->kind = kind;
	e->code = code;
	va_list args;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, args);
	va_end(args);
	size_t len = strlen(e->text);
	snprintf(e->text + len, sizeof e->text - len, ": %s", strerror(code));
	return false;
}

void err_set_said(struct err *e, int code, struct str said)
{
	e->code = code;
	size_t len = said.len < sizeof e->said ? said.len : sizeof e->said - 1;
	if (len)
		memcpy(e->said, said.ptr, len);
	e->said[len] = '\0';
}

void err_clear(struct err *e)
{
	*e = (struct err){0};
}

bool err_is_set(const struct err *e)
{
	return e && e->kind != ERR_NONE;
}

bool err_pass(struct err *dst, const struct err *src)
{
	if (dst && !err_is_set(dst))
		*dst = *src;
	return false;
}

int err_exit_status(const struct err *e)
{
	return (int)e->kind;
}
