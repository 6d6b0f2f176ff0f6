/*
 * The tree of files that a crawl makes: each URL its own path, below one
 * directory, through no link. Directories are made here, files are not.
 */
#ifndef PARLEY_WEBGET_TREE_H
#define PARLEY_WEBGET_TREE_H

#include "cmd/webget/localname.h"
#include "cmd/webget/names.h"
#include "common/base/err.h"

struct tree {
	const char *root; /* "." or the user's directory */
	char *prefix;     /* what stands before a path: "", or the root and a slash */
	struct localname_style style;
	struct names taken; /* paths in lower case; those of directories end in / */
	struct names made;  /* those of directories that were not there before */
	/* The last directory: what it was to be called, what it is called (both with their /).
	 * The next file mostly lies there too. */
	struct buf wanted, directory;
	bool directory_is_fresh;
};

void tree_open(struct tree *t, const char *root, const struct localname_style *style);
void tree_close(struct tree *t);
/*
 * A path for what a URL gave, relative to the root, and its directories made. Where the name is
 * taken, by another URL of this run, by a directory or by anything but a plain file, also if
 * only the case of letters differs, it gets a variation. ERR_CREATE.
 */
bool tree_place(struct tree *t, const struct url *url, struct str content_type,
    struct buf *path, struct err *err);
/* Was the directory of this path made by this run? Then what stands in it was placed here. */
bool tree_is_fresh(const struct tree *t, struct str path);
/* The root itself is made, with what leads to it. ERR_CREATE. */
bool tree_ready(const struct tree *t, struct err *err);
/* What tree_place will probably say, or what an earlier run did: for -N. To be freed. */
char *tree_guess(const struct tree *t, const struct url *url);
/* root and path joined; to be freed. */
char *tree_full(const struct tree *t, struct str path);

#endif
