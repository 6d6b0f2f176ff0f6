#!/usr/bin/env bats
# --explain: after each line of the dialogue one in plain words, which follows the
# line that it explains and never repeats a secret; `explain` and `help` by hand.

load ../peer/peer.bash
bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }
teardown() { peer_stop; }

tool() { # TOOL ARG...
  local name=$1
  shift
  "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/$name" --no-config --no-netrc "$@"
}

# The line after the Nth (first) line that is LINE.
after() { # FILE LINE [N]
  awk -v line="$2" -v n="${3:-1}" 'seen == n { print; exit } $0 == line { seen++ }' "$1"
}

# The explanation of a line is this one.
assert_after() { # FILE LINE WANT [N]
  local got
  got=$(after "$1" "$2" "${4:-1}")
  [ "$got" = "    $3" ] || {
    echo "after: $2"; echo "want:     $3"; echo "got:  $got"; return 1
  }
}

# One line of at most 100 bytes for each explanation, and none of them alone.
assert_shape() { # FILE
  awk 'length($0) > 100 && /^    / { print; bad = 1 }
       /^    / && last ~ /^    / { print; bad = 1 }
       { last = $0 }
       END { exit bad }' "$1"
}

letter() { printf 'From: a@example.org\nDate: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <1@a>\n\n.hi\n'; }

@test "smtpsend: pipelined commands, each reply by its own command, three phases" {
  peer_start - <<'END'
S: 220 mail.example.net ESMTP
C: EHLO client.example.org
S: 250-mail.example.net
S: 250 PIPELINING
C: MAIL FROM:<a@example.org>
C: RCPT TO:<bob@example.net>
C: RCPT TO:<nobody@example.net>
C: DATA
S: 250 ok
S: 250 ok
S: 550 5.7.1 no
S: 354 go
C: *
C: *
C: *
C: *
C:
C: ..hi
C: .
S: 250 taken
C: QUIT
S: 221 bye
END
  letter | tool smtpsend --domain client.example.org --explain --server "smtp://127.0.0.1:$PEER_PORT" \
    bob@example.net nobody@example.net 2>trace || true
  assert_shape trace
  assert_after trace 'S: 220 mail.example.net ESMTP' \
    '2 done: the greeting: the server is ready and speaks first; the session begins (RFC 5321 3.1)'
  assert_after trace 'C: EHLO client.example.org' \
    'says who calls, asks for the extensions; phase 1, handshake (RFC 5321 4.1.1.1)'
  assert_after trace 'S: 250 PIPELINING' \
    'offer: commands may be sent without waiting for replies (RFC 2920 2)'
  assert_after trace 'C: MAIL FROM:<a@example.org>' \
    'names the sender for the envelope; phase 2, transfer, begins (RFC 5321 4.1.1.2)'
  assert_after trace 'S: 250 ok' '2 done: the sender is accepted (RFC 5321 3.3)' 1
  assert_after trace 'S: 250 ok' '2 done: this recipient is accepted (RFC 5321 3.3)' 2
  assert_after trace 'S: 550 5.7.1 no' \
    '5 refused: no such mailbox, or not allowed; not allowed (RFC 5321 4.2.3)'
  assert_after trace 'S: 354 go' \
    '3 go on: send the letter, end it with a dot alone on a line (RFC 5321 4.1.1.4)'
  grep -q '^    an empty line parts' trace
}

@test "webget: request, fields, answer; the password is masked and not explained" {
  peer_start - <<'END'
C: GET / HTTP/1.1
C: *
C: *
C: *
C: *
C:
S: HTTP/1.1 404 Not Found
S: Content-Length: 3
S: X-Own: a
S:
S: no
END
  run --separate-stderr tool webget --explain --fail-with-body -u ada:lovelace "http://127.0.0.1:$PEER_PORT/"
  # shellcheck disable=SC2154
  printf '%s\n' "$stderr" >trace
  assert_shape trace
  assert_after trace 'C: GET / HTTP/1.1' 'asks for a resource; a request begins (RFC 9110 9.3.1)'
  assert_after trace 'C: Authorization: Basic ****' \
    'user and password, merely in base64 (RFC 7617 2)'
  assert_after trace 'S: HTTP/1.1 404 Not Found' \
    "4 client's error: there is nothing of this name (RFC 9110 15.5.5)"
  assert_after trace 'S: X-Own: a' 'a header field that is not in these tables (RFC 9110 5)'
  [ "$(grep -c -e lovelace -e YWRhOmxvdmVsYWNl trace)" = 0 ]
}

pop3_dialogue() {
  cat <<'END'
S: +OK hi
C: USER ada
S: +OK
C: PASS lovelace
S: -ERR [IN-USE] locked
END
}

