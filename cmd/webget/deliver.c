/*
 * Delivery of answers. Knows no connection and no redirect.
 */
#include "cmd/webget/deliver.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/condition.h"
#include "cmd/webget/decode.h"
#include "cmd/webget/digests.h"
#include "cmd/webget/pieces.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"

/* An unwanted body up to this size costs less than a new connection. */
#define WORTH_READING (64 * KIB)
/* Binary shows itself within the first bytes (file(1) and git look at as many). */
#define LOOK_AT (8 * KIB)

/* ---- where ---- */

/* -J: the name in Content-Disposition, made safe (RFC 6266 4.3). */
static char *name_from_head(const struct http_head *head)
{
	struct buf name = BUF_INIT(LIMIT_WORDS);
	struct str params;
	char *safe = NULL;
	field_main(fields_value(&head->fields, "content-disposition"), &params);
	if (field_param_get(params, "filename", &name))
		safe = outfile_safe_name(buf_str(&name));
	buf_free(&name);
	return safe;
}

/* A retry takes back what it wrote itself, not what came before it. */
static bool open_stdout(struct delivery *d, struct err *err)
{
	if (!*d->run_out)
		*d->run_out = outfile_open(NULL, 0, err);
	d->out = *d->run_out;
	if (d->out && d->o->retry)
		outfile_mark(d->out);
	return d->out;
}

static unsigned flags_of(const struct webget_options *o)
{
	return (o->create_dirs ? OUTFILE_CREATE_DIRS : 0) |
	       (o->no_clobber ? OUTFILE_NO_CLOBBER : 0);
}

bool deliver_open_partial(struct delivery *d, struct err *err)
{
	d->out = outfile_open(d->job->output, flags_of(d->o) | OUTFILE_PARTIAL, err);
	return d->out && outfile_partial_path(d->out);
}

/* A small file of a crawl, to whose descriptor nothing is done but writing. */
static bool may_hold(const struct delivery *d, const struct http1_body *b)
{
	return d->job->fresh && b->total && b->total <= OUTFILE_HELD && !d->o->timestamping &&
	       !d->o->xattr;
}

/* False, with a word about what would have made the directory. */
static bool hint_at_dirs(const struct webget_options *o, struct err *err)
{
	const struct err why = *err;
	if (why.code == ENOENT && !o->create_dirs) {
		err_clear(err);
		err_set(err, why.kind, "%s; --create-dirs makes its directory", why.text);
		err->code = why.code;
	}
	return false;
}

static bool open_output(struct delivery *d, const struct http_head *head,
    const struct http1_body *b, struct err *err)
{
	if (!d->job->output)
		return open_stdout(d, err);
	unsigned flags = flags_of(d->o) | (d->job->fresh ? OUTFILE_NEW : 0) |
			 (may_hold(d, b) ? OUTFILE_HOLD : 0);
	char *theirs =
	    d->job->remote_name && d->o->remote_header_name ? name_from_head(head) : NULL;
	if (theirs) {
		const char *dir = d->o->output_dir;
		char *path = mem_printf("%s%s%s", dir ? dir : "", dir ? "/" : "", theirs);
		d->out = outfile_open(path, flags | OUTFILE_FRESH, err);
		free(path);
		free(theirs);
	} else {
		d->out = outfile_open(d->job->output, flags, err);
	}
	return d->out || hint_at_dirs(d->o, err);
}

/* ---- a terminal ---- */

/* Bytes at the end of s that begin a UTF-8 character but don't finish it. */
static size_t unfinished(struct str s)
{
	for (size_t back = 1; back <= 3 && back <= s.len; back++) {
		unsigned char c = (unsigned char)s.ptr[s.len - back];
		size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		if ((c & 0xc0) != 0x80)
			return need > back ? back : 0;
	}
	return 0;
}

static bool is_binary(struct str piece)
{
	return str_has_byte(str_sub(piece, 0, LOOK_AT), '\0');
}

static bool show(struct delivery *d, struct str piece, struct err *err)
{
	if (!d->looked && is_binary(piece))
		return err_set(err, ERR_USAGE,
		    "the body is binary and stdout is a terminal: -O or -o FILE saves it");
	d->looked = true;
	struct buf text = BUF_INIT(SIZE_MAX / 2);
	buf_add(&text, d->cut, d->cut_len);
	buf_add_str(&text, piece);
	d->cut_len = unfinished(buf_str(&text));
	memcpy(d->cut, text.ptr + text.len - d->cut_len, d->cut_len);
	bool ok = say_text(STDOUT_FILENO, text.ptr, text.len - d->cut_len, err);
	buf_free(&text);
	return ok;
}

