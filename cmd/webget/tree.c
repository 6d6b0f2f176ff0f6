/*
 * Where the files of a crawl lie. Knows no page and no server.
 */
#include "cmd/webget/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/userfile.h"

/* Variations tried: the hash of the URL makes the first one free, unless somebody wants it not
 * to be. */
#define MOST_TRIES 100

void tree_open(struct tree *t, const char *root, const struct localname_style *style)
{
	*t = (struct tree){.root = root ? root : ".",
	    .style = *style,
	    .wanted = BUF_INIT(LIMIT_URL),
	    .directory = BUF_INIT(LIMIT_URL)};
	t->prefix = strcmp(t->root, ".") == 0 ? mem_dup("") : mem_printf("%s/", t->root);
	names_init(&t->taken, LIMIT_CRAWL);
	names_init(&t->made, LIMIT_CRAWL);
}

void tree_close(struct tree *t)
{
	free(t->prefix);
	names_free(&t->taken);
	names_free(&t->made);
	buf_free(&t->wanted);
	buf_free(&t->directory);
}

char *tree_full(const struct tree *t, struct str path)
{
	return str_join(str_of(t->prefix), path);
}

/* ASCII letters: what a file system that ignores case thinks of others differs. */
static void put_lower(struct buf *out, struct str path)
{
	char *room = buf_reserve(out, path.len);
	for (size_t i = 0; room && i < path.len; i++)
		room[i] = char_lower(path.ptr[i]);
	if (room)
		buf_commit(out, path.len);
}

static bool is_among(const struct names *n, struct str path, const char *end)
{
	struct buf key = BUF_INIT(LIMIT_URL);
	put_lower(&key, path);
	buf_add_text(&key, end);
	bool found = names_find(n, buf_str(&key)) != NAMES_NONE;
	buf_free(&key);
	return found;
}

static bool is_taken(const struct tree *t, struct str path, const char *end)
{
	return is_among(&t->taken, path, end);
}

static void mark(struct names *n, struct str path, const char *end)
{
	struct buf key = BUF_INIT(LIMIT_URL);
	bool ignored;
	put_lower(&key, path);
	buf_add_text(&key, end);
	names_add(n, buf_str(&key), &ignored);
	buf_free(&key);
}

static struct str directory_of(struct str path)
{
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	return path;
}

bool tree_is_fresh(const struct tree *t, struct str path)
{
	struct str directory = directory_of(path);
	if (str_eq(directory, buf_str(&t->directory)))
		return t->directory_is_fresh;
	return is_among(&t->made, directory, "");
}

enum found { NOTHING, PLAIN_FILE, DIRECTORY, OTHER };

static enum found look(const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return NOTHING;
	return S_ISREG(st.st_mode) ? PLAIN_FILE : S_ISDIR(st.st_mode) ? DIRECTORY : OTHER;
}

/* True when the path is a directory, made now or before, and no link. */
static bool make_directory(struct tree *t, struct str path, struct err *err)
{
	if (is_taken(t, path, "/"))
		return true;
	if (is_taken(t, path, ""))
		return false;
	char *full = tree_full(t, path);
	bool made = mkdir(full, 0777) == 0;
	if (!made && errno != EEXIST)
		err_set_errno(err, ERR_CREATE, "%.200s", full);
	bool ok = look(full) == DIRECTORY;
	free(full);
	if (ok)
		mark(&t->taken, path, "/");
	if (ok && made)
		mark(&t->made, path, "/");
	return ok;
}

static bool is_free(struct tree *t, struct str path)
{
	if (is_taken(t, path, "") || is_taken(t, path, "/"))
		return false;
	if (tree_is_fresh(t, path))
		return true;
	char *full = tree_full(t, path);
	enum found found = look(full);
	free(full);
	return found == NOTHING || found == PLAIN_FILE;
}

