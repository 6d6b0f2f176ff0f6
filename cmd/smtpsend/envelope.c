/*
 * The envelope and its answers. Addresses are parsed in common/mail.
 */
#include "cmd/smtpsend/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/idn.h"
#include "common/text/utf8.h"

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

void envelope_take(struct envelope *e, struct mailboxes *list)
{
	mailboxes_unique(list);
	e->items = mem_resize(e->items, e->count + list->count + 1, sizeof *e->items);
	for (size_t i = 0; i < list->count; i++)
		e->items[e->count++] =
		    (struct recipient){.address = mem_dup(list->items[i].address)};
	mailboxes_free(list);
}

static bool check_address(struct envelope *e, const char *address, struct err *err)
{
	struct str s = str_of(address);
	e->utf8 = e->utf8 || !is_ascii(s);
	if (mailbox_is_address(s, true) && utf8_is_valid(s))
		return true;
	return err_set(err, ERR_USAGE, "'%.200s' is no address", address);
}

bool envelope_check(struct envelope *e, struct err *err)
{
	e->utf8 = false;
	if (*e->sender && !check_address(e, e->sender, err))
		return false;
	if (e->count == 0)
		return err_set(err, ERR_USAGE,
		    "no recipient; give addresses, or -t to take them from the message");
	for (size_t i = 0; i < e->count; i++)
		if (!check_address(e, e->items[i].address, err))
			return false;
	return true;
}

/* ---- without SMTPUTF8 ---- */

static bool to_ascii(char **address, struct err *err)
{
	struct str whole = str_of(*address), domain = mailbox_domain(whole);
	struct str local = str_sub(whole, 0, whole.len - domain.len);
	char name[512];
	const char *why = "";
	if (is_ascii(whole))
		return true;
	if (!is_ascii(local))
		return err_set(err, ERR_REFUSED,
		    "the server has no SMTPUTF8, which the address '%.200s' needs", *address);
	const struct idn_ops *idn = module_table("idn", err);
	if (!idn)
		return false;
	char *utf8 = str_dup(domain);
	bool ok = idn->to_ascii(utf8, name, sizeof name, &why);
	free(utf8);
	if (!ok)
		return err_set(
		    err, ERR_DATA, "the domain of '%.200s' is none: %s", *address, why);
	char *ascii = mem_printf("%.*s%s", STR_ARG(local), name);
	free(*address);
	*address = ascii;
	return true;
}

bool envelope_to_ascii(struct envelope *e, struct err *err)
{
	if (!to_ascii(&e->sender, err))
		return false;
	for (size_t i = 0; i < e->count; i++)
		if (!to_ascii(&e->items[i].address, err))
			return false;
	e->utf8 = false;
	return true;
}

void envelope_reset(struct envelope *e)
{
	for (size_t i = 0; i < e->count; i++) {
		free(e->items[i].answer.text);
		e->items[i].answer = (struct answer){0};
		e->items[i].fate = RECIPIENT_UNASKED;
	}
}

void envelope_free(struct envelope *e)
{
	envelope_reset(e);
	for (size_t i = 0; i < e->count; i++)
		free(e->items[i].address);
	free(e->items);
	free(e->sender);
	*e = (struct envelope){0};
}

/* ---- answers ---- */

void answer_set(struct answer *a, const struct reply *r)
{
	struct buf words = BUF_INIT(LIMIT_REPLY + LIMIT_REPLY_LINES);
	struct str rest = reply_lines(r), line;
	while (str_cut(&rest, '\n', &line))
		buf_addf(&words, "%s%.*s", words.len ? " " : "", STR_ARG(str_trim(line)));
	free(a->text);
	*a = (struct answer){r->code, r->status, buf_steal(&words)};
}

bool answer_status(const struct answer *a, char out[16])
{
	if (!a->status.class)
		return false;
	snprintf(out, 16, "%d.%d.%d", a->status.class, a->status.subject, a->status.detail);
	return true;
}

struct str answer_words(const struct answer *a)
{
	struct str text = str_of(a->text);
	if (!a->status.class)
		return text;
	size_t space = str_find(text, ' ');
	return str_trim(str_sub(text, space, text.len));
}

size_t envelope_count(const struct envelope *e, enum recipient_fate fate)
{
	size_t n = 0;
	for (size_t i = 0; i < e->count; i++)
		n += e->items[i].fate == fate;
	return n;
}
