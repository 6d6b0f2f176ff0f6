#!/usr/bin/env bats
# webget through real proxies: tinyproxy (HTTP) and microsocks (SOCKS5), with and without a login.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load nginx

setup_file() {
  server_start nginx
  export WEB=http://127.0.0.1:$NGINX_HTTP SECURE=https://localhost:$NGINX_HTTPS
  echo hello >"$NGINX_ROOT/index.html"
  head -c 2000000 /dev/urandom >"$NGINX_ROOT/big"
  server_start tinyproxy
  export HTTP_PROXY_URL=http://127.0.0.1:$TINYPROXY_PORT
  server_start microsocks
  export SOCKS_URL=socks5h://127.0.0.1:$MICROSOCKS_PORT
}

teardown_file() {
  server_stop microsocks
  server_stop tinyproxy
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

# A second one of a kind with the login ada:lovelace; sets LOGIN_PORT.
guarded() { # NAME
  local dir=$BATS_TEST_TMPDIR/$1 root=${PARLEY_ROOT:-$BATS_TEST_DIRNAME/../..}
  "$root/tests/servers/$1.sh" start "$dir" ada lovelace
  # shellcheck source=/dev/null
  LOGIN_PORT=$(sed -n 's/^[A-Z]*_PORT=//p' "$dir/env")
  GUARD="$root/tests/servers/$1.sh stop $dir"
}

teardown() {
  ${GUARD-}
}

# How many requests tinyproxy has logged.
proxied() {
  grep -c 'Request (file' "$TINYPROXY_LOG" || true
}

@test "HTTP proxy, http: the whole URL in the request line, no pipeline" {
  run webget -v -x "$HTTP_PROXY_URL" "$WEB/?[1-3]"
  assert_success
  assert_equal "$(grep -c '^hello$' <<<"$output")" 3
  assert_line --regexp "^C2?: GET $WEB/\\?2 HTTP/1.1\$"
  assert_line "C: Host: 127.0.0.1:$NGINX_HTTP"
  assert_line --partial "[connect 127.0.0.1:$TINYPROXY_PORT"
  refute_line --partial CONNECT
  # A request, its answer, the next request. The proxy may close a connection that was to be used
  # again as the request is on its way: that one is sent a second time.
  run awk '/^\[close/ { n = 0 } /^C[0-9]*: GET/ { n++ } /^S[0-9]*: HTTP/ { n-- }
    n > 1 { print "two at once" }' <<<"$output"
  assert_output ''
}

@test "HTTP proxy, https: CONNECT, then TLS with the server itself" {
  run webget -v --cacert "$NGINX_CA" -x "$HTTP_PROXY_URL" "$SECURE/echo-headers"
  assert_success
  assert_line "C: CONNECT localhost:$NGINX_HTTPS HTTP/1.1"
  assert_line --regexp '^\[tls TLSv1.3 .*CN=localhost verified '
  assert_line 'C: GET /echo-headers HTTP/1.1'
  assert_line 'tls: TLSv1.3 localhost'
  # The certificate is verified there too.
  run webget -x "$HTTP_PROXY_URL" "$SECURE/"
  assert_failure 76
  same "$NGINX_ROOT/big" --cacert "$NGINX_CA" -x "$HTTP_PROXY_URL" "$SECURE/big"
  same "$NGINX_ROOT/big" -x "$HTTP_PROXY_URL" "$WEB/big"
}

@test "HTTP proxy: PUT, redirects, a status, its own error" {
  webget -x "$HTTP_PROXY_URL" -T "$NGINX_ROOT/big" "$WEB/dav/big"
  cmp "$NGINX_DIR/dav/big" "$NGINX_ROOT/big"
  run webget -x "$HTTP_PROXY_URL" "$WEB/redirect/other-port"
  assert_line 'method GET'
  run webget -x "$HTTP_PROXY_URL" "$WEB/missing"
  assert_failure 66
  run webget -x "$HTTP_PROXY_URL" http://127.0.0.1:1/
  assert_failure 75
  run webget -x "$HTTP_PROXY_URL" https://127.0.0.1:1/
  assert_failure 75
  assert_output --partial "gives no way to 127.0.0.1:1"
}

@test "HTTP proxy with a login: given, wrong, missing; never sent on, never shown" {
  guarded tinyproxy
  for url in "$WEB/" "$SECURE/"; do
    run webget -v --cacert "$NGINX_CA" -x "http://ada:lovelace@127.0.0.1:$LOGIN_PORT" "$url"
    assert_success
    assert_line hello
    assert_line 'C: Proxy-Authorization: Basic ****'
    assert_equal "$(grep -c Proxy-Authorization <<<"$output")" 1
    refute_output --partial lovelace
    run webget --cacert "$NGINX_CA" -x "http://ada:wrong@127.0.0.1:$LOGIN_PORT" "$url"
    assert_failure 77
    refute_output --partial wrong
    run webget --cacert "$NGINX_CA" -x "http://127.0.0.1:$LOGIN_PORT" "$url"
    assert_failure 77
    assert_output --partial 407
  done
}

@test "SOCKS5: http and https, names resolved there or here, large bodies" {
  for kind in socks5h socks5; do
    run webget -x "$kind://127.0.0.1:$MICROSOCKS_PORT" "$WEB/"
    assert_output hello
    run webget -v --cacert "$NGINX_CA" -x "$kind://127.0.0.1:$MICROSOCKS_PORT" "$SECURE/"
    assert_success
    assert_line hello
    assert_line "[proxy SOCKS5 way to localhost:$NGINX_HTTPS]"
    assert_line --regexp '^\[tls TLSv1.3 .*CN=localhost verified '
  done
  same "$NGINX_ROOT/big" -x "$SOCKS_URL" "$WEB/big"
  same "$NGINX_ROOT/big" --cacert "$NGINX_CA" -x "$SOCKS_URL" "$SECURE/big"
  # A name that only the proxy could know is not looked up here; microsocks knows neither.
  run webget -x "$SOCKS_URL" http://nowhere.invalid/
  assert_failure 75
  assert_output --partial 'the SOCKS proxy'
  run webget -x "socks5://127.0.0.1:$MICROSOCKS_PORT" http://nowhere.invalid/
  refute_output --partial 'the SOCKS proxy'
}

@test "SOCKS5 is pipelined through" {
  run webget -x "$SOCKS_URL" "$WEB/?socks[1-100]"
  assert_success
  assert_equal "$(sort <<<"$output" | uniq -c | tr -s ' ')" ' 100 hello'
  assert_equal "$(connections '?socks' 100)" 1
}

@test "SOCKS5 with a login: given, wrong, missing" {
  guarded microsocks
  run webget -x "socks5h://ada:lovelace@127.0.0.1:$LOGIN_PORT" "$WEB/"
  assert_output hello
  run webget -v -x "socks5h://ada:wrong@127.0.0.1:$LOGIN_PORT" "$WEB/"
  assert_failure 77
  assert_output --partial 'refused the user name or password'
  refute_output --partial wrong
  run webget -x "socks5h://127.0.0.1:$LOGIN_PORT" "$WEB/"
  assert_failure 77
  assert_output --partial 'wants a login'
}

@test "nobody at the proxy's port; a server that is none" {
  run webget -x http://127.0.0.1:1 "$WEB/"
  assert_failure 75
  assert_output --partial 'the proxy: cannot connect to 127.0.0.1:1'
  run webget -x socks5h://127.0.0.1:1 "$WEB/"
  assert_failure 75
  run webget -x "socks5h://127.0.0.1:$NGINX_HTTP" "$WEB/"
  assert_failure 76
  assert_output --partial 'not a SOCKS5 proxy'
  run webget -x ftp://127.0.0.1:1 "$WEB/"
  assert_failure 64
}

@test "the environment chooses, no_proxy and --noproxy except, an empty --proxy forbids" {
  before=$(proxied)
  http_proxy=$HTTP_PROXY_URL run webget "$WEB/"
  assert_output hello
  all_proxy=$HTTP_PROXY_URL run webget "$WEB/"
  assert_output hello
  https_proxy=$HTTP_PROXY_URL run webget --cacert "$NGINX_CA" "$SECURE/"
  assert_output hello
  assert_equal "$(proxied)" $((before + 3))
  # A CGI script's request could set the upper-case one (httpoxy).
  HTTP_PROXY=http://127.0.0.1:1 run webget "$WEB/"
  assert_output hello
  http_proxy=http://127.0.0.1:1 no_proxy=example.org,127.0.0.0/8 run webget "$WEB/"
  assert_output hello
  http_proxy=http://127.0.0.1:1 run webget --noproxy '*' "$WEB/"
  assert_output hello
  http_proxy=http://127.0.0.1:1 run webget -x '' "$WEB/"
  assert_output hello
  http_proxy=http://127.0.0.1:1 no_proxy=example.org run webget "$WEB/"
  assert_failure 75
  assert_equal "$(proxied)" $((before + 3))
}
