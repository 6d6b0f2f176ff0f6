#!/usr/bin/env bats
# webget's part of `make demo` runs to its end and shows what it promises; and
# nothing it started stays.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup() {
  cd "$BATS_TEST_DIRNAME/../.." || return 1
  PATH=${PARLEY_BIN:-$PWD/build/bin}:$PATH
  export DEMO=$BATS_TEST_TMPDIR/demo
  mkdir "$DEMO"
}

@test "the demonstration: a page, the dialogue, TLS, the textbook's model beside the measurement, by hand" {
  SECONDS=0
  run --separate-stderr tests/demo/webget.sh
  assert_success
  # shellcheck disable=SC2154 # run sets it
  assert_equal "$stderr" ''
  assert [ $SECONDS -lt 120 ]
  assert_line '<title>Parley</title>'
  assert_line 'C: GET / HTTP/1.1'
  assert_line 'S: HTTP/1.1 200 OK'
  assert_line --regexp '^\[tls TLSv1\.3 .* verified '
  assert_line --regexp '^    model: 2 RTT \+ L/R = 2 x [0-9.]+ ms \+ [0-9.]+ ms = [0-9.]+ ms, measured [0-9.]+ ms$'
  assert_line --regexp '^    model: 3 RTT '
  assert_line --regexp '^timing: 10 objects, 1 connection, [2-9] round trips'
  assert_line --regexp '^timing: 10 objects, 10 connections, 20 round trips'
  assert_line 'webget> GET /'
  assert [ ! -e "$DEMO/nginx" ]
}

@test "the demonstration fails where webget does" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/webget"
  chmod +x "$BATS_TEST_TMPDIR/bin/webget"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH run tests/demo/webget.sh
  assert_failure
  assert [ ! -e "$DEMO/nginx" ]
}
