#!/usr/bin/env bats
# --record: a session with a real server becomes a dialogue that can be played;
# here the server is the peer itself.

bats_require_minimum_version 1.5.0
load peer.bash

BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}
D=$BATS_TEST_DIRNAME/../dialogues

setup() {
  unset all_proxy http_proxy NETRC
  export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8
  cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
  peer_stop
}

# Between the client and the peer that plays: sets PEER_PORT to the recorder's.
record() { # FILE [options]
  local file=$1 server=$PEER_PORT
  SERVER_PID=$PEER_PID
  shift
  peer_start "$file" --record "127.0.0.1:$server" "$@"
}

pop3() {
  "$BIN/pop3fetch" --no-config --execute 'user bob; pass hungry; list; retr 1; retr 2; quit' \
    "pop3://127.0.0.1:$PEER_PORT/"
}

@test "a session is recorded, without its password, and can be played" {
  peer_start "$D/pop3-keep.txt"
  record got
  pop3 >out 2>err
  peer_wait
  wait "$SERVER_PID"
  diff <(grep '^[CS]:' "$D/pop3-keep.txt" | sed 's/hungry/*/') got
  peer_start got
  pop3 >again 2>err
  peer_wait
  diff <(grep -v "^\[" out) <(grep -v "^\[" again)
}

@test "other passwords" {
  cat >server <<'END'
S: 220 x
C: AUTH LOGIN
S: 334 a
C: secret1
S: 334 b
C: secret2
S: 235 in
C: AUTH PLAIN secret3
S: 235 in
C: a1 LOGIN bob secret4
C: a2 AUTHENTICATE PLAIN secret5
C: Authorization: Basic secret6
C: X: a*b
S: 221 x
[close]
END
  peer_start server
  record got
  sed -n 's/^C: \(.*\)/\1\r/p' server >said
  exec 7<>"/dev/tcp/127.0.0.1/$PEER_PORT"
  grep -v '^[CS]: $' server | while IFS= read -r line; do
    case $line in
    S:*) IFS= read -r -t 5 _ <&7 ;;
    C:*) printf '%s\r\n' "${line#C: }" >&7 ;;
    esac
  done
  peer_wait
  exec 7>&-
  run ! grep secret got
  grep -qx 'C: AUTH PLAIN \*' got
  grep -qx 'C: a1 LOGIN bob \*' got
  grep -qx 'C: Authorization: Basic \*' got
  grep -qxF 'C: X: a\x2ab' got
  [ "$(grep -cxF 'C: *' got)" = 2 ]
  [ "$(tail -n1 got)" = '[close]' ]
}

@test "bodies without line ends, LF alone, several connections" {
  web() {
    "$BIN/webget" --no-config -H 'Connection: close' --connection nonpersistent \
      "http://127.0.0.1:$PEER_PORT/a" "http://127.0.0.1:$PEER_PORT/b"
  }
  for c in '' 2; do
    printf '%s\n' "C$c: GET *" '[rest]' "S$c: HTTP/1.1 200 OK" "S$c: Connection: close" "S$c: Content-Length: 9" "S$c:" \
      '[send a\x0ab\x0d\x0ac\x00\xff\]' '[close]'
  done | sed 's/\\\]$/\\\\]/' >server
  peer_start server
  record got --connections 2
  web >out
  peer_wait
  [ "$(wc -c <out)" = 18 ]
  grep -qxF '[send a\x0a]' got
  grep -q '^S2: HTTP/1.1 200' got
  sed -i 's/^\(C2*: Host:\).*/\1 */' got
  peer_start got
  web >again
  peer_wait
  diff <(grep -v "^\[" out) <(grep -v "^\[" again)
}

@test "a server that is not there, one that is no HOST:PORT" {
  run -2 "$(peer_program)" --record nonsense --timeout 1 --port-file port out
  peer_start out --record 127.0.0.1:1
  run "$BIN/webget" --no-config "http://127.0.0.1:$PEER_PORT/"
  [ "$status" = 75 ]
  run -2 peer_wait
  [[ $output == *'cannot connect to 127.0.0.1:1'* ]]
}
