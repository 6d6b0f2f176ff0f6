#!/usr/bin/env bats
# Many messages on one connection, composing, commands by hand, -bs.

load smtpsend
bats_require_minimum_version 1.5.0

setup() {
  D=$BATS_TEST_TMPDIR/dialogue
  cd "$BATS_TEST_TMPDIR" || return 1
  for n in 1 2 3; do printf 'Subject: %s\n\ntext %s\n' $n $n >m$n; done
}
teardown() { peer_stop; }

envelope() { # by DATA
  printf 'C: MAIL FROM:<a@example.org>\nC: RCPT TO:<b@example.net>\nC: DATA\n'
}

text() { # N
  printf 'C: Subject: %s\nC:\nC: text %s\n' "$1" "$1"
}

ok() { # N replies
  for _ in $(seq "$1"); do echo 'S: 250 ok'; done
}

many() {
  send --no-add-headers -f a@example.org "$@" b@example.net
}

@test "DATA: the next envelope leaves with the end of the message before it" {
  { opening PIPELINING; envelope; ok 2; echo 'S: 354 go'
    text 1; echo 'C: .'; envelope; ok 3; echo 'S: 354 go'
    text 2; echo 'C: .'; envelope; ok 3; echo 'S: 354 go'
    text 3; printf 'C: .\nC: QUIT\n'; ok 1; echo 'S: 221 bye'; } >"$D"
  peer_start "$D"
  many --message m1 --message m2 --message m3
  peer_wait
  [ "$(peer_turns)" = 5 ]
}

@test "CHUNKING: all messages in one flight" {
  { opening PIPELINING CHUNKING
    for n in 1 2 3; do envelope | sed '/DATA/d'; echo 'C: BDAT 22 LAST'; text $n; done
    echo 'C: QUIT'; ok 9; echo 'S: 221 bye'; } >"$D"
  peer_start "$D"
  many --message m1 --message m2 --message m3
  peer_wait
  [ "$(peer_turns)" = 2 ]
}

@test "--mbox: each message, unquoted" {
  printf 'From a\nSubject: 1\n\ntext 1\n\nFrom b\nSubject: 2\n\n>From here\n' >box
  { opening PIPELINING; envelope; ok 2; echo 'S: 354 go'
    text 1; echo 'C: .'; envelope; ok 3; echo 'S: 354 go'
    printf 'C: Subject: 2\nC:\nC: From here\nC: .\nC: QUIT\n'; ok 1; echo 'S: 221 bye'; } >"$D"
  peer_start "$D"
  many --mbox box
  peer_wait
}

@test "a refused message: RSET, the next goes on; --jsonl has a status each" {
  { opening; printf 'C: MAIL FROM:<a@example.org>\nS: 552 5.3.4 no\nC: RSET\nS: 250 ok\n'
    printf 'C: MAIL FROM:<a@example.org>\nS: 250 ok\nC: RCPT TO:<b@example.net>\nS: 250 ok\nC: DATA\nS: 354 go\n'
    text 2; echo 'C: .'; echo 'S: 250 2.0.0 queued'; closing; } >"$D"
  peer_start "$D"
  run -69 --separate-stderr many --jsonl --message m1 --message m2
  peer_wait
  [[ ${lines[1]} == '{"message":"m1","recipients":1,"sent":0,"code":552,"enhanced":"5.3.4","text":"no","status":69,'* ]]
  [[ ${lines[3]} == '{"message":"m2","recipients":1,"sent":1,"code":250,"enhanced":"2.0.0","text":"queued","status":0,"error":null}' ]]
}

@test "421 in the middle: a new connection goes on with the same message" {
  { opening; printf 'C: MAIL FROM:<a@example.org>\nS: 250 ok\nC: RCPT TO:<b@example.net>\nS: 250 ok\nC: DATA\nS: 354 go\n'
    text 1; printf 'C: .\nS: 250 ok\nC: MAIL FROM:<a@example.org>\nS: 421 4.7.0 enough\n[eof]\n'
    { opening; printf 'C: MAIL FROM:<a@example.org>\nS: 250 ok\nC: RCPT TO:<b@example.net>\nS: 250 ok\nC: DATA\nS: 354 go\n'
      text 2; printf 'C: .\nS: 250 ok\n'; closing; } | sed 's/^\([SC]\):/\12:/'; } >"$D"
  peer_start "$D"
  many --message m1 --message m2
  peer_wait
}

