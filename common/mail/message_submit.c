/*
 * What a submitter does to a head (RFC 6409 8, sendmail -t): recipients out of
 * it, Bcc off it, missing fields into it. Knows no server.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/mail/message.h"
#include "common/text/date.h"
#include "common/text/word2047.h"

/* --- Recipients --- */

static bool add_field(struct mailboxes *to, const struct message_field *f, struct err *err)
{
	struct err here = {0};
	if (mailboxes_parse(to, f->value, &here))
		return true;
	return err_set(err, here.kind, "%.*s: %s", STR_ARG(str_sub(f->name, 0, 40)), here.text);
}

static bool is_resent(const struct message_field *f)
{
	return str_starts_nocase(f->name, "Resent-");
}

/* Those that stand once in a block: a second one begins an older block. */
static bool is_once(const struct message_field *f)
{
	return str_is_nocase(f->name, "Resent-From") || str_is_nocase(f->name, "Resent-Date") ||
	       str_is_nocase(f->name, "Resent-Message-ID");
}

static bool stands_between(
    const struct message_head *h, size_t from, size_t to, struct str name)
{
	for (size_t i = from; i < to; i++)
		if (str_eq_nocase(h->items[i].name, name))
			return true;
	return false;
}

/* The newest block: the uppermost run of Resent- fields, from *from to *to; empty if none. */
static void find_block(const struct message_head *h, size_t *from, size_t *to)
{
	size_t i = 0;
	while (i < h->count && !is_resent(&h->items[i]))
		i++;
	*from = i;
	for (; i < h->count && is_resent(&h->items[i]); i++)
		if (is_once(&h->items[i]) && stands_between(h, *from, i, h->items[i].name))
			break;
	*to = i;
}

bool message_recipients(const struct message_head *h, struct mailboxes *to, struct err *err)
{
	static const char *const names[] = {"To", "Cc", "Bcc"};
	size_t from, end;
	bool good = true;
	find_block(h, &from, &end);
	size_t prefix = from < end ? sizeof "Resent-" - 1 : 0;
	if (!prefix) {
		from = 0;
		end = h->count;
	}
	for (size_t i = from; good && i < end; i++) {
		const struct message_field *f = &h->items[i];
		struct str name = str_sub(f->name, prefix, f->name.len);
		for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
			if (str_is_nocase(name, names[n]))
				good = add_field(to, f, err);
	}
	mailboxes_unique(to);
	return good;
}

void message_remove_bcc(struct message_head *h)
{
	message_head_remove(h, "Bcc");
	message_head_remove(h, "Resent-Bcc");
}

/* --- Missing fields --- */

int message_local_zone(int64_t time)
{
	time_t when = (time_t)time;
	struct tm local;
	return localtime_r(&when, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

bool message_make_id(struct buf *out, const char *domain, int64_t now, struct err *err)
{
	uint64_t random[2];
	if (getentropy(random, sizeof random) != 0)
		return err_set_errno(err, ERR_INTERNAL, "no random bytes");
	buf_addf(out, "<%llx.%016llx%08llx@%s>", (unsigned long long)now,
	    (unsigned long long)random[0], (unsigned long long)(random[1] & 0xffffffff),
	    domain && *domain ? domain : "localhost");
	return true;
}

static bool add_date(struct message_head *h, const struct message_origin *o)
{
	struct buf text = BUF_INIT(100);
	date_put_mail(&text, o->now, o->zone);
	bool good = message_head_add(h, "Date", buf_str(&text));
	buf_free(&text);
	return good;
}

static bool add_id(struct message_head *h, const struct message_origin *o, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_ADDRESS);
	const char *domain = o->domain;
	if (!domain && o->from)
		domain = mailbox_domain(str_of(o->from)).ptr;
	bool good = message_make_id(&text, domain, o->now, err) &&
		    message_head_add(h, "Message-ID", buf_str(&text));
	buf_free(&text);
	return good;
}

static bool add_from(struct message_head *h, const struct message_origin *o)
{
	struct buf text = BUF_INIT(LIMIT_LINE);
	size_t column = sizeof "From: " - 1;
	bool named = o->name && *o->name;
	if (named)
		word2047_encode(&text, str_of(o->name), WORD2047_PHRASE, &column);
	buf_addf(&text, named ? " <%s>" : "%s", o->from);
	bool good = !text.over && message_head_add(h, "From", buf_str(&text));
	buf_free(&text);
	return good;
}

bool message_add_missing(
    struct message_head *h, const struct message_origin *o, struct err *err)
{
	bool good = message_head_find(h, "Date", NULL) || add_date(h, o);
	good = good && (message_head_find(h, "Message-ID", NULL) || add_id(h, o, err));
	if (o->from && *o->from)
		good = good && (message_head_find(h, "From", NULL) || add_from(h, o));
	return good || err_set(err, ERR_DATA, "the head of the message is too long");
}
