/*
 * The file of what was fetched.
 */
#include "cmd/pop3fetch/state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/number.h"
#include "common/text/url.h"

/* A million messages, each with an id of the longest that RFC 1939 allows. */
#define STATE_MOST (128 * MIB)
/* What stands for itself in a key; blanks, control bytes, % and bytes from 0x80 do not. */
#define PLAIN "!\"#$&'()*+,/:;<=>?@[\\]^`{|}"

static const char heading[] =
    "# pop3fetch: TIME and UNIQUE-ID of what was fetched and is still on the server\n";

char *state_path(const char *user, const char *host, unsigned port)
{
	struct buf name = BUF_INIT(3 * LIMIT_URL);
	buf_add_text(&name, "pop3fetch.");
	url_encode(&name, str_of(user), "+=");
	buf_add_byte(&name, '@');
	url_encode(&name, str_of(host), "");
	buf_addf(&name, ":%u", port);
	/* "x.history" with the last part cut off: the place is userfile's to know. */
	char *path = userfile_history_path(buf_cstr(&name));
	buf_free(&name);
	if (path)
		path[strlen(path) - strlen(".history")] = '\0';
	return path;
}

/* ---- reading ---- */

static struct state_entry *add(struct state *s, char *key, int64_t time)
{
	if (s->count == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->items = mem_resize(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->count] = (struct state_entry){key, time};
	return &s->items[s->count++];
}

static bool parse_line(struct state *s, struct str line)
{
	struct str word = STR_NONE;
	int64_t time;
	struct buf key = BUF_INIT(LIMIT_LINE);
	if (line.len == 0 || line.ptr[0] == '#')
		return true;
	if (!str_cut(&line, ' ', &word) || !number_parse_signed(word, &time) || line.len == 0)
		return false;
	url_decode(&key, line);
	add(s, buf_steal(&key), time);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct state_entry *)a)->key, ((const struct state_entry *)b)->key);
}

static bool parse(struct state *s, struct str text, struct err *err)
{
	struct str line;
	for (unsigned long number = 1; str_cut(&text, '\n', &line); number++)
		if (!parse_line(s, line))
			return err_set(err, ERR_CONFIG,
			    "%.300s: line %lu is not a time and a unique id", s->path, number);
	if (s->count)
		qsort(s->items, s->count, sizeof *s->items, compare);
	s->sorted = s->count;
	return true;
}

static bool read_all(struct state *s, struct buf *text, struct err *err)
{
	for (;;) {
		char *room = buf_reserve(text, 64 * KIB);
		if (!room)
			return err_set(err, ERR_CONFIG, "%.300s is too large", s->path);
		ssize_t n = read(s->fd, room, 64 * KIB);
		if (n < 0)
			return err_set_errno(err, ERR_CONFIG, "%.300s", s->path);
		if (n == 0)
			return true;
		buf_commit(text, (size_t)n);
	}
}

/* A last line without its end was being written when the machine or the run went down. It was
 * not saved, then, and goes, so that the next line does not join it. */
static bool drop_torn_line(struct state *s, struct buf *text, struct err *err)
{
	size_t len = text->len;
	while (len && text->ptr[len - 1] != '\n')
		len--;
	if (len == text->len)
		return true;
	buf_truncate(text, len);
	return s->lock < 0 || ftruncate(s->fd, (off_t)len) == 0 ||
	       err_set_errno(err, ERR_CREATE, "%.300s", s->path);
}

static bool load(struct state *s, struct err *err)
{
	struct buf text = BUF_INIT(STATE_MOST);
	s->fd = open(s->path, (s->lock >= 0 ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC);
	if (s->fd < 0)
		return errno == ENOENT || err_set_errno(err, ERR_CONFIG, "%.300s", s->path);
	bool ok = read_all(s, &text, err) && drop_torn_line(s, &text, err) &&
		  parse(s, buf_str(&text), err);
	buf_free(&text);
	return ok;
}

/* A file beside it, since the file itself is replaced. */
static bool take_lock(struct state *s, struct err *err)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char *path = mem_printf("%s.lock", s->path);
	bool ok = userfile_make_dirs(path, 0700);
	if (ok)
		s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		err_set_errno(err, ERR_CREATE, "%.300s", path);
	else if (fcntl(s->lock, F_SETLK, &whole) != 0)
		err_set(err, ERR_AGAIN, "another pop3fetch is working on this account");
	free(path);
	return !err_is_set(err);
}

