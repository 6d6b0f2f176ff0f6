#!/usr/bin/env bats
# --watch: a line for each new message, IDLE renewed, lost connections made anew.
# shellcheck disable=SC2154,SC2028 # bats sets status and its kin; the backslashes are the peer's

load imapls

setup() { imapls_setup; }
teardown() {
  [ -z "${WATCH-}" ] || kill -KILL "$WATCH" 2>/dev/null || true
  peer_stop
}

selected() { # EXISTS UIDNEXT
  cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 IDLE] in
C: A002 EXAMINE "INBOX"
S: * $1 EXISTS
S: * OK [UIDVALIDITY 7] x
S: * OK [UIDNEXT $2] x
S: A002 OK
END
}

arrived() { # NUMBER UID SUBJECT
  echo "S: * $1 FETCH (UID $2 FLAGS (\\\\Recent) INTERNALDATE \"22-Nov-2026 10:00:01 +0000\" RFC822.SIZE 9 ENVELOPE (NIL \"$3\" NIL NIL NIL NIL NIL NIL NIL NIL))"
}

@test "a new message is a line at once; the wait is renewed; a BYE that says for good ends it" {
  { selected 1 5
    cat <<'END'
C: A003 IDLE
S: + idling
S: * OK Still here
S: * 2 EXISTS
C: DONE
S: A003 OK
C: A004 UID FETCH 5:4294967295 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)
END
    arrived 2 5 Hello
    cat <<'END'
S: A004 OK
C: A005 IDLE
S: + idling
C: DONE
S: A005 OK
C: A006 IDLE
S: + idling
S: * BYE [CONTACTADMIN] enough
[close]
END
  } >dialogue
  peer_start dialogue
  run --separate-stderr imapls --watch --watch-renew 0.5 --jsonl "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 69
  [ "$(jq -r '[.uid, .subject] | @csv' <<<"$output")" = '5,"Hello"' ]
  peer_wait
}

@test "a lost connection is made anew, and what came meanwhile is shown" {
  { selected 1 5
    echo 'C: A003 IDLE'; echo 'S: + idling'; echo '[close]'; } >first
  { selected 2 6
    echo 'C: A003 UID FETCH 5:4294967295 *'
    arrived 2 5 Meanwhile
    echo 'S: A003 OK'
    echo 'C: A004 IDLE'; echo 'S: * BYE [CONTACTADMIN] enough'; echo '[close]'
  } >dialogue
  # The peer plays what stands before its last argument first.
  peer_start dialogue first
  run --separate-stderr imapls --watch "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 69
  [[ $output == $'5\tN----\t'*Meanwhile* ]]
  [[ $stderr == *'connecting again in 1 s'* ]]
}

@test "a server that announces IDLE and refuses it is asked by NOOP" {
  { selected 1 5
    cat <<'END'
C: A003 IDLE
S: A003 NO not today
C: A004 NOOP
S: * 2 EXISTS
S: A004 OK
C: A005 UID FETCH 5:4294967295 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)
END
    arrived 2 5 Hello
    cat <<'END'
S: A005 OK
C: A006 NOOP
S: * BYE [CONTACTADMIN] enough
[close]
END
  } >dialogue
  peer_start dialogue
  run --separate-stderr imapls --watch --watch-renew 0.2 --jsonl "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 69
  assert_equal "$(jq -r .subject <<<"$output")" Hello
  peer_wait
}

@test "--max-time ends it for good" {
  { selected 1 5; echo 'C: A003 IDLE'; echo 'S: + idling'; echo '[wait 5]'; } >dialogue
  peer_start dialogue
  run --separate-stderr imapls --watch -m 0.5 "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 75
  [[ $stderr == *'not done after --max-time'* && $stderr != *again* ]]
}

@test "a signal ends it with 130" {
  { selected 1 5; echo 'C: A003 IDLE'; echo 'S: + idling'; echo '[wait 30]'; } >dialogue
  peer_start dialogue
  "$PROGRAM" -v --watch 2>said "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX" 3>&- &
  WATCH=$!
  await has_lines said idling
  kill -TERM "$WATCH"
  wait "$WATCH" && status=0 || status=$?
  assert_equal "$status" 130
}
