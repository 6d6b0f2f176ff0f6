#!/usr/bin/env bats
# Segments of a file from a real nginx: over TLS, in --har, cookies with them.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load nginx

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP SECURE=https://localhost:$NGINX_HTTPS
  head -c 16000000 /dev/urandom >"$NGINX_ROOT/segmented"
}

teardown_file() {
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

@test "ranges over TLS make the file, each connection verified; --har has each of them" {
  run webget --cacert "$NGINX_CA" --segments 4 --limit-rate 5000000 --timing --har out.har \
    -b 'taste=sweet' -o page "$SECURE/segmented?tls"
  assert_success
  cmp page "$NGINX_ROOT/segmented"
  assert_output --partial 'at once'
  local ranges
  ranges=$(logged 'segmented?tls' 2 | grep -c ' 206 ')
  [ "$ranges" -ge 1 ]
  assert_equal "$(jq '[.log.entries[] | select(.response.status == 206)] | length' out.har)" "$ranges"
  assert_equal "$(jq '[.log.entries[].request.headers[] | select(.name == "Cookie")] | length' out.har)" $((ranges + 1))
}

@test "a certificate that is not trusted: nothing of it, by no connection" {
  run webget -q --segments 4 -o page "$SECURE/segmented"
  assert_failure 76
  assert_equal "$(files_in .)" ''
}

@test "several files, each in segments, at once" {
  run webget -q -Z --parallel-max 3 --segments 3 -o 'page#1' "$WEB/segmented?[1-3]"
  assert_success
  local i
  for i in 1 2 3; do
    cmp "page$i" "$NGINX_ROOT/segmented"
  done
  assert_equal "$(files_in . | wc -l)" 3
}
