/*
 * Maildir: written in tmp/, synced in groups, then moved to new/ or cur/. Knows
 * no line end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/mail/deliver_inside.h"
#include "common/mail/maildir_keys.h"

/* Up to so many messages are synced one by one, by descriptors kept open for that; more of them
 * by one sync of their file system. */
enum { ONE_BY_ONE = 8, OLD_HOURS = 36 };

struct pending {
	char *tmp;  /* name in tmp/ */
	char *name; /* in new/ or cur/ */
	bool seen;  /* cur/ */
	int fd;     /* -1 if closed */
};

struct maildir {
	int root, tmp, new, cur;
	char *path; /* for errors */
	char *host;
	unsigned long long counter, random;
	struct pending *items;
	size_t count, cap;
	struct pending open; /* the message being written; its fd is -1 if there is none */
	struct maildir_keys keys;
};

/* --- Opening --- */

static int open_dir(int at, const char *name, struct err *err, const char *path)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err_set_errno(err, ERR_CREATE, "cannot open Maildir %s", path);
	return fd;
}

static bool make_dir(int at, const char *name, bool *made, struct err *err, const char *path)
{
	if (mkdirat(at, name, 0700) == 0)
		*made = true;
	else if (errno != EEXIST)
		return err_set_errno(err, ERR_CREATE, "cannot make Maildir %s", path);
	return true;
}

static void sync_parent(int dir)
{
	int parent = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return;
	fsync(parent);
	close(parent);
}

static bool open_dirs(struct maildir *m, struct err *err)
{
	static const char *const names[] = {"tmp", "new", "cur"};
	int *const fds[] = {&m->tmp, &m->new, &m->cur};
	bool made = false;
	if (!make_dir(AT_FDCWD, m->path, &made, err, m->path) ||
	    (m->root = open_dir(AT_FDCWD, m->path, err, m->path)) < 0)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!make_dir(m->root, names[i], &made, err, m->path) ||
		    (*fds[i] = open_dir(m->root, names[i], err, m->path)) < 0)
			return false;
		if (faccessat(m->root, names[i], W_OK | X_OK, AT_EACCESS) != 0)
			return err_set_errno(
			    err, ERR_CREATE, "cannot write to Maildir %s", m->path);
	}
	if (made) {
		fsync(m->root);
		sync_parent(m->root);
	}
	return true;
}

/* "/" and ":" have meanings in the names. */
static char *host_name(void)
{
	char name[65] = "localhost";
	gethostname(name, sizeof name - 1);
	for (char *p = name; *p; p++)
		if (!char_is_alpha(*p) && !char_is_digit(*p) && *p != '-' && *p != '.')
			*p = '_';
	return mem_dup(name);
}

/* What a killed delivery left: by the custom of Maildir nothing in tmp/ is in use for so long.
 */
