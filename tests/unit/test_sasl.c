/*
 * SASL by the RFCs' own examples (RFC 5802 5, 7677 3, 2195 2, 7628 4, 4616 4)
 * and the choice of a mechanism.
 */
#include "common/proto/sasl.h"

#include <stdio.h>

#include "common/base/limits.h"
#include "common/text/base64.h"
#include "tests/unit/unit.h"

static const unsigned char binding[SASL_BINDING_SIZE] = "0123456789abcdef0123456789abcde";

static const struct sasl_facts alice = {
    .user = "alice", .password = "secret", .may_send_secrets = true};

/* ---- single steps ---- */

struct talk {
	struct sasl *x;
	struct buf response;
	struct err err;
};

static struct talk begin(const char *offered, struct sasl_facts facts)
{
	struct talk k = {.response = BUF_INIT(LIMIT_SASL)};
	k.x = sasl_choose(str_of(offered), &facts, &k.err);
	return k;
}

static bool step(struct talk *k, const char *challenge)
{
	return k->x && sasl_step(k->x, str_of(challenge), &k->response, &k->err);
}

static void end(struct talk *k)
{
	sasl_close(k->x);
	buf_free_secret(&k->response);
}

struct scram_example {
	const char *name;
	struct sasl_facts facts;
	const char *first, *server_first, *final, *server_final;
};

