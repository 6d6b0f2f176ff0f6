/*
 * What an IMAP server may say: a greeting, then answers to three commands, FETCH among them
 * taken apart. All ends, within bounds, with an error or in step; names decode to something.
 */
#include "cmd/imapls/letter.h"
#include "cmd/imapls/utf7.h"
#include "common/base/limits.h"
#include "common/text/cells.h"
#include "tests/fuzz/fuzz.h"

static void take(struct imap *i, struct letter *l)
{
	if (imap_is(i, "FETCH")) {
		if (letter_read(l, i))
			must(l->subject.len <= l->subject.max && l->from.len <= l->from.max);
		return;
	}
	if (imap_is(i, "LIST")) {
		struct buf raw = BUF_INIT(4 * KIB), name = BUF_INIT(16 * KIB),
			   back = BUF_INIT(64 * KIB);
		if (wire_skip(&i->wire) && wire_skip(&i->wire) && wire_string(&i->wire, &raw)) {
			utf7_decode(&name, buf_str(&raw));
			utf7_encode(&back, buf_str(&name));
			cells_put(&back, buf_str(&name), 20, true);
		}
		buf_free(&raw);
		buf_free(&name);
		buf_free(&back);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct imap i = {0};
	struct letter l;
	struct err err = {0};
	letter_init(&l);
	imap_start(&i, stream_over_memory(text, NULL));
	if (imap_greeting(&i, &err)) {
		unsigned first = imap_put(&i, "NOOP");
		imap_put(&i, "NOOP");
		unsigned last = imap_put(&i, "NOOP");
		for (unsigned tag = first; tag <= last && !err_is_set(&err); tag++)
			while (imap_next(&i, tag, &err))
				take(&i, &l);
		must(err_is_set(&err) || i.answered == last);
	} else {
		must(err_is_set(&err));
	}
	letter_free(&l);
	imap_drop(&i);
	return 0;
}
