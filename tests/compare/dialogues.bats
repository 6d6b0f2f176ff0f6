#!/usr/bin/env bats
# The classic sessions of tests/dialogues: each is played by the peer, spoken by
# the tool, and laid beside itself with --compare.

load ../peer/tool.bash

D=$BATS_TEST_DIRNAME/../dialogues
BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# Starts the peer with a dialogue, which is from now on the one to compare with.
play() { # NAME
  FILE=$D/$1.txt
  peer_start "$FILE"
}

tool() { # STATUS TOOL [options]
  local want=$1 name=$2 status=0
  shift 2
  timeout 20 "$BIN/$name" --no-config --compare "$FILE" "$@" >out 2>err || status=$?
  cat err
  [ "$status" = "$want" ]
}

# The same, of which nothing may differ, and the peer must have been followed.
followed() { # STATUS TOOL [options]
  tool "$@"
  if grep '^[-+][CS]' err; then return 1; fi
  peer_wait
}

web() { # STATUS PATHS [options]
  local want=$1 paths=$2 path
  local -a urls=()
  shift 2
  for path in $paths; do urls+=("http://www.example.org:$PEER_PORT/$path"); done
  followed "$want" webget --resolve "www.example.org:$PEER_PORT:127.0.0.1" "$@" "${urls[@]}"
}

objects() {
  echo index.html photo{1..10}.gif
}

@test "http-by-hand" {
  play http-by-hand
  web 0 about.html -0
  grep -q 'The boats leave at nine.' out
}

@test "http-nonpersistent" {
  play http-nonpersistent
  web 0 "$(objects)" --connection nonpersistent
  [ "$(grep -c ' accept ' "$PEER_LOG")" = 11 ]
}

@test "http-persistent" {
  play http-persistent
  web 0 "$(objects)" --connection persistent
  [ "$(grep -c ' accept ' "$PEER_LOG")" = 1 ]
}

@test "http-parallel" {
  play http-parallel
  web 0 'photo[1-6].gif' --connection parallel
  [ "$(grep -c ' accept ' "$PEER_LOG")" = 6 ]
}

@test "http-moved" {
  play http-moved
  web 0 timetable
}

@test "http-not-found" {
  play http-not-found
  web 66 lost.html
}

@test "http-cookies: in one run, the jar in between" {
  play http-cookies
  web 0 'shop basket' -b '' -c jar
}

@test "http-conditional: 304, then 200" {
  play http-conditional
  date='Wed, 09 Sep 2026 09:23:24 GMT'
  web 0 'fruit.gif fruit.gif' -z "$date"
  [ "$(cat out)" = Fruit. ]
}

@test "ftp-active" {
  play ftp-active
  followed 0 ftpc --tls off -P - --execute 'user bob hungry; get boats.txt; quit' \
    "ftp://127.0.0.1:$PEER_PORT"
  [ "$(wc -c <boats.txt)" = 40 ]
}

ftp_commands='user bob hungry; ls; get boats.txt; put plan.txt; quit'

@test "ftp-session" {
  echo plan >plan.txt
  play ftp-session
  followed 0 ftpc --tls off --execute "$ftp_commands" "ftp://127.0.0.1:$PEER_PORT"
}

@test "ftp-refused" {
  echo plan >plan.txt
  play ftp-refused
  followed 0 ftpc --tls off --execute 'user bob hungry; -get boats.txt; -put plan.txt; quit' \
    "ftp://127.0.0.1:$PEER_PORT"
}

mail() { # NAME: its message is what the file says
  data_of "$1" >message
  followed 0 smtpsend --no-netrc --no-ehlo --no-pipelining --no-add-headers --domain anchor.example \
    -f alice@anchor.example --server "smtp://127.0.0.1:$PEER_PORT" bob@harbour.example <message
}

# What the client says between DATA and the dot.
data_of() { # NAME
  sed -n '/^S: 354/,/^C: \.$/s/^C: \{0,1\}//p' "$D/$1.txt" | sed '$d'
}

@test "smtp-session" {
  play smtp-session
  mail smtp-session
}

@test "smtp-dot" {
  play smtp-dot
  data_of smtp-dot | sed 's/^\.//' >message
  followed 0 smtpsend --no-netrc --no-ehlo --no-pipelining --no-add-headers --domain anchor.example \
    -f alice@anchor.example --server "smtp://127.0.0.1:$PEER_PORT" bob@harbour.example <message
}

@test "mime-base64" {
  play mime-base64
  mail mime-base64
}

@test "mime-mixed" {
  play mime-mixed
  mail mime-mixed
}

pop3_delete='user bob; pass hungry; list; retr 1; dele 1; retr 2; dele 2; quit'
pop3_keep='user bob; pass hungry; list; retr 1; retr 2; quit'

@test "pop3-delete" {
  play pop3-delete
  followed 0 pop3fetch --execute "$pop3_delete" "pop3://127.0.0.1:$PEER_PORT/"
}

@test "pop3-keep" {
  play pop3-keep
  followed 0 pop3fetch --execute "$pop3_keep" "pop3://127.0.0.1:$PEER_PORT/"
}

@test "imap-folders" {
  play imap-folders
  followed 0 imapls "imap://bob:hungry@127.0.0.1:$PEER_PORT/"
}

@test "imap-fetch" {
  play imap-fetch
  followed 0 imapls --raw "imap://bob:hungry@127.0.0.1:$PEER_PORT/INBOX;UID=7"
  grep -q 'They leave at nine.' out
}

@test "every dialogue is among these tests" {
  for file in "$D"/*.txt; do
    name=$(basename "$file" .txt)
    grep -q "play $name\$" "$BATS_TEST_FILENAME" || { echo "$name is not played"; false; }
  done
}
