#!/usr/bin/env bats
# Through proxies: what they are asked, what they learn, and who goes without.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# A proxy that takes one request line $1 and answers with "ok".
proxy() { # LINE
  play <<END
C: $1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
}

gets() { # ARGUMENT...
  fetch "$@"
  assert_status 0
  assert_output ok
  assert_played
}

@test "http through a proxy: the whole URL in the request line, without its password and fragment" {
  play <<'END'
C: GET http://www.example.org/page?q HTTP/1.1
C: Host: www.example.org
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets -x "$URL" 'http://www.example.org/page?q#f'
}

@test "the proxy's login goes to the proxy, the server's to the server" {
  play <<'END'
C: GET http://127.0.0.1/ HTTP/1.1
C: Host: 127.0.0.1
C: Proxy-Authorization: Basic cHJveHk6cHc=
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 407 Proxy Authentication Required
S: Proxy-Authenticate: Basic realm="p"
S: Content-Length: 0
S:
END
  fetch -v -x "http://proxy:pw@127.0.0.1:$PEER_PORT" http://127.0.0.1/
  assert_status 77
  assert_said 'HTTP status 407'
  assert_said 'C: Proxy-Authorization: Basic ****'
  refute_said cHJveHk6cHc=
  assert_played
}

@test "a proxy is not sent several requests at once" {
  play < <(for n in 1 2 3; do
    printf '%s\n' "C: GET http://www.example.org/$n HTTP/1.1" '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 1' 'S:' "[send $n]"
  done)
  fetch -x "$URL" 'http://www.example.org/[1-3]'
  assert_status 0
  assert_output 123
  assert_played
  [ "$(peer_turns)" -eq 3 ]
}

@test "http_proxy in lower case only, all_proxy, no_proxy, -x ''" {
  proxy 'GET http://www.example.org/ HTTP/1.1'
  http_proxy=$URL gets http://www.example.org/
  proxy 'GET http://www.example.org/ HTTP/1.1'
  all_proxy=127.0.0.1:$PEER_PORT gets http://www.example.org/
  proxy 'GET / HTTP/1.1'
  HTTP_PROXY=http://127.0.0.1:1 gets "$URL/"
  proxy 'GET / HTTP/1.1'
  http_proxy=http://127.0.0.1:1 gets -x '' "$URL/"
  local list
  for list in '*' 127.0.0.1 'www.example.org,127.0.0.1' 127.0.0.0/8; do
    proxy 'GET / HTTP/1.1'
    http_proxy=http://127.0.0.1:1 no_proxy=$list gets "$URL/"
    proxy 'GET / HTTP/1.1'
    gets -x http://127.0.0.1:1 --noproxy "$list" "$URL/"
  done
  proxy 'GET / HTTP/1.1'
  http_proxy=http://127.0.0.1:1 no_proxy=.example.org gets \
    --resolve "www.example.org:$PEER_PORT:127.0.0.1" "http://www.example.org:$PEER_PORT/"
}

@test "no_proxy names whole names: badexample.org is not under example.org" {
  proxy 'GET http://badexample.org/ HTTP/1.1'
  http_proxy=$URL no_proxy=example.org gets http://badexample.org/
}

@test "https through CONNECT: a tunnel, TLS in it" {
  peer_certificate
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
C: CONNECT localhost:8443 HTTP/1.1
C: Host: localhost:8443
C: Proxy-Authorization: Basic cHJveHk6cHc=
C:
S: HTTP/1.1 200 Connection established
S:
[tls]
C: GET /page HTTP/1.1
C: Host: localhost:8443
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets --cacert "$PEER_CERT" -x "http://proxy:pw@127.0.0.1:$PEER_PORT" https://localhost:8443/page
}

@test "CONNECT refused: the proxy's words, and its status decides" {
  local pair
  for pair in 407:77 403:77 502:75; do
    play <<END
C: CONNECT localhost:8443 HTTP/1.1
[rest]
S: HTTP/1.1 ${pair%:*} Not so
S: Content-Length: 0
S:
END
    fetch -o page -x "$URL" https://localhost:8443/
    assert_refused "${pair#*:}" 'Not so'
  done
}

@test "bytes behind the answer to CONNECT are not taken into TLS" {
  peer_certificate
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
C: CONNECT localhost:8443 HTTP/1.1
[rest]
[send HTTP/1.1 200 OK\x0d\x0a\x0d\x0aHTTP/1.1 200 OK\x0d\x0aContent-Length: 5\x0d\x0a\x0d\x0afalse]
[wait 0.2]
[close]
END
  fetch -o page --cacert "$PEER_CERT" -x "$URL" https://localhost:8443/
  assert_refused 76 ''
}

@test "SOCKS5: asked for by name with socks5h" {
  # 5, one method: none; then CONNECT to the name www.example.org (15 bytes), port 80.
  play <<'END'
[read 3]
[send \x05\x00]
[read > asked 22]
[send \x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50]
C: GET / HTTP/1.1
C: Host: www.example.org
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets -x "socks5h://127.0.0.1:$PEER_PORT" http://www.example.org/
  printf '\5\1\0\3\17www.example.org\0P' | cmp - asked
}

@test "SOCKS5 with a login, by address" {
  play <<'END'
[read 4]
[send \x05\x02]
[read > login 12]
[send \x01\x00]
[read > asked 10]
[send \x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50]
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets -x "socks5://proxy:word@127.0.0.1:$PEER_PORT" --resolve www.example.org:80:192.0.2.7 http://www.example.org/
  printf '\1\5proxy\4word' | cmp - login
  printf '\5\1\0\1\300\0\2\7\0P' | cmp - asked
}

@test "SOCKS5 refusals say why" {
  play <<'END'
[read 3]
[send \x05\x00]
[read 22]
[send \x05\x05\x00\x01\x00\x00\x00\x00\x00\x00]
END
  fetch -o page -x "socks5h://127.0.0.1:$PEER_PORT" http://www.example.org/
  assert_refused 75 'connection refused'
  play <<'END'
[read 3]
[send \x05\xff]
END
  fetch -o page -x "socks5h://127.0.0.1:$PEER_PORT" http://www.example.org/
  assert_refused 77 'wants a login'
  play <<'END'
[read 3]
[send HTTP/1.1 400 Bad\x0d\x0a]
[close]
END
  fetch -o page -x "socks5h://127.0.0.1:$PEER_PORT" http://www.example.org/
  assert_refused 76 'not a SOCKS5 proxy'
}

@test "a proxy that nobody is at" {
  fetch -o page -x http://127.0.0.1:1 http://www.example.org/
  assert_refused 75 '127.0.0.1:1'
}

@test "a proxy of a kind that is not spoken" {
  fetch -o page -x socks4://127.0.0.1:1 http://www.example.org/
  assert_refused 64 socks4
}
