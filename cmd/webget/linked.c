/*
 * Getting a metalink before the files it names. What stands in it is
 * metalink.c's.
 */
#include "cmd/webget/linked.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/webget/duplicates.h"
#include "cmd/webget/show.h"
#include "common/base/mem.h"

static bool is_web(const char *text)
{
	return str_starts_nocase(str_of(text), "http://") ||
	       str_starts_nocase(str_of(text), "https://");
}

/* False when it failed: the task has said so, but for a URL that is none. */
static bool fetch(struct run *run, const char *to, struct err *err)
{
	struct session_pool pool = {.dialer = run->dialer, .tls = run->o->common.net.tls};
	struct job *job = mem_alloc(sizeof *job);
	job->text = mem_dup(run->o->metalink);
	job->output = mem_dup(to);
	job->aside = true;
	job->number = -1; /* the first one is the user's */
	if (!url_parse(&job->url, str_of(job->text), "http", err)) {
		job_free(job);
		return false;
	}
	hsts_upgrade(&run->hsts, &job->url, run->trace);
	struct task *t = task_new(run, &pool, job);
	if (!err_is_set(&t->err))
		task_pursue(t, OUTCOME_AGAIN);
	bool ok = !err_is_set(&t->err);
	task_finish(t);
	task_free(t);
	session_pool_close(&pool);
	run->connections += pool.opened;
	run->turns += pool.turns;
	return ok;
}

struct metalink *linked_load(struct run *run, struct err *err)
{
	const char *from = run->o->metalink, *tmp = getenv("TMPDIR");
	if (!is_web(from))
		return metalink_load(from, from, err);
	char *dir = mem_printf("%s/webget-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	char *path = NULL;
	struct metalink *m = NULL;
	if (mkdtemp(dir)) {
		path = mem_printf("%s/metalink", dir);
		m = fetch(run, path, err) ? metalink_load(path, from, err) : NULL;
		if (err->kind == ERR_CONFIG) { /* it names the copy */
			err_clear(err);
			err_set(err, ERR_DATA, "%s is too large for a metalink", from);
		}
		unlink(path);
		rmdir(dir);
	} else {
		err_set_errno(err, ERR_CREATE, "%s", dir);
	}
	free(path);
	free(dir);
	return m;
}

/* Not into a pipe: whoever reads it knows what it is. */
void linked_offer(const struct task *t)
{
	const struct http_head *head = &t->head.head;
	if (err_is_set(&t->err) || !(t->job->output || t->delivery.to_terminal) ||
	    t->run->o->spider)
		return;
	if (duplicates_is_metalink(head)) {
		show_note(t->run,
		    "this is a metalink: --metalink with its URL fetches what it names");
		return;
	}
	char *url =
	    t->run->o->segments > 1 ? duplicates_description(head, &t->request.url) : NULL;
	if (url)
		show_note(
		    t->run, "a metalink describes this file: --metalink %s fetches by it", url);
	free(url);
}
