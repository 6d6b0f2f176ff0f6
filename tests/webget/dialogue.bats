#!/usr/bin/env bats
# What webget says, line by line: request heads, methods, bodies, redirects, Expect, framings.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}


# ---- heads ----

@test "the head of a GET, exactly and in its order" {
  play <<'END'
C: GET /dir/page.html?q=1&r=%20 HTTP/1.1
C: Host: 127.0.0.1:*
C: User-Agent: parley/*
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 5
S:
[send hello]
END
  fetch "$URL/dir/page.html?q=1&r=%20#fragment"
  assert_status 0
  assert_output hello
  assert_quiet
  assert_played
}

@test "credentials stand behind Host, the user's headers at the end" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: www.example.org
C: Authorization: Basic *
C: User-Agent: Mozilla/5.0 (test)
C: Accept-Encoding: *gzip*
C: Referer: http://example.org/from
C: Range: bytes=0-3
C: X-One: 1
C: X-Empty:
C: Accept: text/html
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -u me:secret -H 'Host: www.example.org' -A 'Mozilla/5.0 (test)' -H 'X-One: 1' -H 'X-Empty;' \
    -H 'Accept: text/html' -e http://example.org/from -r 0-3 --compressed "$URL/"
  assert_status 0
  assert_played
}

@test "a header is left out by its name alone" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -H 'User-Agent:' "$URL/"
  assert_status 0
  assert_played
}

@test "HTTP/1.0: a body up to the close" {
  play <<'END'
C: GET / HTTP/1.0
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.0 200 OK
S:
[send all there is]
[close]
END
  fetch -0 "$URL/"
  assert_status 0
  assert_output 'all there is'
  assert_played
}

@test "a URL without scheme and path" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: localhost:*
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch "LOCALHOST:$PEER_PORT"
  assert_status 0
  assert_output ok
  assert_played
}

@test "bytes that may not stand in a request are encoded, dots taken out" {
  play <<'END'
C: GET /a/%C3%A4%22?%3Cb%3E HTTP/1.1
[rest]
S: HTTP/1.1 204 No Content
S:
END
  fetch "$URL/x/../a/./ä\"?<b>"
  assert_status 0
  assert_played
}

@test "HEAD: the head is shown, no body is waited for" {
  play <<'END'
C: HEAD /page HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 1000
S: X-Thing: 1
S:
END
  fetch -I "$URL/page"
  assert_status 0
  assert_output $'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-Thing: 1\r\n\r'
  assert_played
}

@test "any method, as it is written" {
  play <<'END'
C: PROPfind /dav HTTP/1.1
[rest]
S: HTTP/1.1 207 Multi-Status
S: Content-Length: 2
S:
[send ok]
END
  fetch -X PROPfind "$URL/dav"
  assert_status 0
  assert_output ok
  assert_played
}

# ---- bodies of requests ----

@test "-d: a form, joined by &, as POST" {
  play <<'END'
C: POST /form HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Type: application/x-www-form-urlencoded
C: Content-Length: 18
C:
[read > got 18]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send done]
END
  printf 'f\r\nile' >file
  fetch -d a=1 -d b=@2 -d @file --data-raw @raw "$URL/form"
  assert_status 0
  assert_output "done"
  assert_played
  assert_content got 'a=1&b=@2&file&@raw'
}

@test "--data-binary keeps every byte, --data-urlencode encodes" {
  play <<'END'
C: POST / HTTP/1.1
[rest]
[read > got 23]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  printf 'a\r\n\0b' >file
  fetch --data-binary @file --data-urlencode 'name=ä & b' "$URL/"
  assert_status 0
  assert_played
  printf 'a\r\n\0b&name=%%C3%%A4+%%26+b' >want
  cmp got want
}

@test "-G puts the data into the query, --url-query adds to it" {
  play <<'END'
C: GET /s?x=1&a=1&b=2&q=a+b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -G -d a=1 -d b=2 --url-query 'q=a b' "$URL/s?x=1"
  assert_status 0
  assert_played
}

@test "--json sends and accepts JSON" {
  play <<'END'
C: POST / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: application/json
C: Content-Type: application/json
C: Content-Length: 7
C:
[read > got 7]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch --json '{"a":1}' "$URL/"
  assert_status 0
  assert_played
  assert_content got '{"a":1}'
}

@test "-T puts a file, with its length" {
  play <<'END'
C: PUT /up HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Length: 6
C:
[read > got 6]
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
END
  printf 'a file' >file
  fetch -T file "$URL/up"
  assert_status 0
  assert_played
  assert_content got 'a file'
}

@test "-T into a directory keeps the file's name" {
  play <<'END'
C: PUT /dir/a%20file HTTP/1.1
[rest]
[read 6]
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
END
  printf 'a file' >'a file'
  fetch -T 'a file' "$URL/dir/"
  assert_status 0
  assert_played
}

@test "-T - from a pipe goes out in chunks, after 100 Continue" {
  play <<'END'
C: PUT /up HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Transfer-Encoding: chunked
C: Expect: 100-continue
C:
S: HTTP/1.1 100 Continue
S:
C: 4
C: pipe
C: 0
C:
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
END
  printf pipe | { fetch -T - "$URL/up"; assert_status 0; }
  assert_played
}

@test "-T - from a file is sent with its length" {
  play <<'END'
C: PUT /up HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Length: 6
C:
[read 6]
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
END
  printf 'a file' >file
  fetch -T - "$URL/up" <file
  assert_status 0
  assert_played
}

@test "-F sends a multipart form, files with name and type" {
  play <<'END'
C: POST / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Type: multipart/form-data; boundary=*
C: Content-Length: *
C:
C: --*
C: Content-Disposition: form-data; name="field"
C:
C: value
C: --*
C: Content-Disposition: form-data; name="upload"; filename="a.txt"
C: Content-Type: text/plain
C:
C: text
C: --*--
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  printf text >a.txt
  fetch -F field=value -F upload=@a.txt "$URL/"
  assert_status 0
  assert_played
}

@test "DELETE with a body" {
  play <<'END'
C: DELETE /x HTTP/1.1
[rest]
[read > got 3]
S: HTTP/1.1 204 No Content
S:
END
  fetch -X DELETE -d a=b "$URL/x"
  assert_status 0
  assert_output ''
  assert_played
}

# ---- Expect ----

@test "a large body waits for 100 Continue" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Length: 2000000
C: Expect: 100-continue
C:
[wait 0.1]
S: HTTP/1.1 100 Continue
S:
[read 2000000]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch -T big "$URL/up"
  assert_status 0
  assert_output ok
  assert_played
  # The body came after the 100, not with the head.
  [ "$(peer_turns)" -eq 2 ]
}

@test "other interim answers may stand before the 100" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
S: HTTP/1.1 103 Early Hints
S: Link: </x>
S:
[wait 0.1]
S: HTTP/1.1 100 Continue
S:
[read 2000000]
S: HTTP/1.1 204 No Content
S:
END
  fetch -T big "$URL/up"
  assert_status 0
  assert_played
}

@test "-H 'Expect:' sends the body at once" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Length: 2000000
C:
[read 2000000]
S: HTTP/1.1 204 No Content
S:
END
  fetch -H 'Expect:' -T big "$URL/up"
  assert_status 0
  assert_played
  awk '$2 == "recv" { if (!first) first = $1; last = $1 } END { exit last - first > 0.8 }' "$PEER_LOG"
}

@test "a server that knows no Expect gets the body after a second" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
[read 2000000]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch -T big "$URL/up"
  assert_status 0
  assert_output ok
  assert_played
  awk '$2 == "recv" { if (!first) first = $1; if ($1 - first > 0.9) late = 1 } END { exit !late }' "$PEER_LOG"
}

@test "417 is answered by the request without Expect" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
S: HTTP/1.1 417 Expectation Failed
S: Content-Length: 0
S:
[eof]
C2: PUT /up HTTP/1.1
C2: Host: *
C2: User-Agent: *
C2: Accept: */*
C2: Content-Length: 2000000
C2:
[read 2000000]
S2: HTTP/1.1 200 OK
S2: Content-Length: 2
S2:
[send ok]
END
  fetch -T big "$URL/up"
  assert_status 0
  assert_output ok
  assert_played
}

