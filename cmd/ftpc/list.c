/*
 * Listings over a data connection. What a line means is listing.c's business.
 */
#include "cmd/ftpc/list.h"

#include <stdlib.h>
#include <time.h>

#include "cmd/ftpc/receive.h"
#include "cmd/ftpc/transfer.h"
#include "common/base/limits.h"
#include "common/net/trace_body.h"

static bool take_all(struct ftp *f, struct stream *s, struct buf *text, struct err *err)
{
	struct trace_body trace;
	bool cr = false;
	trace_body_start(&trace, stream_trace(f->stream), stream_conn(f->stream), 'S', false);
	while (stream_held(s).len || stream_fill(s)) {
		struct str piece = stream_held(s);
		trace_body_add(&trace, piece);
		receive_text(piece, &cr, text);
		stream_take(s, piece.len);
		if (text->over)
			break;
	}
	/* Otherwise the data connection's event counts the bytes. */
	if (trace_wants_bodies(trace.trace))
		trace_body_end(&trace);
	if (text->over)
		return err_set(err, ERR_DATA, "a listing of over %zu MiB", LIST_MOST / MIB);
	return !err_is_set(stream_err(s)) || err_pass(err, stream_err(s));
}

bool list_text(
    struct ftp *f, const char *verb, const char *path, struct buf *text, struct err *err)
{
	struct transfer t = TRANSFER(verb, path, 'A');
	*text = BUF_INIT(LIST_MOST);
	bool ok = transfer_begin(f, &t, err);
	if (ok) {
		ok = take_all(f, t.channel.stream, text, err);
		if (ok)
			ok = transfer_end(f, &t, NULL, err);
		else
			transfer_abort(f, &t);
	}
	transfer_free(f, &t);
	/* "550 No files found" (NLST of an empty directory, RFC 1123 4.1.2.7 wants 226). */
	return ok;
}

/* Of a directory that is not there some servers (vsftpd) list nothing, and say 226. */
static bool is_there(struct ftp *f, const char *path, struct err *err)
{
	char *here = ftp_pwd(f, err);
	bool ok = here && ftp_do(f, "CWD", path, err) && ftp_do(f, "CWD", here, err);
	free(here);
	return ok;
}

static bool is_unknown_verb(const struct err *err)
{
	return err->code == 500 || err->code == 502 || err->code == 504;
}

bool list_read(struct ftp *f, const char *path, struct listing *l, struct err *err)
{
	struct buf text = BUF_INIT(0);
	struct str rest, line;
	enum listing_form form = LISTING_LIST;
	bool ok = false;
	*l = (struct listing){0};
	if (!ftp_feat(f, err))
		return false;
	if (f->features & FTP_MLST) {
		struct err first = {0};
		form = LISTING_MLSD;
		ok = list_text(f, "MLSD", path, &text, &first);
		/* "501 No such directory", says pyftpdlib. */
		if (!ok && first.code == 501 && path && *path)
			is_there(f, path, err);
		if (!ok && !is_unknown_verb(&first))
			err_pass(err, &first);
		else if (!ok)
			f->features &= ~(unsigned)FTP_MLST;
	}
	if (!ok && !err_is_set(err)) {
		buf_free(&text);
		form = LISTING_LIST;
		ok = list_text(f, "LIST", path, &text, err);
	}
	rest = buf_str(&text);
	int64_t now = time(NULL);
	while (ok && str_cut(&rest, '\n', &line))
		ok = listing_add(l, form, line, now) ||
		     err_set(err, ERR_DATA, "a listing of over %d entries", LISTING_MOST);
	ok = ok &&
	     (text.len || form == LISTING_MLSD || !path || !*path || is_there(f, path, err));
	buf_free(&text);
	listing_sort(l);
	return ok;
}
