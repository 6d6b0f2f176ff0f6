/*
 * The choice of the task.
 */
#include "cmd/imapls/task.h"

#include <stdio.h>

#include "cmd/imapls/change.h"
#include "cmd/imapls/export.h"
#include "cmd/imapls/list.h"
#include "cmd/imapls/manage.h"
#include "cmd/imapls/read.h"
#include "cmd/imapls/show.h"
#include "cmd/imapls/watch.h"

static bool check(const struct session *s, struct err *err)
{
	const struct imapls_options *o = s->o;
	if (options_read_one(o) && !s->target.uid)
		return err_set(err, ERR_USAGE,
		    "--raw, --headers, --part and --save-attachments want one message: "
		    "imap://HOST/MAILBOX;UID=n");
	if (!s->target.mailbox && !o->recursive &&
	    (options_search(o) || s->target.search || o->most || o->thread))
		return err_set(
		    err, ERR_USAGE, "messages are searched in a mailbox: imap://HOST/INBOX");
	if (!s->target.mailbox &&
	    (options_manage(o) || options_change(o) || o->export || o->watch))
		return err_set(err, ERR_USAGE, "which mailbox? imap://HOST/MAILBOX");
	bool chosen = s->target.uid || s->target.search || options_search(o);
	return chosen || !(o->marks.count || o->move_to || o->copy_to) || o->append.count ||
	       err_set(err, ERR_USAGE,
		   "which messages? ;UID=n in the URL, or a search (--search ALL for all)");
}

static bool work(struct session *s, struct err *err)
{
	struct show w;
	struct err broken = {0};
	bool ok;
	if (!session_open(s, err))
		return false;
	show_start(&w, s->o, &broken);
	if (options_manage(s->o))
		ok = manage_mailbox(s, &w, err);
	else if (options_change(s->o))
		ok = change_letters(s, err);
	else if (s->o->watch)
		ok = watch_run(s, &w, err);
	else if (s->o->export)
		ok = export_run(s, &w, err);
	else if (s->target.uid)
		ok = read_message(s, s->target.uid, &w, true, err);
	else if (s->o->recursive)
		ok = list_recursive(s, &w, true, err);
	else if (s->target.mailbox)
		ok = list_letters(s, s->target.mailbox, &w, true, err);
	else
		ok = list_folders(s, &w, true, err);
	show_end(&w);
	session_close(s);
	return !err_is_set(&broken) ? ok : err_pass(err, &broken);
}

/* Of several targets an error is one's. Without the user, whose URL may hold a password. */
static void name_target(const struct target *t, struct err *err)
{
	struct err plain = *err;
	if (t->host && err->kind != ERR_INTERRUPT)
		snprintf(err->text, sizeof err->text, "%.100s/%.100s: %.300s", t->host,
		    t->mailbox ? t->mailbox : "", plain.text);
}

bool task_run(
    const struct imapls_options *o, const char *target, struct dialer *dialer, struct err *err)
{
	struct session s;
	bool ok = session_init(&s, o, target, dialer, err) && check(&s, err) && work(&s, err);
	if (err_is_set(err) && o->targets.count > 1)
		name_target(&s.target, err);
	session_close(&s);
	if (o->common.timing)
		show_timing(&s);
	session_free(&s);
	return ok && !err_is_set(err);
}
