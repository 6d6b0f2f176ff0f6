#!/usr/bin/env bats
# Only if it changed: -z, --etag-save, --etag-compare, --timestamping.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# A request with this condition (a header line, '' for none) is answered so.
asks() { # CONDITION STATUS [FIELD...]
  printf '%s\n' 'C: GET /p HTTP/1.1' 'C: Host: *' 'C: User-Agent: *' 'C: Accept: */*'
  [ -z "$1" ] || printf 'C: %s\n' "$1"
  printf '%s\n' 'C:' "S: HTTP/1.1 $2 Whatever"
  local body=new
  [ "$2" != 304 ] || body=
  shift 2
  [ $# -eq 0 ] || printf 'S: %s\n' "$@"
  [ -z "$body" ] || printf '%s\n' 'S: Content-Length: 3' 'S:' "[send $body]"
  [ -n "$body" ] || printf '%s\n' 'S:'
}

@test "-z with a date, with a file, and the other way round" {
  play < <(asks 'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT' 200)
  fetch -z 'Sunday, 06-Nov-94 08:49:37 GMT' "$URL/p"
  assert_status 0
  assert_output new
  assert_played
  touch -d '1994-11-06 08:49:37 UTC' old
  play < <(asks 'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT' 304)
  fetch -z old -o page "$URL/p"
  assert_status 0
  assert_played
  assert_files old
  play < <(asks 'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT' 412)
  fetch -z '-Sun, 06 Nov 1994 08:49:37 GMT' "$URL/p"
  assert_status 66
  assert_played
  fetch -z nonsense http://127.0.0.1:1/
  assert_status 64
}

@test "a 304 leaves the file that is there alone" {
  printf before >page
  play < <(asks 'If-None-Match: "x"' 304 'ETag: "x"')
  printf '"x"\n' >etag
  fetch --etag-compare etag --etag-save etag -o page "$URL/p"
  assert_status 0
  assert_played
  [ "$(cat page)" = before ]
  [ "$(cat etag)" = '"x"' ]
}

@test "an ETag is kept from one run to the next" {
  play < <(asks '' 200 'ETag: "one"')
  fetch --etag-compare etag --etag-save etag -o page "$URL/p"
  assert_status 0
  assert_played
  [ "$(cat etag)" = '"one"' ]
  play < <(asks 'If-None-Match: "one"' 200 'ETag: W/"two"')
  fetch --etag-compare etag --etag-save etag -o page "$URL/p"
  assert_status 0
  assert_played
  [ "$(cat etag)" = 'W/"two"' ]
}

@test "an ETag is of one URL: several are refused, whatever names them" {
  local option
  echo '<metalink/>' >list
  for option in --etag-save --etag-compare; do
    for urls in '-O http://127.0.0.1:1/a http://127.0.0.1:1/b' '-O http://127.0.0.1:1/{a,b}' \
      '-O http://127.0.0.1:1/[1-9]' '--input-file list' '-O http://127.0.0.1:1/a --input-file list' \
      '--metalink list'; do
      # shellcheck disable=SC2086 # several words
      fetch $option etag $urls
      assert_status 64
      assert_error '--etag-save and --etag-compare are for one URL'
    done
    fetch -g $option etag -o page 'http://127.0.0.1:1/{a,b}'
    assert_status 75
    fetch $option etag -o page 'http://127.0.0.1:1/{a'
    assert_status 64
    assert_error 'col'
  done
  assert_files list
}

@test "--timestamping: the file has the server's time and is asked about by it" {
  play < <(asks '' 200 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT')
  fetch --timestamping -o page "$URL/p"
  assert_status 0
  assert_played
  [ "$(stat -c %Y page)" = 784111777 ]
  play < <(asks 'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT' 304)
  fetch -N -o page "$URL/p"
  assert_status 0
  assert_played
  [ "$(cat page)" = new ]
}
