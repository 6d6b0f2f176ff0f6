#!/usr/bin/env bats
# HTTPS: who is trusted and who is not, versions, client certificates, sessions, keys.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers
load ../peer/peer.bash
load nginx

setup_file() {
  server_start nginx
  export SECURE=https://localhost:$NGINX_HTTPS
  echo hello >"$NGINX_ROOT/index.html"
  head -c 5000000 /dev/urandom >"$NGINX_ROOT/big"
  # As c_rehash makes it.
  mkdir "$NGINX_DIR/hashed" "$NGINX_DIR/other"
  cp "$NGINX_CA" "$NGINX_DIR/hashed/$(openssl x509 -noout -hash -in "$NGINX_CA").0"
  cp "$NGINX_CERTS/other-ca.pem" \
    "$NGINX_DIR/other/$(openssl x509 -noout -hash -in "$NGINX_CERTS/other-ca.pem").0"
}

teardown_file() {
  server_stop nginx
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/room"
  cd "$BATS_TEST_TMPDIR/room" || return 1
}

teardown() {
  peer_stop
}

trusting() { # with the CA of the tests
  webget --cacert "$NGINX_CA" "$@"
}

# Refused by 76, one line, with these words; nothing is fetched.
assert_refused() { # WORDS
  assert_failure 76
  assert_output --partial "$1"
  refute_output --partial hello
  assert_equal "${#lines[@]}" 1
}

@test "the server's certificate is verified unless told otherwise" {
  run trusting "$SECURE/"
  assert_success
  assert_output hello
  run webget "$SECURE/"
  assert_refused 'the certificate of localhost was not accepted: unable to get local issuer certificate (--cacert'
  run webget --cacert "$NGINX_CERTS/other-ca.pem" "$SECURE/"
  assert_refused 'issuer'
  run webget -k -v "$SECURE/"
  assert_success
  assert_line hello
  assert_line --regexp '^\[tls TLSv1.3 .* unverified '
}

@test "expired, another's, self-signed: each is refused with its reason, and -k takes it" {
  run trusting "https://localhost:$NGINX_EXPIRED/"
  assert_refused 'certificate has expired'
  refute_output --partial cacert
  run trusting "https://localhost:$NGINX_OTHER/"
  assert_refused 'hostname mismatch (it was issued for another name)'
  run trusting "https://localhost:$NGINX_SELFSIGNED/"
  assert_refused 'self-signed certificate'
  for port in "$NGINX_EXPIRED" "$NGINX_OTHER" "$NGINX_SELFSIGNED"; do
    run webget -k "https://localhost:$port/"
    assert_output hello
  done
  # A self-signed one may be named as trusted; another's is right under its name.
  run webget --cacert "$NGINX_CERTS/selfsigned.pem" "https://localhost:$NGINX_SELFSIGNED/"
  assert_output hello
  run trusting --resolve "other.example:$NGINX_OTHER:127.0.0.1" "https://other.example:$NGINX_OTHER/"
  assert_output hello
}

@test "addresses: the certificate has to name them, and no SNI is sent" {
  run trusting "https://127.0.0.1:$NGINX_HTTPS/echo-headers"
  assert_success
  assert_line --regexp '^tls: TLSv1.3 *$'
  run trusting "$SECURE/echo-headers"
  assert_line 'tls: TLSv1.3 localhost'
  run trusting "https://127.0.0.1:$NGINX_OTHER/"
  assert_refused 'IP address mismatch'
  [ -e /proc/net/if_inet6 ] || skip "no IPv6"
  run trusting "https://[::1]:$NGINX_HTTPS/"
  assert_output hello
}

@test "an intermediate that the server sends is used" {
  run trusting "https://localhost:$NGINX_CHAINED/"
  assert_output hello
}

@test "trust: --capath, SSL_CERT_FILE, SSL_CERT_DIR; an option goes before the environment" {
  run webget --capath "$NGINX_DIR/hashed" "$SECURE/"
  assert_output hello
  SSL_CERT_FILE=$NGINX_CA run webget "$SECURE/"
  assert_output hello
  SSL_CERT_DIR=$NGINX_DIR/hashed run webget "$SECURE/"
  assert_output hello
  SSL_CERT_FILE='' SSL_CERT_DIR=$NGINX_DIR/hashed run webget "$SECURE/"
  assert_output hello
  SSL_CERT_DIR=$NGINX_DIR/other run webget "$SECURE/"
  assert_refused issuer
  SSL_CERT_FILE=$NGINX_CA SSL_CERT_DIR=$NGINX_DIR/hashed run webget --cacert "$NGINX_CERTS/other-ca.pem" "$SECURE/"
  assert_refused issuer
  SSL_CERT_FILE=$NGINX_CA SSL_CERT_DIR=$NGINX_DIR/hashed run webget --capath "$NGINX_DIR/other" "$SECURE/"
  assert_refused issuer
  run webget --cacert "$NGINX_CERTS/other-ca.pem" --capath "$NGINX_DIR/hashed" "$SECURE/"
  assert_output hello
}

@test "trust that cannot be read: 78 and why" {
  run webget --cacert missing.pem "$SECURE/"
  assert_failure 78
  assert_output --partial 'missing.pem: No such file'
  echo nonsense >nonsense.pem
  run webget --cacert nonsense.pem "$SECURE/"
  assert_failure 78
  assert_output --partial 'nonsense.pem'
  run webget --capath missing "$SECURE/"
  assert_failure 78
  assert_output --partial 'missing: No such file'
}

