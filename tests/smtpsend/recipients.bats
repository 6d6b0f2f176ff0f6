#!/usr/bin/env bats
# Who gets it: partial failure, statuses, --jsonl, --require-all, -t, addresses that are refused.

load smtpsend
bats_require_minimum_version 1.5.0

setup() {
  D=$BATS_TEST_TMPDIR/dialogue
  cd "$BATS_TEST_TMPDIR" || return 1
}
teardown() { peer_stop; }

# Two recipients, the second refused with this reply.
half() { # REPLY
  opening PIPELINING
  cat <<END
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<eve@example.net>
C: DATA
S: 250 ok
S: 250 2.1.5 fine
S: $1
S: 354 go
END
  letter_lines
  printf 'C: .\nC: QUIT\nS: 250 2.0.0 queued\nS: 221 bye\n'
}

@test "a refused recipient is named with its reply, the others get the message: 67" {
  half '550 5.1.1 no such user' >"$D"
  peer_start "$D"
  run -67 send bob@example.net eve@example.net < <(letter)
  peer_wait
  [[ $output == *'<eve@example.net> was refused: server said: 550 5.1.1 no such user'* ]]
  [[ $output == *'sent to 1 of 2 recipients'* ]]
}

@test "a recipient refused for now: 75" {
  half '450 4.2.0 greylisted' >"$D"
  peer_start "$D"
  run -75 send bob@example.net eve@example.net < <(letter)
  peer_wait
}

@test "--jsonl: a line a recipient" {
  half '550 5.1.1 "no" such user' >"$D"
  peer_start "$D"
  run -67 --separate-stderr send --jsonl bob@example.net eve@example.net < <(letter)
  peer_wait
  [ "${#lines[@]}" = 2 ]
  [ "${lines[0]}" = '{"address":"bob@example.net","code":250,"enhanced":"2.1.5","text":"fine","accepted":true,"sent":true}' ]
  [ "${lines[1]}" = '{"address":"eve@example.net","code":550,"enhanced":"5.1.1","text":"\"no\" such user","accepted":false,"sent":false}' ]
}

@test "--jsonl when the message is refused: nobody is accepted" {
  { opening; cat <<'END'
C: MAIL FROM:<alice@example.org>
S: 250 ok
C: RCPT TO:<bob@example.net>
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; printf 'C: .\nS: 554 5.7.1 spam\n'; closing; } >"$D"
  peer_start "$D"
  run -69 --separate-stderr send --jsonl bob@example.net < <(letter)
  peer_wait
  [ "$output" = '{"address":"bob@example.net","code":554,"enhanced":"5.7.1","text":"spam","accepted":false,"sent":false}' ]
}

@test "no recipient accepted: 67, nothing sent; a 354 all the same is answered by a dot" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<eve@example.net>
C: DATA
S: 250 ok
S: 550 5.1.1 no
S: 554 no valid recipients
C: QUIT
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  run -67 send eve@example.net < <(letter)
  peer_wait
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<eve@example.net>
C: DATA
S: 250 ok
S: 550 5.1.1 no
S: 354 go
C: .
C: QUIT
S: 554 no valid recipients
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  run -67 send eve@example.net < <(letter)
  peer_wait
}

@test "CHUNKING with a refused recipient: the message is in the flight, the rest get it" {
  { opening PIPELINING CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<eve@example.net>
C: BDAT 191 LAST
END
    letter_lines; printf 'C: QUIT\nS: 250 ok\nS: 250 ok\nS: 550 no\nS: 250 taken\nS: 221 bye\n'; } >"$D"
  peer_start "$D"
  run -67 send bob@example.net eve@example.net < <(letter)
  peer_wait
}

@test "--require-all: one refused, and nothing is sent" {
  { opening PIPELINING CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<eve@example.net>
S: 250 ok
S: 250 ok
S: 550 5.1.1 no
C: QUIT
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  run -67 --separate-stderr send --jsonl --require-all bob@example.net eve@example.net < <(letter)
  peer_wait
  [[ ${lines[0]} == *'"accepted":true,"sent":false}' ]]
  # shellcheck disable=SC2154 # by run --separate-stderr
  [[ $stderr == *'nothing was sent'* ]]
}

@test "--require-all: all accepted, and it is sent" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
S: 250 ok
S: 250 ok
C: DATA
S: 354 go
END
    letter_lines; printf 'C: .\nC: QUIT\nS: 250 taken\nS: 221 bye\n'; } >"$D"
  peer_start "$D"
  letter | send --require-all bob@example.net
  peer_wait
}

