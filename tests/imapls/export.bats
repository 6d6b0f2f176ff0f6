#!/usr/bin/env bats
# --export: only what is new, flags as Maildir letters, nothing lost when a run is cut off.

# shellcheck disable=SC2154,SC2028 # bats sets stderr; the backslashes are the peer's
load imapls

setup() { imapls_setup; }
teardown() { peer_stop; }

opening() { # UIDVALIDITY EXISTS UIDNEXT
  cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 CONDSTORE] in
C: A002 EXAMINE "INBOX" (CONDSTORE)
S: * $2 EXISTS
S: * OK [UIDVALIDITY $1] x
S: * OK [UIDNEXT $3] x
S: * OK [HIGHESTMODSEQ ${4-50}] x
S: A002 OK
END
}

# A mailbox, and what the state knows of it.
resync() { # UIDVALIDITY MODSEQ UID
  cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 ENABLE QRESYNC] in
C: A002 ENABLE QRESYNC
C: A003 EXAMINE "INBOX" (QRESYNC (7 $2 1:$3))
S: * ENABLED QRESYNC
S: A002 OK
S: * 2 EXISTS
S: * OK [UIDVALIDITY $1] x
S: * OK [UIDNEXT 13] x
S: * OK [HIGHESTMODSEQ 60] x
END
  [ "$1" != 7 ] || cat <<'END'
S: * VANISHED (EARLIER) 10
S: * 1 FETCH (UID 11 FLAGS (\\Flagged) MODSEQ (55))
END
  echo 'S: A003 OK'
}

letter() { # NUMBER UID FLAGS TEXT
  echo "S: * $1 FETCH (UID $2 FLAGS ($3) INTERNALDATE \"22-Nov-2026 10:00:01 +0000\" RFC822.SIZE 14 BODY[] {$((11 + ${#4}))}"
  echo "S: From: x"
  echo "S:"
  echo "S: $4)"
}

closing() { # TAG
  echo 'S: * BYE'
  echo "S: A00$1 OK"
}

export_to() {
  peer_start dialogue
  run --separate-stderr imapls --export "$1" "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
}

# The state names host and port, and the peer's port changes.
same_port() {
  sed -i "s/@127.0.0.1:[0-9]*/@127.0.0.1:PORT/" M/.imapls
  SAVED=$(cat M/.imapls)
}
again() {
  peer_start dialogue
  echo "${SAVED/PORT/$PEER_PORT}" >M/.imapls
  run --separate-stderr imapls --export maildir:M "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
}

@test "all, then only what is new and what changed" {
  { opening 7 2 12; echo 'C: A003 UID FETCH 1:4294967295 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])'
    echo 'C: A004 LOGOUT'
    letter 1 10 '\\Seen \\Flagged' one; letter 2 11 '' two; echo 'S: A003 OK'; closing 4; } >dialogue
  export_to maildir:M
  assert_status 0
  peer_wait
  [ "$(cat M/new/*)" = $'From: x\n\ntwo' ]
  [[ $(ls M/cur) == *:2,FS ]]
  same_port
  { opening 7 2 12; echo 'C: A003 LOGOUT'; closing 3; } >dialogue
  again
  assert_status 0
  peer_wait
  { opening 7 3 13 60; echo 'C: A003 UID FETCH 1:11 (UID FLAGS) (CHANGEDSINCE 50)'
    echo 'C: A004 UID FETCH 12:4294967295 *'; echo 'C: A005 LOGOUT'
    echo 'S: * 1 FETCH (UID 10 FLAGS (\\Answered) MODSEQ (55))'; echo 'S: A003 OK'
    letter 3 12 '\\Draft' three; echo 'S: A004 OK'; closing 5; } >dialogue
  again
  assert_status 0
  peer_wait
  [ "$(find M/cur -name '*:2,D' | wc -l)" = 1 ]
  [ "$(find M/cur M/new -type f | wc -l)" = 3 ]
}

