/*
 * The attributes of a file's origin. Knows no transfer.
 */
#include "cmd/webget/origin.h"

#include "common/base/limits.h"

static bool set(int fd, const char *name, struct str value)
{
	return value.len == 0 || compat_set_xattr(fd, name, value.ptr, value.len) == 0;
}

bool origin_note(
    int fd, const struct url *url, const char *referer, const struct http_head *head)
{
	struct buf page = BUF_INIT(2 * LIMIT_URL);
	url_put_page(&page, url);
	bool ok = set(fd, "user.xdg.origin.url", buf_str(&page)) &&
		  set(fd, "user.xdg.referrer.url", str_of(referer)) &&
		  set(fd, "user.mime_type", fields_value(&head->fields, "content-type"));
	buf_free(&page);
	return ok;
}
