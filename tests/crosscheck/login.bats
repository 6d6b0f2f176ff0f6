#!/usr/bin/env bats
# Every mechanism of common/proto against libgsasl as the server: the -PLUS forms with the
# channel binding of a real TLS, EXTERNAL with a real client certificate.

bats_require_minimum_version 1.5.0

setup_file() {
  root=${PARLEY_ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
  export CERTS=$BATS_FILE_TMPDIR/certs
  "$root/tests/servers/certs.sh" "$CERTS"
}

setup() {
  build=${PARLEY_BUILD:-$BATS_TEST_DIRNAME/../../build}
  cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
  [ -z "${SERVER_PID:-}" ] || kill "$SERVER_PID" 2>/dev/null || true
}

serve() { # MECHANISMS [tls1.2] [misbound]
  local tries=0
  "$build/tests/login_server" port "$CERTS/server.pem" "$CERTS/server.key" "$CERTS/ca.pem" "$@" \
    >judge 2>&1 </dev/null 3>&- 4>&- &
  SERVER_PID=$!
  until [ -e port ]; do
    [ $((tries += 1)) -lt 3000 ] || return 1
    sleep 0.01
  done
}

login() { # OPTION...
  printf 'Subject: x\n\nx\n' | "$build/bin/smtpsend" --no-config --no-netrc --no-chunking --dry-run -v \
    --cacert "$CERTS/ca.pem" --server "smtps://127.0.0.1:$(cat port)" -f a@example.net "$@" b@example.net
}

all='PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS EXTERNAL'

@test "each mechanism, as libgsasl judges it" {
  serve "$all"
  for mech in plain login cram-md5 scram-sha-1 scram-sha-256 scram-sha-1-plus scram-sha-256-plus; do
    login -u tim:tanstaaftanstaaf --auth $mech 2>trace
    grep -q '^S: 235' trace
  done
  [ ! -s judge ]
}

@test "each mechanism refuses a wrong password: 77" {
  serve "$all"
  for mech in plain login cram-md5 scram-sha-1 scram-sha-256 scram-sha-1-plus scram-sha-256-plus; do
    run -77 login -u tim:wrong --auth $mech
  done
}

@test "SCRAM-SHA-256-PLUS is the first choice, where TLS 1.3 can bind it" {
  serve "$all"
  login -u tim:tanstaaftanstaaf 2>trace
  grep -q '^C: AUTH SCRAM-SHA-256-PLUS' trace
}

@test "TLS 1.2 binds nothing: SCRAM-SHA-256 is taken, and --auth says why -PLUS can't be" {
  serve "$all" tls1.2
  login -u tim:tanstaaftanstaaf 2>trace
  grep -q '^C: AUTH SCRAM-SHA-256 ' trace
  run -77 login -u tim:tanstaaftanstaaf --auth scram-sha-256-plus
  [[ $output == *'needs TLS 1.3'* ]]
}

@test "somebody in the middle, who ends another TLS than ours, is found out" {
  serve "$all" misbound
  run -77 login -u tim:tanstaaftanstaaf --auth scram-sha-256-plus
  run -77 login -u tim:tanstaaftanstaaf --auth scram-sha-1-plus
  login -u tim:tanstaaftanstaaf --auth scram-sha-256 # what the binding is for
}

@test "-PLUS taken off the list on the way: we say that we could have (flag y), the server sees it" {
  serve 'SCRAM-SHA-256'
  run -77 login --show-secrets -u tim:tanstaaftanstaaf
  [[ $(sed -n 's/^C: AUTH SCRAM-SHA-256 //p' <<<"$output" | base64 -d) == y,,n=tim,r=* ]]
}

@test "EXTERNAL: the certificate is the login, and without one it is none" {
  serve "$all"
  login --cert "$CERTS/client.pem" --key "$CERTS/client.key" --auth external 2>trace
  grep -q '^S: 235' trace
  run -77 login --auth external
  [ -s judge ]
}

@test "EXTERNAL alone on offer is chosen when there is a certificate" {
  serve EXTERNAL
  login -u tim --cert "$CERTS/client.pem" --key "$CERTS/client.key" 2>trace
  grep -q '^S: 235' trace
}
