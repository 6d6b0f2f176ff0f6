#!/usr/bin/env bats
# The same request by webget and by libcurl (tests/crosscheck/reference.c): the same heads
# and body come back, and the server saw the same words. User-Agent is given, as each has its own.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load ../peer/peer.bash

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP SECURE=https://localhost:$NGINX_HTTPS
  cd "$NGINX_ROOT" || return 1
  echo hello >index.html
  seq 1 20000 >numbers.txt
  head -c 3000000 /dev/urandom >big
  : >empty
  gzip -k numbers.txt
  brotli -k numbers.txt
  zstd -q numbers.txt
}

teardown_file() {
  server_stop nginx
}

setup() {
  unset http_proxy https_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NETRC
  export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config HOME=$BATS_TEST_TMPDIR
  build=${PARLEY_BUILD:-$BATS_TEST_DIRNAME/../../build}
  cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
  peer_stop
}

# Heads without what time and chance change: the date, the separator of several ranges.
heads() { # FILE
  sed -E 's/^Date: .*/Date: now/; s/boundary=[0-9]+/boundary=N/' "$1"
}

# A body that is a request head or a form: with the fields and the codings sorted and one name
# for every boundary. Other bodies pass as they are.
body() { # FILE
  local codings
  if LC_ALL=C grep -qa '^[A-Z]* .* HTTP/1' "$1"; then
    { head -n 1 "$1" && tail -n +2 "$1" | LC_ALL=C sort; } >"$1.sorted"
    set -- "$1.sorted"
  fi
  codings=$(LC_ALL=C sed -n 's/^Accept-Encoding: //p' "$1" | tr -d ' \r' | tr , '\n' | sort | tr '\n' ' ')
  LC_ALL=C sed -E "s/^Accept-Encoding: .*/Accept-Encoding: $codings/
    s/(boundary=)?-{4,}[A-Za-z0-9]+|boundary=[A-Za-z0-9'()+_,.\/:=?-]+/BOUNDARY/
    s/^--[0-9]{20}/BOUNDARY/; s/^(Content-Length|content-length): [0-9]{3}\r?$/\1: NNN/" "$1"
}

alike() { # OPTION... URL
  local theirs ours
  rm -f heads.* body.*
  set -- -A tester "$@"
  theirs=$("$build/tests/reference" -D heads.theirs -o body.theirs "$@") || fail "libcurl: $*"
  ours=$("$build/bin/webget" --fail-with-body -D heads.ours -o body.ours -w '%{http_code}' "$@" 2>errors) ||
    [ "$ours" -ge 400 ] || fail "webget $*: $(cat errors)"
  [ "$ours" = "$theirs" ] || fail "$*: status $ours, by libcurl $theirs"
  diff <(heads heads.theirs) <(heads heads.ours) || fail "other heads: $*"
  [ ! -e body.ours ] && : >body.ours
  # -I: for webget the head is what was asked for.
  case " $* " in *" -I "*) return 0 ;; esac
  cmp -s body.theirs body.ours || diff <(body body.theirs) <(body body.ours) || fail "another body: $*"
}

@test "every status" {
  for code in 200 201 202 204 304 400 401 402 403 404 405 406 408 409 410 411 412 413 415 416 417 421 422 425 426 \
    429 431 451 500 501 502 503 504 505 507; do
    alike "$WEB/status/$code"
  done
}

@test "bodies: plain, empty, big, chunked, to the end of the connection" {
  for page in '' numbers.txt empty big chunked close-delimited missing; do
    alike "$WEB/$page"
    alike -0 "$WEB/$page"
  done
}

@test "methods" {
  alike -I "$WEB/numbers.txt"
  alike -I "$WEB/chunked"
  for method in GET POST PUT DELETE OPTIONS PATCH PROPFIND; do
    alike -X $method "$WEB/echo-head"
    alike -X $method -d 'a=b' "$WEB/target"
  done
}

