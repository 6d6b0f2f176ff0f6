/*
 * Addresses compared, and what SMTP takes of them. Knows no list's syntax.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/mail/mailbox.h"
#include "common/text/utf8.h"

/* --- Equal ones --- */

struct str mailbox_domain(struct str address)
{
	bool quoted = false;
	for (size_t i = 0; i < address.len; i++) {
		if (address.ptr[i] == '"')
			quoted = !quoted;
		else if (address.ptr[i] == '\\' && quoted)
			i++;
		else if (address.ptr[i] == '@' && !quoted)
			return str_sub(address, i + 1, address.len);
	}
	return STR_NONE;
}

/* The order of addresses, their domains in any case; positions decide between equal ones, so
 * that the first of them stands first. */
static int compare(const void *a, const void *b)
{
	const struct mailbox *x = *(const struct mailbox *const *)a;
	const struct mailbox *y = *(const struct mailbox *const *)b;
	size_t local = strlen(x->address) - mailbox_domain(str_of(x->address)).len;
	int order = strncmp(x->address, y->address, local);
	if (order == 0)
		order = strcasecmp(x->address + local, y->address + local);
	return order ? order : x < y ? -1 : x > y;
}

static bool same(const struct mailbox *x, const struct mailbox *y)
{
	struct str dx = mailbox_domain(str_of(x->address)),
		   dy = mailbox_domain(str_of(y->address));
	struct str lx = str_of(x->address), ly = str_of(y->address);
	lx.len -= dx.len;
	ly.len -= dy.len;
	return str_eq(lx, ly) && str_eq_nocase(dx, dy);
}

void mailboxes_unique(struct mailboxes *list)
{
	if (list->count < 2)
		return;
	const struct mailbox **order = mem_array(list->count, sizeof *order);
	bool *drop = mem_array(list->count, sizeof *drop);
	for (size_t i = 0; i < list->count; i++)
		order[i] = &list->items[i];
	qsort(order, list->count, sizeof *order, compare);
	for (size_t i = 1; i < list->count; i++)
		drop[order[i] - list->items] = same(order[i - 1], order[i]);
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (drop[i]) {
			free(list->items[i].address);
			free(list->items[i].name);
		} else {
			list->items[kept++] = list->items[i];
		}
	}
	list->count = kept;
	free(drop);
	free(order);
}

/* --- What SMTP takes --- */

static bool is_smtp_domain(struct str domain, bool utf8)
{
	if (str_starts(domain, "[")) {
		for (size_t i = 1; i + 1 < domain.len; i++)
			if (!char_is_alpha(domain.ptr[i]) && !char_is_digit(domain.ptr[i]) &&
			    !strchr(":.-", domain.ptr[i]))
				return false;
		return domain.len > 2 && domain.ptr[domain.len - 1] == ']';
	}
	for (size_t i = 0; i < domain.len; i++) {
		char c = domain.ptr[i];
		bool ascii = char_is_alpha(c) || char_is_digit(c) || (c && strchr("-_.", c));
		if (!ascii && !(utf8 && (unsigned char)c >= 0x80))
			return false;
	}
	return mailbox_is_dot_atom(domain);
}

static bool is_smtp_quoted(struct str s)
{
	size_t i = 1;
	for (; i + 1 < s.len && s.ptr[i] != '"'; i++)
		if (s.ptr[i] == '\\' && i + 2 < s.len)
			i++;
	return s.len >= 2 && i + 1 == s.len && s.ptr[i] == '"';
}

bool mailbox_is_address(struct str address, bool utf8)
{
	enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 255 };
	struct str domain = mailbox_domain(address);
	struct str local = str_sub(address, 0, address.len - domain.len - (domain.ptr != NULL));
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.ptr[i];
		if (c < ' ' || c == 0x7f || (c >= 0x80 && !utf8))
			return false;
	}
	if (!utf8_is_valid(address) || local.len > LONGEST_LOCAL || domain.len > LONGEST_DOMAIN)
		return false;
	if (domain.ptr && !is_smtp_domain(domain, utf8))
		return false;
	return mailbox_is_dot_atom(local) || is_smtp_quoted(local);
}