@test "CHUNKING: a message refused in the flight, the nested MAIL behind it is tried again" {
  { opening PIPELINING CHUNKING
    for n in 1 2; do envelope | sed '/DATA/d'; echo 'C: BDAT 22 LAST'; text $n; done
    printf 'C: QUIT\nS: 250 ok\nS: 250 ok\nS: 554 5.7.1 spam\nS: 503 nested MAIL\nS: 503 no\nS: 503 no\nS: 221 bye\n'
    { opening PIPELINING CHUNKING; envelope | sed '/DATA/d'; echo 'C: BDAT 22 LAST'; text 2
      echo 'C: QUIT'; ok 3; echo 'S: 221 bye'; } | sed 's/^\([SC]\):/\12:/'; } >"$D"
  peer_start "$D"
  run -69 many --message m1 --message m2
  peer_wait
}

@test "a file that is not there: 66, the others are sent" {
  { opening PIPELINING; envelope; ok 2; echo 'S: 354 go'
    text 1; printf 'C: .\nC: QUIT\n'; ok 1; echo 'S: 221 bye'; } >"$D"
  peer_start "$D"
  run -66 many --message m1 --message absent
  peer_wait
}

# ---- composing ----

@test "-s: a text becomes a message" {
  { opening PIPELINING 8BITMIME SMTPUTF8; cat <<'END'
C: MAIL FROM:<ada@example.org> BODY=8BITMIME
C: RCPT TO:<bob@example.net>
C: RCPT TO:<carol@example.net>
C: RCPT TO:<dave@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 250 ok
S: 250 ok
S: 354 go
C: From: Ada <ada@example.org>
C: To: bob@example.net
C: Cc: carol@example.net
C: Subject: =?UTF-8?*
[rest]
C: grüße
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  echo grüße | send -s Grüße -r 'Ada <ada@example.org>' --to bob@example.net -c carol@example.net -b dave@example.net
  peer_wait
}

@test "-a: multipart/mixed with the attachment in base64" {
  printf 'GIF89a' >a.gif
  { opening PIPELINING; cat <<'END'
C: MAIL FROM:<ada@example.org>
C: RCPT TO:<bob@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
[rest]
C:
C: --*
[rest]
C: text
C:
C: --*
C: Content-Type: image/gif*
[rest]
C: R0lGODlh
C:
C: --*--
C: .
C: QUIT
S: 250 ok
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  echo text | send -a a.gif -r ada@example.org bob@example.net
  peer_wait
}

@test "an attachment that is not there: 66, and nobody is connected to" {
  run -66 smtpsend --server smtp://127.0.0.1:1 -a absent bob@example.net </dev/null
}

@test "a text or message of any size passes in little memory" {
  yes 'a line of the one big message, sixty and some characters long' | head -c 80000000 >big
  ln -s "$PARLEY_BIN/smtpsend" sendmail
  # shellcheck disable=SC2030 # for this test alone
  case ${PARLEY_BUILD:-} in *-san) ;; *) ulimit -v 60000 ;; esac
  for options in '-s x' '-s x --html big' ''; do
    { opening 'SIZE 1000000000'; printf 'C: MAIL FROM:<a@example.org> SIZE=*\nS: 250 ok\nC: RCPT TO:<b@example.net>\nS: 250 ok\n'; closing; } >"$D"
    peer_start "$D"
    # shellcheck disable=SC2086 # several options; no -i: what a lone dot might end is looked for
    tail -n +1 big | ./sendmail --no-config --no-netrc --domain client.example.org --server "smtp://127.0.0.1:$PEER_PORT" \
      -f a@example.org --dry-run $options b@example.net
    peer_wait
  done
}

# ---- the manual's script ----

@test "the manual's script tries again on 75, and only then" {
  page=$BATS_TEST_DIRNAME/../../man/smtpsend.1
  # shellcheck disable=SC2016 # for the script
  { echo 'smtpsend() { cat >/dev/null; echo sent >>log; return $(sed -n "$(grep -c sent log)p" answers); }'
    echo 'sleep() { echo "waited $1" >>log; }'
    sed -n '/^for wait/,/^\.Ed/p' "$page" | sed '$d'; } >script
  echo x >letter
  printf '75\n75\n0\n' >answers
  run -0 sh script
  [ "$(tr '\n' ' ' <log)" = 'sent waited 60 sent waited 600 sent ' ]
  rm log
  printf '75\n67\n' >answers
  run -67 sh script
  rm log
  printf '75\n75\n75\n75\n' >answers
  run -75 sh script
}

# ---- by hand ----