@test "a final answer instead of 100: the body is not sent" {
  head -c 2000000 /dev/zero >big
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
S: HTTP/1.1 413 Content Too Large
S: Content-Length: 0
S:
[eof]
END
  fetch -T big "$URL/up"
  assert_status 66
  assert_error 'HTTP status 413'
  assert_played
}

# ---- redirects ----

# A POST that is answered with status $1: what follows must begin with the line $2.
redirected_post() { # STATUS LINE
  play <<END
C: POST /a HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 $1 Elsewhere
S: Location: /b
S: Content-Length: 0
S:
C: $2
[rest]
$([ "${2%% *}" = GET ] || echo '[read 3]')
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send here]
END
  fetch -d a=b "$URL/a"
  assert_status 0
  assert_output here
  assert_played
}

@test "POST becomes GET at 301, 302, 303 and stays POST at 307, 308" {
  redirected_post 301 'GET /b HTTP/1.1'
  redirected_post 302 'GET /b HTTP/1.1'
  redirected_post 303 'GET /b HTTP/1.1'
  redirected_post 307 'POST /b HTTP/1.1'
  redirected_post 308 'POST /b HTTP/1.1'
}

@test "a GET after a redirect speaks of no body" {
  play <<'END'
C: POST /a HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 302 Found
S: Location: /b
S: Content-Length: 0
S:
C: GET /b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -d a=b "$URL/a"
  assert_status 0
  assert_played
}

