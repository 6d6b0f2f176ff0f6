/*
 * From operands to jobs: patterns, URLs, output names. Connects to nothing.
 */
#include "cmd/webget/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/crawl.h"
#include "cmd/webget/expand.h"
#include "cmd/webget/metalink.h"
#include "cmd/webget/payload.h"
#include "cmd/webget/urllist.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/progress.h"

struct jobs {
	const struct webget_options *o;
	struct crawl *crawl;
	size_t operand; /* the one that expand is of, from 1; 0 before the first */
	struct expand *expand;
	struct metalink *metalink;
	size_t linked;        /* so many of its files were taken */
	struct urllist *list; /* of --input-file, when the operands are through */
	bool listed;          /* it is through too */
	struct buf url;       /* the current URL */
	struct job *next;
	int count, aside; /* jobs made; those that were not asked for */

	/* For jobs_tell. */
	int bad;                             /* what could not be made a job of */
	uint64_t expanded;                   /* URLs of expand that were taken */
	bool counted;                        /* then this is known: */
	uint64_t later;                      /* URLs of the operands behind that */
	bool endless;                        /* nobody knows how long the list is */
	uint64_t lines, read;                /* URLs in the list; those that were taken */
	uint64_t linked_sized, linked_bytes; /* of the metalink's files that wait */
};

struct jobs *jobs_open(const struct webget_options *o, struct crawl *crawl)
{
	struct jobs *j = mem_alloc(sizeof *j);
	j->o = o;
	j->crawl = crawl;
	j->url = BUF_INIT(LIMIT_URL);
	return j;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	url_free(&job->url);
	mem_free_secret(job->text);
	free(job->output);
	list_free(&job->mirrors);
	list_free(&job->digests);
	free(job);
}

void jobs_close(struct jobs *j)
{
	job_free(j->next);
	metalink_free(j->metalink);
	expand_close(j->expand);
	urllist_close(j->list);
	buf_free(&j->url);
	free(j);
}

char *job_base_name(const struct job *job, int number)
{
	struct buf name = BUF_INIT(LIMIT_URL);
	const char *path = number ? job->url.path : job->output;
	const char *slash = path ? strrchr(path, '/') : NULL;
	struct str base = str_of(slash ? slash + 1 : path);
	if (number)
		url_decode(&name, base);
	else
		buf_add_str(&name, base);
	if (name.len)
		return buf_steal(&name);
	buf_free(&name);
	return NULL;
}

/* -O: the last part of the path, as curl. */
static void name_from_url(struct job *job)
{
	struct buf path = BUF_INIT(LIMIT_URL);
	url_decode(&path, str_of(job->url.path));
	job->output = outfile_safe_name(buf_str(&path));
	buf_free(&path);
	job->nameless = !job->output;
}

static void put_into_dir(struct job *job, const char *dir)
{
	if (!dir || !job->output || job->output[0] == '/')
		return;
	char *path = mem_printf("%s/%s", dir, job->output);
	free(job->output);
	job->output = path;
}

static bool choose_output(struct jobs *j, struct job *job, struct err *err)
{
	/* What a list names stands behind the operands: no -o is meant for it. */
	const struct list_item *item = !j->list && j->operand <= j->o->outputs.count
					   ? &j->o->outputs.items[j->operand - 1]
					   : NULL;
	if (!item && !j->o->remote_name_all)
		return true;
	job->remote_name = !item || str_is(str_of(item->name), "remote-name");
	if (job->remote_name) {
		name_from_url(job);
	} else if (!str_is(str_of(item->text), "-")) {
		struct buf path = BUF_INIT(LIMIT_URL);
		if (!expand_output(j->expand, item->text, &path)) {
			buf_free(&path);
			return err_set(err, ERR_USAGE, "the output's name is too long");
		}
		job->output = buf_steal(&path);
	}
	put_into_dir(job, j->o->output_dir);
	return true;
}

static bool fits_query(struct str query)
{
	for (size_t i = 0; i < query.len; i++) {
		unsigned char c = (unsigned char)query.ptr[i];
		if (c <= ' ' || c == '#' || c == 0x7f)
			return false;
	}
	return true;
}

/* -G and --url-query. */
static bool add_query(const struct webget_options *o, struct url *url, struct err *err)
{
	struct buf query = BUF_INIT(LIMIT_URL);
	if (!o->url_query.count && !(o->get && o->data.count))
		return true;
	buf_add_text(&query, url->query ? url->query : "");
	bool ok = (!o->get || payload_data_as_query(&o->data, &query, err)) &&
		  payload_data_as_query(&o->url_query, &query, err);
	if (ok && query.over)
		ok = err_set(
		    err, ERR_USAGE, "the URL becomes longer than %zu KiB", LIMIT_URL / KIB);
	if (ok && !fits_query(buf_str(&query)))
		ok = err_set(err, ERR_USAGE,
		    "a space, # or control byte can't stand in a query: use --data-urlencode");
	free(url->query);
	url->query = buf_steal(&query);
	return ok;
}

static bool check_scheme(const struct url *url, struct err *err)
{
	if (!url_scheme_is(url, "http") && !url_scheme_is(url, "https"))
		return err_set(
		    err, ERR_USAGE, "webget speaks http and https, not %s", url->scheme);
	return true;
}

static struct job *make_job(struct jobs *j, struct err *err)
{
	struct job *job = mem_alloc(sizeof *job);
	job->text = str_dup(buf_str(&j->url));
	job->number = j->count;
	for (size_t i = 0; i < j->o->mirrors.count; i++)
		list_add(&job->mirrors, NULL, j->o->mirrors.items[i].text);
	if (j->o->checksum)
		list_add(&job->digests, "--checksum", j->o->checksum);
	if (url_parse(&job->url, buf_str(&j->url), "http", err) &&
	    check_scheme(&job->url, err) && add_query(j->o, &job->url, err) &&
	    choose_output(j, job, err)) {
		j->count++;
		return job;
	}
	job_free(job);
	return NULL;
}