@test "codings" {
  for kind in gz br zst; do
    alike --compressed "$WEB/coded/numbers.txt.$kind"
    alike "$WEB/coded/numbers.txt.$kind"
  done
  alike --compressed "$WEB/gz/numbers.txt"
  alike --compressed "$WEB/numbers.txt"
  alike --compressed "$WEB/echo-head"
}

@test "ranges" {
  for range in 0-0 0-99 5- -7 19990-30000 0-3,10-12; do
    alike -r $range "$WEB/numbers.txt"
    alike -r $range "$WEB/echo-head"
  done
  alike -r 200000- "$WEB/numbers.txt"
}

@test "redirects to their end" {
  for code in 301 302 303 307 308; do
    alike "$WEB/redirect/$code"
    alike -d x=1 "$WEB/redirect/$code"
    alike --no-location "$WEB/redirect/$code"
  done
  for page in chain/1111 relative other-port none; do
    alike -u ada:lovelace -H 'Cookie: a=b' "$WEB/redirect/$page"
  done
  alike --cacert "$NGINX_CA" -u ada:lovelace "$SECURE/redirect/to-http"
  alike --cacert "$NGINX_CA" "http://localhost:$NGINX_HTTP/redirect/to-https"
}

@test "Basic" {
  alike -u ada:lovelace "$WEB/auth/index.html"
  alike -u ada:wrong "$WEB/auth/index.html"
  alike -u 'ada:with:colons and ä' "$WEB/echo-head"
  alike -u ada: "$WEB/echo-head"
  alike --anyauth -u ada:lovelace "$WEB/auth/index.html"
  alike "http://ada:love%6Cace@127.0.0.1:$NGINX_HTTP/auth/index.html"
  alike "http://a%40b:c%3Ad@127.0.0.1:$NGINX_HTTP/echo-head"
}

@test "header options" {
  alike "$WEB/echo-head"
  alike -0 "$WEB/echo-head"
  alike -A tester "$WEB/echo-head"
  alike -e http://example.org/from "$WEB/echo-head"
  alike -H 'X-Test: one' -H 'X-Test: two' "$WEB/echo-head"
  alike -H 'Accept:' "$WEB/echo-head"
  alike -H 'Accept: text/html' "$WEB/echo-head"
  alike -H 'X-Empty;' "$WEB/echo-head"
  alike -H 'Host: example.org' "$WEB/echo-head"
  alike -H 'Cookie: a=b; c="d e"' "$WEB/echo-head"
  alike -H 'Authorization: Bearer abc' "$WEB/echo-head"
  alike -H 'X-Test:   spaces   ' "$WEB/echo-headers"
}

@test "data and uploads" {
  alike -d a=b "$WEB/echo-head"
  alike -d a=b -d 'c=d e' "$WEB/echo-body"
  alike -d '{"a":1}' -H 'Content-Type: application/json' "$WEB/echo-headers"
  alike -d '' "$WEB/echo-headers"
  alike -X PUT -d a=b "$WEB/echo-headers"
  # libcurl says Expect with every PUT; webget, as the curl tool, with large ones.
  alike -H Expect: -T "$NGINX_ROOT/numbers.txt" "$WEB/echo-body"
  alike -H Expect: -T "$NGINX_ROOT/numbers.txt" "$WEB/echo-head"
  alike -H Expect: -T "$NGINX_ROOT/empty" "$WEB/echo-head"
  alike -T "$NGINX_ROOT/big" "$WEB/echo-body"
  cmp body.ours "$NGINX_ROOT/big"
}

@test "forms as they arrive, but for the boundary" {
  alike -F a=b -F 'c=d e ä' "$WEB/echo-body"
  alike -F "file=@$NGINX_ROOT/index.html" -F x=y "$WEB/echo-body"
  alike -F "page=@$NGINX_ROOT/numbers.txt" "$WEB/echo-body"
  alike -F "binary=@$NGINX_ROOT/big" "$WEB/echo-body"
  alike -F 'na"me=x' "$WEB/echo-body"
  alike -F a=b "$WEB/echo-head"
}