/* Variations of the last component of path, until one is good. */
static bool vary(struct tree *t, struct buf *path, const struct url *url,
    bool (*good)(struct tree *, struct str, struct err *), struct err *err)
{
	struct buf first = BUF_INIT(LIMIT_URL), seed = BUF_INIT(4 * LIMIT_URL);
	bool ok = false;
	buf_add_str(&first, buf_str(path));
	for (int i = 0; !ok && i < MOST_TRIES && !err_is_set(err); i++) {
		buf_clear(&seed);
		if (url)
			url_put_page(&seed, url);
		buf_addf(&seed, " %d", i);
		buf_clear(path);
		localname_vary(path, buf_str(&first), buf_str(&seed));
		ok = good(t, buf_str(path), err);
	}
	buf_free(&first);
	buf_free(&seed);
	if (!ok)
		err_set(err, ERR_CREATE, "%.200s: the name is taken", buf_cstr(path));
	return ok;
}

/* Makes the last component of path good, by variations if it must. */
static bool settle(struct tree *t, struct buf *path, const struct url *url,
    bool (*good)(struct tree *, struct str, struct err *), struct err *err)
{
	return good(t, buf_str(path), err) || vary(t, path, url, good, err);
}

static bool good_file(struct tree *t, struct str path, struct err *err)
{
	(void)err;
	return is_free(t, path);
}

/* The directories of a path, each settled before the next. */
static bool make_directories(struct tree *t, struct str rest, struct buf *path, struct err *err)
{
	struct str part;
	while (str_cut(&rest, '/', &part)) {
		buf_add_str(path, part);
		/* The same for every URL below it: no seed but the name. */
		if (!settle(t, path, NULL, make_directory, err))
			return false;
		buf_add_byte(path, '/');
	}
	return true;
}

/* The path becomes what a directory is called. */
static bool find_directory(struct tree *t, struct str wanted, struct buf *path, struct err *err)
{
	if (wanted.len && str_eq(wanted, buf_str(&t->wanted)))
		return buf_add_str(path, buf_str(&t->directory));
	if (!make_directories(t, wanted, path, err))
		return false;
	buf_clear(&t->wanted);
	buf_add_str(&t->wanted, wanted);
	buf_clear(&t->directory);
	buf_add_str(&t->directory, buf_str(path));
	t->directory_is_fresh = is_among(&t->made, buf_str(path), "");
	return true;
}

bool tree_ready(const struct tree *t, struct err *err)
{
	char *inside = mem_printf("%s/x", t->root);
	bool ok = userfile_make_dirs(inside, 0777);
	free(inside);
	return ok || err_set_errno(err, ERR_CREATE, "%.200s", t->root);
}

bool tree_place(struct tree *t, const struct url *url, struct str content_type,
    struct buf *path, struct err *err)
{
	struct buf name = BUF_INIT(LIMIT_URL);
	buf_clear(path);
	bool ok = localname_put(&name, url, &t->style) ||
		  err_set(err, ERR_CREATE, "its path is too long for a file's");
	struct str rest = buf_str(&name);
	struct str directory = directory_of(rest);
	ok = ok && (t->taken.count > 0 || tree_ready(t, err)) &&
	     find_directory(t, directory, path, err);
	if (ok) {
		rest = str_sub(rest, directory.len, rest.len);
		const char *extension = localname_extension(rest, content_type);
		buf_add_str(path, rest);
		buf_add_text(path, extension ? extension : "");
		ok = settle(t, path, url, good_file, err);
	}
	buf_free(&name);
	if (ok)
		mark(&t->taken, buf_str(path), "");
	return ok;
}

char *tree_guess(const struct tree *t, const struct url *url)
{
	struct buf name = BUF_INIT(LIMIT_URL);
	localname_put(&name, url, &t->style);
	char *path = tree_full(t, buf_str(&name));
	buf_free(&name);
	const char *extension;
	bool found = look(path) == PLAIN_FILE;
	for (size_t i = 0; !found && (extension = localname_extension_number(i)); i++) {
		char *longer = mem_printf("%s%s", path, extension);
		found = look(longer) == PLAIN_FILE;
		if (found) {
			free(path);
			path = longer;
		} else {
			free(longer);
		}
	}
	return path;
}