static void sweep(struct maildir *m)
{
	DIR *dir = maildir_list(m->tmp);
	struct dirent *entry;
	struct stat st;
	time_t old = time(NULL) - OLD_HOURS * 3600;
	while (dir && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && fstatat(m->tmp, entry->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode) && st.st_mtime < old)
			unlinkat(m->tmp, entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static void close_maildir(void *state);

static void *open_maildir(const struct deliver_options *o, struct err *err)
{
	struct maildir *m = mem_alloc(sizeof *m);
	*m = (struct maildir){.root = -1, .tmp = -1, .new = -1, .cur = -1, .open.fd = -1};
	m->path = mem_dup(o->target);
	m->host = host_name();
	if (!open_dirs(m, err)) {
		close_maildir(m);
		return NULL;
	}
	if (getentropy(&m->random, sizeof m->random) != 0)
		m->random = (unsigned long long)getpid();
	sweep(m);
	return m;
}

/* --- One message --- */

static void forget(struct maildir *m, struct pending *p, bool remove)
{
	if (p->fd >= 0)
		close(p->fd);
	if (remove && p->tmp)
		unlinkat(m->tmp, p->tmp, 0);
	free(p->tmp);
	free(p->name);
	*p = (struct pending){.fd = -1};
}

/* Only the letters that there are, each once and in order (maildir(5)); NULL if none. */
static char *flag_suffix(const char *flags)
{
	char text[sizeof ":2,DFPRST"] = ":2,";
	size_t len = 3;
	for (const char *p = "DFPRST"; flags && *p; p++)
		if (strchr(flags, *p))
			text[len++] = *p;
	text[len] = '\0';
	return mem_dup(len > 3 ? text : NULL);
}

static bool begin(void *state, const struct deliver_message *msg, struct err *err)
{
	struct maildir *m = state;
	struct pending *p = &m->open;
	char *flags = flag_suffix(msg->envelope->flags);
	const char *suffix = flags ? flags : "";
	p->seen = flags != NULL;
	p->tmp = mem_printf("%lld.P%ldQ%llu_%016llx.%s", (long long)time(NULL), (long)getpid(),
	    ++m->counter, m->random, m->host);
	if (*msg->key.text)
		p->name = mem_printf(
		    "%lld.K%s.%s%s", (long long)msg->time, msg->key.text, m->host, suffix);
	else
		p->name = mem_printf("%s%s", p->tmp, suffix);
	free(flags);
	p->fd = openat(m->tmp, p->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (p->fd >= 0)
		return true;
	err_set_errno(err, ERR_CREATE, "cannot write to Maildir %s", m->path);
	forget(m, p, false);
	return false;
}

static bool write_piece(void *state, struct str piece, struct err *err)
{
	struct maildir *m = state;
	if (nameless_write(m->open.fd, piece))
		return true;
	err_set_errno(err, ERR_IO, "cannot write to Maildir %s", m->path);
	forget(m, &m->open, true);
	return false;
}

static void cancel(void *state)
{
	struct maildir *m = state;
	forget(m, &m->open, true);
}

static bool end(void *state, struct err *err)
{
	struct maildir *m = state;
	(void)err;
	if (m->count >= ONE_BY_ONE) {
		close(m->open.fd);
		m->open.fd = -1;
	}
	if (m->count == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 16;
		m->items = mem_resize(m->items, m->cap, sizeof *m->items);
	}
	m->items[m->count++] = m->open;
	m->open = (struct pending){.fd = -1};
	return true;
}

/* --- The batch --- */

static bool sync_one(struct maildir *m, struct pending *p)
{
	int fd = p->fd >= 0 ? p->fd : openat(m->tmp, p->tmp, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	p->fd = -1;
	return good;
}

static bool sync_contents(struct maildir *m)
{
	bool good = true;
	if (m->count > ONE_BY_ONE && compat_syncfs(m->tmp) == 0)
		return true;
	for (size_t i = 0; good && i < m->count; i++)
		good = sync_one(m, &m->items[i]);
	return good;
}

/* Never another file's name: by a rename that minds it, half the work of link(2) and unlink(2),
 * which is the second choice; file systems without either get a look first. */
static bool give_name(struct maildir *m, const struct pending *p, int to)
{
	if (compat_rename_new(m->tmp, p->tmp, to, p->name) == 0)
		return true;
	if (errno == EEXIST)
		return false;
	if (linkat(m->tmp, p->tmp, to, p->name, 0) == 0) {
		unlinkat(m->tmp, p->tmp, 0);
		return true;
	}
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
		return false;
	if (faccessat(to, p->name, F_OK, 0) == 0) {
		errno = EEXIST;
		return false;
	}
	return renameat(m->tmp, p->tmp, to, p->name) == 0;
}

/* Another message of the same key keeps the name it has in tmp/. */
static bool move(struct maildir *m, struct pending *p)
{
	int to = p->seen ? m->cur : m->new;
	if (give_name(m, p, to))
		return true;
	if (errno != EEXIST)
		return false;
	const char *flags = strchr(p->name, ':');
	char *other = mem_printf("%s%s", p->tmp, flags ? flags : "");
	free(p->name);
	p->name = other;
	return give_name(m, p, to);
}

static bool move_all(struct maildir *m, size_t *done)
{
	bool seen = false, unseen = false, good = true;
	while (good && *done < m->count) {
		struct pending *p = &m->items[*done];
		good = move(m, p);
		*done += good;
		seen |= p->seen;
		unseen |= !p->seen;
	}
	int error = errno;
	if ((seen && fsync(m->cur) != 0) || (unseen && fsync(m->new) != 0)) {
		*done = 0;
		return false;
	}
	errno = error;
	return good;
}

static void drop_all(struct maildir *m, size_t from)
{
	for (size_t i = 0; i < m->count; i++)
		forget(m, &m->items[i], i >= from);
	m->count = 0;
}

static bool sync_batch(void *state, size_t *done, struct err *err)
{
	struct maildir *m = state;
	bool good = m->count == 0 || (sync_contents(m) && move_all(m, done));
	if (!good)
		err_set_errno(err, ERR_IO, "cannot write to Maildir %s", m->path);
	drop_all(m, *done);
	return good;
}

static void close_maildir(void *state)
{
	struct maildir *m = state;
	int fds[] = {m->root, m->tmp, m->new, m->cur};
	drop_all(m, 0);
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	maildir_keys_free(&m->keys);
	free(m->items);
	free(m->path);
	free(m->host);
	free(m);
}

/* --- Messages delivered before --- */

static const struct maildir_entry *find(struct maildir *m, const struct deliver_key *key)
{
	if (!m->keys.read)
		maildir_keys_read(&m->keys, m->new, m->cur);
	return maildir_keys_find(&m->keys, key->text);
}

static bool has(void *state, const struct deliver_key *key)
{
	return find(state, key) != NULL;
}

static bool set_flags(void *state, const struct deliver_key *key, const char *flags)
{
	struct maildir *m = state;
	const struct maildir_entry *e = find(m, key);
	if (!e)
		return false;
	const char *name = maildir_keys_name(&m->keys, e);
	char *suffix = flag_suffix(flags);
	char *to = mem_printf("%.*s%s", (int)strcspn(name, ":"), name, suffix ? suffix : ":2,");
	bool good = renameat(e->seen ? m->cur : m->new, name, m->cur, to) == 0;
	free(suffix);
	free(to);
	return good;
}

const struct deliver_ops deliver_maildir = {
    .open = open_maildir,
    .close = close_maildir,
    .has = has,
    .begin = begin,
    .write = write_piece,
    .end = end,
    .cancel = cancel,
    .sync = sync_batch,
    .set_flags = set_flags,
};