@test "PUT and -X keep their method at 302; 303 asks by GET" {
  printf abc >file
  play <<'END'
C: PUT /a HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 302 Found
S: Location: b
S: Content-Length: 0
S:
C: PUT /b HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 303 See Other
S: Location: ?c
S: Content-Length: 0
S:
C: GET /b?c HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -T file "$URL/a"
  assert_status 0
  assert_played
}

@test "HEAD stays HEAD at 303" {
  play <<'END'
C: HEAD /a HTTP/1.1
[rest]
S: HTTP/1.1 303 See Other
S: Location: /b
S: Content-Length: 0
S:
C: HEAD /b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 9
S:
END
  fetch -I "$URL/a"
  assert_status 0
  assert_played
}

@test "credentials and custom secrets go along within the origin" {
  play <<'END'
C: GET /a HTTP/1.1
C: Host: *
C: Authorization: Basic bWU6c2VjcmV0
C: User-Agent: *
C: Accept: */*
C: Cookie: a=b
C:
S: HTTP/1.1 302 Found
S: Location: /b
S: Content-Length: 0
S:
C: GET /b HTTP/1.1
C: Host: *
C: Authorization: Basic bWU6c2VjcmV0
C: User-Agent: *
C: Accept: */*
C: Cookie: a=b
C:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch -u me:secret -H 'Cookie: a=b' "$URL/a"
  assert_status 0
  assert_played
}

@test "on another port they stay at home: password, Authorization, Cookie, Host" {
  play <<'END'
C: GET /b HTTP/1.1
C: Host: 127.0.0.1:*
C: User-Agent: *
C: Accept: */*
C: X-Open: yes
C:
S: HTTP/1.1 200 OK
S: Content-Length: 6
S:
[send second]
END
  local second=$PEER_PID other=$URL
  play <<END
C: GET /a HTTP/1.1
C: Host: www.example.org
C: User-Agent: *
C: Accept: */*
C: Authorization: Custom secret
C: Cookie: a=b
C: X-Open: yes
C:
S: HTTP/1.1 302 Found
S: Location: $other/b
S: Content-Length: 0
S:
END
  fetch -H 'Authorization: Custom secret' -H 'Cookie: a=b' -H 'Host: www.example.org' -H 'X-Open: yes' "$URL/a"
  assert_status 0
  assert_output second
  assert_played
  wait "$second"
}

@test "and a password of -u, also when the second server asks for it" {
  play <<'END'
C: GET /b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="give"
S: Content-Length: 0
S:
END
  local second=$PEER_PID other=$URL
  play <<END
C: GET /a HTTP/1.1
C: Host: *
C: Authorization: Basic *
[rest]
S: HTTP/1.1 302 Found
S: Location: $other/b
S: Content-Length: 0
S:
END
  fetch -u me:secret "$URL/a"
  assert_status 77
  assert_error 'HTTP status 401'
  assert_played
  wait "$second"
}

@test "--no-location shows a redirect and follows none" {
  answer <<'END'
S: HTTP/1.1 302 Found
S: Location: /b
S: Content-Length: 5
S:
[send moved]
END
  fetch --no-location "$URL/a"
  assert_status 0
  assert_output moved
  assert_played
}

@test "a redirect without Location is an answer" {
  answer <<'END'
S: HTTP/1.1 302 Found
S: Content-Length: 5
S:
[send moved]
END
  fetch "$URL/a"
  assert_status 0
  assert_output moved
}

# ---- framings ----

@test "chunks with extensions and trailers" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S: Trailer: X-Sum
S:
S: 5;ext=1
S: first
S: 6
S: second
S: 0
S: X-Sum: 11
S:
END
  fetch "$URL/"
  assert_status 0
  assert_output firstsecond
  assert_played
}

@test "the same byte by byte" {
  answer <<'END'
[drip]
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 5
S: first
S: 6
S: second
S: 0
S:
END
  fetch "$URL/"
  assert_status 0
  assert_output firstsecond
  assert_played
}

@test "a body up to the close" {
  answer <<'END'
S: HTTP/1.1 200 OK
S:
[body 200000]
[close]
END
  fetch -o page "$URL/"
  assert_status 0
  [ "$(stat -c %s page)" -eq 200000 ]
}

@test "204 and 304 have no body, whatever they say" {
  local status_line
  for status_line in '204 No Content' '304 Not Modified'; do
    answer <<END
S: HTTP/1.1 $status_line
S: Content-Length: 100
S:
END
    fetch "$URL/"
    assert_status 0
    assert_output ''
    assert_played
  done
}

@test "interim answers are passed over" {
  answer <<'END'
S: HTTP/1.1 102 Processing
S:
S: HTTP/1.1 103 Early Hints
S: Link: </style.css>
S:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch "$URL/"
  assert_status 0
  assert_output ok
  assert_played
}

