/*
 * What tells where a file is and what it must be, of any bytes: lists of checksums, digest
 * fields, Link fields, Content-Range, the map of a file with gaps.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/digestfield.h"
#include "cmd/webget/duplicates.h"
#include "cmd/webget/range.h"
#include "cmd/webget/segments.h"
#include "cmd/webget/sums.h"
#include "cmd/webget/verify.h"
#include "common/base/limits.h"
#include "tests/fuzz/fuzz.h"

static void read_sums(struct str text)
{
	struct err err = {0};
	struct sums *s = sums_parse(text, &err);
	must(s || err.kind == ERR_DATA);
	err_clear(&err);
	const char *spec = s ? sums_find(s, str_of("name"), &err) : NULL;
	must(!spec || verify_check(spec, &err));
	sums_free(s);
}

static void read_digests(struct str text)
{
	struct digestfield found[DIGESTFIELD_MOST];
	size_t count = digestfield_parse(text, found);
	must(count <= DIGESTFIELD_MOST);
	for (size_t i = 0; i < count; i++)
		must(found[i].len <= sizeof found[i].bytes);
	must(digestfield_parse_old(text, found) <= DIGESTFIELD_MOST);
}

static void read_fields(struct str text)
{
	struct http_head head = {.status = 206};
	struct list urls = {0};
	struct url base;
	struct err err = {0};
	struct range range;
	uint64_t size;
	must(url_parse(&base, str_of("https://a.example/d/x"), "http", &err));
	must(fields_add(&head.fields, str_of("link"), text));
	must(fields_add(&head.fields, str_of("content-range"), text));
	duplicates_find(&head, &base, &urls);
	must(urls.count <= DUPLICATES_MOST);
	for (size_t i = 0; i < urls.count; i++)
		must(str_starts(str_of(urls.items[i].text), "https://"));
	free(duplicates_description(&head, &base));
	must(!range_parse(&head, &range) ||
	     (range.first <= range.last && range.last < range.total));
	range_parse_size(&head, &size);
	list_free(&urls);
	url_free(&base);
	fields_free(&head.fields);
}

/* A map that is taken is written back as what it means. */
static void read_map(struct str text)
{
	struct plan plan, again;
	struct buf map = BUF_INIT(LIMIT_FILE), second = BUF_INIT(LIMIT_FILE);
	plan_open(&plan, 1000000, 1);
	plan_open(&again, 1000000, 1);
	if (plan_read_map(&plan, text)) {
		plan_put_map(&plan, &map);
		must(plan_read_map(&again, buf_str(&map)));
		plan_put_map(&again, &second);
		must(str_eq(buf_str(&map), buf_str(&second)) && plan.there == again.there);
		must(plan_prefix(&plan) <= plan.there);
	}
	plan_close(&plan);
	plan_close(&again);
	buf_free(&map);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	read_sums(text);
	read_digests(text);
	read_fields(text);
	read_map(text);
	return 0;
}
