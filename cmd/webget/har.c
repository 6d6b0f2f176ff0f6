/*
 * From records of the trace to exchanges. Several may be on their way on a connection (a
 * pipeline); answers come in the order of the requests. What an entry looks like is
 * har_entry.c's business.
 */
#include "cmd/webget/har.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/har_inside.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"

enum where { BETWEEN, IN_HEAD, IN_BODY };

struct talk {
	struct har_connection c;
	enum where request, answer;
	struct har_exchange *first, *last; /* the first is being answered */
	struct har_exchange
	    *done; /* answered, not yet written: what it was decoded to follows */
	struct talk *next;
};

struct har {
	struct trace_sink sink;
	struct outfile *out;
	struct talk *talks; /* the open connections */
	int64_t wall;
	size_t entries;
	struct err err;
};

/* ---- the file ---- */

static void write_out(struct har *h, struct buf *text)
{
	if (!err_is_set(&h->err))
		outfile_write(h->out, buf_str(text), &h->err);
	buf_free(text);
}

static void write_entry(struct har *h, const struct talk *t, const struct har_exchange *x)
{
	struct buf text = BUF_INIT(16 * LIMIT_HEAD);
	/* A tunnel through a proxy is how a connection came about, not an exchange. */
	if (str_starts(buf_str(&x->request), "CONNECT "))
		return;
	buf_add_text(&text, h->entries++ ? ",\n" : "\n");
	struct buf entry = BUF_INIT(16 * LIMIT_HEAD);
	har_put_entry(&entry, x, &t->c, h->wall);
	buf_add_str(&text, buf_str(&entry));
	buf_free(&entry);
	write_out(h, &text);
}

static void write_start(struct har *h)
{
	struct buf text = BUF_INIT(4 * KIB);
	buf_add_text(&text, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"webget\","
			    "\"version\":\"" PARLEY_VERSION
			    /* None is a page's load; Firefox wants the list all the same. */
			    "\"},\"pages\":[],\"entries\":[");
	write_out(h, &text);
}

/* ---- exchanges ---- */

static struct talk *find_talk(struct har *h, int conn)
{
	struct talk *t = h->talks;
	while (t && t->c.number != conn)
		t = t->next;
	return t;
}

static struct talk *talk_of(struct har *h, int conn)
{
	struct talk *t = find_talk(h, conn);
	if (t)
		return t;
	t = mem_alloc(sizeof *t);
	*t = (struct talk){.c = {.number = conn}, .next = h->talks};
	h->talks = t;
	return t;
}

static void ask(struct talk *t, int64_t at)
{
	struct har_exchange *x = mem_alloc(sizeof *x);
	*x = (struct har_exchange){
	    .request = BUF_INIT(LIMIT_HEAD), .response = BUF_INIT(LIMIT_HEAD), .asked = at};
	if (t->last)
		t->last->next = x;
	else
		t->first = x;
	t->last = x;
}

/* Writes what is done. */
static void settle(struct har *h, struct talk *t)
{
	struct har_exchange *x = t->done;
	if (!x)
		return;
	write_entry(h, t, x);
	t->c.opened = 0;
	t->done = NULL;
	buf_free(&x->request);
	buf_free(&x->response);
	free(x);
}

static void finish(struct har *h, struct talk *t, int64_t at)
{
	struct har_exchange *x = t->first;
	settle(h, t);
	x->end = at;
	t->done = x;
	t->first = x->next;
	if (!t->first)
		t->last = NULL;
}

/* The connection ends: what is unanswered has an entry without an answer. */
static void end_talk(struct har *h, int conn, int64_t at)
{
	for (struct talk **p = &h->talks; *p; p = &(*p)->next) {
		struct talk *t = *p;
		if (t->c.number != conn)
			continue;
		while (t->first)
			finish(h, t, t->first->head_end ? t->first->head_end : at);
		settle(h, t);
		*p = t->next;
		free(t);
		return;
	}
}

/* ---- lines ---- */

static void add_line(struct buf *head, struct str line)
{
	buf_add_str(head, line);
	buf_add_byte(head, '\n');
}

static void client_line(struct talk *t, const struct trace_record *r)
{
	bool begins = t->request == BETWEEN;
	if (begins && str_find_str(r->line, STR(" HTTP/1.")) == r->line.len)
		return; /* a line of a body */
	if (begins)
		ask(t, r->at);
	/* While a pipeline is filled, answers to its first requests are finished. */
	if (t->last)
		add_line(&t->last->request, r->line);
	t->request = r->line.len ? IN_HEAD : BETWEEN;
}

/* RFC 9110 15.2: an interim answer is not the answer, unless it ends HTTP. */
static bool is_interim(const struct har_exchange *x)
{
	struct str line = buf_str(&x->response);
	return line.len > 9 && line.ptr[9] == '1' && !str_starts(str_sub(line, 9, 3), "101");
}

