#!/usr/bin/env bats
# Answers that are refused: a one-line error, the documented status, nothing kept; and those
# that look odd and are taken all the same.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# The answer on stdin must end with status $1 and an error that says $2.
refuses() { # STATUS WORDS
  answer --timeout 10
  fetch -o page "$URL/"
  assert_refused "$1" "$2"
}

# The answer on stdin must be delivered as the text $1.
accepts() { # TEXT
  answer --timeout 10
  fetch -o page "$URL/"
  assert_status 0
  assert_files page
  assert_content page "$1"
}

# ---- framing ----

@test "two different Content-Lengths" {
  refuses 76 'two different Content-Lengths' <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 3
S: Content-Length: 4
S:
[send abcd]
[close]
END
}

@test "two different numbers in one Content-Length" {
  refuses 76 'two different Content-Lengths' <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 3, 4
S:
[send abcd]
[close]
END
}

@test "Content-Lengths that no number can be" {
  local length
  for length in -1 +3 0x3 3.0 9223372036854775808 18446744073709551617 99999999999999999999999 '' ,3 3a; do
    refuses 76 'Content-Length' <<END
S: HTTP/1.1 200 OK
S: Content-Length: $length
S:
[send abc]
[close]
END
  done
}

@test "identical Content-Lengths are one" {
  accepts abc <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 3
S: Content-Length: 3, 3
S:
[send abc]
END
}

@test "both framings: taken on a new connection, which is then not used again" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S: Transfer-Encoding: chunked
S:
S: 5
S: first
S: 0
S:
[eof]
C2: GET /b HTTP/1.1
[rest]
S2: HTTP/1.1 200 OK
S2: Content-Length: 6
S2:
[send second]
END
  fetch "$URL/a" "$URL/b"
  assert_status 0
  assert_output firstsecond
  assert_played
}

@test "both framings on a reused connection are refused" {
  play --timeout 10 <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
C: GET /b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S: Transfer-Encoding: chunked
S:
S: 5
S: wrong
S: 0
S:
[close]
END
  fetch -o a "$URL/a" -o b "$URL/b"
  assert_status 76
  assert_error 'both a Content-Length and a Transfer-Encoding'
  assert_files a
}

@test "transfer codings that are unknown or not last" {
  local coding
  for coding in gzip 'gzip, chunked' 'chunked, gzip' 'chunked, chunked' xchunked; do
    refuses 76 'transfer coding' <<END
S: HTTP/1.1 200 OK
S: Transfer-Encoding: $coding
S:
S: 3
S: abc
S: 0
S:
[close]
END
  done
}

@test "chunk sizes that are no hexadecimal numbers, or too long ones" {
  local size
  for size in -3 +3 0x3 '' 3g '3 3' 00000000000000003 8000000000000000 FFFFFFFFFFFFFFFFF ' ;x'; do
    refuses 76 'size of a chunk' <<END
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: $size
S: abc
S: 0
S:
[close]
END
  done
}

@test "a chunk that goes on after its size" {
  refuses 76 'longer than its announced size' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 3
S: abcdef
S: 0
S:
[close]
END
}

@test "a chunk's extension is read over" {
  accepts abcdef <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 3;name=value
S: abc
S: 0000000000000003 ; x="y"
S: def
S: 0
S:
END
}

@test "a body shorter than promised" {
  refuses 75 'closed the connection 7 bytes too early' <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send abc]
[close]
END
}

@test "a body that is cut where its bytes are looked at" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send abc]
[close]
END
  fetch -o page --max-filesize 1M "$URL/"
  assert_refused 75 'the body was cut: 3 of 10 bytes came'
}

@test "a chunked body that is cut: inside a chunk, after one, in the trailers" {
  refuses 75 'closed the connection 7 bytes too early' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: a
[send abc]
[close]
END
  refuses 75 '' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 3
S: abc
[close]
END
  refuses 75 '' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 3
S: abc
S: 0
S: Trailer: no-end
[close]
END
}

@test "trailers that are not fields" {
  refuses 76 'in the trailers' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 3
S: abc
S: 0
S: no colon here
S:
[close]
END
}

@test "a connection reset in the body" {
  refuses 75 '' <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send abc]
[reset]
END
}

# ---- heads ----

@test "NUL or bare CR in a head" {
  refuses 76 'a NUL in the head' <<'END'
S: HTTP/1.1 200 OK
S: X-One: a\x00b
S: Content-Length: 0
S:
[close]
END
  refuses 76 'a bare CR in the head' <<'END'
S: HTTP/1.1 200 OK
S: X-One: a\x0dContent-Length: 5
S: Content-Length: 0
S:
[close]
END
}