static struct expand *open_operand(
    const struct webget_options *o, const char *text, struct err *err)
{
	return o->globoff ? expand_open_plain(text) : expand_open(text, err);
}

/* A pattern that is none is one failure. */
static uint64_t count_of(const struct expand *e)
{
	return e ? expand_count(e) : 1;
}

static bool next_operand(struct jobs *j, struct err *err)
{
	expand_close(j->expand);
	const char *text = j->o->urls.items[j->operand++].text;
	buf_clear(&j->url);
	buf_add_text(&j->url, text);
	j->expand = open_operand(j->o, text, err);
	j->expanded = 0;
	j->later -= j->counted ? count_of(j->expand) : 0;
	return j->expand;
}

/* The next line of the list; false at its end. In a list nothing is a pattern. */
static bool next_of_list(struct jobs *j, struct err *err)
{
	if (!j->o->input_file || j->listed)
		return false;
	if (!j->list)
		j->list = urllist_open(j->o->input_file, err);
	bool found = j->list && urllist_next(j->list, &j->url, err);
	j->read += found || err_is_set(err);
	if (found)
		return true;
	/* A line that is too long is one failure; the list goes on behind it. */
	j->listed = !j->list || err->kind != ERR_USAGE;
	return false;
}

/* The next URL into j->url; false at the end, or with err. */
static bool next_url(struct jobs *j, struct err *err)
{
	while (!j->list) {
		if (j->expand && expand_next(j->expand, &j->url)) {
			j->expanded++;
			return true;
		}
		j->expanded = j->expand ? expand_count(j->expand) : 0;
		if (j->operand == j->o->urls.count)
			break;
		if (!next_operand(j, err))
			return false;
	}
	return next_of_list(j, err);
}

/* A job of the user's; none when its URL is being fetched already. */
static void add_named(struct jobs *j, struct err *err)
{
	struct job *job = make_job(j, err);
	if (job && j->crawl && !crawl_start(j->crawl, job)) {
		job_free(job);
		job = NULL;
	}
	j->next = job;
}

void jobs_add_metalink(struct jobs *j, struct metalink *m)
{
	j->metalink = m;
	for (size_t i = 0; m && i < m->count; i++) {
		j->linked_sized += m->files[i].sized;
		j->linked_bytes += m->files[i].sized ? m->files[i].size : 0;
	}
}

/* The next file of --metalink. */
static void add_linked(struct jobs *j, struct err *err)
{
	if (!j->metalink || j->linked == j->metalink->count)
		return;
	const struct metalink_file *file = &j->metalink->files[j->linked++];
	j->linked_sized -= file->sized;
	j->linked_bytes -= file->sized ? file->size : 0;
	struct job *job = mem_alloc(sizeof *job);
	job->text = mem_dup(file->urls.items[0].text);
	job->output = mem_dup(file->name);
	put_into_dir(job, j->o->output_dir);
	for (size_t i = 1; i < file->urls.count; i++)
		list_add(&job->mirrors, NULL, file->urls.items[i].text);
	if (file->digest)
		list_add(&job->digests, "the metalink", file->digest);
	job->sized = file->sized;
	job->size = file->size;
	job->pieces = file->pieces;
	if (url_parse(&job->url, str_of(job->text), "http", err)) {
		job->number = j->count++;
		j->next = job;
	} else {
		job_free(job);
	}
}

static void add_found(struct jobs *j)
{
	j->next = j->crawl ? crawl_next(j->crawl) : NULL;
	if (!j->next)
		return;
	j->next->number = j->count++;
	j->aside += j->next->aside;
}

struct job *jobs_peek(struct jobs *j, struct err *err)
{
	while (!j->next && !err_is_set(err) && next_url(j, err))
		add_named(j, err);
	if (!j->next && !err_is_set(err))
		add_linked(j, err);
	if (!j->next && !err_is_set(err))
		add_found(j);
	j->bad += err_is_set(err);
	return j->next;
}

struct job *jobs_take(struct jobs *j)
{
	struct job *job = j->next;
	j->next = NULL;
	return job;
}

/* ---- how many ---- */

static void count(struct jobs *j)
{
	struct err ignored = {0};
	for (size_t i = j->operand; i < j->o->urls.count; i++) {
		struct expand *e = open_operand(j->o, j->o->urls.items[i].text, &ignored);
		j->later += count_of(e);
		expand_close(e);
	}
	if (j->o->input_file)
		j->endless = !urllist_count(j->o->input_file, &j->lines);
	j->counted = true;
}

void jobs_tell(struct jobs *j, struct progress *p)
{
	if (!j || !p)
		return;
	if (!j->counted)
		count(j);
	struct progress_plan plan = {.files = (uint64_t)(j->count - j->aside + j->bad),
	    .sized = j->linked_sized,
	    .bytes = j->linked_bytes,
	    .more = j->endless && !j->listed};
	if (j->expand)
		plan.files += expand_count(j->expand) - j->expanded;
	plan.files += j->later;
	if (!j->listed && j->lines > j->read)
		plan.files += j->lines - j->read;
	plan.files += j->metalink ? j->metalink->count - j->linked : 0;
	if (j->crawl)
		crawl_tell(j->crawl, &plan);
	if (j->next && j->next->sized) {
		plan.sized++;
		plan.bytes += j->next->size;
	}
	progress_set_plan(p, &plan);
}
