#!/usr/bin/env bats
# Lists of URLs, --spider, --xattr and --har.
load webget.bash

setup() { tool_setup; }
teardown() { peer_stop; }

# A page of N bytes.
page() { # PATH BYTES
  printf 'C: GET %s HTTP/1.1\n[rest]\nS: HTTP/1.1 200 OK\nS: Content-Type: text/plain\nS: Content-Length: %s\nS:\n[body %s]\n' \
    "$1" "$2" "$2"
}

har() { # JQ-FILTER
  jq -r "$1" out.har
}

# What HAR 1.2 demands of a file (each field that is not optional, and its type), and what
# Firefox wants besides: a list of pages. The phases make up the time; ssl is within connect.
assert_har() { # ENTRIES
  jq -e --argjson entries "$1" '
    def text: type == "string";
    def count: type == "number" and . >= -1 and . == floor;
    def time: type == "number" and (. >= 0 or . == -1);
    def list(each): type == "array" and all(.[]; each);
    def pair: (.name | text) and (.value | text);
    def message: (.httpVersion | text) and (.cookies | list(pair)) and (.headers | list(pair))
      and (.headersSize | count) and (.bodySize | count);
    def request: message and (.method | text) and (.url | test("^https?://[^/]+/")) and (.queryString | list(pair))
      and (has("postData") | not) or (.postData | (.mimeType | text) and (.params | list(pair)) and (.text | text));
    def response: message and (.status | count) and (.statusText | text) and (.redirectURL | text)
      and (.content | (.size | count) and (.mimeType | text) and (.compression // 0 | count));
    def timings: ([.blocked, .dns, .connect, .ssl, .send, .wait, .receive] | all(time))
      and ([.send, .wait, .receive] | all(. >= 0)) and .ssl <= .connect;
    def sum: .timings | [.blocked, .dns, .connect, .send, .wait, .receive | select(. > 0)] | add // 0;
    def entry: (.startedDateTime | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z$"))
      and (.time | time) and (.request | request) and (.response | response) and (.timings | timings)
      and (.cache | type == "object") and (.serverIPAddress | text) and (.connection | text)
      and (.time - sum | fabs) < 0.01;
    .log | .version == "1.2" and (.creator | (.name | text) and (.version | text))
      and (.pages | list(false)) and (.entries | list(entry) and length == $entries)' out.har >/dev/null ||
    { jq . out.har; return 1; }
}

@test "input-file: URLs from a list, in order, with comments and blanks skipped, nothing a pattern" {
  play < <(page /a 1; page '/b[1]' 2; page /c 3)
  printf '# a list\n\n  %s/b[1]  \r\n%s/c' "$URL" "$URL" >list
  fetch --input-file list -w '%{size_download}\n' -o /dev/null "$URL/a" --quiet
  assert_status 0
  peer_wait
  [ "$(tr -d 'x' <<<"$output" | grep -c .)" -ge 3 ]
}

@test "input-file: - is stdin, and remote-name-all gives each its file" {
  play < <(page /a 1; page /b 2)
  run --separate-stderr webget --input-file - --remote-name-all <<<"$URL/a
$URL/b"
  assert_status 0
  [ "$(wc -c <a)" -eq 1 ]
  [ "$(wc -c <b)" -eq 2 ]
}

@test "input-file: a line that is no URL is one failure, the others are fetched" {
  play < <(page /a 5; page /b 7)
  { echo "$URL/a"; echo 'ftp://example.org/x'; head -c 70000 /dev/zero | tr '\0' x; echo; echo "$URL/b"; } >list
  fetch --input-file list --remote-name-all
  assert_status 64
  [ "$(wc -c <a)" -eq 5 ]
  [ "$(wc -c <b)" -eq 7 ]
  [[ $stderr == *'not ftp'* ]]
  [[ $stderr == *'list, line 3: longer than 64 KiB'* ]]
}

@test "input-file: one that is not there is 74 and named" {
  fetch --input-file nowhere
  assert_status 74
  assert_error '--input-file nowhere: No such file'
}

@test "spider: HEAD, nothing kept, the status tells" {
  play <<'END'
C: HEAD /there HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 5
S:
C: HEAD /gone HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 9
S:
END
  fetch --spider --connection persistent -O "$URL/there"
  assert_status 0
  [ -z "$output$stderr" ]
  [ ! -e there ]
}

@test "spider: a server that has no HEAD is asked by GET" {
  play <<'END'
C: HEAD /page HTTP/1.1
[rest]
S: HTTP/1.1 405 Method Not Allowed
S: Content-Length: 3
S:
C: GET /page HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 3
S:
[body 3]
END
  fetch --spider "$URL/page"
  assert_status 66
  [ -z "$output" ]
  peer_wait
}

@test "spider: --jsonl has a line for each URL, found or not" {
  play <<'END'
C: HEAD /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 5
S:
C: HEAD /b HTTP/1.1
[rest]
S: HTTP/1.1 410 Gone
S: Content-Length: 9
S:
END
  fetch --spider --jsonl "$URL/a" "$URL/b"
  assert_status 66
  [ "$(jq -r '"\(.status) \(.bytes)"' <<<"$output" | tr '\n' ,)" = '200 0,410 0,' ]
}

@test "spider: nothing can be sent with it" {
  fetch --spider --data x http://127.0.0.1:9/
  assert_status 64
  assert_error '--spider send no data'
}

@test "xattr: where a file came from, without the password" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: text/plain; charset=utf-8
S: Content-Length: 2
S:
[body 2]
END
  fetch --xattr -e http://example.org/from -o got "http://ada:secret@${URL#http://}/x?y=1#frag"
  assert_status 0
  if [[ $stderr == *'no extended attributes'* ]]; then skip "no attributes on this file system"; fi
  attr() { python3 -c 'import os, sys; print(os.getxattr(sys.argv[1], sys.argv[2]).decode())' "$@"; }
  [ "$(attr got user.xdg.origin.url)" = "$URL/x?y=1" ]
  [ "$(attr got user.xdg.referrer.url)" = http://example.org/from ]
  [ "$(attr got user.mime_type)" = 'text/plain; charset=utf-8' ]
}

@test "har: an entry for each exchange, a redirect's hop too, times that add up" {
  play <<'END'
C: GET /old?a=1&b=%20c HTTP/1.1
[rest]
S: HTTP/1.1 301 Moved Permanently
S: Location: /new
S: Content-Length: 0
S:
C: GET /new HTTP/1.1
[rest]
S: HTTP/1.1 103 Early Hints
S: Link: </x>
S:
S: HTTP/1.1 200 OK
S: Content-Type: text/html
S: Content-Length: 5
S:
[body 5]
END
  fetch --har out.har "$URL/old?a=1&b=%20c"
  assert_status 0
  assert_har 2
  [ "$(har '.log.entries[0] | [.response.status, .response.redirectURL, .response.bodySize] | join(" ")')" = '301 /new 0' ]
  [ "$(har '.log.entries[0].request.queryString[1].value')" = ' c' ]
  [ "$(har '.log.entries[1].request.url')" = "$URL/new" ]
  [ "$(har '.log.entries[1].response | [.status, .statusText, .content.mimeType, .content.size] | join("|")')" = '200|OK|text/html|5' ]
  [ "$(har '.log.entries[1].timings.connect')" -eq -1 ]
  [ "$(har '.log.entries[0].connection == .log.entries[1].connection')" = true ]
}

@test "har: a pipeline's answers stand with their requests" {
  play < <(
    page /0 1
    for n in 1 2 3 4; do page "/$n" "$((n + 1))"; done
  )
  fetch --har out.har -o /dev/null "$URL/[0-4]"
  assert_status 0
  [ "$(har '.log.entries[] | "\(.request.url | split("/") | last)=\(.response.content.size)"' | tr '\n' ' ')" = '0=1 1=2 2=3 3=4 4=5 ' ]
  assert_har 5
}

@test "har: a coded body's size is what it became; that of a head with a secret is not known" {
  seq 1 1000 | gzip -n >coded
  play < <(printf '%s\n' 'C: GET / HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Encoding: gzip' \
    "S: Content-Length: $(stat -c %s coded)" S: "[bytes $PWD/coded]")
  fetch --har out.har --compressed -u ada:lovelace -v "$URL/"
  assert_status 0
  assert_har 1
  assert_said '[decoded 3893 bytes]'
  [ "$(har '.log.entries[0].response | [.content.size, .content.size - .content.compression, .bodySize] | join(" ")')" = \
    "3893 $(stat -c %s coded) $(stat -c %s coded)" ]
  [ "$(har '.log.entries[0] | [.request.headersSize, .response.headersSize > 0] | join(" ")')" = '-1 true' ]
}

@test "har: of what is sent there is the size and the type" {
  play <<'END'
C: POST / HTTP/1.1
[rest]
[read 8]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch --har out.har -d 'a=secret' "$URL/"
  assert_status 0
  assert_har 1
  [ "$(har '.log.entries[0].request | [.bodySize, .postData.mimeType] | join(" ")')" = '8 application/x-www-form-urlencoded' ]
  run ! grep -q secret out.har
}

@test "har: what is masked in the trace is masked here, and shown with --show-secrets" {
  page_with_cookie() {
    play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Set-Cookie: id=hidden; Path=/
S: Content-Length: 0
S:
END
  }
  page_with_cookie
  fetch --har out.har -u ada:lovelace -b key=hidden "$URL/"
  assert_status 0
  run ! grep -q -e hidden -e YWRhOmxvdmVsYWNl out.har
  page_with_cookie
  fetch --har out.har --show-secrets -b 'key=hidden; other=2' "$URL/"
  assert_status 0
  [ "$(har '.log.entries[0].request.cookies[1].value')" = 2 ]
  [ "$(har '.log.entries[0].response.cookies | length')" -eq 1 ]
  [ "$(har '.log.entries[0].response.cookies[0].name')" = id ]
  assert_har 1
}

@test "har: a server that breaks off leaves an entry without the answer, and the file is whole" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
[close]
END
  fetch --har out.har "$URL/"
  assert_status 75
  [ "$(har '.log.entries[0].response.status')" -eq 0 ]
  assert_har 1
}

@test "har: any bytes a server sends give valid JSON" {
  answer <<'END'
S: HTTP/1.1 200 \xff"</script>
S: X-Odd: a"b\\c\xe9\x7f
S: Content-Length: 0
S:
END
  fetch --har out.har "$URL/"
  assert_har 1
}

@test "har: a file that can't be made is 73 before anything is asked" {
  fetch --har /nowhere/out.har http://127.0.0.1:9/
  assert_status 73
  assert_error '/nowhere/out.har'
}

@test "har: exchanges by hand are in it too" {
  play < <(page /x 3)
  fetch --har out.har --execute 'GET /x' "$URL/"
  assert_status 0
  [ "$(har '.log.entries[0].request.url')" = "$URL/x" ]
  assert_har 1
}
