/*
 * From options and files to submissions.
 */
#include "cmd/smtpsend/mails.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

bool mails_open(struct mails *m, const struct smtpsend_options *o, struct err *err)
{
	*m = (struct mails){.o = o, .mbox = {.fd = -1, .name = o->mbox}};
	if (!o->mbox)
		return true;
	m->mbox.fd = open(o->mbox, O_RDONLY | O_CLOEXEC);
	return m->mbox.fd >= 0 ||
	       err_set_errno(err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%s", o->mbox);
}

void mails_close(struct mails *m)
{
	mbox_free(&m->mbox);
	if (m->mbox.fd >= 0)
		close(m->mbox.fd);
}

/* ---- the envelope ---- */

static bool add_list(struct mailboxes *to, const struct list *texts, struct err *err)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct str text = str_of(texts->items[i].text);
		if (str_trim(text).len == 0)
			return err_set(err, ERR_USAGE, "an empty recipient");
		if (!str_is_one_line(text))
			return err_set(
			    err, ERR_USAGE, "a line break may not stand in a recipient");
		if (!mailboxes_parse(to, text, err))
			return false;
	}
	return true;
}

static bool find_recipients(
    struct submission *sub, const struct smtpsend_options *o, struct err *err)
{
	struct mailboxes to = {0};
	bool ok = add_list(&to, &o->recipients, err) && add_list(&to, &o->to, err) &&
		  add_list(&to, &o->cc, err) && add_list(&to, &o->bcc, err);
	if (ok && o->read_recipients)
		ok = message_recipients(&sub->letter.message.head, &to, err) &&
		     (to.count || err_set(err, ERR_USAGE,
				      "no recipient: the message names none in To, Cc or Bcc"));
	envelope_take(&sub->envelope, &to);
	return ok;
}

/* The address alone, of what may be "Ada <ada@example.org>". */
static char *address_in(struct str text, struct err *err)
{
	struct mailboxes one = {0};
	char *address = NULL;
	if (mailboxes_parse(&one, text, err) && one.count)
		address = mem_dup(one.items[0].address);
	mailboxes_free(&one);
	return address;
}

static char *sender_given(const char *text, const char *option, struct err *err)
{
	struct err why = {0};
	struct str s = str_trim(str_of(text));
	if (str_is(s, "<>"))
		return mem_dup("");
	char *address = s.len ? address_in(s, &why) : NULL;
	if (!address)
		err_set(err, ERR_USAGE, "%s: '%.200s' is no address%s", option, text,
		    s.len ? "" : " (the null sender is written '<>')");
	return address;
}

/* -f, -r, the message's Sender and From, and at last who runs us. */
static char *find_sender(
    const struct submission *sub, const struct smtpsend_options *o, struct err *err)
{
	static const char *const fields[] = {"Resent-From", "Sender", "From", NULL};
	const struct message_head *h = &sub->letter.message.head;
	struct err ignored = {0};
	if (o->sender)
		return sender_given(o->sender, "-f", err);
	if (o->from)
		return sender_given(o->from, "-r", err);
	for (size_t i = 0; fields[i]; i++) {
		struct str value = message_head_value(h, fields[i]);
		char *address = value.len ? address_in(value, &ignored) : NULL;
		if (address)
			return address;
	}
	return letter_local_user();
}

bool mails_address(struct submission *sub, const struct smtpsend_options *o)
{
	struct err *err = &sub->err;
	free(sub->envelope.sender);
	sub->envelope.sender = find_sender(sub, o, err);
	return sub->envelope.sender && find_recipients(sub, o, err) &&
	       envelope_check(&sub->envelope, err);
}

static bool prepare(struct submission *sub, const struct smtpsend_options *o)
{
	return mails_address(sub, o) &&
	       letter_complete(&sub->letter, o, sub->envelope.sender, &sub->err) &&
	       fit_check(sub, o);
}

/* ---- one after the other ---- */

static bool take_mbox(struct mails *m, struct submission *sub, bool *found)
{
	if (!mbox_next(&m->mbox, &sub->letter.source, found, &sub->err))
		return m->ended = true; /* what follows can't be found either */
	if (!*found)
		return true;
	char *name = mem_printf("%s:%zu", m->o->mbox, m->taken + 1);
	return letter_from_source(&sub->letter, name, &sub->err);
}

static bool take(struct mails *m, struct submission *sub)
{
	const struct list *files = &m->o->messages;
	bool found = false;
	size_t from_mbox = m->taken;
	if (m->o->mbox && !m->ended) {
		take_mbox(m, sub, &found);
		if (found || err_is_set(&sub->err))
			return true;
		m->ended = true;
		m->mbox.at = from_mbox; /* from here on: how many came from it */
	}
	size_t i = m->o->mbox ? m->taken - (size_t)m->mbox.at : m->taken;
	if (i < files->count) {
		letter_from_file(&sub->letter, files->items[i].text, &sub->err);
		if (!sub->letter.name)
			sub->letter.name = mem_dup(files->items[i].text);
		return true;
	}
	if (options_many(m->o) || m->taken > 0)
		return false;
	letter_from_stdin(&sub->letter, m->o, &sub->err);
	return true;
}

struct submission *mails_next(struct mails *m)
{
	struct submission *sub = mem_alloc(sizeof *sub);
	if (!take(m, sub)) {
		submission_free(sub);
		free(sub);
		return NULL;
	}
	sub->number = m->taken++;
	if (!err_is_set(&sub->err))
		prepare(sub, m->o);
	return sub;
}