bool state_open(struct state *s, const char *path, bool lock, struct err *err)
{
	*s = (struct state){.path = mem_dup(path),
	    .fd = -1,
	    .lock = -1,
	    .open = true,
	    .pending = BUF_INIT(STATE_MOST)};
	return (!lock || take_lock(s, err)) && load(s, err);
}

void state_close(struct state *s)
{
	if (!s->open)
		return;
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i].key);
	free(s->items);
	free(s->path);
	buf_free(&s->pending);
	if (s->fd >= 0)
		close(s->fd);
	if (s->lock >= 0)
		close(s->lock);
	*s = (struct state){0};
}

/* ---- asking and noting ---- */

size_t state_find(const struct state *s, const char *key)
{
	size_t low = 0, high = s->sorted;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(key, s->items[middle].key);
		if (order == 0)
			return middle + 1;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

int64_t state_time(const struct state *s, size_t place)
{
	return s->items[place - 1].time;
}

static void put_line(struct buf *out, const struct state_entry *e)
{
	buf_addf(out, "%lld ", (long long)e->time);
	url_encode(out, str_of(e->key), PLAIN);
	buf_add_byte(out, '\n');
}

size_t state_note(struct state *s, const char *key, int64_t now)
{
	put_line(&s->pending, add(s, mem_dup(key), now));
	return s->count;
}

static bool write_all(struct state *s, struct str bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t n = write(s->fd, bytes.ptr, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, ERR_IO, "%.300s", s->path);
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return true;
}

/* Its name, too, must outlive a crash. */
static bool sync_directory(const struct state *s, struct err *err)
{
	const char *slash = strrchr(s->path, '/');
	char *dir = slash ? str_dup((struct str){s->path, (size_t)(slash - s->path) + 1})
			  : mem_dup(".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (!ok)
		err_set_errno(err, ERR_IO, "%.300s", dir);
	if (fd >= 0)
		close(fd);
	free(dir);
	return ok;
}

static bool create(struct state *s, struct err *err)
{
	s->fd = open(s->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->fd < 0)
		return err_set_errno(err, ERR_CREATE, "%.300s", s->path);
	return write_all(s, str_of(heading), err) && sync_directory(s, err);
}

/* A line that was written in part is taken back: the next one must not join it. */
static bool append(struct state *s, struct err *err)
{
	struct stat before;
	if (fstat(s->fd, &before) != 0)
		return err_set_errno(err, ERR_IO, "%.300s", s->path);
	if (write_all(s, buf_str(&s->pending), err) &&
	    (fdatasync(s->fd) == 0 || err_set_errno(err, ERR_IO, "%.300s", s->path)))
		return true;
	if (ftruncate(s->fd, before.st_size) != 0)
		err_set_errno(err, ERR_IO, "%.300s", s->path);
	return false;
}

bool state_save(struct state *s, struct err *err)
{
	if (s->pending.over)
		return err_set(err, ERR_IO, "%.300s would become too large", s->path);
	if (s->pending.len == 0)
		return true;
	bool ok = (s->fd >= 0 || create(s, err)) && append(s, err);
	buf_clear(&s->pending);
	return ok;
}

static bool replace(struct state *s, struct str text, struct err *err)
{
	struct outfile *out = outfile_open(s->path, OUTFILE_SYNC, err);
	if (!out)
		return false;
	if (outfile_write(out, text, err))
		return outfile_commit(out, err) && sync_directory(s, err);
	outfile_abandon(out);
	return false;
}

bool state_keep_only(struct state *s, const bool *keeps, struct err *err)
{
	struct buf text = BUF_INIT(STATE_MOST);
	size_t kept = 0;
	buf_add_text(&text, heading);
	for (size_t i = 0; i < s->count; i++)
		if (keeps[i]) {
			put_line(&text, &s->items[i]);
			kept++;
		}
	bool ok = kept == s->count || s->fd < 0 || replace(s, buf_str(&text), err);
	buf_free(&text);
	/* What is open may be the old file: nothing more is to be added to it. */
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	return ok;
}
