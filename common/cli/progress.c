/*
 * The progress line on the terminal. A thread looks at the counters five times a
 * second; the transfers know nothing of it. Draws on stderr only, with no other
 * control byte than CR.
 */
#include "common/cli/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/progress_sum.h"
#include "common/cli/say.h"
#include "common/text/cells.h"

#define FIRST_DRAW (CLOCK_SECOND / 2)
#define REDRAW (CLOCK_SECOND / 5)
#define USUAL_WIDTH 80
#define LINE_MOST (8 * KIB)

struct progress {
	pthread_t thread;
	bool running;

	pthread_mutex_t lock; /* of what follows, never waited for long */
	pthread_cond_t wake;
	bool closing;
	int64_t start; /* of the first transfer; 0: there was none yet */
	struct progress_sum sum;
	char *label;

	pthread_mutex_t screen; /* of what follows; a terminal may keep us waiting */
	bool silent;
	bool drawn;      /* once at least */
	struct buf line; /* what stands there now; empty: nothing does */
	struct trace *trace;

	struct progress_rate rate; /* the thread's own */
};

/* ---- the terminal ---- */

static size_t terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return USUAL_WIDTH;
	return size.ws_col;
}

/* In the background a program may not scribble over the shell's line. */
static bool is_foreground(void)
{
	pid_t foreground = tcgetpgrp(STDERR_FILENO);
	return foreground < 0 || foreground == getpgrp();
}

static void write_out(const struct buf *bytes)
{
	struct err unimportant = {0};
	say_bytes(STDERR_FILENO, "stderr", buf_str(bytes), &unimportant);
}

static size_t cells_of(const struct buf *line)
{
	size_t most = terminal_width() - 1, cells = cells_count(buf_str(line));
	return cells < most ? cells : most;
}

/* Takes away what stands there. The screen's lock is held. */
static void erase(struct progress *p)
{
	struct buf out = BUF_INIT(LINE_MOST);
	if (p->line.len && is_foreground()) {
		buf_addf(&out, "\r%*s\r", (int)cells_of(&p->line), "");
		write_out(&out);
	}
	buf_free(&out);
}

/* The line in the place of the one before, what is left of that covered. */
static void put(struct progress *p, const struct buf *line)
{
	struct buf out = BUF_INIT(LINE_MOST);
	size_t before = cells_of(&p->line), now = cells_of(line);
	buf_addf(&out, "\r%s%*s", buf_cstr(line), before > now ? (int)(before - now) : 0, "");
	write_out(&out);
	buf_free(&out);
}

/* What stands there already is not written again: nothing flickers. */
static void draw(struct progress *p, struct buf *line)
{
	pthread_mutex_lock(&p->screen);
	if (!is_foreground()) {
		buf_clear(&p->line);
	} else if (!p->silent && !str_eq(buf_str(line), buf_str(&p->line))) {
		put(p, line);
		p->drawn = true;
		buf_clear(&p->line);
		buf_add_str(&p->line, buf_str(line));
	}
	pthread_mutex_unlock(&p->screen);
}

void progress_hold(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->screen);
	erase(p);
}

void progress_release(struct progress *p)
{
	if (!p)
		return;
	if (p->line.len && is_foreground()) {
		struct buf nothing = BUF_INIT(LINE_MOST), line = p->line;
		p->line = nothing;
		put(p, &line);
		p->line = line;
	}
	pthread_mutex_unlock(&p->screen);
}

void progress_silence(struct progress *p)
{
	if (!p)
		return;
	progress_hold(p);
	buf_clear(&p->line);
	p->silent = true;
	progress_release(p);
}

static void hold_for_trace(void *line)
{
	progress_hold(line);
}

static void release_after_trace(void *line)
{
	progress_release(line);
}

void progress_share(struct progress *p, struct trace *trace)
{
	if (!p)
		return;
	p->trace = trace;
	trace_set_guard(trace, (struct trace_guard){hold_for_trace, release_after_trace, p});
}

/* ---- the thread ---- */

/* With the lock held. */
static struct progress_view look(struct progress *p, uint64_t *moved)
{
	struct progress_view v = {0};
	*moved = progress_sum_look(&p->sum, &v);
	return v;
}

static void redraw(struct progress *p, struct progress_view *v, uint64_t moved)
{
	struct buf line = BUF_INIT(LINE_MOST);
	v->rate = progress_rate_measure(&p->rate, clock_now(), moved);
	/* The last column stays free: some terminals go on to the next line there. */
	progress_put_line(&line, v, terminal_width() - 1);
	draw(p, &line);
	buf_free(&line);
}