@test "--tls-min 1.3 and a server of 1.2" {
  run trusting "https://localhost:$NGINX_TLS12/echo-headers"
  assert_line --partial 'tls: TLSv1.2'
  run trusting --tls-min 1.3 "https://localhost:$NGINX_TLS12/"
  assert_refused 'protocol version'
  run trusting --tls-min 1.3 "$SECURE/"
  assert_output hello
}

@test "client certificates" {
  run trusting --fail-with-body "https://localhost:$NGINX_CLIENTCERT/"
  assert_failure 66
  assert_output --partial 400
  run trusting -I --cert "$NGINX_CERTS/client.pem" --key "$NGINX_CERTS/client.key" "https://localhost:$NGINX_CLIENTCERT/"
  assert_success
  assert_line --partial 'X-Client: CN=test client'
  cat "$NGINX_CERTS/client.pem" "$NGINX_CERTS/client.key" >both.pem
  run trusting --cert both.pem "https://localhost:$NGINX_CLIENTCERT/"
  assert_output hello
  run trusting --cert "$NGINX_CERTS/client.pem" --key "$NGINX_CERTS/server.key" "https://localhost:$NGINX_CLIENTCERT/"
  assert_failure 78
  assert_output --partial 'mismatch'
  run trusting --cert missing.pem "https://localhost:$NGINX_CLIENTCERT/"
  assert_failure 78
  assert_output --partial 'missing.pem: No such file'
}

@test "SSLKEYLOGFILE: the keys of the sessions, for nobody else to read" {
  SSLKEYLOGFILE=keys run trusting "$SECURE/"
  assert_output hello
  assert_equal "$(stat -c %a keys)" 600
  run cat keys
  assert_line --regexp '^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]+$'
  SSLKEYLOGFILE=keys trusting "https://localhost:$NGINX_TLS12/"
  grep -q '^CLIENT_RANDOM ' keys
  grep -q '^SERVER_TRAFFIC_SECRET_0 ' keys
}

@test "sessions are resumed within a run, in TLS 1.3 and 1.2" {
  for port in "$NGINX_HTTPS" "$NGINX_TLS12"; do
    run trusting -v -o /dev/null --connection nonpersistent "https://localhost:$port/?[1-3]"
    assert_success
    tls=$(grep '^\[tls' <<<"$output")
    assert_equal "$(wc -l <<<"$tls")" 3
    assert_equal "$(grep -c 'resumed\]$' <<<"$tls")" 2
    # The first can't have been.
    refute_regex "$(head -n 1 <<<"$tls")" resumed
  done
}

@test "large bodies through TLS: file, pipe; many objects on one connection" {
  trusting -o file "$SECURE/big"
  cmp file "$NGINX_ROOT/big"
  same "$NGINX_ROOT/big" --cacert "$NGINX_CA" "$SECURE/big"
  run trusting "$SECURE/?tls[1-200]"
  assert_success
  assert_equal "$(sort <<<"$output" | uniq -c | tr -s ' ')" ' 200 hello'
  assert_equal "$(connections '?tls' 200)" 1
  trusting -T "$NGINX_ROOT/big" "$SECURE/dav/big"
  cmp "$NGINX_DIR/dav/big" "$NGINX_ROOT/big"
}

@test "https spoken to a port that speaks http: 76; http to one that speaks https: no page" {
  run trusting "https://localhost:$NGINX_HTTP/"
  assert_refused 'does not speak TLS'
  run webget "http://localhost:$NGINX_HTTPS/"
  assert_failure 66
  refute_output --partial hello
}

@test "a server that hangs in the handshake: the connect timeout ends it with 75" {
  peer_start - <<<'[wait 30]'
  SECONDS=0
  run trusting --connect-timeout 0.3 "https://localhost:$PEER_PORT/"
  assert_failure 75
  assert [ $SECONDS -lt 20 ]
}

@test "redirects between https and http: followed, credentials stay at home" {
  run trusting -u ada:lovelace -H 'Cookie: a=b' "$SECURE/redirect/302"
  assert_line 'authorization Basic YWRhOmxvdmVsYWNl'
  run trusting -v -u ada:lovelace -H 'Cookie: a=b' "$SECURE/redirect/to-http"
  assert_success
  assert_line --regexp '^authorization ?$'
  assert_line --regexp '^cookie ?$'
  assert_line '[redirect from https to http]'
  run trusting "http://localhost:$NGINX_HTTP/redirect/to-https"
  assert_success
  assert_line 'method GET'
}

@test "happy eyeballs: of a name's addresses the one that answers is taken, at once" {
  # localhost is ::1 too, and the TLS 1.2 server listens to 127.0.0.1 only.
  run trusting --resolve "localhost:$NGINX_TLS12:[::1],127.0.0.1" -w '%{remote_ip} %{time_connect}' -o /dev/null \
    "https://localhost:$NGINX_TLS12/"
  assert_success
  assert_output --regexp '^127.0.0.1 0\.[012]'
}

@test "a name none of whose addresses answers: every one is named" {
  run webget --resolve 'localhost:1:[::1],127.0.0.1,127.0.0.2' https://localhost:1/
  assert_failure 75
  for address in '[::1]:1' 127.0.0.1:1 127.0.0.2:1; do
    assert_output --partial "$address"
  done
}

@test "--timing tells the handshake's round trip" {
  run trusting --timing -o /dev/null "$SECURE/"
  assert_line --regexp '^ +TLS handshake +[0-9.]+ ms +1 RTT'
  assert_line --regexp '^ +round trips +3 '
  run trusting --timing -o /dev/null "https://localhost:$NGINX_TLS12/"
  assert_line --regexp '^ +TLS handshake +[0-9.]+ ms +2 RTT'
  assert_line --regexp '^ +round trips +4 '
}
