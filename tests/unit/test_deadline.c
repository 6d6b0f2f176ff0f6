/*
 * What ends a wait: idle timeout, deadline, --max-time, interrupt; and what is
 * counted over time: turns and the rate.
 */
#include <signal.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"
#include "tests/unit/talk.h"

/* talk_open's idle timeout is 5 s: what ends earlier was ended by what is tested. No tighter,
 * for the machine may be busy. */
enum { BEFORE_IDLE = 4500 };

/* Waits for a line that never comes; how long that took, in ms. */
static double wait_in_vain(struct talk *k)
{
	struct str line;
	int64_t start = clock_now();
	stream_line(k->stream, &line);
	return clock_ms_between(start, clock_now());
}

static void idle(struct unit *t)
{
	struct talk k;
	talk_open(&k, NULL);
	k.settings.idle_timeout_ms = 120;
	double took = wait_in_vain(&k);
	CHECK(took >= 119 && took < BEFORE_IDLE);
	CHECK(talk_failed(k.stream, ERR_AGAIN, "the server was silent for 0.12 s"));
	CHECK(!stream_is_gone(k.stream));
	talk_close(&k);
}

static void absolute(struct unit *t)
{
	struct talk k;
	talk_open(&k, NULL);
	stream_set_deadline(k.stream, clock_after_ms(80));
	double took = wait_in_vain(&k);
	CHECK(took >= 70 && took < BEFORE_IDLE);
	CHECK(talk_failed(k.stream, ERR_AGAIN, "timed out"));
	talk_close(&k);
}

static void max_time(struct unit *t)
{
	struct talk k;
	talk_open(&k, NULL);
	k.settings.max_time_ms = 1;
	k.settings.deadline = clock_after_ms(1);
	CHECK(wait_in_vain(&k) < BEFORE_IDLE);
	CHECK(talk_failed(k.stream, ERR_AGAIN, "not done after --max-time 0.001 s"));
	talk_close(&k);
}

/* Of 10 ms each: together they last longer than the idle timeout, which is long enough for a
 * machine that has other things to do. */
enum { DRIPS = 150 };

static void *drip(void *arg)
{
	struct talk *k = arg;
	for (int i = 0; i < DRIPS; i++) {
		talk_say(k->peer, i < DRIPS - 1 ? "." : "\n", 1);
		clock_sleep_until(clock_now() + 10 * CLOCK_MS);
	}
	return NULL;
}

/* A byte now and then keeps the idle timeout away, but not --max-time. */
static void dripping(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	k.settings.idle_timeout_ms = 5 * DRIPS;
	talk_start(&k, drip);
	CHECK(stream_line(k.stream, &line) && line.len == DRIPS - 1);
	talk_close(&k);
	talk_open(&k, NULL);
	k.settings.max_time_ms = 100;
	k.settings.deadline = clock_after_ms(100);
	talk_start(&k, drip);
	CHECK(wait_in_vain(&k) < BEFORE_IDLE);
	CHECK(talk_failed(k.stream, ERR_AGAIN, "--max-time 0.1 s"));
	talk_close(&k);
}

struct alarm {
	pthread_t whom;
	volatile sig_atomic_t flag;
};

static void *ring(void *arg)
{
	struct alarm *a = arg;
	clock_sleep_until(clock_now() + 60 * CLOCK_MS);
	__atomic_store_n(&a->flag, 1, __ATOMIC_RELAXED);
	pthread_kill(a->whom, SIGUSR1);
	return NULL;
}

static void heard(int number)
{
	(void)number;
}

static void interrupt(struct unit *t)
{
	struct talk k;
	struct alarm a = {pthread_self(), 0};
	struct sigaction wake = {.sa_handler = heard};
	pthread_t thread;
	sigaction(SIGUSR1, &wake, NULL);
	talk_open(&k, NULL);
	k.settings.interrupted = &a.flag;
	CHECK(pthread_create(&thread, NULL, ring, &a) == 0);
	double took = wait_in_vain(&k);
	pthread_join(thread, NULL);
	CHECK(took >= 50 && took < BEFORE_IDLE);
	CHECK(talk_failed(k.stream, ERR_INTERRUPT, "interrupted"));
	talk_close(&k);
	talk_open(&k, NULL);
	k.settings.interrupted = &a.flag;
	talk_say(k.peer, "ready\n", 6);
	wait_in_vain(&k);
	CHECK(talk_failed(k.stream, ERR_INTERRUPT, "interrupted"));
	talk_close(&k);
}

static void await(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	int64_t start = clock_now();
	CHECK(!stream_await(k.stream, 0) && clock_ms_between(start, clock_now()) < BEFORE_IDLE);
	CHECK(!stream_await(k.stream, 60) && clock_ms_between(start, clock_now()) >= 59);
	stream_put_text(k.stream, "x");
	CHECK(!stream_await(k.stream, 1) && stream_unsent(k.stream) == 0);
	talk_say(k.peer, "100\r\n2", 6);
	CHECK(stream_await(k.stream, 5000) && stream_await(k.stream, 0));
	CHECK(stream_line(k.stream, &line) && stream_is_ready(k.stream));
	stream_take(k.stream, 1);
	CHECK(!stream_is_ready(k.stream));
	talk_hang_up(&k);
	CHECK(stream_await(k.stream, 5000) && !stream_line(k.stream, &line));
	talk_close(&k);
}

static void *echo(void *arg)
{
	struct talk *k = arg;
	char bytes[512];
	for (ssize_t n; (n = read(k->peer, bytes, sizeof bytes)) > 0;)
		talk_say(k->peer, bytes, (size_t)n);
	return NULL;
}

static void turns(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	talk_start(&k, echo);
	CHECK_INT(stream_turns(k.stream), 0);
	stream_put_line(k.stream, "one");
	stream_put_line(k.stream, "two");
	CHECK(stream_line(k.stream, &line) && stream_line(k.stream, &line));
	CHECK_INT(stream_turns(k.stream), 1);
	for (int i = 0; i < 3; i++) {
		stream_put_line(k.stream, "again");
		CHECK(stream_line(k.stream, &line) && str_is(line, "again"));
	}
	CHECK_INT(stream_turns(k.stream), 4);
	/* A window is refilled: what answers this was on its way before. */
	stream_set_pending(k.stream, true);
	stream_put_line(k.stream, "refill");
	CHECK(stream_line(k.stream, &line));
	CHECK_INT(stream_turns(k.stream), 4);
	stream_set_pending(k.stream, false);
	stream_put_line(k.stream, "again");
	CHECK(stream_line(k.stream, &line));
	CHECK_INT(stream_turns(k.stream), 5);
	talk_close(&k);
}

enum { PACED = 60000, RATE = 100000 };

static void *pour(void *arg)
{
	struct talk *k = arg;
	char *bytes = mem_alloc(PACED);
	bytes[PACED - 1] = '\n';
	talk_say(k->peer, bytes, PACED);
	free(bytes);
	return NULL;
}

static void rate(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	k.settings.limit_rate = RATE;
	talk_start(&k, pour);
	int64_t start = clock_now();
	CHECK(stream_line(k.stream, &line) && line.len == PACED - 1);
	double took = clock_ms_between(start, clock_now());
	CHECK(took > 400 && took < BEFORE_IDLE);
	talk_close(&k);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"idle timeout", idle},
	    {"absolute deadline", absolute},
	    {"--max-time", max_time},
	    {"a dripping server", dripping},
	    {"interrupt", interrupt},
	    {"await", await},
	    {"turns", turns},
	    {"rate", rate},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
