/*
 * URLs as paths of files: HOST/PATH/NAME?QUERY, in names that any file system
 * takes and that lead nowhere else. Two URLs may get one name (a/%41 and
 * a/A): who keeps the tree finds that out and asks for another. Pure.
 */
#ifndef PARLEY_WEBGET_LOCALNAME_H
#define PARLEY_WEBGET_LOCALNAME_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/text/url.h"

/* Bytes of a component: file systems take 255, and temporaries need some. */
#define LOCALNAME_MOST 220
/* The file of a directory. */
#define LOCALNAME_INDEX "index.html"

struct localname_style {
	bool no_host;     /* -nH */
	int64_t cut_dirs; /* so many directories of the path are left out */
};

/*
 * The path, relative, without "." and ".." and empty components; a directory's file is
 * index.html. Percent-codes are read where the byte may stand in a name: not / \ % (it would be
 * read again), control bytes, what is no UTF-8, and a dot or dash that a name would begin with.
 * A name that is too long is cut, and its hash put there. False if the whole is too long for a
 * path.
 */
bool localname_put(struct buf *out, const struct url *url, const struct localname_style *style);
/* The extension without which a browser that opens the file would not know it for what it is:
 * ".html", ".css" ...; NULL when the name has it already, or the type needs none. */
const char *localname_extension(struct str path, struct str content_type);
/* All of them, one after the other, some twice; NULL behind the last. */
const char *localname_extension_number(size_t i);
/* The name made another one: "a/b~1f2e3d4c.css" for "a/b.css". seed: what makes it different.
 */
void localname_vary(struct buf *out, struct str path, struct str seed);

/* A relative reference from one file of the tree to another (RFC 3986 4.2), percent-encoded. */
void localname_put_reference(struct buf *out, struct str from, struct str to);

#endif
