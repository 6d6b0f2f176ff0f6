/*
 * What is said of results: sentences and timing to stderr, -w and JSON Lines to
 * stdout. Decides nothing.
 */
#include "cmd/webget/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/follow.h"
#include "cmd/webget/model.h"
#include "cmd/webget/options_pages.h"
#include "cmd/webget/writeout.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/say.h"
#include "common/cli/timing.h"
#include "common/text/json.h"
#include "common/text/number.h"

static char *page_of(const struct url *url)
{
	struct buf b = BUF_INIT(2 * LIMIT_URL);
	url_put_page(&b, url);
	return buf_steal(&b);
}

/* ---- errors ---- */

static void show_error(const struct task *t)
{
	char *asked = page_of(&t->job->url), *reached = page_of(&t->request.url);
	struct buf what = BUF_INIT(5 * LIMIT_URL);
	buf_add_text(&what, asked);
	if (t->redirects && strcmp(asked, reached) != 0)
		buf_addf(&what, " (redirected to %s)", reached);
	say_error("webget", buf_cstr(&what), &t->err);
	buf_free(&what);
	free(asked);
	free(reached);
}

void show_bad_url(struct run *run, const struct err *err)
{
	/* A URL that can't be read may hold a password anywhere: the error quotes what is safe.
	 */
	progress_hold(run->progress);
	say_error("webget", NULL, err);
	progress_release(run->progress);
	progress_file_close(progress_file_open(run->progress, NULL, 0), PROGRESS_FAILED);
	pthread_mutex_lock(&run->lock);
	err_pass(&run->first, err);
	pthread_mutex_unlock(&run->lock);
}

void show_note(struct run *run, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	progress_hold(run->progress);
	say_note("webget", run->o->common.quiet, "%s", text);
	progress_release(run->progress);
}

/* ---- facts ---- */

static double seconds(const struct task *t, int64_t at)
{
	return at ? (double)(at - t->time.start) / (double)CLOCK_SECOND : 0;
}

static int port_of(const char *address)
{
	const char *colon = strrchr(address, ':');
	return colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}

static void host_of(const char *address, char out[80])
{
	size_t len = strrchr(address, ':') ? (size_t)(strrchr(address, ':') - address) : 0;
	bool v6 = len > 2 && address[0] == '[';
	struct str host = str_sub(str_of(address), v6, v6 ? len - 2 : len);
	memcpy(out, host.ptr, host.len);
	out[host.len] = '\0';
}

/* Strings that facts borrow. */
struct borrowed {
	char *url, *effective, *redirect, *type;
	char remote[80], local[80], version[4];
};

static void fill_times(const struct task *t, struct facts *f)
{
	const struct stream_report *r = &t->time.report;
	double start = seconds(t, t->time.hop);
	bool fresh = !t->time.reused;
	f->time_redirect = t->redirects ? start : 0;
	f->time_namelookup = start + (fresh ? r->dns_ms / 1000 : 0);
	f->time_connect = f->time_namelookup + (fresh ? (r->tcp_ms + r->proxy_ms) / 1000 : 0);
	f->time_appconnect = r->tls ? f->time_connect + (fresh ? r->tls_ms / 1000 : 0) : 0;
	f->time_pretransfer = seconds(t, t->time.sent);
	f->time_starttransfer = seconds(t, t->time.first_byte);
	f->time_total = seconds(t, t->time.done ? t->time.done : clock_now());
}

static void fill_answer(const struct task *t, struct facts *f, struct borrowed *b)
{
	const struct http_head *head = &t->head.head;
	struct url target;
	f->response_code = head->status;
	f->fields = &head->fields;
	f->num_headers = (int)head->fields.count;
	b->version[0] = (char)('0' + head->major);
	b->version[1] = '.';
	b->version[2] = (char)('0' + head->minor);
	f->http_version = b->version;
	b->type = str_dup(fields_value(&head->fields, "content-type"));
	f->content_type = fields_find(&head->fields, "content-type") ? b->type : NULL;
	if (follow_target(head, &t->request.url, &target)) {
		b->redirect = page_of(&target);
		f->redirect_url = b->redirect;
		url_free(&target);
	}
}

