/*
 * A hostile POP3 server: greeting, CAPA, UIDL and LIST, as pop3fetch reads them.
 * Input: what the server sends.
 */
#include <stdlib.h>

#include "cmd/pop3fetch/maildrop.h"
#include "cmd/pop3fetch/pop3.h"
#include "common/base/limits.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool read_list(
    struct pop3 *p, struct maildrop *d, bool (*add)(struct maildrop *, struct str))
{
	struct pop3_lines lines;
	struct str line;
	struct err err = {0};
	if (!pop3_read(p, &err))
		return false;
	if (!p->good)
		return true;
	pop3_lines_start(&lines, p);
	while (pop3_lines_next(&lines, &line, &err))
		add(d, line);
	must(lines.done != err_is_set(&err));
	return lines.done;
}

static void check(const struct maildrop *d)
{
	for (size_t i = 0; i < d->count; i++) {
		must(d->items[i].number > 0);
		must(i == 0 || d->items[i - 1].number < d->items[i].number);
		must(maildrop_find(d, d->items[i].number) == &d->items[i]);
	}
	must(d->uid_count == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct buf sent = BUF_INIT(1 * MIB);
	struct pop3 p = {0};
	struct maildrop d = {0};
	struct err err = {0};
	pop3_start(&p, stream_over_memory((struct str){(const char *)data, size}, &sent));
	bool ok = pop3_greeting(&p, &err) && pop3_capa(&p, &err) &&
		  read_list(&p, &d, maildrop_add_uid) && read_list(&p, &d, maildrop_add_size);
	if (p.timestamp)
		must(p.timestamp[0] == '<');
	maildrop_settle(&d);
	check(&d);
	must(ok || err_is_set(&err) || err_is_set(stream_err(p.stream)));
	maildrop_free(&d);
	pop3_drop(&p);
	buf_free(&sent);
	return 0;
}
