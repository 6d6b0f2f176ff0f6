#!/usr/bin/env bats
# A terminal: columns stay columns whatever a subject holds, nothing hostile gets there raw,
# and mailboxes are completed at the prompt.
# shellcheck disable=SC2154,SC2028 # bats sets status and its kin; the backslashes are the peer's

load imapls

setup() {
  imapls_setup
  command -v tmux >/dev/null || skip 'no tmux'
  TMUX_NAME=parley-$$-$BATS_TEST_NUMBER
}

teardown() {
  tmux -L "${TMUX_NAME-none}" kill-server 2>/dev/null || true
  peer_stop
}

# imapls in a terminal of 80 columns; its status ends the screen.
in_terminal() { # ARGUMENT...
  local command
  command="$(printf '%q ' "$PROGRAM" "$@"); echo \"status \$?\"; sleep 30"
  tmux -L "$TMUX_NAME" -u -f /dev/null new-session -d -x 80 -y 24 "LC_ALL=$LC_ALL TZ=UTC sh -c $(printf %q "$command")" 3>&- 4>&-
}

# Waits until the words stand on the screen.
screen_has() { # WORDS
  for _ in $(seq 600); do
    tmux -L "$TMUX_NAME" capture-pane -p >screen
    ! grep -qF -- "$1" screen || return 0
    sleep 0.05
  done
  cat screen
  return 1
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
  screen_has 'status 0'
  # Cells, not characters: a wide one counts two.
  grep '  Bob  ' screen >lines
  [ "$(wc -l <lines)" = 5 ]
  while IFS= read -r line; do
    [ "$(wc -L <<<"$line")" = 80 ]
    [[ $line == *'900 B' ]]
  done <lines
  run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' screen
  grep -qF '\x1b[31mred' screen
}

@test "a terminal that has no UTF-8 gets question marks, as many as there would be cells" {
  { opening; item 1 '"=?utf-8?b?R3LDvMOfZSDml6U=?= end"'; closing; } >dialogue
  peer_start dialogue
  LC_ALL=C in_terminal "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  screen_has 'status 0'
  grep -qF 'Gr??e ?? end' screen
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
  screen_has 'imapls>'
  tmux -L "$TMUX_NAME" send-keys 'cd Le' Tab
  screen_has 'cd Letters'
  tmux -L "$TMUX_NAME" send-keys Enter
  screen_has 'S: A003 OK'
  tmux -L "$TMUX_NAME" send-keys 'cd I' Tab Enter
  screen_has 'S: A004 OK'
  tmux -L "$TMUX_NAME" send-keys 'quit' Enter
  screen_has 'status 0'
  peer_wait
}
