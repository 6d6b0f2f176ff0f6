"""A second FTP server for the tests: pyftpdlib, which takes commands at once (not one after the
other as vsftpd does), has MLSD, MFMT and UTF-8 names, and here HASH.
    pyftpd.py DIRECTORY PORT
"""

import hashlib
import logging
import os
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

PROTO = dict(FTPHandler.proto_cmds)
PROTO["HASH"] = {"perm": "r", "auth": True, "arg": True, "help": "Syntax: HASH <SP> path."}


class Handler(FTPHandler):
    """HASH as draft-bryan-ftp-hash, SHA-256 alone."""

    proto_cmds = PROTO

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._extra_feats = self._extra_feats + ["HASH SHA-256*"]

    def ftp_HASH(self, path):
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        if os.path.basename(path).startswith("bad"):
            digest = "0" * 64
        self.respond("213 SHA-256 0-%d %s %s" % (os.path.getsize(path), digest, os.path.basename(path)))
        return path


def handler_with(authorizer, base):
    """A handler class of its own for each port."""
    made = type("Made", (base,), {})
    made.authorizer = authorizer
    made.banner = "pyftpdlib for the tests"
    made.permit_privileged_ports = True
    return made


def main():
    directory, port = sys.argv[1], int(sys.argv[2])
    logging.basicConfig(level=logging.ERROR)
    authorizer = DummyAuthorizer()
    authorizer.add_user("ada", "lovelace", directory, perm="elradfmwMT")
    authorizer.add_anonymous(directory)
    server = FTPServer(("127.0.0.1", port), handler_with(authorizer, Handler))
    server.serve_forever()


main()
