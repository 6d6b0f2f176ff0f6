/*
 * From a name to a stream that is ready for the first word: resolve, race of
 * addresses (RFC 8305), proxy, TLS. Each stage is timed for the report and shown
 * in the trace. A dialer lives as long as the run and keeps what connections
 * share: the TLS context with its sessions.
 */
#ifndef PARLEY_NET_DIAL_H
#define PARLEY_NET_DIAL_H

#include "common/net/proxy.h"
#include "common/net/settings.h"
#include "common/net/stream.h"

struct dialer;

struct endpoint {
	const char *host; /* name or address, without brackets */
	uint16_t port;
	bool tls;           /* TLS from the first byte */
	const char *alpn;   /* NULL for none */
	const char *scheme; /* chooses the proxy variable: http, https, ftp ... */
};

/* settings and trace must outlive the dialer. */
struct dialer *dialer_open(const struct net_settings *settings, struct trace *trace);
void dialer_close(struct dialer *d);

/* A connected stream, or NULL with err: ERR_HOST (no such name), ERR_AGAIN (refused, timed
 * out; the text names every address tried), ERR_PROTOCOL (certificate), ERR_AUTH (proxy). */
struct stream *dial(struct dialer *d, const struct endpoint *to, struct err *err);
/* Starts TLS on a stream whose server agreed to it; refuses waiting input. */
bool dial_start_tls(struct dialer *d, struct stream *s, const struct endpoint *to);
/* The same, with sessions kept under this key instead of host:port: FTP's data connections must
 * resume the session of their own control connection (RFC 4217 10.2), not of another worker's.
 */
bool dial_start_tls_for(
    struct dialer *d, struct stream *s, const struct endpoint *to, const char *session);
/* Ends our direction (close_notify, FIN) and drops what the peer still says until it ends its
 * own. For a connection that only we write to (FTP's uploads): closed with TLS 1.3's tickets
 * unread it would be reset, and the tickets lost. False with the stream's error. */
bool dial_end_output(struct dialer *d, struct stream *s);
/* The way to an endpoint: which proxy, if any, serves it (see proxy.h). */
bool dial_route(
    struct dialer *d, const struct endpoint *to, struct route *route, struct err *err);
/* Channel binding tls-exporter (RFC 9266) of a stream with TLS 1.3, for SASL; else false. */
bool dial_channel_binding(struct dialer *d, struct stream *s, unsigned char out[32]);
/* The TLS library's name and version for --version; loads the module. NULL if it is missing. */
const char *dial_tls_version(struct err *err);

#endif
