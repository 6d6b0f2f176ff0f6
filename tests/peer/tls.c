/*
 * TLS by OpenSSL over memory: bytes in, bytes out. Must not know sockets,
 * deadlines or dialogues.
 */
#include "tests/peer/tls.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "common/base/mem.h"

struct tls_server {
	SSL_CTX *ctx;
};

struct tls {
	SSL *ssl;
	BIO *in, *out; /* the SSL's own */
};

static const char *reason(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *text = code ? ERR_reason_error_string(code) : NULL;
	return text ? text : "no reason given";
}

static bool use_files(SSL_CTX *ctx, const char *cert, const char *key)
{
	return SSL_CTX_use_certificate_chain_file(ctx, cert) == 1 &&
	       SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1 &&
	       SSL_CTX_check_private_key(ctx) == 1;
}

struct tls_server *tls_server_new(const char *cert, const char *key, struct err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	if (!ctx || !use_files(ctx, cert, key)) {
		err_set(err, ERR_USAGE, "cannot use %s with %s: %s", cert, key, reason());
		SSL_CTX_free(ctx);
		return NULL;
	}
	/* Tickets would leave by themselves, between the client's turns, and spoil a count
	 * of the turns from the log. */
	SSL_CTX_set_num_tickets(ctx, 0);
	struct tls_server *server = mem_alloc(sizeof *server);
	server->ctx = ctx;
	return server;
}

void tls_server_free(struct tls_server *server)
{
	if (!server)
		return;
	SSL_CTX_free(server->ctx);
	free(server);
}

struct tls *tls_new(struct tls_server *server)
{
	struct tls *t = mem_alloc(sizeof *t);
	t->ssl = SSL_new(server->ctx);
	t->in = BIO_new(BIO_s_mem());
	t->out = BIO_new(BIO_s_mem());
	SSL_set_bio(t->ssl, t->in, t->out);
	SSL_set_accept_state(t->ssl);
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	free(t);
}

void tls_feed(struct tls *t, struct str wire)
{
	BIO_write(t->in, wire.ptr, (int)wire.len);
}

void tls_drain(struct tls *t, struct buf *wire)
{
	size_t waiting = BIO_ctrl_pending(t->out);
	char *room = waiting ? buf_reserve(wire, waiting) : NULL;
	int got = room ? BIO_read(t->out, room, (int)waiting) : 0;
	if (got > 0)
		buf_commit(wire, (size_t)got);
}

enum tls_state tls_handshake(struct tls *t, struct err *err)
{
	ERR_clear_error();
	int done = SSL_do_handshake(t->ssl);
	if (done == 1)
		return TLS_DONE;
	if (SSL_get_error(t->ssl, done) == SSL_ERROR_WANT_READ)
		return TLS_MORE;
	err_set(err, ERR_PROTOCOL, "the TLS handshake failed: %s", reason());
	return TLS_FAILED;
}

bool tls_take(struct tls *t, struct buf *plain, size_t most)
{
	int got = 1;
	if (!SSL_is_init_finished(t->ssl))
		return true;
	ERR_clear_error();
	while (got > 0 && most > 0) {
		size_t piece =
		    most < SSL3_RT_MAX_PLAIN_LENGTH ? most : SSL3_RT_MAX_PLAIN_LENGTH;
		char *room = buf_reserve(plain, piece);
		if (!room)
			return true;
		got = SSL_read(t->ssl, room, (int)piece);
		if (got > 0) {
			buf_commit(plain, (size_t)got);
			most -= (size_t)got;
		}
	}
	return got > 0 || SSL_get_error(t->ssl, got) == SSL_ERROR_WANT_READ;
}

void tls_put(struct tls *t, struct str plain)
{
	if (plain.len)
		SSL_write(t->ssl, plain.ptr, (int)plain.len);
}

void tls_goodbye(struct tls *t)
{
	SSL_shutdown(t->ssl);
}
