/*
 * The digests of one body. Knows no connection.
 */
#include "cmd/webget/digests.h"

#include "cmd/webget/digestfield.h"
#include "common/base/limits.h"
#include "common/text/hex.h"

static bool want_field(
    struct verify **v, const struct http_head *head, const char *name, struct err *err)
{
	struct digestfield found[DIGESTFIELD_MOST];
	struct buf value = BUF_INIT(LIMIT_HEAD);
	bool ok = true;
	if (!fields_find(&head->fields, name))
		return true;
	fields_combine(&head->fields, name, &value);
	size_t count = digestfield_parse(buf_str(&value), found);
	for (size_t i = 0; i < count && ok; i++)
		ok = verify_want(v, name, found[i].algorithm,
		    (struct str){(const char *)found[i].bytes, found[i].len}, err);
	buf_free(&value);
	return ok;
}

bool digests_open(struct digests *d, const struct list *wanted, const struct http_head *head,
    const struct digests_before *rest, struct err *err)
{
	*d = (struct digests){0};
	bool ok = true;
	for (size_t i = 0; i < wanted->count && ok; i++)
		ok = verify_want_spec(
		    &d->body, wanted->items[i].name, wanted->items[i].text, err);
	ok = ok && want_field(&d->content, head, "Content-Digest", err);
	if (head->status != 206 || rest)
		ok = ok && want_field(&d->whole, head, "Repr-Digest", err);
	if (!ok || !rest)
		return ok;
	ok = verify_add_fd(d->body, rest->fd, 0, rest->have) &&
	     verify_add_fd(d->whole, rest->fd, 0, rest->have) &&
	     verify_add_fd(d->content, rest->fd, rest->have - rest->overlap, rest->have);
	return ok || err_set_errno(err, ERR_IO, "what is there of the file");
}

bool digests_promised(const struct http_head *head)
{
	struct digestfield found[DIGESTFIELD_MOST];
	struct buf value = BUF_INIT(LIMIT_HEAD);
	bool any = fields_combine(&head->fields, "repr-digest", &value) &&
		   digestfield_parse(buf_str(&value), found) > 0;
	buf_free(&value);
	return any;
}

void digests_add_old(const struct http_head *head, struct list *wanted)
{
	struct digestfield found[DIGESTFIELD_MOST];
	struct buf value = BUF_INIT(LIMIT_HEAD), spec = BUF_INIT(LIMIT_HEAD);
	fields_combine(&head->fields, "digest", &value);
	size_t count = digestfield_parse_old(buf_str(&value), found);
	for (size_t i = 0; i < count; i++) {
		bool short_one = str_is_nocase(found[i].algorithm, "sha-256");
		buf_clear(&spec);
		buf_add_text(&spec, short_one ? "sha256:" : "sha512:");
		hex_encode(&spec, (struct str){(const char *)found[i].bytes, found[i].len});
		if (found[i].len == (short_one ? 32 : 64))
			list_add(wanted, "Digest", buf_cstr(&spec));
	}
	buf_free(&value);
	buf_free(&spec);
}

bool digests_any(const struct digests *d)
{
	return d->body || d->content || d->whole;
}

void digests_add_coded(struct digests *d, struct str bytes)
{
	verify_add(d->content, bytes);
	verify_add(d->whole, bytes);
}

void digests_add_body(struct digests *d, struct str bytes)
{
	verify_add(d->body, bytes);
}

bool digests_add_fd(struct digests *d, int fd, uint64_t from, uint64_t to)
{
	return verify_add_fd(d->body, fd, from, to) &&
	       verify_add_fd(d->content, fd, from, to) && verify_add_fd(d->whole, fd, from, to);
}

bool digests_finish(struct digests *d, struct err *err)
{
	return verify_finish(&d->body, err) && verify_finish(&d->content, err) &&
	       verify_finish(&d->whole, err);
}

void digests_free(struct digests *d)
{
	verify_abandon(d->body);
	verify_abandon(d->content);
	verify_abandon(d->whole);
	*d = (struct digests){0};
}