/* ---- the body ---- */

struct transfer {
	struct delivery *d;
	struct http1_body *body;
	struct decoder *decoder; /* NULL: as it is */
	struct digests digests;
	_Atomic uint64_t *counter;
};

static bool emit(struct transfer *t, struct str piece, struct err *err)
{
	struct delivery *d = t->d;
	if (d->o->max_filesize && d->written + piece.len > (uint64_t)d->o->max_filesize)
		return err_set(err, ERR_REFUSED, "the body is larger than --max-filesize %lld",
		    (long long)d->o->max_filesize);
	if (d->most_decoded && t->decoder && d->written + piece.len > d->most_decoded)
		return err_set(err, ERR_DATA,
		    "decoded it is larger than %llu MiB, too large for a page",
		    (unsigned long long)(d->most_decoded / MIB));
	d->written += piece.len;
	if (t->counter)
		*t->counter += piece.len;
	digests_add_body(&t->digests, piece);
	return d->to_terminal ? show(d, piece, err) : outfile_write(d->out, piece, err);
}

static bool emit_decoded(struct transfer *t, struct str piece, struct err *err)
{
	struct str out;
	digests_add_coded(&t->digests, piece);
	if (!t->decoder)
		return emit(t, piece, err);
	decoder_feed(t->decoder, piece);
	for (;;) {
		if (!decoder_next(t->decoder, &out, err))
			return false;
		if (out.len == 0)
			return true;
		if (!emit(t, out, err))
			return false;
	}
}

static bool by_pieces(struct transfer *t, struct err *err)
{
	struct str piece;
	do {
		if (!http1_body_next(t->body, &piece))
			return false;
		cache_writer_add(t->d->store, piece);
		if (piece.len && !emit_decoded(t, piece, err))
			return false;
	} while (piece.len);
	if (t->decoder && !decoder_finish(t->decoder, err))
		return false;
	if (!digests_finish(&t->digests, err)) {
		/* Not even a part of it is worth keeping. */
		if (t->d->resume)
			resume_forget(t->d->resume, t->d->out);
		return false;
	}
	struct str rest = {t->d->cut, t->d->cut_len};
	return !rest.len || say_text(STDOUT_FILENO, rest.ptr, rest.len, err);
}

/* Nothing has to look at the bytes: the kernel may move them. */
static bool as_it_is(struct transfer *t, struct err *err)
{
	const struct outfile *out = t->d->out;
	uint64_t before = t->body->received;
	bool ok = http1_body_copy(t->body, outfile_fd(out), t->counter);
	const struct err *why = stream_err(t->body->stream);
	t->d->written += t->body->received - before;
	/* The stream does not know the name of what it could not write to. */
	if (!ok && why->kind == ERR_IO)
		err_set(err, ERR_IO, "%s: %s",
		    outfile_is_stdout(out) ? "standard output" : outfile_name(out),
		    strerror(why->code));
	return ok;
}

static bool too_large(const struct transfer *t)
{
	int64_t most = t->d->o->max_filesize;
	return most && !t->decoder && t->body->total > (uint64_t)most;
}

static void open_digests(struct transfer *t, const struct http_head *head, struct err *err)
{
	const struct delivery *d = t->d;
	if (t->body->framing == HTTP1_NO_BODY)
		return;
	struct digests_before before = {.fd = outfile_fd(d->out), .have = d->written};
	if (d->rest)
		before.overlap = d->resume->overlap;
	digests_open(&t->digests, &d->job->digests, head, d->rest ? &before : NULL, err);
}

static void show_decoded(const struct delivery *d, struct stream *s)
{
	struct trace_item size = TRACE_COUNT("bytes", d->written, "bytes");
	trace_event(stream_trace(s), stream_conn(s), "decoded", &size, 1);
}

static _Atomic uint64_t *begin_progress(const struct transfer *t)
{
	const struct http1_body *b = t->body;
	uint64_t have = t->d->written, total = PROGRESS_UNKNOWN;
	if (!t->decoder && b->framing == HTTP1_LENGTH)
		total = have + b->left;
	else if (b->framing == HTTP1_NO_BODY)
		total = have;
	return progress_file_begin(t->d->progress, have, total);
}

