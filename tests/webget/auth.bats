#!/usr/bin/env bats
# Passwords: Basic, Digest, bearer, netrc, commands; where they are sent, and where never.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# One GET with this Authorization line ('' for none), answered 200.
wants() { # AUTHORIZATION
  play < <(
    printf '%s\n' 'C: GET /secret HTTP/1.1' 'C: Host: *'
    [ -z "$1" ] || printf 'C: Authorization: %s\n' "$1"
    printf '%s\n' 'C: User-Agent: *' 'C: Accept: */*' 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]'
  )
}

gets() { # ARGUMENT...
  fetch "$@"
  assert_status 0
  assert_output ok
  assert_played
}

@test "-u goes with the first request (to this machine)" {
  wants 'Basic bWU6YTpi'
  gets -u me:a:b "$URL/secret"
}

@test "user and password of the URL, percent-decoded, and not in the request line" {
  wants 'Basic bWU6YUBi'
  gets "http://me:a%40b@127.0.0.1:$PEER_PORT/secret"
}

@test "--basic, --oauth2-bearer" {
  wants 'Basic bWU6cHc='
  gets --basic -u me:pw "$URL/secret"
  wants 'Bearer abc.def'
  gets --oauth2-bearer abc.def "$URL/secret"
}

@test "netrc: by host, from \$NETRC, --netrc-file, not with --no-netrc" {
  echo 'machine 127.0.0.1 login me password pw' >netrc
  chmod 600 netrc
  wants 'Basic bWU6cHc='
  gets --netrc-file netrc "$URL/secret"
  cp netrc "$HOME/.netrc"
  wants 'Basic bWU6cHc='
  gets "$URL/secret"
  wants ''
  gets --no-netrc "$URL/secret"
  rm "$HOME/.netrc"
  wants 'Basic bWU6cHc='
  NETRC=$PWD/netrc gets "$URL/secret"
}

@test "netrc of another host is nobody's business" {
  echo 'machine www.example.org login me password pw' >"$HOME/.netrc"
  wants ''
  gets "$URL/secret"
}

@test "a --password-command that does not end is ended by --max-time" {
  for command in 'exec sleep 20' 'printf lovel; exec sleep 20'; do
    fetch -m 0.5 -u me --password-command "$command" http://127.0.0.1:1/secret
    assert_refused 75 'no password was there when --max-time was over'
  done
}

@test "--password-command" {
  wants 'Basic bWU6cHc='
  gets -u me --password-command 'echo pw; echo more' "$URL/secret"
  fetch -u me --password-command 'exit 3' "$URL/secret"
  [ "$status" -ne 0 ]
  assert_error ''
}

@test "a password that the server refuses: 77, asked once" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Basic *
[rest]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="x"
S: Content-Length: 0
S:
END
  fetch -o page -u me:wrong "$URL/"
  assert_refused 77 'HTTP status 401: server said: Unauthorized'
  assert_played
}

@test "Digest: the challenge is answered, the body of the 401 dropped" {
  play <<'END'
C: GET /dir/?q HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="weak"
S: WWW-Authenticate: Digest realm="here", qop="auth", algorithm=MD5, nonce="abc", opaque="op"
S: WWW-Authenticate: Digest realm="here", qop="auth", algorithm=SHA-256, nonce="abc", opaque="op"
S: Content-Length: 2
S:
[send no]
C: GET /dir/?q HTTP/1.1
C: Host: *
C: Authorization: Digest *username="me"*realm="here"*nonce="abc"*uri="/dir/?q"*response="*"*
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch --digest -u me:pw --trace trace --show-secrets "$URL/dir/?q"
  assert_status 0
  assert_output ok
  assert_played
  # SHA-256 is the stronger; what it must be is computed here.
  local cnonce nc
  grep -q 'algorithm=SHA-256' trace
  cnonce=$(sed -n 's/^C: Authorization: .*cnonce="\([^"]*\)".*/\1/p' trace)
  nc=$(sed -n 's/^C: Authorization: .*nc=\([0-9a-f]*\).*/\1/p' trace)
  sha() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
  local a1 a2 want
  a1=$(sha me:here:pw)
  a2=$(sha 'GET:/dir/?q')
  want=$(sha "$a1:abc:$nc:$cnonce:auth:$a2")
  grep -q "^C: Authorization: .*response=\"$want\"" trace
}

