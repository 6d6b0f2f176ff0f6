#!/usr/bin/env bats
# shellcheck disable=SC2154 # status, stderr: run sets them
# What pop3fetch says, line by line, and what it makes of each answer: greeting,
# CAPA, STLS, the ways to log in, refusals.

load pop3fetch

setup() {
  pop3_setup
}

teardown() {
  peer_stop
}

@test "a script gives the textbook's session" {
  cat >session <<'END'
S: +OK POP3 server ready
C: USER alice
S: +OK
C: PASS ****
S: +OK user successfully logged on
C: LIST
S: +OK
S: 1 498
S: 2 912
S: .
C: RETR 1
S: +OK
S: Subject: one
S:
S: text
S: .
C: DELE 1
S: +OK
C: QUIT
S: +OK POP3 server signing off
END
  play < <(sed 's/\*\*\*\*/hungry/' session)
  printf '%s\n' 'user alice' 'pass hungry' list 'retr 1' 'dele 1' quit >script
  run --separate-stderr pop3fetch -v --script script "pop3://127.0.0.1:$PEER_PORT"
  assert_status 0
  assert_played
  assert_output ''
  diff <(grep '^[CS]:' <<<"$stderr") session
}

@test "by hand every verb, and the dialogue is what is shown" {
  play <<'END'
S: +OK hi
C: USER alice
S: +OK
C: PASS two words
S: +OK
C: STAT
S: +OK 1 40
C: LIST 1
S: +OK 1 40
C: UIDL
S: +OK
S: 1 aaa
S: .
C: UIDL 1
S: +OK 1 aaa
C: TOP 1 3
S: +OK
S: Subject: x
S: .
C: NOOP
S: +OK
C: DELE 1
S: +OK
C: RSET
S: +OK
C: XTND foo bar
S: +OK
C: CAPA
S: -ERR what
C: RETR 1
S: +OK
S: ..dot
S: .
C: QUIT
S: +OK
END
  by_hand "user alice; pass two words; stat; list 1; uidl; uidl 1; top 1 3; noop; dele 1; rset
    raw XTND foo bar; -capa; retr 1 saved"
  assert_status 0
  assert_played
  [ "$(cat saved)" = .dot ]
  [[ $output == *'S: ..dot'* && $output == *'C: QUIT'* && $output != *words* ]]
}

@test "a script that fails leaves without QUIT, so that nothing is deleted" {
  play <<'END'
S: +OK hi
C: DELE 1
S: +OK
C: DELE 7
S: -ERR no such message
[eof]
END
  by_hand 'dele 1; dele 7; quit'
  assert_status 66
  assert_error 'no such message'
  assert_played
}

@test "the greeting may refuse: for good, or for now" {
  play <<<'S: -ERR go away'
  fetch
  assert_status 69
  assert_error 'go away'
  play <<<'S: -ERR [SYS/TEMP] later'
  fetch
  assert_status 75
  play <<<'S: 220 wrong protocol'
  fetch
  assert_status 76
}

@test "USER and PASS where there is no SASL; in one write where that is allowed" {
  play <<'END'
S: +OK
C: CAPA
S: -ERR what
C: USER alice
S: +OK
C: PASS hungry
S: +OK
C: STAT
S: +OK 3 120
C: QUIT
S: +OK
END
  fetch --stat
  assert_status 0
  assert_output '3 120'
  assert_played
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: PIPELINING
S: .
C: USER alice
C: PASS hungry
S: +OK
S: +OK
C: STAT
S: +OK 0 0
C: QUIT
S: +OK
END
  fetch --stat
  assert_status 0
  assert_played
  [ "$(peer_turns)" -eq 4 ]
}