@test "QRESYNC: what changed comes with the mailbox's figures; an old UIDVALIDITY there is harmless" {
  { opening 7 2 12; echo 'C: *'; echo 'C: A004 LOGOUT'
    letter 1 10 '' one; letter 2 11 '' two; echo 'S: A003 OK'; closing 4; } >dialogue
  export_to maildir:M
  assert_status 0
  resync 7 50 11 >dialogue
  { echo 'C: A004 UID FETCH 12:4294967295 *'; echo 'C: A005 LOGOUT'
    letter 2 12 '' three; echo 'S: A004 OK'; closing 5; } >>dialogue
  peer_start dialogue --port "$PEER_PORT"
  run --separate-stderr imapls --export maildir:M "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 0
  peer_wait
  [ "$(cat M/cur/*:2,F)" = $'From: x\n\ntwo' ]
  [ "$(find M/cur M/new -type f | wc -l)" = 3 ]
  resync 8 60 12 >dialogue
  { echo 'C: A004 UID FETCH 1:4294967295 *'; echo 'C: A005 LOGOUT'
    letter 1 1 '' anew; echo 'S: A004 OK'; closing 5; } >>dialogue
  peer_start dialogue --port "$PEER_PORT"
  run --separate-stderr imapls --export maildir:M "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 0
  peer_wait
  [[ $stderr == *"UIDVALIDITY changed from 7 to 8"* ]]
  [ "$(find M/cur M/new -type f | wc -l)" = 4 ]
}

# What a server announces and then refuses: asked once more, for nothing but IMAP's base.
plainly() {
  cat <<END
S2: * OK [CAPABILITY IMAP4rev1] ready
C2: A001 LOGIN *
S2: A001 OK [CAPABILITY IMAP4rev1 CONDSTORE ENABLE QRESYNC] in
C2: A002 EXAMINE "INBOX"
S2: * 2 EXISTS
S2: * OK [UIDVALIDITY 7] x
S2: * OK [UIDNEXT 12] x
S2: * OK [HIGHESTMODSEQ 60] x
S2: A002 OK
C2: A003 UID FETCH 1:11 (UID FLAGS)
C2: A004 LOGOUT
S2: * 1 FETCH (UID 10 FLAGS (\\\\Flagged))
S2: A003 OK
S2: * BYE
S2: A004 OK
END
}

first_export() {
  { opening 7 2 12; echo 'C: *'; echo 'C: A004 LOGOUT'
    letter 1 10 '' one; letter 2 11 '' two; echo 'S: A003 OK'; closing 4; } >dialogue
  export_to maildir:M
  assert_status 0
}

# The same port: it is part of the messages' names.
assert_falls_back() {
  peer_start dialogue --port "$PEER_PORT"
  run --separate-stderr imapls --export maildir:M "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX"
  assert_status 0
  peer_wait
  [ "$(cat M/cur/*:2,F)" = $'From: x\n\none' ]
  [ "$(find M/cur M/new -type f | wc -l)" = 2 ]
}

@test "QRESYNC and ENABLE announced, and refused: it goes without" {
  for answer in BAD NO; do
    rm -rf M
    first_export
    { cat <<END; plainly; } >dialogue
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 CONDSTORE ENABLE QRESYNC] in
C: A002 ENABLE QRESYNC
C: A003 EXAMINE "INBOX" (QRESYNC (7 50 1:11))
S: A002 $answer no such thing
S: A003 $answer no such thing
[eof]
END
    assert_falls_back
  done
}

