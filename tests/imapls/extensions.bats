#!/usr/bin/env bats
# Extensions where they are offered, and what stands in for them where they are not.
# shellcheck disable=SC2154,SC2028 # bats sets status and its kin; the backslashes are the peer's

load imapls

setup() { imapls_setup; }
teardown() { peer_stop; }

@test "COMPRESS is asked for on request only; a server that says no is used as it is" {
  for answer in 'NO [COMPRESSIONACTIVE] not now' 'BAD what?'; do
    play <<END
$(login COMPRESS=DEFLATE)
C: A002 COMPRESS DEFLATE
S: A002 $answer
C: A003 LIST "" "*"
C: A004 LOGOUT
S: * LIST () "/" INBOX
S: A003 OK
S: * BYE
S: A004 OK
END
    ls_it -1 --compress "$URL/"
    assert_status 0
    assert_output INBOX
    peer_wait
  done
  play <<END
$(login)
C: A002 LIST "" "*"
C: A003 LOGOUT
S: A002 OK
S: * BYE
S: A003 OK
END
  ls_it -1 --compress "$URL/"
  assert_status 0
  peer_wait
}

@test "behind COMPRESS's OK stands what is compressed, or nothing: 76" {
  play <<END
$(login COMPRESS=DEFLATE)
C: A002 COMPRESS DEFLATE
S: A002 OK
S: * CAPABILITY IMAP4rev1
[close]
END
  ls_it -1 --compress "$URL/"
  assert_status 76
  assert_error "compressed data is corrupt"
}

@test "UTF8=ACCEPT: names and searches as they are, once the server has said so" {
  play <<END
$(login ENABLE UTF8=ACCEPT)
C: A002 ENABLE UTF8=ACCEPT
C: A003 LIST "" "*"
C: A004 LOGOUT
S: * ENABLED UTF8=ACCEPT
S: A002 OK
S: * LIST () "/" "Entwürfe & mehr"
S: A003 OK
S: * BYE
S: A004 OK
END
  ls_it -1 "$URL/"
  assert_status 0
  assert_output 'Entwürfe & mehr'
  peer_wait
  play <<END
$(login ENABLE UTF8=ACCEPT UIDPLUS)
C: A002 ENABLE UTF8=ACCEPT
S: * ENABLED UTF8=ACCEPT
S: A002 OK
C: A003 SELECT "Entwürfe"
S: A003 OK
C: A004 UID SEARCH SUBJECT "Grüße"
S: * SEARCH 7
S: A004 OK
C: A005 UID STORE 7 +FLAGS.SILENT (\\\\Seen)
S: A005 OK
C: A006 UID COPY 7 "Örtlich"
S: A006 OK
C: A007 LOGOUT
S: * BYE
S: A007 OK
END
  ls_it --mark +seen --copy-to Örtlich --subject Grüße "$URL/Entw%C3%BCrfe"
  assert_status 0
  peer_wait
}

@test "--mark: each flag of a list has its own sign; no sign becomes a keyword" {
  play <<END
$(login UIDPLUS)
C: A002 SELECT "INBOX"
S: A002 OK
C: A003 UID SEARCH UID 7
S: * SEARCH 7
S: A003 OK
C: A004 UID STORE 7 +FLAGS.SILENT (\\\\Seen work \\\\Answered)
S: A004 OK
C: A005 UID STORE 7 -FLAGS.SILENT (\\\\Flagged old)
S: A005 OK
C: A006 LOGOUT
S: * BYE
S: A006 OK
END
  ls_it --mark '+seen,work,-\Flagged,old,+answered' "$URL/INBOX;UID=7"
  assert_status 0
  peer_wait
  for wrong in '' + ,seen '+-seen' '\+seen'; do
    ls_it --mark "$wrong" "$URL/INBOX;UID=7"
    assert_status 64
  done
}

@test "UTF8=ACCEPT that is refused: names are in modified UTF-7" {
  for answer in 'NO not today' 'BAD what?'; do
    play <<END
$(login ENABLE UTF8=ACCEPT)
C: A002 ENABLE UTF8=ACCEPT
S: A002 $answer
C: A003 CREATE "Entw&APw-rfe"
S: A003 OK
C: A004 LOGOUT
S: * BYE
S: A004 OK
END
    ls_it --create "$URL/Entw%C3%BCrfe"
    assert_status 0
    peer_wait
  done
}