@test "a server's offer of Digest is taken where Basic was refused, and a stale nonce is renewed" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="r", qop="auth", nonce="one"
S: Content-Length: 0
S:
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Digest *nonce="one"*
[rest]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="r", qop="auth", nonce="two", stale=true
S: Content-Length: 0
S:
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Digest *nonce="two"*
[rest]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="r", qop="auth", nonce="three"
S: Content-Length: 0
S:
END
  fetch --anyauth -u me:pw "$URL/"
  assert_status 77
  assert_error 'HTTP status 401'
  assert_played
}

@test "--anyauth: nothing unasked, then what the server offers" {
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="x"
S: Content-Length: 0
S:
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Basic bWU6cHc=
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets --anyauth -u me:pw "$URL/"
}

@test "--digest never answers Basic" {
  answer <<'END'
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="x"
S: Content-Length: 0
S:
END
  fetch --digest -u me:pw "$URL/"
  assert_status 77
  assert_played
}

@test "a POST with Digest sends its body again" {
  play <<'END'
C: POST / HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="r", nonce="n"
S: Content-Length: 0
S:
C: POST / HTTP/1.1
C: Host: *
C: Authorization: Digest *
[rest]
[read > got 3]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets --digest -u me:pw -d a=b "$URL/"
  assert_content got a=b
}

@test "a body from a pipe cannot be sent again" {
  play <<'END'
C: PUT / HTTP/1.1
[rest]
S: HTTP/1.1 100 Continue
S:
C: 4
C: body
C: 0
C:
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Digest realm="r", nonce="n"
S: Content-Length: 0
S:
END
  printf body | { fetch --digest -u me:pw -T - "$URL/"; assert_status 74; assert_error stdin; }
}

@test "no password goes unencrypted to another machine, unless told so" {
  local address
  address=$(ip -4 -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4; exit }')
  [ -n "$address" ] || skip 'no address but the loopback'
  play --bind "$address" <<'END'
C: GET / HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C:
S: HTTP/1.1 401 Unauthorized
S: WWW-Authenticate: Basic realm="x"
S: Content-Length: 0
S:
END
  fetch -u me:pw "http://$address:$PEER_PORT/"
  assert_status 77
  assert_error --plaintext-login
  assert_played
  play --bind "$address" <<'END'
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Basic bWU6cHc=
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  gets --plaintext-login -u me:pw "http://$address:$PEER_PORT/"
}

@test "a name that leads to the loopback is no other machine" {
  wants 'Basic bWU6cHc='
  gets -u me:pw --resolve "www.example.org:$PEER_PORT:127.0.0.1" "http://www.example.org:$PEER_PORT/secret"
}

@test "arguments with passwords do not stay to be seen" {
  answer <<'END'
[wait 30]
END
  "$PROGRAM" -u me:topsecret --oauth2-bearer topsecret -x '' "$URL/" >/dev/null 2>&1 3>&- &
  local pid=$! shown=
  await has_lines "$PEER_LOG" recv
  shown=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  kill "$pid"
  wait "$pid" || true
  [[ $shown == *webget*-u*--oauth2-bearer* ]] || { echo "$shown"; return 1; }
  [[ $shown != *topsecret* ]] || { echo "$shown"; return 1; }
}

@test "masked in the dialogue: Authorization, Cookie, Set-Cookie; shown when asked for" {
  local secrets='s3cret bWU6czNjcmV0'
  for option in --no-show-secrets --show-secrets; do
    answer <<'END'
S: HTTP/1.1 200 OK
S: Set-Cookie: id=s3cret; Path=/
S: Content-Length: 0
S:
END
    fetch -v --trace trace $option -u me:s3cret -H 'Cookie: a=s3cret' -H 'Proxy-Authorization: Basic s3cret' "$URL/"
    assert_status 0
    for word in $secrets; do
      if [ $option = --show-secrets ]; then
        assert_said "$word"
        grep -q "$word" trace
      else
        refute_said "$word"
        run ! grep -q "$word" trace
      fi
    done
  done
}

@test "what is masked still shows what it is" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Set-Cookie: id=s3cret; Path=/
S: Content-Length: 0
S:
END
  fetch -v -u me:s3cret -H 'Cookie: a=s3cret' "$URL/"
  assert_said 'C: Authorization: Basic ****'
  assert_said 'C: Cookie: ****'
  assert_said 'S: Set-Cookie: id=****; Path=/'
}
