/*
 * Transfers: what goes ahead, which mode, and the proof at the end.
 */
#include "cmd/ftpc/transfer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/interrupt.h"
#include "common/text/number.h"

/* How long the reply to a transfer that was given up is waited for, at most. */
enum { PATIENCE_MS = 10000 };

/* ---- what replies say ---- */

bool transfer_parse_epsv(struct str text, uint16_t *port)
{
	size_t open = str_find(text, '(');
	struct str inside = str_sub(text, open + 1, text.len), field;
	if (inside.len < 5 || char_is_digit(inside.ptr[0]))
		return false;
	char sep = inside.ptr[0];
	for (int i = 0; i < 4; i++)
		if (!str_cut(&inside, sep, &field))
			return false;
	return number_parse_port(field, port);
}

bool transfer_parse_pasv(struct str text, char host[16], uint16_t *port)
{
	uint64_t n[6];
	size_t at = 0;
	/* Some servers leave the parentheses out (RFC 1123 4.1.2.6): the first digit counts. */
	while (at < text.len && !char_is_digit(text.ptr[at]))
		at++;
	struct str rest = str_sub(text, at, text.len), field;
	for (int i = 0; i < 6; i++) {
		if (!str_cut(&rest, ',', &field))
			return false;
		size_t len = 0;
		while (i == 5 && len < field.len && char_is_digit(field.ptr[len]))
			len++;
		if (!number_parse_max(i == 5 ? str_sub(field, 0, len) : field, 255, &n[i]))
			return false;
	}
	snprintf(host, 16, "%u.%u.%u.%u", (unsigned)n[0] & 255, (unsigned)n[1] & 255,
	    (unsigned)n[2] & 255, (unsigned)n[3] & 255);
	*port = (uint16_t)(n[4] * 256 + n[5]);
	return *port != 0;
}

static bool take_type(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	if (!reply_is_good(&f->reply))
		return ftp_refused(f, "TYPE", t->type_arg, err);
	f->type = t->type;
	return true;
}

static bool take_size(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	(void)err;
	t->size_known = ftp_read_size(f, &t->size);
	return true;
}

static bool take_time(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	(void)err;
	t->time_known = ftp_read_time(f, &t->time);
	return true;
}

static bool take_epsv(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	if (reply_class(&f->reply) == 5 && f->reply.code != 530) {
		f->uses_epsv = false;
		return true;
	}
	if (!reply_is_good(&f->reply))
		return ftp_refused(f, "EPSV", NULL, err);
	return transfer_parse_epsv(reply_first(&f->reply), &t->port) ||
	       reply_fail_as(err, &f->reply, ERR_PROTOCOL, "EPSV's reply has no port");
}

static bool take_pasv(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	char host[16];
	const char *peer = stream_report(f->stream)->peer;
	if (!reply_is_good(&f->reply))
		return ftp_refused(f, "PASV", NULL, err);
	if (!transfer_parse_pasv(reply_first(&f->reply), host, &t->port))
		return reply_fail_as(err, &f->reply, ERR_PROTOCOL, "PASV's reply has no port");
	if (!str_starts(str_of(peer), host) || peer[strlen(host)] != ':')
		ftp_note(f, "the server's reply to PASV names %s; its own address, %s, is used",
		    host, peer);
	return true;
}

static bool take_port(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	if (reply_is_good(&f->reply))
		return true;
	if (f->uses_epsv && reply_class(&f->reply) == 5 && f->reply.code != 530) {
		f->uses_epsv = false;
		t->no_port = true;
		return true;
	}
	return ftp_refused(f, "PORT", NULL, err);
}

static bool take_rest(struct ftp *f, void *self, struct err *err)
{
	struct transfer *t = self;
	(void)err;
	t->no_rest = reply_class(&f->reply) != 3;
	return true;
}

/* ---- ahead ---- */

static void add_facts(struct ftp *f, struct transfer *t)
{
	t->type_arg[0] = t->type;
	if (f->type != t->type)
		ftp_add(&t->ahead,
		    (struct ftp_command){.verb = "TYPE", t->type_arg, take_type, t, NULL});
	if (!t->wants_facts || t->size_known)
		return;
	/* SIZE is of the bytes that a transfer would move: only in binary is that ours. */
	if (t->type == 'I')
		ftp_add(&t->ahead,
		    (struct ftp_command){.verb = "SIZE", t->arg, take_size, t, NULL});
	ftp_add(&t->ahead, (struct ftp_command){.verb = "MDTM", t->arg, take_time, t, NULL});
}

