#!/usr/bin/env python3
# An HTTP server for tests of ranges, that lies, changes its file, closes early and is slow, as the
# first part of the path says; the rest names a file below ROOT. Each connection's rate is limited
# by ?rate=BYTES, or by a file ROOT/rate. Usage: ranges.py ROOT PORT-FILE LOG. A line of the log: path, Range, If-Range.
import base64
import hashlib
import os
import socketserver
import sys
import threading
import time
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

ROOT, PORT_FILE, LOG = sys.argv[1:4]
LOCK = threading.Lock()
SEEN = {}  # requests by path
OPEN = {}  # connections that a path has now


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while self.one():
                pass
        except (ConnectionError, ValueError):
            pass

    def one(self):
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) < 2:
            return False
        fields = {}
        while (text := self.rfile.readline().decode("latin-1").strip()):
            name, _, value = text.partition(":")
            fields[name.lower()] = value.strip()
        url = urlsplit(line[1])
        self.kind, _, name = url.path.lstrip("/").partition("/")
        self.name = name = name.lstrip("/")  # //big is a second place of the same file
        self.rate = int(parse_qs(url.query).get("rate", ["0"])[0])
        if os.path.exists(os.path.join(ROOT, "rate")):
            self.rate = int(open(os.path.join(ROOT, "rate")).read())
        with LOCK:
            SEEN[url.path] = self.count = SEEN.get(url.path, 0) + 1
            with open(LOG, "a") as log:
                print(url.path, fields.get("range", "-"), fields.get("if-range", "-"), file=log)
        with open(os.path.join(ROOT, name), "rb") as file:
            return self.answer(file.read(), fields)

    def head(self, status, *fields):
        self.wfile.write(("\r\n".join(["HTTP/1.1 " + status, *fields, "", ""])).encode())

    def body(self, data):
        for at in range(0, len(data), 16384):
            self.wfile.write(data[at:at + 16384])
            if self.rate:
                time.sleep(16384 / self.rate)

    def answer(self, data, fields):
        kind, first, total, etag = self.kind, 0, len(data), '"v1"'
        if kind == "busy" and self.count > 2:
            self.head("503 Service Unavailable", "Content-Length: 0")
            return True
        if kind == "changes" and self.count > 1:
            data, etag = bytes(b ^ 255 for b in data), '"v2"'
        if kind == "changes-silently" and self.count > 1:
            data = bytes(b ^ 255 for b in data)
        if kind == "other" :
            data, etag = bytes(b ^ 255 for b in data), '"v3"'
        if kind == "shorter":
            data, total = data[:-1], total - 1
        if kind == "moved":
            self.head("302 Found", "Location: /good/" + "big?rate=%d" % self.rate, "Content-Length: 0")
            return True
        if kind == "missing":
            self.head("404 Not Found", "Content-Length: 0")
            return True
        if kind == "damaged":  # a few bytes in the middle of an otherwise good file
            data = data[:700000] + bytes(b ^ 255 for b in data[700000:700100]) + data[700100:]
        common = ["ETag: " + etag]
        if kind in ("linked", "linked-plain"):
            common.append('Link: </other-dated/big>; rel=duplicate; pri=9, </good//big>; '
                          'rel="duplicate"; pri=1, <ftp://x/y>; rel=duplicate')
            common.append('Link: <../big.meta4>; rel=describedby; type="application/metalink4+xml"')
        if kind == "linked":
            digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
            common.append("Digest: SHA=x, SHA-256=" + digest)
        if self.name.endswith(".meta4"):
            common.append("Content-Type: application/metalink4+xml")
        if kind in ("dated", "other-dated"):
            common = ["Last-Modified: " + formatdate(784111777 + (kind != "dated"), usegmt=True),
                      "Date: " + formatdate(usegmt=True)]
        if kind == "weak":
            common = ['ETag: W/"v1"']
        asked = fields.get("range", "")
        fits = fields.get("if-range", etag) == etag or kind in ("lies-version", "dated")
        if kind == "unasked-part":
            return self.part(data, "bytes=0-%d" % (total // 2), common)
        if kind == "plain206":
            self.head("206 Partial Content", *common, "Content-Range: bytes 0-%d/%d" % (total - 1, total),
                      "Content-Length: %d" % total)
            self.body(data)
            return True
        if not asked or not fits or kind == "noranges":
            self.head("200 OK", *common, "Content-Length: %d" % total)
            if kind == "early" or (kind == "stalls" and self.count == 1):
                self.body(data[:total // 4])
                time.sleep(30 if kind == "stalls" else 0)
                return False
            self.body(data)
            return True
        return self.part(data, asked, common)

    def part(self, data, asked, common):
        kind, total = self.kind, len(data)
        low, _, high = asked.removeprefix("bytes=").partition("-")
        low, high = int(low), int(high or total - 1)
        if low >= total:
            self.head("416 Range Not Satisfiable", "Content-Range: bytes */%d" % total,
                      "Content-Length: 0")
            return True
        high = min(high, total - 1)
        piece = data[low:high + 1]
        shown = {"lies-start": "bytes %d-%d/%d" % (low + 1, high, total),
                 "lies-end": "bytes %d-%d/%d" % (low, high - 1, total),
                 "lies-total": "bytes %d-%d/%d" % (low, high, total + 1),
                 "lies-unit": "lines %d-%d/%d" % (low, high, total)}
        fields = ["Content-Range: " + shown.get(kind, "bytes %d-%d/%d" % (low, high, total))]
        if kind == "lies-version":
            common = ['ETag: "v9"']
        if kind == "multipart":
            fields = ["Content-Type: multipart/byteranges; boundary=x"]
        self.head("206 Partial Content", *common, *fields, "Content-Length: %d" % len(piece))
        if kind == "early":
            self.body(piece[:max(1, len(piece) // 2)])
            return False
        self.body(piece)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


with Server(("127.0.0.1", 0), Handler) as server:
    with open(PORT_FILE + ".new", "w") as port:
        print(server.server_address[1], file=port)
    os.rename(PORT_FILE + ".new", PORT_FILE)
    server.serve_forever()
