/*
 * robots.txt and names of files: rules never break, and whatever the URL, its path stays
 * below the root. Input: a URL's path, and after a line end a robots.txt.
 */
#include <string.h>

#include "cmd/webget/localname.h"
#include "cmd/webget/robots.h"
#include "common/base/limits.h"
#include "tests/fuzz/fuzz.h"

static void stays_inside(struct str path)
{
	struct str part;
	must(path.len && path.ptr[0] != '/' && !str_has_byte(path, '\0'));
	while (str_cut(&path, '/', &part))
		must(part.len && part.len <= 255 && part.ptr[0] != '.' && part.ptr[0] != '-');
}

static void names(struct str target)
{
	struct localname_style style = {.no_host = true};
	struct buf text = BUF_INIT(2 * LIMIT_URL), path = BUF_INIT(16 * LIMIT_URL);
	struct url url;
	struct err err = {0};
	buf_addf(&text, "http://a.example/%.*s", STR_ARG(target));
	if (url_parse(&url, buf_str(&text), NULL, &err)) {
		if (localname_put(&path, &url, &style))
			stays_inside(buf_str(&path));
		url_free(&url);
	}
	buf_free(&text);
	buf_free(&path);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct str target = str_sub(text, 0, str_find(text, '\n'));
	struct robots *r = robots_read(str_sub(text, target.len + 1, size), STR("webget"));
	robots_allow(r, target);
	robots_free(r);
	if (target.len < LIMIT_URL && !str_has_byte(target, '\0'))
		names(target);
	return 0;
}
