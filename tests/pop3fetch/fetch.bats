#!/usr/bin/env bats
# shellcheck disable=SC2154 # status, stderr: run sets them
# Fetching: what is new, where it goes, in which order things are sent, and what
# every kind of accident leaves behind.

load pop3fetch

setup() {
  pop3_setup
}

teardown() {
  peer_stop
}

two_letters() {
  echo 'C: RETR 1'
  echo 'C: RETR 2'
}

@test "to stdout as mbox; all that can be is in one write" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'
    letter one; printf 'S: +OK\nS: Subject: two\nS:\nS: From here\nS: ..\nS: .\nS: +OK\n'; } | play
  fetch
  assert_status 0
  assert_played
  [ "$(peer_turns)" -eq 3 ]
  [[ $output == "From "*"Subject: one"*"text of one"*"From "*">From here"* ]]
  grep -qx '\.' <<<"$output"
  assert_known aaa bbb
}

@test "without PIPELINING one command at a time" {
  { opening UIDL
    printf 'C: UIDL\nS: +OK\nS: 1 aaa\nS: .\nC: LIST\nS: +OK\nS: 1 40\nS: .\nC: RETR 1\n'
    letter one; closing; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_subjects box 'one '
}

@test "--no-pipelining with a server that has it" {
  { opening UIDL PIPELINING
    printf 'C: UIDL\nS: +OK\nS: 1 aaa\nS: .\nC: LIST\nS: +OK\nS: 1 40\nS: .\nC: RETR 1\n'
    letter one; printf 'C: DELE 1\nS: +OK\n'; closing; } | play
  fetch --maildir box --no-pipelining --delete
  assert_status 0
  assert_played
  [ "$(peer_turns)" -eq 7 ]
}

@test "the second run fetches what is new, and forgets what is gone" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'; letter one; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  { opening UIDL PIPELINING; listing bbb ccc; printf 'C: RETR 2\nC: QUIT\n'; letter three; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_subjects box 'one three two '
  assert_known bbb ccc
}

@test "the state's own place and name; --all fetches again and doubles no note" {
  { opening UIDL PIPELINING; listing aaa; printf 'C: RETR 1\nC: QUIT\n'; letter one; echo 'S: +OK'; } | play --connections 2
  run --separate-stderr pop3fetch -u alice:hungry --maildir box "pop3://127.0.0.1:$PEER_PORT"
  assert_status 0
  run --separate-stderr pop3fetch -u alice:hungry --all --maildir box "pop3://127.0.0.1:$PEER_PORT"
  assert_status 0
  assert_played
  assert_subjects box 'one one '
  [ "$(grep -c aaa "$XDG_STATE_HOME/parley/pop3fetch.alice@127.0.0.1:$PEER_PORT")" -eq 1 ]
}

@test "--delete: DELE after the sync, QUIT behind it, then the state is empty" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; letter one; letter two
    printf 'C: DELE 1\nC: DELE 2\nC: QUIT\nS: +OK\nS: +OK\nS: +OK\n'; } | play
  fetch --maildir box --delete
  assert_status 0
  assert_played
  [ "$(peer_turns)" -eq 4 ]
  assert_known
}

@test "a QUIT lost after DELE is 75; the next run deletes and does not fetch" {
  { opening UIDL PIPELINING; listing aaa; echo 'C: RETR 1'; letter one
    printf 'C: DELE 1\nC: QUIT\nS: +OK\n[close]\n'; } | play
  fetch --maildir box --delete
  assert_status 75
  assert_known aaa
  { opening UIDL PIPELINING; listing aaa; printf 'C: DELE 1\nC: QUIT\nS: +OK\nS: +OK\n'; } | play
  fetch --maildir box --delete
  assert_status 0
  assert_played
  assert_subjects box 'one '
  assert_known
}

@test "a QUIT answered by -ERR is an error, and nothing is forgotten" {
  { opening UIDL PIPELINING; listing aaa; echo 'C: RETR 1'; letter one
    printf 'C: DELE 1\nC: QUIT\nS: +OK\nS: -ERR some deleted messages not removed\n'; } | play
  fetch --maildir box --delete
  assert_status 69
  assert_error 'not removed'
  assert_known aaa
}

