#!/usr/bin/env bats
# A terminal: columns stay columns whatever a subject holds, nothing hostile gets there raw,
# and mailboxes are completed at the prompt.
# shellcheck disable=SC2154,SC2028 # bats sets status and its kin; the backslashes are the peer's

load imapls
load ../peer/screen.bash

setup() {
  imapls_setup
  screen_setup
}

teardown() {
  screen_stop
  peer_stop
}

in_terminal() { # ARGUMENT...
  screen_run 80 24 env TZ=UTC "$PROGRAM" "$@"
}

item() { # NUMBER SUBJECT
  echo "S: * $1 FETCH (UID $1 FLAGS () INTERNALDATE \"22-Nov-2026 10:00:01 +0000\" RFC822.SIZE 900 ENVELOPE (NIL $2 ((\"Bob\" NIL \"bob\" \"example.net\")) NIL NIL NIL NIL NIL NIL NIL))"
}

opening() {
  cat <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: A003 UID FETCH 1:* *
C: A004 LOGOUT
S: A001 OK
S: A002 OK
END
}

closing() {
  printf 'S: A003 OK\nS: * BYE\nS: A004 OK\n'
}

@test "wide, combining, long and hostile subjects: the size stands in the same column" {
  { opening
    item 1 '"plain"'
    item 2 '"=?utf-8?b?5pel5pys6Kqe5pel5pys6Kqe5pel5pys6Kqe?="'
    item 3 '"=?utf-8?b?ZcyB?= \\x1b[31mred\\x07"'
    item 4 '"=?utf-8?q?a=0Ab=09c=C2=9B2J=E2=80=AEtxt?="'
    item 5 "\"$(printf 'long%.0s' $(seq 40))\""
    closing; } | sed 's/\\\\x/\\x/g' >dialogue
  peer_start dialogue
  in_terminal "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  screen_shows 'ended with 0'
  # Cells, not characters: a wide one counts two.
  screen >seen
  grep '  Bob  ' seen >lines
  [ "$(wc -l <lines)" = 5 ]
  while IFS= read -r line; do
    [ "$(wc -L <<<"$line")" = 80 ]
    [[ $line == *'900 B' ]]
  done <lines
  run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' seen
  grep -qF '\x1b[31mred' seen
}

@test "a terminal that has no UTF-8 gets question marks, as many as there would be cells" {
  { opening; item 1 '"=?utf-8?b?R3LDvMOfZSDml6U=?= end"'; closing; } >dialogue
  peer_start dialogue
  LC_ALL=C in_terminal "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  screen_shows 'ended with 0'
  screen | grep -qF 'Gr??e ?? end'
}

@test "at the prompt mailboxes are completed, asked for once, and ls shows no dialogue" {
  cat >dialogue <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1] in
C: A002 LIST "" "*"
S: * LIST () "/" INBOX
S: * LIST () "/" Letters
S: A002 OK
C: A003 EXAMINE "Letters"
S: A003 OK
C: A004 EXAMINE "INBOX"
S: A004 OK
C: A005 LOGOUT
S: * BYE
S: A005 OK
END
  peer_start dialogue
  in_terminal --interactive "imap://alice:sesame@127.0.0.1:$PEER_PORT/"
  screen_shows 'imapls>'
  screen_type 'cd Le' Tab
  screen_shows 'cd Letters'
  screen_type Enter
  screen_shows 'S: A003 OK'
  screen_type 'cd I' Tab Enter
  screen_shows 'S: A004 OK'
  screen_type 'quit' Enter
  screen_shows 'ended with 0'
  peer_wait
}
