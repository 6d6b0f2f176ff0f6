/*
 * Files read as pages. What stands in a piece is refs.c's.
 */
#include "cmd/webget/page.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/module.h"
#include "common/text/field.h"

enum page_kind page_kind(struct str content_type, struct str path)
{
	struct str params;
	struct str type = str_trim(field_main(content_type, &params));
	if (str_is_nocase(type, "text/html") || str_is_nocase(type, "application/xhtml+xml"))
		return PAGE_HTML;
	if (str_is_nocase(type, "text/css"))
		return PAGE_CSS;
	if (type.len && !str_is_nocase(type, "application/octet-stream"))
		return PAGE_NONE;
	bool html = str_ends_nocase(path, ".html") || str_ends_nocase(path, ".htm") ||
		    str_ends_nocase(path, ".xhtml");
	return html ? PAGE_HTML : str_ends_nocase(path, ".css") ? PAGE_CSS : PAGE_NONE;
}

static bool map(struct page *p, const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	bool ok = fd >= 0 && fstat(fd, &st) == 0;
	if (!ok)
		err_set_errno(err, ERR_IO, "%.200s", path);
	else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > LIMIT_PAGE)
		ok = err_set(err, ERR_DATA,
		    "%.200s: larger than %zu MiB: its links are not looked for", path,
		    LIMIT_PAGE / MIB);
	if (ok && st.st_size) {
		void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		ok = at != MAP_FAILED;
		if (ok)
			p->text = (struct str){at, (size_t)st.st_size};
		else
			err_set_errno(err, ERR_IO, "%.200s", path);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static void find_base(struct page *p, const struct url *url)
{
	struct err ignored = {0};
	struct str base = p->html ? p->ops->base(p->html) : STR_NONE;
	if (!base.len || !url_resolve(&p->base, url, base, &ignored) || !p->base.host)
		url_copy(&p->base, url);
}

bool page_open(struct page *p, const char *path, enum page_kind kind, const struct url *url,
    struct err *err)
{
	*p = (struct page){.kind = kind};
	if (kind == PAGE_HTML)
		p->ops = module_table("html", err);
	if (err_is_set(err) || !map(p, path, err))
		return false;
	if (p->ops)
		p->html = p->ops->open(p->text);
	find_base(p, url);
	return true;
}

bool page_next(struct page *p, struct html_piece *piece)
{
	if (p->html)
		return p->ops->next(p->html, piece);
	*piece = (struct html_piece){
	    .form = HTML_SHEET, .use = HTML_NEEDED, .value = p->text, .len = p->text.len};
	bool first = p->kind == PAGE_CSS && !p->told;
	p->told = true;
	return first;
}

bool page_resolve(const struct page *p, struct str ref, struct url *out)
{
	struct err ignored = {0};
	if (ref.len > LIMIT_URL || !url_resolve(out, &p->base, ref, &ignored))
		return false;
	if ((url_scheme_is(out, "http") || url_scheme_is(out, "https")) && out->host)
		return true;
	url_free(out);
	return false;
}

void page_close(struct page *p)
{
	if (p->html)
		p->ops->close(p->html);
	if (p->text.ptr)
		munmap((void *)(uintptr_t)p->text.ptr, p->text.len);
	url_free(&p->base);
	*p = (struct page){0};
}
