/*
 * Pauses between requests.
 */
#include "cmd/webget/pace.h"

#include "common/base/clock.h"

void pace_wait(struct pace *p, int64_t ms, const struct net_settings *net)
{
	if (ms <= 0)
		return;
	pthread_mutex_lock(&p->lock);
	int64_t now = clock_now(), at = p->next > now ? p->next : now;
	p->next = at + ms * CLOCK_MS;
	pthread_mutex_unlock(&p->lock);
	while (at > clock_now() && !net_is_interrupted(net))
		clock_sleep_until(clock_earlier(at, clock_after_ms(1000)));
}
