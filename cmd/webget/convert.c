/*
 * Links rewritten where they stand. Every other byte of a page stays as it is.
 */
#include "cmd/webget/convert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/webget/localname.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/text/refs.h"

/* A piece may be all of a style sheet. */
#define MOST_PIECE (2 * LIMIT_PAGE)
/* Written at once. */
#define CHUNK (64 * KIB)

struct rewrite {
	const struct convert *c;
	struct page page;
	struct outfile *out; /* opened by the first change */
	struct buf bytes;    /* to be written */
	size_t done;         /* of the page's text */
	struct err *err;
};

static void put_fragment(struct buf *out, const struct url *url)
{
	if (url->fragment) {
		buf_add_byte(out, '#');
		buf_add_text(out, url->fragment);
	}
}

/* What a URL of the page becomes. False when it stays as it is. */
static bool turn(const struct rewrite *r, struct str ref, struct buf *out)
{
	struct url url;
	if (!ref.len || ref.ptr[0] == '#' || !page_resolve(&r->page, ref, &url))
		return false;
	const char *file = r->c->find(r->c->tree, &url);
	if (file) {
		localname_put_reference(out, str_of(r->c->file.path), str_of(file));
		put_fragment(out, &url);
	} else {
		url_put(out, &url);
	}
	url_free(&url);
	return !str_eq(buf_str(out), ref);
}

/* The value with its URLs turned. */
static bool turn_piece(const struct rewrite *r, const struct html_piece *p, struct buf *value)
{
	struct buf url = BUF_INIT(16 * LIMIT_URL);
	struct refs refs;
	struct ref ref;
	size_t at = 0;
	refs_open(&refs, p->form, p->value);
	while (refs_next(&refs, &ref)) {
		buf_clear(&url);
		if (!turn(r, ref.url, &url) || url.over)
			continue;
		buf_add_str(value, str_sub(p->value, at, ref.at - at));
		refs_put(value, p->form, buf_str(&url));
		at = ref.at + ref.len;
	}
	if (at)
		buf_add_str(value, str_sub(p->value, at, p->value.len));
	refs_close(&refs);
	buf_free(&url);
	return at > 0 && !value->over;
}

/* A value as an attribute; one without quotes gets some. */
static void put_attribute(struct buf *out, struct str value, char quote)
{
	char mark = quote ? quote : '"';
	if (!quote)
		buf_add_byte(out, mark);
	for (size_t i = 0; i < value.len; i++) {
		char b = value.ptr[i];
		if (b == '&')
			buf_add_text(out, "&amp;");
		else if (b == mark)
			buf_add_text(out, mark == '"' ? "&quot;" : "&#39;");
		else
			buf_add_byte(out, b);
	}
	if (!quote)
		buf_add_byte(out, mark);
}

static bool flush(struct rewrite *r, size_t least)
{
	if (r->bytes.len < least)
		return true;
	bool ok = outfile_write(r->out, buf_str(&r->bytes), r->err);
	buf_clear(&r->bytes);
	return ok;
}

/* Many links stand close together: a write for each would be slow. */
static bool copy(struct rewrite *r, size_t to)
{
	struct str text = str_sub(r->page.text, r->done, to - r->done);
	r->done = to;
	if (text.len < CHUNK)
		return buf_add_str(&r->bytes, text) && flush(r, CHUNK);
	return flush(r, 1) && outfile_write(r->out, text, r->err);
}

/* What stands before the piece, as it is, and the piece anew. */
static bool replace(struct rewrite *r, const struct html_piece *p, struct str value)
{
	if (!r->out)
		r->out = outfile_open(r->c->file.path, 0, r->err);
	if (!r->out || !copy(r, p->at))
		return false;
	if (p->form == HTML_SHEET || p->form == HTML_GUARD)
		buf_add_str(&r->bytes, value);
	else
		put_attribute(&r->bytes, value, p->quote);
	r->done = p->at + p->len;
	return flush(r, CHUNK);
}

static bool rewrite_piece(struct rewrite *r, const struct html_piece *p)
{
	/* Found twice, or in what was replaced already. */
	if (p->at < r->done)
		return true;
	if (p->form == HTML_ROBOTS)
		return true;
	if (p->form == HTML_BASE || p->form == HTML_GUARD)
		return replace(r, p, STR_NONE);
	struct buf value = BUF_INIT(MOST_PIECE);
	bool ok = !turn_piece(r, p, &value) || replace(r, p, buf_str(&value));
	buf_free(&value);
	return ok;
}

/* The rest of the page; the file's time is the server's, or -N would not know it again. */
static bool finish(struct rewrite *r)
{
	struct stat st;
	if (!r->out)
		return true;
	bool known = stat(r->c->file.path, &st) == 0;
	if (!copy(r, r->page.text.len) || !flush(r, 1))
		return false;
	const struct timespec times[2] = {st.st_atim, st.st_mtim};
	if (known)
		futimens(outfile_fd(r->out), times);
	struct outfile *out = r->out;
	r->out = NULL;
	return outfile_commit(out, r->err);
}

bool convert_file(const struct convert *c, struct err *err)
{
	struct rewrite r = {.c = c, .bytes = BUF_INIT(MOST_PIECE), .err = err};
	struct html_piece piece;
	if (!page_open(&r.page, &c->file, err))
		return false;
	bool ok = true;
	while (ok && page_next(&r.page, &piece))
		ok = rewrite_piece(&r, &piece);
	ok = ok && finish(&r);
	outfile_abandon(r.out);
	buf_free(&r.bytes);
	page_close(&r.page);
	return ok;
}
