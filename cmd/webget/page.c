/*
 * Files read as pages. What stands in a piece is refs.c's.
 */
#include "cmd/webget/page.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/field.h"

enum page_kind page_kind(struct str content_type, struct str path)
{
	struct str params;
	struct str type = str_trim(field_main(content_type, &params));
	if (str_is_nocase(type, "text/html") || str_is_nocase(type, "application/xhtml+xml") ||
	    str_is_nocase(type, "image/svg+xml"))
		return PAGE_HTML;
	if (str_is_nocase(type, "text/css"))
		return PAGE_CSS;
	if (type.len && !str_is_nocase(type, "application/octet-stream"))
		return PAGE_NONE;
	bool html = str_ends_nocase(path, ".html") || str_ends_nocase(path, ".htm") ||
		    str_ends_nocase(path, ".xhtml") || str_ends_nocase(path, ".svg");
	return html ? PAGE_HTML : str_ends_nocase(path, ".css") ? PAGE_CSS : PAGE_NONE;
}

static bool load(struct page *p, int fd, size_t size)
{
	ssize_t n = (ssize_t)size;
	p->mapped = size > PAGE_SMALL;
	p->bytes =
	    p->mapped ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : mem_alloc(size);
	if (p->bytes == MAP_FAILED) {
		p->bytes = NULL;
		return false;
	}
	if (!p->mapped)
		n = read(fd, p->bytes, size);
	p->text = (struct str){p->bytes, n > 0 ? (size_t)n : 0};
	return n >= 0;
}

static bool read_file(struct page *p, const char *path, struct err *err)
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
	else if (st.st_size && !load(p, fd, (size_t)st.st_size))
		ok = err_set_errno(err, ERR_IO, "%.200s", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static void find_base(struct page *p, const struct url *url)
{
	struct str base = p->html ? p->ops->base(p->html) : STR_NONE;
	if (!base.len || !url_resolve(&p->base, url, base, NULL) || !p->base.host)
		url_copy(&p->base, url);
}

const struct html_ops *page_parser(struct err *err)
{
	return module_table("html", err);
}

bool page_open(struct page *p, const struct page_file *file, struct err *err)
{
	*p = (struct page){.kind = file->kind, .ops = file->html, .text = file->text};
	if (!file->text.len && !read_file(p, file->path, err)) {
		page_close(p);
		return false;
	}
	if (p->kind == PAGE_HTML && p->ops)
		p->html = p->ops->open(p->text);
	find_base(p, file->url);
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
	if (ref.len > LIMIT_URL || !url_resolve(out, &p->base, ref, NULL))
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
	if (p->mapped && p->bytes)
		munmap(p->bytes, p->text.len);
	else
		free(p->bytes);
	url_free(&p->base);
	*p = (struct page){0};
}
