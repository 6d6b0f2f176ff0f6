#!/usr/bin/env bats
# The dialogue: logging in, listing, reading, round trips; bytes that would mislead.
# shellcheck disable=SC2154 # status, output, stderr are bats's

load imapls

setup() { imapls_setup; }
teardown() { peer_stop; }

envelope='("Sun, 22 Nov 2026 10:00:00 +0000" "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" (("Bob" NIL "bob" "example.net")) NIL NIL ((NIL NIL "alice" "example.org")) NIL NIL NIL "<1@example.net>")'

@test "messages: login, EXAMINE, FETCH and LOGOUT leave in one write" {
  play <<END
S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C: A001 AUTHENTICATE PLAIN AGFsaWNlAHNlc2FtZQ==
C: A002 EXAMINE "INBOX"
C: A003 UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)
C: A004 LOGOUT
S: A001 OK in
S: * 1 EXISTS
S: * OK [UIDVALIDITY 7] fine
S: A002 OK [READ-ONLY] examined
S: * 1 FETCH (UID 3 FLAGS (\\\\Flagged) INTERNALDATE "22-Nov-2026 10:00:01 +0000" RFC822.SIZE 321 ENVELOPE $envelope)
S: A003 OK done
S: * BYE bye
S: A004 OK bye
END
  ls_it "$URL/INBOX"
  assert_status 0
  assert_output $'3\tN-F--\t2026-11-22T10:00:01Z\tBob\tGrüße\t321'
  peer_wait
  [ "$(peer_turns)" = 1 ]
}

@test "without SASL-IR: LOGIN; without capabilities in the greeting they are asked for" {
  play <<'END'
S: * OK ready
C: A001 CAPABILITY
S: * CAPABILITY IMAP4rev1
S: A001 OK
C: A002 LOGIN "alice" "sesame"
S: A002 OK [CAPABILITY IMAP4rev1 LIST-STATUS SPECIAL-USE] in
C: A003 LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN))
C: A004 LOGOUT
S: * LIST (\\HasNoChildren \\Sent) "/" "Entw&APw-rfe"
S: * STATUS "Entw&APw-rfe" (MESSAGES 4 UNSEEN 1)
S: * LIST () "/" {5}
S: INBOX
S: * STATUS INBOX (UNSEEN 0 MESSAGES 2)
S: * LIST (\\Noselect) "/" Lists
S: A003 OK
S: * BYE
S: A004 OK
END
  ls_it "$URL/"
  assert_status 0
  assert_output $'INBOX\t2\t0\t\nEntwürfe\t4\t1\tsent\nLists\t-\t-\t(holds no mail)'
  peer_wait
}

@test "no LIST-STATUS: the STATUS commands leave together" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN "alice" "sesame"
S: A001 OK [CAPABILITY IMAP4rev1] in
C: A002 LIST "" "*"
S: * LIST () "." INBOX
S: * LIST () "." a&-b
S: A002 OK
C: A003 STATUS "INBOX" (MESSAGES UNSEEN)
C: A004 STATUS "a&-b" (MESSAGES UNSEEN)
S: * STATUS INBOX (MESSAGES 1 UNSEEN 1)
S: A003 OK
S: A004 NO gone
C: A005 LOGOUT
S: * BYE
S: A005 OK
END
  ls_it --jsonl "$URL/"
  assert_status 0
  run jq -c '[.mailbox, .messages]' <<<"$output"
  assert_output $'["INBOX",1]\n["a&b",null]'
  peer_wait
}

@test "a body that says 'A003 OK done' is a body (and -n asks for the newest only)" {
  printf 'From: x\r\n\r\nA003 OK done\r\n* BYE\r\n)\r\n' >letter
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
C: A003 UID FETCH 3 (UID FLAGS BODY.PEEK[])
C: A004 LOGOUT
S: A001 OK
S: * 1 EXISTS
S: A002 OK
S: * 2 EXPUNGE
S: * 1 FETCH (FLAGS (\\Seen) BODY[] {35}
S: From: x
S:
S: A003 OK done
S: * BYE
S: )
S:  UID 3)
S: * 9 EXISTS
S: A003 OK done
S: * BYE
S: A004 OK
END
  imapls --raw "$URL/INBOX;UID=3" >got
  cmp got letter
  peer_wait
}

@test "-n 2 of 10: two are asked for; -r turns them round, -t sorts these by date" {
  for order in -r -t; do
    play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
S: A001 OK
S: * 10 EXISTS
S: A002 OK
C: A003 FETCH 9:* (UID INTERNALDATE RFC822.SIZE)
C: A004 LOGOUT
S: * 9 FETCH (UID 19 INTERNALDATE "22-Nov-2026 10:00:02 +0000" RFC822.SIZE 1)
S: * 10 FETCH (UID 20 INTERNALDATE "22-Nov-2026 10:00:01 +0000" RFC822.SIZE 1)
S: A003 OK
S: * BYE
S: A004 OK
END
    ls_it -1 $order -n 2 "$URL/INBOX"
    assert_status 0
    case $order in
    -r) assert_output $'20\n19' ;;
    -t) assert_output $'19\n20' ;;
    esac
    peer_wait
  done
}

@test "a search: verbatim, short forms, strings that are not ASCII as literals" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1 LITERAL+] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
S: A001 OK [CAPABILITY IMAP4rev1 LITERAL+ ESEARCH] in
S: * 10 EXISTS
S: A002 OK
C: A003 UID SEARCH RETURN (ALL) CHARSET UTF-8 FROM alice SUBJECT {7+}
C: Grüße UNSEEN SINCE 1-Nov-2026
S: * ESEARCH (TAG "A003") UID ALL 3:4,9
S: A003 OK
C: A004 UID FETCH 3:4,9 (UID INTERNALDATE RFC822.SIZE)
C: A005 LOGOUT
S: * 3 FETCH (UID 3 INTERNALDATE "22-Nov-2026 10:00:01 +0000" RFC822.SIZE 1)
S: A004 OK
S: * BYE
S: A005 OK
END
  ls_it -1 --search 'FROM alice' --subject 'Grüße' --unseen --since 2026-11-01 "$URL/INBOX"
  assert_status 0
  assert_output 3
  peer_wait
}

@test "a literal waits where LITERAL+ is not announced" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
C: A002 EXAMINE "INBOX"
S: A001 OK
S: A002 OK
C: A003 UID SEARCH CHARSET UTF-8 SUBJECT {4}
S: + go on
C: süß*
S: * SEARCH
S: A003 OK
C: A004 LOGOUT
S: A004 OK
END
  ls_it --search 'SUBJECT "süß"' "$URL/INBOX"
  peer_wait || true
}

@test "-v shows the session and hides the password" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 NO [AUTHENTICATIONFAILED] no
C: *
[rest]
END
  ls_it -v "$URL/"
  [[ $stderr == *'C: A001 LOGIN "alice" ****'* ]]
  [[ $stderr != *sesame* ]]
}

@test "of several targets an error says whose it is, without the password" {
  ls_it imap://alice:sesame@127.0.0.1:1/A imap://alice:sesame@127.0.0.1:1/B
  assert_status 75
  [[ ${stderr_lines[0]} == 'imapls: 127.0.0.1/A: cannot connect'* ]]
  [[ ${stderr_lines[1]} == 'imapls: 127.0.0.1/B: cannot connect'* ]]
  [[ $stderr != *sesame* ]]
}
