/*
 * -F: the parts of multipart/form-data (RFC 7578) as segments, files sent from
 * where they lie. Several files of one field are several parts of one name
 * (RFC 7578 4.3).
 */
#include <string.h>
#include <sys/random.h>

#include "cmd/webget/multipart.h"
#include "cmd/webget/payload.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/hex.h"

struct form {
	struct payload *payload;
	struct buf text; /* not yet a segment */
	char boundary[64];
};

/* 16 random bytes: that no content has the delimiter in it is a matter of chance alone. */
static bool make_boundary(struct form *f, struct err *err)
{
	char random[16];
	struct buf hex = BUF_INIT(sizeof f->boundary);
	if (getentropy(random, sizeof random) != 0)
		return err_set_errno(err, ERR_INTERNAL, "random bytes");
	buf_add_text(&hex, "------------------------");
	hex_encode(&hex, (struct str){random, sizeof random});
	memcpy(f->boundary, buf_cstr(&hex), hex.len + 1);
	buf_free(&hex);
	return true;
}

static bool add_part(struct form *f, const struct multipart_part *part, struct err *err)
{
	multipart_put_head(&f->text, part, f->boundary);
	if (part->source == MULTIPART_TEXT) {
		buf_add_text(&f->text, part->content);
	} else {
		payload_add_bytes(f->payload, &f->text);
		if (!payload_add_file(f->payload, part->content, err))
			return false;
	}
	return buf_add_text(&f->text, "\r\n") ||
	       err_set(err, ERR_USAGE, "the form has more than %zu bytes", f->text.max);
}

/* All files of one argument have its name. */
static bool add_argument(struct form *f, const struct list_item *item, struct err *err)
{
	struct multipart_part part = {0};
	const char *text = item->text;
	bool literal = strcmp(item->name, "form-string") == 0, ok = true;
	while (ok && text) {
		char *name = part.name;
		part.name = NULL;
		multipart_free(&part);
		part.name = name;
		ok = multipart_parse(&part, &text, literal, err) && add_part(f, &part, err);
	}
	multipart_free(&part);
	return ok;
}

bool payload_from_form(const struct list *items, struct payload *p, struct err *err)
{
	struct form f = {.payload = p, .text = BUF_INIT(LIMIT_DATA)};
	bool ok = make_boundary(&f, err);
	for (size_t i = 0; ok && i < items->count; i++)
		if (items->items[i].name && str_starts(str_of(items->items[i].name), "form"))
			ok = add_argument(&f, &items->items[i], err);
	if (ok) {
		buf_addf(&f.text, "--%s--\r\n", f.boundary);
		payload_add_bytes(p, &f.text);
		p->content_type = mem_printf("multipart/form-data; boundary=%s", f.boundary);
	}
	buf_free(&f.text);
	return ok;
}