static bool transfer(
    struct delivery *d, const struct http_head *head, struct http1_body *b, struct err *err)
{
	struct transfer t = {.d = d, .body = b};
	if (d->o->compressed)
		t.decoder = decoder_open(&head->fields, err);
	if (err_is_set(err))
		return false;
	if (too_large(&t))
		return err_set(err, ERR_REFUSED,
		    "the body has %llu bytes, more than --max-filesize",
		    (unsigned long long)b->total);
	bool from_cache = stream_fd(b->stream) < 0;
	if (!from_cache)
		t.counter = begin_progress(&t);
	open_digests(&t, head, err);
	bool look = outfile_fd(d->out) < 0 || t.decoder || digests_any(&t.digests) ||
		    d->store || d->to_terminal || d->o->max_filesize ||
		    trace_wants_bodies(stream_trace(b->stream));
	bool ok = !err_is_set(err) && (look ? by_pieces(&t, err) : as_it_is(&t, err));
	if (ok && t.decoder)
		show_decoded(d, b->stream);
	/* What was here before is no measure of the wire. */
	if (from_cache)
		progress_file_begin(d->progress, d->written, d->written);
	decoder_close(t.decoder);
	digests_free(&t.digests);
	return ok;
}

/* What a metalink says of the file's size: before it is read, if its length is known (a rest
 * stands behind what is there), and (b is NULL) afterwards. */
static bool size_fits(const struct delivery *d, const struct http1_body *b, struct err *err)
{
	uint64_t size = !b ? d->written : d->rest ? d->resume->have + b->left : b->total;
	if (!d->job->sized || d->o->head || (b && b->framing != HTTP1_LENGTH) ||
	    size == d->job->size)
		return true;
	return err_set(err, ERR_DATA, "it has %llu bytes, and the metalink says %llu",
	    (unsigned long long)size, (unsigned long long)d->job->size);
}

static bool check_pieces(const struct delivery *d, struct err *err)
{
	if (pieces_check_all(d->job->pieces, outfile_fd(d->out), d->written, err))
		return true;
	if (d->resume)
		resume_forget(d->resume, d->out);
	return false;
}

bool deliver_answer(
    struct delivery *d, const struct http1_head *h, struct http1_body *b, struct err *err)
{
	if (!size_fits(d, b, err) || (!d->out && !open_output(d, &h->head, b, err)))
		return false;
	bool partial = d->resume && outfile_partial_path(d->out);
	if (!d->rest)
		d->written = 0;
	if (partial && !d->rest && !resume_begin(d->resume, &h->head, d->out, err))
		return false;
	if (d->o->include || d->o->head) {
		bool ok = d->to_terminal
			      ? say_text(STDOUT_FILENO, h->bytes.ptr, h->bytes.len, err)
			      : outfile_write(d->out, buf_str(&h->bytes), err);
		if (!ok)
			return false;
	}
	bool helped = d->gather && outfile_partial_path(d->out);
	if (d->rest && !helped && !outfile_cut(d->out, d->written, err))
		return false;
	if (!(helped ? d->gather(d->task, h, b, err) : transfer(d, &h->head, b, err)) ||
	    !size_fits(d, NULL, err))
		return false;
	if (!helped && !check_pieces(d, err))
		return false;
	if (d->o->timestamping && d->job->output)
		condition_set_time(&h->head, outfile_fd(d->out));
	return true;
}

bool deliver_discard(struct http1_body *b, struct cache_writer *store)
{
	struct str piece;
	if (b->framing == HTTP1_UNTIL_CLOSE || b->total > WORTH_READING)
		return b->done;
	do {
		if (!http1_body_next(b, &piece))
			return false;
		cache_writer_add(store, piece);
	} while (piece.len && b->received <= WORTH_READING);
	return b->done;
}

bool deliver_again(struct delivery *d, struct err *err)
{
	bool nothing = d->written == 0 && !d->o->include;
	d->cut_len = 0;
	d->looked = false;
	if (!d->out || nothing)
		return true;
	d->written = 0;
	return outfile_rewind(d->out, err);
}

bool deliver_commit(struct delivery *d, struct err *err)
{
	struct outfile *out = d->out;
	d->out = NULL;
	if (!out || out == *d->run_out)
		return true;
	d->name = mem_dup(outfile_name(out));
	char *part = mem_dup(outfile_partial_path(out));
	bool ok = outfile_commit(out, err);
	if (ok && d->resume)
		resume_done(d->resume, part);
	free(part);
	return ok;
}

void deliver_abandon(struct delivery *d)
{
	/* Bytes of a version that nobody knows are good for nothing. */
	struct err ignored = {0};
	if (d->out && d->resume && d->resume->kept && !d->resume->validator)
		outfile_cut(d->out, 0, &ignored);
	if (d->out != *d->run_out)
		outfile_abandon(d->out);
	d->out = NULL;
}