static const struct scram_example scram_examples[] = {
    {"SCRAM-SHA-1", {.user = "user", .password = "pencil", .nonce = "fyko+d2lbbFgONRv9qkxdawL"},
	"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
	"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
	"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
	"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {"SCRAM-SHA-256", {.user = "user", .password = "pencil", .nonce = "rOprNGfwEbeRWgbNEkqO"},
	"n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
	"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
	"i=4096",
	"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};

static void scram(struct unit *t)
{
	for (size_t i = 0; i < COUNT(scram_examples); i++) {
		const struct scram_example *e = &scram_examples[i];
		struct talk k = begin(e->name, e->facts);
		CHECK(step(&k, ""));
		CHECK_STR(buf_cstr(&k.response), e->first);
		CHECK(!sasl_finish(k.x, &(struct err){0}));
		CHECK(step(&k, e->server_first));
		CHECK_STR(buf_cstr(&k.response), e->final);
		CHECK(!sasl_finish(k.x, &(struct err){0}));
		CHECK(step(&k, e->server_final));
		CHECK_INT(k.response.len, 0);
		CHECK(sasl_finish(k.x, &k.err));
		CHECK(!step(&k, "more"));
		CHECK_INT(k.err.kind, ERR_PROTOCOL);
		end(&k);
	}
}

static void scram_refused(struct unit *t)
{
	static const struct {
		const char *server_first;
		enum err_kind kind;
	} rows[] = {
	    {"", ERR_PROTOCOL},
	    {"r=other,s=QSXCR+Q6sek8bf92,i=4096", ERR_PROTOCOL},
	    {"r=abc,s=QSXCR+Q6sek8bf92,i=4096", ERR_PROTOCOL}, /* nothing of the server's */
	    {"r=abcd,s=,i=4096", ERR_PROTOCOL},
	    {"r=abcd,s=!!!!,i=4096", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92,i=0", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92,i=4095", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92,i=10000001", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92,i=18446744073709555712", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92,i=-1", ERR_PROTOCOL},
	    {"r=abcd,i=4096,s=QSXCR+Q6sek8bf92", ERR_PROTOCOL},
	    {"r=abcd,s=QSXCR+Q6sek8bf92", ERR_PROTOCOL},
	    {"m=x,r=abcd,s=QSXCR+Q6sek8bf92,i=4096", ERR_PROTOCOL},
	    {"e=unknown-user", ERR_AUTH},
	};
	struct sasl_facts facts = {.user = "user", .password = "pencil", .nonce = "abc"};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk k = begin("SCRAM-SHA-1", facts);
		CHECK(step(&k, ""));
		CHECK(!step(&k, rows[i].server_first));
		CHECK_INT(k.err.kind, rows[i].kind);
		end(&k);
	}
	/* With TLS around it fewer iterations do. */
	facts.may_send_secrets = true;
	struct talk k = begin("SCRAM-SHA-1", facts);
	CHECK(step(&k, "") && step(&k, "r=abcd,s=QSXCR+Q6sek8bf92,i=4095,x=new"));
	end(&k);
}

static void scram_impostor(struct unit *t)
{
	static const struct {
		const char *server_final;
		enum err_kind kind;
	} rows[] = {
	    {"v=rmF9pqV8S7suAoZWja4dJRkFsKR=", ERR_PROTOCOL},
	    {"v=rmF9pqV8S7suAoZWja4dJRkFsKU=", ERR_PROTOCOL},
	    {"v=rmF9", ERR_PROTOCOL},
	    {"v=", ERR_PROTOCOL},
	    {"", ERR_PROTOCOL},
	    {"e=invalid-proof", ERR_AUTH},
	};
	const struct scram_example *e = &scram_examples[0];
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk k = begin(e->name, e->facts);
		CHECK(step(&k, "") && step(&k, e->server_first));
		CHECK(!step(&k, rows[i].server_final));
		CHECK_INT(k.err.kind, rows[i].kind);
		end(&k);
	}
}

static void scram_binding(struct unit *t)
{
	static const struct {
		const char *offered, *forced;
		const unsigned char *binding;
		const char *first;
	} rows[] = {
	    {"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", NULL, binding, "p=tls-exporter,,n=user,r=abc"},
	    {"SCRAM-SHA-1", NULL, binding, "y,,n=user,r=abc"},
	    {"SCRAM-SHA-1", NULL, NULL, "n,,n=user,r=abc"},
	    {"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", NULL, NULL, "n,,n=user,r=abc"},
	    {"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "scram-sha-1", binding, "n,,n=user,r=abc"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk k = begin(rows[i].offered, (struct sasl_facts){.user = "user",
							   .password = "pencil",
							   .nonce = "abc",
							   .forced = rows[i].forced,
							   .binding = rows[i].binding});
		CHECK(step(&k, ""));
		CHECK_STR(buf_cstr(&k.response), rows[i].first);
		end(&k);
	}
	/* The exported bytes are in c=. */
	struct talk k = begin("SCRAM-SHA-1-PLUS",
	    (struct sasl_facts){
		.user = "user", .password = "pencil", .nonce = "abc", .binding = binding});
	struct buf header = BUF_INIT(100), want = BUF_INIT(200);
	buf_add_text(&header, "p=tls-exporter,,");
	buf_add(&header, binding, sizeof binding);
	buf_add_text(&want, "c=");
	base64_encode(&want, buf_str(&header));
	buf_add_text(&want, ",r=abcd,p=");
	CHECK(step(&k, "") && step(&k, "r=abcd,s=QSXCR+Q6sek8bf92,i=4096"));
	CHECK(str_starts(buf_str(&k.response), buf_cstr(&want)));
	buf_free(&header);
	buf_free(&want);
	end(&k);
}

static void names(struct unit *t)
{
	struct talk k = begin("SCRAM-SHA-1",
	    (struct sasl_facts){
		.user = "a=b,c", .authorize = "x,y", .password = "p", .nonce = "abc"});
	CHECK(step(&k, ""));
	CHECK_STR(buf_cstr(&k.response), "n,a=x=2Cy,n=a=3Db=2Cc,r=abc");
	end(&k);
	/* Random nonces differ, and are long enough. */
	struct talk a = begin("SCRAM-SHA-1", alice), b = begin("SCRAM-SHA-1", alice);
	CHECK(step(&a, "") && step(&b, "") && a.response.len == b.response.len);
	CHECK(a.response.len >= strlen("n,,n=alice,r=") + 20);
	CHECK(!str_eq(buf_str(&a.response), buf_str(&b.response)));
	end(&a);
	end(&b);
}

