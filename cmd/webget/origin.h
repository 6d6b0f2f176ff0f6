/*
 * --xattr: where a file came from, in its extended attributes, by the names that
 * freedesktop.org and curl gave them.
 */
#ifndef PARLEY_WEBGET_ORIGIN_H
#define PARLEY_WEBGET_ORIGIN_H

#include "common/text/httphead.h"
#include "common/text/url.h"

/* user.xdg.origin.url without user, password and fragment; user.xdg.referrer.url (referer may
 * be NULL); user.mime_type. False with errno where the file system keeps none. */
bool origin_note(
    int fd, const struct url *url, const char *referer, const struct http_head *head);

#endif
