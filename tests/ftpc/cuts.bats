#!/usr/bin/env bats
# What breaks in the middle: TLS data without its goodbye, data connections that never come
# about, kill -9, full disks, replies in another order than the textbook's.

load ftpc.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
  [ -z "${DEAF_PID-}" ] || kill "$DEAF_PID"
}

# An anonymous fetch of `file` up to RETR, which stdin answers.
retr() { # SIZE
  local rest
  rest=$(cat)
  login <<END
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 binary
S: $1
S: 213 20260102030405
S: 229 passive (|||@PORT@|)
C: RETR file
$rest
END
}

# The same over TLS, where the size is not known; then stdin.
tls_retr() {
  local rest
  rest=$(cat)
  peer_certificate
  export SSL_CERT_FILE=$PEER_CERT
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<END
S: 220 ready
C: AUTH TLS
S: 234 go on
[tls]
C: USER anonymous
C: PASS *
C: PBSZ 0
C: PROT P
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 none
S: 200 private
S: 200 binary
S: 550 no
S: 550 no
S: 229 passive (|||@PORT@|)
C: RETR file
S: 150 here
$rest
END
}

@test "TLS: a data connection that ends without its goodbye is no success, whatever 226 says" {
  printf 'hello, world' >"$BATS_TEST_TMPDIR/hello"
  tls_retr <<'END'
[data tls cut 5 < hello]
S: 226 done
C: QUIT
END
  ftp --tls require -o got "$URL/file"
  assert_refused 75 'without a close_notify'
  assert_played
  tls_retr <<'END'
[data tls < hello]
S: 226 done
C: QUIT
END
  ftp --tls require -o got "$URL/file"
  assert_status 0
  assert_content got 'hello, world'
  assert_played
}

@test "TLS: a listing without its goodbye is no success either" {
  printf -- '-rw-r--r-- 1 o g 5 Jan  2  2026 x\r\n' >"$BATS_TEST_TMPDIR/list"
  peer_certificate
  export SSL_CERT_FILE=$PEER_CERT
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
S: 220 ready
C: AUTH TLS
S: 234 go on
[tls]
C: USER anonymous
C: PASS *
C: PBSZ 0
C: PROT P
C: FEAT
S: 331 any password
S: 230 welcome
S: 200 none
S: 200 private
S: 500 no
C: TYPE A
C: EPSV
S: 200 text
S: 229 passive (|||@PORT@|)
C: LIST
S: 150 here
[data tls cut 36 < list]
S: 226 done
C: QUIT
END
  ftp --tls require "$URL/"
  assert_status 75
  refute_output
}

# A port that takes no more connections: its queue is full, and SYNs are not answered.
deaf_port() {
  command -v /usr/bin/python3 >/dev/null || skip 'no python3'
  /usr/bin/python3 -c '
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)
full = [socket.socket() for _ in range(4)]
for c in full:
    c.setblocking(False)
    c.connect_ex(s.getsockname())
open(sys.argv[1], "w").write("%d\n" % s.getsockname()[1])
time.sleep(90)' "$BATS_TEST_TMPDIR/deaf" 3>&- &
  DEAF_PID=$!
  await test -s "$BATS_TEST_TMPDIR/deaf"
  DEAF=$(cat "$BATS_TEST_TMPDIR/deaf")
}

@test "a passive data connection that is never answered: the deadline, 75" {
  deaf_port
  login <<END
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 229 x (|||$DEAF|)
C: RETR file
[wait 60]
END
  SECONDS=0
  ftp --connect-timeout 1 -o got "$URL/file"
  assert_refused 75 "127.0.0.1:$DEAF"
  assert [ $SECONDS -lt 20 ]
}

@test "kill -9 in the middle: nothing under the target's name, the next run begins anew" {
  retr '213 20' <<'END'
S: 150 here
[data S 10 bytes]
[wait 30]
END
  "$PROGRAM" -o got "$URL/file" 2>/dev/null 3>&- &
  await has_lines "$PEER_LOG" 'send 10 data'
  kill -KILL $!
  wait $! || true
  assert [ ! -e got ]
  retr '213 10' <<'END'
S: 150 here
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp -o got "$URL/file"
  assert_status 0
  assert_content got 0123456789
  assert_played
}

@test "kill -9 in the middle with -C -: the next run goes on" {
  printf 'hello' >"$BATS_TEST_TMPDIR/short"
  printf ', world' >"$BATS_TEST_TMPDIR/rest"
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 12
S: 213 20260102030405
C: EPSV
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data < short]
[wait 30]
END
  "$PROGRAM" -C - -o file "$URL/file" 2>/dev/null 3>&- &
  await test -s .file.part
  kill -KILL $!
  wait $! || true
  assert_files .file.part
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 12
S: 213 20260102030405
C: EPSV
C: REST 5
S: 229 x (|||@PORT@|)
S: 350 go on
C: RETR file
S: 150 here
[data < rest]
S: 226 done
C: QUIT
END
  ftp -C - -o file "$URL/file"
  assert_status 0
  assert_content file 'hello, world'
  assert_files file
  assert_played
}

@test "226 before the data, 226 without 150, 150 after the data" {
  retr '213 10' <<'END'
S: 226 done
[data S 10 bytes]
C: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123456789
  assert_played
  retr '213 10' <<'END'
[data S 10 bytes]
S: 150 here
S: 226 done
C: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123456789
  assert_played
  retr '213 10' <<'END'
S: 150 here
S: 226 done
[wait 0.2]
[data S 10 bytes]
C: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123456789
  assert_played
}

