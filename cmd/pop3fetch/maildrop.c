/*
 * The two lists, joined.
 */
#include "cmd/pop3fetch/maildrop.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/number.h"

struct maildrop_uid {
	uint32_t number;
	char *uid;
};

static void *grown(void *items, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 64;
	return mem_resize(items, *cap, size);
}

static bool cut_number(struct str *line, uint32_t *number)
{
	struct str word;
	uint64_t value;
	*line = str_trim(*line);
	if (!str_cut(line, ' ', &word) || !number_parse_max(word, UINT32_MAX - 1, &value) ||
	    value == 0)
		return false;
	*number = (uint32_t)value;
	*line = str_trim(*line);
	return true;
}

bool maildrop_add_size(struct maildrop *d, struct str line)
{
	struct letter letter = {0};
	struct str word = STR_NONE;
	if (!cut_number(&line, &letter.number))
		return false;
	/* RFC 1939 5: more may stand behind the size. Without one it is a message, too. */
	str_cut(&line, ' ', &word);
	number_parse(word, &letter.size);
	d->items = grown(d->items, d->count, &d->cap, sizeof letter);
	d->items[d->count++] = letter;
	return true;
}

bool maildrop_add_uid(struct maildrop *d, struct str line)
{
	struct maildrop_uid entry;
	if (!cut_number(&line, &entry.number) || line.len == 0)
		return false;
	entry.uid = str_dup(line);
	d->uids = grown(d->uids, d->uid_count, &d->uid_cap, sizeof entry);
	d->uids[d->uid_count++] = entry;
	return true;
}

static int compare(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_letters(const void *a, const void *b)
{
	return compare(((const struct letter *)a)->number, ((const struct letter *)b)->number);
}

static int compare_uids(const void *a, const void *b)
{
	return compare(
	    ((const struct maildrop_uid *)a)->number, ((const struct maildrop_uid *)b)->number);
}

static void drop_repeated(struct maildrop *d)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->count; i++)
		if (kept == 0 || d->items[kept - 1].number != d->items[i].number)
			d->items[kept++] = d->items[i];
	d->count = kept;
}

void maildrop_settle(struct maildrop *d)
{
	if (d->count)
		qsort(d->items, d->count, sizeof *d->items, compare_letters);
	drop_repeated(d);
	if (d->uid_count)
		qsort(d->uids, d->uid_count, sizeof *d->uids, compare_uids);
	size_t at = 0;
	for (size_t i = 0; i < d->uid_count; i++) {
		while (at < d->count && d->items[at].number < d->uids[i].number)
			at++;
		bool fits = at < d->count && d->items[at].number == d->uids[i].number &&
			    !d->items[at].uid;
		if (fits)
			d->items[at].uid = d->uids[i].uid;
		else
			free(d->uids[i].uid);
	}
	free(d->uids);
	d->uids = NULL;
	d->uid_count = d->uid_cap = 0;
}

struct letter *maildrop_find(const struct maildrop *d, uint32_t number)
{
	struct letter wanted = {.number = number};
	return d->count ? bsearch(&wanted, d->items, d->count, sizeof wanted, compare_letters)
			: NULL;
}

void maildrop_free(struct maildrop *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->items[i].uid);
		free(d->items[i].key);
		free(d->items[i].error);
	}
	for (size_t i = 0; i < d->uid_count; i++)
		free(d->uids[i].uid);
	free(d->items);
	free(d->uids);
	*d = (struct maildrop){0};
}
