#!/usr/bin/env bats
# pop3fetch and a real Dovecot: thousands of letters of every awkward kind, equal to
# the byte; plain, STLS and TLS; all the ways to log in; the same through libcurl.
# shellcheck disable=SC2154 # status, stderr: run sets them

load pop3fetch
load dovecot.bash

setup_file() {
  dovecot_start
}

teardown_file() {
  dovecot_stop
}

setup() {
  pop3_setup
}

@test "3000 letters of every kind into a Maildir, equal to the byte" {
  letters ada 3000
  drop ada --maildir box
  assert_status 0
  [ "$(find box/new -type f | wc -l)" -eq 3000 ]
  [ "$(digests box/new/*)" = "$(digests "$DOVECOT_MAIL"/ada/*/*.host*)" ]
  drop ada --maildir box
  assert_status 0
  [ "$(find box/new -type f | wc -l)" -eq 3000 ]
  [ "$(left_on_server ada)" -eq 3000 ]
}

@test "the same letters as libcurl gets, and as many as are listed" {
  letters ada 300
  drop ada --crlf --maildir box
  assert_status 0
  mkdir curl
  curl -s -u ada:lovelace "pop3://127.0.0.1:$DOVECOT_POP3/[1-300]" -o 'curl/#1'
  [ "$(cat box/new/* | wc -c)" -eq "$(cat curl/* | wc -c)" ]
  [ "$(sha256sum box/new/* | cut -c1-64 | sort)" = "$(sha256sum curl/* | cut -c1-64 | sort)" ]
  drop ada --list
  [ "${#lines[@]}" -eq 300 ]
}

@test "--delete empties the mailbox, and the state" {
  letters bob 200
  drop bob --delete --mbox box
  assert_status 0
  [ "$(grep -c '^From ' box)" -eq 200 ]
  [ "$(left_on_server bob)" -eq 0 ]
  assert_known
}

@test "through TLS and STLS, with the CA; without it 76" {
  letters carol 3
  local url
  for url in "pop3://carol:lovelace@localhost:$DOVECOT_POP3" "pop3s://carol:lovelace@localhost:$DOVECOT_POP3S"; do
    run --separate-stderr pop3fetch -v --cacert "$DOVECOT_CA" --stat "$url"
    assert_status 0
    [[ $stderr == *'[tls TLSv1.3'* ]]
    run --separate-stderr pop3fetch --stat "$url"
    assert_status 76
  done
}

@test "all the ways to log in; a wrong password is 77 by each" {
  letters carol 1
  local way
  for way in plain login cram-md5 scram-sha-1 scram-sha-256 apop user; do
    run --separate-stderr pop3fetch --tls off --auth $way --stat "pop3://carol:lovelace@127.0.0.1:$DOVECOT_POP3"
    assert_status 0
    run --separate-stderr pop3fetch --tls off --auth $way --stat "pop3://carol:wrong@127.0.0.1:$DOVECOT_POP3"
    assert_status 77
  done
}

@test "--headers, --top and one message" {
  letters carol 20
  drop carol --headers
  assert_status 0
  [ "${#lines[@]}" -eq 20 ]
  [[ ${lines[6]} == *'Sender 7'*'Brief № 7' ]]
  drop carol --top 0 --only 3
  [[ $output == 'From '*'Message-ID: <3@example.org>' ]]
  run --separate-stderr pop3fetch --tls off "pop3://carol:lovelace@127.0.0.1:$DOVECOT_POP3/5"
  assert_status 0
  [[ $output == *$'\n\n.\n..\n.a\n\n.\n...\nend\n.' || $output == *'<5@'* ]]
  run --separate-stderr pop3fetch --tls off "pop3://carol:lovelace@127.0.0.1:$DOVECOT_POP3/21"
  assert_status 66
}

@test "a message of 64 MiB stays out of memory" {
  letters carol 1 67108864
  # With less address space than the message has bytes; the sanitizers need more of it.
  case ${PARLEY_BUILD:-} in *-san) ;; *) ulimit -v 60000 ;; esac
  run --separate-stderr pop3fetch --tls off --maildir box --state state "pop3://carol:lovelace@127.0.0.1:$DOVECOT_POP3"
  assert_status 0
  [ "$(cat box/new/* | wc -c)" -gt 67000000 ]
}
