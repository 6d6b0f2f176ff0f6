/*
 * The cache's directory: whose it is, and which file answers a request. One file
 * is read and written by cache_file.c; what goes when there is too much is in cache_evict.c.
 */
#include "cmd/webget/cache_store_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/webget/cache_policy.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/sum64.h"
#include "common/cli/userfile.h"

/* Files of one URL that are looked at: real ones have a few. */
#define VARIANTS_MOST 64
/* The names in Vary, all together. */
#define VARY_MOST 1024

/* ---- the directory ---- */

static const char tag[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Answers kept by webget --cache (parley-cache 1). It may be removed at any time.\n"
    "# About such tags: https://bford.info/cachedir/\n";

static bool write_tag(const char *dir, const char *path)
{
	char *temporary = mem_printf("%s/tmp-XXXXXX", dir);
	int fd = mkostemp(temporary, O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, tag, sizeof tag - 1) == (ssize_t)sizeof tag - 1 &&
		  rename(temporary, path) == 0;
	if (fd >= 0) {
		close(fd);
		if (!ok)
			unlink(temporary);
	}
	free(temporary);
	return ok;
}

static bool is_tagged(const char *path)
{
	char text[sizeof tag] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok = fd >= 0 && read(fd, text, sizeof text - 1) > 0 && strcmp(text, tag) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* But for what another run that begins may be writing. */
static bool is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	bool empty = d;
	struct dirent *e;
	while (empty && (e = readdir(d)))
		empty = e->d_name[0] == '.' || strncmp(e->d_name, "tmp-", 4) == 0;
	if (d)
		closedir(d);
	return empty;
}

static bool claim(const char *dir, struct err *err)
{
	char *path = mem_printf("%s/CACHEDIR.TAG", dir);
	bool ours = is_tagged(path) || (is_empty(dir) && write_tag(dir, path)) ||
		    is_tagged(path); /* another run was first */
	free(path);
	return ours ||
	       err_set(err, ERR_CREATE,
		   "%s is neither empty nor a cache of webget, or can't be written", dir);
}

static bool check_dir(const char *dir, struct err *err)
{
	struct stat st;
	bool made = mkdir(dir, 0700) == 0 ||
		    (errno == ENOENT && userfile_make_dirs(dir, 0777) && mkdir(dir, 0700) == 0);
	int why = errno; /* stat would say that there is none */
	bool there = made || stat(dir, &st) == 0;
	errno = why;
	if (!there || (made && stat(dir, &st) != 0))
		return err_set_errno(err, ERR_CREATE, "the directory %s can't be made", dir);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_CREATE, "%s is not a directory", dir);
	if (st.st_uid != geteuid() || (st.st_mode & 022))
		return err_set(err, ERR_CREATE, "%s can be written by others", dir);
	return claim(dir, err);
}

struct cache_store *cache_store_open(const char *dir, uint64_t most, struct err *err)
{
	if (!check_dir(dir, err))
		return NULL;
	struct cache_store *s = mem_alloc(sizeof *s);
	*s = (struct cache_store){
	    .dir = mem_dup(dir), .most = most, .lock = PTHREAD_MUTEX_INITIALIZER};
	return s;
}

void cache_store_close(struct cache_store *s)
{
	if (!s)
		return;
	if (s->added)
		cache_evict(s->dir, s->most, s->added);
	free(s->dir);
	free(s);
}

/* ---- names ---- */

/* "ab" of a URL's sum, under the store's directory. */
char *cache_subdir(const struct cache_store *s, uint64_t url_sum)
{
	return mem_printf("%s/%02x", s->dir, (unsigned)(url_sum >> 56));
}

/* A line for each name that Vary has. Whose cookies and credentials they were is in the user.
 */
bool cache_list_vary(
    struct list *out, const struct http_head *head, const struct fields *request)
{
	struct buf names = BUF_INIT(VARY_MOST), line = BUF_INIT(CACHE_HEAD_MOST / 2);
	cache_put_vary(&names, head);
	struct str rest = buf_str(&names), name;
	while (str_cut(&rest, '\n', &name)) {
		if (str_is(name, "cookie") || str_is(name, "authorization"))
			continue;
		char *text = str_dup(name);
		struct buf value = BUF_INIT(CACHE_HEAD_MOST / 2);
		buf_clear(&line);
		buf_add_str(&line, name);
		if (cache_put_field(&value, request, text)) {
			buf_add_text(&line, ": ");
			buf_add_str(&line, buf_str(&value));
		}
		list_add(out, NULL, buf_cstr(&line));
		buf_free(&value);
		free(text);
	}
	bool ok = !names.over && !line.over;
	buf_free(&names);
	buf_free(&line);
	return ok;
}

/* ---- finding ---- */

static bool same_list(const struct list *a, const struct list *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->items[i].text, b->items[i].text) == 0;
	return same;
}

/* Sums are no proof: the URL itself is compared, and all that selects. */
static bool is_selected(const struct cache_found *f, const struct cache_key *key)
{
	struct list vary = {0};
	const struct cache_about *a = &f->entry.about;
	bool ok = strcmp(a->url, key->url) == 0 && strcmp(a->user, key->user) == 0 &&
		  cache_list_vary(&vary, &f->entry.head, key->request) &&
		  same_list(&vary, &a->vary);
	list_free(&vary);
	return ok;
}

/* The files of a URL, one after the other; each path is the caller's. NULL at the end. */
struct walk {
	DIR *dir;
	char *subdir;
	char prefix[18];
	int left;
};

static void walk_open(struct walk *w, const struct cache_store *s, const char *url)
{
	uint64_t sum = sum64_of(str_of(url));
	*w = (struct walk){.subdir = cache_subdir(s, sum), .left = VARIANTS_MOST};
	w->dir = opendir(w->subdir);
	snprintf(w->prefix, sizeof w->prefix, "%016llx-", (unsigned long long)sum);
}

static char *walk_next(struct walk *w)
{
	struct dirent *e;
	while (w->dir && w->left && (e = readdir(w->dir)))
		if (strncmp(e->d_name, w->prefix, 17) == 0) {
			w->left--;
			return mem_printf("%s/%s", w->subdir, e->d_name);
		}
	return NULL;
}

static void walk_close(struct walk *w)
{
	if (w->dir)
		closedir(w->dir);
	free(w->subdir);
}

struct cache_found *cache_store_find(struct cache_store *s, const struct cache_key *key)
{
	struct cache_found *best = NULL;
	struct walk w;
	char *path;
	walk_open(&w, s, key->url);
	while ((path = walk_next(&w))) {
		struct cache_found *f = cache_file_open(path);
		bool better = f && is_selected(f, key) &&
			      (!best || f->entry.about.received >= best->entry.about.received);
		cache_found_free(better ? best : f);
		best = better ? f : best;
	}
	walk_close(&w);
	if (best && !cache_file_body_is_right(best)) {
		unlink(best->path);
		cache_found_free(best);
		return NULL;
	}
	if (best)
		(void)futimens(best->fd, NULL); /* used now: it goes last */
	return best;
}

int cache_store_forget(struct cache_store *s, const char *url)
{
	struct walk w;
	char *path;
	int count = 0;
	walk_open(&w, s, url);
	while ((path = walk_next(&w))) {
		struct cache_found *f = cache_file_open(path);
		if (f && strcmp(f->entry.about.url, url) == 0)
			count += unlink(f->path) == 0;
		cache_found_free(f);
	}
	walk_close(&w);
	return count;
}
