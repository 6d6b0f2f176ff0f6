/*
 * Address lists (RFC 5322, its own examples among them), and what SMTP takes.
 */
#include <stdio.h>

#include "common/base/limits.h"
#include "common/mail/mailbox.h"
#include "tests/unit/unit.h"

/* want: "name|address" one after the other with ; between; NULL for an error. */
static void list(struct unit *t, const char *text, const char *want)
{
	struct mailboxes l = {0};
	struct err err = {0};
	struct buf got = BUF_INIT(10000);
	bool good = mailboxes_parse(&l, str_of(text), &err);
	for (size_t i = 0; i < l.count; i++)
		buf_addf(&got, "%s%s|%s", i ? ";" : "", l.items[i].name ? l.items[i].name : "",
		    l.items[i].address);
	CHECK(good == (want != NULL));
	CHECK(good == !err_is_set(&err));
	if (want)
		CHECK_STR(buf_cstr(&got), want);
	mailboxes_free(&l);
	buf_free(&got);
}

static void addresses(struct unit *t)
{
	list(t, "", "");
	list(t, "a@b.c", "|a@b.c");
	list(t, " a@b , <c@d>,e@f,", "|a@b;|c@d;|e@f");
	list(t, "Ada <ada@x.org>", "Ada|ada@x.org");
	list(t, "\"Lovelace, Ada\" <ada@x>", "Lovelace, Ada|ada@x");
	list(t, "Ada M. Lovelace <ada@x>", "Ada M. Lovelace|ada@x");
	list(t, "ada@x (Ada (Countess) \\) L)", "Ada (Countess) ) L|ada@x");
	list(t, "root", "|root");
	list(t, "root, Ada <ada>", "|root;Ada|ada");
	/* RFC 5322 A.1.2, A.1.3, A.5, A.6.1 */
	list(t, "\"Joe Q. Public\" <john.q.public@example.com>, Who? <one@y.test>",
	    "Joe Q. Public|john.q.public@example.com;Who?|one@y.test");
	list(t, "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
	    "Giant; \"Big\" Box|sysservices@example.net");
	list(t, "A Group:Ed Jones <joe@where.test>,joe@where.test,John <jdoe@one.test>;",
	    "Ed Jones|joe@where.test;|joe@where.test;John|jdoe@one.test");
	list(t, "Undisclosed recipients:;", "");
	list(t, "g: a@b; , c@d", "|a@b;|c@d");
	list(t, "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
	    "Pete|pete@silly.test");
	list(t, "Mary Smith <@node.test,@x.test:mary@example.net>, , jdoe@test  . example",
	    "Mary Smith|mary@example.net;|jdoe@test.example");
	list(t, "\"quoted local\"@x, \"plain\"@x, \"a\".b@x, \"a..b\"@x, \"\"@x",
	    "|\"quoted local\"@x;|plain@x;|a.b@x;|\"a..b\"@x;|\"\"@x");
	list(t, "a@[192.0.2.1], b@[IPv6:2001:db8::1]", "|a@[192.0.2.1];|b@[IPv6:2001:db8::1]");
	list(t, "j\xc3\xb6rg@m\xc3\xbcller.example", "|j\xc3\xb6rg@m\xc3\xbcller.example");
	list(t, "a@b,\r\n c@d", "|a@b;|c@d");
	list(t, "<>", "");
	list(t, "a..b@x", "|\"a..b\"@x");
	/* errors */
	list(t, "Ada Lovelace", NULL);
	list(t, "a@b c@d", NULL);
	list(t, "a@b <c@d>", NULL);
	list(t, "@b", NULL);
	list(t, "a@", NULL);
	list(t, "a@b@c", NULL);
	list(t, "<a@b", NULL);
	list(t, "a@b>", NULL);
	list(t, "\"open", NULL);
	list(t, "(open", NULL);
	list(t, "a@[1.2", NULL);
	list(t, "a@b..c", NULL);
	list(t, "a b@c", NULL);
	list(t, "a@b c", NULL);
	list(t, "a;b:c:d", NULL);
}

static void deep(struct unit *t)
{
	struct mailboxes l = {0};
	struct err err = {0};
	struct buf text = BUF_INIT(MIB);
	while (text.len < MIB)
		buf_add_byte(&text, '(');
	CHECK(!mailboxes_parse(&l, buf_str(&text), &err));
	memset(text.ptr, ',', text.len);
	err_clear(&err);
	CHECK(mailboxes_parse(&l, buf_str(&text), &err));
	memset(text.ptr, 'a', text.len);
	CHECK(!mailboxes_parse(&l, buf_str(&text), &err));
	err_clear(&err);
	for (size_t i = 1; i < text.len; i += 2)
		text.ptr[i] = ',';
	CHECK(!mailboxes_parse(&l, buf_str(&text), &err));
	CHECK_INT(l.count, LIMIT_RECIPIENTS);
	mailboxes_unique(&l);
	CHECK_INT(l.count, 1);
	mailboxes_free(&l);
	buf_free(&text);
}

static void one(struct unit *t)
{
	struct mailboxes l = {0};
	struct err err = {0};
	CHECK(mailboxes_parse_one(&l, STR("Ada <a@b>"), &err));
	CHECK(!mailboxes_parse_one(&l, STR(""), &err));
	err_clear(&err);
	CHECK(!mailboxes_parse_one(&l, STR("a@b,c@d"), &err));
	CHECK_INT(err.kind, ERR_DATA);
	mailboxes_free(&l);
}

static void smtp_form(struct unit *t)
{
	static const char *const good[] = {
	    "a@b", "root", "\"a b\"@c", "a@[192.0.2.1]", "\"a\\\"b\"@c", "x@a_b.c", "\"@\"@x"};
	static const char *const bad[] = {"", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a\n@b",
	    "a@b..c", "\"a@b", "a\"b@c", "a@b>", "<a@b>", "a@[1.2", "\xc3\xa4@b", "a@\xc3\xa4",
	    "a@b.", "\"a\" b\"@c"};
	for (size_t i = 0; i < COUNT(good); i++)
		if (!CHECK(mailbox_is_address(str_of(good[i]), false)))
			printf("# %s\n", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!CHECK(!mailbox_is_address(str_of(bad[i]), false)))
			printf("# %s\n", bad[i]);
	CHECK(mailbox_is_address(STR("\xc3\xa4@b\xc3\xa4"), true));
	CHECK(!mailbox_is_address(STR("\xc3@b"), true));
	char local[65 + 2];
	memset(local, 'a', 65);
	memcpy(local + 65, "@b", 2);
	CHECK(!mailbox_is_address((struct str){local, 67}, false));
	CHECK(mailbox_is_address((struct str){local + 1, 66}, false));
	CHECK_SLICE(mailbox_domain(STR("\"a@b\"@c")), "c");
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"address lists", addresses},
	    {"hostile address lists", deep},
	    {"one address", one},
	    {"addresses for SMTP", smtp_form},
	};
	return unit_run(tests, COUNT(tests));
}
