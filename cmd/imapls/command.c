/*
 * Commands: tags, literals, and the verbs that a session begins and ends with. What comes back
 * is imap.c's.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "cmd/imapls/imap.h"
#include "common/base/mem.h"
#include "common/net/deflate.h"

unsigned imap_put(struct imap *i, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *line = mem_vprintf(fmt, args);
	va_end(args);
	stream_put_line(i->stream, "A%03u %s", ++i->last_tag, line);
	free(line);
	return i->last_tag;
}

unsigned imap_put_secret(struct imap *i, const char *shown, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *line = mem_vprintf(fmt, args);
	va_end(args);
	char *masked = mem_printf("A%03u %s", ++i->last_tag, shown);
	stream_put_secret(i->stream, masked, "A%03u %s", i->last_tag, line);
	free(masked);
	mem_free_secret(line);
	return i->last_tag;
}

bool imap_put_lines(struct imap *i, struct str text, unsigned *tag, struct err *err)
{
	struct str line = STR_NONE;
	bool first = true;
	while (str_cut(&text, '\n', &line)) {
		bool waits = text.len && !str_ends_nocase(line, "+}");
		if (first)
			*tag = imap_put(i, "%.*s", STR_ARG(line));
		else
			stream_put_line(i->stream, "%.*s", STR_ARG(line));
		first = false;
		if (!waits)
			continue;
		if (!imap_continue(i, *tag, err))
			return false;
		if (i->status != IMAP_MORE)
			return imap_good(i, ERR_REFUSED, "the command was refused", err);
	}
	return true;
}

bool imap_capability(struct imap *i, struct err *err)
{
	imap_forget(i);
	return imap_expect(i, imap_put(i, "CAPABILITY"), "CAPABILITY was refused", err);
}

bool imap_starttls(struct imap *i, struct err *err)
{
	unsigned tag = imap_put(i, "STARTTLS");
	if (!imap_expect(i, tag, "STARTTLS was refused", err))
		return false;
	/* RFC 9051 6.2.1: what was announced before is forgotten. */
	imap_forget(i);
	return true;
}

bool imap_compress(struct imap *i, struct err *err)
{
	if (!imap_finish(i, imap_put(i, "COMPRESS DEFLATE"), err))
		return false;
	/* Refused: it goes on as it was. */
	return i->status != IMAP_OK || stream_deflate(i->stream) ||
	       err_pass(err, stream_err(i->stream));
}

void imap_put_logout(struct imap *i)
{
	imap_put(i, "LOGOUT");
	i->logging_out = true;
}

void imap_logout(struct imap *i)
{
	struct err ignored = {0};
	if (i->stream && !i->bye && !err_is_set(stream_err(i->stream))) {
		if (!i->logging_out)
			imap_put_logout(i);
		imap_finish(i, i->last_tag, &ignored);
	}
	imap_drop(i);
}
