#!/usr/bin/env python3
"""A server that sets the cookies it is told to, and says which ones came.

cookie_server.py DIR CERT KEY: DIR/http and DIR/https hold the ports, once both answer.
GET /any/path?set=VALUE (percent-encoded, once for each Set-Cookie) sets; every answer's
body is the request's Cookie field and a line end.
"""
import http.server
import os
import ssl
import sys
import threading
import urllib.parse


class Cookies(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = urllib.parse.urlsplit(self.path).query
        body = (self.headers.get("Cookie", "") + "\n").encode("latin-1")
        self.send_response(200)
        for name, value in urllib.parse.parse_qsl(query, encoding="latin-1"):
            if name == "set":
                self.send_header("Set-Cookie", value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *ignored):
        pass


def serve(path, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cookies)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()
    with open(path + ".new", "w") as f:
        f.write(str(server.server_port))
    os.rename(path + ".new", path)


directory, cert, key = sys.argv[1:]
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(cert, key)
serve(directory + "/https", tls)
serve(directory + "/http", None)
