#!/usr/bin/env python3
# An HTTP server that closes one connection after so many bytes of answers: /N-WAY/NAME is a file
# below ROOT, and of all that is asked for below /N-WAY/ the connection that sends byte N is the
# one, once. WAY: fin (nothing more is sent), rst (what was sent may be lost too) or end (that
# answer is whole, and the next ones don't come). Every third answer is chunked.
# Usage: cutting.py ROOT PORT-FILE LOG. A line of the log: path, full or cut.
import os
import socket
import socketserver
import struct
import sys
import threading

ROOT, PORT_FILE, LOG = sys.argv[1:4]
TYPES = {".html": "text/html", ".css": "text/css"}
LOCK = threading.Lock()
LEFT = {}  # by /N-WAY: bytes until the cut


class Cut(Exception):
    pass


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        try:
            while line := self.rfile.readline().decode("latin-1").split():
                while self.rfile.readline().strip():
                    pass
                self.answer(line[1])
        except (Cut, ConnectionError):
            pass

    def answer(self, path):
        place, _, name = path.lstrip("/").partition("/")
        file = os.path.join(ROOT, name or "index.html")
        if not path.startswith("/%s/" % place) or not os.path.isfile(file):  # robots.txt
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        with open(file, "rb") as f:
            body = f.read()
        head = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n" % TYPES.get(os.path.splitext(file)[1], "image/png")
        if len(body) % 3 == 0:
            head += "Transfer-Encoding: chunked\r\n\r\n"
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        else:
            head += "Content-Length: %d\r\n\r\n" % len(body)
        self.send(place, path, head.encode() + body)

    def send(self, place, path, data):
        count, _, way = place.partition("-")
        with LOCK:
            left = LEFT.setdefault(place, int(count))
            cut = left is not None and left < len(data)
            LEFT[place] = None if cut or left is None else left - len(data)
            with open(LOG, "a") as log:
                print(path, "cut" if cut and way != "end" else "full", file=log)
        self.wfile.write(data[:left] if cut and way != "end" else data)
        if cut:
            self.end(way)

    def end(self, way):
        if way == "rst":
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self.request.shutdown(socket.SHUT_WR)
            while self.request.recv(65536):
                pass
        raise Cut


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    # socketserver would shut a connection down in order before it closes it.
    def shutdown_request(self, request):
        self.close_request(request)


with Server(("127.0.0.1", 0), Handler) as server:
    with open(PORT_FILE + ".new", "w") as port:
        print(server.server_address[1], file=port)
    os.rename(PORT_FILE + ".new", PORT_FILE)
    server.serve_forever()
