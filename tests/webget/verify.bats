#!/usr/bin/env bats
# --checksum: the right digest, the wrong one, none.

load webget.bash

setup() {
  webget_setup
}

teardown() {
  peer_stop
}

hello() {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 5
S:
[send hello]
END
}

@test "a body with the digest that was given appears, by each algorithm" {
  local algorithm
  for algorithm in sha256 sha512 sha1 md5; do
    hello
    fetch -o "$algorithm" --checksum "$algorithm:$(printf hello | "${algorithm}sum" | cut -d' ' -f1)" "$URL/x"
    assert_status 0
    [ "$(cat "$algorithm")" = hello ]
    assert_played
  done
}

@test "another digest: 65, no file, the one that is there stays" {
  hello
  printf before >page
  fetch -o page --checksum "sha256:$(printf other | sha256sum | cut -d' ' -f1)" "$URL/x"
  assert_status 65
  assert_error "$(printf hello | sha256sum | cut -d' ' -f1)"
  [ "$(cat page)" = before ]
  assert_files page
}

@test "what is no digest, or is for several URLs, is refused" {
  local hex
  hex=$(printf hello | md5sum | cut -d' ' -f1)
  fetch --checksum "md5:${hex}0" http://127.0.0.1:1/
  assert_status 64
  fetch --checksum "crc:$hex" http://127.0.0.1:1/
  assert_status 64
  fetch --checksum "md5:$hex" http://127.0.0.1:1/ http://127.0.0.1:1/
  assert_status 64
}