static struct facts gather(const struct task *t, struct borrowed *b)
{
	*b = (struct borrowed){
	    .url = page_of(&t->job->url), .effective = page_of(&t->request.url)};
	host_of(t->time.report.peer, b->remote);
	host_of(t->time.local, b->local);
	struct facts f = {
	    .url = b->url,
	    .url_effective = b->effective,
	    .scheme = t->request.url.scheme,
	    .method = t->request.method,
	    .referer = t->run->o->referer,
	    .filename_effective = t->delivery.name,
	    .remote_ip = b->remote,
	    .remote_port = port_of(t->time.report.peer),
	    .local_ip = b->local,
	    .local_port = port_of(t->time.local),
	    .errormsg = err_is_set(&t->err) ? t->err.text : NULL,
	    .cache = cached_word(t->cached.result),
	    .exitcode = err_exit_status(&t->err),
	    .num_connects = t->connects,
	    .num_redirects = t->redirects,
	    .urlnum = t->job->number,
	    .size_download = t->delivery.written,
	    .size_upload = t->size_upload,
	    .size_header = t->size_header,
	    .size_request = t->size_request,
	};
	fill_times(t, &f);
	if (t->head.head.status)
		fill_answer(t, &f, b);
	return f;
}

static void release(struct borrowed *b)
{
	free(b->url);
	free(b->effective);
	free(b->redirect);
	free(b->type);
}

/* ---- -w and --jsonl ---- */

/* Standard output is the whole run's: once. */
static void tell_unwritten(struct task *t, const struct err *err)
{
	struct run *run = t->run;
	if (!err_is_set(err))
		return;
	pthread_mutex_lock(&run->lock);
	bool told = run->unwritten;
	run->unwritten = true;
	pthread_mutex_unlock(&run->lock);
	if (!told)
		say_error("webget", NULL, err);
	err_pass(&t->err, err);
}

static void write_out(struct task *t, const struct facts *f)
{
	struct buf out = BUF_INIT(LIMIT_FILE), errors = BUF_INIT(LIMIT_FILE);
	struct err err = {0};
	writeout_put(t->run->write_out, f, &out, &errors);
	say_text(STDERR_FILENO, buf_cstr(&errors), errors.len, &err);
	say_text(STDOUT_FILENO, buf_cstr(&out), out.len, &err);
	tell_unwritten(t, &err);
	buf_free(&out);
	buf_free(&errors);
}

static void write_json(struct task *t, const struct facts *f)
{
	struct buf out = BUF_INIT(LIMIT_FILE);
	struct err err = {0};
	json_open(&out);
	json_key_text(&out, "url", f->url);
	json_key_text(&out, "url_effective", f->url_effective);
	json_key_int(&out, "status", f->response_code);
	json_key_text(&out, "content_type", f->content_type);
	json_key_text(&out, "file", f->filename_effective);
	json_key_int(&out, "bytes", (int64_t)f->size_download);
	json_key_int(&out, "redirects", f->num_redirects);
	json_key_text(&out, "cache", f->cache);
	json_key_double(&out, "seconds", f->time_total, 6);
	json_key_int(&out, "exit", f->exitcode);
	json_key_text(&out, "error", f->errormsg);
	json_close(&out);
	buf_add_byte(&out, '\n');
	say_bytes(STDOUT_FILENO, "standard output", buf_str(&out), &err);
	tell_unwritten(t, &err);
	buf_free(&out);
}

/* ---- --timing ---- */

static void put_connection(struct buf *out, const struct stream_report *r)
{
	timing_put_row(out, "name lookup", r->dns_ms, "");
	timing_put_row(out, "TCP handshake", r->tcp_ms, "1 RTT");
	if (r->proxy_ms > 0)
		timing_put_row(out, "proxy", r->proxy_ms, "");
	if (r->tls)
		timing_put_row(
		    out, "TLS handshake", r->tls_ms, r->tls_turns > 1 ? "2 RTT" : "1 RTT");
}

