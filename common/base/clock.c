/*
 * Monotonic time. The only file that asks the monotonic clock.
 */
#include "common/base/clock.h"

#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * CLOCK_SECOND + now.tv_nsec;
}

int64_t clock_after_ms(int64_t ms)
{
	return ms > 0 ? clock_now() + ms * CLOCK_MS : 0;
}

int64_t clock_earlier(int64_t a, int64_t b)
{
	if (!a || !b)
		return a ? a : b;
	return a < b ? a : b;
}

bool clock_passed(int64_t deadline)
{
	return deadline && clock_now() >= deadline;
}

int clock_poll_ms(int64_t deadline, int most)
{
	if (!deadline)
		return most;
	int64_t left = (deadline - clock_now() + CLOCK_MS - 1) / CLOCK_MS;
	if (left < 0)
		left = 0;
	return left < most ? (int)left : most;
}

double clock_ms_between(int64_t from, int64_t to)
{
	return (double)(to - from) / (double)CLOCK_MS;
}

void clock_sleep_until(int64_t point)
{
	struct timespec at = {point / CLOCK_SECOND, point % CLOCK_SECOND};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}
