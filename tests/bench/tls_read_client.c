/*
 * A body over TLS, by nothing but SSL_read.
 *   tls_read_client HOST PORT PATH CAFILE FILE
 */
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static SSL *start(int fd, const char *ca_file)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	if (!ctx || SSL_CTX_load_verify_locations(ctx, ca_file, NULL) != 1)
		bench_die(ca_file);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL *ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	if (!ssl || SSL_set_fd(ssl, fd) != 1 || SSL_connect(ssl) != 1)
		bench_die("TLS");
	return ssl;
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 64;
	int out = open(argv[5], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out < 0)
		bench_die(argv[5]);
	int fd = bench_connect(argv[1], argv[2]);
	SSL *ssl = start(fd, argv[4]);
	static char bytes[65537];
	size_t len = bench_request(bytes, sizeof bytes, argv[1], argv[3]);
	if (SSL_write(ssl, bytes, (int)len) <= 0)
		bench_die("SSL_write");
	/* nginx writes the head as one record, so the first read holds all of it. */
	int n = SSL_read(ssl, bytes, sizeof bytes - 1);
	long long body = 0;
	bytes[n > 0 ? n : 0] = '\0';
	size_t head = bench_head(bytes, &body);
	for (len = head; n > 0; n = SSL_read(ssl, bytes, sizeof bytes), len = 0)
		bench_write(out, bytes + len, (size_t)n - len);
	SSL_free(ssl);
	close(out);
	return head == 0;
}
