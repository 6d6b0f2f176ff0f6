/*
 * Lines of a list of URLs. Knows no URL.
 */
#include "cmd/webget/urllist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/mem.h"

struct urllist {
	FILE *file;
	const char *name;
	unsigned long line;
};

struct urllist *urllist_open(const char *path, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	if (!file) {
		err_set_errno(err, ERR_IO, "--input-file %.200s", path);
		return NULL;
	}
	struct urllist *l = mem_alloc(sizeof *l);
	*l = (struct urllist){.file = file, .name = is_stdin ? "stdin" : path};
	return l;
}

void urllist_close(struct urllist *l)
{
	if (l && l->file != stdin)
		fclose(l->file);
	free(l);
}

/* One line without its end; false at the end of the file. */
static bool read_line(struct urllist *l, struct buf *url)
{
	int c;
	buf_clear(url);
	l->line++;
	while ((c = getc_unlocked(l->file)) != EOF && c != '\n')
		buf_add_byte(url, (char)c);
	return c != EOF || url->len || url->over;
}

bool urllist_next(struct urllist *l, struct buf *url, struct err *err)
{
	while (read_line(l, url)) {
		if (url->over)
			return err_set(err, ERR_USAGE, "%.200s, line %lu: longer than %zu KiB",
			    l->name, l->line, url->max / 1024);
		struct str text = str_trim(buf_str(url));
		if (text.len == 0 || text.ptr[0] == '#')
			continue;
		buf_truncate(url, (size_t)(text.ptr - url->ptr) + text.len);
		buf_drop(url, (size_t)(text.ptr - url->ptr));
		return true;
	}
	if (ferror(l->file))
		return err_set_errno(err, ERR_IO, "%.200s", l->name);
	return false;
}

bool urllist_count(const char *path, uint64_t *count)
{
	struct stat st;
	bool is_file = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
	FILE *file = is_file ? fopen(path, "re") : NULL;
	*count = 0;
	if (!file)
		return false;
	bool judged = false; /* this line's first byte that says something was seen */
	for (int c; (c = getc_unlocked(file)) != EOF;) {
		bool tells = c > ' ';
		*count += tells && !judged && c != '#';
		judged = c != '\n' && (judged || tells);
	}
	fclose(file);
	return true;
}
