/*
 * The conversation as a series of records, and the sinks that show it: S:/C:
 * text (-v, --trace), JSON Lines, and whatever else comes (comparison,
 * explanation, diagram). Verbs put lines in; they don't know who looks.
 * With no sink every call returns at once: ask trace_is_on() before
 * preparing anything costly.
 */
#ifndef PARLEY_NET_TRACE_H
#define PARLEY_NET_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

/* One value of an event: in text "0.41 ms", in JSON "ms":0.41. */
struct trace_item {
	const char *name;
	const char *text; /* NULL: it is a number */
	double number;
	int decimals;
	const char *unit; /* shown after a number in text, may be NULL */
	bool aside;       /* not shown in text */
};

#define TRACE_TEXT(name, text) ((struct trace_item){(name), (text), 0, 0, NULL, false})
#define TRACE_MS(name, ms) ((struct trace_item){(name), NULL, (ms), 2, "ms", false})
#define TRACE_COUNT(name, n, unit)                                                             \
	((struct trace_item){(name), NULL, (double)(n), 0, (unit), false})
#define TRACE_MS_ASIDE(name, ms) ((struct trace_item){(name), NULL, (ms), 2, "ms", true})

/* A remark explains the record before it, in `line`; a sink around another makes it for that
 * one alone. */
enum trace_kind { TRACE_LINE, TRACE_EVENT, TRACE_REMARK };

struct trace_record {
	int64_t at;    /* clock_now() */
	int64_t start; /* of the trace */
	int conn;      /* from 1 */
	enum trace_kind kind;
	char from;       /* 'S' or 'C' of a line */
	struct str line; /* without its line end, secrets already masked */
	const char *event;
	const struct trace_item *items;
	int count;
};

/* The item of an event by its name, or NULL. */
const struct trace_item *trace_find_item(const struct trace_record *r, const char *name);

struct trace_sink;
struct trace_sink_ops {
	void (*show)(struct trace_sink *sink, const struct trace_record *record);
	/* When the session is over, before close; NULL: nothing to do. The error may be a
	 * judgement (ERR_DATA: --compare) or say that what was to be made could not be. */
	void (*finish)(struct trace_sink *sink, struct err *err);
	void (*close)(struct trace_sink *sink);
};
/* A sink's own struct begins with this. */
struct trace_sink {
	const struct trace_sink_ops *ops;
	bool always; /* sees what is held back too */
	struct trace_sink *next;
};

struct trace;

struct trace *trace_open(void);
void trace_close(struct trace *t); /* closes its sinks; NULL is fine */
void trace_add_sink(struct trace *t, struct trace_sink *sink);
/* The sinks in their order, to be finished one by one, before trace_close: begins with NULL,
 * ends with NULL. Each has its own error, in an empty *err. */
struct trace_sink *trace_finish(struct trace *t, struct trace_sink *after, struct err *err);
bool trace_is_on(const struct trace *t); /* false for NULL too */
/* Whole bodies are shown (--trace-bodies); secrets are shown (--show-secrets). */
void trace_set_bodies(struct trace *t, bool whole);
void trace_set_secrets(struct trace *t, bool shown);
bool trace_wants_bodies(const struct trace *t);
bool trace_shows_secrets(const struct trace *t);
/* Lines are explained by those sinks that can (--explain). */
void trace_set_explained(struct trace *t, bool explained);
bool trace_is_explained(const struct trace *t);
/* Holds back what follows, e.g. while the user typed `trace off`. */
void trace_pause(struct trace *t, bool paused);
bool trace_is_paused(const struct trace *t);
/* Called around each record, so that what shares the terminal with a sink can make room.
 * `leave` may be NULL only with `enter`; both NULL: nobody does. They must not trace. */
struct trace_guard {
	void (*enter)(void *context);
	void (*leave)(void *context);
	void *context;
};
void trace_set_guard(struct trace *t, struct trace_guard guard);
/* The number of the next connection, from 1. */
int trace_new_conn(struct trace *t);

void trace_line(struct trace *t, int conn, char from, struct str line);
void trace_event(
    struct trace *t, int conn, const char *event, const struct trace_item *items, int count);
/* An event with one text: [retry in 2 s]. */
void trace_note(struct trace *t, int conn, const char *event, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* The text and JSON sinks, writing to fd; with_time: seconds before each line.
 * The fd is closed with the sink when `owned`. */
struct trace_sink *trace_text_sink(int fd, bool owned, bool with_time);
struct trace_sink *trace_json_sink(int fd, bool owned);

#endif
