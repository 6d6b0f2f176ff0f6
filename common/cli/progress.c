/*
 * The progress bar. A thread looks at a counter five times a second; the
 * transfer knows nothing of it. Draws on stderr only.
 */
#include "common/cli/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/text/number.h"
#include "common/text/visible.h"

#define FIRST_DRAW (CLOCK_SECOND / 2)
#define REDRAW (CLOCK_SECOND / 5)

enum {
	SAMPLES = 25, /* of the rate: five seconds of redraws */
	LEAST_WIDTH = 20,
	USUAL_WIDTH = 80,
	BAR_MOST = 40,
};

struct sample {
	int64_t at;
	uint64_t bytes;
};

struct progress {
	_Atomic uint64_t counter; /* advanced by the transfer, only read here */
	pthread_t thread;
	bool running;
	pthread_mutex_t lock; /* of closing and total */
	pthread_cond_t wake;
	bool closing;
	uint64_t total;
	char *label;
	int64_t start;
	struct sample samples[SAMPLES];
	unsigned taken;
	bool drawn;
};

/* What one picture shows. */
struct view {
	uint64_t done, total;
	double rate; /* bytes a second, over the last seconds */
	int width;
};

static int terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return USUAL_WIDTH;
	return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

static void put_time(struct buf *out, int64_t seconds)
{
	if (seconds >= 3600)
		buf_addf(out, "%lld:%02lld:%02lld", (long long)(seconds / 3600),
		    (long long)(seconds / 60 % 60), (long long)(seconds % 60));
	else
		buf_addf(
		    out, "%lld:%02lld", (long long)(seconds / 60), (long long)(seconds % 60));
}

static void put_bar(struct buf *out, const struct view *v, int cells)
{
	int full = (int)((double)v->done / (double)v->total * cells);
	buf_add_text(out, " [");
	for (int i = 0; i < cells; i++)
		buf_add_byte(out, i < full ? '=' : i == full ? '>' : ' ');
	buf_add_byte(out, ']');
}

/* "12.3 MiB of 40.0 MiB  2.9 MiB/s  0:09 left" */
static void put_figures(struct buf *out, const struct view *v)
{
	char done[NUMBER_SHOWN], total[NUMBER_SHOWN], rate[NUMBER_SHOWN];
	buf_addf(out, " %s", number_show_bytes(v->done, done));
	if (v->total)
		buf_addf(out, " of %s", number_show_bytes(v->total, total));
	buf_addf(out, "  %s", number_show_rate(v->rate, rate));
	double left = v->total > v->done ? (double)(v->total - v->done) : 0;
	if (left > 0 && v->rate > 0 && left / v->rate < 360000) {
		buf_add_text(out, "  ");
		put_time(out, (int64_t)(left / v->rate + 0.5));
		buf_add_text(out, " left");
	}
}

/* One line, exactly as wide as the terminal allows: what is left of the old one is covered. */
static void draw(struct progress *p, const struct view *v)
{
	struct err unimportant = {0};
	struct buf line = BUF_INIT(8 * KIB), tail = BUF_INIT(KIB), label = BUF_INIT(2 * KIB);
	if (v->total)
		buf_addf(&tail, " %3d%%", (int)((double)v->done / (double)v->total * 100));
	put_figures(&tail, v);
	visible_put_text(&label, str_sub(str_of(p->label), 0, 400), "");
	int room = v->width - 1 - (int)tail.len;
	int name = room < 0 ? 0 : (int)label.len < room / 2 ? (int)label.len : room / 2;
	/* Not in the middle of a UTF-8 character. */
	while (name > 0 && ((unsigned char)buf_cstr(&label)[name] & 0xc0) == 0x80)
		name--;
	int cells = v->total ? room - name - 3 : 0;
	buf_addf(&line, "\r%.*s", name, buf_cstr(&label));
	if (cells > 4)
		put_bar(&line, v, cells < BAR_MOST ? cells : BAR_MOST);
	buf_addf(&line, "%s", buf_cstr(&tail));
	size_t used = line.len - 1, width = (size_t)v->width - 1;
	if (used > width)
		buf_truncate(&line, width + 1);
	else
		buf_addf(&line, "%*s", (int)(width - used), "");
	say_bytes(STDERR_FILENO, "stderr", buf_str(&line), &unimportant);
	buf_free(&line);
	buf_free(&tail);
	buf_free(&label);
	p->drawn = true;
}

/* The rate since the oldest sample kept; the newest takes its place. */
static double measure(struct progress *p, int64_t now, uint64_t done)
{
	struct sample *oldest = &p->samples[p->taken < SAMPLES ? 0 : p->taken % SAMPLES];
	struct sample from = p->taken ? *oldest : (struct sample){p->start, 0};
	p->samples[p->taken++ % SAMPLES] = (struct sample){now, done};
	double seconds = clock_ms_between(from.at, now) / 1000;
	/* A retry starts again from nothing. */
	return seconds > 0 && done > from.bytes ? (double)(done - from.bytes) / seconds : 0;
}

static void redraw(struct progress *p, uint64_t total)
{
	int64_t now = clock_now();
	uint64_t done = p->counter;
	/* In the background a program may not scribble over the shell's line. */
	pid_t foreground = tcgetpgrp(STDERR_FILENO);
	struct view v = {
	    .done = total && done > total ? total : done,
	    .total = total,
	    .rate = measure(p, now, done),
	    .width = terminal_width(),
	};
	if (foreground < 0 || foreground == getpgrp())
		draw(p, &v);
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
	int64_t next = p->start + FIRST_DRAW;
	while (!p->closing) {
		int64_t left = next - clock_now();
		if (left > 0) {
			nap(p, left);
			continue;
		}
		uint64_t total = p->total;
		pthread_mutex_unlock(&p->lock);
		redraw(p, total);
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

struct progress *progress_open(bool shown, const char *label)
{
	if (!shown)
		return NULL;
	struct progress *p = mem_alloc(sizeof *p);
	p->label = mem_dup(label ? label : "");
	p->start = clock_now();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->running = start_thread(p);
	return p;
}

_Atomic uint64_t *progress_counter(struct progress *p)
{
	return p ? &p->counter : NULL;
}

void progress_set_total(struct progress *p, uint64_t total)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->total = total;
	pthread_mutex_unlock(&p->lock);
}

/* "file  12.3 MiB in 0:04 (2.9 MiB/s)" over the bar; nothing for short work. */
static void draw_end(const struct progress *p)
{
	struct err unimportant = {0};
	double seconds = clock_ms_between(p->start, clock_now()) / 1000;
	char done[NUMBER_SHOWN], rate[NUMBER_SHOWN];
	struct buf out = BUF_INIT(8 * KIB);
	buf_addf(&out, "\r%*s\r", terminal_width() - 1, "");
	if (seconds > 1) {
		visible_put_text(&out, str_sub(str_of(p->label), 0, 400), "");
		buf_addf(&out, "  %s in ", number_show_bytes(p->counter, done));
		put_time(&out, (int64_t)(seconds + 0.5));
		buf_addf(&out, " (%s)\n", number_show_rate((double)p->counter / seconds, rate));
	}
	say_bytes(STDERR_FILENO, "stderr", buf_str(&out), &unimportant);
	buf_free(&out);
}

void progress_close(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (p->running)
		pthread_join(p->thread, NULL);
	if (p->drawn)
		draw_end(p);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wake);
	free(p->label);
	free(p);
}
