#!/usr/bin/env bats
# --compare: what differs is shown and said, 65 is the status; files as they are
# typed, bad files, sessions that break off, how it looks.

bats_require_minimum_version 1.5.0
load ../peer/peer.bash

D=$BATS_TEST_DIRNAME/../dialogues
BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}

setup() {
  unset NO_COLOR NETRC all_proxy
  export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8
  mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return 1
  printf 'Do you like ketchup?\nHow about pickles?\n' >message
}

teardown() {
  peer_stop
}

# Sends the message of smtp-session to the peer; options of the tool follow the file.
mail() { # STATUS FILE [options]
  local want=$1 file=$2 status=0
  shift 2
  timeout 20 "$BIN/smtpsend" --no-config --no-netrc --no-ehlo --no-pipelining --no-add-headers \
    --domain anchor.example -f alice@anchor.example --server "smtp://127.0.0.1:${nobody:-$PEER_PORT}" \
    --compare "$file" "$@" bob@harbour.example <message 2>err || status=$?
  cat err
  [ "$status" = "$want" ]
}

@test "another verb: a diff, 65 and one line that names it" {
  sed 's/^C: HELO/C: EHLO/' "$D/smtp-session.txt" >book
  peer_start "$D/smtp-session.txt"
  mail 65 book
  grep -qx -- '-C: EHLO anchor.example' err
  grep -qx '+C: HELO anchor.example' err
  [ "$(tail -n1 err)" = 'smtpsend: first difference: book:5: C: EHLO anchor.example; here: C: HELO anchor.example' ]
  peer_wait
}

@test "another code, one turn more, one turn less" {
  peer_start "$D/smtp-session.txt" --connections 3
  sed 's/^S: 354/S: 353/' "$D/smtp-session.txt" >book
  mail 65 book
  grep -q 'first difference: book:[0-9]*: S: 353 .*; here: S: 354' err
  sed '/^C: RCPT/,+1d' "$D/smtp-session.txt" >book
  mail 65 book
  grep -q 'first difference: book does not have: C: RCPT TO' err
  sed '/^C: DATA/i C: NOOP\nS: 250 ok' "$D/smtp-session.txt" >book
  mail 65 book
  grep -q 'first difference: book:[0-9]*, not said here: C: NOOP' err
  peer_wait
}

@test "words, hosts and dates differ only with --compare-exact" {
  sed 's/alice/carol/; s/harbour/haven/; s/ketchup/tea/' "$D/smtp-session.txt" >book
  peer_start "$D/smtp-session.txt" --connections 3
  mail 0 book
  mail 65 book --compare-exact
  mail 0 "$D/smtp-session.txt" --compare-exact
  peer_wait
}

@test "typed from a book" {
  sed '/^#/d; s/^S: /Server : /; s/^C: /Client: /; s/ glad/\n   glad/; s/$/\r/' "$D/smtp-session.txt" |
    sed '3i \\n\n' | sed 's/dot/“dot”/' >book
  sed -i 's/^\\r*$//' book
  peer_start "$D/smtp-session.txt"
  mail 0 book
  peer_wait
}

@test "a bad file is said, with its line, before anything is connected to" {
  nobody=1
  : >empty
  head -c 4096 /dev/urandom | tr '\n' x >binary
  printf 'S: 220 x\n\nthe server says\n' >prose
  printf '# nothing\n[close]\n' >none
  yes 'S: 250 ok' | head -c 10000000 >huge
  for file in empty binary prose none huge missing; do
    mail 64 "$file"
    [ "$(wc -l <err)" = 1 ]
    grep -q "^smtpsend: .*$file" err
  done
  mail 64 prose
  grep -q 'prose:3: neither S: nor C:' err
  mail 64 none
  grep -q 'no S: or C: line' err
}

@test "a session that breaks off is compared as far as it went" {
  sed '/^C: DATA/,$d; /^#/d' "$D/smtp-session.txt" >broken
  echo '[close]' >>broken
  peer_start broken
  mail 65 "$D/smtp-session.txt"
  grep -q '^-S: 354' err
  grep -q 'closed the connection' err
  grep -q 'first difference' err
}

@test "nobody there: all of it is missing" {
  nobody=1
  mail 65 "$D/smtp-session.txt"
  grep -q 'cannot connect' err
  grep -q '^-S: 220' err
}

# In a terminal of so many columns.
screen() { # COLUMNS
  cat >run.sh <<END
stty cols $1
exec "$BIN/smtpsend" --no-config --no-netrc --no-ehlo --no-pipelining --no-add-headers \
  --domain anchor.example -f alice@anchor.example --server smtp://127.0.0.1:$PEER_PORT \
  --compare book bob@harbour.example <message
END
  script -qec 'sh run.sh' /dev/null >shown || true
}

@test "on a terminal: two columns from 100 on, coloured unless NO_COLOR" {
  sed 's/^C: HELO/C: EHLO/' "$D/smtp-session.txt" >book
  peer_start "$D/smtp-session.txt" --connections 3
  screen 120
  grep -q '^book  *this session' shown
  grep -q 'C: EHLO anchor.example  *| C: HELO anchor.example' shown
  grep -q $'\e\\[' shown
  NO_COLOR=1 screen 120
  grep -q 'C: EHLO anchor.example  *| C: HELO anchor.example' shown
  run ! grep $'\e' shown
  screen 80
  grep -q -- '-C: EHLO' shown
  run ! grep 'this session$' <(grep '^book' shown)
  peer_wait
}

@test "HTTP: method, version, status and the header names of the file" {
  web() { # STATUS BOOK
    local status=0
    peer_start "$D/http-not-found.txt"
    timeout 20 "$BIN/webget" --no-config --compare "$2" "http://127.0.0.1:$PEER_PORT/lost.html" \
      >out 2>err || status=$?
    cat err
    [ "$status" = "$1" ]
  }
  sed 's/^\[rest\]/C: User-agent : me\nC:/; s/www.example.org[*]/x/; s/Not Found/Gone Away/' \
    "$D/http-not-found.txt" >book
  sed -i 's/C: Host: /C: Host: */' book
  peer_any
  web 66 book
  sed -i 's/^C: User-agent/C: X-Missing/' book
  web 65 book
  grep -q 'book:[0-9]*, not said here: C: X-Missing' err
  sed 's/ 404 / 410 /' "$D/http-not-found.txt" >book
  web 65 book
  grep -q '; here: S: HTTP/1.1 404' err
}

# The peer's own file, with any host.
peer_any() {
  mkdir -p any
  sed 's/www.example.org//' "$D/http-not-found.txt" >any/http-not-found.txt
  D=$PWD/any
}

@test "by hand and by script too" {
  peer_start "$D/pop3-keep.txt" --connections 2
  commands='user bob; pass hungry; list; retr 1; retr 2; quit'
  "$BIN/pop3fetch" --no-config --compare "$D/pop3-keep.txt" --execute "$commands" \
    "pop3://127.0.0.1:$PEER_PORT/" >out 2>err
  status=0
  "$BIN/pop3fetch" --no-config --compare "$D/pop3-delete.txt" --execute "$commands" \
    "pop3://127.0.0.1:$PEER_PORT/" >out 2>err || status=$?
  [ "$status" = 65 ]
  grep -q 'not said here: C: DELE 1' err
  peer_wait
}
