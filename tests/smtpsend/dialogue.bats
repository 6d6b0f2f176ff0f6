#!/usr/bin/env bats
# The dialogue itself: plain SMTP, the extensions, LMTP, replies of all kinds.

load smtpsend
bats_require_minimum_version 1.5.0

setup() {
  D=$BATS_TEST_TMPDIR/dialogue
  cd "$BATS_TEST_TMPDIR" || return 1
}
teardown() { peer_stop; }

@test "--no-ehlo --no-pipelining: the textbook's session, exactly" {
  { cat <<'END'
S: 220 hamburger.example.edu
C: HELO crepes.example.fr
S: 250 Hello crepes.example.fr, pleased to meet you
C: MAIL FROM:<alice@crepes.example.fr>
S: 250 alice@crepes.example.fr ... Sender ok
C: RCPT TO:<bob@hamburger.example.edu>
S: 250 bob@hamburger.example.edu ... Recipient ok
C: DATA
S: 354 Enter mail, end with "." on a line by itself
C: Do you like ketchup?
C: How about pickles?
C: .
S: 250 Message accepted for delivery
C: QUIT
S: 221 hamburger.example.edu closing connection
[eof]
END
  } >"$D"
  peer_start "$D"
  printf 'Do you like ketchup?\nHow about pickles?\n' |
    send --domain crepes.example.fr --no-ehlo --no-pipelining --no-add-headers \
      -f alice@crepes.example.fr bob@hamburger.example.edu
  peer_wait
  [ "$(peer_turns)" = 6 ]
}

@test "-v shows the session as S: and C: lines" {
  { opening; cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; echo 'C: .'; echo 'S: 250 taken'; closing; } >"$D"
  peer_start "$D"
  letter | send -v bob@example.net 2>trace
  peer_wait
  grep -qx 'S: 220 mail.example.net ESMTP' trace
  grep -qx 'C: MAIL FROM:<alice@example.org>' trace
  grep -qx 'C: Do you like ketchup?' trace
  grep -qx 'C: \.' trace
  grep -qx 'S: 221 mail.example.net closing connection' trace
}

@test "a trace can be played back" {
  { opening PIPELINING 'SIZE 1000000' 8BITMIME; cat <<'END'
C: MAIL FROM:<alice@example.org> SIZE=191
C: RCPT TO:<bob@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
END
    letter_lines; printf 'C: .\nC: QUIT\nS: 250 taken\nS: 221 bye\n'; } >"$D"
  peer_start "$D"
  letter | send --trace saved bob@example.net
  peer_wait
  peer_start saved
  letter | send bob@example.net
  peer_wait
}

@test "PIPELINING: envelope in one write, end and QUIT in one write" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<carol@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 250 ok
S: 354 go
END
    letter_lines; printf 'C: .\nC: QUIT\nS: 250 taken\nS: 221 bye\n[eof]\n'; } >"$D"
  peer_start "$D"
  letter | send bob@example.net carol@example.net
  peer_wait
  [ "$(peer_turns)" = 3 ]
}

@test "CHUNKING: envelope, message and QUIT in one flight" {
  { opening PIPELINING CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: BDAT 191 LAST
END
    letter_lines; printf 'C: QUIT\nS: 250 ok\nS: 250 ok\nS: 250 taken\nS: 221 bye\n[eof]\n'; } >"$D"
  peer_start "$D"
  letter | send bob@example.net
  peer_wait
  [ "$(peer_turns)" = 2 ]
}

@test "--no-chunking: DATA all the same" {
  { opening PIPELINING CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
END
    letter_lines; printf 'C: .\nC: QUIT\nS: 250 taken\nS: 221 bye\n'; } >"$D"
  peer_start "$D"
  letter | send --no-chunking bob@example.net
  peer_wait
}

@test "CHUNKING without PIPELINING: BDAT after the recipients' answers" {
  { opening CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: BDAT 191 LAST
END
    letter_lines; echo 'S: 250 taken'; closing; } >"$D"
  peer_start "$D"
  letter | send bob@example.net
  peer_wait
}

