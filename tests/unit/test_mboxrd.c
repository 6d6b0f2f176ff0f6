/*
 * mboxrd text: the From_ line and whose name stands in it, quoting, line ends;
 * in pieces of every size.
 */
#include "common/mail/deliver_inside.h"
#include "tests/unit/unit.h"

#define AT "Thu Jan  1 00:00:00 1970\n"

static struct buf written(struct str sender, struct str text, size_t step)
{
	struct deliver_envelope envelope = {.sender = sender};
	struct deliver_message m = {.envelope = &envelope};
	struct buf out = BUF_INIT(100000);
	struct mboxrd q;
	mboxrd_begin(&q, &m);
	for (size_t at = 0; at < text.len; at += step)
		mboxrd_put(&q, &out, str_sub(text, at, step));
	mboxrd_end(&q, &out);
	return out;
}

static void becomes(struct unit *t, struct str text, const char *want)
{
	for (size_t step = 1; step < 12; step++) {
		struct buf out = written(STR("a@x"), text, step);
		CHECK_STR(buf_cstr(&out), want);
		buf_free(&out);
	}
}

static void quoting(struct unit *t)
{
	becomes(t, STR("From me\n"), "From a@x " AT ">From me\n\n");
	becomes(t, STR(">From\n>From \n>>From x\n"),
	    "From a@x " AT ">From\n>>From \n>>>From x\n\n");
	becomes(t, STR("> From\n From \nfrom \nx From \n"),
	    "From a@x " AT "> From\n From \nfrom \nx From \n\n");
	becomes(t, STR("Fro\nm\n>\n>>>Fr"), "From a@x " AT "Fro\nm\n>\n>>>Fr\n\n");
}

static void ends(struct unit *t)
{
	becomes(t, STR(""), "From a@x " AT "\n");
	becomes(t, STR("a"), "From a@x " AT "a\n\n");
	becomes(t, STR("a\n\n"), "From a@x " AT "a\n\n\n");
	becomes(t, STR("\r\n"), "From a@x " AT "\r\n\n");
}

static void names(struct unit *t, struct str sender, struct str head, const char *want)
{
	struct buf out = written(sender, head, head.len);
	struct str line = buf_str(&out), word;
	str_cut(&line, ' ', &word);
	str_cut(&line, ' ', &word);
	CHECK(str_is(word, want));
	CHECK(str_starts(line, AT));
	buf_free(&out);
}

static void sender_of_return_path(struct unit *t)
{
	names(t, STR_NONE, STR("Return-Path: <ada@x>\n\n"), "ada@x");
	names(t, STR_NONE, STR("A: b\nRETURN-PATH:ada@x\n\n"), "ada@x");
	names(t, STR_NONE, STR("A: b\r\nReturn-Path:  <ada@x> (a comment)\r\n\r\n"), "ada@x");
	names(t, STR_NONE, STR("Return-Path: <a>\nReturn-Path: <b>\n\n"), "a");
	names(t, STR("env@x"), STR("Return-Path: <ada@x>\n\n"), "env@x");
}

static void nobody(struct unit *t)
{
	names(t, STR_NONE, STR("A: b\n\nReturn-Path: <ada@x>\n"), "MAILER-DAEMON");
	names(t, STR_NONE, STR("A: b\r\n\r\nReturn-Path: <ada@x>\r\n"), "MAILER-DAEMON");
	names(t, STR_NONE, STR("Return-Path: <>\n\n"), "MAILER-DAEMON");
	names(t, STR_NONE, STR("Return-Path:"), "MAILER-DAEMON");
	names(t, STR_NONE, STR("Return-Path: <"), "MAILER-DAEMON");
	names(t, STR_NONE, STR("X-Return-Path: <ada@x>\n\n"), "MAILER-DAEMON");
}

/* What is no part of a word does not get into the line, nor does more than an address has. */
static void hostile_sender(struct unit *t)
{
	char head[1000] = "Return-Path: <";
	names(t, STR_NONE, STR("Return-Path: <a b\t\x1b[31m\x7f@x>\n\n"), "ab[31m@x");
	names(t, STR("a\nFrom b\n"), STR("A: b\n\n"), "aFromb");
	memset(head + 14, 'a', sizeof head - 14);
	struct buf out = written(STR_NONE, (struct str){head, sizeof head}, sizeof head);
	CHECK_INT(str_find(str_sub(buf_str(&out), 5, out.len), ' '), MBOXRD_SENDER);
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"lines like From_ are quoted, whatever the pieces", quoting},
	    {"the last line gets an end, the message an empty line", ends},
	    {"the sender is the envelope's, or the Return-Path's", sender_of_return_path},
	    {"where there is none it is MAILER-DAEMON", nobody},
	    {"a sender is one word of bounded length", hostile_sender},
	};
	return unit_run(tests, COUNT(tests));
}
