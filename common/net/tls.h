/*
 * TLS as a carrier under a stream, by OpenSSL 3, in the module "tls": the only
 * code that includes OpenSSL's headers besides base/digest.c. TLS 1.2 at least;
 * chain and name are verified unless settings->insecure. Trust: --cacert,
 * --capath, else SSL_CERT_FILE, SSL_CERT_DIR, else the system's directory of
 * hashed names, in which only the one certificate that is asked for is parsed.
 */
#ifndef PARLEY_NET_TLS_H
#define PARLEY_NET_TLS_H

#include "common/net/settings.h"
#include "common/net/stream.h"

struct tls_context; /* one a run: trust, sessions to resume */
struct tls_peer {
	const char
	    *host; /* the name that the certificate must carry; sent as SNI unless an address */
	const char *session; /* "host:port", the key under which sessions are kept */
	const char *alpn;    /* "http/1.1" or NULL */
};

struct tls_module {
	struct tls_context *(*context_open)(
	    const struct net_settings *settings, struct err *err);
	void (*context_close)(struct tls_context *context);
	/* A carrier over fd, handshake not yet begun. */
	void *(*carrier_open)(
	    struct tls_context *context, int fd, const struct tls_peer *peer, struct err *err);
	/* One step: 1 done, or a carrier_code. */
	int (*handshake)(void *carrier, struct err *err);
	void (*describe)(void *carrier, struct stream_report *report);
	/* Channel binding tls-exporter (RFC 9266): len bytes, false below TLS 1.3. */
	bool (*export_binding)(void *carrier, unsigned char *out, size_t len);
	/* Sends close_notify; what the peer still says can be read. */
	void (*finish)(void *carrier);
	const char *(*version)(void);
	const struct carrier_ops *ops;
};

#endif
