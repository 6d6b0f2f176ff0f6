/*
 * Where a message comes from, and what submission adds to it (RFC 6409 8).
 */
#include "cmd/smtpsend/letter.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

char *letter_local_host(void)
{
	char name[256] = "";
	gethostname(name, sizeof name - 1);
	return mem_dup(*name ? name : "localhost");
}

char *letter_local_user(void)
{
	struct passwd room, *me = NULL;
	char strings[4096];
	char *host = letter_local_host();
	if (getpwuid_r(getuid(), &room, strings, sizeof strings, &me) != 0)
		me = NULL;
	char *user = mem_printf("%s@%s", me && *me->pw_name ? me->pw_name : "nobody", host);
	free(host);
	return user;
}

static bool read_facts(struct letter *l, struct err *err)
{
	message_free(&l->message);
	l->message = (struct message){0};
	if (!message_read(&l->message, &l->source, err))
		return false;
	size_t front = (size_t)l->message.body_at;
	l->head = (struct message_scan){0};
	message_scan_add(&l->head, str_sub(buf_str(&l->message.bytes), 0, front));
	return true;
}

bool letter_from_source(struct letter *l, char *name, struct err *err)
{
	l->name = name;
	return read_facts(l, err);
}

bool letter_from_file(struct letter *l, const char *path, struct err *err)
{
	return source_add_path(&l->source, path, SOURCE_PLAIN, err) &&
	       letter_from_source(l, mem_dup(path), err);
}

static bool read_text(struct letter *l, const struct smtpsend_options *o, struct err *err)
{
	return source_spool(&l->text, STDIN_FILENO, "standard input", err) &&
	       (!o->html || source_add_path(&l->html, o->html, SOURCE_PLAIN, err));
}

bool letter_from_stdin(struct letter *l, const struct smtpsend_options *o, struct err *err)
{
	if (options_compose(o)) {
		static const struct letter_reach all = {true, true};
		l->composed = true;
		return read_text(l, o, err) && letter_recompose(l, o, &all, err);
	}
	/* sendmail without -i: a line that is a dot alone ends the message. */
	bool dots = o->as_sendmail && !o->ignore_dots;
	bool ok = (dots ? source_spool_to_dot : source_spool)(
	    &l->source, STDIN_FILENO, "standard input", err);
	return ok && letter_from_source(l, NULL, err);
}

void letter_free(struct letter *l)
{
	source_free(&l->source);
	message_free(&l->message);
	source_free(&l->text);
	source_free(&l->html);
	free(l->name);
	*l = (struct letter){0};
}

static struct message_origin origin_of(
    const struct smtpsend_options *o, const char *from, const char *domain)
{
	int64_t now = (int64_t)time(NULL);
	return (struct message_origin){.from = from,
	    .name = o->full_name,
	    .domain = domain,
	    .now = now,
	    .zone = message_local_zone(now)};
}

bool letter_recompose(struct letter *l, const struct smtpsend_options *o,
    const struct letter_reach *reach, struct err *err)
{
	char *me = letter_local_user();
	const char *sender =
	    o->sender && *o->sender && strcmp(o->sender, "<>") != 0 ? o->sender : me;
	struct compose c = {
	    .origin = origin_of(o, o->from ? o->from : sender, NULL),
	    .subject = o->subject,
	    .to = &o->to,
	    .cc = &o->cc,
	    .headers = &o->headers,
	    .attachments = &o->attachments,
	    .text = &l->text,
	    .html = &l->html,
	    .type = o->body_type,
	    .eight_bit = reach->eight_bit,
	    .utf8_addresses = reach->utf8,
	};
	source_free(&l->source);
	l->source = (struct source){0};
	bool ok = compose_message(&l->source, &c, err) && read_facts(l, err);
	free(me);
	return ok;
}

void letter_apply(struct letter *l)
{
	message_apply(&l->message, &l->source, &l->head);
}

bool letter_complete(
    struct letter *l, const struct smtpsend_options *o, const char *sender, struct err *err)
{
	struct message_head *h = &l->message.head;
	if (l->composed)
		return true;
	if (o->add_headers || o->read_recipients)
		message_remove_bcc(h);
	bool ok = true;
	if (o->add_headers) {
		const char *given = o->from ? o->from : sender;
		/* Asking who we are costs more than the rest: only when nobody said. */
		char *me = given && *given ? NULL : letter_local_user();
		struct message_origin origin = origin_of(o, me ? me : given, NULL);
		ok = message_add_missing(h, &origin, err);
		free(me);
	}
	if (ok && (o->add_headers || o->read_recipients))
		letter_apply(l);
	return ok;
}