void show_timing(const struct timeline *time, const char *url, uint64_t size)
{
	struct buf out = BUF_INIT(LIMIT_FILE);
	struct err ignored = {0};
	char bytes[NUMBER_SHOWN], rate[NUMBER_SHOWN], remark[3 * NUMBER_SHOWN];
	double wait = clock_ms_between(time->sent, time->first_byte);
	double transfer = clock_ms_between(time->first_byte, time->done);
	double total = clock_ms_between(time->hop, time->done);
	double speed = transfer > 0 ? (double)size * 1000 / transfer : 0;
	snprintf(remark, sizeof remark, "%s, %s", number_show_bytes(size, bytes),
	    number_show_rate(speed, rate));
	if (time->reused) {
		/* One of many on a connection: its own round trips overlap with others'. */
		buf_addf(&out, "timing: %s: first byte %.2f ms, transfer %.2f ms, %s\n", url,
		    wait, transfer, bytes);
	} else {
		buf_addf(&out, "timing: %s\n", url);
		put_connection(&out, &time->report);
		timing_put_row(
		    &out, "request to first byte", wait, "1 RTT and the server's work");
		timing_put_row(&out, "transfer", transfer, remark);
		timing_put_row(&out, "total", total, "");
		timing_put_model(&out, 1 + time->report.turns, time->rtt_us, transfer, total);
		buf_add_byte(&out, '\n');
	}
	say_text(STDERR_FILENO, out.ptr, out.len, &ignored);
	buf_free(&out);
}

static bool has_timing(const struct task *t)
{
	return t->run->o->common.timing && t->time.done && t->time.first_byte;
}

static void show_facts(struct task *t)
{
	struct borrowed b;
	const struct webget_options *o = t->run->o;
	struct facts f = gather(t, &b);
	if (t->run->write_out)
		write_out(t, &f);
	if (o->common.jsonl)
		write_json(t, &f);
	if (has_timing(t))
		show_timing(&t->time, f.url_effective, f.size_download);
	release(&b);
}

void show_task(struct task *t)
{
	bool wants_facts = t->run->write_out || t->run->o->common.jsonl || has_timing(t);
	if (!err_is_set(&t->err) && !wants_facts)
		return;
	progress_hold(t->run->progress);
	if (err_is_set(&t->err))
		show_error(t);
	if (wants_facts)
		show_facts(t);
	progress_release(t->run->progress);
}

static void show_model(const struct run *run)
{
	struct buf out = BUF_INIT(LIMIT_WORDS);
	struct err ignored = {0};
	int given = run->o->connection;
	struct model_run m = {.connection = run->lanes > 1 ? CONNECTION_PARALLEL : given,
	    .kept = given == CONNECTION_PERSISTENT || given == CONNECTION_PIPELINED,
	    .objects = run->objects,
	    .is_page = options_crawl(run->o),
	    .lanes = run->lanes,
	    .handshake = run->handshake,
	    .rtt_ms = (double)run->rtt_us / 1000,
	    .body_ms = run->body_ms};
	model_put(&out, &m);
	buf_add_byte(&out, '\n');
	say_text(STDERR_FILENO, out.ptr, out.len, &ignored);
	buf_free(&out);
}

void show_run(const struct run *run)
{
	char bytes[NUMBER_SHOWN];
	double total = clock_ms_between(run->start, clock_now());
	const struct cache *c = &run->cache;
	if (run->o->common.timing && run->o->cache.dir)
		say_note("timing", false, "cache: %d hit%s, %d validated, %d miss%s, %s saved",
		    c->hits, c->hits == 1 ? "" : "s", c->validated, c->misses,
		    c->misses == 1 ? "" : "es", number_show_bytes(c->saved, bytes));
	if (!run->o->common.timing || run->objects < 2)
		return;
	say_note("timing", false,
	    "%d objects, %u connection%s, %d round trip%s, %s, total %.2f ms", run->objects,
	    run->connections, run->connections == 1 ? "" : "s", run->turns,
	    run->turns == 1 ? "" : "s", number_show_bytes(run->received, bytes), total);
	show_model(run);
}