@test "refusals of a login: 77, in use and temporary 75" {
  local row
  for row in '77 no such user' '75 [IN-USE] locked' '75 [SYS/TEMP] later' '75 [LOGIN-DELAY] wait' '69 [SYS/PERM] never' '77 [AUTH] wrong'; do
    play <<END
S: +OK
C: CAPA
S: +OK
S: SASL PLAIN
S: .
C: AUTH PLAIN *
S: -ERR ${row#* }
C: QUIT
S: +OK
END
    fetch --stat
    assert_status "${row%% *}"
    assert_error "${row#* }"
    assert_played
  done
}

@test "both answers to USER and PASS are read before QUIT" {
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: PIPELINING
S: .
C: USER alice
C: PASS hungry
S: -ERR who
S: -ERR no
C: QUIT
S: +OK
END
  fetch --stat
  assert_status 77
  assert_error who
  assert_played
}

# UIDL and LIST behind the login
behind_login() { # LOGIN'S-ANSWER
  { opening UIDL PIPELINING | sed '$d'; echo 'C: UIDL'; echo 'C: LIST'; echo "S: $1"; }
}

@test "UIDL and LIST leave behind the login, in its write" {
  { behind_login '+OK'; printf 'S: +OK\nS: 1 aaa\nS: .\nS: +OK\nS: 1 40\nS: .\n'; closing; } | play
  fetch --list
  assert_status 0
  assert_output '1 40 aaa'
  assert_played
  [ "$(peer_turns)" -eq 3 ]
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: PIPELINING
S: .
C: USER alice
C: PASS hungry
C: LIST
S: +OK
S: +OK
S: +OK
S: 1 40
S: .
C: QUIT
S: +OK
END
  fetch --list
  assert_status 0
  assert_output '1 40 -'
  assert_played
}

@test "a login that is refused takes what came behind it along" {
  { behind_login '-ERR no'; printf 'S: -ERR first log in\nS: -ERR first log in\n'; closing; } | play
  fetch --list
  assert_status 77
  assert_error 'no'
  assert_played
  { behind_login '-ERR [IN-USE] later'; echo '[close]'; } | play
  fetch --maildir box
  assert_status 75
  assert_error 'IN-USE'
  assert_played
}

@test "a server that loses what came behind the login is asked again, one by one" {
  { behind_login '+OK'; closing
    { opening UIDL PIPELINING; listing aaa; closing; } | sed 's/^\([SC]\):/\12:/'; } | play
  fetch --list
  assert_status 0
  assert_output '1 40 aaa'
  assert_played
}

@test "Courier says PIPELINING, but loses what comes behind the login: nothing does" {
  { opening UIDL PIPELINING 'IMPLEMENTATION Courier Mail Server'; listing aaa; closing; } | play
  fetch --list
  assert_status 0
  assert_played
  [ "$(peer_turns)" -eq 4 ]
}

@test "a server that asks again for what AUTH PLAIN told it: 76, which names a way" {
  { behind_login '+ '; echo '[close]'; } | play
  fetch --list
  assert_status 76
  assert_error '--auth user'
}

@test "APOP by RFC 1939's example" {
  play <<'END'
S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
C: CAPA
S: -ERR
C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
S: +OK
C: STAT
S: +OK 1 369
C: QUIT
S: +OK
END
  run --separate-stderr pop3fetch --auth apop -v -u mrose:tanstaaf --stat "pop3://127.0.0.1:$PEER_PORT"
  assert_status 0
  assert_played
  [[ $stderr == *'C: APOP mrose ****'* && $stderr != *c4c9* ]]
}

@test "a timestamp that is none is not answered" {
  play <<'END'
S: +OK <not a\x80timestamp@x>
C: CAPA
S: -ERR
C: QUIT
S: +OK
END
  fetch --auth apop --stat
  assert_status 77
  assert_error 'no APOP'
  assert_played
}

@test "SCRAM is taken before PLAIN; its proof is required" {
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: SASL PLAIN SCRAM-SHA-256
S: .
C: AUTH SCRAM-SHA-256 *
S: +OK in
[eof]
END
  fetch --stat
  assert_status 76
  assert_played
}

@test "a challenge in base64 and calling off" {
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: SASL LOGIN
S: .
C: AUTH LOGIN
S: + VXNlcm5hbWU6
C: YWxpY2U=
S: + UGFzc3dvcmQ6
C: aHVuZ3J5
S: +OK
C: STAT
S: +OK 0 0
C: QUIT
S: +OK
END
  fetch --stat
  assert_status 0
  assert_played
}

@test "no user, no password: nothing is sent" {
  play <<'END'
S: +OK
C: CAPA
S: -ERR
C: QUIT
S: +OK
END
  run --separate-stderr pop3fetch --stat "pop3://127.0.0.1:$PEER_PORT"
  assert_status 77
  assert_error 'no user'
  assert_played
}

@test "STLS when it is offered; all is asked again afterwards" {
  peer_certificate
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
S: +OK
C: CAPA
S: +OK
S: STLS
S: SASL CRAM-MD5
S: .
C: STLS
S: +OK
[tls]
C: CAPA
S: +OK
S: SASL PLAIN
S: .
C: AUTH PLAIN *
S: +OK
C: STAT
S: +OK 0 0
C: QUIT
S: +OK
END
  run --separate-stderr pop3fetch -u alice:hungry --cacert "$PEER_CERT" --stat "pop3://localhost:$PEER_PORT"
  assert_status 0
  assert_played
}

@test "data behind STLS's +OK is an attack: 76, and no password" {
  peer_certificate
  play --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
S: +OK
C: CAPA
S: +OK
S: STLS
S: .
C: STLS
S: +OK
S: +OK injected
[eof]
END
  run --separate-stderr pop3fetch -u alice:hungry --cacert "$PEER_CERT" --stat "pop3://localhost:$PEER_PORT"
  assert_status 76
  assert_played
}

@test "--tls require without STLS, and STLS refused: no password" {
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: SASL PLAIN
S: .
C: QUIT
S: +OK
END
  fetch --tls require --stat
  assert_status 77
  assert_error 'no STLS'
  assert_played
  play <<'END'
S: +OK
C: CAPA
S: +OK
S: STLS
S: .
C: STLS
S: -ERR [SYS/TEMP] not now
C: QUIT
S: +OK
END
  fetch --stat
  assert_status 75
  assert_played
}

@test "a line of the dialogue over 64 KiB is an error; a message's line is not" {
  { opening; echo 'C: STAT'; echo "S: +OK $(head -c 70000 /dev/zero | tr '\0' x)"; } | play
  fetch --stat
  assert_status 76
  { opening UIDL PIPELINING; listing aaa; printf 'C: RETR 1\nC: QUIT\nS: +OK\n'
    echo "S: $(head -c 300000 /dev/zero | tr '\0' x)"; printf 'S: .\nS: +OK\n'; } >long
  peer_start long
  fetch --maildir box
  assert_status 0
  [ "$(cat box/new/* | wc -c)" -eq 300001 ]
}

@test "usage: what excludes each other, numbers that are none" {
  local row
  for row in '--list --stat' '--maildir a --mbox b' '--only 0' '--only 5-3' '--only 1,' '--dele x' \
    '--list --delete' '--delete --delete-after 3' '--jsonl' '--state x pop3://b' '-o x pop3://b' '--top -1'; do
    # shellcheck disable=SC2086
    run --separate-stderr pop3fetch $row pop3://a
    assert_status 64
  done
  run --separate-stderr pop3fetch http://a
  assert_status 64
  run --separate-stderr pop3fetch pop3://a/x
  assert_status 64
  run --separate-stderr pop3fetch
  assert_status 64
}

@test "a bare host at a terminal is a prompt" {
  play <<'END'
S: +OK hi
C: USER alice
S: +OK
C: STAT
S: +OK 0 0
C: QUIT
S: +OK bye
END
  local program=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/pop3fetch
  printf 'user alice\nstat\nquit\n' |
    TERM=dumb timeout 20 script -qec "'$program' --no-config --no-netrc 127.0.0.1:$PEER_PORT" /dev/null >typed
  assert_played
  grep -q 'pop3fetch> ' typed
  grep -q 'S: +OK 0 0' typed
}
