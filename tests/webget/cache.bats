#!/usr/bin/env bats
# --cache: what is served, asked again, stored and forgotten; who gets what; directories in any
# state. The rules themselves are tested in tests/unit/test_cache.c. The peer plays a proxy, so
# that a URL stays the same whatever port it listens on.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

X=http://a.example/x
LM='Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT'

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# A GET of a path, with these further request lines (in their order).
asked() { # PATH [LINE...]
  printf '%s\n' "C: GET http://a.example$1 HTTP/1.1" 'C: Host: a.example' 'C: User-Agent: *' 'C: Accept: */*'
  shift
  [ $# -eq 0 ] || printf 'C: %s\n' "$@"
  printf '%s\n' 'C:'
}

# An answer with a body and these fields.
said() { # STATUS BODY [FIELD...]
  local body=$2
  printf '%s\n' "S: HTTP/1.1 $1 X" "S: Content-Length: ${#2}"
  shift 2
  [ $# -eq 0 ] || printf 'S: %s\n' "$@"
  printf '%s\n' 'S:'
  [ -z "$body" ] || printf '[send %s]\n' "$body"
}

unchanged() { # [FIELD...]
  printf '%s\n' 'S: HTTP/1.1 304 X'
  [ $# -eq 0 ] || printf 'S: %s\n' "$@"
  printf '%s\n' 'S:'
}

cached() { # webget's arguments
  fetch -v --cache store -x "http://127.0.0.1:${PEER_PORT-1}" "$@"
}

# The same where nobody answers: what succeeds came from the cache.
alone() { # webget's arguments
  fetch -v --cache store -x http://127.0.0.1:1 "$@"
}

entries() {
  find store -type f -name '????????????????-????????????????'
}

# Answers one request of X with "one" and these fields, into the cache.
filled() { # [FIELD...]
  play < <(asked /x; said 200 one "$@")
  cached "$X"
  assert_status 0
  assert_output one
  assert_played
}

# The server's turns, then the fetch of X, which gives this.
fetched() { # OUTPUT [ARGUMENT...]; turns on stdin
  play
  cached "${@:2}" "$X"
  assert_status 0
  assert_output "$1"
  assert_played
}

served() { # OUTPUT [ARGUMENT...]
  alone "${@:2}" "$X"
  assert_status 0
  assert_output "$1"
  refute_said '[connect'
}

@test "what is fresh is served without a connection, with its age; the files are ours alone" {
  filled 'Cache-Control: max-age=100' 'X-Kept: yes'
  assert_said '[cache miss: nothing is stored]'
  alone -i "$X"
  assert_status 0
  assert_line 'X-Kept: yes'$'\r'
  assert_line --regexp '^Age: [0-9]'
  assert_line one
  assert_said '[cache hit: '
  refute_said connect
  [ "$(stat -c %a store)" = 700 ]
  [ "$(stat -c %a "$(entries)")" = 600 ]
}

@test "a hit is a file, a head, a line of JSON, a word of -w, a count of --timing" {
  filled 'Cache-Control: max-age=100'
  alone -I "$X"
  assert_status 0
  assert_line 'Content-Length: 3'$'\r'
  alone --jsonl -o a "$X"
  [[ $output == *'"cache":"hit"'* ]]
  assert_content a one
  alone -w '%{cache}' --timing -o b "$X"
  assert_output hit
  assert_said 'cache: 1 hit, 0 validated, 0 misses, 3 B saved'
  alone -w '%{cache}' --timing -o c "$X?other"
  assert_status 75
  assert_output miss
  assert_said 'cache: 0 hits, 0 validated, 1 miss, 0 B saved'
  assert_files a b store
}

@test "what is stale is asked for again; a 304 renews it, with the new fields" {
  filled 'Cache-Control: max-age=0' 'ETag: "v1"' "$LM" 'X-Turn: 1' 'Content-Type: text/a'
  play < <(
    asked /x 'If-None-Match: "v1"' "If-Modified-Since: ${LM#*: }"
    unchanged 'Cache-Control: max-age=100' 'ETag: "v1"' 'X-Turn: 2' 'Content-Length: 77'
  )
  cached -i -w '%{cache}' --timing "$X"
  assert_status 0
  assert_line onevalidated
  assert_line 'X-Turn: 2'$'\r'
  refute_line 'X-Turn: 1'$'\r'
  assert_line 'Content-Length: 3'$'\r'
  assert_line 'Content-Type: text/a'$'\r'
  assert_said 'asks whether it still holds'
  assert_said 'cache: 0 hits, 1 validated, 0 misses, 3 B saved'
  assert_played
  served one
  [ "$(entries | wc -l)" = 1 ]
}

@test "a new version takes the old one's place" {
  filled 'ETag: "v1"'
  fetched two < <(asked /x 'If-None-Match: "v1"'; said 200 two 'ETag: "v2"')
  fetched two < <(asked /x 'If-None-Match: "v2"'; unchanged)
  [ "$(entries | wc -l)" = 1 ]
}

@test "a 304 that speaks of another version is not believed: asked for again, whole" {
  filled 'ETag: "v1"'
  fetched two < <(asked /x 'If-None-Match: "v1"'; unchanged 'ETag: "v2"'
    asked /x; said 200 two 'ETag: "v2"')
}

@test "no-cache is asked for each time, no-store is never kept, and a 304 may say so too" {
  filled 'Cache-Control: no-cache, max-age=100' 'ETag: "v1"'
  fetched one < <(asked /x 'If-None-Match: "v1"'; unchanged 'Cache-Control: no-store')
  [ -z "$(entries)" ]
  fetched one < <(asked /x; said 200 one 'Cache-Control: no-store, max-age=100')
  assert_said 'not stored: no-store'
  [ -z "$(entries)" ]
}

@test "the request's wishes: no-cache, max-age, no-store, only-if-cached" {
  filled 'Cache-Control: max-age=100' 'ETag: "v1"'
  fetched one -H 'Cache-Control: no-cache' \
    < <(asked /x 'If-None-Match: "v1"' 'Cache-Control: no-cache'; unchanged)
  sleep 1.1
  fetched one -H 'Cache-Control: max-age=0' \
    < <(asked /x 'If-None-Match: "v1"' 'Cache-Control: max-age=0'; unchanged)
  served one -H 'Cache-Control: only-if-cached'
  alone -H 'Cache-Control: only-if-cached' "$X/other"
  assert_status 66
  [[ $stderr == *"only-if-cached was asked for, and nothing is stored"* ]]
  refute_said '[connect'
  fetched two -H 'Cache-Control: no-store' \
    < <(asked /x 'Cache-Control: no-store'; said 200 two 'ETag: "v2"')
  served one
}

@test "a stale answer stands in for a failing server only where that is allowed" {
  filled 'Cache-Control: max-age=0, stale-if-error=100' 'ETag: "v1"'
  fetched one < <(asked /x 'If-None-Match: "v1"'; said 503 sorry)
  assert_said 'stale-if-error'
  fetched one --fail-with-body < <(asked /x 'If-None-Match: "v1"'; said 500 sorry)
  alone -w '%{cache}' "$X"
  assert_status 0
  assert_output onestale
  play < <(asked /x 'If-None-Match: "v1"'; said 404 gone)
  cached "$X"
  assert_status 66
  assert_played
}

@test "without leave to be stale a failure is one; the request may give leave" {
  filled 'Cache-Control: max-age=0' 'ETag: "v1"'
  alone "$X"
  assert_status 75
  alone -H 'Cache-Control: stale-if-error=100' "$X"
  assert_status 0
  assert_output one
  filled_strict=$(printf 'Cache-Control: max-age=0, must-revalidate, stale-if-error=100')
  fetched two < <(asked /x 'If-None-Match: "v1"'; said 200 two "$filled_strict" 'ETag: "v2"')
  alone -H 'Cache-Control: stale-if-error=100' "$X"
  assert_status 75
}

@test "--stale-if-slow: after so long the stale answer is taken, if its server allowed that" {
  filled 'Cache-Control: max-age=0, stale-while-revalidate=100' 'ETag: "v1"'
  play < <(asked /x 'If-None-Match: "v1"'; printf '%s\n' '[wait 10]'; unchanged)
  cached --stale-if-slow 0.1 -w '%{cache}' "$X"
  assert_status 0
  assert_output onestale
  peer_stop
  fetched one < <(asked /x 'If-None-Match: "v1"'; printf '%s\n' '[wait 0.3]'; unchanged)
}

@test "--stale-if-slow needs no validator: what is asked for without a condition may be slow too" {
  # Stale as it comes: its age is more than it may have.
  filled 'Cache-Control: max-age=10, stale-while-revalidate=100' 'Age: 20'
  play < <(asked /x; printf '%s\n' '[wait 10]'; said 200 two)
  cached --stale-if-slow 0.1 -w '%{cache}' "$X"
  assert_status 0
  assert_output onestale
  assert_said 'nothing to ask with'
  peer_stop
  fetched two < <(asked /x; said 200 two 'Cache-Control: max-age=100')
  served two
}

@test "variants by Vary are kept side by side" {
  filled 'Cache-Control: max-age=100' 'Vary: X-Lang'
  fetched zwei -H 'X-Lang: de' \
    < <(asked /x 'X-Lang: de'; said 200 zwei 'Cache-Control: max-age=100' 'Vary: X-Lang')
  served one
  served zwei -H 'X-Lang: de'
  [ "$(entries | wc -l)" = 2 ]
}

@test "an encoded body is stored as it came, and is for those who asked for it so" {
  printf hello | gzip >hello.gz
  play < <(printf '%s\n' "C: GET $X HTTP/1.1" '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Encoding: gzip' \
      "S: Content-Length: $(stat -c %s hello.gz)" 'S: Cache-Control: max-age=100' 'S:' "[bytes $PWD/hello.gz]")
  cached --compressed "$X"
  assert_status 0
  assert_output hello
  assert_played
  served hello --compressed
  fetched plain < <(asked /x; said 200 plain 'Cache-Control: max-age=100' 'Vary: Accept-Encoding')
  served hello --compressed
  served plain
}

@test "nobody gets what another's name, token or cookies fetched" {
  anybody() { printf '%s\n' "C: GET $X HTTP/1.1" '[rest]'; said 200 "$1" 'Cache-Control: max-age=100'; }
  user() { echo "--basic --plaintext-login -u $1:secret"; }
  # shellcheck disable=SC2046
  fetched ada $(user ada) < <(anybody ada)
  # shellcheck disable=SC2046
  fetched bob $(user bob) < <(anybody bob)
  fetched none < <(anybody none)
  fetched token -H 'Authorization: Bearer abc' < <(anybody token)
  fetched cookie -b sid=1 < <(anybody cookie)
  # shellcheck disable=SC2046
  served ada $(user ada)
  served none
  served token -H 'Authorization: Bearer abc'
  served cookie -b sid=1
  alone -b sid=2 "$X"
  assert_status 75
  alone -H 'Authorization: Basic YWRhOnNlY3JldA==' "$X"
  assert_status 75
  run ! grep -rqE 'secret|sid=|Bearer|YWRh' store
}

@test "ranges, conditions and uploads of the user's pass the cache by; a part is never stored" {
  filled 'Cache-Control: max-age=100' 'ETag: "v1"'
  fetched on -r 0-1 < <(asked /x 'Range: bytes=0-1'
    said 206 on 'Content-Range: bytes 0-1/3' 'Cache-Control: max-age=100')
  play < <(asked /x 'If-None-Match: "v1"'; unchanged)
  echo '"v1"' >etag
  cached --etag-compare etag "$X"
  assert_status 0
  assert_output ''
  assert_played
  served one
  [ "$(entries | wc -l)" = 1 ]
}

@test "a body that breaks off is not stored, nor one that only the connection ends" {
  play < <(asked /x; printf '%s\n' 'S: HTTP/1.1 200 OK' 'S: Cache-Control: max-age=100' \
    'S: Content-Length: 9' 'S:' '[send one]' '[close]')
  cached -o out "$X"
  assert_status 75
  assert_played
  assert_files store
  [ -z "$(entries)" ] && [ -z "$(find store -name 'tmp-*')" ]
  fetched one < <(asked /x; printf '%s\n' 'S: HTTP/1.1 200 OK' 'S: Cache-Control: max-age=100' \
    'S:' '[send one]' '[close]')
  assert_said 'could have been cut'
  [ -z "$(entries)" ]
}

@test "redirects for good and answers that nothing is there are kept too" {
  play < <(asked /x; said 301 moved 'Location: /y'
    asked /y; said 200 there 'Cache-Control: max-age=100')
  cached "$X"
  assert_output there
  assert_played
  served there
  assert_said '[cache hit'
  play < <(asked /gone; said 410 gone)
  cached http://a.example/gone
  assert_status 66
  assert_played
  alone http://a.example/gone
  assert_status 66
  refute_said '[connect'
  alone --fail-with-body http://a.example/gone
  assert_status 66
  assert_output gone
}

@test "an answer with Set-Cookie is kept, and sets nothing when it is served" {
  play < <(asked /x; said 200 one 'Cache-Control: max-age=100' 'Set-Cookie: sid=secret')
  cached -c jar "$X"
  assert_played
  grep -q sid jar
  served one -c other
  run ! grep -q sid other
}

@test "an unsafe method that worked makes the cache forget, at this origin" {
  for path in /x /y /z; do
    play < <(asked $path; said 200 old 'Cache-Control: max-age=100')
    cached "http://a.example$path"
    assert_played
  done
  play < <(printf '%s\n' "C: POST $X HTTP/1.1" '[rest]' '[read 1]'
    said 403 no 'Location: /y')
  cached -d a "$X"
  assert_status 77
  assert_played
  served old
  play < <(printf '%s\n' "C: POST $X HTTP/1.1" '[rest]' '[read 1]'
    said 200 yes 'Location: http://a.example/y' 'Content-Location: http://b.example/z')
  cached -d a "$X"
  assert_status 0
  assert_said 'invalid after POST'
  assert_played
  [ "$(entries | wc -l)" = 1 ]
  alone http://a.example/z
  assert_output old
}

@test "HEAD renews what is stored, or shows that it is old" {
  filled 'Cache-Control: max-age=0' 'ETag: "v1"'
  head_of() { printf '%s\n' "C: HEAD $X HTTP/1.1" '[rest]' 'S: HTTP/1.1 200 OK' "S: Content-Length: $1" \
    'S: ETag: "v1"' 'S: Cache-Control: max-age=100' 'S:'; }
  play < <(head_of 3)
  cached -I -H 'Cache-Control: no-cache' "$X"
  assert_played
  served one
  play < <(head_of 4)
  cached -I -H 'Cache-Control: no-cache' "$X"
  assert_played
  [ -z "$(entries)" ]
}

@test "hits among requests on the wire: the order of the URLs stays, and files need not wait" {
  play < <(printf '%s\n' 'C: GET /b HTTP/1.1' '[rest]'; said 200 bee 'Cache-Control: max-age=100')
  fetch --cache store "$URL/b"
  assert_played
  # The same port again: the entry is of this URL.
  play --port "$PEER_PORT" < <(
    printf '%s\n' 'C: GET /a HTTP/1.1' '[rest]'; said 200 aa
    printf '%s\n' 'C: GET /c HTTP/1.1' '[rest]'; said 200 cc)
  fetch --cache store -w '%{cache} ' "$URL/a" "$URL/b" "$URL/c" "$URL/b"
  assert_status 0
  assert_output 'aamiss beehit ccmiss beehit '
  assert_played
}

# ---- the directory ----

# A server whose every answer is another version: one letter, 20,000 times. It stays right for no
# time, and half of the questions whether it does get a 304.
changing='
import http.server, sys
class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0
    def do_GET(self):
        Answers.count += 1
        asked = self.headers.get("If-None-Match")
        confirm = asked and Answers.count % 2
        self.send_response(304 if confirm else 200)
        self.send_header("ETag", asked if confirm else "\"%d\"" % Answers.count)
        if not confirm:
            self.send_header("Content-Length", "20000")
        self.end_headers()
        if not confirm:
            self.wfile.write(bytes([65 + Answers.count % 26]) * 20000)
    def log_message(self, *ignored):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
with open(sys.argv[1] + ".new", "w") as f:
    f.write(str(server.server_port))
import os
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()'

@test "a flipped byte anywhere is seen, and the answer is fetched anew" {
  filled 'Cache-Control: max-age=100'
  file=$(entries)
  cp "$file" whole
  size=$(stat -c %s whole)
  for at in 0 20 40 79 85 150 $((size - 40)) $((size - 2)); do
    cp whole "$file"
    printf '\377' | dd of="$file" bs=1 seek="$at" conv=notrunc 2>/dev/null
    fetched one < <(asked /x; said 200 one 'Cache-Control: max-age=100')
  done
  for to in 0 50 $((size - 1)); do
    cp whole "$file"
    truncate -s "$to" "$file"
    fetched one < <(asked /x; said 200 one 'Cache-Control: max-age=100')
  done
  served one
}

@test "a directory that can't be one of ours is left alone, and all goes on without it" {
  mkdir foreign open
  chmod 777 open
  echo precious >foreign/file
  echo file >plain
  for dir in foreign open plain plain/under /dev/null/x; do
    play < <(asked /x; said 200 one 'Cache-Control: max-age=100')
    fetch -v --cache "$dir" -x "$URL" "$X"
    assert_status 0
    assert_output one
    assert_said '[cache not used: '
    assert_said 'webget: --cache: '
    assert_said '; going on without it'
    assert_played
  done
  assert_files foreign open plain
  [ "$(ls -A foreign)" = file ] && [ -z "$(ls -A open)" ]
}

@test "where nothing can be stored, all goes on without" {
  filled 'Cache-Control: max-age=100'
  file=$(entries)
  rm -r "${file%/*}"
  echo in the way >"${file%/*}"
  fetched one < <(asked /x; said 200 one 'Cache-Control: max-age=100')
  assert_said '[cache not stored: '
  # A disk that is full after 300 bytes: the file system says so in the middle of the body.
  rm "${file%/*}"
  body=$(head -c 3000 /dev/zero | tr '\0' x)
  play < <(asked /x; said 200 "$body" 'Cache-Control: max-age=100')
  run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@" | cat' - \
    timeout 20 "$PROGRAM" -v --cache store -x "$URL" "$X"
  assert_output "$body"
  assert_said '[cache not stored: '
  assert_played
  [ -z "$(entries)" ] && [ -z "$(find store -name 'tmp-*')" ]
}

# Root may write anywhere, but for what this takes away.
heed_modes() {
  [ "$(id -u)" = 0 ] || return 0
  printf '#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search "%s" "$@"\n' \
    "$PROGRAM" >heeding
  chmod +x heeding
  PROGRAM=$PWD/heeding
}

@test "a read-only directory still serves" {
  heed_modes
  filled 'Cache-Control: max-age=100'
  chmod -R u-w store
  served one
  play < <(asked /y; said 200 why 'Cache-Control: max-age=100')
  cached http://a.example/y
  assert_output why
  assert_said '[cache not stored: '
  assert_equal "$(entries | wc -l)" 1
  chmod -R u+w store
}

@test "a full file system is an event" {
  [ "$(id -u)" = 0 ] || skip "only root may mount"
  mkdir store
  mount -t tmpfs -o size=64k,mode=700 tmpfs store || skip "no tmpfs here"
  body=$(head -c 100000 /dev/zero | tr '\0' x)
  play < <(asked /x; said 200 "$body" 'Cache-Control: max-age=100')
  cached "$X" || true
  assert_played || true
  left=$(find store -name 'tmp-*')
  umount store
  assert_status 0
  [ "$output" = "$body" ]
  assert_said '[cache not stored: '
  [ -z "$left" ]
}

@test "over --cache-size the least recently used goes, and nothing of anybody else's" {
  body=$(head -c 1000 /dev/zero | tr '\0' x)
  for turn in 1 2 3 4 5 6; do
    play < <(asked "/$turn"; said 200 "$body" 'Cache-Control: max-age=100')
    cached --cache-size 6000 "http://a.example/$turn"
    assert_played
    [ "$turn" != 3 ] || alone http://a.example/1 # used again
    echo mine >"$(dirname "$(entries | head -n 1)")/mine"
  done
  [ "$(entries | xargs cat | wc -c)" -le 6000 ]
  alone -o /dev/null http://a.example/1
  assert_status 0
  alone -o /dev/null http://a.example/6
  assert_status 0
  alone http://a.example/2
  assert_status 75
  [ -n "$(find store -name mine)" ]
  play < <(asked /big; said 200 "$body$body" 'Cache-Control: max-age=100')
  cached --cache-size 3000 http://a.example/big
  assert_said 'larger than half the cache'
}

@test "runs that write, read and evict at the same time only ever get whole answers" {
  python3 -c "$changing" port 3>&- &
  changing_pid=$!
  await test -e port
  server=http://127.0.0.1:$(cat port)
  for i in 1 2 3 4 5 6; do
    (
      for n in 1 2 3 4 5 6 7 8; do
        "$PROGRAM" --cache store --cache-size 300k "$server/$((n % 4))" >"got.$i.$n" || exit 1
        # One letter, 20,000 times: never of two versions.
        [ "$(wc -c <"got.$i.$n")" = 20000 ] && [ "$(fold -w 1 "got.$i.$n" | sort -u | wc -l)" = 1 ] || exit 1
      done
    ) 3>&- &
    pids+=($!)
  done
  failed=0
  for pid in "${pids[@]}"; do
    wait "$pid" || failed=1
  done
  kill "$changing_pid"
  [ "$failed" = 0 ]
  [ -z "$(find store -name 'tmp-*')" ]
}
