#!/usr/bin/env bats
# --checksum: the right digest, the wrong one, none.

load webget.bash

setup() {
  tool_setup
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

# hello, with these fields
hello_with() { # FIELD...
  answer < <(
    printf '%s\n' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 5'
    printf 'S: %s\n' "$@"
    printf '%s\n' 'S:' '[send hello]'
  )
}

sum_of() { # TEXT
  printf %s "$1" | openssl dgst -sha256 -binary | base64
}

@test "--checksum-file: by the file's name, or the URL's; any of its formats" {
  printf '# a list\n%s  ./dir/page\n' "$(printf hello | sha256sum | cut -d' ' -f1)" >SUMS
  printf 'MD5 (other) = %s\n' "$(printf hello | md5sum | cut -d' ' -f1)" >>SUMS
  hello
  fetch -o page --checksum-file SUMS "$URL/x"
  assert_status 0
  hello
  fetch -o y --checksum-file - "$URL/d/page?q" <SUMS
  assert_status 0
  hello
  fetch --checksum-file SUMS "$URL/%6fther"
  assert_status 0
  [ "$output" = hello ]
  assert_files SUMS page y
}

@test "--checksum-file: another digest, a name that is not listed, two, no list: no file" {
  printf '%s  page\n' "$(printf other | sha256sum | cut -d' ' -f1)" >SUMS
  hello
  fetch -o page --checksum-file SUMS "$URL/x"
  assert_status 65
  assert_error 'than --checksum-file says'
  fetch -o y --checksum-file SUMS http://127.0.0.1:1/x
  assert_status 65
  assert_error 'does not list it'
  printf '%s  page\n' "$(printf hello | sha256sum | cut -d' ' -f1)" >>SUMS
  fetch -o page --checksum-file SUMS http://127.0.0.1:1/x
  assert_status 65
  assert_error 'has two for page'
  fetch --checksum-file none http://127.0.0.1:1/x
  assert_status 74
  printf 'words\n' >SUMS
  fetch --checksum-file SUMS http://127.0.0.1:1/x
  assert_status 65
  assert_files SUMS
}

@test "Repr-Digest and Content-Digest are checked without being asked to" {
  local field
  for field in Repr-Digest Content-Digest; do
    hello_with "$field: sha-512=x, sha-256=:$(sum_of hello):"
    fetch -o "$field" "$URL/x"
    assert_status 0
    hello_with "$field: sha-256=:$(sum_of other):"
    fetch -o page "$URL/x"
    assert_status 65
    assert_error "than $field says"
    hello_with "$field: sha-256=:$(sum_of other):"
    fetch "$URL/x"
    assert_status 65
    [ "$output" = hello ]
  done
  # Another algorithm, or no dictionary: as if it were not there.
  hello_with 'Repr-Digest: md5=:AAAA:' 'Content-Digest: sha-256=:AAAA:, ='
  fetch -o page "$URL/x"
  assert_status 0
  assert_files Content-Digest Repr-Digest page
}

@test "with a content coding the fields are about the coded bytes, --checksum about the others" {
  printf hello | gzip -n >body
  local digest
  digest=$(openssl dgst -sha256 -binary <body | base64)
  answer <<END
S: HTTP/1.1 200 OK
S: Content-Encoding: gzip
S: Repr-Digest: sha-256=:$digest:
S: Content-Digest: sha-256=:$digest:
S: Content-Length: $(stat -c %s body)
S:
[bytes $PWD/body]
END
  fetch --compressed --checksum "md5:$(printf hello | md5sum | cut -d' ' -f1)" "$URL/x"
  assert_status 0
  [ "$output" = hello ]
}

@test "a part: Content-Digest is of the part, Repr-Digest of what is not there" {
  answer <<END
S: HTTP/1.1 206 Partial Content
S: Content-Range: bytes 0-4/10
S: Repr-Digest: sha-256=:$(sum_of helloworld):
S: Content-Digest: sha-256=:$(sum_of hello):
S: Content-Length: 5
S:
[send hello]
END
  fetch -r 0-4 "$URL/x"
  assert_status 0
  [ "$output" = hello ]
}
