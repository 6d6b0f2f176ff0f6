/*
 * TLS by OpenSSL 3, as the module "tls": contexts, carriers, trust. The one file
 * of net that includes OpenSSL's headers. Knows nothing of lines or verbs.
 */
#include "common/net/tls.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"

/* Room for two records at once, still within the nearer caches: 128 KiB was slower. */
#define READ_AHEAD (40 * KIB)
/* Sessions kept in a run: one a server. */
#define SESSIONS_MOST 64

struct kept_session {
	char *key;
	SSL_SESSION *session;
};

struct tls_context {
	SSL_CTX *ssl;
	bool insecure;
	FILE *keylog;
	pthread_mutex_t lock; /* over the sessions: workers share a context */
	struct kept_session sessions[SESSIONS_MOST];
	int next;
};

struct tls_carrier {
	struct tls_context *context;
	SSL *ssl;
	char *host, *key;
};

/* ---- errors ---- */

/* The first error is the cause ("No such file"), the last only says who passed it on. */
static const char *reason(void)
{
	unsigned long code = ERR_peek_error();
	if (ERR_SYSTEM_ERROR(code))
		return strerror(ERR_GET_REASON(code));
	const char *text = code ? ERR_reason_error_string(code) : NULL;
	return text ? text : "unknown error";
}

static bool failed_to(struct err *err, enum err_kind kind, const char *what, const char *name)
{
	err_set(err, kind, "%s %s: %s", what, name, reason());
	ERR_clear_error();
	return false;
}

/* ---- trust ---- */

/* c_rehash's names: eight hex digits, a dot, a digit. */
static bool has_hashed_names(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;
	while (d && !found && (e = readdir(d)))
		found = strlen(e->d_name) >= 10 && strspn(e->d_name, "0123456789abcdef") == 8 &&
			e->d_name[8] == '.';
	if (d)
		closedir(d);
	return found;
}

static bool trust_file(SSL_CTX *ssl, const char *file, struct err *err)
{
	return SSL_CTX_load_verify_file(ssl, file) == 1 ||
	       failed_to(err, ERR_CONFIG, "cannot read the CA certificates in", file);
}

static bool trust_dir(SSL_CTX *ssl, const char *dir, struct err *err)
{
	return SSL_CTX_load_verify_dir(ssl, dir) == 1 ||
	       failed_to(err, ERR_CONFIG, "cannot use the CA directory", dir);
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

/* A directory of hashed names is asked for the one issuer that is needed; parsing the whole
 * bundle costs tens of milliseconds. */
static bool trust(SSL_CTX *ssl, const struct net_settings *settings, struct err *err)
{
	const char *file = settings->cacert, *dir = settings->capath;
	/* OpenSSL looks only when it needs an issuer: a misspelt name would show as no trust.
	 */
	if (dir && access(dir, R_OK | X_OK) != 0)
		return err_set_errno(err, ERR_CONFIG, "cannot use the CA directory %s", dir);
	if (!file && !dir) {
		file = environment(X509_get_default_cert_file_env());
		dir = environment(X509_get_default_cert_dir_env());
	}
	if (!file && !dir) {
		dir = X509_get_default_cert_dir();
		if (!has_hashed_names(dir)) {
			dir = NULL;
			file = X509_get_default_cert_file();
		}
	}
	return (!file || trust_file(ssl, file, err)) && (!dir || trust_dir(ssl, dir, err));
}

static bool use_own_certificate(
    SSL_CTX *ssl, const struct net_settings *settings, struct err *err)
{
	const char *key = settings->key ? settings->key : settings->cert;
	if (!settings->cert)
		return !settings->key || err_set(err, ERR_USAGE, "--key needs --cert");
	if (SSL_CTX_use_certificate_chain_file(ssl, settings->cert) != 1)
		return failed_to(
		    err, ERR_CONFIG, "cannot use the certificate in", settings->cert);
	if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) != 1)
		return failed_to(err, ERR_CONFIG, "cannot use the private key in", key);
	return true;
}

/* ---- sessions ---- */

static void forget(struct kept_session *kept)
{
	free(kept->key);
	SSL_SESSION_free(kept->session);
	*kept = (struct kept_session){0};
}

static struct kept_session *find(struct tls_context *context, const char *key)
{
	for (int i = 0; i < SESSIONS_MOST; i++)
		if (context->sessions[i].key && strcmp(context->sessions[i].key, key) == 0)
			return &context->sessions[i];
	return NULL;
}

/* OpenSSL calls this for each ticket; 1 means that we keep the reference. */
static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct tls_carrier *c = SSL_get_app_data(ssl);
	struct tls_context *context = c->context;
	pthread_mutex_lock(&context->lock);
	struct kept_session *kept = find(context, c->key);
	if (!kept)
		kept = &context->sessions[context->next++ % SESSIONS_MOST];
	forget(kept);
	*kept = (struct kept_session){mem_dup(c->key), session};
	pthread_mutex_unlock(&context->lock);
	return 1;
}