/* Waits for a while or until progress_close. The lock is held. */
static void nap(struct progress *p, int64_t ns)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	ns += until.tv_nsec;
	until.tv_sec += (time_t)(ns / CLOCK_SECOND);
	until.tv_nsec = (long)(ns % CLOCK_SECOND);
	pthread_cond_timedwait(&p->wake, &p->lock, &until);
}

static void *watch(void *context)
{
	struct progress *p = context;
	pthread_mutex_lock(&p->lock);
	while (!p->start && !p->closing)
		pthread_cond_wait(&p->wake, &p->lock);
	progress_rate_measure(&p->rate, p->start, p->sum.moved);
	int64_t next = p->start + FIRST_DRAW;
	while (!p->closing) {
		int64_t left = next - clock_now();
		if (left > 0) {
			nap(p, left);
			continue;
		}
		uint64_t moved;
		struct progress_view v = look(p, &moved);
		pthread_mutex_unlock(&p->lock);
		redraw(p, &v, moved);
		next = clock_now() + REDRAW;
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* With all signals blocked: they are for the thread whose waits they must end. */
static bool start_thread(struct progress *p)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool good = pthread_create(&p->thread, NULL, watch, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return good;
}

struct progress *progress_open(bool shown)
{
	if (!shown)
		return NULL;
	struct progress *p = mem_alloc(sizeof *p);
	p->line = BUF_INIT(LINE_MOST);
	pthread_mutex_init(&p->lock, NULL);
	pthread_mutex_init(&p->screen, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->running = start_thread(p);
	return p;
}

void progress_set_plan(struct progress *p, const struct progress_plan *plan)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->sum.plan = *plan;
	pthread_mutex_unlock(&p->lock);
}

/* For work of more than a second that came to something. */
static void put_last(struct progress *p)
{
	uint64_t moved;
	struct progress_view v = look(p, &moved);
	double seconds = clock_ms_between(p->start, clock_now()) / 1000;
	if (seconds <= 1 || v.ended == v.failed || !is_foreground())
		return;
	struct buf out = BUF_INIT(LINE_MOST);
	v.rate = (double)moved / seconds;
	v.seconds = (int64_t)(seconds + 0.5);
	progress_put_end(&out, &v);
	buf_add_byte(&out, '\n');
	write_out(&out);
	buf_free(&out);
}

void progress_close(struct progress *p)
{
	if (!p)
		return;
	if (p->trace)
		trace_set_guard(p->trace, (struct trace_guard){0});
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (p->running)
		pthread_join(p->thread, NULL);
	erase(p);
	if (p->drawn && !p->silent)
		put_last(p);
	pthread_mutex_destroy(&p->lock);
	pthread_mutex_destroy(&p->screen);
	pthread_cond_destroy(&p->wake);
	buf_free(&p->line);
	free(p->label);
	free(p);
}

/* ---- files ---- */

struct progress_file *progress_file_open(struct progress *p, const char *label, uint64_t total)
{
	if (!p)
		return NULL;
	struct progress_file *f = mem_alloc(sizeof *f);
	f->line = p;
	pthread_mutex_lock(&p->lock);
	if (!p->label)
		p->sum.label = p->label = mem_dup(label ? label : "");
	progress_sum_add(&p->sum, f, total);
	pthread_mutex_unlock(&p->lock);
	return f;
}

/* The lock is held. */
static void start(struct progress *p)
{
	if (p->start)
		return;
	p->start = clock_now();
	pthread_cond_signal(&p->wake);
}

_Atomic uint64_t *progress_file_begin(struct progress_file *f, uint64_t have, uint64_t total)
{
	if (!f)
		return NULL;
	struct progress *p = f->line;
	pthread_mutex_lock(&p->lock);
	progress_sum_begin(f, have, total);
	start(p);
	pthread_mutex_unlock(&p->lock);
	return &f->counter;
}

void progress_file_close(struct progress_file *f, enum progress_end how)
{
	if (!f)
		return;
	struct progress *p = f->line;
	pthread_mutex_lock(&p->lock);
	progress_sum_end(&p->sum, f, how);
	pthread_mutex_unlock(&p->lock);
	free(f);
}

struct progress_file *progress_open_one(bool shown, const char *label)
{
	struct progress *p = progress_open(shown);
	struct progress_plan one = {.files = 1};
	progress_set_plan(p, &one);
	return progress_file_open(p, label, PROGRESS_UNKNOWN);
}

void progress_close_one(struct progress_file *f, bool ok)
{
	struct progress *p = f ? f->line : NULL;
	progress_file_close(f, ok ? PROGRESS_DONE : PROGRESS_FAILED);
	progress_close(p);
}
