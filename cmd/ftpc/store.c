/*
 * Uploads. What is a success is decided in prove().
 */
#include "cmd/ftpc/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/ftpc/checksum.h"
#include "cmd/ftpc/fetch.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"
#include "common/proto/dot.h"

#define CHUNK (64 * KIB)

void store_init(struct store *x, const char *local, const char *remote, bool ascii)
{
	*x = (struct store){.local = local,
	    .remote = remote,
	    .verb = "STOR",
	    .ascii = ascii,
	    .preserve = true,
	    .fd = -1};
	x->t = TRANSFER("STOR", remote, ascii ? 'A' : 'I');
}

void store_free(struct ftp *f, struct store *x)
{
	if (x->fd > STDIN_FILENO)
		close(x->fd);
	transfer_free(f, &x->t);
}

static bool open_local(struct store *x, struct err *err)
{
	struct stat st;
	if (x->fd >= 0)
		return true;
	x->fd = x->local ? open(x->local, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (x->fd < 0 || fstat(x->fd, &st) != 0)
		return err_set_errno(err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%s",
		    x->local ? x->local : "stdin");
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "%s is a directory", x->local);
	x->is_file = S_ISREG(st.st_mode) && x->local;
	x->size = (uint64_t)st.st_size;
	x->time = st.st_mtime;
	return true;
}

bool store_make_dirs(struct ftp *f, const char *path, struct err *err)
{
	for (const char *slash = strchr(path + 1, '/'); path[0] && slash;
	     slash = strchr(slash + 1, '/')) {
		char *dir = str_dup((struct str){path, (size_t)(slash - path)});
		bool ok = ftp_ask(f, "MKD", dir, err);
		free(dir);
		if (!ok)
			return false;
	}
	return true;
}

/* What is there already is kept when it can be the beginning of ours: not larger, and not
 * older than our file's last change. */
static bool find_rest(struct ftp *f, struct store *x, struct err *err)
{
	x->t.wants_facts = true;
	if (!transfer_ask_facts(f, &x->t, err))
		return false;
	bool usable = x->is_file && x->t.size_known && x->t.size <= x->size &&
		      (!x->t.time_known || x->t.time >= x->time);
	x->t.rest = usable ? x->t.size : 0;
	x->t.wants_facts = false;
	/* A try before this one may have read it to any place. */
	return !x->is_file || lseek(x->fd, 0, SEEK_SET) == 0 ||
	       err_set_errno(err, ERR_IO, "%s", x->local);
}

/* ---- moving ---- */

struct sender {
	struct stream *s;
	struct dot_filter lines;
	struct buf wire;
	struct checksum *sum;
	_Atomic uint64_t *counter;
};

static bool send_piece(struct sender *d, const struct store *x, struct str piece)
{
	if (d->sum)
		checksum_add(d->sum, piece);
	if (d->counter)
		*d->counter += piece.len;
	if (!x->ascii) {
		stream_put(d->s, piece.ptr, piece.len);
		return stream_flush(d->s);
	}
	buf_clear(&d->wire);
	dot_add(&d->lines, &d->wire, piece);
	stream_put(d->s, d->wire.ptr, d->wire.len);
	return stream_flush(d->s);
}

static bool send_by_pieces(struct sender *d, struct store *x, struct err *err)
{
	char *chunk = mem_alloc(CHUNK);
	ssize_t n = 1;
	bool ok = true;
	d->wire = BUF_INIT(4 * CHUNK);
	while (ok && n > 0) {
		n = read(x->fd, chunk, CHUNK);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			ok = err_set_errno(
			    err, ERR_IO, "reading %s", x->local ? x->local : "stdin");
		else if (n > 0)
			ok = send_piece(d, x, (struct str){chunk, (size_t)n});
		x->sent += n > 0 ? (uint64_t)n : 0;
	}
	buf_free(&d->wire);
	free(chunk);
	return ok || err_pass(err, stream_err(d->s));
}

static _Atomic uint64_t *begin_progress(const struct store *x)
{
	return progress_file_begin(
	    x->progress, x->t.rest, x->is_file ? x->size : PROGRESS_UNKNOWN);
}