@test "lines of a head that are no fields" {
  local line
  for line in 'no colon' 'Content-Length : 3' ': value' 'Na me: x'; do
    refuses 76 'the head' <<END
S: HTTP/1.1 200 OK
S: $line
S: Content-Length: 3
S:
[send abc]
[close]
END
  done
}

@test "status lines that are none" {
  local line
  for line in 'HTTP/1.1 20 OK' 'HTTP/1.1 2000 OK' 'HTTP/1.1 abc' 'HTTP/1.1' 'HTTP/1.1 099 x' 'HTTP/1.10 200 OK' 'HTTP/1.1  200'; do
    refuses 76 'a malformed status line' <<END
S: $line
S: Content-Length: 3
S:
[send abc]
[close]
END
  done
  for line in 'HTTP/2 200 OK' 'HTTP/0.9 200 OK' 'ICY 200 OK' 'http/1.1 200 OK'; do
    refuses 76 'not an answer in HTTP/1' <<END
S: $line
S: Content-Length: 3
S:
[send abc]
[close]
END
  done
}

@test "a page without a head, a banner of SSH, of mail" {
  refuses 76 'not an answer in HTTP/1' <<'END'
S: <html><body>Hello</body></html>
[close]
END
  refuses 76 'SSH-2.0-OpenSSH_9.2' <<'END'
S: SSH-2.0-OpenSSH_9.2
[close]
END
  refuses 76 '220 mail.example.org' <<'END'
S: 220 mail.example.org ESMTP\x1b[31m
[close]
END
}

@test "an empty reply, and a head that is cut" {
  refuses 75 'empty reply' <<'END'
[close]
END
  refuses 75 'in the middle of the head' <<'END'
S: HTTP/1.1 200 OK
S: Content-Le
[close]
END
}

@test "a head over 300 KiB, also without a line end" {
  head -c 320000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/xs"
  refuses 76 'over 300 KiB' <<'END'
S: HTTP/1.1 200 OK
[send X-Long: ]
[bytes xs]
S:
S: Content-Length: 0
S:
[close]
END
  head -c 1100000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/xs"
  refuses 76 'over 300 KiB' <<'END'
[send HTTP/1.1 200 ]
[bytes xs]
[close]
END
}

@test "5,001 fields are refused, 5,000 are not" {
  yes 'a: b' | head -n 4999 >"$BATS_TEST_TMPDIR/fields"
  accepts abc <<'END'
S: HTTP/1.1 200 OK
[bytes fields]
S: Content-Length: 3
S:
[send abc]
END
  rm page
  yes 'a: b' | head -n 5001 >"$BATS_TEST_TMPDIR/fields"
  refuses 76 'more than 5000 fields' <<'END'
S: HTTP/1.1 200 OK
[bytes fields]
S: Content-Length: 3
S:
[send abc]
[close]
END
}

@test "a line over 1 MiB: a chunk size, trailers" {
  head -c 1100000 /dev/zero | tr '\0' 0 >"$BATS_TEST_TMPDIR/zeros"
  refuses 76 'line' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
[bytes zeros]
S: 3
S: abc
[close]
END
  yes 'a: b' | head -n 20000 >"$BATS_TEST_TMPDIR/fields"
  refuses 76 'the trailers are over 64 KiB' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: 0
[bytes fields]
S:
[close]
END
}

@test "interim answers without end, and a switch of protocols" {
  yes $'HTTP/1.1 103 Early Hints\r\n\r' | head -n 400 >"$BATS_TEST_TMPDIR/interim"
  refuses 76 'interim (1xx) answers' <<'END'
[bytes interim]
[close]
END
  refuses 76 '(101)' <<'END'
S: HTTP/1.1 101 Switching Protocols
S: Upgrade: h2c
S:
[close]
END
}

@test "bare-LF heads, no reason phrase, folded fields are taken" {
  accepts abc <<'END'
[send HTTP/1.1 200 OK\x0aContent-Length: 3\x0a\x0aabc]
END
  accepts abc <<'END'
S: HTTP/1.1 200
S: X-Folded: one
S:   two
S: Content-Length: 3
S:
[send abc]
END
  accepts abc <<'END'
S: HTTP/1.1 200 
S: Content-Length: 3
S:
[send abc]
END
}

@test "a folded Content-Length is read whole" {
  accepts abc <<'END'
S: HTTP/1.1 200 OK
S: Content-Length:
S:  3
S:
[send abc]
END
}

# ---- redirects ----

@test "redirects in a circle end at --max-redirs" {
  play < <(for _ in 1 2 3 4; do
    printf '%s\n' 'C: GET /again HTTP/1.1' '[rest]' 'S: HTTP/1.1 302 Found' 'S: Location: /again' \
      'S: Content-Length: 0' 'S:'
  done)
  fetch -o page --max-redirs 3 "$URL/again"
  assert_refused 76 'more than 3 redirects'
  assert_played
}

@test "--max-redirs 0 follows none" {
  answer <<'END'
S: HTTP/1.1 301 Moved
S: Location: /
S: Content-Length: 0
S:
END
  fetch -o page --max-redirs 0 "$URL/"
  assert_refused 76 'more than 0 redirects'
  assert_played
}

@test "redirects to what is not the web" {
  local to
  for to in file:///etc/passwd ftp://127.0.0.1/ javascript:alert gopher://127.0.0.1/ 'mailto:a@b.example'; do
    refuses 76 'redirect' <<END
S: HTTP/1.1 302 Found
S: Location: $to
S: Content-Length: 0
S:
[close]
END
  done
}

@test "redirects to what is no URL" {
  local to
  for to in 'http://' 'http://127.0.0.1:99999/' 'http://[::1/' 'http://a b/'; do
    refuses 76 '' <<END
S: HTTP/1.1 302 Found
S: Location: $to
S: Content-Length: 0
S:
[close]
END
  done
}

# ---- the same on a connection that was used before ----

# The second of three answers is what stdin says. It fails that URL alone, with this status and
# these words; the third is asked for again on a connection of its own, whatever came behind.
poisons() { # STATUS WORDS
  local middle
  middle=$(cat)
  play --timeout 10 < <(
    printf '%s\n' 'C: GET /a HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]' \
      'C: GET /b HTTP/1.1' '[rest]' 'C: GET /c HTTP/1.1' '[rest]' "$middle" \
      'C2: GET /c HTTP/1.1' '[rest]' 'S2: HTTP/1.1 200 OK' 'S2: Content-Length: 4' 'S2:' '[send good]'
  )
  fetch -o '#1' --timeout 3 "$URL/{a,b,c}"
  assert_status "$1"
  assert_error "$2"
  assert_said "$URL/b: "
  assert_played
  assert_files a c
  assert_content c good
  rm a c
}

# What would be taken for the answer to /c.
planted='HTTP/1.1 200 OK\x0d\x0aContent-Length: 4\x0d\x0a\x0d\x0aevil'

@test "reused: framings that two readers could read differently" {
  local fields
  for fields in 'Content-Length: 3|Transfer-Encoding: chunked' 'Content-Length: 3|Content-Length: 4' \
    'Content-Length: 3, 4' 'Content-Length: -1' 'Content-Length: 99999999999999999999999' \
    'Content-Length : 3' 'Transfer-Encoding: xchunked' 'Transfer-Encoding: chunked, gzip' \
    'Transfer-Encoding: chunked, chunked' 'Content-Length: 3\x00'; do
    poisons 76 '' <<END
S: HTTP/1.1 200 OK
$(tr '|' '\n' <<<"$fields" | sed 's/^/S: /')
S:
[send 3\x0d\x0aabc\x0d\x0a0\x0d\x0a\x0d\x0a$planted]
END
  done
}

@test "reused: chunks that are none, trailers that are none" {
  local chunks
  for chunks in '-3\x0d\x0aabc' '3g\x0d\x0aabc' '\x0d\x0aabc' 'FFFFFFFFFFFFFFFFF\x0d\x0aabc' \
    '3\x0d\x0aabcdef\x0d\x0a0\x0d\x0a' '0\x0d\x0ano colon\x0d\x0a'; do
    poisons 76 '' <<END
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
[send $chunks\x0d\x0a\x0d\x0a$planted]
END
  done
}

@test "reused: no head at all, one of another protocol, interim ones without end, a switch" {
  local head
  for head in 'HTTP/1.1 20 OK' 'HTTP/2 200 OK' '<html>HTTP/0.9</html>' 'SSH-2.0-OpenSSH_9.2' \
    'HTTP/1.1 101 Switching Protocols'; do
    poisons 76 '' <<END
S: $head
S: Content-Length: 3
S:
[send abc$planted]
END
  done
  yes $'HTTP/1.1 103 Early Hints\r\n\r' | head -n 400 >"$BATS_TEST_TMPDIR/interim"
  poisons 76 'interim (1xx) answers' <<'END'
[bytes interim]
END
}

@test "reused: heads with a NUL, a bare CR, no field, too many of them" {
  local line
  for line in 'X: a\x00b' 'X: a\x0dContent-Length: 5' 'no colon' 'Na me: x'; do
    poisons 76 '' <<END
S: HTTP/1.1 200 OK
S: $line
S: Content-Length: 3
S:
[send abc$planted]
END
  done
  yes 'a: b' | head -n 5001 >"$BATS_TEST_TMPDIR/fields"
  poisons 76 'more than 5000 fields' <<'END'
S: HTTP/1.1 200 OK
[bytes fields]
S: Content-Length: 0
S:
END
}

@test "reused: a body that is cut fails its URL, 75; the next is asked for again" {
  poisons 75 'too early' <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send abc]
[close]
END
  poisons 75 'too early' <<'END'
S: HTTP/1.1 200 OK
S: Transfer-Encoding: chunked
S:
S: a
[send abc]
[close]
END
}