@test "the connection's end inside a message: 75 at once, nothing of it kept or known" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'; letter one
    printf 'S: +OK\nS: Subject: two\nS: half\n[close]\n'; } | play
  fetch --maildir box
  assert_status 75
  assert_error 'cut'
  assert_subjects box 'one '
  assert_known aaa
  { opening UIDL PIPELINING; listing aaa bbb; printf 'C: RETR 2\nC: QUIT\n'; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_subjects box 'one two '
}

@test "a message that RETR refuses is 66; the others come" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'; echo 'S: -ERR no such message'; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 66
  assert_error 'message 1'
  assert_played
  assert_subjects box 'two '
  assert_known bbb
}

@test "a list that lies about sizes, in odd order, with rubbish between" {
  { opening UIDL PIPELINING
    printf 'C: UIDL\nC: LIST\nS: +OK\nS: 2 bbb\nS: 1 aaa\nS: rubbish\nS: 9 zzz\nS: .\n'
    printf 'S: +OK\nS: 2 99999999999999999999999\nS: 1 0\nS: 1 7\nS: 0 5\nS: x\nS: .\n'
    two_letters; echo 'C: QUIT'; letter one; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_subjects box 'one two '
  assert_known aaa bbb
}

@test "without UIDL: known by the head's digest, whatever its Status" {
  no_uidl() { # RETR?
    opening TOP PIPELINING
    printf 'C: LIST\nS: +OK\nS: 1 40\nS: 2 40\nS: .\nC: TOP 1 0\nC: TOP 2 0\n'
    printf 'S: +OK\nS: Subject: one\nS: Status: %s\nS:\nS: .\nS: +OK\nS: Subject: two\nS:\nS: .\n' "$1"
  }
  { no_uidl N; two_letters; echo 'C: QUIT'; letter one; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  { no_uidl RO; closing; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_subjects box 'one two '
  [ "$(grep -c ' sha256:' state)" -eq 2 ]
}

@test "without UIDL and TOP: 69, which names --all" {
  { opening PIPELINING; printf 'C: LIST\nS: +OK\nS: 1 40\nS: .\nC: TOP 1 0\nS: -ERR what\n'; closing; } | play
  fetch --maildir box
  assert_status 69
  assert_error '--all'
  assert_played
}

@test "one unique id for several messages: all are fetched, each once" {
  twins() {
    opening UIDL TOP PIPELINING
    listing same same ccc same
    printf 'C: TOP 1 0\nC: TOP 2 0\nC: TOP 4 0\n'
    printf 'S: +OK\nS: Subject: %s\nS:\nS: .\n' one two one
  }
  { twins; printf 'C: RETR 1\nC: RETR 2\nC: RETR 3\nC: RETR 4\nC: QUIT\n'
    letter one; letter two; letter three; letter one; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  { twins; closing; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_subjects box 'one one three two '
}

@test "hostile unique ids are written so that the state stays a list of lines" {
  { opening UIDL PIPELINING
    printf 'C: UIDL\nC: LIST\nS: +OK\nS: 1 a b%%41\\xff\\x1b[2J\nS: 2 ../../etc/passwd\nS: .\n'
    printf 'S: +OK\nS: 1 40\nS: 2 40\nS: .\n'; two_letters; echo 'C: QUIT'; letter one; letter two; echo 'S: +OK'; } >d
  peer_start d
  fetch --maildir box
  assert_status 0
  assert_played
  assert_known 'a%20b%2541%FF%1B[2J' ../../etc/passwd
  { sed '/RETR/,$d' d; closing; } | play
  fetch --maildir box
  assert_status 0
  assert_played
}

@test "--only takes these, known or not; a number that is not there is 66" {
  { opening UIDL PIPELINING; listing aaa bbb ccc; printf 'C: RETR 2\nC: RETR 3\nC: QUIT\n'; letter two; letter three; echo 'S: +OK'; } | play
  fetch --maildir box --only 2-
  assert_status 0
  assert_played
  { opening UIDL PIPELINING; listing aaa bbb; printf 'C: RETR 2\nC: QUIT\n'; letter two; echo 'S: +OK'; } | play
  fetch --maildir box --only 2,7
  assert_status 66
  assert_error 'no message 7'
  assert_played
}

@test "a URL's number: that message, byte by byte, and no state" {
  { opening UIDL PIPELINING; printf 'C: RETR 7\nS: +OK\nS: Subject: seven\nS:\nS: ..dot\nS: From me\nS: .\n'; closing; } >d
  peer_start d --connections 2
  run --separate-stderr pop3fetch -u alice:hungry --state state "pop3://127.0.0.1:$PEER_PORT/7"
  assert_status 0
  assert_output $'Subject: seven\n\n.dot\nFrom me'
  pop3fetch -u alice:hungry --crlf -o file "pop3://127.0.0.1:$PEER_PORT/7"
  assert_played
  [ "$(tr -d '\r' <file)" = "$output" ] && [ "$(grep -c $'\r' file)" -eq 4 ]
  [ ! -e state ]
}

@test "a URL's number that does not exist is 66" {
  { opening; printf 'C: RETR 9\nS: -ERR no such message\n'; closing; } | play
  run --separate-stderr pop3fetch -u alice:hungry -o file "pop3://127.0.0.1:$PEER_PORT/9"
  assert_status 66
  assert_played
  [ ! -e file ]
}

@test "--dele deletes these and fetches nothing" {
  { opening UIDL PIPELINING; listing aaa bbb ccc; printf 'C: DELE 1\nC: DELE 3\nC: QUIT\nS: +OK\nS: +OK\nS: +OK\n'; } | play
  fetch --dele 1,3
  assert_status 0
  assert_played
}

@test "--max-size leaves large ones alone, and they stay new" {
  large() {
    opening UIDL PIPELINING
    printf 'C: UIDL\nC: LIST\nS: +OK\nS: 1 aaa\nS: 2 bbb\nS: .\nS: +OK\nS: 1 5000\nS: 2 40\nS: .\n'
  }
  { large; printf 'C: RETR 2\nC: QUIT\n'; letter two; echo 'S: +OK'; } | play
  fetch --maildir box --max-size 1k
  assert_status 0
  assert_played
  assert_known bbb
}

@test "--delete-after: by the time of fetching" {
  printf '%s aaa\n%s bbb\n' $(($(date +%s) - 4 * 86400)) $(($(date +%s) - 2 * 86400)) >state
  { opening UIDL PIPELINING; listing aaa bbb ccc; printf 'C: DELE 1\nC: RETR 3\nC: QUIT\nS: +OK\n'; letter three; echo 'S: +OK'; } | play
  fetch --maildir box --delete-after 3
  assert_status 0
  assert_played
  assert_known bbb ccc
}

@test "--dry-run says what would be done and does nothing" {
  printf '%s aaa\n' "$(date +%s)" >state
  { opening UIDL PIPELINING; listing aaa bbb; closing; } | play
  fetch --maildir box --delete --dry-run
  assert_status 0
  assert_played
  assert_output $'delete 1 40 aaa\nfetch+delete 2 40 bbb'
  [ ! -e box ]
  assert_known aaa
}

@test "--jsonl: a line a message" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; letter one; printf 'S: -ERR [SYS/TEMP] no\n'
    printf 'C: DELE 1\nC: QUIT\nS: +OK\nS: +OK\n'; } | play
  fetch --maildir box --delete --jsonl
  assert_status 75
  assert_played
  [ "${lines[0]}" = '{"account":"alice@127.0.0.1:'"$PEER_PORT"'","number":1,"size":29,"uid":"aaa","result":"fetched","deleted":true,"error":null}' ]
  [[ ${lines[1]} == *'"result":"failed","deleted":false,"error":"RETR was refused: [SYS/TEMP] no"}' ]]
}

@test "--mbox appends, --mda runs a program; one that fails keeps its message" {
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'; letter one; letter two; echo 'S: +OK'; } | play
  echo old >box
  printf 'From x\n\nold\n\n' >box
  fetch --mbox box
  assert_status 0
  [ "$(grep -c '^From ' box)" -eq 3 ]
  rm state
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; letter one; letter two
    printf 'C: DELE 2\nC: QUIT\nS: +OK\nS: +OK\n'; } | play
  fetch --delete --mda 'cat >got; ! grep -q one got'
  [ "$status" -ne 0 ]
  assert_played
  grep -q 'text of two' got
  assert_known aaa || assert_known
}

@test "a Maildir that cannot be written: 73, and nothing is asked" {
  play <<<'S: +OK'
  fetch --delete --maildir /proc/none/box
  assert_status 73
}

@test "-o FILE appears whole, or stays what it was" {
  echo before >file
  { opening UIDL PIPELINING; listing aaa bbb; two_letters; echo 'C: QUIT'; letter one; printf 'S: +OK\nS: half\n[close]\n'; } | play
  fetch -o file
  assert_status 75
  assert_known aaa
  [ "$(grep -c '^From ' file)" -eq 1 ]
}

@test "another run on the same account: 75, and no connection" {
  exec 9>>state.lock
  python3 -c 'import fcntl,sys,time; f=open("state.lock","a"); fcntl.lockf(f,fcntl.LOCK_EX); print("locked",flush=True); time.sleep(60)' >locked 9>&- 3>&- &
  local holder=$!
  await test -s locked
  play <<<'S: +OK'
  fetch --maildir box
  kill $holder
  assert_status 75
  assert_error 'another pop3fetch'
}

@test "a state that was torn in a line loses that line only; rubbish is refused" {
  printf '5 aaa\n5 bb' >state
  { opening UIDL PIPELINING; listing aaa bbb; printf 'C: RETR 2\nC: QUIT\n'; letter two; echo 'S: +OK'; } | play
  fetch --maildir box
  assert_status 0
  assert_played
  assert_known aaa bbb
  echo rubbish >>state
  play <<<'S: +OK'
  fetch --maildir box
  assert_status 78
  assert_error 'line 3'
}

@test "--list, --stat, --headers, --top" {
  { opening UIDL PIPELINING; listing aaa bbb; closing; } >d
  peer_start d --connections 2
  fetch --list
  assert_status 0
  assert_output $'1 40 aaa\n2 40 bbb'
  fetch --list --jsonl --only 2
  assert_output '{"account":"alice@127.0.0.1:'"$PEER_PORT"'","number":2,"size":40,"uid":"bbb"}'
  { opening UIDL PIPELINING; listing aaa bbb
    printf 'C: TOP 1 0\nC: TOP 2 0\nS: +OK\nS: From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\nS: Date: Sun, 22 Nov 2026 10:00:00 +0100\n'
    printf 'S: Subject: =?utf-8?b?R3LDvMOfZQ==?= \\x1b[31mred\nS:\nS: .\nS: +OK\nS: From: bob@example.net\nS:\nS: .\n'; closing; } >d2
  peer_start d2 --connections 2
  fetch --headers
  assert_status 0
  [ "${lines[0]}" = '1      40 B  2026-11-22 10:00  Jürgen                    Grüße \x1b[31mred' ]
  [ "${lines[1]}" = '2      40 B  -                 bob@example.net           ' ]
  fetch --headers --jsonl
  [[ ${lines[0]} == *'"from":"Jürgen <j@example.org>","to":null,"subject":"Grüße \u001b[31mred","date":"2026-11-22T09:00:00Z"}' ]]
  { opening UIDL PIPELINING; listing aaa; printf 'C: TOP 1 2\nS: +OK\nS: Subject: one\nS:\nS: a\nS: b\nS: .\n'; closing; } | play
  fetch --top 2
  assert_status 0
  [[ $output == 'From '*$'Subject: one\n\na\nb' ]]
  assert_played
}

@test "--headers on a terminal: columns stand below each other, whatever the letters; nothing wraps" {
  { opening UIDL PIPELINING; listing aaa bbb ccc; printf 'C: TOP 1 0\nC: TOP 2 0\nC: TOP 3 0\n'
    printf 'S: +OK\nS: From: Ada <a@x>\nS: Subject: plain\nS:\nS: .\n'
    printf 'S: +OK\nS: From: =?utf-8?b?5bGx55Sw5aSq6YOO5bGx55Sw5aSq6YOO5bGx55Sw5aSq6YOO?= <b@x>\n'
    printf 'S: Subject: =?utf-8?b?5LiW55WM5LiW55WM5LiW55WM5LiW55WM5LiW55WM5LiW55WM?=\nS:\nS: .\n'
    printf 'S: +OK\nS: From: =?utf-8?q?e=1B=5B31mvil?= <c@x>\nS: Subject: =?utf-8?q?=1B]0;title=07 and a long, long, long tail?=\nS:\nS: .\n'
    closing; } | play
  local program=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/pop3fetch
  timeout 20 script -qec "stty cols 76; '$program' --no-config --no-netrc -u alice:hungry --headers pop3://127.0.0.1:$PEER_PORT/" /dev/null </dev/null >shown
  assert_played
  cat -v shown
  run ! grep -q $'\x1b' shown
  grep -qF 'e\x1b[31mvil' shown
  # By an independent count: the subject begins in one column and no line has over 75 cells.
  python3 - shown <<'END'
import sys, unicodedata
cells = lambda s: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
lines = [l.rstrip("\r\n") for l in open(sys.argv[1], encoding="utf-8", newline="\n")]
assert len(lines) == 3, lines
starts = [cells(l[:l.index(s)]) for l, s in zip(lines, ("plain", "\u4e16", "\\x1b]"))]
assert len(set(starts)) == 1, starts
assert all(cells(l) <= 75 for l in lines), lines
END
}

@test "an mbox's From_ line names the sender of the Return-Path, which stands in the head" {
  { opening UIDL PIPELINING; listing aaa bbb ccc; printf 'C: RETR 1\nC: RETR 2\nC: RETR 3\nC: QUIT\n'
    printf 'S: +OK\nS: X: y\nS: return-path: <ada@x>\nS:\nS: .\nS: +OK\nS: Return-Path: <>\nS:\nS: .\n'
    printf 'S: +OK\nS: A: b\nS:\nS: Return-Path: <no@x>\nS: .\nS: +OK\n'; } | play
  fetch
  assert_status 0
  assert_played
  [ "$(sed -n 's/^From \([^ ]*\) .*/\1/p' <<<"$output" | tr '\n' ' ')" = 'ada@x MAILER-DAEMON MAILER-DAEMON ' ]
}

@test "several accounts: each has its line, the status is the worst" {
  { opening UIDL PIPELINING; listing aaa; printf 'C: RETR 1\nC: QUIT\n'; letter one; echo 'S: +OK'; } | play
  local first=$PEER_PORT
  play <<<'S: -ERR [IN-USE] busy'
  run --separate-stderr pop3fetch --maildir box "pop3://alice:hungry@127.0.0.1:$first/" \
    "pop3://bob:x@127.0.0.1:$PEER_PORT/"
  assert_status 75
  assert_error 'busy'
  [[ $stderr == *'status 0: 1 of 1 messages fetched'*'status 75'* ]]
  [[ $stderr != *hungry* ]]
  assert_subjects box 'one '
}

# Letters of 1 MiB; the window is 4 MiB.
big_letters() { # FROM TO
  local n
  for n in $(seq "$1" "$2"); do
    printf 'S: +OK\n[body 1048576]\nS:\nS: .\n'
  done
}

retrievals() { # FROM TO
  seq -f 'C: RETR %g' "$1" "$2"
}

@test "the window is bounded in bytes, and a program that takes its time stalls nobody for good" {
  { opening UIDL PIPELINING
    printf 'C: UIDL\nC: LIST\nS: +OK\n'; for n in 1 2 3 4 5 6; do echo "S: $n uid$n"; done; printf 'S: .\nS: +OK\n'
    seq -f 'S: %g 1048576' 6; echo 'S: .'
    retrievals 1 4; echo '[wait 0.3]'; big_letters 1 4
    retrievals 5 6; big_letters 5 6; closing; } | play
  fetch --mda 'sleep 0.3; cat >>all'
  assert_status 0
  assert_played
  [ "$(stat -c %s all)" -ge $((6 * 1048576)) ]
  # Four RETR came, 32 bytes, and nothing more until the first letter was on its way.
  awk '$2 == "recv" && $3 == 32 { four = 1; next } four && $2 == "recv" { exit 1 } four && $2 == "send" { exit 0 }' "$PEER_LOG"
}

@test "an mbox that another program has locked is waited for: fcntl, then FILE.lock" {
  { opening UIDL PIPELINING; listing aaa; printf 'C: RETR 1\nC: QUIT\n'; letter one; echo 'S: +OK'; } | play
  : >box
  python3 -c '
import fcntl, time
f = open("box", "r+"); fcntl.lockf(f, fcntl.LOCK_EX); open("held", "w").close(); time.sleep(1)
f.write("From other@x Thu Jan  1 00:00:01 1970\n\ntheirs\n\n"); f.flush()' 3>&- &
  await test -e held
  fetch --mbox box
  assert_status 0
  [ "$(grep -c '^From ' box)" -eq 2 ]
  [ "$(grep -n theirs box | cut -d: -f1)" -lt "$(grep -n 'Subject: one' box | cut -d: -f1)" ]
  { opening UIDL PIPELINING; listing aaa bbb; printf 'C: RETR 2\nC: QUIT\n'; letter two; echo 'S: +OK'; } | play
  : >box.lock
  { sleep 1; touch over; rm box.lock; } 3>&- &
  fetch --mbox box
  assert_status 0
  [ -e over ]
  [ "$(grep -c '^From ' box)" -eq 3 ]
}
