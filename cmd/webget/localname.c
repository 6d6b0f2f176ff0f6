/*
 * Names for what is fetched. Looks at no file.
 */
#include "cmd/webget/localname.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/text/field.h"
#include "common/text/utf8.h"

/* PATH_MAX is 4096 on Linux; the directory that the user chose stands before it. */
#define MOST_PATH 3000

static const struct {
	const char *type;
	const char *extension;
	const char *as_well; /* or NULL */
} extensions[] = {
    {"text/html", ".html", ".htm"},
    {"application/xhtml+xml", ".html", ".xhtml"},
    {"text/css", ".css", NULL},
    {"image/svg+xml", ".svg", NULL},
    {"text/javascript", ".js", ".mjs"},
    {"application/javascript", ".js", ".mjs"},
};

static uint32_t hash(struct str s)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * 16777619u;
	return h;
}

static bool is_refused(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '/' || code == '\\' ||
	       code == '%' || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static void put_code(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		buf_addf(out, "%%%02X", (unsigned char)bytes.ptr[i]);
}

/* How many bytes at its beginning are ASCII that may stand. */
static size_t plain(struct str s)
{
	size_t len = 0;
	while (len < s.len && (signed char)s.ptr[len] >= 0 &&
	       !is_refused((unsigned char)s.ptr[len]))
		len++;
	return len;
}

/* Decoded, and encoded again where it must be. */
static void clean(struct buf *out, struct str name)
{
	struct buf raw = BUF_INIT(LIMIT_URL);
	url_decode(&raw, name);
	struct str rest = buf_str(&raw);
	if (rest.len && strchr(".-", rest.ptr[0]) && rest.ptr[0]) {
		put_code(out, str_sub(rest, 0, 1));
		rest = str_sub(rest, 1, rest.len);
	}
	while (rest.len) {
		uint32_t code;
		size_t len = plain(rest);
		bool stands = len;
		if (!len)
			stands = (len = utf8_next(rest, &code)) && !is_refused(code);
		if (stands)
			buf_add(out, rest.ptr, len);
		else
			put_code(out, str_sub(rest, 0, len ? len : 1));
		rest = str_sub(rest, len ? len : 1, rest.len);
	}
	buf_free(&raw);
}

/* Short enough not to be taken for the end of a sentence. */
static struct str extension_of(struct str name)
{
	for (size_t i = name.len; i > 1 && name.len - i < 10; i--)
		if (name.ptr[i - 1] == '.')
			return str_sub(name, i - 1, name.len);
	return STR_NONE;
}

static size_t boundary(struct str s, size_t len)
{
	while (len > 0 && len < s.len && ((unsigned char)s.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void put_component(struct buf *out, struct str name, struct str whole)
{
	if (name.len <= LOCALNAME_MOST) {
		buf_add_str(out, name);
		return;
	}
	struct str tail = extension_of(name);
	size_t keep = boundary(name, LOCALNAME_MOST - tail.len - 9);
	buf_add_str(out, str_sub(name, 0, keep));
	buf_addf(out, "~%08x", hash(whole));
	buf_add_str(out, tail);
}

static void put_host(struct buf *out, const struct url *url)
{
	struct buf host = BUF_INIT(LIMIT_URL), name = BUF_INIT(LIMIT_URL);
	buf_add_text(&host, url->host ? url->host : "");
	if (url->port != url_default_port(url->scheme))
		buf_addf(&host, ":%u", url->port);
	clean(&name, buf_str(&host));
	put_component(out, buf_str(&name), buf_str(&host));
	buf_add_byte(out, '/');
	buf_free(&host);
	buf_free(&name);
}

static void put_directories(struct buf *out, struct str path, int64_t cut)
{
	struct buf name = BUF_INIT(LIMIT_URL);
	struct str part;
	while (str_has_byte(path, '/')) {
		str_cut(&path, '/', &part);
		if (part.len == 0 || cut-- > 0)
			continue;
		buf_clear(&name);
		clean(&name, part);
		put_component(out, buf_str(&name), part);
		buf_add_byte(out, '/');
	}
	buf_free(&name);
}

static void put_file(struct buf *out, struct str file, const char *query)
{
	struct buf name = BUF_INIT(4 * LIMIT_URL), raw = BUF_INIT(2 * LIMIT_URL);
	buf_add_str(&raw, file.len ? file : STR(LOCALNAME_INDEX));
	clean(&name, buf_str(&raw));
	if (query) {
		buf_addf(&raw, "?%s", query);
		buf_add_byte(&name, '?');
		/* Behind a byte, so that a dot in front is not hidden. */
		struct buf rest = BUF_INIT(2 * LIMIT_URL);
		buf_addf(&rest, "x%s", query);
		size_t mark = name.len;
		clean(&name, buf_str(&rest));
		memmove(name.ptr + mark, name.ptr + mark + 1, name.len - mark - 1);
		buf_truncate(&name, name.len - 1);
		buf_free(&rest);
	}
	put_component(out, buf_str(&name), buf_str(&raw));
	buf_free(&name);
	buf_free(&raw);
}

bool localname_put(struct buf *out, const struct url *url, const struct localname_style *style)
{
	struct str path = str_of(url->path);
	size_t start = out->len, slash = path.len;
	if (!style->no_host)
		put_host(out, url);
	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	put_directories(out, str_sub(path, 0, slash), style->cut_dirs);
	put_file(out, str_sub(path, slash, path.len), url->query);
	return !out->over && out->len - start <= MOST_PATH;
}

const char *localname_extension(struct str path, struct str content_type)
{
	struct str params;
	struct str type = str_trim(field_main(content_type, &params));
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (str_is_nocase(type, extensions[i].type)) {
			const char *other = extensions[i].as_well;
			bool has = str_ends_nocase(path, extensions[i].extension) ||
				   (other && str_ends_nocase(path, other));
			return has ? NULL : extensions[i].extension;
		}
	return NULL;
}

const char *localname_extension_number(size_t i)
{
	return i < sizeof extensions / sizeof *extensions ? extensions[i].extension : NULL;
}

void localname_vary(struct buf *out, struct str path, struct str seed)
{
	size_t slash = path.len;
	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	struct str tail = extension_of(str_sub(path, slash, path.len));
	buf_add_str(out, str_sub(path, 0, path.len - tail.len));
	buf_addf(out, "~%08x", hash(seed));
	buf_add_str(out, tail);
}

/* ---- from file to file ---- */

/* Bytes up to the last slash that both have in common. */
static size_t common(struct str a, struct str b)
{
	size_t last = 0;
	for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++)
		if (a.ptr[i] == '/')
			last = i + 1;
	return last;
}

void localname_put_reference(struct buf *out, struct str from, struct str to)
{
	size_t same = common(from, to);
	struct str rest = str_sub(to, same, to.len);
	for (size_t i = same; i < from.len; i++)
		if (from.ptr[i] == '/')
			buf_add_text(out, "../");
	/* : is not kept: a first component with one would be read as a scheme. */
	url_encode(out, rest, "/!$&()*+=@");
}
