/*
 * One header field made fit for the wire: encoded words, folding, addresses.
 */
#include <string.h>

#include "common/base/limits.h"
#include "common/mail/compose.h"
#include "common/text/visible.h"
#include "common/text/word2047.h"

enum { LINE = 78 };

static bool is_address_field(const char *name)
{
	static const char *const names[] = {"From", "To", "Cc", "Bcc", "Reply-To", "Sender",
	    "Resent-From", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-Sender",
	    "Disposition-Notification-To", "Mail-Followup-To"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(str_of(name), names[i]))
			return true;
	return false;
}

static bool is_field_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] >= 0x7f || name.ptr[i] == ':')
			return false;
	return name.len > 0 && name.len < LINE;
}

static void fold(struct buf *out, size_t *column)
{
	buf_add_text(out, "\r\n ");
	*column = 1;
}

static void put_address(struct buf *out, const struct mailbox *m, size_t *column)
{
	struct str address = str_of(m->address);
	size_t brackets = m->name ? 2 : 0;
	if (m->name) {
		struct buf alone = BUF_INIT(LIMIT_MAIL_HEAD);
		size_t width = *column + 1;
		word2047_encode(&alone, str_of(m->name), WORD2047_PHRASE, &width);
		if (width > LINE || str_has_byte(buf_str(&alone), '\n'))
			fold(out, column);
		else if (*column > 1)
			buf_add_byte(out, ' '), ++*column;
		buf_free(&alone);
		word2047_encode(out, str_of(m->name), WORD2047_PHRASE, column);
	}
	if (*column > 1 && *column + 1 + address.len + brackets + 1 > LINE)
		fold(out, column);
	else if (*column > 1)
		buf_add_byte(out, ' '), ++*column;
	buf_addf(out, m->name ? "<%s>" : "%s", m->address);
	*column += address.len + brackets;
}

static bool put_addresses(struct buf *out, const char *name, struct str value, struct err *err)
{
	struct mailboxes list = {0};
	struct err here = {0};
	size_t column = strlen(name) + 1;
	bool good = mailboxes_parse(&list, value, &here);
	if (!good)
		err_set(err, here.kind, "%s: %s", name, here.text);
	for (size_t i = 0; good && i < list.count; i++) {
		if (i)
			buf_add_byte(out, ','), column++;
		put_address(out, &list.items[i], &column);
	}
	/* "undisclosed-recipients:;" */
	if (good && list.count == 0) {
		buf_add_byte(out, ' ');
		column++;
		good = word2047_encode(out, value, WORD2047_TEXT, &column);
	}
	mailboxes_free(&list);
	return good;
}

bool compose_put_field(struct buf *out, const char *name, struct str value, struct err *err)
{
	if (!is_field_name(str_of(name)) || !str_is_one_line(value)) {
		struct buf shown = BUF_INIT(200);
		visible_put_text(&shown, str_sub(str_of(name), 0, 40), "");
		err_set(err, ERR_USAGE, "header %s: a line end or NUL in it, or no field name",
		    buf_cstr(&shown));
		buf_free(&shown);
		return false;
	}
	size_t column = strlen(name) + 2;
	bool good = true;
	buf_addf(out, "%s:", name);
	if (is_address_field(name)) {
		good = put_addresses(out, name, value, err);
	} else {
		buf_add_byte(out, ' ');
		word2047_encode(out, value, WORD2047_TEXT, &column);
	}
	buf_add_text(out, "\r\n");
	return good && (!out->over || err_set(err, ERR_USAGE, "header %s: too long", name));
}
