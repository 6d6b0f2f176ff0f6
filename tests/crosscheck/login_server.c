/*
 * A mail server that is all login, judged by libgsasl: is what our SASL says
 * right, channel binding included?
 *   login_server PORT-FILE CERT KEY CA "MECHANISM..." [tls1.2] [misbound]
 * One SMTP session after another, TLS from the first byte. The user is "tim",
 * the password "tanstaaftanstaaf". EXTERNAL takes whom CA has signed for.
 * misbound: the server ends another TLS than the client's, as somebody in the
 * middle would. Knows nothing of our code.
 */
#include <arpa/inet.h>
#include <gsasl.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct server {
	SSL_CTX *tls;
	Gsasl *sasl;
	const char *mechanisms;
	bool misbound;
	BIO *io; /* buffered, over TLS */
	SSL *ssl;
};

static void die(const char *what)
{
	fprintf(stderr, "login_server: %s\n", what);
	exit(2);
}

/* ---- what libgsasl asks ---- */

/* RFC 9266: what both ends of one TLS connection can compute, and nobody between them. */
static void set_binding(struct server *s, Gsasl_session *session)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	unsigned char bytes[32];
	char *text;
	if (SSL_version(s->ssl) < TLS1_3_VERSION ||
	    SSL_export_keying_material(
		s->ssl, bytes, sizeof bytes, label, sizeof label - 1, NULL, 0, 0) != 1)
		return;
	bytes[0] ^= s->misbound;
	if (gsasl_base64_to((char *)bytes, sizeof bytes, &text, NULL) != GSASL_OK)
		die("out of memory");
	gsasl_property_set(session, GSASL_CB_TLS_EXPORTER, text);
	gsasl_free(text);
}

static bool has_client_certificate(const struct server *s)
{
	X509 *cert = SSL_get1_peer_certificate(s->ssl);
	bool verified = cert && SSL_get_verify_result(s->ssl) == X509_V_OK;
	X509_free(cert);
	return verified;
}

static bool is_tim(Gsasl_session *session)
{
	const char *user = gsasl_property_get(session, GSASL_AUTHID);
	return user && strcmp(user, "tim") == 0;
}

static int answer_gsasl(Gsasl *sasl, Gsasl_session *session, Gsasl_property asked)
{
	struct server *s = gsasl_callback_hook_get(sasl);
	if (asked == GSASL_VALIDATE_EXTERNAL)
		return has_client_certificate(s) ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
	if (asked == GSASL_CB_TLS_EXPORTER) {
		set_binding(s, session);
		return GSASL_OK;
	}
	if (asked != GSASL_PASSWORD || !is_tim(session))
		return GSASL_NO_CALLBACK;
	gsasl_property_set(session, GSASL_PASSWORD, "tanstaaftanstaaf");
	return GSASL_OK;
}

/* ---- the dialogue ---- */

static void say(struct server *s, const char *line)
{
	BIO_printf(s->io, "%s\r\n", line);
	(void)BIO_flush(s->io);
}

