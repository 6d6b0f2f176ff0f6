#!/usr/bin/env python3
"""What another implementation makes of a message: read_mail.py [DIR] < message.
Prints subject and addresses as a reader sees them, then the tree of parts with
type, coding, file name and text; attachments are saved in DIR under 1, 2, ...
Ends with 1, and says why, where the message is not as RFC 5322, 2045 and 2047
want it."""
import re
import sys
from email import message_from_bytes
from email.policy import default

complaints = []


def check_head(head):
    for line in head.split(b"\n"):
        if len(line) > 78:
            complaints.append("a header line of %d: %r" % (len(line), line))
        if any(byte >= 0x80 for byte in line):
            complaints.append("not ASCII: %r" % line)
        for word in re.findall(rb"=\?[^?]*\?[bBqQ]\?[^?]*\?=", line):
            if len(word) > 75:
                complaints.append("an encoded word of %d: %r" % (len(word), word))


def show(part, depth, saved):
    complaints.extend(repr(defect) for defect in part.defects)
    line = "  " * depth + part.get_content_type()
    if part.is_multipart():
        print(line)
        for child in part.iter_parts():
            show(child, depth + 1, saved)
        return
    line += " " + part.get("Content-Transfer-Encoding", "none").lower()
    if part.get_content_disposition() == "attachment":
        saved.append(part)
        if len(sys.argv) > 1:
            with open("%s/%d" % (sys.argv[1], len(saved)), "wb") as file:
                file.write(part.get_payload(decode=True))
        print(line, "file", part.get_filename())
    else:
        print(line, repr(part.get_payload(decode=True).decode(part.get_content_charset("ascii"))))


whole = sys.stdin.buffer.read()
check_head(whole.split(b"\n\n")[0])
message = message_from_bytes(whole, policy=default)
for name in ("Subject", "From", "To", "Cc", "Reply-To", "X-Note"):
    if name in message:
        complaints.extend(repr(defect) for defect in message[name].defects)
        print("%s: %s" % (name, message[name]))
for name in ("Date", "Message-ID", "MIME-Version"):
    if len(message.get_all(name, [])) != 1:
        complaints.append("not one " + name)
show(message, 0, [])
for complaint in complaints:
    print("read_mail:", complaint, file=sys.stderr)
sys.exit(1 if complaints else 0)
