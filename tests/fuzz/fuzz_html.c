/*
 * Pages: whatever the bytes, pieces lie in the page and in order, and reading it ends; and
 * where markup is plain enough to be read without the parser, the parser says the same.
 */
#include "common/text/refs.h"
#include "tests/fuzz/fuzz.h"

/* What module_table("html") gives; here the module is linked. */
extern const void *parley_module(void);

/* Longer ones the parser may read in several windows, which may differ. */
#define COMPARED 1024

static void compare(const struct html_ops *ops, struct str page)
{
	struct html *plain = ops->open(page), *parsed = ops->open_parsed(page);
	struct html_piece p, q;
	bool more = true;
	while (more) {
		more = ops->next(plain, &p);
		must(ops->next(parsed, &q) == more);
		must(!more || (p.form == q.form && p.use == q.use && p.at == q.at &&
				  p.len == q.len && p.quote == q.quote &&
				  p.nofollow == q.nofollow && str_eq(p.value, q.value)));
	}
	ops->close(plain);
	ops->close(parsed);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str page = {(const char *)data, size};
	const struct html_ops *ops = parley_module();
	struct html *h = ops->open(page);
	struct html_piece p;
	size_t last = 0;
	while (ops->next(h, &p)) {
		must(p.at >= last && p.at + p.len <= page.len);
		last = p.at;
	}
	ops->close(h);
	if (size <= COMPARED)
		compare(ops, page);
	return 0;
}