static bool hear(struct server *s, char *line, int size)
{
	int n = BIO_gets(s->io, line, size);
	if (n <= 0)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* RFC 4954 4: "=" is an empty initial response; what the last step still has to say goes as a
 * challenge, and is answered by nothing. */
static bool converse(struct server *s, Gsasl_session *session, const char *initial)
{
	char line[16384] = "";
	if (initial)
		snprintf(line, sizeof line, "%s", strcmp(initial, "=") == 0 ? "" : initial);
	for (int status = GSASL_NEEDS_MORE; status == GSASL_NEEDS_MORE; initial = "") {
		char *challenge = NULL;
		if (!initial) { /* the client waits to be asked */
			say(s, "334 ");
			if (!hear(s, line, sizeof line))
				return false;
		}
		status = gsasl_step64(session, line, &challenge);
		bool speaks = status == GSASL_NEEDS_MORE ||
			      (status == GSASL_OK && challenge && *challenge);
		if (speaks)
			BIO_printf(s->io, "334 %s\r\n", challenge);
		gsasl_free(challenge);
		(void)BIO_flush(s->io);
		if (status != GSASL_OK && status != GSASL_NEEDS_MORE)
			fprintf(stderr, "login_server: %s\n", gsasl_strerror(status));
		if (!speaks)
			return status == GSASL_OK;
		if (!hear(s, line, sizeof line))
			return false;
		if (status == GSASL_OK)
			return *line == '\0';
	}
	return false;
}

/* LOGIN and CRAM-MD5 open with a challenge, which libgsasl makes of an empty input. */
static bool server_speaks_first(const char *mechanism)
{
	return strcmp(mechanism, "LOGIN") == 0 || strcmp(mechanism, "CRAM-MD5") == 0;
}

static void authenticate(struct server *s, char *words)
{
	Gsasl_session *session;
	char *mechanism = strsep(&words, " ");
	if (gsasl_server_start(s->sasl, mechanism, &session) != GSASL_OK) {
		say(s, "504 5.5.4 no such mechanism");
		return;
	}
	const char *initial = words ? words : server_speaks_first(mechanism) ? "" : NULL;
	say(s, converse(s, session, initial) ? "235 2.7.0 welcome" : "535 5.7.8 no");
	gsasl_finish(session);
}

static void serve(struct server *s)
{
	char line[16384];
	say(s, "220 login.example.net ESMTP");
	while (hear(s, line, sizeof line)) {
		if (strncasecmp(line, "EHLO ", 5) == 0) {
			BIO_printf(s->io, "250-login.example.net\r\n");
			BIO_printf(s->io, "250 AUTH %s\r\n", s->mechanisms);
			(void)BIO_flush(s->io);
		} else if (strncasecmp(line, "AUTH ", 5) == 0) {
			authenticate(s, line + 5);
		} else if (strcasecmp(line, "QUIT") == 0) {
			say(s, "221 2.0.0 bye");
			return;
		} else {
			say(s, "250 2.0.0 ok");
		}
	}
}

/* ---- connections ---- */

static void serve_connection(struct server *s, int fd)
{
	BIO *tls = BIO_new(BIO_f_ssl());
	s->ssl = SSL_new(s->tls);
	SSL_set_fd(s->ssl, fd);
	SSL_set_accept_state(s->ssl);
	BIO_set_ssl(tls, s->ssl, BIO_CLOSE);
	s->io = BIO_push(BIO_new(BIO_f_buffer()), tls);
	if (BIO_do_handshake(s->io) == 1)
		serve(s);
	SSL_shutdown(s->ssl);
	BIO_free_all(s->io);
	close(fd);
}

static int bind_port(const char *port_file)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof at;
	char temporary[4096];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(listener, 4) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		die("no port");
	snprintf(temporary, sizeof temporary, "%s.new", port_file);
	FILE *f = fopen(temporary, "w");
	if (!f)
		die(temporary);
	fprintf(f, "%d\n", ntohs(at.sin_port));
	if (fclose(f) != 0 || rename(temporary, port_file) != 0)
		die(port_file);
	return listener;
}

static SSL_CTX *open_tls(char **argv)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	if (!tls || SSL_CTX_use_certificate_chain_file(tls, argv[2]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, argv[3], SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_load_verify_locations(tls, argv[4], NULL) != 1)
		die("certificate, key or CA");
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	return tls;
}

int main(int argc, char **argv)
{
	struct server s = {0};
	int fd;
	if (argc < 6 || gsasl_init(&s.sasl) != GSASL_OK)
		die("PORT-FILE CERT KEY CA MECHANISMS [tls1.2] [misbound]");
	gsasl_callback_set(s.sasl, answer_gsasl);
	gsasl_callback_hook_set(s.sasl, &s);
	s.tls = open_tls(argv);
	s.mechanisms = argv[5];
	for (int i = 6; i < argc; i++) {
		if (strcmp(argv[i], "tls1.2") == 0)
			SSL_CTX_set_max_proto_version(s.tls, TLS1_2_VERSION);
		s.misbound = s.misbound || strcmp(argv[i], "misbound") == 0;
	}
	int listener = bind_port(argv[1]);
	while ((fd = accept(listener, NULL, NULL)) >= 0)
		serve_connection(&s, fd);
	return 0;
}
