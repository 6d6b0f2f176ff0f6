/*
 * When the user wants no more: the end that every wait on the network comes to,
 * in the same words everywhere. Knows no connection.
 */
#include "common/net/settings.h"

#include "common/base/clock.h"

bool net_must_stop(const struct net_settings *n, struct err *err)
{
	if (net_is_interrupted(n))
		return !err_set(err, ERR_INTERRUPT, "interrupted");
	if (clock_passed(n->deadline))
		return !err_set(err, ERR_AGAIN, "not done after --max-time %g s",
		    (double)n->max_time_ms / 1000);
	return false;
}