@test "URLs as they arrive" {
  while read -r target; do
    alike "$WEB$target"
  done <<'END'
/echo-head?
/echo-head?a=b&c=d
/echo-head?a=%20b%2fc%2Fd%zz%
/echo-head?a=b?c=/d;e=f,g=h
/echo-head?x=|^`
/echo-head?plus+plus
/echo-head#fragment
/echo-head?a=b#fragment?c
/./echo-head
/a/../echo-head
/a/b/../../echo-head
/../../echo-head
/a/./b/.././../echo-head?x=/../y
/%65cho-head
/missing%20space;params=1/..
/missing/%C3%A4
END
  alike "http://127.0.0.1:$NGINX_HTTP?query"
  alike "HTTP://localhost:$NGINX_HTTP/echo-head"
  alike "http://127.1:$NGINX_HTTP/echo-head"
  alike "http://0x7f000001:$NGINX_HTTP/echo-head"
  alike "127.0.0.1:$NGINX_HTTP/echo-head"
}

@test "names beyond ASCII" {
  alike --resolve "xn--bcher-kva.example:$NGINX_HTTP:127.0.0.1" "http://bücher.example:$NGINX_HTTP/echo-head"
  alike --resolve "xn--bcher-kva.example:$NGINX_HTTP:127.0.0.1" "http://BÜCHER.example:$NGINX_HTTP/echo-head"
  alike --resolve "xn--strae-oqa.example:$NGINX_HTTP:127.0.0.1" "http://straße.example:$NGINX_HTTP/echo-head"
}

@test "TLS" {
  alike --cacert "$NGINX_CA" "$SECURE/echo-head"
  alike --cacert "$NGINX_CA" --compressed "$SECURE/gz/numbers.txt"
  alike --cacert "$NGINX_CA" "$SECURE/big"
  alike --cacert "$NGINX_CA" -T "$NGINX_ROOT/big" "$SECURE/echo-body"
}

# ---- Digest: a challenge, and both answers recomputed here ----

challenge() { # ALGORITHM
  peer_start - <<END
C: GET /secret?a=b HTTP/1.1
[rest]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="a realm", qop="auth", nonce="dcd98b7102dd2f0e", opaque="5ccc069c", algorithm=$1
S: Content-Length: 0
S:
C: GET /secret?a=b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S:
[send ok\x0a]
END
}

parameter() { # NAME FILE
  sed -nE "s/^(C: )?Authorization: Digest (.*, *)?$1=\"?([^\",\r]*)\"?.*/\3/p" "$2"
}

assert_response() { # SUM-PROGRAM FILE
  local sum=$1 ha1 ha2 expected
  sum() { printf '%s' "$1" | "$sum" | cut -d' ' -f1; }
  ha1=$(sum 'ada:a realm:love lace')
  ha2=$(sum 'GET:/secret?a=b')
  expected=$(sum "$ha1:dcd98b7102dd2f0e:$(parameter nc "$2"):$(parameter cnonce "$2"):auth:$ha2")
  assert_equal "$(parameter response "$2")" "$expected"
  [ -n "$(parameter cnonce "$2")" ]
}

@test "Digest: MD5 and SHA-256" {
  while read -r algorithm sum; do
    challenge "$algorithm"
    run "$build/tests/reference" -D heads.theirs -o body.theirs --sent theirs --digest -u 'ada:love lace' \
      "http://127.0.0.1:$PEER_PORT/secret?a=b"
    assert_output 200
    peer_wait
    challenge "$algorithm"
    run "$build/bin/webget" -v --show-secrets -D heads.ours -o body.ours --digest -u 'ada:love lace' \
      "http://127.0.0.1:$PEER_PORT/secret?a=b"
    assert_success
    echo "$output" >ours
    peer_wait
    cmp body.theirs body.ours
    cmp heads.theirs heads.ours
    assert_response "$sum" theirs
    assert_response "$sum" ours
    for name in username realm nonce uri qop nc opaque algorithm; do
      assert_equal "$name=$(parameter $name ours)" "$name=$(parameter $name theirs)"
    done
  done <<'END'
MD5 md5sum
SHA-256 sha256sum
END
}