@test "--dry-run asks about the recipients and sends nothing" {
  { opening PIPELINING CHUNKING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
S: 250 ok
S: 250 ok
C: QUIT
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  letter | send --dry-run bob@example.net
  peer_wait
}

@test "each recipient once, addresses out of names, groups and comments" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<carol@example.net>
C: DATA
S: 451 later
S: 503 no
S: 503 no
S: 503 no
C: QUIT
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  run -75 send 'Bob <bob@example.net>, "C. R." <carol@example.net>' bob@EXAMPLE.net < <(letter)
  peer_wait
}

@test "-t: To, Cc and Bcc; Bcc is removed" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<carol@example.net>
C: RCPT TO:<dave@example.net>
C: RCPT TO:<erin@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 250 ok
S: 250 ok
S: 250 ok
S: 354 go
C: From: Alice <alice@example.org>
C: To: Bob <bob@example.net>,
C:  carol@example.net
C: cc: dave@example.net
C:
C: x
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  printf 'From: Alice <alice@example.org>\nTo: Bob <bob@example.net>,\n carol@example.net\ncc: dave@example.net\nBCC: erin@example.net,\n\tbob@example.net\n\nx\n' |
    send -t --no-add-headers
  peer_wait
}

@test "-t: Resent fields go before the others" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<new@example.org>
C: RCPT TO:<second@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: Resent-From: new@example.org
C: Resent-To: second@example.net
C: From: a@example.org
C: To: first@example.net
C:
C: x
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  printf 'Resent-From: new@example.org\nResent-To: second@example.net\nResent-Bcc:\nFrom: a@example.org\nTo: first@example.net\n\nx\n' |
    send -t --no-add-headers
  peer_wait
}

@test "Date, Message-ID and From are added when they are missing" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<cron@example.org>
C: RCPT TO:<root@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: Subject: done
C: Date: *
C: Message-ID: <*@example.org>
C: From: Cron Daemon <cron@example.org>
C:
C: output
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  printf 'Subject: done\n\noutput\n' | send -FCron\ Daemon -i -B8BITMIME -oem -f cron@example.org root@example.net
  peer_wait
}

@test "a text without a header gets one" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<a@example.org>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: Date: *
C: Message-ID: <*@example.org>
C: From: a@example.org
C:
C: just words
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  echo 'just words' | send -f a@example.org b@example.net
  peer_wait
}

# ---- refused before connecting ----

refused() { # STATUS ARGUMENT...: port 1 answers nobody, so 75 would mean "connected"
  local status=$1
  shift
  run "-$status" smtpsend --server smtp://127.0.0.1:1 "$@" < <(letter)
}

@test "no recipient: 64" {
  refused 64
  refused 64 ''
}

@test "-t without a recipient in the message: 64" {
  run -64 smtpsend --server smtp://127.0.0.1:1 -t < <(printf 'From: a@example.org\n\nx\n')
  [[ $output == *'names none in To'* ]]
}

@test "line breaks in addresses, names, subjects and headers: 64 or 65" {
  refused 64 $'bob@example.net\r\nRCPT TO:<eve@example.net>'
  refused 64 -f $'a@example.org>\nRCPT TO:<eve@example.net' bob@example.net
  refused 64 -F $'a\nBcc: eve@example.net' bob@example.net
  refused 64 -s $'a\nBcc: eve@example.net' bob@example.net
  refused 64 --header $'X: a\r\nBcc: eve@example.net' bob@example.net
  refused 64 --header 'no colon' bob@example.net
  refused 64 --domain $'x\r\nMAIL' bob@example.net
  refused 64 --envid $'x\ny' bob@example.net
}

@test "what is no address: 65 or 64, and nobody is connected to" {
  refused 65 'bob@@example.net'
  refused 65 'bob@example.net>'
  refused 64 -f 'not an address' bob@example.net
  refused 64 -f '' bob@example.net
}

@test "no server: 78, and the text says where one is named" {
  run -78 smtpsend bob@example.net < <(letter)
  [[ $output == *--server*smtpsend.conf* ]]
  run -64 smtpsend --server http://example.net bob@example.net < <(letter)
}

@test "a NUL: 65 before connecting where BDAT is out of the question" {
  run -65 smtpsend --server smtp://127.0.0.1:1 --no-chunking -f a@example.org b@example.net < <(printf 'Subject: x\n\n\0')
}

@test "a NUL: 65 before MAIL without BINARYMIME" {
  { opening CHUNKING 8BITMIME; closing; } >"$D"
  peer_start "$D"
  run -65 send -f a@example.org b@example.net < <(printf 'Subject: x\n\n\0')
  peer_wait
}

