#!/usr/bin/env python3
"""Fills a Maildir with generated messages: letters.py MAILDIR COUNT [SIZE].
With SIZE each has about so many bytes of plain text; else they are of every
awkward kind in turn. The same call makes the same messages."""
import os
import sys

KINDS = [
    lambda n: b"plain text of %d\n" % n,
    lambda n: ("Grüße, 世界, %d\n" % n).encode(),
    lambda n: b"bytes \xff\xfe\x80 that are no UTF-8\n",
    lambda n: b"x" * (900 + n % 5000) + b"\n" + b"y" * 70000 + b"\n",
    lambda n: b".\n..\n.a\n\n.\n...\nend\n.\n",
    lambda n: b"",
    lambda n: b"no line end after this",
    lambda n: b"From me to you\n>From quoted\n>>From twice\n\nFrom at the start\n",
    lambda n: b"\n\n\n",
    lambda n: b"a carriage\rreturn inside\ntab\there, bell\x07\n",
]


def letter(n, size):
    head = b"From: Sender %d <sender%d@example.org>\nTo: alice@example.net\n" % (n, n)
    head += b"Date: Sun, 22 Nov 2026 %02d:%02d:%02d +0000\n" % (n // 3600 % 24, n // 60 % 60, n % 60)
    head += b"Subject: =?utf-8?q?Brief_=E2=84=96?= %d\nMessage-ID: <%d@example.org>\n\n" % (n, n)
    if size is None:
        return head + KINDS[n % len(KINDS)](n)
    line = b"The quick brown fox jumps over the lazy dog, and so it goes, line by line.\n"
    return head + line * max(0, (size - len(head)) // len(line))


def name(n, text):
    """As Dovecot's own delivery names files, microseconds and sizes included: names that differ
    in a running number only all collide in its hash table, and reading no size off the name it
    reads every file to list them."""
    return "%d.M%06dP%d.host,S=%d,W=%d" % (
        1700000000 + n, n * 7368787 % 1000003, 1000 + n * 7919 % 30011,
        len(text), len(text) + text.count(b"\n"))


def main():
    maildir, count = sys.argv[1], int(sys.argv[2])
    size = int(sys.argv[3]) if len(sys.argv) > 3 else None
    for sub in ("", "new", "cur", "tmp"):
        os.makedirs(os.path.join(maildir, sub), exist_ok=True)
    for n in range(1, count + 1):
        with open(os.path.join(maildir, "new", name(n, letter(n, size))), "wb") as f:
            f.write(letter(n, size))


main()
