/*
 * Operands. Connects to nothing.
 */
#include "cmd/imapls/target.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"
#include "common/text/url.h"

static char *decoded(struct str s)
{
	struct buf out = BUF_INIT(LIMIT_URL);
	url_decode(&out, s);
	return buf_steal(&out);
}

/* Decoded, and of one line: it will stand in a command. */
static bool decode_line(char **out, struct str s, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_URL);
	url_decode(&text, s);
	bool ok = str_is_one_line(buf_str(&text));
	free(*out);
	*out = buf_steal(&text);
	return ok || err_set(err, ERR_USAGE, "CR, LF or NUL in the URL's mailbox or search");
}

/* Takes ";NAME=value", with the slash that may stand before it, off the end of *path. */
static bool cut_param(struct str *path, const char *name, struct str *value)
{
	size_t len = strlen(name);
	for (size_t i = path->len; i-- > 0;) {
		if (path->ptr[i] != ';' ||
		    !str_starts_nocase(str_sub(*path, i, path->len), name))
			continue;
		*value = str_sub(*path, i + len, path->len);
		path->len = i > 0 && path->ptr[i - 1] == '/' ? i - 1 : i;
		return true;
	}
	return false;
}

static bool parse_number(struct str s, const char *what, uint32_t *out, struct err *err)
{
	uint64_t n;
	if (s.len && s.ptr[s.len - 1] == '/')
		s.len--;
	if (!number_parse_max(s, UINT32_MAX, &n) || n == 0)
		return err_set(err, ERR_USAGE, "%s wants a number from 1 to 4294967295", what);
	*out = (uint32_t)n;
	return true;
}

static bool parse_path(struct target *t, const char *text, struct err *err)
{
	struct str path = str_of(text), value;
	if (str_starts(path, "/"))
		path = str_sub(path, 1, path.len);
	if (cut_param(&path, ";SECTION=", &value) && !decode_line(&t->section, value, err))
		return false;
	if (cut_param(&path, ";UID=", &value) && !parse_number(value, ";UID=", &t->uid, err))
		return false;
	if (cut_param(&path, ";UIDVALIDITY=", &value) &&
	    !parse_number(value, ";UIDVALIDITY=", &t->uid_validity, err))
		return false;
	if (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	if (path.len && !decode_line(&t->mailbox, path, err))
		return false;
	if ((t->uid || t->section) && !t->mailbox)
		return err_set(err, ERR_USAGE, "a ;UID= wants a mailbox before it");
	return !t->section || t->uid ||
	       err_set(err, ERR_USAGE, "a ;SECTION= wants a ;UID= before it");
}

/* "alice;AUTH=PLAIN" */
static void parse_user(struct target *t, const struct url *u)
{
	struct str user = str_of(u->user), auth;
	if (!u->user)
		return;
	if (cut_param(&user, ";AUTH=", &auth) && !str_is(auth, "*"))
		t->auth = decoded(auth);
	if (user.len)
		t->user = str_dup(user);
	t->password = mem_dup(u->password);
}

static bool check(const struct url *u, struct err *err)
{
	if (!url_scheme_is(u, "imap") && !url_scheme_is(u, "imaps"))
		return err_set(
		    err, ERR_USAGE, "imapls speaks imap and imaps, not %.40s", u->scheme);
	return (u->host && *u->host) || err_set(err, ERR_USAGE, "no host is named");
}

bool target_parse(struct target *t, const char *text, struct err *err)
{
	struct url u;
	*t = (struct target){0};
	if (!url_parse(&u, str_of(text), "imap", err))
		return false;
	bool ok = check(&u, err) && parse_path(t, u.path, err) &&
		  (!u.query || !*u.query || decode_line(&t->search, str_of(u.query), err));
	if (ok) {
		t->host = mem_dup(u.host);
		t->port = u.port;
		t->tls = url_scheme_is(&u, "imaps");
		parse_user(t, &u);
	}
	url_free(&u);
	return ok;
}

void target_free(struct target *t)
{
	free(t->host);
	free(t->user);
	free(t->auth);
	free(t->mailbox);
	free(t->section);
	free(t->search);
	mem_free_secret(t->password);
	*t = (struct target){0};
}
