#!/usr/bin/env bats
# webget with Apache: the same needs as with nginx, answered in another server's words.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load nginx

setup_file() {
  server_start apache
  export WEB=http://127.0.0.1:$APACHE_HTTP CLOSING=http://127.0.0.1:$APACHE_CLOSING
  seq 1 50000 >"$APACHE_ROOT/numbers.txt"
  for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "object $n" >"$APACHE_ROOT/$n.txt"; done
  # Apache gives a file of the last second a weak ETag only.
  touch -d '2026-01-02 03:04:05 UTC' "$APACHE_ROOT"/*.txt
}

teardown_file() {
  server_stop apache
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

# Lines of the log with this in their request; Apache writes one after its answer has left.
requests() { # WORDS COUNT
  await has_lines "$APACHE_LOG" "${1//[?.]/.}" "$2" >/dev/null
  grep -F -- "$1" "$APACHE_LOG"
}

@test "a file, and a range of it" {
  webget "$WEB/numbers.txt" | cmp - "$APACHE_ROOT/numbers.txt"
  run webget -r 0-9 "$WEB/numbers.txt"
  assert_success
  [ "$output" = "$(head -c 10 "$APACHE_ROOT/numbers.txt")" ]
  run webget -r 99999999- "$WEB/numbers.txt"
  assert_failure 66
}

@test "a download that broke off goes on behind its strong ETag" {
  "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/webget" --no-config --limit-rate 10k --continue -o got \
    "$WEB/numbers.txt?cut" 2>/dev/null 3>&- &
  await test -s got.part
  kill -TERM $!
  wait $! || true
  [ ! -e got ]
  run webget -v --continue -o got "$WEB/numbers.txt?cut"
  assert_success
  assert_output --partial 'S: HTTP/1.1 206 Partial Content'
  cmp got "$APACHE_ROOT/numbers.txt"
}

@test "conditions: the ETag that was saved, and a date" {
  webget --etag-save tag -o got "$WEB/1.txt"
  [[ $(cat tag) == '"'*'"' ]]
  run webget -v --etag-compare tag "$WEB/1.txt"
  assert_success
  assert_output --partial 'S: HTTP/1.1 304 Not Modified'
  run webget -v -z 'Fri, 02 Jan 2026 03:04:05 GMT' "$WEB/1.txt"
  assert_output --partial 'S: HTTP/1.1 304 Not Modified'
  rm got
  webget --timestamping -o got "$WEB/1.txt"
  [ "$(stat -c %Y got)" -eq "$(stat -c %Y "$APACHE_ROOT/1.txt")" ]
}

@test "gzip is asked for and decoded; plain without --compressed" {
  run webget -v --compressed -o got "$WEB/gz/numbers.txt"
  assert_success
  assert_output --partial 'S: Content-Encoding: gzip'
  cmp got "$APACHE_ROOT/numbers.txt"
  webget -o plain "$WEB/gz/numbers.txt"
  cmp plain "$APACHE_ROOT/numbers.txt"
}

@test "a redirect is followed on the same connection" {
  run webget -w '%{num_redirects} %{num_connects}\n' "$WEB/moved/1.txt"
  assert_success
  assert_line --index 0 'object 1'
  assert_line --index 1 '1 1'
}

@test "Digest and Basic, right and wrong" {
  run webget -u ada:lovelace --digest "$WEB/digest/1.txt"
  assert_success
  assert_output 'object 1'
  run webget -u ada:lovelace --anyauth "$WEB/basic/1.txt"
  assert_output 'object 1'
  run webget -u ada:wrong --digest "$WEB/digest/1.txt"
  assert_failure 77
  run webget "$WEB/basic/1.txt"
  assert_failure 77
}

@test "PUT and DELETE by WebDAV, and what is stored comes back" {
  webget -T "$APACHE_ROOT/numbers.txt" -o /dev/null "$WEB/dav/new"
  cmp "$APACHE_DAV/new" "$APACHE_ROOT/numbers.txt"
  webget -X DELETE "$WEB/dav/new"
  [ ! -e "$APACHE_DAV/new" ]
}

@test "a server that closes after six requests: twelve objects, in order, none asked for twice to be shown" {
  webget "$CLOSING/[1-12].txt?early" >got
  seq -f 'object %g' 12 | cmp - got
  requests '?early' 12 >asked
  [ "$(cut -d' ' -f1 asked | sort -u | wc -l)" -eq 2 ]
}

@test "a pipeline: twelve objects on one connection" {
  webget "$WEB/[1-12].txt?pipe" >got
  seq -f 'object %g' 12 | cmp - got
  requests '?pipe' 12 >asked
  [ "$(cut -d' ' -f1 asked | sort -u | wc -l)" -eq 1 ]
}