static void simple(struct unit *t)
{
	struct talk k = begin("PLAIN",
	    (struct sasl_facts){
		.user = "tim", .password = "tanstaaftanstaaf", .may_send_secrets = true});
	CHECK(step(&k, ""));
	CHECK_SLICE(buf_str(&k.response), "\0tim\0tanstaaftanstaaf");
	CHECK(sasl_finish(k.x, &k.err) && !step(&k, ""));
	end(&k);
	k = begin("PLAIN", (struct sasl_facts){.user = "Kurt",
			       .password = "xipj3plmq",
			       .authorize = "Ursel",
			       .may_send_secrets = true});
	CHECK(step(&k, ""));
	CHECK_SLICE(buf_str(&k.response), "Ursel\0Kurt\0xipj3plmq");
	end(&k);
	k = begin(
	    "CRAM-MD5", (struct sasl_facts){.user = "tim", .password = "tanstaaftanstaaf"});
	CHECK(!sasl_is_client_first(k.x));
	CHECK(step(&k, "<1896.697170952@postoffice.reston.mci.net>"));
	CHECK_STR(buf_cstr(&k.response), "tim b913a602c7eda7a495b4e6e7334d3890");
	end(&k);
	k = begin("LOGIN", alice);
	CHECK(step(&k, "Benutzer:"));
	CHECK_STR(buf_cstr(&k.response), "alice");
	CHECK(!sasl_finish(k.x, &(struct err){0}));
	CHECK(step(&k, ""));
	CHECK_STR(buf_cstr(&k.response), "secret");
	CHECK(sasl_finish(k.x, &k.err) && !step(&k, "Password:"));
	end(&k);
	k = begin("EXTERNAL", (struct sasl_facts){.client_cert = true});
	CHECK(step(&k, "") && k.response.len == 0 && sasl_finish(k.x, &k.err));
	end(&k);
}

