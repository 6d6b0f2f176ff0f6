/*
 * Received messages: whatever comes is a tree within its bounds, and every
 * part decodes to valid UTF-8, whole or in pieces. mbox text that is written
 * reads back as it was. Input: a message.
 */
#include <string.h>

#include "common/base/limits.h"
#include "common/mail/deliver_inside.h"
#include "common/mail/mime.h"
#include "common/mail/source.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"

static bool is_inside(struct str part, struct str whole)
{
	return part.len == 0 ||
	       (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void decode(const struct mime_part *p)
{
	struct buf whole = BUF_INIT(4 * MIB), pieces = BUF_INIT(4 * MIB),
		   text = BUF_INIT(4 * MIB);
	struct mime_decoder d = {.encoding = p->encoding};
	bool good = mime_decode(p, &whole);
	if (p->encoding != MIME_UUENCODE) {
		for (size_t at = 0; at < p->body.len; at += 3)
			mime_decoder_add(&d, &pieces, str_sub(p->body, at, 3));
		must(mime_decoder_end(&d, &pieces) == good);
		must(str_eq(buf_str(&whole), buf_str(&pieces)));
	}
	mime_decode_text(p, &text);
	must(utf8_is_valid(buf_str(&text)));
	buf_clear(&text);
	mime_file_name(p, &text);
	must(utf8_is_valid(buf_str(&text)));
	buf_free(&whole);
	buf_free(&pieces);
	buf_free(&text);
}

static void tree(struct str text)
{
	struct mime m;
	mime_parse(&m, text);
	must(m.count >= 1 && m.count <= LIMIT_MIME_PARTS);
	for (size_t i = 0; i < m.count; i++) {
		const struct mime_part *p = &m.parts[i];
		must(is_inside(p->body, text) && p->depth <= LIMIT_MIME_DEPTH);
		must(i == 0 || p->parent < i);
		must(mime_find(&m, str_of(p->section)) != NULL);
		if (i < 20)
			decode(p);
	}
	const struct mime_part *shown = mime_text_part(&m);
	must(!shown || !mime_is_attachment(shown));
	mime_free(&m);
}

/* Quoted for an mbox in pieces, and taken out again. */
static void quoted(struct str text, size_t step)
{
	struct deliver_envelope e = {.sender = STR("x")};
	struct deliver_message msg = {.envelope = &e, .time = 1};
	struct buf out = BUF_INIT(4 * MIB), back = BUF_INIT(4 * MIB);
	struct mboxrd q;
	struct source s = {0};
	struct err err = {0};
	struct str piece = STR_NONE;
	mboxrd_begin(&q, &msg);
	for (size_t at = 0; at < text.len; at += step)
		mboxrd_put(&q, &out, str_sub(text, at, step));
	mboxrd_end(&q, &out);
	/* The From_ line. */
	size_t head = str_find(buf_str(&out), '\n') + 1;
	struct str body = str_sub(buf_str(&out), head, out.len - head);
	must(!str_starts(body, "From ") && str_find_str(body, STR("\nFrom ")) == body.len);
	source_lend(&s, body, SOURCE_MBOXRD);
	do {
		must(source_next(&s, &piece, &err));
		buf_add_str(&back, piece);
	} while (piece.len);
	must(str_eq(str_sub(buf_str(&back), 0, text.len), text));
	must(back.len - text.len <= 2);
	source_free(&s);
	buf_free(&out);
	buf_free(&back);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	tree(text);
	quoted(text, 1 + size % 5);
	return 0;
}
