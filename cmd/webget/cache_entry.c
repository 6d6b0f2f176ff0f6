/*
 * The format of a stored answer.
 */
#include "cmd/webget/cache_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/sum64.h"
#include "common/text/number.h"

#define MAGIC "parley-cache 1 "

void cache_about_free(struct cache_about *a)
{
	free(a->url);
	free(a->user);
	list_free(&a->vary);
	*a = (struct cache_about){0};
}

/* ---- the first line ---- */

void cache_line_put(char out[CACHE_LINE], const struct cache_line *line)
{
	char text[CACHE_LINE + 1];
	snprintf(text, sizeof text, MAGIC "%016llx %010llu %016llx %020llu\n",
	    (unsigned long long)line->head_sum, (unsigned long long)line->head_len,
	    (unsigned long long)line->body_sum, (unsigned long long)line->body_len);
	memcpy(out, text, CACHE_LINE);
}

static bool take_hex(struct str *rest, uint64_t *out)
{
	struct str word;
	*out = 0;
	if (!str_cut(rest, ' ', &word) || word.len != 16)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		int digit = char_hex(word.ptr[i]);
		if (digit < 0)
			return false;
		*out = *out << 4 | (uint64_t)digit;
	}
	return true;
}

static bool take_length(struct str *rest, size_t digits, uint64_t *out)
{
	struct str word;
	return str_cut(rest, ' ', &word) && word.len == digits &&
	       number_parse_max(word, INT64_MAX, out);
}

bool cache_line_parse(struct str bytes, struct cache_line *out)
{
	char again[CACHE_LINE];
	struct str rest = str_sub(bytes, strlen(MAGIC), CACHE_LINE - strlen(MAGIC) - 1);
	if (bytes.len < CACHE_LINE || !take_hex(&rest, &out->head_sum) ||
	    !take_length(&rest, 10, &out->head_len) || !take_hex(&rest, &out->body_sum) ||
	    !take_length(&rest, 20, &out->body_len))
		return false;
	cache_line_put(again, out);
	return memcmp(again, bytes.ptr, CACHE_LINE) == 0 && out->head_len <= CACHE_HEAD_MOST;
}

/* ---- the head ---- */

bool cache_entry_put(struct buf *out, const struct cache_about *about, struct str answer)
{
	buf_addf(out, "url: %s\n", about->url);
	if (about->user && *about->user)
		buf_addf(out, "user: %s\n", about->user);
	buf_addf(out, "requested: %lld\nreceived: %lld\n", (long long)about->requested,
	    (long long)about->received);
	for (size_t i = 0; i < about->vary.count; i++)
		buf_addf(out, "vary: %s\n", about->vary.items[i].text);
	buf_add_byte(out, '\n');
	buf_add_str(out, answer);
	return !out->over;
}

static bool read_time(const struct fields *f, const char *name, int64_t *out)
{
	uint64_t n = 0;
	bool ok = number_parse_max(fields_value(f, name), INT64_MAX / 2, &n);
	*out = (int64_t)n;
	return ok;
}

static bool read_about(struct cache_about *a, const struct fields *f)
{
	a->url = str_dup(fields_value(f, "url"));
	a->user = str_dup(fields_value(f, "user"));
	const struct field *vary = fields_find(f, "vary");
	for (; vary; vary = fields_next(f, vary)) {
		char *text = str_dup(vary->value);
		list_add(&a->vary, NULL, text);
		free(text);
	}
	return *a->url && read_time(f, "requested", &a->requested) &&
	       read_time(f, "received", &a->received);
}

/* Our lines end at the first empty one; what follows is the answer's head, and no more. */
static bool read_head(struct cache_entry *e, struct str head)
{
	struct fields fields = {0};
	struct err ignored = {0};
	size_t ours = str_find_str(head, STR("\n\n"));
	if (ours == head.len)
		return false;
	e->answer = str_sub(head, ours + 2, head.len);
	/* Parsing joins folded lines in place: on a copy, so that the sum stays that of the
	 * bytes. */
	e->parsed = str_dup(head);
	bool ok = http_fields_parse(&fields, e->parsed, ours + 1, &ignored) &&
		  read_about(&e->about, &fields) &&
		  http_head_end(e->answer, 0) == e->answer.len &&
		  http_head_parse(&e->head, e->parsed + ours + 2, e->answer.len, &ignored);
	fields_free(&fields);
	return ok && e->head.status >= 200;
}

bool cache_entry_parse(struct cache_entry *e, struct buf *bytes)
{
	*e = (struct cache_entry){.bytes = *bytes};
	*bytes = BUF_INIT(bytes->max);
	struct str all = buf_str(&e->bytes), head = str_sub(all, CACHE_LINE, all.len);
	if (cache_line_parse(all, &e->line) && head.len == e->line.head_len &&
	    sum64_of(head) == e->line.head_sum && read_head(e, head))
		return true;
	cache_entry_free(e);
	return false;
}

void cache_entry_free(struct cache_entry *e)
{
	cache_about_free(&e->about);
	http_head_free(&e->head);
	buf_free(&e->bytes);
	free(e->parsed);
	*e = (struct cache_entry){0};
}
