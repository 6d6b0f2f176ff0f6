#!/usr/bin/env bats
# The whole way of the textbook's figure: smtpsend -> Postfix -> Dovecot ->
# pop3fetch, and what arrives is what was sent, to the byte.
# shellcheck disable=SC2154 # status, stderr: run sets them

load pop3fetch
load ../servers/servers.bash

setup_file() {
  if [ "$(id -u)" -eq 0 ]; then
    server_start postfix
  else
    export POP3_SKIP='wants root'
  fi
}

teardown_file() {
  [ ! -d "$BATS_FILE_TMPDIR/postfix" ] || server_stop postfix
}

setup() {
  pop3_setup
}

# Waits until so many letters lie in USER's mailbox.
arrived() { # USER COUNT
  local tries=0
  until [ "$(find "$POSTFIX_MAIL/$1/new" -type f 2>/dev/null | wc -l)" -ge "$2" ]; do
    [ $((tries += 1)) -lt 1000 ] || return 1
    sleep 0.05
  done
}

# Without what the servers on the way put in front.
as_sent() { # FILE
  sed '0,/^X-Mark: begin$/d' "$1"
}

@test "letters of every awkward kind, sent and fetched, are equal to the byte" {
  "$BATS_TEST_DIRNAME/../servers/letters.py" sent 30
  local letter smtpsend=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/smtpsend
  for letter in sent/new/*; do
    # What SMTP does not carry as it is: bare CRs, lines over 998, a last line without its end.
    { echo 'X-Mark: begin'; tr '\r' ' ' <"$letter" | fold -b -w 900; } >marked
    [ -z "$(tail -c 1 marked)" ] || echo >>marked
    cp marked "$letter"
  done
  # shellcheck disable=SC2046 # file names of ours
  "$smtpsend" --no-config --no-netrc --tls off --server "smtp://127.0.0.1:$POSTFIX_SMTP" -f ada@example.net \
    $(printf -- '--message %s ' sent/new/*) bob@example.net
  arrived bob 30
  run --separate-stderr pop3fetch --tls off --delete --maildir box "pop3://bob:lovelace@127.0.0.1:$DOVECOT_POP3/"
  assert_status 0
  for letter in box/new/*; do
    as_sent "$letter" | sha256sum
  done | sort >got
  for letter in sent/new/*; do
    as_sent "$letter" | sha256sum
  done | sort >wanted
  [ "$(wc -l <got)" -eq 30 ]
  diff got wanted
}
