/*
 * Files of the cache of any bytes: an entry that says the same when it is
 * written again, or none. And heads of any bytes through the rules: a verdict,
 * and a stored head that is a head.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/cache_entry.h"
#include "cmd/webget/cache_policy.h"
#include "common/base/limits.h"
#include "common/base/sum64.h"
#include "tests/fuzz/fuzz.h"

#define NOW ((int64_t)1795305600)

static void check_entry(const struct cache_entry *e)
{
	struct cache_entry again;
	struct buf file = BUF_INIT(CACHE_LINE + CACHE_HEAD_MOST);
	struct buf head = BUF_INIT(CACHE_HEAD_MOST);
	char line[CACHE_LINE];
	if (cache_entry_put(&head, &e->about, e->answer)) {
		struct cache_line l = {sum64_of(buf_str(&head)), head.len, 1, 2};
		cache_line_put(line, &l);
		buf_add(&file, line, sizeof line);
		buf_add_str(&file, buf_str(&head));
		must(cache_entry_parse(&again, &file));
		must(strcmp(again.about.url, e->about.url) == 0);
		must(strcmp(again.about.user, e->about.user) == 0);
		must(again.about.vary.count == e->about.vary.count);
		must(again.head.fields.count == e->head.fields.count);
		cache_entry_free(&again);
	}
	buf_free(&head);
	buf_free(&file);
}

/* The bytes with a first line that fits, so that the fuzzer need not find sums. */
static void as_file(struct str bytes, bool honest)
{
	struct buf file = BUF_INIT(CACHE_LINE + CACHE_HEAD_MOST);
	struct cache_line l = {sum64_of(bytes), bytes.len, 0, 0};
	char line[CACHE_LINE];
	struct cache_entry e;
	cache_line_put(line, &l);
	if (honest)
		buf_add(&file, line, sizeof line);
	buf_add_str(&file, bytes);
	if (cache_entry_parse(&e, &file)) {
		check_entry(&e);
		cache_entry_free(&e);
	}
	buf_free(&file);
}

static void rules(const struct http_head *head, const struct fields *request)
{
	struct cache_stored s = {head, NOW - 5, NOW, false};
	const char *why = NULL;
	int64_t life = cache_lifetime(&s);
	must(life >= 0 && cache_age(&s, NOW + 10) >= 10);
	must(cache_may_store(&s, "GET", request, &why) == !why);
	struct cache_verdict v = cache_judge(&s, request, NOW + 10);
	must(v.why[0] != '\0');
	must(v.use != CACHE_VALIDATE || cache_has_validator(head));
	must(v.use != CACHE_SERVE || !cache_control_of(&head->fields).no_cache);
}

static void heads(struct str bytes)
{
	struct http_head head;
	struct err err = {0};
	char *copy = str_dup(bytes);
	if (http_head_parse(&head, copy, bytes.len, &err)) {
		struct buf out = BUF_INIT(CACHE_HEAD_MOST), vary = BUF_INIT(1024);
		rules(&head, &head.fields);
		cache_put_vary(&vary, &head);
		cache_put_merged(&out, &head, &head);
		buf_clear(&out);
		cache_put_head(&out, &head);
		struct http_head again;
		must(out.over || http_head_parse(&again, out.ptr, out.len, &err));
		if (!out.over) {
			must(again.status == head.status);
			http_head_free(&again);
		}
		buf_free(&out);
		buf_free(&vary);
		http_head_free(&head);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	as_file(bytes, false);
	as_file(bytes, true);
	heads(bytes);
	return 0;
}
