/*
 * Link fields that name duplicates. Asks nobody.
 */
#include "cmd/webget/duplicates.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/field.h"
#include "common/text/number.h"

#define METALINK_TYPE "application/metalink4+xml"
/* RFC 6249 3: 1 to 999999; who says nothing comes last. */
#define LAST 1000000

struct place {
	char *url;
	uint64_t priority;
};

/* The end of a link's parameters: a comma that stands in no quotes. */
static size_t params_end(struct str s)
{
	bool quoted = false;
	size_t at = 0;
	for (; at < s.len && (quoted || s.ptr[at] != ','); at++) {
		if (quoted && s.ptr[at] == '\\')
			at++;
		else if (s.ptr[at] == '"')
			quoted = !quoted;
	}
	return at < s.len ? at : s.len;
}

/* The next "<target>; params" of a value; false at its end, or where it is no link. */
static bool next_link(struct str *rest, struct str *target, struct str *params)
{
	*rest = str_trim(*rest);
	while (rest->len && (rest->ptr[0] == ',' || rest->ptr[0] == ' '))
		*rest = str_sub(*rest, 1, rest->len);
	size_t end = str_find(*rest, '>');
	if (!rest->len || rest->ptr[0] != '<' || end == rest->len)
		return false;
	*target = str_sub(*rest, 1, end - 1);
	*rest = str_trim(str_sub(*rest, end + 1, rest->len));
	size_t len = params_end(*rest);
	*params = str_sub(*rest, 0, len);
	*rest = str_sub(*rest, len, rest->len);
	return true;
}

static bool param_is(struct str params, const char *name, const char *wanted)
{
	struct buf value = BUF_INIT(LIMIT_HEAD);
	bool same = field_param_get(params, name, &value) &&
		    str_is_nocase(str_trim(buf_str(&value)), wanted);
	buf_free(&value);
	return same;
}

static uint64_t priority_of(struct str params)
{
	struct buf value = BUF_INIT(LIMIT_HEAD);
	uint64_t priority;
	if (!field_param_get(params, "pri", &value) ||
	    !number_parse_max(buf_str(&value), LAST - 1, &priority))
		priority = LAST;
	buf_free(&value);
	return priority;
}

/* To be freed; NULL when it leads nowhere that we would go. */
static char *resolve(const struct url *base, struct str target)
{
	struct url url;
	struct err unimportant = {0};
	struct buf text = BUF_INIT(LIMIT_URL);
	if (!url_resolve(&url, base, target, &unimportant))
		return NULL;
	bool good = url_scheme_is(&url, "https") ||
		    (url_scheme_is(&url, "http") && url_scheme_is(base, "http"));
	url_put_page(&text, &url);
	url_free(&url);
	if (good && !text.over)
		return buf_steal(&text);
	buf_free(&text);
	return NULL;
}

static size_t insert(struct place *places, size_t count, struct place new)
{
	if (count == DUPLICATES_MOST && new.priority >= places[count - 1].priority) {
		free(new.url);
		return count;
	}
	if (count == DUPLICATES_MOST)
		free(places[--count].url);
	size_t at = count;
	for (; at > 0 && places[at - 1].priority > new.priority; at--)
		places[at] = places[at - 1];
	places[at] = new;
	return count + 1;
}

void duplicates_find(const struct http_head *head, const struct url *base, struct list *out)
{
	struct place places[DUPLICATES_MOST];
	size_t count = 0;
	const struct fields *fields = &head->fields;
	for (const struct field *f = fields_find(fields, "link"); f;
	     f = fields_next(fields, f)) {
		struct str rest = f->value, target, params;
		while (next_link(&rest, &target, &params)) {
			char *url =
			    param_is(params, "rel", "duplicate") ? resolve(base, target) : NULL;
			if (url)
				count = insert(
				    places, count, (struct place){url, priority_of(params)});
		}
	}
	for (size_t i = 0; i < count; i++) {
		list_add(out, "Link", places[i].url);
		free(places[i].url);
	}
}

char *duplicates_description(const struct http_head *head, const struct url *base)
{
	const struct fields *fields = &head->fields;
	for (const struct field *f = fields_find(fields, "link"); f;
	     f = fields_next(fields, f)) {
		struct str rest = f->value, target, params;
		while (next_link(&rest, &target, &params))
			if (param_is(params, "rel", "describedby") &&
			    param_is(params, "type", METALINK_TYPE))
				return resolve(base, target);
	}
	return NULL;
}

bool duplicates_is_metalink(const struct http_head *head)
{
	struct str params;
	return str_is_nocase(
	    field_main(fields_value(&head->fields, "content-type"), &params), METALINK_TYPE);
}