static void add_port(struct ftp *f, struct transfer *t, struct err *err)
{
	t->port_arg.max = LIMIT_WORDS;
	buf_clear(&t->port_arg);
	channel_close(f, &t->channel);
	t->no_port = false;
	if (!channel_listen(f, &t->channel, &t->port_arg, err))
		return;
	bool v6 = buf_cstr(&t->port_arg)[0] == '|';
	ftp_add(&t->ahead,
	    (struct ftp_command){
		.verb = v6 ? "EPRT" : "PORT", buf_cstr(&t->port_arg), take_port, t, NULL});
}

static void add_mode(struct ftp *f, struct transfer *t, struct err *err)
{
	if (f->active)
		add_port(f, t, err);
	else if (f->uses_epsv)
		ftp_add(
		    &t->ahead, (struct ftp_command){.verb = "EPSV", NULL, take_epsv, t, NULL});
	else
		ftp_add(
		    &t->ahead, (struct ftp_command){.verb = "PASV", NULL, take_pasv, t, NULL});
	if (t->rest) {
		snprintf(t->rest_arg, sizeof t->rest_arg, "%" PRIu64, t->rest);
		ftp_add(&t->ahead,
		    (struct ftp_command){.verb = "REST", t->rest_arg, take_rest, t, NULL});
	}
}

/* The command itself. What it needs before has been said, or, in active mode, is on its way. */
static void put_command(struct ftp *f, struct transfer *t)
{
	if (t->arg && *t->arg)
		stream_put_line(f->stream, "%s %s", t->verb, t->arg);
	else
		stream_put_line(f->stream, "%s", t->verb);
	t->commanded = true;
}

void transfer_announce(struct ftp *f, struct transfer *t)
{
	struct err err = {0};
	if (t->announced || !f->pipelines || !ftp_is_line(t->arg, &err))
		return;
	t->announced = true;
	add_facts(f, t);
	if (!t->only_facts)
		add_mode(f, t, &err);
	if (err_is_set(&err)) {
		/* It is said when the transfer begins and tries again. */
		transfer_reset(f, t);
		return;
	}
	ftp_put(f, &t->ahead);
	if (f->active && !t->rest && !t->only_facts)
		put_command(f, t);
}

static bool run_ahead(struct ftp *f, struct transfer *t, struct err *err)
{
	return ftp_run(f, &t->ahead, err);
}

bool transfer_ask_facts(struct ftp *f, struct transfer *t, struct err *err)
{
	t->only_facts = true;
	if (!ftp_is_line(t->arg, err))
		return false;
	if (!t->announced)
		add_facts(f, t);
	bool ok = run_ahead(f, t, err);
	t->announced = t->only_facts = false;
	t->ahead = (struct ftp_batch){0};
	return ok;
}

/* ---- the beginning ---- */

/* EPSV or EPRT was refused: the older way, now that this is known. */
static bool choose_older_way(struct ftp *f, struct transfer *t, struct err *err)
{
	bool redo = f->active ? t->no_port : t->port == 0;
	if (!redo)
		return true;
	if (t->commanded) {
		/* Sent behind the refused EPRT: the server answers that it can't connect. */
		t->commanded = false;
		if (!ftp_read_final(f, err))
			return false;
	}
	t->ahead = (struct ftp_batch){0};
	add_mode(f, t, err);
	return !err_is_set(err) && run_ahead(f, t, err);
}

static bool prepare(struct ftp *f, struct transfer *t, struct err *err)
{
	if (!ftp_is_line(t->arg, err))
		return false;
	if (!t->announced) {
		t->announced = true;
		add_facts(f, t);
		add_mode(f, t, err);
	}
	if (err_is_set(err) || !run_ahead(f, t, err) || !choose_older_way(f, t, err))
		return false;
	if (t->rest && t->no_rest)
		return err_set(err, ERR_REFUSED, "the server can't go on in the middle (REST)");
	return true;
}

