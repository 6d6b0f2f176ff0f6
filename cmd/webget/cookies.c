/*
 * The cookies of a run. What a cookie is stands in cookie.c, how they are kept
 * in jar.c.
 */
#include "cmd/webget/cookies.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"

bool cookies_open(struct cookies *c, const struct webget_options *o, struct err *err)
{
	/* curl's rule: what has a = is cookies, the rest names a file. */
	bool fixed = o->cookie && strchr(o->cookie, '=');
	*c = (struct cookies){.fixed = fixed ? o->cookie : NULL};
	c->kept = o->cookie_jar || (o->cookie && !fixed);
	if (!c->kept)
		return true;
	c->jar.psl = module_table("psl", err);
	if (!c->jar.psl)
		return false;
	if (o->cookie && !fixed && *o->cookie && !jar_load(&c->jar, o->cookie, err))
		return false;
	jar_expire(&c->jar, time(NULL), o->junk_session_cookies);
	return true;
}

void cookies_prepare(struct cookies *c, struct request *r)
{
	struct buf value = BUF_INIT(LIMIT_COOKIES);
	mem_free_secret(r->cookies);
	r->cookies = NULL;
	if (!c->kept && !c->fixed)
		return;
	bool any = jar_put(&c->jar, &r->url, time(NULL), &value);
	if (c->fixed && r->trusted) {
		value.max = LIMIT_HEAD;
		buf_addf(&value, "%s%s", any ? "; " : "", c->fixed);
		any = true;
	}
	if (any)
		r->cookies = buf_steal(&value);
	buf_free_secret(&value);
}

bool cookies_must_wait(const struct cookies *c, const char *host)
{
	for (size_t i = 0; i < c->asked.count; i++)
		if (jar_is_shared(&c->jar, c->asked.items[i].text, host))
			return true;
	return false;
}

void cookies_ask(struct cookies *c, const char *host)
{
	list_add(&c->asked, NULL, host);
}

void cookies_heard(struct cookies *c, const char *host)
{
	struct list *asked = &c->asked;
	size_t i = 0;
	while (i < asked->count && strcmp(asked->items[i].text, host) != 0)
		i++;
	if (i == asked->count)
		return;
	free(asked->items[i].text);
	asked->items[i] = asked->items[--asked->count];
}

static void refuse(struct trace *trace, int conn, struct str line, const char *why)
{
	struct str name = str_trim(str_sub(line, 0, str_find(line, '=')));
	if (!str_has_byte(line, '='))
		name = STR("");
	trace_note(trace, conn, "cookie", "%.*s refused: %s",
	    (int)(name.len < 64 ? name.len : 64), name.ptr, why);
}

void cookies_take(struct cookies *c, const struct fields *fields, const struct url *url,
    struct trace *trace, int conn)
{
	if (!c->kept)
		return;
	const struct field *f = fields_find(fields, "set-cookie");
	for (; f; f = fields_next(fields, f)) {
		struct cookie cookie;
		const char *why = NULL;
		if (!cookie_parse(&cookie, f->value, time(NULL), &why) ||
		    !jar_store(&c->jar, &cookie, url, &why))
			refuse(trace, conn, f->value, why);
	}
}

bool cookies_close(struct cookies *c, const struct webget_options *o, struct err *err)
{
	bool ok = true;
	if (c->kept && o->cookie_jar) {
		jar_expire(&c->jar, time(NULL), false);
		ok = jar_save(&c->jar, o->cookie_jar, err);
	}
	jar_free(&c->jar);
	list_free(&c->asked);
	return ok;
}
