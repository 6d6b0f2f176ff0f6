#!/usr/bin/env bats
# Against a Dovecot that says it can nothing but IMAP4rev1: what stands in for each extension.
# shellcheck disable=SC2154 # status, output, stderr are bats's

load imapls
load rounds

setup_file() {
  export DOVECOT_CAPABILITY=IMAP4rev1
  rounds_server
}
teardown_file() { "$BATS_TEST_DIRNAME/../servers/dovecot.sh" stop "$DOVE"; }
setup() { rounds_setup; }

@test "folders and flags persist between sessions" { round_persist; }

@test "the letter is read again" { round_read; }

@test "libcurl sees the same bytes, of every part" { round_parts; }

@test "threads, the largest, all mailboxes" { round_orders; }

@test "no MOVE and no UIDPLUS: nothing is done by half; the steps do it" {
  imapls --tls off --create "$PLAIN/Old"
  run imapls --tls off --move-to Old "$PLAIN/INBOX;UID=2"
  assert_equal "$status" 69
  assert_output --partial 'neither MOVE nor UIDPLUS'
  run imapls --tls off -1 "$PLAIN/Old"
  assert_output ''
  imapls --tls off --copy-to Old --mark +deleted "$PLAIN/INBOX;UID=2"
  imapls --tls off --expunge "$PLAIN/INBOX"
  run imapls --tls off -1 "$PLAIN/INBOX"
  assert_output 1
  run imapls --tls off -1 "$PLAIN/Old"
  assert_output 1
}

@test "an export is incremental, to Maildir and mbox" {
  round_export
  run imapls --tls off -v --export maildir:M "$PLAIN/INBOX"
  refute_output --partial 'CONDSTORE'
}

@test "--watch without IDLE asks again and again" {
  timeout 60 "$PROGRAM" -v --tls off --watch --watch-renew 0.3 --jsonl "$PLAIN/INBOX" >seen 2>said 3>&- &
  watch=$!
  await has_lines said '^C: .* NOOP'
  letter Now | imapls --tls off --append - "$PLAIN/INBOX" >uid
  await test -s seen
  kill "$watch"
  wait "$watch" || true
  [ "$(jq -r .subject seen)" = Now ]
}