static void oauth(struct unit *t)
{
	struct sasl_facts facts = {.user = "user@example.com",
	    .token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
	    .host = "server.example.com",
	    .port = 143,
	    .may_send_secrets = true};
	struct talk k = begin("OAUTHBEARER PLAIN", facts);
	struct buf encoded = BUF_INIT(1000);
	CHECK(step(&k, ""));
	base64_encode(&encoded, buf_str(&k.response));
	CHECK_STR(buf_cstr(&encoded),
	    "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9Q"
	    "mVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
	CHECK(sasl_finish(k.x, &k.err));
	CHECK(step(&k, "{\"status\":\"invalid_token\"}"));
	CHECK_SLICE(buf_str(&k.response), "\001");
	CHECK(!sasl_finish(k.x, &k.err));
	end(&k);
	buf_free(&encoded);
	k = begin("XOAUTH2", facts);
	CHECK(step(&k, ""));
	CHECK_STR(buf_cstr(&k.response), "user=user@example.com\001auth=Bearer "
					 "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\001\001");
	end(&k);
}

/* --auth xoauth2 --password-command ...: the command prints the token. */
static void oauth_by_password(struct unit *t)
{
	struct sasl_facts facts = {
	    .user = "ada", .password = "token", .may_send_secrets = true};
	struct talk k = begin("XOAUTH2 OAUTHBEARER", facts);
	CHECK(!k.x); /* a password is never taken for a token unasked */
	end(&k);
	facts.forced = "xoauth2";
	k = begin("XOAUTH2 OAUTHBEARER", facts);
	CHECK(step(&k, ""));
	CHECK_STR(buf_cstr(&k.response), "user=ada\001auth=Bearer token\001\001");
	end(&k);
	facts.token = "newer";
	k = begin("XOAUTH2", facts);
	CHECK(step(&k, ""));
	CHECK_STR(buf_cstr(&k.response), "user=ada\001auth=Bearer newer\001\001");
	end(&k);
}

/* ---- the choice ---- */

struct choice {
	const char *offered;
	struct sasl_facts facts;
	const char *chosen; /* or part of the error's text */
	enum err_kind kind;
};

static void choices(struct unit *t)
{
	static const struct choice rows[] = {
	    {"LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256",
		{.user = "a", .password = "p", .may_send_secrets = true}, "SCRAM-SHA-256", 0},
	    {"scram-sha-1-plus SCRAM-SHA-256",
		{.user = "a", .password = "p", .binding = binding}, "SCRAM-SHA-1-PLUS", 0},
	    {"SCRAM-SHA-256-PLUS SCRAM-SHA-256", {.user = "a", .password = "p"},
		"SCRAM-SHA-256", 0},
	    {"  LOGIN  plain ", {.user = "a", .password = "p", .may_send_secrets = true},
		"PLAIN", 0},
	    {"PLAIN CRAM-MD5", {.user = "a", .password = "p"}, "CRAM-MD5", 0},
	    {"PLAIN CRAM-MD5",
		{.user = "a", .password = "p", .forced = "plain", .may_send_secrets = true},
		"PLAIN", 0},
	    {"PLAIN XOAUTH2",
		{.user = "a", .password = "p", .token = "t", .may_send_secrets = true},
		"XOAUTH2", 0},
	    {"PLAIN EXTERNAL",
		{.user = "a", .password = "p", .client_cert = true, .may_send_secrets = true},
		"PLAIN", 0},
	    {"PLAIN EXTERNAL", {.user = "a", .client_cert = true}, "EXTERNAL", 0},
	    {"EXTERNAL", {.forced = "EXTERNAL"}, "EXTERNAL", 0},
	    {"PLAIN LOGIN", {.user = "a", .password = "p"}, "--plaintext-login", ERR_AUTH},
	    {"XOAUTH2 SCRAM-SHA-1", {.user = "a", .token = "t"}, "--plaintext-login", ERR_AUTH},
	    {"PLAIN", {.user = "a", .password = "p", .forced = "PLAIN"}, "--plaintext-login",
		ERR_AUTH},
	    {"PLAIN", {.user = "a", .may_send_secrets = true}, "no password", ERR_AUTH},
	    {"PLAIN SCRAM-SHA-256",
		{.user = "a", .password = "p", .token = "t", .may_send_secrets = true},
		"a token was given", ERR_AUTH},
	    {"PLAIN", {.may_send_secrets = true}, "no user", ERR_AUTH},
	    {"LOGIN",
		{.user = "a", .password = "p", .authorize = "b", .may_send_secrets = true},
		"another user", ERR_AUTH},
	    {"GSSAPI NTLM", {.user = "a", .password = "p"}, "GSSAPI NTLM", ERR_AUTH},
	    {"", {.user = "a", .password = "p"}, "no authentication", ERR_AUTH},
	    {"PLAINX", {.user = "a", .password = "p", .may_send_secrets = true}, "PLAINX",
		ERR_AUTH},
	    {"PLAIN", {.user = "a", .password = "p", .forced = "CRAM-MD5"}, "doesn't offer",
		ERR_AUTH},
	    {"PLAIN", {.user = "a", .password = "p", .forced = "NTLM"}, "NTLM", ERR_USAGE},
	    {"SCRAM-SHA-1-PLUS", {.user = "a", .password = "p", .forced = "SCRAM-SHA-1-PLUS"},
		"TLS 1.3", ERR_AUTH},
	    {"SCRAM-SHA-1", {.user = "a\r\nb", .password = "p"}, "control", ERR_USAGE},
	    {"SCRAM-SHA-1", {.user = "a", .password = "p\001"}, "control", ERR_USAGE},
	    {"XOAUTH2", {.user = "a", .token = "t\001", .may_send_secrets = true}, "control",
		ERR_USAGE},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct talk k = begin(rows[i].offered, rows[i].facts);
		CHECK_INT(k.err.kind, rows[i].kind);
		if (k.x)
			CHECK_STR(sasl_name(k.x), rows[i].chosen);
		else if (!CHECK(strstr(k.err.text, rows[i].chosen)))
			printf("# %s\n", k.err.text);
		end(&k);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"SCRAM as in the RFCs", scram},
	    {"SCRAM: first messages that can't be", scram_refused},
	    {"SCRAM: servers that don't know the password", scram_impostor},
	    {"SCRAM: channel binding", scram_binding},
	    {"SCRAM: names and nonces", names},
	    {"PLAIN, LOGIN, CRAM-MD5, EXTERNAL", simple},
	    {"OAuth", oauth},
	    {"OAuth: a token by the password command", oauth_by_password},
	    {"which mechanism", choices},
	};
	return unit_run(tests, COUNT(tests));
}
