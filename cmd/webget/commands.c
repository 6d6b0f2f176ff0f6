/*
 * The rows of the interactive mode. Each parses its words and calls hand.c.
 */
#include "cmd/webget/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/webget/hand.h"
#include "cmd/webget/show.h"
#include "common/base/limits.h"
#include "common/cli/shell.h"
#include "common/text/number.h"

static bool do_open(struct shell *sh, int argc, char **argv, struct err *err)
{
	return shell_wants(argc, 1, 1, err) && hand_open(shell_session(sh), argv[1], err) &&
	       hand_connect(shell_session(sh), err);
}

static bool do_close(struct shell *sh, int argc, char **argv, struct err *err)
{
	(void)argv;
	if (!shell_wants(argc, 0, 0, err))
		return false;
	hand_close(shell_session(sh));
	return true;
}

/* GET, HEAD, POST, PUT, DELETE, OPTIONS: the verb is the method. */
static bool do_method(struct shell *sh, int argc, char **argv, struct err *err)
{
	char method[16];
	shell_capitals(argv[0], method);
	bool has_body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
	if (!shell_wants(argc, has_body ? 2 : 0, has_body ? 2 : 1, err))
		return false;
	return hand_request(
	    shell_session(sh), method, argc > 1 ? argv[1] : "", has_body ? argv[2] : NULL, err);
}

static bool do_header(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	struct field field;
	if (!shell_wants(argc, 1, 1, err))
		return false;
	struct str line = str_of(argv[1]);
	if (!field_parse(line, &field) || !field_is_value(field.value))
		return err_set(err, ERR_USAGE, "a header is written 'Name: value'");
	list_add(&h->o.headers, "header", argv[1]);
	return true;
}

static bool time_last(void *session, struct err *err)
{
	const struct hand *h = session;
	if (!h->time.done)
		return err_set(err, ERR_USAGE, "nothing was fetched yet");
	show_timing(&h->time, h->last_url ? h->last_url : "(raw)", h->size);
	return true;
}

/* ---- raw: a request typed by hand ---- */

static bool typed_length(struct str line, uint64_t *length)
{
	struct field f;
	return field_parse(line, &f) && str_is_nocase(f.name, "content-length") &&
	       number_parse(f.value, length);
}

/* What the user types as the body: so many bytes, each line with its LF. */
static void put_typed_body(struct shell *sh, struct stream *s, uint64_t left)
{
	struct str line;
	while (left && shell_read_line(sh, "", &line)) {
		size_t len = line.len < left ? line.len : (size_t)left;
		stream_put(s, line.ptr, len);
		left -= len;
		if (left) {
			stream_put(s, "\n", 1);
			left--;
		}
	}
}

/* The connection is opened when the first line is there: servers don't wait long for it. */
static bool put_typed_request(struct shell *sh, struct hand *h, bool *is_head, struct err *err)
{
	struct str line;
	uint64_t length = 0;
	bool first = true;
	while (shell_read_line(sh, "> ", &line)) {
		if (first && !hand_connect(h, err))
			return false;
		*is_head = first ? str_starts(line, "HEAD ") : *is_head;
		typed_length(line, &length);
		stream_put_line(h->session->stream, "%.*s", STR_ARG(line));
		if (line.len == 0 && !first) {
			put_typed_body(sh, h->session->stream, length);
			return true;
		}
		first = false;
	}
	if (!first)
		hand_close(h); /* nothing may go behind half a request */
	return err_set(err, ERR_USAGE, "raw: the input ended before the empty line");
}

static bool do_raw(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	bool is_head = false;
	(void)argv;
	if (!shell_wants(argc, 0, 0, err))
		return false;
	free(h->last_url);
	h->last_url = NULL;
	return put_typed_request(sh, h, &is_head, err) && hand_answer(h, is_head, err);
}

static const struct shell_row rows[] = {
    {.name = "open",
	.usage = "open URL",
	.help = "connect to the server of URL",
	.run = do_open},
    {.name = "close", .usage = "close", .help = "close the connection", .run = do_close},
    {.name = "get", .usage = "GET [PATH]", .help = "ask for a page", .run = do_method},
    {.name = "head",
	.usage = "HEAD [PATH]",
	.help = "ask for a page's head only",
	.run = do_method},
    {.name = "post",
	.usage = "POST PATH DATA|@FILE",
	.help = "send data to a page",
	.run = do_method},
    {.name = "put",
	.usage = "PUT PATH DATA|@FILE",
	.help = "store data under a path",
	.run = do_method},
    {.name = "delete", .usage = "DELETE PATH", .help = "remove a path", .run = do_method},
    {.name = "options",
	.usage = "OPTIONS [PATH]",
	.help = "ask what may be done with a path",
	.run = do_method},
    {.name = "header",
	.usage = "header Name: value",
	.help = "send this header with all that follows",
	.run = do_header,
	.raw_rest = true},
    {.name = "raw",
	.usage = "raw",
	.help = "type a request by hand; an empty line sends it",
	.run = do_raw},
    {.name = NULL},
};

bool commands_run(struct run *run, struct err *err)
{
	struct hand h;
	const struct net_options *common = &run->o->common;
	struct shell_config config = {.tool = "webget",
	    .rows = rows,
	    .session = &h,
	    .protocol = common->protocol,
	    .trace = run->trace,
	    .timing = time_last};
	hand_init(&h, run);
	netopts_show_by_hand(common, run->trace);
	bool ok = run->o->urls.count == 0 || hand_open(&h, run->o->urls.items[0].text, err);
	ok = ok && shell_run(&config, common->script, common->execute, err);
	hand_free(&h);
	return ok;
}