static void resume(struct tls_carrier *c)
{
	pthread_mutex_lock(&c->context->lock);
	struct kept_session *kept = find(c->context, c->key);
	if (kept)
		SSL_set_session(c->ssl, kept->session);
	pthread_mutex_unlock(&c->context->lock);
}

/* ---- contexts ---- */

static void write_keylog(const SSL *ssl, const char *line)
{
	struct tls_carrier *c = SSL_get_app_data(ssl);
	if (!c->context->keylog)
		return;
	fprintf(c->context->keylog, "%s\n", line);
	fflush(c->context->keylog);
}

static void open_keylog(struct tls_context *context)
{
	const char *path = getenv("SSLKEYLOGFILE");
	int fd =
	    path && *path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	context->keylog = fd >= 0 ? fdopen(fd, "a") : NULL;
	if (context->keylog)
		SSL_CTX_set_keylog_callback(context->ssl, write_keylog);
}

static void context_close(struct tls_context *context)
{
	if (!context)
		return;
	for (int i = 0; i < SESSIONS_MOST; i++)
		forget(&context->sessions[i]);
	SSL_CTX_free(context->ssl);
	if (context->keylog)
		fclose(context->keylog);
	pthread_mutex_destroy(&context->lock);
	free(context);
}

static struct tls_context *context_open(const struct net_settings *settings, struct err *err)
{
	struct tls_context *context = mem_alloc(sizeof *context);
	pthread_mutex_init(&context->lock, NULL);
	context->insecure = settings->insecure;
	context->ssl = SSL_CTX_new(TLS_client_method());
	if (!context->ssl) {
		failed_to(err, ERR_INTERNAL, "OpenSSL:", "no context");
		context_close(context);
		return NULL;
	}
	SSL_CTX *ssl = context->ssl;
	SSL_CTX_set_min_proto_version(ssl, settings->tls_min ? TLS1_3_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(ssl, 1);
	SSL_CTX_set_default_read_buffer_len(ssl, READ_AHEAD);
	SSL_CTX_set_session_cache_mode(
	    ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
	SSL_CTX_sess_set_new_cb(ssl, keep_session);
	SSL_CTX_set_verify(ssl, settings->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	open_keylog(context);
	if ((settings->insecure || trust(ssl, settings, err)) &&
	    use_own_certificate(ssl, settings, err))
		return context;
	context_close(context);
	return NULL;
}

/* ---- carriers ---- */

static bool is_address(const char *host)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* RFC 6066 3: no SNI for addresses. RFC 9525 6: the name must match, wildcards only whole
 * labels. */
static bool expect_name(SSL *ssl, const char *host)
{
	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	/* What SSL_set_tlsext_host_name expands to, without its cast that drops const. */
	char *name = mem_dup(host);
	bool ok =
	    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) == 1;
	free(name);
	return ok && SSL_set1_host(ssl, host) == 1;
}

static bool offer_alpn(SSL *ssl, const char *alpn)
{
	unsigned char list[64];
	size_t len = alpn ? strlen(alpn) : 0;
	if (len == 0 || len >= sizeof list)
		return len == 0;
	list[0] = (unsigned char)len;
	memcpy(list + 1, alpn, len);
	return SSL_set_alpn_protos(ssl, list, (unsigned)len + 1) == 0;
}

static void carrier_free(struct tls_carrier *c)
{
	SSL_free(c->ssl);
	free(c->host);
	free(c->key);
	free(c);
}

static void *carrier_open(
    struct tls_context *context, int fd, const struct tls_peer *peer, struct err *err)
{
	struct tls_carrier *c = mem_alloc(sizeof *c);
	*c = (struct tls_carrier){
	    context, SSL_new(context->ssl), mem_dup(peer->host), mem_dup(peer->session)};
	if (c->ssl && SSL_set_fd(c->ssl, fd) == 1 && expect_name(c->ssl, peer->host) &&
	    offer_alpn(c->ssl, peer->alpn)) {
		SSL_set_app_data(c->ssl, c);
		SSL_set_connect_state(c->ssl);
		resume(c);
		return c;
	}
	failed_to(err, ERR_INTERNAL, "TLS cannot begin with", peer->host);
	carrier_free(c);
	return NULL;
}

static const char *hint(long verdict)
{
	switch (verdict) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH: return " (it was issued for another name)";
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return " (--cacert FILE names another CA to trust)";
	}
	return "";
}

static int blame_certificate(struct tls_carrier *c, long verdict, struct err *err)
{
	err_set(err, ERR_PROTOCOL, "the certificate of %s was not accepted: %s%s", c->host,
	    X509_verify_cert_error_string(verdict), hint(verdict));
	ERR_clear_error();
	return CARRIER_FAILED;
}

static int explain_failure(struct tls_carrier *c, int ssl_error, struct err *err)
{
	long verdict = SSL_get_verify_result(c->ssl);
	unsigned long code = ERR_peek_error();
	if (verdict != X509_V_OK && !c->context->insecure)
		return blame_certificate(c, verdict, err);
	if (ssl_error == SSL_ERROR_SYSCALL ||
	    ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		err_set(err, ERR_AGAIN, "%s closed the connection during the TLS handshake",
		    c->host);
	else if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
		err_set(err, ERR_PROTOCOL, "%s does not speak TLS on this port", c->host);
	else
		failed_to(err, ERR_PROTOCOL, "the TLS handshake failed with", c->host);
	ERR_clear_error();
	return CARRIER_FAILED;
}

static int handshake(void *carrier, struct err *err)
{
	struct tls_carrier *c = carrier;
	ERR_clear_error();
	int done = SSL_do_handshake(c->ssl);
	if (done == 1)
		return 1;
	int ssl_error = SSL_get_error(c->ssl, done);
	if (ssl_error == SSL_ERROR_WANT_READ)
		return CARRIER_WANT_READ;
	if (ssl_error == SSL_ERROR_WANT_WRITE)
		return CARRIER_WANT_WRITE;
	return explain_failure(c, ssl_error, err);
}

static ssize_t failed(struct tls_carrier *c, int result, struct err *err)
{
	int ssl_error = SSL_get_error(c->ssl, result);
	if (ssl_error == SSL_ERROR_WANT_READ)
		return CARRIER_WANT_READ;
	if (ssl_error == SSL_ERROR_WANT_WRITE)
		return CARRIER_WANT_WRITE;
	if (ssl_error == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (ssl_error == SSL_ERROR_SYSCALL ||
	    ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		err_set(err, ERR_AGAIN, "the TLS connection was cut without a close_notify");
	else
		failed_to(err, ERR_PROTOCOL, "TLS with", c->host);
	ERR_clear_error();
	return CARRIER_FAILED;
}

static ssize_t tls_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct tls_carrier *c = self;
	size_t got = 0;
	ERR_clear_error();
	/* A record is 16 KiB at most: take all that have been read ahead in one go. */
	do {
		int n = SSL_read(c->ssl, (char *)bytes + got, (int)(len - got));
		if (n <= 0)
			return got ? (ssize_t)got : failed(c, n, err);
		got += (size_t)n;
	} while (got < len && SSL_has_pending(c->ssl));
	return (ssize_t)got;
}

static ssize_t tls_send(void *self, const void *bytes, size_t len, struct err *err)
{
	struct tls_carrier *c = self;
	ERR_clear_error();
	int n = SSL_write(c->ssl, bytes, len < (1u << 30) ? (int)len : 1 << 30);
	if (n > 0)
		return n;
	ssize_t code = failed(c, n, err);
	return code ? code : CARRIER_FAILED;
}

static void finish(void *carrier)
{
	SSL *ssl = ((struct tls_carrier *)carrier)->ssl;
	if (SSL_is_init_finished(ssl))
		SSL_shutdown(ssl); /* ours is sent; the server's is not waited for */
}

static void tls_close(void *self)
{
	finish(self);
	carrier_free(self);
}

static void describe(void *carrier, struct stream_report *report)
{
	struct tls_carrier *c = carrier;
	const unsigned char *alpn;
	unsigned alpn_len;
	report->tls = true;
	report->resumed = SSL_session_reused(c->ssl);
	report->turns += SSL_version(c->ssl) >= TLS1_3_VERSION || report->resumed ? 1 : 2;
	snprintf(
	    report->tls_version, sizeof report->tls_version, "%s", SSL_get_version(c->ssl));
	snprintf(
	    report->tls_cipher, sizeof report->tls_cipher, "%s", SSL_get_cipher_name(c->ssl));
	SSL_get0_alpn_selected(c->ssl, &alpn, &alpn_len);
	snprintf(report->alpn, sizeof report->alpn, "%.*s", (int)alpn_len,
	    alpn ? (const char *)alpn : "");
	X509 *cert = SSL_get0_peer_certificate(c->ssl);
	if (cert)
		X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
		    report->tls_subject, sizeof report->tls_subject);
}

static bool export_binding(void *carrier, unsigned char *out, size_t len)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	struct tls_carrier *c = carrier;
	return SSL_version(c->ssl) >= TLS1_3_VERSION &&
	       SSL_export_keying_material(c->ssl, out, len, label, sizeof label - 1,
		   (const unsigned char *)"", 0, 1) == 1;
}

static const char *version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

static const struct carrier_ops ops = {tls_recv, tls_send, tls_close, false};
static const struct tls_module module = {context_open, context_close, carrier_open, handshake,
    describe, export_binding, finish, version, &ops};
MODULE_TABLE(&module)