@test "EHLO unknown: HELO, and no extension is used" {
  { cat <<'END'
S: 220 old.example.net
C: EHLO client.example.org
S: 502 command not implemented
C: HELO client.example.org
S: 250 old.example.net
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; echo 'C: .'; echo 'S: 250 taken'; closing; } >"$D"
  peer_start "$D"
  letter | send -N success --envid x bob@example.net
  peer_wait
}

@test "SIZE is declared, and one too small is 69 with nothing sent" {
  { opening 'SIZE 100'; closing; } >"$D"
  peer_start "$D"
  run -69 send bob@example.net < <(letter)
  peer_wait
  [[ $output == *'191 bytes'*'at most 100'* ]]
}

@test "SIZE without a number is declared too" {
  { opening SIZE; echo 'C: MAIL FROM:<alice@example.org> SIZE=191'; echo 'S: 452 4.3.1 disk full'; closing; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  peer_wait
  [[ $output == *'452 4.3.1 disk full'* ]]
}

@test "DSN: RET, ENVID in xtext, NOTIFY" {
  { opening DSN; cat <<'END'
C: MAIL FROM:<alice@example.org> RET=HDRS ENVID=a+2Bb+20c
S: 250 ok
C: RCPT TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; echo 'C: .'; echo 'S: 250 taken'; closing; } >"$D"
  peer_start "$D"
  letter | send -R hdrs -N success,failure --envid 'a+b c' bob@example.net
  peer_wait
}

@test "DSN's options are checked" {
  run -64 smtpsend --server smtp://127.0.0.1:1 -N never,success bob@example.net </dev/null
  run -64 smtpsend --server smtp://127.0.0.1:1 -N sometimes bob@example.net </dev/null
  run -64 smtpsend --server smtp://127.0.0.1:1 -R most bob@example.net </dev/null
}

@test "8BITMIME is said for 8-bit text" {
  { opening 8BITMIME; cat <<'END'
C: MAIL FROM:<a@example.org> BODY=8BITMIME
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
C: Subject: x
C:
C: grüße
C: .
S: 250 taken
END
    closing; } >"$D"
  peer_start "$D"
  printf 'Subject: x\n\ngrüße\n' | send --no-add-headers -f a@example.org bob@example.net
  peer_wait
}

@test "8-bit text without 8BITMIME leaves as quoted-printable" {
  { opening; cat <<'END'
C: MAIL FROM:<a@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
C: Subject: x
C: MIME-Version: 1.0
C: Content-Type: text/plain; charset=utf-8
C: Content-Transfer-Encoding: quoted-printable
C:
C: gr=C3=BC=C3=9Fe
C: .
S: 250 taken
END
    closing; } >"$D"
  peer_start "$D"
  printf 'Subject: x\n\ngrüße\n' | send --no-add-headers -f a@example.org bob@example.net
  peer_wait
}

@test "8 bits in a message of parts can't be re-encoded: 65, nothing sent" {
  { opening; closing; } >"$D"
  peer_start "$D"
  run -65 send --no-add-headers -f a@example.org bob@example.net \
    < <(printf 'Content-Type: multipart/mixed; boundary=x\n\n--x\n\ngrüße\n--x--\n')
  peer_wait
  [[ $output == *8BITMIME* ]]
}

@test "a line over 998 bytes leaves as quoted-printable, CHUNKING's size included" {
  { opening CHUNKING PIPELINING 8BITMIME; cat <<'END'
C: MAIL FROM:<a@example.org>
C: RCPT TO:<bob@example.net>
C: BDAT * LAST
C: Subject: x
C: MIME-Version: 1.0
C: Content-Type: text/plain; charset=utf-8
C: Content-Transfer-Encoding: quoted-printable
C:
END
    for _ in $(seq 16); do printf 'C: %075d=\n' 0; done
    printf 'C: %048d\n' 0
    printf 'C: QUIT\nS: 250 ok\nS: 250 ok\nS: 250 taken\nS: 221 bye\n'; } >"$D"
  peer_start "$D"
  printf 'Subject: x\n\n%01248d\n' 0 | send --no-add-headers -f a@example.org bob@example.net
  peer_wait
}

@test "a header line over 998 bytes is refused before connecting: 65" {
  run -65 smtpsend --server smtp://127.0.0.1:1 -f a@example.org bob@example.net \
    < <(printf 'Subject: %01000d\n\nx\n' 0)
  [[ $output == *998* ]]
}

@test "SMTPUTF8: addresses and headers" {
  { opening SMTPUTF8 8BITMIME; cat <<'END'
C: MAIL FROM:<jürgen@example.org> BODY=8BITMIME SMTPUTF8
S: 250 ok
C: RCPT TO:<δοκιμή@παράδειγμα.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: ü
C:
C: .
S: 250 taken
END
    closing; } >"$D"
  peer_start "$D"
  printf 'Subject: ü\n\n' | send --no-add-headers -f jürgen@example.org δοκιμή@παράδειγμα.example
  peer_wait
}

@test "without SMTPUTF8: a domain becomes A-labels, a header encoded words" {
  { opening; cat <<'END'
C: MAIL FROM:<a@example.org>
S: 250 ok
C: RCPT TO:<bob@xn--bcher-kva.example>
S: 250 ok
C: DATA
S: 354 go
C: Subject: =?*
C:
C: .
S: 250 taken
END
    closing; } >"$D"
  peer_start "$D"
  printf 'Subject: Bücher\n\n' | send --no-add-headers -f a@example.org bob@bücher.example
  peer_wait
}

@test "without SMTPUTF8: a local part beyond ASCII is 69, named, nothing sent" {
  { opening; closing; } >"$D"
  peer_start "$D"
  run -69 send -f a@example.org jürgen@example.net < <(letter)
  peer_wait
  [[ $output == *SMTPUTF8*jürgen@example.net* ]]
}

@test "LMTP: LHLO, and an answer for each recipient" {
  { cat <<'END'
S: 220 lmtp.example.net
C: LHLO client.example.org
S: 250-lmtp.example.net
S: 250 PIPELINING
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<nobody@example.net>
C: RCPT TO:<carol@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 550 5.1.1 no such user
S: 250 ok
S: 354 go
END
    letter_lines; cat <<'END'
C: .
C: QUIT
S: 250 2.0.0 bob has it
S: 452 4.2.2 carol is full
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  run -67 --separate-stderr smtpsend --jsonl --server "lmtp://127.0.0.1:$PEER_PORT" \
    bob@example.net nobody@example.net carol@example.net < <(letter)
  peer_wait
  [ "${lines[0]}" = '{"address":"bob@example.net","code":250,"enhanced":"2.0.0","text":"bob has it","accepted":true,"sent":true}' ]
  [ "${lines[1]}" = '{"address":"nobody@example.net","code":550,"enhanced":"5.1.1","text":"no such user","accepted":false,"sent":false}' ]
  [ "${lines[2]}" = '{"address":"carol@example.net","code":452,"enhanced":"4.2.2","text":"carol is full","accepted":false,"sent":false}' ]
}

@test "LMTP with CHUNKING: an answer for each recipient" {
  { cat <<'END'
S: 220 lmtp.example.net
C: LHLO client.example.org
S: 250-lmtp.example.net
S: 250-PIPELINING
S: 250 CHUNKING
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<carol@example.net>
S: 250 ok
S: 250 ok
S: 250 ok
C: BDAT 191 LAST
END
    letter_lines; cat <<'END'
C: QUIT
S: 250 2.0.0 bob has it
S: 250 2.0.0 carol has it
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  letter | smtpsend --server "lmtp://127.0.0.1:$PEER_PORT" bob@example.net carol@example.net
  peer_wait
}

@test "LMTP without PIPELINING: the answers are read all the same" {
  { cat <<'END'
S: 220 lmtp.example.net
C: LHLO client.example.org
S: 250 lmtp.example.net
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: RCPT TO:<carol@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; printf 'C: .\nS: 250 bob has it\nS: 554 5.6.0 carol does not want it\n'; closing; } >"$D"
  peer_start "$D"
  run -67 smtpsend --server "lmtp://127.0.0.1:$PEER_PORT" bob@example.net carol@example.net < <(letter)
  peer_wait
  [[ $output == *'<carol@example.net> was refused'* ]]
  [[ $output == *'sent to 1 of 2'* ]]
}

@test "greeting 421 is 75, 554 is 69, garbage is 76" {
  echo 'S: 421 4.3.2 come back later' >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  [[ $output == *'421 4.3.2 come back later'* ]]
  printf 'S: 554 no service\nC: QUIT\nS: 221 bye\n' >"$D"
  peer_start "$D"
  run -69 send bob@example.net < <(letter)
  printf 'S: SSH-2.0-OpenSSH_9.2\n' >"$D"
  peer_start "$D"
  run -76 send bob@example.net < <(letter)
  [[ $output == *SSH-2.0* ]]
}

@test "a continuation line with another code is 76" {
  printf 'S: 220-mail\nS: 250 example\n' >"$D"
  peer_start "$D"
  run -76 send bob@example.net < <(letter)
}

@test "a reply over 1000 lines is 76" {
  { echo 'S: 220 x'; echo 'C: EHLO client.example.org'
    for _ in $(seq 1001); do echo 'S: 250-X'; done; echo 'S: 250 X'; } >"$D"
  peer_start "$D"
  run -76 send bob@example.net < <(letter)
}

@test "a reply over 64 KiB is 76" {
  { echo 'S: 220 x'; echo 'C: EHLO client.example.org'
    for _ in $(seq 70); do printf 'S: 250-%01000d\n' 0; done; echo 'S: 250 X'; } >"$D"
  peer_start "$D"
  run -76 send bob@example.net < <(letter)
}

@test "4yz is 75, 5yz is 69; the server's words are quoted" {
  { opening; printf 'C: MAIL FROM:<alice@example.org>\nS: 451 4.7.1 greylisted\n'; closing; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  peer_wait
  [[ $output == *'451 4.7.1 greylisted'* ]]
  { opening; printf 'C: MAIL FROM:<alice@example.org>\nS: 550-5.7.1 not\nS: 550 5.7.1 you\n'; closing; } >"$D"
  peer_start "$D"
  run -69 send bob@example.net < <(letter)
  peer_wait
  [[ $output == *'550 5.7.1 not 5.7.1 you'* ]]
}

@test "530 to MAIL is 77" {
  { opening; printf 'C: MAIL FROM:<alice@example.org>\nS: 530 5.7.0 authentication required\n'; closing; } >"$D"
  peer_start "$D"
  run -77 send bob@example.net < <(letter)
  peer_wait
}

@test "connection refused is 75, an unknown host 68" {
  run -75 smtpsend --server smtp://127.0.0.1:1 bob@example.net < <(letter)
  run -68 smtpsend --server smtp://nowhere.invalid bob@example.net < <(letter)
}

@test "lost before the final dot: 75, and not uncertain" {
  { opening; printf 'C: MAIL FROM:<alice@example.org>\n[close]\n'; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  [[ $output != *uncertain* ]]
}

@test "lost after the final dot: delivery uncertain, 75" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
END
    letter_lines; printf 'C: .\nC: QUIT\n[close]\n'; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  [[ $output == *'delivery uncertain'* ]]
}

@test "421 to the message is a refusal, not uncertain" {
  { opening; cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; printf 'C: .\nS: 421 4.3.0 shutting down\n[eof]\n'; } >"$D"
  peer_start "$D"
  run -75 send bob@example.net < <(letter)
  peer_wait
  [[ $output != *uncertain* ]]
}

@test "a lost answer to QUIT does not matter" {
  { opening; cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; printf 'C: .\nS: 250 taken\nC: QUIT\n[reset]\n'; } >"$D"
  peer_start "$D"
  letter | send bob@example.net
}

@test "an answer one byte at a time is understood" {
  { echo '[drip]'; opening; printf 'C: MAIL FROM:<alice@example.org>\nS: 550-a\nS: 550 b\n'; closing; } >"$D"
  peer_start "$D"
  run -69 send bob@example.net < <(letter)
}

@test "the textbook's dialogue in tests/dialogues is what smtpsend says" {
  peer_start "$BATS_TEST_DIRNAME/../dialogues/smtp-session.txt"
  printf 'Do you like ketchup?\nHow about pickles?\n' |
    send --domain anchor.example --no-ehlo --no-pipelining --no-add-headers -f alice@anchor.example bob@harbour.example
  peer_wait
}
