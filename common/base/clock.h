/*
 * Monotonic time and deadlines. Times are nanoseconds since some start that
 * does not move when the wall clock is set. A deadline of 0 is none.
 */
#ifndef PARLEY_BASE_CLOCK_H
#define PARLEY_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_MS ((int64_t)1000000)
#define CLOCK_SECOND ((int64_t)1000000000)

int64_t clock_now(void);
/* The point ms milliseconds from now; 0 (none) for ms <= 0. */
int64_t clock_after_ms(int64_t ms);
/* The earlier of two deadlines, either of which may be none. */
int64_t clock_earlier(int64_t a, int64_t b);
bool clock_passed(int64_t deadline);
/* For poll(2): milliseconds left, rounded up, at most `most`; most for none. */
int clock_poll_ms(int64_t deadline, int most);
double clock_ms_between(int64_t from, int64_t to);
/* Sleeps until the point; returns early on a signal. */
void clock_sleep_until(int64_t point);

#endif
