/*
 * robots.txt (RFC 9309): what a crawler of our name may fetch. A pure reader;
 * when to fetch the file is crawl.c's.
 */
#ifndef PARLEY_WEBGET_ROBOTS_H
#define PARLEY_WEBGET_ROBOTS_H

#include <stdbool.h>

#include "common/base/str.h"

/* RFC 9309 2.5: at least so much is read; what stands behind it is not. */
#define ROBOTS_MOST ((size_t)500 * 1024)

struct robots;

/* The rules of a file for a product token ("webget"): those of all groups that name it, or,
 * when none does, those of the groups for "*". Never fails: lines that are none are skipped. */
struct robots *robots_read(struct str file, struct str token);
/* When the file can't be had (2.3.1.4): nothing may be fetched. */
struct robots *robots_forbid_all(void);
/* May this path, with its query, be fetched? The longest rule that matches decides, allow
 * before disallow (2.2.2). */
bool robots_allow(const struct robots *r, struct str target);
void robots_free(struct robots *r);

#endif
