/*
 * Conditional requests. Knows no connection; what a 304 means for a file is
 * deliver.c's business.
 */
#include "cmd/webget/condition.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cmd/webget/expand.h"
#include "cmd/webget/page.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/date.h"

static char *show_date(int64_t when)
{
	struct buf text = BUF_INIT(64);
	date_put_http(&text, when);
	return buf_steal(&text);
}

/* A date as HTTP or mail writes it, or the time of a file; a minus asks the other way (curl).
 */
static bool read_time(struct condition *c, const char *text, struct err *err)
{
	bool before = text[0] == '-';
	struct stat st;
	int64_t when;
	text += before;
	if (!date_parse_http(str_of(text), time(NULL), &when) &&
	    !date_parse_mail(str_of(text), &when, NULL)) {
		if (stat(text, &st) != 0)
			return err_set(err, ERR_USAGE,
			    "-z: '%s' is no date (Sun, 06 Nov 1994 08:49:37 GMT) and no file",
			    text);
		when = st.st_mtime;
	}
	*(before ? &c->not_since : &c->since) = show_date(when);
	return true;
}

/* A file that isn't there asks for anything. */
static bool read_etag(struct condition *c, const char *path, struct err *err)
{
	struct userfile file;
	bool ok = userfile_read(&file, path, err);
	struct str rest = buf_str(&file.bytes), line = STR("");
	str_cut(&rest, '\n', &line);
	line = str_trim(line);
	if (ok && !field_is_value(line))
		ok = err_set(err, ERR_USAGE, "%s does not hold an ETag", path);
	if (ok && line.len)
		c->etags = str_dup(line);
	userfile_free(&file);
	return ok;
}

/* A page whose links were converted is not what the server sent: a 304 would leave it to be
 * read for links that are no URLs. */
static bool is_as_sent(const struct webget_options *o, const char *output)
{
	return !o->convert_links || page_kind(STR_NONE, str_of(output)) == PAGE_NONE;
}

/* False with err when it is a malformed pattern. */
static bool is_several(const struct webget_options *o, struct err *err)
{
	if (o->urls.count != 1 || o->input_file || o->metalink)
		return o->urls.count || o->input_file || o->metalink;
	struct expand *e = o->globoff ? NULL : expand_open(o->urls.items[0].text, err);
	bool several = e && expand_count(e) > 1;
	expand_close(e);
	return several;
}

bool condition_check(const struct webget_options *o, struct err *err)
{
	if ((o->etag_compare || o->etag_save) && is_several(o, err))
		err_set(err, ERR_USAGE, "--etag-save and --etag-compare are for one URL");
	return !err_is_set(err);
}

bool condition_make(
    struct condition *c, const struct webget_options *o, const char *output, struct err *err)
{
	struct stat st;
	*c = (struct condition){0};
	if (o->etag_compare && !read_etag(c, o->etag_compare, err))
		return false;
	if (o->time_cond && !read_time(c, o->time_cond, err))
		return false;
	if (o->timestamping && !c->since && output && is_as_sent(o, output) &&
	    stat(output, &st) == 0 && S_ISREG(st.st_mode))
		c->since = show_date(st.st_mtime);
	return true;
}

void condition_free(struct condition *c)
{
	free(c->etags);
	free(c->since);
	free(c->not_since);
	*c = (struct condition){0};
}

bool condition_save_etag(
    const struct webget_options *o, const struct http_head *head, struct err *err)
{
	struct outfile *out = o->etag_save ? outfile_open(o->etag_save, 0, err) : NULL;
	if (!out)
		return !o->etag_save;
	struct buf line = BUF_INIT(LIMIT_HEAD);
	buf_add_str(&line, fields_value(&head->fields, "etag"));
	buf_add_byte(&line, '\n');
	bool ok = outfile_write(out, buf_str(&line), err);
	buf_free(&line);
	if (ok)
		return outfile_commit(out, err);
	outfile_abandon(out);
	return false;
}

void condition_set_time(const struct http_head *head, int fd)
{
	int64_t when;
	if (!date_parse_http(fields_value(&head->fields, "last-modified"), time(NULL), &when))
		return;
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = when}};
	/* A device or a pipe has no time to set: no harm. */
	(void)futimens(fd, times);
}
