/*
 * One file of the cache: opened and believed only when its sums are right,
 * written under a temporary name and renamed. Which file is which is
 * cache_store.c's business.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/webget/cache_store_inside.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/sum64.h"

#define PIECE (64 * KIB)

struct cache_writer {
	struct cache_store *store;
	char *path, *temporary;
	int fd;
	struct cache_line line;
	struct sum64 sum;
	struct err err;
};

/* ---- reading ---- */

bool cache_file_read(int fd, char *out, size_t len, uint64_t at)
{
	while (len) {
		ssize_t n = pread(fd, out, len, (off_t)at);
		if (n <= 0)
			return false;
		out += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

static bool read_front(int fd, struct buf *bytes)
{
	struct cache_line line;
	char *first = buf_reserve(bytes, CACHE_LINE);
	if (!first || !cache_file_read(fd, first, CACHE_LINE, 0))
		return false;
	buf_commit(bytes, CACHE_LINE);
	if (!cache_line_parse(buf_str(bytes), &line))
		return false;
	char *head = buf_reserve(bytes, line.head_len);
	if (!head || !cache_file_read(fd, head, line.head_len, CACHE_LINE))
		return false;
	buf_commit(bytes, line.head_len);
	return true;
}

bool cache_file_body_is_right(const struct cache_found *f)
{
	const struct cache_line *line = &f->entry.line;
	struct sum64 sum;
	struct stat st;
	uint64_t at = CACHE_LINE + line->head_len, left = line->body_len;
	if (fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != at + left)
		return false;
	char *piece = mem_alloc(PIECE);
	sum64_start(&sum);
	while (left) {
		size_t n = left < PIECE ? (size_t)left : PIECE;
		if (!cache_file_read(f->fd, piece, n, at))
			break;
		sum64_add(&sum, (struct str){piece, n});
		at += n;
		left -= n;
	}
	free(piece);
	return left == 0 && sum64_value(&sum) == line->body_sum;
}

struct cache_found *cache_file_open(char *path)
{
	struct cache_found *f = mem_alloc(sizeof *f);
	struct buf bytes = BUF_INIT(CACHE_LINE + CACHE_HEAD_MOST);
	*f = (struct cache_found){
	    .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
	if (f->fd >= 0 && read_front(f->fd, &bytes) && cache_entry_parse(&f->entry, &bytes))
		return f;
	if (f->fd >= 0)
		unlink(path);
	buf_free(&bytes);
	cache_found_free(f);
	return NULL;
}

void cache_found_free(struct cache_found *f)
{
	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	cache_entry_free(&f->entry);
	free(f->path);
	free(f);
}

/* ---- writing ---- */

static bool write_all(struct cache_writer *w, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(w->fd, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR)
			return err_set_errno(&w->err, ERR_IO, "%s", w->temporary);
		bytes = str_sub(bytes, n > 0 ? (size_t)n : 0, bytes.len);
	}
	return true;
}

static uint64_t key_sum(const struct cache_about *a)
{
	struct sum64 sum;
	sum64_start(&sum);
	sum64_add(&sum, str_of(a->user));
	for (size_t i = 0; i < a->vary.count; i++) {
		sum64_add(&sum, STR("\n"));
		sum64_add(&sum, str_of(a->vary.items[i].text));
	}
	return sum64_value(&sum);
}

static bool open_temporary(struct cache_writer *w, uint64_t url_sum)
{
	char *subdir = cache_subdir(w->store, url_sum);
	w->temporary = mem_printf("%s/tmp-XXXXXX", subdir);
	if (mkdir(subdir, 0700) == 0 || errno == EEXIST)
		w->fd = mkostemp(w->temporary, O_CLOEXEC);
	free(subdir);
	return w->fd >= 0 || err_set_errno(&w->err, ERR_IO, "%s", w->temporary);
}

static bool begin(struct cache_writer *w, const struct cache_about *about, struct str answer)
{
	static const char room[CACHE_LINE];
	struct buf head = BUF_INIT(CACHE_HEAD_MOST);
	uint64_t sum = sum64_of(str_of(about->url));
	bool ok = cache_entry_put(&head, about, answer) ||
		  err_set(&w->err, ERR_IO, "the head is too long to be kept");
	w->path = mem_printf("%s/%02x/%016llx-%016llx", w->store->dir, (unsigned)(sum >> 56),
	    (unsigned long long)sum, (unsigned long long)key_sum(about));
	w->line.head_sum = sum64_of(buf_str(&head));
	w->line.head_len = head.len;
	/* The first line is known last. */
	ok = ok && open_temporary(w, sum) && write_all(w, (struct str){room, sizeof room}) &&
	     write_all(w, buf_str(&head));
	buf_free(&head);
	return ok;
}

/* What selects it stands in its own head. */
static bool describe(struct cache_about *about, const struct cache_key *key, struct str answer)
{
	struct http_head head;
	struct err ignored = {0};
	char *copy = str_dup(answer);
	bool ok = http_head_parse(&head, copy, answer.len, &ignored) &&
		  cache_list_vary(&about->vary, &head, key->request);
	http_head_free(&head);
	free(copy);
	return ok;
}

struct cache_writer *cache_writer_open(struct cache_store *s, const struct cache_key *key,
    const int64_t times[2], struct str answer, struct err *err)
{
	struct cache_writer *w = mem_alloc(sizeof *w);
	struct cache_about about = {.url = mem_dup(key->url),
	    .user = mem_dup(key->user),
	    .requested = times[0],
	    .received = times[1]};
	*w = (struct cache_writer){.store = s, .fd = -1};
	sum64_start(&w->sum);
	bool ok = describe(&about, key, answer)
		      ? begin(w, &about, answer)
		      : err_set(&w->err, ERR_IO, "its Vary is too long");
	cache_about_free(&about);
	if (ok)
		return w;
	err_pass(err, &w->err);
	cache_writer_abandon(w);
	return NULL;
}

void cache_writer_add(struct cache_writer *w, struct str piece)
{
	if (!w || err_is_set(&w->err) || piece.len == 0)
		return;
	w->line.body_len += piece.len;
	/* What alone fills the cache would drive all else out. */
	if (w->line.body_len > w->store->most / 2)
		err_set(&w->err, ERR_IO, "it is larger than half the cache");
	else if (write_all(w, piece))
		sum64_add(&w->sum, piece);
}

void cache_writer_add_body(struct cache_writer *w, const struct cache_found *from)
{
	const struct cache_line *line = &from->entry.line;
	uint64_t at = CACHE_LINE + line->head_len, left = line->body_len;
	char *piece = mem_alloc(PIECE);
	while (left && !err_is_set(&w->err)) {
		size_t n = left < PIECE ? (size_t)left : PIECE;
		if (!cache_file_read(from->fd, piece, n, at))
			err_set_errno(&w->err, ERR_IO, "%s", from->path);
		else
			cache_writer_add(w, (struct str){piece, n});
		at += n;
		left -= n;
	}
	free(piece);
}

static void free_writer(struct cache_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	free(w->path);
	free(w->temporary);
	free(w);
}

bool cache_writer_commit(struct cache_writer *w, struct err *err)
{
	char line[CACHE_LINE];
	w->line.body_sum = sum64_value(&w->sum);
	cache_line_put(line, &w->line);
	if (!err_is_set(&w->err) &&
	    (pwrite(w->fd, line, sizeof line, 0) != (ssize_t)sizeof line ||
		rename(w->temporary, w->path) != 0))
		err_set_errno(&w->err, ERR_IO, "%s", w->path);
	if (err_is_set(&w->err)) {
		err_pass(err, &w->err);
		cache_writer_abandon(w);
		return false;
	}
	pthread_mutex_lock(&w->store->lock);
	w->store->added += CACHE_LINE + w->line.head_len + w->line.body_len;
	pthread_mutex_unlock(&w->store->lock);
	free_writer(w);
	return true;
}

void cache_writer_abandon(struct cache_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		unlink(w->temporary);
	free_writer(w);
}
