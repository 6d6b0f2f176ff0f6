/*
 * A message from a source: its head in memory, of the rest the facts.
 */
#include <string.h>

#include "common/base/limits.h"
#include "common/mail/message.h"

/* Adds pieces to m->bytes until the head's end is among them. */
static bool read_head(
    struct message *m, struct source *s, struct message_finder *f, struct err *err)
{
	struct str piece = STR_NONE;
	do {
		if (!source_next(s, &piece, err))
			return false;
		/* One byte too many is enough to see that there are too many. */
		size_t room = m->bytes.max - m->bytes.len;
		struct str front = str_sub(piece, 0, room);
		buf_add_str(&m->bytes, front);
		if (message_find_end(f, buf_str(&m->bytes), piece.len == 0)) {
			message_scan_add(
			    &m->body, str_sub(buf_str(&m->bytes), f->body_at, m->bytes.len));
			message_scan_add(&m->body, str_sub(piece, front.len, piece.len));
			return true;
		}
	} while (m->bytes.len < m->bytes.max);
	return err_set(
	    err, ERR_DATA, "the head of the message is over %zu bytes long", LIMIT_MAIL_HEAD);
}

static bool read_body(struct message *m, struct source *s, struct err *err)
{
	struct str piece;
	do {
		if (!source_next(s, &piece, err))
			return false;
		message_scan_add(&m->body, piece);
	} while (piece.len);
	return true;
}

bool message_read(struct message *m, struct source *s, struct err *err)
{
	struct message_finder f = {0};
	m->bytes = BUF_INIT(LIMIT_MAIL_HEAD + 1);
	source_rewind(s);
	bool good = read_head(m, s, &f, err);
	if (good) {
		m->body_at = f.body_at;
		buf_truncate(&m->bytes, f.body_at);
		struct str fields =
		    str_sub(buf_str(&m->bytes), f.fields_at, f.fields_end - f.fields_at);
		good = message_head_parse(&m->head, fields) ||
		       err_set(err, ERR_DATA, "the message has more than %d header fields",
			   LIMIT_HEAD_FIELDS);
	}
	good = good && read_body(m, s, err);
	source_rewind(s);
	if (!good)
		message_free(m);
	return good;
}

void message_free(struct message *m)
{
	message_head_free(&m->head);
	buf_free(&m->bytes);
	*m = (struct message){0};
}

void message_apply(const struct message *m, struct source *s, struct message_scan *head)
{
	struct buf out = BUF_INIT(2 * LIMIT_MAIL_HEAD);
	message_head_put(&m->head, &out);
	if (head) {
		*head = (struct message_scan){0};
		message_scan_add(head, buf_str(&out));
	}
	source_set_front(s, m->body_at, buf_str(&out));
	buf_free(&out);
}
