/*
 * The peer's sockets: listening, accepted, and connected back to the client
 * (FTP's active mode). Knows nothing of what is said over them.
 */
#ifndef PARLEY_PEER_SOCKET_H
#define PARLEY_PEER_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

/* A listening socket on a numeric address; port 0 lets the system choose. -1 with err. */
int socket_listen(const char *address, uint16_t port, struct err *err);
/* The port a socket is bound to. */
uint16_t socket_port(int fd);
/* The next connection, non-blocking and without Nagle's delay; -1 with ERR_AGAIN at the
 * deadline. */
int socket_accept(int listener, int64_t deadline, struct err *err);
/* Somebody waits to be accepted. */
bool socket_is_called(int listener);
/* A connection to `port` at the address that the other end of fd has: never to an address
 * that the client merely names, which would be an FTP bounce. -1 with err. */
int socket_connect_back(int fd, uint16_t port, int64_t deadline, struct err *err);

#endif
