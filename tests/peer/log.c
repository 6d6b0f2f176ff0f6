/*
 * The event log, a line at a time. Knows nothing of sockets.
 */
#include "tests/peer/log.h"

#include "common/base/clock.h"

void log_event(const struct log *log, const char *what, size_t bytes, unsigned conn)
{
	if (!log->to)
		return;
	double at = clock_ms_between(log->start, clock_now()) / 1000;
	fprintf(log->to, "%.6f %s %zu ", at, what, bytes);
	if (conn == LOG_DATA)
		fputs("data\n", log->to);
	else
		fprintf(log->to, "%u\n", conn);
	/* A test may look while the peer still plays. */
	fflush(log->to);
}
