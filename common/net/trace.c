/*
 * The trace: hands each record of the conversation to its sinks. What a sink
 * makes of a record stands in trace_sinks.c and wherever other sinks live.
 */
#include "common/net/trace.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

struct trace {
	int64_t start;
	atomic_int conns; /* threads may dial */
	bool bodies, secrets, explained, paused;
	struct trace_sink *sinks;
	bool always;          /* one of them sees what is held back too */
	pthread_mutex_t lock; /* workers take turns at the sinks */
	struct trace_guard guard;
};

struct trace *trace_open(void)
{
	struct trace *t = mem_alloc(sizeof *t);
	t->start = clock_now();
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	while (t->sinks) {
		struct trace_sink *next = t->sinks->next;
		t->sinks->ops->close(t->sinks);
		t->sinks = next;
	}
	pthread_mutex_destroy(&t->lock);
	free(t);
}

struct trace_sink *trace_finish(struct trace *t, struct trace_sink *after, struct err *err)
{
	struct trace_sink *sink = after ? after->next : t ? t->sinks : NULL;
	if (sink && sink->ops->finish)
		sink->ops->finish(sink, err);
	return sink;
}

void trace_add_sink(struct trace *t, struct trace_sink *sink)
{
	struct trace_sink **end = &t->sinks;
	while (*end)
		end = &(*end)->next;
	*end = sink;
	t->always = t->always || sink->always;
}

bool trace_is_on(const struct trace *t)
{
	return t && t->sinks && (!t->paused || t->always);
}

void trace_set_bodies(struct trace *t, bool whole)
{
	t->bodies = whole;
}

void trace_set_secrets(struct trace *t, bool shown)
{
	t->secrets = shown;
}

bool trace_wants_bodies(const struct trace *t)
{
	return trace_is_on(t) && t->bodies;
}

bool trace_shows_secrets(const struct trace *t)
{
	return t && t->secrets;
}

void trace_set_explained(struct trace *t, bool explained)
{
	t->explained = explained;
}

bool trace_is_explained(const struct trace *t)
{
	return t && t->explained;
}

bool trace_is_paused(const struct trace *t)
{
	return t && t->paused;
}

void trace_pause(struct trace *t, bool paused)
{
	t->paused = paused;
}

void trace_set_guard(struct trace *t, struct trace_guard guard)
{
	pthread_mutex_lock(&t->lock);
	t->guard = guard;
	pthread_mutex_unlock(&t->lock);
}

int trace_new_conn(struct trace *t)
{
	return t ? atomic_fetch_add(&t->conns, 1) + 1 : 1;
}

const struct trace_item *trace_find_item(const struct trace_record *r, const char *name)
{
	for (int i = 0; i < r->count; i++)
		if (strcmp(r->items[i].name, name) == 0)
			return &r->items[i];
	return NULL;
}

static void show(struct trace *t, struct trace_record *record)
{
	record->at = clock_now();
	record->start = t->start;
	pthread_mutex_lock(&t->lock);
	if (t->guard.enter)
		t->guard.enter(t->guard.context);
	for (struct trace_sink *s = t->sinks; s; s = s->next)
		if (!t->paused || s->always)
			s->ops->show(s, record);
	if (t->guard.enter)
		t->guard.leave(t->guard.context);
	pthread_mutex_unlock(&t->lock);
}

void trace_line(struct trace *t, int conn, char from, struct str line)
{
	if (!trace_is_on(t))
		return;
	struct trace_record r = {.conn = conn, .kind = TRACE_LINE, .from = from, .line = line};
	show(t, &r);
}

void trace_event(
    struct trace *t, int conn, const char *event, const struct trace_item *items, int count)
{
	if (!trace_is_on(t))
		return;
	struct trace_record r = {
	    .conn = conn, .kind = TRACE_EVENT, .event = event, .items = items, .count = count};
	show(t, &r);
}

void trace_note(struct trace *t, int conn, const char *event, const char *fmt, ...)
{
	if (!trace_is_on(t))
		return;
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	trace_event(t, conn, event, &TRACE_TEXT("text", text), 1);
}