@test "421 while the data come: 75" {
  printf 'hello' >"$BATS_TEST_TMPDIR/short"
  retr '213 12' <<'END'
S: 150 here
[data < short]
S: 421 timeout, closing
[close]
END
  ftp -o got "$URL/file"
  assert_refused 75 'timeout, closing'
}

@test "421 in answer to a command by hand: 75, and the script ends" {
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 500 no
C: NOOP
S: 421 idle for too long
[close]
END
  ftp -u anonymous:me@ --execute 'noop; pwd' "$URL"
  assert_status 75
  assert_said 'idle for too long'
  assert_played
}

@test "no room for the file here: 74, nothing is left; with -C - the part is" {
  head -c 200000 /dev/zero >"$BATS_TEST_TMPDIR/big"
  for how in '' '-C -'; do
    printf '%s\n' 'C: TYPE I' 'C: SIZE file' 'C: MDTM file' >steps
    # shellcheck disable=SC2016 # no expansion is meant
    [ -n "$how" ] || echo 'C: EPSV' >>steps
    printf '%s\n' 'S: 331 any' 'S: 230 in' 'S: 200 I' 'S: 213 200000' 'S: 213 20260102030405' >>steps
    [ -z "$how" ] || echo 'C: EPSV' >>steps
    printf '%s\n' 'S: 229 x (|||@PORT@|)' 'C: RETR file' 'S: 150 here' '[data < big]' '[close]' >>steps
    login <steps
    rm steps
    # shellcheck disable=SC2086 # words
    run --separate-stderr bash -c 'ulimit -f 64; exec timeout 20 "$@"' - "$PROGRAM" $how -o file "$URL/file"
    assert_status 74
    assert_error 'File too large'
    if [ -z "$how" ]; then
      assert_files
    else
      assert_files .file.part
    fi
    peer_stop
  done
}

@test "digests: HASH as the draft has it, XSHA256, and a difference is 65" {
  sum=$(printf 0123456789 | sha256sum | cut -d' ' -f1)
  while IFS='|' read -r feature verb reply expected; do
    login <<END
C: FEAT
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 211-Features
S:  $feature
S: 211 End
S: 200 binary
S: 213 10
S: 550 no
S: 229 passive (|||@PORT@|)
C: RETR file
S: 150 here
[data S 10 bytes]
S: 226 done
${verb//;;/$'\n'}
S: $reply
C: QUIT
END
    rm -f got
    ftp --checksum -o got "$URL/file"
    assert_status "$expected"
    if [ "$expected" -eq 0 ]; then
      assert_content got 0123456789
      assert_quiet
    else
      assert_error checksum
      assert_files
    fi
    assert_played
  done <<END
HASH SHA-256*;SHA-1|C: OPTS HASH SHA-256;;S: 200 SHA-256;;C: HASH file|213 SHA-256 0-9 $sum file|0
XSHA256|C: XSHA256 file|250 $sum|0
XSHA256|C: XSHA256 file|250 ${sum^^}|0
XSHA256|C: XSHA256 file|250 ${sum:32}${sum:0:32}|65
END
}

@test "a server that loses what was sent ahead is asked step by step after a silence" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S2: 220 ready
C2: USER anonymous
S2: 331 now the password
C2: PASS *
S2: 230 welcome
C2: TYPE I
S2: 200 binary
C2: SIZE file
S2: 213 4
C2: MDTM file
S2: 550 no
C2: EPSV
S2: 229 x (|||@PORT@|)
C2: RETR file
S2: 150 here
[data S 4 bytes]
S2: 226 done
C2: QUIT
END
  ftp --timeout 2 "$URL/file"
  assert_status 0
  assert_output 0123
}

@test "the textbook's session, one command at a time: login, list, fetch, store" {
  printf 'plan\n' >plan.txt
  printf -- '-rw-r--r-- 1 o g 40 Jan  2  2026 boats.txt\r\n' >"$BATS_TEST_TMPDIR/list"
  play <<'END'
S: 220 harbour.example
C: USER bob
S: 331 Password please
C: PASS hungry
S: 230 Logged in
C: FEAT
S: 502 No features
C: TYPE A
S: 200 Text
C: EPSV
S: 229 Connect there (|||@PORT@|)
C: LIST
S: 125 The connection is open, the listing begins
[data < list]
S: 226 Done
C: TYPE I
S: 200 Binary
C: SIZE boats.txt
S: 213 40
C: MDTM boats.txt
S: 213 20260102030405
C: EPSV
S: 229 Connect there (|||@PORT@|)
C: RETR boats.txt
S: 125 Here it comes
[data S 40 bytes]
S: 226 Done
C: EPSV
S: 229 Connect there (|||@PORT@|)
C: STOR plan.txt
S: 125 Go on
[data > /dev/null]
S: 226 Taken
C: SIZE plan.txt
S: 213 5
C: QUIT
END
  ftp --tls off --no-pipelining --execute '@user bob hungry; @ls -1; @get boats.txt; @put plan.txt' "$URL"
  assert_status 0
  assert_output boats.txt
  assert_files boats.txt plan.txt
  assert_played
}
