#!/usr/bin/env bats
# --timing of each tool: turns counted, the model beside the measurement; by hand too.

load ../peer/tool.bash

D=$BATS_TEST_DIRNAME/../dialogues
BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

tool() { # TOOL [options]
  local status=0
  timeout 20 "$BIN/$1" --no-config --timing "${@:2}" >out 2>err || status=$?
  cat err
  return $status
}

# The last line of the figures, with so many round trips, and what they are made of.
model() { # TRIPS [TURNS]
  grep -Eqx "    model: $1 RTT \+ L/R = $1 x [0-9.]+ ms \+ [0-9.]+ ms = [0-9.]+ ms, measured [0-9.]+ ms( \(server and others [0-9.]+ ms\))?" err
  grep -Eq "^    round trips +$1      RTT by the kernel " err
  [ -z "${2:-}" ] || grep -q "waiting for answers .* ms   $2 turns, 1 RTT each" err
}

# Milliseconds of a row.
row() { # NAME
  sed -n "s/^    $1  *\([0-9]*\)\.[0-9]* ms.*/\1/p" err | head -n1
}

mail() {
  tool smtpsend --no-netrc --domain anchor.example -f alice@anchor.example --no-add-headers \
    --no-ehlo --no-pipelining --server "smtp://127.0.0.1:$PEER_PORT" bob@harbour.example <message
}

@test "webget: the textbook's formula" {
  peer_start "$D/http-not-found.txt"
  tool webget --fail-with-body --resolve "www.example.org:$PEER_PORT:127.0.0.1" \
    "http://www.example.org:$PEER_PORT/lost.html" || true
  model 2
}

@test "smtpsend: the greeting and six commands are seven turns" {
  printf 'Do you like ketchup?\nHow about pickles?\n' >message
  # However busy the machine: in one run of ten this side has no long pauses.
  for _ in {1..10}; do
    peer_start "$D/smtp-session.txt" --rtt 20
    mail
    model 8 7
    [ "$(row 'waiting for answers')" -ge 140 ]
    [ "$(row 'this side')" -ge 100 ] || break
  done
  [ "$(row 'this side')" -lt 100 ]
  grep -q '^timing: 1 message, 42 B, 1 connection$' err
}

@test "pop3fetch: by hand too, so far and at the end" {
  peer_start "$D/pop3-keep.txt"
  tool pop3fetch --execute 'user bob; pass hungry; timing; list; retr 1; retr 2; quit' \
    "pop3://127.0.0.1:$PEER_PORT/"
  model 4 3
  model 8 7
}

@test "imapls by hand: the figures come when the session ends" {
  peer_start - <<'END'
S: * PREAUTH [CAPABILITY IMAP4rev2] hello
C: A001 NOOP
S: A001 OK done
C: A002 LOGOUT
S: * BYE
S: A002 OK
END
  tool imapls --execute 'noop; timing; quit' "imap://127.0.0.1:$PEER_PORT/"
  model 3 2
  model 4 3
  [ "$(grep -c '^timing: ' err)" = 2 ]
}

@test "imapls: what is sent at once is one turn" {
  peer_start "$D/imap-folders.txt"
  tool imapls "imap://bob:hungry@127.0.0.1:$PEER_PORT/"
  model 4 3
  grep -q '^timing: 127.0.0.1 (127.0.0.1:' err
}

@test "ftpc: both kinds of connection" {
  echo plan >plan.txt
  peer_start "$D/ftp-session.txt"
  tool ftpc --tls off --execute 'user bob hungry; ls; timing; get boats.txt; put plan.txt; quit' \
    "ftp://127.0.0.1:$PEER_PORT"
  model 13 9
  grep -qx '  1 data connection' err
  grep -qx '  3 data connections' err
  grep -q '^    transfer .*80 B received, 5 B sent' err
  grep -q '^timing: 2 files, 45 B, 1 session' err
}

@test "a session that breaks off has its figures; nobody there has none" {
  printf 'Hello\n' >message
  sed '/^C: DATA/,$d; /^#/d' "$D/smtp-session.txt" >broken
  echo '[close]' >>broken
  peer_start broken
  run ! mail
  grep -q '^    model: [5-6] RTT' err
  run ! tool imapls "imap://bob:hungry@127.0.0.1:$PEER_PORT/"
  run ! grep -q timing err
}
