/*
 * SASL over the words of SMTP: initial responses, prompts, refusals, calling
 * off, and servers that say yes too early.
 */
#include <stdio.h>

#include "common/base/limits.h"
#include "common/proto/reply.h"
#include "common/proto/sasl.h"
#include "tests/unit/unit.h"

struct session {
	struct reply reply;
};

static void put_start(void *self, struct stream *s, const char *mechanism, const char *initial)
{
	char shown[64];
	(void)self;
	snprintf(shown, sizeof shown, "AUTH %s%s", mechanism, initial ? " ****" : "");
	stream_put_secret(
	    s, shown, "AUTH %s%s%s", mechanism, initial ? " " : "", initial ? initial : "");
}

static enum sasl_answer read_answer(
    void *self, struct stream *s, struct str *challenge, struct err *err)
{
	struct session *session = self;
	if (!reply_read(s, REPLY_SMTP, &session->reply)) {
		err_pass(err, stream_err(s));
		return SASL_FAILED;
	}
	*challenge = reply_first(&session->reply);
	if (session->reply.code == 334)
		return SASL_MORE;
	if (session->reply.code == 235)
		return SASL_DONE;
	reply_fail(err, &session->reply, "authentication failed");
	return SASL_FAILED;
}

struct exchange {
	const char *offered;
	struct sasl_facts facts;
	size_t initial_most;
	const char *server, *client;
	enum err_kind kind;
	const char *text;
};

static void exchange(struct unit *t, const struct exchange *e)
{
	struct session session = {{0}};
	struct sasl_carrier carrier = {e->initial_most, put_start, read_answer};
	struct buf sent = BUF_INIT(64 * KIB);
	struct stream *s = stream_over_memory(str_of(e->server), &sent);
	struct err err = {0};
	struct sasl *x = sasl_choose(str_of(e->offered), &e->facts, &err);
	CHECK(x && sasl_run(s, &carrier, &session, x, &err) == (e->kind == ERR_NONE));
	CHECK_INT(err.kind, e->kind);
	CHECK_STR(buf_cstr(&sent), e->client);
	if (e->text && !CHECK(strstr(err.text, e->text)))
		printf("# %s\n", err.text);
	/* The dialogue is in step: nothing of the server's words is left. */
	CHECK_INT(stream_held(s).len, 0);
	sasl_close(x);
	stream_close(s);
	reply_free(&session.reply);
	buf_free(&sent);
}

#define ALICE                                                                                  \
	{                                                                                      \
		.user = "alice", .password = "secret", .may_send_secrets = true                \
	}
#define TOKEN                                                                                  \
	{                                                                                      \
		.user = "alice", .token = "t", .may_send_secrets = true                        \
	}
#define PENCIL                                                                                 \
	{                                                                                      \
		.user = "user", .password = "pencil", .nonce = "fyko+d2lbbFgONRv9qkxdawL"      \
	}
#define SCRAM_START "AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM\r\n"
#define SCRAM_CHALLENGE                                                                        \
	"334 cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0wzcmZjTkhZSlkxWlZ2V1ZzN2oscz1RU1hDUitRNnNlazhi" \
	"ZjkyLGk9NDA5Ng==\r\n"
#define SCRAM_PROOF                                                                            \
	"Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoy" \
	"VDBDSkdiSlF5RjBYK0hJNFRzPQ==\r\n"

static void exchanges(struct unit *t)
{
	static const struct exchange rows[] = {
	    {"PLAIN", ALICE, 500, "235 in\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", 0, NULL},
	    {"PLAIN", ALICE, 0, "334 \r\n235 in\r\n", "AUTH PLAIN\r\nAGFsaWNlAHNlY3JldA==\r\n",
		0, NULL},
	    {"PLAIN", ALICE, 19, "334\r\n235 in\r\n", "AUTH PLAIN\r\nAGFsaWNlAHNlY3JldA==\r\n",
		0, NULL},
	    {"PLAIN", ALICE, 0, "235 in\r\n", "AUTH PLAIN\r\n", ERR_PROTOCOL, "before"},
	    {"PLAIN", ALICE, 500, "535 5.7.8 no\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
		ERR_AUTH, "failed"},
	    {"PLAIN", ALICE, 500, "454 4.7.0 later\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
		ERR_AGAIN, "failed"},
	    {"PLAIN", ALICE, 500, "334 \r\n501 off\r\n",
		"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n*\r\n", ERR_PROTOCOL, "goes on asking"},
	    {"PLAIN", ALICE, 500, "", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", ERR_AGAIN,
		"closed"},
	    {"LOGIN", ALICE, 500, "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 in\r\n",
		"AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\n", 0, NULL},
	    {"LOGIN", ALICE, 500, "334 not base64\r\n501 off\r\n", "AUTH LOGIN\r\n*\r\n",
		ERR_PROTOCOL, "base64"},
	    {"EXTERNAL", {.client_cert = true}, 500, "235 in\r\n", "AUTH EXTERNAL =\r\n", 0,
		NULL},
	    {"EXTERNAL", {.client_cert = true}, 0, "334 \r\n235 in\r\n",
		"AUTH EXTERNAL\r\n\r\n", 0, NULL},
	    {"XOAUTH2", TOKEN, 500, "334 eyJzdGF0dXMiOiI0MDAifQ==\r\n535 no\r\n",
		"AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0AQE=\r\n\r\n", ERR_AUTH,
		"(the server: {\"status\":\"400\"})"},
	    {"SCRAM-SHA-1", PENCIL, 500,
		SCRAM_CHALLENGE "334 dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9\r\n235 in\r\n",
		SCRAM_START SCRAM_PROOF "\r\n", 0, NULL},
	    /* Says yes without having proven anything. */
	    {"SCRAM-SHA-1", PENCIL, 500, SCRAM_CHALLENGE "235 in\r\n", SCRAM_START SCRAM_PROOF,
		ERR_PROTOCOL, "impostor"},
	    {"SCRAM-SHA-1", PENCIL, 500, SCRAM_CHALLENGE "334 dj1ybUY5\r\n501 off\r\n",
		SCRAM_START SCRAM_PROOF "*\r\n", ERR_PROTOCOL, "impostor"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		exchange(t, &rows[i]);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"exchanges", exchanges},
	};
	return unit_run(tests, COUNT(tests));
}