static void end_of_head(struct har *h, struct talk *t, int64_t at)
{
	struct har_exchange *x = t->first;
	t->answer = BETWEEN;
	if (is_interim(x)) {
		buf_clear(&x->response);
		return;
	}
	x->head_end = at;
	if (har_has_body(x))
		t->answer = IN_BODY;
	else
		finish(h, t, at);
}

static void server_line(struct har *h, struct talk *t, const struct trace_record *r)
{
	bool begins = t->answer == BETWEEN && str_starts(r->line, "HTTP/1.");
	if (!t->first || (!begins && t->answer != IN_HEAD))
		return;
	if (begins)
		t->first->answered = r->at;
	add_line(&t->first->response, r->line);
	t->answer = IN_HEAD;
	if (r->line.len == 0)
		end_of_head(h, t, r->at);
}

/* ---- events ---- */

static const char *text_of(const struct trace_record *r)
{
	return r->count && r->items[0].text ? r->items[0].text : "";
}

static double number_of(const struct trace_record *r, const char *name)
{
	const struct trace_item *item = trace_find_item(r, name);
	return item ? item->number : 0;
}

static void take_connect(struct talk *t, const struct trace_record *r)
{
	const char *address = text_of(r);
	size_t len = strlen(address);
	t->c.connect_ms = number_of(r, "ms");
	t->c.dns_ms = number_of(r, "dns");
	t->c.opened = r->at - (int64_t)((t->c.dns_ms + t->c.connect_ms) * (double)CLOCK_MS);
	len = len < sizeof t->c.address ? len : sizeof t->c.address - 1;
	memcpy(t->c.address, address, len);
	t->c.address[len] = '\0';
}

static void take_body(struct har *h, struct talk *t, const struct trace_record *r)
{
	uint64_t bytes = (uint64_t)number_of(r, "bytes");
	if (strcmp(text_of(r), "C") == 0) {
		if (t->last) {
			t->last->sent = bytes;
			t->last->sent_at = r->at;
		}
		return;
	}
	if (!t->first || !t->first->head_end)
		return;
	t->first->received = t->first->content = bytes;
	t->answer = BETWEEN;
	finish(h, t, r->at);
}

static void take_event(struct har *h, const struct trace_record *r)
{
	if (strcmp(r->event, "close") == 0)
		end_talk(h, r->conn, r->at);
	else if (strcmp(r->event, "connect") == 0)
		take_connect(talk_of(h, r->conn), r);
	else if (strcmp(r->event, "body") == 0)
		take_body(h, talk_of(h, r->conn), r);
	else if (strcmp(r->event, "tls") == 0) {
		struct talk *t = talk_of(h, r->conn);
		t->c.tls = true;
		t->c.tls_ms = number_of(r, "ms");
	}
}

/* ---- the sink ---- */

static void show(struct trace_sink *sink, const struct trace_record *r)
{
	struct har *h = (struct har *)sink;
	struct talk *known = find_talk(h, r->conn);
	if (known && known->done && r->kind == TRACE_EVENT && strcmp(r->event, "decoded") == 0)
		known->done->content = (uint64_t)number_of(r, "bytes");
	if (known)
		settle(h, known);
	if (r->kind == TRACE_EVENT)
		take_event(h, r);
	else if (r->kind == TRACE_LINE && r->from == 'C')
		client_line(talk_of(h, r->conn), r);
	else if (r->kind == TRACE_LINE)
		server_line(h, talk_of(h, r->conn), r);
}

static void close_sink(struct trace_sink *sink)
{
	struct har *h = (struct har *)sink;
	while (h->talks)
		end_talk(h, h->talks->c.number, clock_now());
	outfile_abandon(h->out);
	free(h);
}

struct trace_sink *har_sink(const char *path, struct err *err)
{
	static const struct trace_sink_ops ops = {.show = show, .close = close_sink};
	struct timespec now;
	struct outfile *out = outfile_open(path, 0, err);
	if (!out)
		return NULL;
	struct har *h = mem_alloc(sizeof *h);
	clock_gettime(CLOCK_REALTIME, &now);
	*h = (struct har){.sink = {.ops = &ops},
	    .out = out,
	    .wall = now.tv_sec * CLOCK_SECOND + now.tv_nsec - clock_now()};
	write_start(h);
	return &h->sink;
}

bool har_finish(struct trace_sink *sink, struct err *err)
{
	struct har *h = (struct har *)sink;
	struct buf text = BUF_INIT(4 * KIB);
	while (h->talks)
		end_talk(h, h->talks->c.number, clock_now());
	buf_add_text(&text, "\n]}}\n");
	write_out(h, &text);
	bool ok = !err_is_set(&h->err) || err_pass(err, &h->err);
	if (ok)
		ok = outfile_commit(h->out, err);
	else
		outfile_abandon(h->out);
	h->out = NULL;
	return ok;
}