@test "reused: HTTP/1.0, Connection: close and a body without a length end the connection" {
  local fields
  for fields in 'HTTP/1.0 200 OK|Content-Length: 4' 'HTTP/1.1 200 OK|Connection: close|Content-Length: 4' \
    'HTTP/1.1 200 OK|Content-Type: text/plain'; do
    play --timeout 10 < <(
      printf '%s\n' 'C: GET /a HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]' \
        'C: GET /b HTTP/1.1' '[rest]' 'C: GET /c HTTP/1.1' '[rest]'
      tr '|' '\n' <<<"$fields" | sed 's/^/S: /'
      printf '%s\n' 'S:' '[send fine]' '[close]' \
        'C2: GET /c HTTP/1.1' '[rest]' 'S2: HTTP/1.1 200 OK' 'S2: Content-Length: 4' 'S2:' '[send good]'
    )
    fetch -o '#1' "$URL/{a,b,c}"
    assert_status 0
    assert_played
    assert_content b fine
    assert_content c good
    rm a b c
  done
}

@test "reused: bytes behind a body, when nothing else was asked for, are nobody's answer" {
  play --timeout 10 <<END
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok$planted]
C2: GET /b HTTP/1.1
[rest]
S2: HTTP/1.1 200 OK
S2: Content-Length: 4
S2:
[send good]
END
  fetch --connection persistent -o '#1' "$URL/{a,b}"
  assert_status 0
  assert_played
  assert_content b good
}

