/*
 * The server's side of TLS as a filter between bytes: it holds no socket, so
 * that delays, drips and the log treat encrypted bytes as they treat others.
 */
#ifndef PARLEY_PEER_TLS_H
#define PARLEY_PEER_TLS_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"

struct tls_server; /* certificate and key */
struct tls;        /* one connection */

/* NULL with ERR_USAGE when the PEM files can't be used. */
struct tls_server *tls_server_new(const char *cert, const char *key, struct err *err);
void tls_server_free(struct tls_server *server); /* NULL is fine */

struct tls *tls_new(struct tls_server *server);
void tls_free(struct tls *t); /* NULL is fine */

/* Bytes from the wire. */
void tls_feed(struct tls *t, struct str wire);
/* Adds what is to go out on the wire. */
void tls_drain(struct tls *t, struct buf *wire);

enum tls_state { TLS_MORE, TLS_DONE, TLS_FAILED };
/* One step of the handshake: TLS_MORE wants a drain, then a feed. TLS_FAILED sets err. */
enum tls_state tls_handshake(struct tls *t, struct err *err);
/* Adds up to `most` decrypted bytes, none before the handshake is done; false once the client
 * has said goodbye or broke TLS. */
bool tls_take(struct tls *t, struct buf *plain, size_t most);
void tls_put(struct tls *t, struct str plain);
void tls_goodbye(struct tls *t);

#endif