@test "-r asks for a part; a server that sends 416 has none" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Range: bytes=2-4
C:
S: HTTP/1.1 206 Partial Content
S: Content-Range: bytes 2-4/10
S: Content-Length: 3
S:
[send cde]
END
  fetch -r 2-4 "$URL/"
  assert_status 0
  assert_output cde
  assert_played
  answer <<'END'
S: HTTP/1.1 416 Range Not Satisfiable
S: Content-Length: 0
S:
END
  fetch -r 20-40 "$URL/"
  assert_status 66
}

# ---- statuses ----

@test "statuses and exit statuses" {
  local pair
  for pair in 400:66 401:77 403:77 404:66 407:77 408:75 410:66 418:66 425:75 429:75 500:75 501:69 502:75 503:75 505:69; do
    answer <<END
S: HTTP/1.1 ${pair%:*} Because
S: Content-Length: 4
S:
[send page]
END
    fetch -o page "$URL/"
    assert_refused "${pair#*:}" "HTTP status ${pair%:*}: server said: Because"
  done
}

@test "--fail-with-body delivers the page of an error" {
  answer <<'END'
S: HTTP/1.1 404 Not Found
S: Content-Length: 7
S:
[send nothing]
END
  fetch --fail-with-body "$URL/"
  assert_status 66
  assert_output nothing
  assert_error 'HTTP status 404'
}

# ---- codings ----

# The bytes of FILE as a gzip-coded answer.
coded_answer() { # FILE CODING
  cp "$1" "$BATS_TEST_TMPDIR/coded"
  play <<END
C: GET / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Accept-Encoding: *
C:
S: HTTP/1.1 200 OK
S: Content-Encoding: $2
S: Content-Length: $(stat -c %s "$1")
S:
[bytes coded]
END
}

@test "--compressed decodes gzip, and gzip in gzip" {
  seq 1 5000 >plain
  gzip -c plain >once
  gzip -c once >twice
  coded_answer once gzip
  fetch --compressed -o page "$URL/"
  assert_status 0
  cmp page plain
  coded_answer twice 'gzip, x-gzip'
  fetch --compressed -o page "$URL/"
  assert_status 0
  cmp page plain
}

@test "without --compressed a coded body stays as it is" {
  seq 1 50 | gzip -c >"$BATS_TEST_TMPDIR/coded"
  answer <<END
S: HTTP/1.1 200 OK
S: Content-Encoding: gzip
S: Content-Length: $(stat -c %s "$BATS_TEST_TMPDIR/coded")
S:
[bytes coded]
END
  fetch -o page "$URL/"
  assert_status 0
  cmp page "$BATS_TEST_TMPDIR/coded"
}

@test "corrupt, truncated and unknown codings are refused" {
  local dir=$BATS_TEST_TMPDIR
  seq 1 5000 | gzip -c >"$dir/whole"
  head -c 3000 "$dir/whole" >"$dir/cut"
  { head -c 1000 "$dir/whole" && printf 'XXXX' && tail -c +1005 "$dir/whole"; } >"$dir/wrong"
  coded_answer "$dir/cut" gzip
  fetch --compressed -o page "$URL/"
  assert_refused 76 ''
  coded_answer "$dir/wrong" gzip
  fetch --compressed -o page "$URL/"
  assert_refused 76 ''
  coded_answer "$dir/whole" sdch
  fetch --compressed -o page "$URL/"
  assert_refused 76 sdch
}

@test "over 5 layers of codings are refused" {
  echo text >"$BATS_TEST_TMPDIR/page"
  coded_answer "$BATS_TEST_TMPDIR/page" 'gzip, gzip, gzip, gzip, gzip, gzip'
  fetch --compressed -o page "$URL/"
  assert_refused 76 ''
}

@test "--max-filesize counts decoded bytes" {
  head -c 1000000 /dev/zero | gzip -c >"$BATS_TEST_TMPDIR/bomb"
  coded_answer "$BATS_TEST_TMPDIR/bomb" gzip
  fetch --compressed --max-filesize 100k -o page "$URL/"
  assert_refused 69 'larger than --max-filesize 102400'
  coded_answer "$BATS_TEST_TMPDIR/bomb" gzip
  fetch --compressed --max-filesize 1M -o page "$URL/"
  assert_status 0
  assert_files page
}

@test "--max-filesize: a length that is announced, and one that is not" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 5000
S:
[close]
END
  fetch --max-filesize 4999 -o page "$URL/"
  assert_refused 69 '5000 bytes'
  answer <<'END'
S: HTTP/1.1 200 OK
S:
[body 5000]
[close]
END
  fetch --max-filesize 4999 -o page "$URL/"
  assert_refused 69 'larger than --max-filesize'
}
