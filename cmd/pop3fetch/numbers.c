/*
 * Sets of message numbers.
 */
#include "cmd/pop3fetch/numbers.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/number.h"

static bool parse_one(struct str text, uint32_t *out)
{
	uint64_t value;
	bool good = number_parse_max(text, UINT32_MAX - 1, &value) && value > 0;
	if (good)
		*out = (uint32_t)value;
	return good;
}

static bool parse_range(struct str text, struct number_range *out)
{
	size_t dash = str_find(text, '-');
	if (!parse_one(str_sub(text, 0, dash), &out->first))
		return false;
	out->last = out->first;
	if (dash == text.len)
		return true;
	struct str last = str_sub(text, dash + 1, text.len);
	out->last = UINT32_MAX;
	return last.len == 0 || (parse_one(last, &out->last) && out->last >= out->first);
}

bool numbers_parse(struct numbers *n, struct str text, struct err *err)
{
	struct str rest = text, word;
	size_t before = n->count;
	bool good = text.len > 0 && text.ptr[text.len - 1] != ',';
	while (good && str_cut(&rest, ',', &word)) {
		struct number_range range;
		good = parse_range(str_trim(word), &range);
		if (!good)
			break;
		n->items = mem_resize(n->items, n->count + 1, sizeof range);
		n->items[n->count++] = range;
	}
	if (good)
		return true;
	n->count = before;
	return err_set(err, ERR_USAGE, "%.80s: not message numbers like 1,3-5,20-",
	    text.len ? text.ptr : "''");
}

void numbers_free(struct numbers *n)
{
	free(n->items);
	*n = (struct numbers){0};
}

bool numbers_have(const struct numbers *n, uint32_t number)
{
	for (size_t i = 0; i < n->count; i++)
		if (number >= n->items[i].first && number <= n->items[i].last)
			return true;
	return false;
}