@test "UTF8=ACCEPT: a letter with UTF-8 in its header is announced; one without is not" {
  play <<END
$(login ENABLE UTF8=ACCEPT LITERAL+)
C: A002 ENABLE UTF8=ACCEPT
S: * ENABLED UTF8=ACCEPT
S: A002 OK
C: A003 APPEND "INBOX" (\\\\Seen) UTF8 (~{21}
S: + go on
C: Subject: Grüße
C:
C: x)
S: A003 OK [APPENDUID 1 7] in
C: A004 APPEND "INBOX" (\\\\Seen) {16+}
C: Subject: x
C:
C: ü
S: A004 OK [APPENDUID 1 8] in
C: A005 LOGOUT
S: * BYE
S: A005 OK
END
  printf 'Subject: Grüße\n\nx' >a
  printf 'Subject: x\r\n\r\nü' >b
  ls_it --mark +seen --append a --append b "$URL/INBOX"
  assert_status 0
  assert_output $'7\n8'
  peer_wait
}

@test "UTF8=ACCEPT: a server that does not know APPEND's UTF8 gets the letter in the common way" {
  play <<END
$(login ENABLE UTF8=ACCEPT)
C: A002 ENABLE UTF8=ACCEPT
S: * ENABLED UTF8=ACCEPT
S: A002 OK
C: A003 APPEND "INBOX" UTF8 (~{21}
S: A003 BAD what?
C: A004 APPEND "INBOX" {21}
S: + go on
C: Subject: Grüße
C:
C: x
S: A004 OK
C: A005 LOGOUT
S: * BYE
S: A005 OK
END
  printf 'Subject: Grüße\n\nx' >a
  ls_it --append a "$URL/INBOX"
  assert_status 0
  peer_wait
}

@test "a server of IMAP4rev2 alone has names in UTF-8" {
  play <<'END'
S: * OK [CAPABILITY IMAP4rev2] ready
C: A001 LOGIN *
S: A001 OK [CAPABILITY IMAP4rev2] welcome
C: A002 LIST "" "*" RETURN (SPECIAL-USE)
C: A003 LOGOUT
S: * LIST () "/" "a&b-"
S: A002 OK
S: * BYE
S: A003 OK
END
  ls_it -1 "$URL/"
  assert_status 0
  assert_output 'a&b-'
  peer_wait
}

@test "raw UTF-8 in LIST without LIST-STATUS: counted by the name that the server wrote" {
  play <<END
$(login)
C: A002 LIST "" "*"
S: * LIST () "/" "Entwürfe"
S: A002 OK
C: A003 STATUS "Entwürfe" (MESSAGES UNSEEN)
S: * STATUS "Entwürfe" (MESSAGES 3 UNSEEN 1)
S: A003 OK
C: A004 LOGOUT
S: * BYE
S: A004 OK
END
  ls_it "$URL/"
  assert_status 0
  assert_output $'Entwürfe\t3\t1\t'
  peer_wait
}

envelope='(NIL "Hello" (("Bob" NIL "bob" "example.net")) NIL NIL NIL NIL NIL NIL NIL)'
item() { # NUMBER UID
  echo "S: * $1 FETCH (UID $2 FLAGS (\\\\Seen) INTERNALDATE \"22-Nov-2026 10:00:0$1 +0000\" RFC822.SIZE $2 ENVELOPE $envelope)"
}

@test "THREAD where the server has it: answers stand below what they answer" {
  play <<END
$(login THREAD=REFERENCES)
C: A002 EXAMINE "INBOX"
S: * 4 EXISTS
S: A002 OK
C: A003 UID THREAD REFERENCES UTF-8 1:*
S: * THREAD (12)(10 13 (11)(14))
S: A003 OK
C: A004 UID FETCH 10:14 *
C: A005 LOGOUT
$(item 1 10; item 2 11; item 3 12; item 4 13)
S: A004 OK
S: * BYE
S: A005 OK
END
  ls_it --thread "$URL/INBOX"
  assert_status 0
  assert_output - <<'END'
12	-----	2026-11-22T10:00:03Z	Bob	Hello	12
10	-----	2026-11-22T10:00:01Z	Bob	Hello	10
13	-----	2026-11-22T10:00:04Z	Bob	  Hello	13
11	-----	2026-11-22T10:00:02Z	Bob	    Hello	11
END
  peer_wait
}

@test "no THREAD: who answers whom is fetched, and put together here" {
  play <<END
$(login)
C: A002 EXAMINE "INBOX"
S: * 9 EXISTS
S: A002 OK
C: A003 FETCH 8:* (UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)])
S: * 8 FETCH (UID 12 INTERNALDATE "22-Nov-2026 10:00:03 +0000" BODY[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)] {49}
S: Message-ID: <b@x>
S: References: <none@x> <a@x>
S:
S: )
S: * 9 FETCH (BODY[HEADER.FIELDS ("MESSAGE-ID" "IN-REPLY-TO" "REFERENCES")] {21}
S: Message-ID: <a@x>
S:
S:  UID 13 INTERNALDATE "22-Nov-2026 10:00:02 +0000")
S: A003 OK
C: A004 UID FETCH 12:13 *
C: A005 LOGOUT
$(item 8 12; item 9 13)
S: A004 OK
S: * BYE
S: A005 OK
END
  ls_it --thread -n 2 --jsonl "$URL/INBOX"
  assert_status 0
  [ "$(jq -c '[.uid, .depth]' <<<"$output")" = $'[13,0]\n[12,1]' ]
  peer_wait
}

