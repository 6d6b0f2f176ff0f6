#!/usr/bin/env bats
# pop3fetch and a second real server, GNU mailutils' pop3d: no SASL, a user name with an @,
# a mark put into each message, TLS by another library. What Dovecot takes, does it, too?
# shellcheck disable=SC2154 # status, stderr: run sets them

load pop3fetch
load ../servers/servers.bash

# A file's setup can't skip (bats 1.8); each test's can: pop3_setup looks at POP3_SKIP.
setup_file() {
  if [ "$(id -u)" -eq 0 ]; then
    server_start mailutils
  else
    export POP3_SKIP='wants root'
  fi
}

teardown_file() {
  [ ! -d "$BATS_FILE_TMPDIR/mailutils" ] || server_stop mailutils
}

setup() {
  pop3_setup
}

# USER has COUNT generated letters, and nothing else; they stand in ./sent, too.
letters() { # USER COUNT
  rm -rf "${MAILUTILS_MAIL:?}/$1" sent
  mkdir "$MAILUTILS_MAIL/$1"
  "$BATS_TEST_DIRNAME/../servers/letters.py" sent "$2"
  cp -r sent "$MAILUTILS_MAIL/$1/INBOX"
}

left_on_server() { # USER
  find "$MAILUTILS_MAIL/$1/INBOX/new" "$MAILUTILS_MAIL/$1/INBOX/cur" -type f | wc -l
}

drop() { # USER OPTION...
  run --separate-stderr pop3fetch --state state "${@:2}" \
    "pop3://$1%40example.net:lovelace@127.0.0.1:$MAILUTILS_PORT/"
}

# Without the server's mark these are the letters that were sent, byte for byte.
assert_sent() { # FILE...
  LC_ALL=C sed -i '/^X-UIDL: /d' "$@"
  [ "$(digests "$@")" = "$(digests sent/new/*)" ]
}

@test "a second server: a wrong password and an unknown user are 77, a mailbox in use is 75" {
  letters ada 3
  drop ada --stat
  assert_status 0
  [[ $output == '3 '* ]]
  local user
  for user in ada%40example.net:wrong eve%40example.net:lovelace ada:lovelace; do
    run --separate-stderr pop3fetch --stat "pop3://$user@127.0.0.1:$MAILUTILS_PORT/"
    assert_status 77
    assert_error 'refused'
  done
  # A session inside a session: the outer one holds the mailbox.
  cat >script <<END
user ada@example.net
pass lovelace
-!'$PROGRAM' --no-config --no-netrc --stat pop3://ada%40example.net:lovelace@127.0.0.1:$MAILUTILS_PORT
quit
END
  run --separate-stderr pop3fetch --script script "pop3://127.0.0.1:$MAILUTILS_PORT"
  assert_status 0
  [[ $stderr == *'[IN-USE]'*'status 75'* ]]
}

@test "a second server: the survey leaves behind the login; --no-pipelining finds the same" {
  letters ada 20
  drop ada --list -v
  assert_status 0
  [ "${#lines[@]}" -eq 20 ]
  [[ $stderr == *$'C: PASS ****\nC: UIDL\nC: LIST\nS: +OK'* ]]
  printf '%s\n' "$output" >listed
  drop ada --list --no-pipelining -v
  assert_status 0
  [ "$output" = "$(cat listed)" ]
  [[ $stderr == *$'C: UIDL\nS: +OK'* ]]
}

@test "a second server: --headers, --top, one message, and one that is not there" {
  letters ada 20
  drop ada --headers
  assert_status 0
  [ "${#lines[@]}" -eq 20 ]
  [[ ${lines[6]} == *'Sender 7'*'Brief № 7' ]]
  drop ada --top 1 --only 1
  assert_status 0
  [[ $output == 'From '*'Message-ID: <1@example.org>'*'Grüße, 世界, 1' ]]
  run --separate-stderr pop3fetch "pop3://ada%40example.net:lovelace@127.0.0.1:$MAILUTILS_PORT/5"
  assert_status 0
  [[ $output == *'<5@example.org>'* ]]
  run --separate-stderr pop3fetch "pop3://ada%40example.net:lovelace@127.0.0.1:$MAILUTILS_PORT/21"
  assert_status 66
}

