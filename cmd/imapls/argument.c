/*
 * Strings as they may stand in a command. Sends nothing.
 */
#include "cmd/imapls/imap.h"
#include "cmd/imapls/utf7.h"
#include "common/base/limits.h"
#include "common/text/utf8.h"

bool imap_add_quoted_any(struct buf *out, struct str s)
{
	buf_add_byte(out, '"');
	for (size_t k = 0; k < s.len; k++) {
		if (s.ptr[k] == '"' || s.ptr[k] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, s.ptr[k]);
	}
	return buf_add_byte(out, '"');
}

bool imap_add_quoted(struct buf *out, struct str s)
{
	for (size_t k = 0; k < s.len; k++)
		if ((unsigned char)s.ptr[k] >= 0x80)
			return false;
	return imap_add_quoted_any(out, s);
}

bool imap_add_mailbox(const struct imap *i, struct buf *out, struct str name, struct err *err)
{
	struct buf coded = BUF_INIT(LIMIT_URL);
	bool ok = str_is_one_line(name) && utf8_is_valid(name);
	if (ok && i->utf8)
		ok = imap_add_quoted_any(out, name);
	else if (ok)
		ok = utf7_encode(&coded, name) && imap_add_quoted(out, buf_str(&coded));
	buf_free(&coded);
	return ok || err_set(err, ERR_USAGE,
			 "a mailbox name is UTF-8 of one line, without CR, LF or NUL");
}
