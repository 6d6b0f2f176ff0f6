# shellcheck shell=bash
# What must come out alike whatever the server can: `load rounds` after imapls. PLAIN is the
# server's URL, DOVECOT_IMAP its port.
# shellcheck disable=SC2154

rounds_server() { # start, with DOVECOT_CAPABILITY or without
  export DOVE=$BATS_FILE_TMPDIR/dovecot
  "$BATS_TEST_DIRNAME/../servers/dovecot.sh" start "$DOVE"
}

rounds_setup() {
  imapls_setup
  # shellcheck disable=SC1091
  . "$DOVE/env"
  PLAIN=imap://ada:lovelace@127.0.0.1:$DOVECOT_IMAP
  SECURE=imaps://ada:lovelace@localhost:$DOVECOT_IMAPS
}

letter() { # SUBJECT
  printf 'From: Bob <bob@example.net>\nTo: ada@example.net\nSubject: %s\n\nDo you like ketchup?\n' "$1"
}

# Folders and flags persist between sessions, unlike POP3's: each command is a session.
round_persist() {
  imapls --tls off --create "$PLAIN/Letters%20%C3%A4"
  letter One | imapls --tls off --append - "$PLAIN/INBOX" >uid
  letter Two | imapls --cacert "$DOVECOT_CA" --append - "$SECURE/INBOX"
  [ "$(cat uid)" = 1 ]
  imapls --tls off --mark '+\Flagged' --copy-to 'Letters ä' "$PLAIN/INBOX;UID=1"
  imapls --tls off --mark +seen --mark -flagged "$PLAIN/Letters%20%C3%A4?ALL"
  run imapls --tls off "$PLAIN/INBOX"
  assert_line --index 0 --partial $'1\tN-F--\t'
  assert_line --index 1 --partial $'2\tN----\t'
  run imapls --tls off "$PLAIN/Letters%20%C3%A4"
  assert_output --partial $'1\t-----\t'
  run imapls --tls off "$PLAIN/"
  assert_line $'INBOX\t2\t2\t'
  assert_line $'Letters ä\t1\t0\t'
}

round_read() {
  run imapls --cacert "$DOVECOT_CA" "imap://ada:lovelace@localhost:$DOVECOT_IMAP/INBOX;UID=2"
  assert_output $'From: Bob <bob@example.net>\nTo: ada@example.net\nSubject: Two\n\nDo you like ketchup?'
  imapls --cacert "$DOVECOT_CA" --raw "$SECURE/INBOX;UID=2" >got
  letter Two | sed 's/$/\r/' | cmp - got
  imapls --tls off --headers "$PLAIN/INBOX;UID=2" >got
  letter Two | sed 's/$/\r/; /^\r$/q' | cmp - got
  imapls --tls off --mark +flagged,answered "$PLAIN/INBOX;UID=2"
  run imapls --tls off -l "$PLAIN/INBOX?UID%202"
  assert_output --regexp $'^2\t[^\t]*\\\\Flagged[^\t]*\t....-..-..T..:..:..Z\tbob@example.net\tTwo\t88$'
  imapls --tls off --mark -flagged --mark -answered "$PLAIN/INBOX;UID=2"
  run imapls --tls off -1 --from bob --since 2026-01-01 -t "$PLAIN/INBOX"
  assert_output $'2\n1'
  run imapls --tls off -1 --subject two "$PLAIN/INBOX"
  assert_output 2
  run imapls --tls off -1 --search 'SUBJECT "Größe"' "$PLAIN/INBOX"
  assert_success
  assert_output ''
  run imapls --tls off -1 --search 'SUBJECT "Größe"' "$PLAIN/Nowhere"
  assert_equal "$status" 66
  run imapls --tls off "$PLAIN/INBOX;UID=99"
  assert_equal "$status" 66
}

# Every part of a nested message, and bodies that look like answers, as libcurl has them too.
round_parts() {
  sed 's/$/\r/' >nested <<'END'
From: x@example.net
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=o

--o
Content-Type: multipart/alternative; boundary=i

--i
Content-Type: text/plain

A004 OK done
* BYE {5}
)
--i
Content-Type: text/html

<p>{12}
--i--
--o
Content-Type: message/rfc822

From: y@example.net
Subject: "{3}

inner
--o
Content-Type: application/octet-stream
Content-Transfer-Encoding: base64

AAEC/w==
--o--
END
  imapls --tls off --create "$PLAIN/Parts"
  imapls --tls off --append nested "$PLAIN/Parts"
  imapls --tls off --raw "$PLAIN/Parts;UID=1" | cmp - nested
  for part in 1 1.1 1.1.MIME 1.2 2 2.HEADER 2.1 3; do
    imapls --tls off --raw --part "$part" "$PLAIN/Parts;UID=1" >ours
    curl -s "imap://ada:lovelace@127.0.0.1:$DOVECOT_IMAP/Parts;UID=1;SECTION=$part" -o theirs
    cmp ours theirs
  done
  imapls --tls off --part 3 "$PLAIN/Parts;UID=1" >bytes
  [ "$(od -An -tx1 bytes | tr -d ' \n')" = 000102ff ]
  run imapls --tls off --part 1.3 "$PLAIN/Parts;UID=1"
  assert_equal "$status" 66
  imapls --tls off --remove "$PLAIN/Parts"
}

# A thread, the largest, all mailboxes.
round_orders() {
  imapls --tls off --create "$PLAIN/Talk"
  for k in 1 2 3 4; do
    printf 'From: b@x.net\nSubject: S%d\nMessage-ID: <%d@x>\nReferences: <%s@x>\n\n%0*d\n' \
      "$k" "$k" "${k/3/1}" $((k * 37 % 100 + 100)) 0 | sed "s/<$k@x>\$/<none@x>/; s/^Message-ID.*/Message-ID: <$k@x>/" |
      imapls --tls off --append - "$PLAIN/Talk" >/dev/null
  done
  run imapls --tls off --thread "$PLAIN/Talk"
  cut -f1,5 <<<"$output" >got
  printf '%s\n' $'1\tS1' $'3\t  S3' $'2\tS2' $'4\tS4' | diff - got
  run imapls --tls off -1 -S -n 2 "$PLAIN/Talk"
  assert_output $'2\n4'
  run imapls --tls off -1 -R --subject S "$PLAIN/Talk"
  assert_output $'Talk\t1\nTalk\t2\nTalk\t3\nTalk\t4'
  imapls --tls off --remove "$PLAIN/Talk"
}

round_export() {
  for to in maildir:M mbox:box; do
    imapls --tls off --export "$to" "$PLAIN/INBOX"
    imapls --tls off --export "$to" --jsonl "$PLAIN/INBOX" >again
    [ "$(jq .exported again)" = 0 ]
  done
  before=$(grep -c '^From ' box)
  letter Three | imapls --tls off --mark +seen --append - "$PLAIN/INBOX"
  for to in maildir:M mbox:box; do
    imapls --tls off --export "$to" --jsonl "$PLAIN/INBOX" >again
    [ "$(jq .exported again)" = 1 ]
  done
  [ "$(grep -c '^From ' box)" = $((before + 1)) ]
  letter Three | cmp - M/cur/*:2,S
  imapls --tls off --mark +flagged "$PLAIN/INBOX?SUBJECT%20Three"
  imapls --tls off --export maildir:M --jsonl "$PLAIN/INBOX" >again
  [ "$(jq -c .exported again)" = 0 ]
  letter Three | cmp - M/cur/*:2,FS
}