@test "a NUL with BINARYMIME: sent as it is" {
  { opening CHUNKING PIPELINING 8BITMIME BINARYMIME; cat <<'END'
C: MAIL FROM:<a@example.org> BODY=BINARYMIME
C: RCPT TO:<b@example.net>
C: BDAT 21 LAST
[read > got 21]
C: QUIT
S: 250 ok
S: 250 ok
S: 250 ok
S: 221 bye
END
  } >"$D"
  cd "$BATS_TEST_TMPDIR"
  peer_start "$D"
  printf 'Subject: x\r\n\r\na\0b\nc\r\n' >sent
  send --no-add-headers -f a@example.org b@example.net <sent
  peer_wait
  cmp sent got
}

@test "stdin that can't be read: 74, nothing sent" {
  run -74 smtpsend --server smtp://127.0.0.1:1 bob@example.net </
  # By a shell of its own: here the descriptor would become a pipe of bats's.
  run -74 sh -c "'$PARLEY_BIN/smtpsend' --no-config --server smtp://127.0.0.1:1 bob@example.net <&-"
}

@test "the null sender is written <>" {
  { opening; printf 'C: MAIL FROM:<>\nS: 451 later\n'; closing; } >"$D"
  peer_start "$D"
  run -75 send -f '<>' bob@example.net < <(letter)
  peer_wait
}

# ---- bytes ----

@test "bytes: CRLF whatever the input has, dots doubled, an end added" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<a@example.org>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: Subject: x
C:
C: unix
C: dos
C: mac
C: ..
C: ..lead
C: mid.dle
C: ...
C: end
C: .
C: QUIT
S: 250 ok
S: 221 bye
[eof]
END
  } >"$D"
  peer_start "$D"
  printf 'Subject: x\n\nunix\ndos\r\nmac\r.\n.lead\r\nmid.dle\r\n..\nend' | send --no-add-headers -f a@example.org b@example.net
  peer_wait
}

@test "bytes: the wire, exactly" {
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<a@example.org>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
[read > wire 35]
S: 250 ok
S: 221 bye
[eof]
END
  } >"$D"
  cd "$BATS_TEST_TMPDIR"
  peer_start "$D"
  printf 'Subject: x\n\na\rb\r\n.\r\n\r' | send --no-add-headers -f a@example.org b@example.net
  peer_wait
  printf 'Subject: x\r\n\r\na\r\nb\r\n..\r\n\r\n.\r\nQUIT\r\n' | cmp - wire
}

# ---- as sendmail ----

@test "called sendmail: a lone dot ends the message, unless -i" {
  ln -s "$PARLEY_BIN/smtpsend" "$BATS_TEST_TMPDIR/sendmail"
  for option in -oi ''; do
    { opening PIPELINING; cat <<'END'
C: MAIL FROM:<a@example.org>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: Subject: x
C:
C: before
END
      [ -z "$option" ] || printf 'C: ..\nC: after\n'
      printf 'C: .\nC: QUIT\nS: 250 ok\nS: 221 bye\n'; } >"$D"
    peer_start "$D"
    # shellcheck disable=SC2086 # an option or nothing
    printf 'Subject: x\n\nbefore\n.\nafter\n' | "$BATS_TEST_TMPDIR/sendmail" $option --no-config --no-netrc \
      --domain client.example.org --server "smtp://127.0.0.1:$PEER_PORT" --no-add-headers -f a@example.org b@example.net
    peer_wait
  done
}

@test "the configuration file gives server, from and password: smtpsend -t needs no argument" {
  { opening 'AUTH PLAIN' PIPELINING; cat <<'END'
C: AUTH PLAIN AGFsaWNlAHdvbmRlciBsYW5k
S: 235 ok
C: MAIL FROM:<alice@example.org>
C: RCPT TO:<bob@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C: To: bob@example.net
C: Date: *
C: Message-ID: *
C: From: alice@example.org
C:
C: x
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
  mkdir -p "$XDG_CONFIG_HOME/parley"
  cat >"$XDG_CONFIG_HOME/parley/smtpsend.conf" <<END
# the usual
server = smtp://127.0.0.1:$PEER_PORT
domain = client.example.org
from = alice@example.org
user alice
password-command = echo wonder land
END
  printf 'To: bob@example.net\n\nx\n' | "$PARLEY_BIN/smtpsend" -t
  peer_wait
}

@test "sendmail's letters that mean nothing here are accepted" {
  { opening; printf 'C: MAIL FROM:<alice@example.org>\nS: 451 later\n'; closing; } >"$D"
  peer_start "$D"
  run -75 send -bm -oem -oi -odb -em -Ac -LTAG -G -n -U -O DeliveryMode=b bob@example.net < <(letter)
  peer_wait
  run -64 send -bp
}
