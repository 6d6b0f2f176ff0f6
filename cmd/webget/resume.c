/*
 * Resuming downloads. Knows no connection; when to ask is task.c's business.
 */
#include "cmd/webget/resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/range.h"
#include "cmd/webget/segments.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/userfile.h"
#include "common/text/date.h"
#include "common/text/number.h"

/* Two versions of a file seldom agree in so many bytes at one place. */
#define OVERLAP ((uint64_t)4096)

static char *note_path(const char *part)
{
	return mem_printf("%s.info", part);
}

void resume_drop(struct resume *r)
{
	free(r->validator);
	free(r->map);
	r->validator = r->map = NULL;
	r->have = r->overlap = r->total = 0;
}

void resume_free(struct resume *r)
{
	resume_drop(r);
	free(r->url);
	r->url = NULL;
}

/* Of a file with gaps: what stands before the first one. */
static uint64_t before_gaps(const char *map, uint64_t total)
{
	struct plan plan;
	plan_open(&plan, total, 1);
	uint64_t prefix = plan_read_map(&plan, str_of(map)) ? plan_prefix(&plan) : 0;
	plan_close(&plan);
	return prefix;
}

void resume_again(struct resume *r, const struct outfile *out)
{
	r->have = r->validator ? outfile_size(out) : 0;
	if (r->have && r->map)
		r->have = before_gaps(r->map, r->total);
	if (r->total && r->have > r->total)
		r->have = 0;
	r->overlap = r->have < OVERLAP ? r->have : OVERLAP;
}

/* ---- the note ---- */

/* url, validator, total, and of a file with gaps the map: a line each. */
static bool read_note(struct resume *r, struct str text)
{
	struct str url, validator, total;
	if (!str_cut(&text, '\n', &url) || !str_cut(&text, '\n', &validator) ||
	    !str_cut(&text, '\n', &total))
		return false;
	if (!str_is(url, r->url) || validator.len == 0 || !field_is_value(validator) ||
	    !number_parse(total, &r->total))
		return false;
	r->validator = str_dup(validator);
	if (text.len)
		r->map = str_dup(str_trim(text));
	return true;
}

void resume_load(struct resume *r, struct outfile *out, const char *url)
{
	struct userfile file;
	struct err ignored = {0};
	char *path = note_path(outfile_partial_path(out));
	*r = (struct resume){.kept = true, .url = mem_dup(url)};
	if (userfile_read(&file, path, &ignored) && file.found &&
	    read_note(r, buf_str(&file.bytes)))
		resume_again(r, out);
	userfile_free(&file);
	free(path);
}

bool resume_save(const struct resume *r, const struct outfile *out, struct err *err)
{
	char *path = note_path(outfile_partial_path(out));
	struct buf text = BUF_INIT(2 * LIMIT_URL + LIMIT_HEAD + LIMIT_FILE);
	struct outfile *note = outfile_open(path, 0, err);
	buf_addf(&text, "%s\n%s\n%llu\n", r->url, r->validator, (unsigned long long)r->total);
	if (r->map)
		buf_addf(&text, "%s\n", r->map);
	bool ok = note && outfile_write(note, buf_str(&text), err);
	if (note && !ok)
		outfile_abandon(note);
	ok = ok && outfile_commit(note, err);
	buf_free(&text);
	free(path);
	return ok;
}

void resume_done(const struct resume *r, const char *path)
{
	if (!r->kept || !path)
		return;
	char *note = note_path(path);
	unlink(note);
	free(note);
}

void resume_forget(struct resume *r, const struct outfile *out)
{
	resume_drop(r);
	resume_done(r, outfile_partial_path(out));
}

/* ---- versions ---- */

/* RFC 9110 8.8.1: a weak ETag, or a date as young as the answer, may stand for two versions. */
char *resume_validator(const struct http_head *head)
{
	struct str etag = fields_value(&head->fields, "etag");
	struct str modified = fields_value(&head->fields, "last-modified");
	int64_t at, now, wall = time(NULL);
	if (etag.len > 2 && etag.ptr[0] == '"')
		return str_dup(etag);
	if (etag.len || !date_parse_http(modified, wall, &at) ||
	    !date_parse_http(fields_value(&head->fields, "date"), wall, &now) || now - at < 60)
		return NULL;
	return str_dup(modified);
}

bool resume_range(const struct resume *r, char *out, size_t size)
{
	if (r->have == 0)
		return false;
	snprintf(out, size, "bytes=%llu-", (unsigned long long)(r->have - r->overlap));
	return true;
}

/* All of it as it was asked for. */
static bool range_fits(const struct resume *r, const struct http_head *head)
{
	struct range got;
	return range_parse(head, &got) && got.first == r->have - r->overlap &&
	       got.last + 1 == got.total && (r->total == 0 || got.total == r->total);
}

/* An answer need not repeat its validator; if it does, it must be the same. */
static bool version_fits(const struct resume *r, const struct http_head *head)
{
	struct str etag = fields_value(&head->fields, "etag");
	struct str modified = fields_value(&head->fields, "last-modified");
	if (r->validator[0] == '"')
		return etag.len == 0 || str_is(etag, r->validator);
	return modified.len == 0 || str_is(modified, r->validator);
}

/* RFC 9110 15.5.17: 416 says the size. A server that saw another version than that of If-Range
 * would have sent all of it. */
static bool is_all(const struct resume *r, const struct http_head *head)
{
	uint64_t size;
	return range_parse_size(head, &size) && size == r->have &&
	       (r->total == 0 || size == r->total) && version_fits(r, head);
}

enum resume_answer resume_judge(const struct resume *r, const struct http_head *head)
{
	if (head->status == 416)
		return is_all(r, head) ? RESUME_ALL : RESUME_ANEW;
	if (head->status != 206)
		return RESUME_WHOLE;
	return range_fits(r, head) && version_fits(r, head) ? RESUME_REST : RESUME_ANEW;
}

bool resume_compare(
    const struct resume *r, struct http1_body *body, struct outfile *out, struct err *err)
{
	char there[OVERLAP];
	struct str piece;
	ssize_t n =
	    pread(outfile_fd(out), there, (size_t)r->overlap, (off_t)(r->have - r->overlap));
	if (n != (ssize_t)r->overlap)
		return err_set_errno(err, ERR_IO, "%s", outfile_name(out));
	for (uint64_t at = 0; at < r->overlap; at += piece.len) {
		if (!http1_body_take(body, (size_t)(r->overlap - at), &piece) || piece.len == 0)
			return err_pass(err, stream_err(body->stream));
		if (memcmp(there + at, piece.ptr, piece.len) != 0)
			return false;
	}
	return true;
}

bool resume_begin(
    struct resume *r, const struct http_head *head, struct outfile *out, struct err *err)
{
	struct str length = fields_value(&head->fields, "content-length");
	/* In this order: old bytes never stand beside the new version's note. */
	if (!outfile_cut(out, 0, err))
		return false;
	resume_drop(r);
	if (head->status == 200)
		r->validator = resume_validator(head);
	if (!number_parse(length, &r->total))
		r->total = 0;
	if (r->kept && r->validator)
		return resume_save(r, out, err);
	resume_done(r, outfile_partial_path(out));
	return true;
}
