/*
 * Messages as mbox text (mboxrd, RFC 4155's line ends): From_ line, ">" before
 * lines like "From " and ">From ", an empty line. Knows no file.
 */
#include <string.h>

#include "common/mail/deliver_inside.h"
#include "common/text/date.h"

static const char from[] = "From ";
enum { FROM = sizeof from - 1 };

/* A sender is one word here. */
static void put_sender(struct buf *out, struct str sender)
{
	size_t before = out->len;
	for (size_t i = 0; i < sender.len; i++)
		if (sender.ptr[i] > ' ' && sender.ptr[i] != 0x7f)
			buf_add_byte(out, sender.ptr[i]);
	if (out->len == before)
		buf_add_text(out, "MAILER-DAEMON");
}

/* As asctime(3), in UTC. */
static void put_time(struct buf *out, int64_t time)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct date_civil c = date_to_civil(time);
	buf_addf(out, "%.3s %.3s %2d %02d:%02d:%02d %04lld", days + c.weekday * 3,
	    months + (c.month - 1) * 3, c.day, c.hour, c.minute, c.second, (long long)c.year);
}

void mboxrd_begin(struct mboxrd *q, const struct deliver_message *m)
{
	struct str sender = str_sub(m->envelope->sender, 0, MBOXRD_SENDER);
	*q = (struct mboxrd){.time = m->time};
	if (sender.len)
		memcpy(q->sender, sender.ptr, sender.len);
}

/* RFC 5321 4.4: whoever made the final delivery put the envelope's sender there. */
static struct str return_path(struct str head)
{
	static const char name[] = "Return-Path:";
	struct str line;
	while (str_cut(&head, '\n', &line) && str_trim(line).len) {
		if (!str_starts_nocase(line, name))
			continue;
		size_t open = str_find(line, '<');
		line = str_sub(line, open < line.len ? open + 1 : sizeof name - 1, line.len);
		return str_sub(line, 0, str_find(line, '>'));
	}
	return STR_NONE;
}

static void put_from_line(struct mboxrd *q, struct buf *out, struct str piece)
{
	struct str sender = str_of(q->sender);
	if (!sender.len)
		sender = str_sub(return_path(piece), 0, MBOXRD_SENDER);
	q->begun = true;
	buf_add_text(out, from);
	put_sender(out, sender);
	buf_add_byte(out, ' ');
	put_time(out, q->time);
	buf_add_byte(out, '\n');
}

/* One byte where the line could still become one to be quoted. The ">" may be put behind those
 * that are there: the line is the same. */
static void at_start(struct mboxrd *q, struct buf *out, char c)
{
	if (c == from[q->matched]) {
		q->matched++;
		if (q->matched < FROM)
			return;
		buf_add_byte(out, '>');
		buf_add_text(out, from);
	} else {
		buf_add(out, from, q->matched);
		buf_add_byte(out, c);
	}
	q->in_line = c != '\n' && (c != '>' || q->matched);
	q->matched = 0;
}

void mboxrd_put(struct mboxrd *q, struct buf *out, struct str piece)
{
	if (!q->begun)
		put_from_line(q, out, piece);
	while (piece.len) {
		size_t len = 1;
		if (q->in_line) {
			len = str_find(piece, '\n');
			len += len < piece.len;
			buf_add(out, piece.ptr, len);
			q->in_line = piece.ptr[len - 1] != '\n';
		} else {
			at_start(q, out, piece.ptr[0]);
		}
		q->last = piece.ptr[len - 1];
		piece = str_sub(piece, len, piece.len);
	}
}

void mboxrd_end(struct mboxrd *q, struct buf *out)
{
	if (!q->begun)
		put_from_line(q, out, STR_NONE);
	buf_add(out, from, q->matched);
	if (q->last && q->last != '\n')
		buf_add_byte(out, '\n');
	buf_add_byte(out, '\n');
}
