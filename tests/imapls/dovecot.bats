#!/usr/bin/env bats
# Against Dovecot with all that it has.
# shellcheck disable=SC2154 # status, output, stderr are bats's

load imapls
load rounds

setup_file() { rounds_server; }
teardown_file() { "$BATS_TEST_DIRNAME/../servers/dovecot.sh" stop "$DOVE"; }
setup() { rounds_setup; }

@test "folders and flags persist between sessions" {
  round_persist
  run imapls --tls off "$PLAIN/"
  assert_line $'Sent\t0\t0\tsent'
}

@test "the letter is read again, through STARTTLS and TLS alike" { round_read; }

@test "libcurl sees the same bytes, of every part" { round_parts; }

@test "threads, the largest, all mailboxes" { round_orders; }

@test "moved, expunged, renamed, removed" {
  imapls --tls off --create --subscribe "$PLAIN/Old"
  run imapls --tls off --execute 'lsub "" "*"' "$PLAIN/"
  assert_line --partial '"/" Old'
  imapls --tls off --unsubscribe "$PLAIN/Old"
  run imapls --tls off --execute 'lsub "" "*"' "$PLAIN/"
  refute_line --partial '"/" Old'
  imapls --tls off --move-to Old "$PLAIN/INBOX;UID=2"
  run imapls --tls off -1 "$PLAIN/INBOX"
  assert_output 1
  imapls --tls off --rename Older "$PLAIN/Old"
  run imapls --tls off --search ALL -1 "$PLAIN/Older"
  assert_output 1
  imapls --tls off --mark +deleted --expunge "$PLAIN/Older;UID=1"
  run imapls --tls off "$PLAIN/Older"
  assert_output ''
  imapls --tls off --remove "$PLAIN/Older"
  run imapls --tls off "$PLAIN/Older"
  assert_equal "$status" 66
  run imapls --tls off --mark +seen "$PLAIN/INBOX;UID=77"
  assert_equal "$status" 66
  run imapls --tls off --mark +seen "$PLAIN/INBOX"
  assert_equal "$status" 64
}

@test "an export is incremental, to Maildir and mbox" {
  round_export
  run imapls --tls off -v --export maildir:M "$PLAIN/INBOX"
  assert_output --partial '(QRESYNC ('
}

@test "compressed, in the clear and under TLS; the trace shows plain lines" {
  seq 1 60000 | { letter Long; cat; } | imapls --tls off --compress --append - "$PLAIN/INBOX" >uid
  for url in "$PLAIN" "$SECURE"; do
    imapls --tls auto --cacert "$DOVECOT_CA" -v --compress --raw "${url/127.0.0.1/localhost}/INBOX;UID=$(cat uid)" >got 2>trace
    { letter Long; seq 1 60000; } | sed 's/$/\r/' | cmp - got
    grep -qF '[compress deflate]' trace
    grep -q '^S: \* BYE' trace
  done
  imapls --tls off --compress --export maildir:C "$PLAIN/INBOX"
  run imapls --tls off --execute 'compress; noop; raw UID FETCH 1 (FLAGS)' "$PLAIN/"
  assert_line --partial 'A003 OK'
}