@test "a script of the protocol's own verbs" {
  { cat <<'END'
S: 220 hamburger.example.edu
C: HELO crepes.example.fr
S: 250 Hello crepes.example.fr, pleased to meet you
C: MAIL FROM:<alice@crepes.example.fr>
S: 250 ok
C: RCPT TO:<bob@hamburger.example.edu>
S: 250 ok
C: DATA
S: 354 go
C: Do you like ketchup?
C: ..lead
C: .
S: 250 accepted
C: QUIT
S: 221 bye
END
  } >"$D"
  peer_start "$D"
  cat >script <<'END'
helo crepes.example.fr
MAIL FROM:<alice@crepes.example.fr>
Rcpt TO:<bob@hamburger.example.edu>
DATA
Do you like ketchup?
.lead
.
QUIT
END
  smtpsend --script script "smtp://127.0.0.1:$PEER_PORT" >shown
  peer_wait
  grep -qx 'S: 250 Hello crepes.example.fr, pleased to meet you' shown
  grep -qx 'S: 221 bye' shown
}

@test "a bare host at a terminal is a prompt; help explains each verb in a sentence" {
  { opening; printf 'C: MAIL FROM:<a@example.org>\nS: 250 ok\nC: RCPT TO:<b@example.net>\nS: 250 ok\n'
    printf 'C: DATA\nS: 354 go\nC: Subject: by hand\nC:\nC: ..dot\nC: .\nS: 250 taken\n'; closing; } >"$D"
  peer_start "$D"
  printf '%s\n' 'ehlo client.example.org' 'mail FROM:<a@example.org>' 'rcpt TO:<b@example.net>' data \
    'Subject: by hand' '' .dot . quit |
    TERM=dumb timeout 20 script -qec "'$PARLEY_BIN/smtpsend' --no-config --no-netrc --server 127.0.0.1:$PEER_PORT" /dev/null >typed
  peer_wait
  grep -q 'smtpsend> ' typed
  grep -q 'S: 250 taken' typed
  for verb in helo ehlo starttls auth mail rcpt data rset vrfy expn noop quit; do
    run -0 smtpsend --execute "help $verb"
    grep -q "^  ${verb^^}: .*(RFC" <<<"$output"
  done
}

@test "a script stops at the first refusal with its status; help explains" {
  { opening; printf 'C: MAIL FROM:<a@example.org>\nS: 550 no\n'; closing; } >"$D"
  peer_start "$D"
  run -69 smtpsend --execute 'ehlo client.example.org; mail FROM:<a@example.org>; rcpt TO:<b@example.net>' "smtp://127.0.0.1:$PEER_PORT"
  peer_wait
  run -0 smtpsend --execute 'help rcpt'
  [[ $output == *'name a recipient'* ]]
  run -64 smtpsend --execute 'noop'
}

@test "by hand the server is the one that was named, not the configuration's; two are one too many" {
  { opening; closing; } >"$D"
  peer_start "$D"
  smtpsend --server smtp://127.0.0.1:1 --execute 'ehlo client.example.org; quit' "smtp://127.0.0.1:$PEER_PORT"
  peer_wait
  run -64 smtpsend --execute 'noop' smtp://127.0.0.1:1 smtp://127.0.0.1:2
  [[ $output == *'one too many'* ]]
}

@test "a message that is not there is named once" {
  run -66 smtpsend --server smtp://127.0.0.1:1 --message nowhere b@example.net
  [ "$output" = 'smtpsend: cannot read nowhere: No such file or directory' ]
}

# ---- -bs ----

@test "-bs: envelopes and messages from stdin, answers on stdout" {
  { opening PIPELINING; printf 'C: MAIL FROM:<a@example.org>\nC: RCPT TO:<b@example.net>\n'; ok 2
    printf 'C: DATA\nS: 354 go\n'; text 1; printf 'C: .\nS: 250 ok\n'; closing; } >"$D"
  peer_start "$D"
  printf 'HELO x\nRCPT TO:<b@example.net>\nMAIL FROM:<a@example.org> BODY=8BITMIME\nRCPT TO:<b@example.net>\nDATA\nSubject: 1\n\ntext 1\n.\nBOO\nQUIT\n' |
    send --no-add-headers -bs >answers
  peer_wait
  [ "$(cut -c1-3 answers | tr '\n' ' ')" = '220 250 503 250 250 354 250 500 221 ' ]
}

@test "-bs: the server's refusal is the caller's answer" {
  { opening PIPELINING; printf 'C: MAIL FROM:<a@example.org>\nC: RCPT TO:<b@example.net>\nS: 250 ok\nS: 550 5.1.1 no such user\n'; closing; } >"$D"
  peer_start "$D"
  printf 'MAIL FROM:<a@example.org>\nRCPT TO:<b@example.net>\nDATA\nx\n.\nQUIT\n' | send -bs >answers
  peer_wait
  grep -q '^550 5.1.1 no such user' answers
}
