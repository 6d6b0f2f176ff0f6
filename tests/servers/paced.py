#!/usr/bin/env python3
# An HTTP server of one file, with ranges, whose every connection is paced by the kernel
# (SO_MAX_PACING_RATE): a rate without bursts, for measuring. Usage: paced.py FILE RATE PORT-FILE
# (bytes a second; 0: as fast as it goes).
import os
import socket
import socketserver
import sys

FILE, RATE, PORT_FILE = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SO_MAX_PACING_RATE = 47


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        if RATE:
            self.request.setsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE, RATE)
        try:
            while self.one():
                pass
        except ConnectionError:
            pass

    def one(self):
        asked = ""
        lines = iter(lambda: self.rfile.readline().decode("latin-1").strip(), "")
        if not next(lines, None):
            return False
        for line in lines:
            name, _, value = line.partition(":")
            asked = value.strip() if name.lower() == "range" else asked
        total = os.path.getsize(FILE)
        first, _, last = asked.removeprefix("bytes=").partition("-")
        at, end = int(first or 0), min(int(last or total - 1), total - 1) + 1
        head = "HTTP/1.1 %s\r\nETag: \"v1\"\r\nContent-Length: %d\r\n" % (
            "206 Partial Content" if asked else "200 OK", end - at)
        if asked:
            head += "Content-Range: bytes %d-%d/%d\r\n" % (at, end - 1, total)
        self.wfile.write((head + "\r\n").encode())
        with open(FILE, "rb") as file:
            while at < end:
                at += os.sendfile(self.request.fileno(), file.fileno(), at, end - at)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


with Server(("127.0.0.1", 0), Handler) as server:
    with open(PORT_FILE + ".new", "w") as port:
        print(server.server_address[1], file=port)
    os.rename(PORT_FILE + ".new", PORT_FILE)
    server.serve_forever()