/* The first reply to the command: 1yz, or already the last one. */
static bool take_mark(struct ftp *f, struct transfer *t, struct err *err)
{
	if (t->marked)
		return true;
	if (!ftp_read(f, err))
		return false;
	t->marked = true;
	if (reply_class(&f->reply) == 1)
		return true;
	t->commanded = false;
	return reply_is_good(&f->reply) || ftp_refused(f, t->verb, t->arg, err);
}

/* The server may be as silent as the data connection was. */
static int64_t patience(const struct ftp *f)
{
	int64_t most = f->settings->connect_timeout_ms;
	return clock_after_ms(most < PATIENCE_MS ? most : PATIENCE_MS);
}

/* A server that has ended the session (421) has said why; else our reason is the better one. */
static bool no_connection(
    struct ftp *f, struct transfer *t, const struct err *own, struct err *err)
{
	struct err said = {0};
	stream_set_deadline(f->stream, patience(f));
	if (t->commanded && (ftp_read_final(f, &said) || f->closing))
		t->commanded = false;
	stream_set_deadline(f->stream, 0);
	return err_pass(err, f->closing ? &said : own);
}

static bool open_passive(struct ftp *f, struct transfer *t, struct err *err)
{
	/* The command travels while the connection is made. */
	if (f->pipelines) {
		put_command(f, t);
		stream_flush(f->stream);
	}
	struct err own = {0};
	if (!channel_connect(f, &t->channel, t->port, &own))
		return no_connection(f, t, &own, err);
	if (!f->pipelines)
		put_command(f, t);
	return take_mark(f, t, err);
}

static bool open_active(struct ftp *f, struct transfer *t, struct err *err)
{
	bool marked = false;
	if (!t->commanded)
		put_command(f, t);
	if (!channel_accept(f, &t->channel, &marked, err)) {
		if (err_is_set(err))
			return false;
		t->commanded = false;
		return ftp_refused(f, t->verb, t->arg, err);
	}
	t->marked = marked;
	return take_mark(f, t, err);
}

bool transfer_begin(struct ftp *f, struct transfer *t, struct err *err)
{
	bool ok = prepare(f, t, err);
	if (ok) {
		t->begun = true;
		ok = f->active ? open_active(f, t, err) : open_passive(f, t, err);
	}
	if (ok && f->private_data)
		ok = channel_secure(f, &t->channel, err);
	if (!ok)
		transfer_abort(f, t);
	return ok;
}

/* ---- the end ---- */

static void count(struct transfer *t)
{
	if (t->channel.stream)
		t->moved = stream_received(t->channel.stream) - t->channel.received +
			   stream_sent(t->channel.stream) - t->channel.sent;
}

bool transfer_end(struct ftp *f, struct transfer *t, struct transfer *next, struct err *err)
{
	count(t);
	channel_close(f, &t->channel);
	/* Only now: a server that takes commands at once may drop a data connection that is
	 * open when EPSV comes. Its 226 is a round trip away anyhow. */
	if (next)
		transfer_announce(f, next);
	if (!t->commanded)
		return true;
	t->commanded = false;
	if (!ftp_read_final(f, err))
		return false;
	return reply_is_good(&f->reply) || ftp_refused(f, t->verb, t->arg, err);
}

void transfer_abort(struct ftp *f, struct transfer *t)
{
	struct err ignored = {0};
	count(t);
	channel_close(f, &t->channel);
	if (f->stays && *interrupt_flag() == SIGINT)
		interrupt_clear();
	stream_set_deadline(f->stream, patience(f));
	bool ok = ftp_drain(f, &t->ahead);
	if (ok && t->commanded)
		ftp_read_final(f, &ignored);
	stream_set_deadline(f->stream, 0);
	t->commanded = false;
}

void transfer_reset(struct ftp *f, struct transfer *t)
{
	channel_close(f, &t->channel);
	t->ahead = (struct ftp_batch){0};
	t->announced = t->begun = t->commanded = t->marked = t->no_port = t->no_rest = false;
	t->port = 0;
}

void transfer_free(struct ftp *f, struct transfer *t)
{
	channel_close(f, &t->channel);
	buf_free(&t->port_arg);
}
