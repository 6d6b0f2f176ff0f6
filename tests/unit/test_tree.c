/*
 * The tree of a crawl: where files get their places, below a directory of its own.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/webget/tree.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* The path (a pattern) that a URL gets, and whether its directory is one of this run. */
static void place(
    struct unit *t, struct tree *tree, const char *text, const char *want, bool fresh)
{
	struct buf path = BUF_INIT(LIMIT_URL);
	struct err err = {0};
	struct url url;
	CHECK(url_parse(&url, str_of(text), NULL, &err));
	CHECK(tree_place(tree, &url, STR("text/plain"), &path, &err));
	CHECK_INT(fnmatch(want, buf_cstr(&path), FNM_PATHNAME), 0);
	CHECK_INT(tree_is_fresh(tree, buf_str(&path)), fresh);
	buf_free(&path);
	url_free(&url);
}

/* From directory to directory and back: what is known of the last one is not taken for
 * another's. */
static void places(struct unit *t)
{
	static const struct localname_style style = {.no_host = false};
	char root[] = "/tmp/parley-tree.XXXXXX";
	struct tree tree;
	CHECK(mkdtemp(root) && chdir(root) == 0);
	CHECK(mkdir("h", 0777) == 0 && mkdir("h/old", 0777) == 0);
	CHECK(symlink("/dev/null", "h/old/link") == 0 && symlink("/tmp", "h/out") == 0);
	tree_open(&tree, root, &style);
	place(t, &tree, "http://h/new/a", "h/new/a", true);
	place(t, &tree, "http://h/new/b", "h/new/b", true);
	place(t, &tree, "http://h/old/link", "h/old/link~*", false);
	place(t, &tree, "http://h/old/a", "h/old/a", false);
	place(t, &tree, "http://h/new/A", "h/new/A~*", true);
	place(t, &tree, "http://h/new/a?", "h/new/a\\?", true);
	place(t, &tree, "http://h/new/a/b", "h/new/a~*/b", true);
	place(t, &tree, "http://h/new/c", "h/new/c", true);
	place(t, &tree, "http://h/out/x", "h/out~*/x", true);
	place(t, &tree, "http://g/new/a", "g/new/a", true);
	CHECK(tree_is_fresh(&tree, STR("h/new/a")) && !tree_is_fresh(&tree, STR("h/old/a")));
	tree_close(&tree);
	CHECK(chdir("/") == 0);
	char *sweep = mem_printf("rm -rf %s", root);
	CHECK_INT(system(sweep), 0);
	free(sweep);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"from directory to directory", places},
	};
	return unit_run(tests, COUNT(tests));
}