@test "THREAD's lists that don't close, or hold what is no number: 76" {
  for bad in '(1 (2)' '(1 x)' '1' '(1))' '(0)'; do
    play <<END
$(login THREAD=REFERENCES)
C: A002 EXAMINE "INBOX"
S: * 4 EXISTS
S: A002 OK
C: A003 UID THREAD *
S: * THREAD $bad
S: A003 OK
[close]
END
    ls_it --thread "$URL/INBOX"
    assert_status 76
    peer_stop
  done
}

@test "-S -n: the largest by SORT, or by the sizes of all" {
  play <<END
$(login SORT)
C: A002 EXAMINE "INBOX"
S: * 4 EXISTS
S: A002 OK
C: A003 UID SORT (REVERSE SIZE) UTF-8 1:*
S: * SORT 9 7 8 6
S: A003 OK
C: A004 UID FETCH 7,9 *
C: A005 LOGOUT
$(item 2 7; item 4 9)
S: A004 OK
S: * BYE
S: A005 OK
END
  ls_it -S -n 2 --jsonl "$URL/INBOX"
  assert_status 0
  [ "$(jq -c .uid <<<"$output")" = $'9\n7' ]
  peer_wait
  play <<END
$(login)
C: A002 EXAMINE "INBOX"
C: A003 UID SEARCH UNSEEN
S: * 4 EXISTS
S: A002 OK
S: * SEARCH 5 6 7
S: A003 OK
C: A004 UID FETCH 5:7 (UID RFC822.SIZE)
S: * 2 FETCH (UID 5 RFC822.SIZE 50)
S: * 3 FETCH (UID 6 RFC822.SIZE 70)
S: * 4 FETCH (UID 7 RFC822.SIZE 60)
S: A004 OK
C: A005 UID FETCH 6 *
C: A006 LOGOUT
$(item 3 6)
S: A005 OK
S: * BYE
S: A006 OK
END
  ls_it -S -n 1 --unseen "$URL/INBOX"
  assert_status 0
  assert_output $'6\t-----\t2026-11-22T10:00:03Z\tBob\tHello\t6'
  peer_wait
}

@test "-R: mailboxes one after the other; one that can't be opened is named, the rest is listed" {
  play <<END
$(login)
C: A002 LIST "" "*"
S: * LIST () "/" a
S: * LIST () "/" a/c
S: * LIST (\\\\Noselect) "/" a/b
S: * LIST () "/" ab
S: A002 OK
C: A003 EXAMINE "a"
C: A004 UID FETCH 1:* *
S: A003 NO [NOPERM] not yours
S: A004 BAD nothing is selected
C: A005 EXAMINE "a/c"
C: A006 UID FETCH 1:* *
C: A007 LOGOUT
S: A005 OK
$(item 1 3)
S: A006 OK
S: * BYE
S: A007 OK
END
  ls_it -R "$URL/a"
  assert_status 69
  assert_error 'a: the mailbox'
  assert_output $'a/c\t3\t-----\t2026-11-22T10:00:01Z\tBob\tHello\t3'
  peer_wait
}

@test "mkdir makes a mailbox where one's own are (NAMESPACE)" {
  play <<END
$(login NAMESPACE)
C: A002 NAMESPACE
S: * NAMESPACE (("INBOX." ".")) (("user." ".")) NIL
S: A002 OK
C: A003 CREATE "INBOX.Letters"
S: A003 OK
C: A004 NAMESPACE
S: * NAMESPACE (("INBOX." ".")) NIL NIL
S: A004 OK
C: A005 CREATE "INBOX.More"
S: A005 OK
C: A006 LOGOUT
S: * BYE
S: A006 OK
END
  ls_it --execute 'mkdir Letters; mkdir INBOX.More' "$URL/"
  assert_status 0
  peer_wait
}