static bool send_all(struct store *x, struct checksum *sum, struct err *err)
{
	struct sender d = {.s = x->t.channel.stream, .sum = sum, .counter = begin_progress(x)};
	uint64_t left = x->size - x->t.rest;
	bool ok;
	if (x->is_file && !x->ascii && !sum) {
		ok = stream_send_fd(d.s, x->fd, left, d.counter) ||
		     err_pass(err, stream_err(d.s));
		x->sent = ok ? left : 0;
	} else {
		ok = send_by_pieces(&d, x, err);
	}
	return ok;
}

/* 226, and then the size on the server, where it tells one. */
static bool prove(struct ftp *f, struct store *x, struct err *err)
{
	uint64_t size;
	if (x->ascii || strcmp(x->verb, "APPE") == 0)
		return true;
	if (!ftp_ask(f, "SIZE", x->remote, err))
		return false;
	uint64_t want = x->t.rest + x->sent;
	if (!ftp_read_size(f, &size) || size == want)
		return true;
	return err_set(err, ERR_AGAIN,
	    "the server says it is done, but has %" PRIu64 " of %" PRIu64 " bytes", size, want);
}

static bool finish(struct ftp *f, struct store *x, struct checksum *sum, struct err *err)
{
	if (!prove(f, x, err) || (sum && !checksum_compare(f, x->remote, sum, err)))
		return false;
	if (x->preserve && x->is_file && (!f->features_known || (f->features & FTP_MFMT)))
		ftp_mfmt(f, x->remote, x->time, err);
	return !err_is_set(err);
}

static bool attempt(struct ftp *f, struct store *x, struct err *err)
{
	struct checksum sum, *wanted = NULL;
	if (!open_local(x, err))
		return false;
	if (x->resume && !find_rest(f, x, err))
		return false;
	if (x->t.rest && lseek(x->fd, (off_t)x->t.rest, SEEK_SET) < 0)
		return err_set_errno(err, ERR_IO, "%s", x->local);
	x->t.verb = x->verb;
	if (x->create_dirs && !store_make_dirs(f, x->remote, err))
		return false;
	if (x->resume && x->is_file && x->t.rest == x->size && x->size) {
		begin_progress(x);
		return true;
	}
	if (!transfer_begin(f, &x->t, err))
		return false;
	if (x->checksum && !x->ascii && !x->t.rest) {
		wanted = checksum_start(&sum, f, NULL, 0, err) ? &sum : NULL;
		if (!wanted) {
			transfer_abort(f, &x->t);
			return false;
		}
	}
	bool ok = send_all(x, wanted, err);
	if (ok)
		ok = transfer_end(f, &x->t, NULL, err) && finish(f, x, wanted, err);
	else
		transfer_abort(f, &x->t);
	if (wanted)
		checksum_free(wanted);
	return ok;
}

/* The server's refusal says more than the connection that broke under our hands. */
static void prefer_words(struct ftp *f, struct err *err)
{
	if (err->kind != ERR_AGAIN || err->code || reply_class(&f->reply) < 4)
		return;
	struct err said = {0};
	ftp_refused(f, "STOR", NULL, &said);
	*err = said;
}

static bool try_all(struct run *run, struct ftp *f, struct store *x, struct err *err)
{
	for (int n = 0;; n++) {
		struct err now = {0};
		bool ready = n == 0 || fetch_try_again(run, f, n - 1, &now);
		if (ready && attempt(f, x, &now)) {
			session_count(run, x->sent);
			return true;
		}
		prefer_words(f, &now);
		/* What went through a pipe can't be sent again. */
		bool again = x->is_file && strcmp(x->verb, "STOR") == 0;
		if (now.kind != ERR_AGAIN || n >= run->o->retry || !again)
			return err_pass(err, &now);
		transfer_reset(f, &x->t);
		x->sent = 0;
		x->t.rest = 0;
		x->resume = true;
	}
}

bool store_run(struct run *run, struct ftp *f, struct store *x, struct err *err)
{
	if (x->bar)
		x->progress = progress_open_one(true, x->remote);
	bool ok = try_all(run, f, x, err);
	if (x->bar)
		progress_close_one(x->progress, ok);
	return ok;
}