@test "pop3fetch by hand: explain turns it on and off, codes in brackets, no secrets" {
  pop3_dialogue >dialogue
  peer_start dialogue
  run --separate-stderr tool pop3fetch --tls off --execute \
    'user ada; explain on; -pass lovelace; explain off; close' "pop3://127.0.0.1:$PEER_PORT/"
  printf '%s\n' "$output" >trace
  assert_shape trace
  [ "$(after trace 'C: USER ada')" = 'S: +OK' ]
  assert_after trace 'C: PASS ****' 'gives the password for it (RFC 1939 7)'
  grep -qx '    no: wrong password, or the mailbox is locked by another session (RFC 1939 7)' trace
  [ "$(grep -c lovelace trace)" = 0 ]
}

@test "a session that breaks off keeps what came; the --trace file stays playable" {
  printf 'S: +OK hi\nC: CAPA\n[close]\n' >dialogue
  peer_start dialogue
  run --separate-stderr tool pop3fetch --tls off --explain --trace kept --list \
    "pop3://ada:lovelace@127.0.0.1:$PEER_PORT/"
  [ "$status" -eq 75 ]
  printf '%s\n' "$stderr" >trace
  assert_after trace 'C: CAPA' 'asks what the server can do beyond the minimum (RFC 2449 5)'
  [ "$(grep -c '^    ' kept)" = 0 ]
  grep -qx 'C: CAPA' kept
}

@test "as JSON Lines an explanation is an object of its own" {
  printf 'S: +OK hi\n[close]\n' >dialogue
  peer_start dialogue
  run --separate-stderr tool pop3fetch --tls off --explain --trace-format json --list \
    "pop3://ada:lovelace@127.0.0.1:$PEER_PORT/"
  printf '%s\n' "$stderr" | grep -q '"conn":1,"explain":"yes: the greeting'
}

@test "ftpc: data connections, the preliminary reply, the login" {
  peer_start - <<'END'
S: 220 ready
C: USER anonymous
S: 331 who
C: PASS *
S: 230 in
C: *
S: 500 what
END
  run --separate-stderr tool ftpc --tls off --explain "ftp://127.0.0.1:$PEER_PORT/x"
  printf '%s\n' "$stderr" >trace
  assert_shape trace
  assert_after trace 'C: USER anonymous' 'says who logs in; login begins (RFC 959 4.1.1)'
  assert_after trace 'S: 331 who' '3 go on: the name is noted; the password next (RFC 959 4.2)'
  assert_after trace 'S: 230 in' '2 done: logged in; login ends, commands begin (RFC 959 4.2)'
}

@test "imapls: tags, what the server says unasked" {
  peer_start - <<'END'
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN *
S: A001 NO [AUTHENTICATIONFAILED] no
END
  run --separate-stderr tool imapls --tls off --explain "imap://ada:lovelace@127.0.0.1:$PEER_PORT/"
  printf '%s\n' "$stderr" >trace
  assert_shape trace
  assert_after trace 'S: * OK [CAPABILITY IMAP4rev1] ready' \
    'the greeting: the server is ready and speaks first; login comes next (RFC 9051 7.1.1)'
  assert_after trace 'S: A001 NO [AUTHENTICATIONFAILED] no' \
    'failed: wrong user or password, or not allowed; wrong user or password (RFC 9051 6.2.3)'
  [ "$(grep -c lovelace trace)" = 0 ]
}

@test "help knows verbs, reply codes, header fields" {
  run tool smtpsend --execute 'help 354; help RCPT; help 5.1.1'
  [ "$status" -eq 0 ]
  [[ $output == *'354: 3 go on: send the letter'* ]]
  [[ $output == *'RCPT TO:<'*'RCPT: names one recipient'* ]]
  [[ $output == *'no such mailbox (RFC 3463 3.2)'* ]]
  run tool webget --execute 'help 304; help etag'
  [[ $output == *'304: 3 elsewhere: not changed'*'ETag: a name for this version'* ]]
  run tool pop3fetch --execute 'help in-use'
  [[ $output == *'[IN-USE]: another session has the mailbox'* ]]
  run tool ftpc --execute 'help 425'
  [[ $output == *'425: 4 not now: the data connection could not be opened'* ]]
  run tool imapls --execute 'explain; help trycreate'
  [ "$status" -eq 0 ]
  [[ $output == *'TRYCREATE: CREATE the mailbox first'* ]]
  run tool smtpsend --execute 'help 999'
  [ "$status" -eq 64 ]
  run tool smtpsend --execute 'explain perhaps'
  [ "$status" -eq 64 ]
}
