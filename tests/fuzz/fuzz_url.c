/*
 * URLs: whatever parses must print as something that parses to the same, and
 * nothing a URL carries may end a protocol line. Input: a URL, and after a
 * NUL a reference to resolve against it.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/text/url.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void print(struct buf *out, const struct url *u)
{
	*out = BUF_INIT(16 * LIMIT_URL);
	url_put(out, u);
	must(str_is_one_line(buf_str(out)));
}

/* Printing and parsing again gives the same words. */
static void survives(const struct url *u)
{
	struct buf first, second;
	struct err err = {0};
	struct url again;
	print(&first, u);
	if (first.len <= LIMIT_URL) {
		must(url_parse(&again, buf_str(&first), NULL, &err));
		print(&second, &again);
		must(str_eq(buf_str(&first), buf_str(&second)));
		must(again.port == u->port);
		buf_free(&second);
		url_free(&again);
	}
	buf_free(&first);
}

static void lines(const struct url *u)
{
	struct buf out = BUF_INIT(16 * LIMIT_URL);
	url_put_target(&out, u);
	url_put_host(&out, u);
	url_put_authority(&out, u);
	url_put_page(&out, u);
	must(str_is_one_line(buf_str(&out)));
	must(!str_has_byte(buf_str(&out), ' '));
	must(!u->user || str_is_one_line(str_of(u->user)));
	must(!u->password || str_is_one_line(str_of(u->password)));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct str whole = str_sub(text, 0, str_find(text, '\0'));
	struct err err = {0};
	struct url base, found;
	if (!url_parse(&base, whole, "http", &err)) {
		must(err_is_set(&err));
		return 0;
	}
	survives(&base);
	lines(&base);
	struct str reference = str_sub(text, whole.len + 1, size);
	if (url_resolve(&found, &base, reference, &err)) {
		survives(&found);
		lines(&found);
	}
	url_free(&found);
	url_free(&base);
	return 0;
}
