/*
 * Pages: whatever the bytes, pieces lie in the page and in order, and reading it ends.
 */
#include "common/text/refs.h"
#include "tests/fuzz/fuzz.h"

/* What module_table("html") gives; here the module is linked. */
extern const void *parley_module(void);

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
	return 0;
}