@test "a second server: 300 letters of every kind into a Maildir, equal to the byte" {
  letters ada 300
  drop ada --maildir box
  assert_status 0
  [ "$(find box/new -type f | wc -l)" -eq 300 ]
  assert_sent box/new/*
  drop ada --maildir box
  assert_status 0
  [ "$(find box/new -type f | wc -l)" -eq 300 ]
  [ "$(left_on_server ada)" -eq 300 ]
}

@test "a second server: into an mbox, equal to the byte" {
  letters ada 60
  drop ada --mbox box
  assert_status 0
  # RFC 4155's mbox with ">" before each ">*From ", taken apart by other hands.
  python3 - box <<'END'
import re, sys
parts = re.split(rb"(?m)^From [^\n]*\n", open(sys.argv[1], "rb").read())[1:]
for n, part in enumerate(parts):
    open("letter%d" % n, "wb").write(re.sub(rb"(?m)^>(>*From )", rb"\1", part[:-1]))
END
  assert_sent letter*
}

@test "a second server: APOP, and the same as libcurl gets" {
  letters carol 60
  drop carol --auth apop --crlf --maildir box
  assert_status 0
  mkdir curl
  curl -s -u carol@example.net:lovelace "pop3://127.0.0.1:$MAILUTILS_PORT/[1-60]" -o 'curl/#1'
  [ "$(sha256sum box/new/* | cut -c1-64 | sort)" = "$(sha256sum curl/* | cut -c1-64 | sort)" ]
  drop ada --auth apop --stat
  assert_status 77
}

@test "a second server: kept, then only what is new; --delete, then it is gone" {
  letters bob 20
  drop bob --maildir box
  assert_status 0
  "$BATS_TEST_DIRNAME/../servers/letters.py" more 23
  mv more/new/170000002[123].* "$MAILUTILS_MAIL/bob/INBOX/new"
  [ "$(left_on_server bob)" -eq 23 ]
  drop bob --maildir fresh
  assert_status 0
  [ "$(cat fresh/new/* | grep -c '^Message-ID: <2[123]@')" -eq 3 ]
  [ "$(find fresh/new -type f | wc -l)" -eq 3 ]
  drop bob --delete --maildir fresh
  assert_status 0
  [ "$(find fresh/new -type f | wc -l)" -eq 3 ]
  [ "$(left_on_server bob)" -eq 0 ]
  assert_known
}

@test "a second server: the textbook's session by hand, and RSET" {
  letters ada 2
  run --separate-stderr pop3fetch --execute 'user ada@example.net; pass lovelace; list; retr 1; dele 1; rset; dele 2; quit' \
    "pop3://127.0.0.1:$MAILUTILS_PORT"
  assert_status 0
  [ "$(left_on_server ada)" -eq 1 ]
  grep -q '^Message-ID: <1@' "$MAILUTILS_MAIL"/ada/INBOX/*/*.host*
}

@test "a second server: through STLS and TLS, with the CA; without it 76" {
  letters ada 3
  local url
  for url in "pop3://ada%40example.net:lovelace@localhost:$MAILUTILS_STLS" \
    "pop3s://ada%40example.net:lovelace@localhost:$MAILUTILS_POP3S"; do
    run --separate-stderr pop3fetch -v --cacert "$MAILUTILS_CA" --tls require --stat "$url"
    assert_status 0
    [[ $stderr == *'[tls TLSv1.3'*'C: PASS'* ]]
    run --separate-stderr pop3fetch --stat "$url"
    assert_status 76
  done
}
