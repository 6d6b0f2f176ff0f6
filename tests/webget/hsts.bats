#!/usr/bin/env bats
# --hsts: learnt over verified TLS, kept in curl's format, obeyed before anything is sent. What a
# field and a file mean is tested in tests/unit/test_hsts.c.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash
load ../servers/servers

setup_file() {
  export CERTS=$BATS_FILE_TMPDIR/certs
  "$BATS_TEST_DIRNAME/../servers/certs.sh" "$CERTS"
}

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# The peer as localhost, with TLS, for one GET that it answers with these fields.
secured() { # [FIELD...]
  play --cert "$CERTS/server.pem" --key "$CERTS/server.key" < <(
    printf '%s\n' '[tls]' 'C: GET /x HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2'
    [ $# -eq 0 ] || printf 'S: %s\n' "$@"
    printf '%s\n' 'S:' '[send ok]'
  )
  AT=localhost:$PEER_PORT/x
}

trusting() {
  fetch --cacert "$CERTS/ca.pem" --hsts store -v "$@"
}

@test "what a host says over TLS is kept, and the next run asks it no other way" {
  secured 'Strict-Transport-Security: max-age=1000; includeSubDomains'
  trusting "https://$AT"
  assert_status 0
  assert_said '[hsts localhost kept for 1000 s, with all under it]'
  assert_played
  grep -qE '^\.localhost "[0-9]{8} [0-9:]{8}"$' store
  secured
  trusting -w ' %{url_effective}' "http://$AT"
  assert_status 0
  assert_output "ok https://$AT"
  assert_said '[hsts localhost wants https]'
  assert_played
  run ! grep -q unlimited store
}

@test "max-age=0 makes it forget; the file is left alone when nothing changes" {
  echo 'localhost "20991231 00:00:00"' >store
  touch -d @1000 store
  secured
  trusting "http://$AT"
  assert_status 0
  assert_played
  [ "$(stat -c %Y store)" = 1000 ]
  secured 'Strict-Transport-Security: max-age=0'
  trusting "http://$AT"
  assert_status 0
  assert_said '[hsts localhost forgotten]'
  assert_played
  run ! grep -q localhost store
}

@test "nothing is learnt without verification or without TLS" {
  secured 'Strict-Transport-Security: max-age=1000'
  fetch -k --hsts store "https://$AT"
  assert_status 0
  assert_played
  answer <<<$'S: HTTP/1.1 200 OK\nS: Strict-Transport-Security: max-age=1000\nS: Content-Length: 0\nS:'
  trusting "http://localhost:$PEER_PORT/"
  assert_status 0
  assert_played
  assert_files
}

@test "a redirect to http is made https too" {
  echo 'localhost "unlimited"' >store
  secured
  at=$AT
  tls_pid=$PEER_PID
  PEER_PID='' answer <<<"S: HTTP/1.1 302 Found
S: Location: http://$at
S: Content-Length: 0
S:"
  trusting "http://127.0.0.1:$PEER_PORT/"
  assert_status 0
  assert_output ok
  assert_said '[hsts localhost wants https]'
  assert_played
  wait "$tls_pid" || true
}

@test "curl obeys our file, and we obey curl's" {
  secured 'Strict-Transport-Security: max-age=1000'
  trusting "https://$AT"
  assert_played
  secured
  run curl -sS --cacert "$CERTS/ca.pem" --hsts store "http://$AT"
  assert_output ok
  assert_played
  secured 'Strict-Transport-Security: max-age=1000'
  run curl -sS --cacert "$CERTS/ca.pem" --hsts curls "https://$AT"
  assert_output ok
  assert_played
  secured
  fetch --cacert "$CERTS/ca.pem" --hsts curls "http://$AT"
  assert_status 0
  assert_output ok
  assert_played
}

@test "a file that can't be read is an error, before anything is sent" {
  mkdir store
  fetch --hsts store http://127.0.0.1:1/
  assert_status 78
  assert_error store
}

@test "by hand it is obeyed too, and learnt" {
  secured 'Strict-Transport-Security: max-age=1000'
  trusting --execute "open https://$AT; GET"
  assert_status 0
  assert_played
  grep -q '^localhost ' store
  secured
  trusting --execute "open http://$AT; GET"
  assert_status 0
  assert_said '[hsts localhost wants https]'
  assert_played
}
