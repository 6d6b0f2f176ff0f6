#!/usr/bin/env bats
# Against Dovecot: what is changed persists between sessions, unlike POP3.
# shellcheck disable=SC2154 # status, output, stderr are bats's

load imapls

setup_file() {
  export DOVE=$BATS_FILE_TMPDIR/dovecot
  "$BATS_TEST_DIRNAME/../servers/dovecot.sh" start "$DOVE"
}
teardown_file() { "$BATS_TEST_DIRNAME/../servers/dovecot.sh" stop "$DOVE"; }

setup() {
  imapls_setup
  # shellcheck disable=SC1091
  . "$DOVE/env"
  PLAIN=imap://ada:lovelace@127.0.0.1:$DOVECOT_IMAP
  SECURE=imaps://ada:lovelace@localhost:$DOVECOT_IMAPS
}

letter() { # SUBJECT
  printf 'From: Bob <bob@example.net>\nTo: ada@example.net\nSubject: %s\n\nDo you like ketchup?\n' "$1"
}

@test "folders and flags persist between sessions" {
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
  assert_line $'Sent\t0\t0\tsent'
}

@test "the letter is read again, through STARTTLS and TLS alike" {
  run imapls --cacert "$DOVECOT_CA" "imap://ada:lovelace@localhost:$DOVECOT_IMAP/INBOX;UID=2"
  assert_output $'From: Bob <bob@example.net>\nTo: ada@example.net\nSubject: Two\n\nDo you like ketchup?'
  imapls --cacert "$DOVECOT_CA" --raw "$SECURE/INBOX;UID=2" >got
  letter Two | sed 's/$/\r/' | cmp - got
  run imapls --tls off -1 --subject two "$PLAIN/INBOX"
  assert_output 2
  run imapls --tls off -1 --search 'SUBJECT "Größe"' "$PLAIN/INBOX"
  assert_success
  assert_output ''
  run imapls --tls off "$PLAIN/INBOX;UID=99"
  assert_equal "$status" 66
}

@test "libcurl sees the same bytes" {
  curl -s --user ada:lovelace "imap://127.0.0.1:$DOVECOT_IMAP/INBOX;UID=2" -o curl
  imapls --tls off --raw "$PLAIN/INBOX;UID=2" >ours
  cmp curl ours
}

@test "moved, expunged, renamed, removed" {
  imapls --tls off --create --subscribe "$PLAIN/Old"
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
  [ "$(jq -c '[.exported, .flags]' again)" = '[0,1]' ]
  letter Three | cmp - M/cur/*:2,FS
}
