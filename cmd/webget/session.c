/*
 * The pool of connections. Knows no request.
 */
#include "cmd/webget/session.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

static char *origin_of(const struct url *url)
{
	struct buf b = BUF_INIT(LIMIT_URL);
	buf_addf(&b, "%s://", url->scheme);
	url_put_authority(&b, url);
	return buf_steal(&b);
}

static void drop(struct session_pool *pool, struct session *s)
{
	if (s->stream) {
		pool->turns += stream_report(s->stream)->turns + stream_turns(s->stream);
		pool->rtt_us = compat_tcp_rtt_us(stream_fd(s->stream));
	}
	stream_close(s->stream);
	mem_free_secret(s->proxy_authorization);
	free(s->origin);
	free(s);
}

/* An idle connection that has become readable was closed by the server, or worse, says
 * something unasked for: it is not used again. */
static struct session *take_idle(struct session_pool *pool, const char *origin)
{
	struct session **at = &pool->idle;
	while (*at) {
		struct session *s = *at;
		if (strcmp(s->origin, origin) != 0) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		if (!stream_is_ready(s->stream))
			return s;
		drop(pool, s);
	}
	return NULL;
}

static bool find_proxy(
    struct session_pool *pool, struct session *s, const struct endpoint *to, struct err *err)
{
	struct route route;
	if (!dial_route(pool->dialer, to, &route, err))
		return false;
	s->by_proxy = route.kind == ROUTE_HTTP && !to->tls;
	if (s->by_proxy)
		s->proxy_authorization = proxy_authorization(&route);
	mem_wipe(&route, sizeof route);
	return true;
}

/* HTTP has no upgrade to TLS: what --tls says is a promise about schemes, redirects included.
 */
static bool check_tls(const struct session_pool *pool, bool tls, struct err *err)
{
	if (pool->tls == TLS_REQUIRE && !tls)
		return err_set(err, ERR_AUTH, "not asked for without TLS (--tls require)");
	if (pool->tls == TLS_OFF && tls)
		return err_set(err, ERR_USAGE, "https needs TLS, and --tls off forbids it");
	return true;
}

struct session *session_get(struct session_pool *pool, const struct url *url, struct err *err)
{
	char *origin = origin_of(url);
	struct session *s = take_idle(pool, origin);
	if (s) {
		free(origin);
		return s;
	}
	s = mem_alloc(sizeof *s);
	s->origin = origin;
	bool tls = url_scheme_is(url, "https");
	if (!check_tls(pool, tls, err)) {
		drop(pool, s);
		return NULL;
	}
	struct endpoint to = {url->host, url->port, tls, "http/1.1", url->scheme};
	if (find_proxy(pool, s, &to, err))
		s->stream = dial(pool->dialer, &to, err);
	if (!s->stream) {
		drop(pool, s);
		return NULL;
	}
	pool->opened++;
	return s;
}

void session_release(struct session_pool *pool, struct session *s)
{
	if (!s)
		return;
	if (!s->usable) {
		drop(pool, s);
		return;
	}
	s->next = pool->idle;
	pool->idle = s;
}

void session_pool_close(struct session_pool *pool)
{
	while (pool->idle) {
		struct session *next = pool->idle->next;
		drop(pool, pool->idle);
		pool->idle = next;
	}
}
