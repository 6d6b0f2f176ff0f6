#!/usr/bin/env bats
# The real servers do what the tests built on them take for granted; asked by curl.

bats_load_library bats-support
bats_load_library bats-assert
load servers

setup_file() {
  server_start nginx
  server_start tinyproxy
  server_start microsocks user secret
  export WEB=http://127.0.0.1:$NGINX_HTTP
  echo "hello" >"$NGINX_ROOT/index.html"
  seq 1 10000 >"$NGINX_ROOT/numbers.txt"
}

teardown_file() {
  server_stop microsocks
  server_stop tinyproxy
  server_stop nginx
}

ask() { curl -sS --noproxy '*' --max-time 10 "$@"; }

@test "nginx serves files, over IPv6 too where there is one" {
  run ask "$WEB/"
  assert_success
  assert_output hello
  [ -e /proc/net/if_inet6 ] || skip "no IPv6"
  run ask "http://[::1]:$NGINX_HTTP/"
  assert_output hello
}

@test "nginx: TLS with its CA, 1.2 only, an intermediate" {
  run ask --cacert "$NGINX_CA" "https://localhost:$NGINX_HTTPS/"
  assert_output hello
  run ask --cacert "$NGINX_CA" --tlsv1.3 "https://localhost:$NGINX_TLS12/"
  assert_failure 35
  run ask --cacert "$NGINX_CA" "https://localhost:$NGINX_CHAINED/"
  assert_output hello
}

@test "nginx: certificates that must be refused" {
  for port in "$NGINX_EXPIRED" "$NGINX_OTHER" "$NGINX_SELFSIGNED"; do
    run ask --cacert "$NGINX_CA" "https://localhost:$port/"
    assert_failure 60
  done
  run ask -k "https://localhost:$NGINX_EXPIRED/"
  assert_output hello
  run ask --cacert "$NGINX_CERTS/other-ca.pem" "https://localhost:$NGINX_HTTPS/"
  assert_failure 60
}

@test "nginx: a client's certificate" {
  run ask --cacert "$NGINX_CA" -o /dev/null -w '%{http_code}' "https://localhost:$NGINX_CLIENTCERT/"
  assert_output 400
  run ask --cacert "$NGINX_CA" --cert "$NGINX_CERTS/client.pem" --key "$NGINX_CERTS/client.key" \
    -D - "https://localhost:$NGINX_CLIENTCERT/"
  assert_output --partial 'X-Client: CN=test client'
}

@test "nginx: authentication, redirects, statuses" {
  run ask -w '%{http_code}' -o /dev/null "$WEB/auth/index.html"
  assert_output 401
  run ask -u ada:lovelace "$WEB/auth/index.html"
  assert_output hello
  for code in 301 302 303 307 308; do
    run ask -L -d x=1 -w '%{http_code} %{num_redirects}' "$WEB/redirect/$code"
    assert_output --partial 'method '
    assert_output --partial '200 1'
  done
  run ask -L -w '%{num_redirects}' -o /dev/null "$WEB/redirect/chain/1111"
  assert_output 5
  for code in 200 204 304 404 416 500 503; do
    run ask -w '%{http_code}' -o /dev/null "$WEB/status/$code"
    assert_output "$code"
  done
}

@test "nginx: echoes of head, headers and body; PUT and DELETE" {
  run ask -A tester -e there "$WEB/echo-headers?a=b"
  assert_line 'user-agent: tester'
  assert_line 'referer: there'
  assert_line 'request-uri: /echo-headers?a=b'
  run ask -A tester "$WEB/echo-head"
  assert_line --index 0 --partial 'GET /echo-head HTTP/1.1'
  run ask --data-binary @"$NGINX_ROOT/index.html" "$WEB/echo-body"
  assert_output hello
  run ask -T "$NGINX_ROOT/numbers.txt" "$WEB/dav/new/numbers.txt"
  assert_success
  ask "$WEB/dav/new/numbers.txt" | cmp - "$NGINX_ROOT/numbers.txt"
  run ask -X DELETE -w '%{http_code}' "$WEB/dav/new/numbers.txt"
  assert_output 204
}

@test "nginx: codings and framings" {
  run ask -D - -o /dev/null --compressed "$WEB/gz/numbers.txt"
  assert_output --partial 'Content-Encoding: gzip'
  gzip -k "$NGINX_ROOT/numbers.txt"
  run ask -D - -o /dev/null "$WEB/coded/numbers.txt.gz"
  assert_output --partial 'Content-Encoding: gzip'
  ask --compressed "$WEB/coded/numbers.txt.gz" | cmp - "$NGINX_ROOT/numbers.txt"
  run ask -D - "$WEB/chunked"
  assert_output --partial 'Transfer-Encoding: chunked'
  assert_line three
  run ask -D - "$WEB/close-delimited"
  refute_output --partial 'Content-Length'
  assert_line 'until the end'
}

@test "nginx: truncated, empty, slow, closing" {
  run ask "$WEB/truncated"
  assert_failure 18
  run ask "$WEB/empty-reply"
  assert_failure 52
  run ask -w '%{time_total}' -o /dev/null "$WEB/slow/numbers.txt"
  assert_output --regexp '^[1-9]'
  run ask -o /dev/null "http://127.0.0.1:$NGINX_CLOSING/?[1-120]"
  assert_success
  run awk '$1 != last { n++; last = $1 } /GET \/\?/ { c[$1]++ } END { for (i in c) print c[i] }' "$NGINX_LOG"
  assert_line 100
  assert_line 20
}

@test "tinyproxy and microsocks carry requests" {
  run curl -sS --noproxy '' -x "http://127.0.0.1:$TINYPROXY_PORT" "$WEB/"
  assert_output hello
  run curl -sS --noproxy '' -p -x "http://127.0.0.1:$TINYPROXY_PORT" "$WEB/"
  assert_output hello
  run curl -sS --noproxy '' -x "socks5h://user:secret@127.0.0.1:$MICROSOCKS_PORT" \
    --cacert "$NGINX_CA" "https://localhost:$NGINX_HTTPS/"
  assert_output hello
  run curl -sS --noproxy '' -x "socks5://127.0.0.1:$MICROSOCKS_PORT" "$WEB/"
  assert_failure
}

@test "a stopped server leaves no process and no file" {
  dir=$BATS_TEST_TMPDIR/short
  "$BATS_TEST_DIRNAME/nginx.sh" start "$dir"
  pid=$(cat "$dir/nginx.pid")
  "$BATS_TEST_DIRNAME/nginx.sh" stop "$dir"
  assert [ ! -e "$dir" ]
  # Gone, or a zombie until its new parent looks.
  run sed -n 's/.*) Z .*//; /./p' "/proc/$pid/stat"
  refute_output --partial nginx
}

@test "a port that another process has taken is seen, and another one chosen" {
  . "$BATS_TEST_DIRNAME/lib.sh"
  sleep 100 3>&- &
  echo $! >"$BATS_TEST_TMPDIR/pid"
  wait_port "$MICROSOCKS_PORT" "$(cat "$BATS_FILE_TMPDIR/microsocks/pid")"
  run wait_port "$MICROSOCKS_PORT" $!
  assert_failure
  # What try_start runs fails twice; what it leaves is ended.
  unlucky() {
    echo x >>"$BATS_TEST_TMPDIR/tries"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/tries")" -eq 3 ]
  }
  try_start "$BATS_TEST_TMPDIR/pid" unlucky
  run alive $!
  assert_failure
}