@test "reused: 204 and 304 have no body, whatever they say" {
  local head
  for head in 'HTTP/1.1 204 No Content' 'HTTP/1.1 304 Not Modified'; do
    play --timeout 10 < <(
      printf '%s\n' 'C: GET /a HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]' \
        'C: GET /b HTTP/1.1' '[rest]' 'C: GET /c HTTP/1.1' '[rest]' "S: $head" 'S: Content-Length: 700' 'S:' \
        'S: HTTP/1.1 200 OK' 'S: Content-Length: 4' 'S:' '[send good]'
    )
    fetch -o '#1' "$URL/{a,b,c}"
    assert_status 0
    assert_played
    assert_content c good
    rm -f a b c
  done
}

# ---- arguments ----

@test "CR, LF, NUL and space in a URL" {
  local url
  for url in $'http://127.0.0.1:1/a\r\nX: y' $'http://127.0.0.1:1/a\nb' 'http://127.0.0.1:1/a b' \
    $'http://127.0.0.1:1/a\tb' $'http://127.0.0.1:1/a\x7fb'; do
    fetch -o page "$url"
    assert_refused 64 ''
  done
}

@test "CR and LF in headers, methods and what becomes a header" {
  local option
  for option in -H$'A: b\r\nC: d' -H$'A: b\nC: d' -H'A b: c' -H'nothing' -X$'GET\r\n' -X'G ET' -A$'x\r\ny: z' -e$'x\ny' -r$'0-1\r\nx: y'; do
    fetch -o page "$option" http://127.0.0.1:1/
    assert_refused 64 ''
  done
}

@test "URLs that are none, and schemes webget does not speak" {
  local url
  for url in '' 'http://' 'ftp://127.0.0.1/' 'file:///etc/passwd' 'http://127.0.0.1:0x50/' \
    'http://127.0.0.1:65536/' 'http://[::1/' 'http:///path'; do
    fetch -o page "$url"
    assert_refused 64 ''
  done
}

@test "a refused URL does not show its password" {
  fetch -o page 'http://user:topsecret@127.0.0.1:99999/'
  assert_status 64
  refute_said topsecret
}
