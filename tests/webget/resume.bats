#!/usr/bin/env bats
# Going on with what broke off: --continue between runs, --retry within one; never two
# versions in one file.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

setup() {
  tool_setup
  head -c 10000 /dev/urandom >whole
  head -c 6000 whole >begun
  tail -c +$((6000 - 4096 + 1)) whole >rest # what is asked for again, and what is missing
}

teardown() {
  peer_stop
}

# The first run: 6,000 of 10,000 bytes, of this version.
break_off() { # VALIDATOR-FIELD...
  answer < <(
    printf '%s\n' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 10000'
    printf 'S: %s\n' "$@"
    printf '%s\n' 'S:' "[bytes $PWD/begun]" '[close]'
  )
  fetch --continue -o page "$URL/page"
  assert_status 75
  peer_wait
}

# The second run's request, with this condition; the rest of the dialogue on stdin.
asked() { # IF-RANGE
  cat <<END
C: GET /page HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Range: bytes=1904-
C: If-Range: $1
C:
END
  cat
}

again() { # -C - at the same port as before: the note is about that URL
  play --port "${URL##*:}"
}

left() { # FILE...: nothing but these beside the test's own
  rm -f whole begun rest other
  assert_files "$@"
}

@test "a cut body leaves FILE.part and its version; the next run asks for the rest only" {
  break_off 'ETag: "v1"'
  [ ! -e page ]
  cmp page.part begun
  grep -qx '"v1"' page.part.info
  again < <(asked '"v1"' <<END
S: HTTP/1.1 206 Partial Content
S: ETag: "v1"
S: Content-Range: bytes 1904-9999/10000
S: Content-Length: 8096
S:
[bytes $PWD/rest]
END
  )
  fetch -v -C - -o page "$URL/page"
  assert_status 0
  assert_played
  [[ $stderr == *'[resume at 6000 bytes]'* ]]
  cmp page whole
  left page
}

@test "an old Last-Modified is a version too; a young one or a weak ETag is not" {
  break_off 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT' 'Date: Sun, 06 Nov 1994 09:49:37 GMT'
  again < <(asked 'Sun, 06 Nov 1994 08:49:37 GMT' <<END
S: HTTP/1.1 206 Partial Content
S: Content-Range: bytes 1904-9999/10000
S: Content-Length: 8096
S:
[bytes $PWD/rest]
END
  )
  fetch --continue -o page "$URL/page"
  assert_status 0
  cmp page whole
  rm page
  break_off 'ETag: W/"v1"'
  [ ! -e page.part ]
  break_off 'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT' 'Date: Sun, 06 Nov 1994 08:49:38 GMT'
  [ ! -e page.part ]
  left
}

@test "the file has changed: the server sends all of the new one, and nothing of the old stays" {
  break_off 'ETag: "v1"'
  tr 'a-m' 'n-z' <whole >other
  again < <(asked '"v1"' <<END
S: HTTP/1.1 200 OK
S: ETag: "v2"
S: Content-Length: 10000
S:
[bytes $PWD/other]
END
  )
  fetch --continue -o page "$URL/page"
  assert_status 0
  assert_played
  cmp page other
  left page
}

# After this answer all of it is asked for again on the same connection.
and_all_again() {
  cat
  cat <<END
C: GET /page HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 10000
S:
[bytes $PWD/whole]
END
}

@test "ranges that lie: another total, another start, another version, 416" {
  local lie
  for lie in 'bytes 1904-9998/9999' 'bytes 1905-9999/10000' 'bytes 1904-9999/*' 'pages 1904-9999/10000'; do
    break_off 'ETag: "v1"'
    again < <(asked '"v1"' < <(and_all_again <<END
S: HTTP/1.1 206 Partial Content
S: Content-Range: $lie
S: Content-Length: 3
S:
[send abc]
END
    ))
    fetch --continue -o page "$URL/page"
    assert_status 0
    assert_played
    cmp page whole
    rm page
  done
  break_off 'ETag: "v1"'
  again < <(asked '"v1"' < <(and_all_again <<END
S: HTTP/1.1 206 Partial Content
S: ETag: "v2"
S: Content-Range: bytes 1904-9999/10000
S: Content-Length: 3
S:
[send abc]
END
  ))
  fetch --continue -o page "$URL/page"
  assert_status 0
  assert_played
  cmp page whole
  rm page
  break_off 'ETag: "v1"'
  again < <(asked '"v1"' < <(and_all_again <<'END'
S: HTTP/1.1 416 Range Not Satisfiable
S: Content-Length: 0
S:
END
  ))
  fetch --continue -o page "$URL/page"
  assert_status 0
  assert_played
  cmp page whole
  left page
}

