/*
 * From operands to a target. Connects to nothing.
 */
#include "cmd/ftpc/target.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

/* ";type=a", ";type=i", ";type=d" at the end (RFC 1738 3.2.2). */
static struct str cut_type(struct str path, struct target *out)
{
	static const char mark[] = ";type=";
	size_t len = sizeof mark;
	if (path.len < len ||
	    !str_eq_nocase(str_sub(path, path.len - len, len - 1), STR(";type=")))
		return path;
	char type = char_lower(path.ptr[path.len - 1]);
	if (type != 'a' && type != 'i' && type != 'd')
		return path;
	out->ascii = type == 'a';
	out->is_dir = type == 'd';
	return str_sub(path, 0, path.len - len);
}

static bool set_path(struct target *out, struct err *err)
{
	struct buf path = BUF_INIT(LIMIT_URL);
	struct str raw = str_of(out->url.path);
	out->has_path = raw.len > 0;
	raw = cut_type(raw, out);
	url_decode(&path, str_sub(raw, 1, raw.len));
	bool good = str_is_one_line(buf_str(&path));
	if (raw.len <= 1 || raw.ptr[raw.len - 1] == '/')
		out->is_dir = true;
	if (out->url.query && good)
		buf_addf(&path, "?%s", out->url.query);
	out->path = buf_steal(&path);
	return good || err_set(err, ERR_USAGE, "a line break or NUL in a URL is refused");
}

static bool check_scheme(const struct url *url, struct err *err)
{
	return url_scheme_is(url, "ftp") || url_scheme_is(url, "ftps") ||
	       err_set(err, ERR_USAGE, "ftpc speaks ftp and ftps, not %s", url->scheme);
}

bool target_parse(struct target *out, const char *text, struct err *err)
{
	*out = (struct target){0};
	if (url_parse(&out->url, str_of(text), "ftp", err) && check_scheme(&out->url, err) &&
	    set_path(out, err))
		return true;
	target_free(out);
	return false;
}

bool target_read(struct target *out, const struct list *operands, struct err *err)
{
	*out = (struct target){0};
	if (operands->count > 2)
		return err_set(err, ERR_USAGE, "too many arguments: one URL, or host and port");
	if (!target_parse(out, operands->items[0].text, err))
		return false;
	if (operands->count == 1)
		return true;
	if (number_parse_port(str_of(operands->items[1].text), &out->url.port) &&
	    !out->url.port_given && !out->has_path)
		return true;
	target_free(out);
	return err_set(err, ERR_USAGE, "'%s' is not a port; one URL, or host and port",
	    operands->items[1].text);
}

void target_free(struct target *t)
{
	url_free(&t->url);
	free(t->path);
	*t = (struct target){0};
}

const char *target_base(const struct target *t)
{
	const char *slash = t->path ? strrchr(t->path, '/') : NULL;
	if (t->is_dir || !t->path)
		return "";
	return slash ? slash + 1 : t->path;
}