@test "ENABLE refused, its parameter overlooked: what changed is asked for" {
  first_export
  { cat <<'END'; echo 'S: A004 OK'; closing 5; } >dialogue
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 ENABLE QRESYNC] in
C: A002 ENABLE QRESYNC
C: A003 EXAMINE "INBOX" (QRESYNC (7 50 1:11))
S: A002 NO not today
S: * 2 EXISTS
S: * OK [UIDVALIDITY 7] x
S: * OK [UIDNEXT 12] x
S: * OK [HIGHESTMODSEQ 60] x
S: A003 OK
C: A004 UID FETCH 1:11 (UID FLAGS) (CHANGEDSINCE 50)
C: A005 LOGOUT
S: * 1 FETCH (UID 10 FLAGS (\\Flagged) MODSEQ (55))
END
  assert_falls_back
}

@test "CONDSTORE announced, and refused when the mailbox is opened, or when it is used" {
  first_export
  { cat <<'END'; plainly; } >dialogue
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 CONDSTORE] in
C: A002 EXAMINE "INBOX" (CONDSTORE)
S: A002 BAD what?
[eof]
END
  assert_falls_back
  rm -rf M
  first_export
  { opening 7 2 12 60; cat <<'END'; plainly; } >dialogue
C: A003 UID FETCH 1:11 (UID FLAGS) (CHANGEDSINCE 50)
C: A004 LOGOUT
S: A003 BAD what?
[close]
END
  assert_falls_back
}

@test "no such mailbox is said at once, whatever was asked with it" {
  cat >dialogue <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev1 CONDSTORE] in
C: A002 EXAMINE "INBOX" (CONDSTORE)
S: A002 NO [NONEXISTENT] none
C: A003 LOGOUT
S: * BYE
S: A003 OK
END
  export_to maildir:M
  assert_status 66
  peer_wait
}

@test "another UIDVALIDITY is said, and all comes afresh beside the old" {
  { opening 7 1 11; echo 'C: *'; echo 'C: A004 LOGOUT'; letter 1 10 '' one; echo 'S: A003 OK'; closing 4; } >dialogue
  export_to maildir:M
  assert_status 0
  same_port
  { opening 8 1 2; echo 'C: A003 UID FETCH 1:4294967295 *'; echo 'C: A004 LOGOUT'; letter 1 1 '' one
    echo 'S: A003 OK'; closing 4; } >dialogue
  again
  assert_status 0
  [[ $stderr == *"UIDVALIDITY changed from 7 to 8"* ]]
  [ "$(find M/new -type f | wc -l)" = 2 ]
}

@test "a connection that breaks: what came whole stays, and the next run has the rest" {
  { opening 7 2 12; echo 'C: *'; echo 'C: A004 LOGOUT'; letter 1 10 '' one
    echo 'S: * 2 FETCH (UID 11 FLAGS () BODY[] {100}'; echo 'S: From: x'; echo '[close]'; } >dialogue
  export_to maildir:M
  assert_status 75
  [ "$(find M/new -type f | wc -l)" = 1 ]
  [ -z "$(ls M/tmp)" ]
  same_port
  { opening 7 2 12; echo 'C: A003 UID FETCH 1:10 (UID FLAGS)'; echo 'C: A004 UID FETCH 11:4294967295 *'
    echo 'C: A005 LOGOUT'; echo 'S: A003 OK'; letter 2 11 '' two; echo 'S: A004 OK'; closing 5; } >dialogue
  again
  assert_status 0
  peer_wait
  [ "$(find M/new -type f | wc -l)" = 2 ]
}

@test "a target that is none is 64" {
  run --separate-stderr imapls -u a:b --export here imap://127.0.0.1:1/INBOX
  assert_status 64
}

@test "two runs at once into one mbox or Maildir: the second is told to come again" {
  mkdir -p maildir/cur maildir/new maildir/tmp
  : >mbox
  for where in mbox maildir; do
    opening 7 0 1 >dialogue
    peer_start dialogue
    exec 9<"$where"
    flock -n 9
    run --separate-stderr imapls --export "$where:$where" "imap://alice:sesame@127.0.0.1:$PEER_PORT/INBOX" 9<&-
    exec 9<&-
    assert_status 75
    [[ $stderr == "imapls: $where: another run works on it" ]]
    peer_stop
  done
}