@test "a server that says it is the same version and sends another: the overlap tells" {
  break_off 'ETag: "v1"'
  tr 'a-m' 'n-z' <rest >other
  again --connections 1 < <(asked '"v1"' <<END
S: HTTP/1.1 206 Partial Content
S: ETag: "v1"
S: Content-Range: bytes 1904-9999/10000
S: Content-Length: 8096
S:
[bytes $PWD/other]
C: GET /page HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 10000
S:
[bytes $PWD/whole]
END
  )
  fetch --continue -o page "$URL/page"
  assert_status 0
  cmp page whole
  left page
}

@test "--retry goes on within the run, without --continue" {
  answer <<END
S: HTTP/1.1 200 OK
S: ETag: "v1"
S: Content-Length: 10000
S:
[bytes $PWD/begun]
[close]
C2: GET /page HTTP/1.1
C2: Host: *
C2: User-Agent: *
C2: Accept: */*
C2: Range: bytes=1904-
C2: If-Range: "v1"
C2:
S2: HTTP/1.1 206 Partial Content
S2: Content-Range: bytes 1904-9999/10000
S2: Content-Length: 8096
S2:
[bytes $PWD/rest]
END
  fetch --retry 2 --retry-delay 0.01 -o page "$URL/page"
  assert_status 0
  assert_played
  cmp page whole
  left page
}

@test "the checksum is that of the whole file" {
  break_off 'ETag: "v1"'
  local sum
  sum=$(sha256sum <whole | cut -d' ' -f1)
  again < <(asked '"v1"' <<END
S: HTTP/1.1 206 Partial Content
S: Content-Range: bytes 1904-9999/10000
S: Content-Length: 8096
S:
[bytes $PWD/rest]
END
  )
  fetch --continue --checksum "sha256:$sum" -o page "$URL/page"
  assert_status 0
  cmp page whole
}

@test "Repr-Digest is of the whole, Content-Digest of the rest; a wrong one leaves nothing behind" {
  local whole part
  whole=$(openssl dgst -sha256 -binary <whole | base64)
  part=$(openssl dgst -sha256 -binary <rest | base64)
  last_part() { # CONTENT-DIGEST REPR-DIGEST
    break_off 'ETag: "v1"'
    again < <(asked '"v1"' <<END
S: HTTP/1.1 206 Partial Content
S: Content-Range: bytes 1904-9999/10000
S: Content-Digest: sha-256=:$1:
S: Repr-Digest: sha-256=:$2:
S: Content-Length: 8096
S:
[bytes $PWD/rest]
END
    )
    fetch --continue -o page "$URL/page"
  }
  last_part "$part" "$whole"
  assert_status 0
  cmp page whole
  rm page
  last_part "$part" "$part"
  assert_status 65
  last_part "$whole" "$whole"
  assert_status 65
  left
}

@test "another URL's partial file is not gone on with; one in use is refused" {
  break_off 'ETag: "v1"'
  again < <(and_all_again </dev/null)
  fetch --continue -o page "http://localhost:$PEER_PORT/page"
  assert_status 0
  assert_played
  cmp page whole
  rm page
  : >page.part
  exec 8<page.part
  flock -x 8
  fetch --continue -o page http://127.0.0.1:1/page
  assert_status 73
  exec 8<&-
}

@test "it needs a file" {
  fetch --continue http://127.0.0.1:1/
  assert_status 64
  fetch -C 100 -o page http://127.0.0.1:1/
  assert_status 64
}

@test "416 that names the very size of what is there: it is complete; its digest is checked" {
  local size sum
  sum=sha256:$(sha256sum <whole | cut -d' ' -f1)
  for size in 10000 10001; do
    cp whole page.part
    printf '%s\n' "http://127.0.0.1:1/page" '"v1"' 10000 >page.part.info
    play < <(cat <<END
C: GET /page HTTP/1.1
[rest]
S: HTTP/1.1 416 Range Not Satisfiable
S: ETag: "v1"
S: Content-Range: bytes */$size
S: Content-Length: 3
S:
[send no!]
END
      [ $size -eq 10000 ] || printf '%s\n' 'C: GET /page HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' \
        'S: Content-Length: 10000' 'S:' "[bytes $PWD/whole]")
    sed -i "1s|.*|$URL/page|" page.part.info
    fetch --continue --checksum "$sum" -o page "$URL/page"
    assert_status 0
    assert_played
    cmp page whole
    rm page
  done
  cp whole page.part
  printf '%s\n' "$URL/page" '"v1"' 10000 >page.part.info
  again <<END
C: GET /page HTTP/1.1
[rest]
S: HTTP/1.1 416 Range Not Satisfiable
S: Content-Range: bytes */10000
S: Content-Length: 0
S:
END
  fetch --continue --checksum "sha256:$(sha256sum <begun | cut -d' ' -f1)" -o page "$URL/page"
  assert_status 65
  left
}
