#!/usr/bin/env bats
# What ftpc must refuse, and what is no success: 226 after a short transfer, refusals, cuts,
# names that lead elsewhere, escapes for the terminal.

load ftpc.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# An anonymous fetch of `file` up to RETR, which stdin answers.
retr() { # SIZE
  local rest
  rest=$(cat)
  login <<END
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 binary
S: $1
S: 213 20260102030405
S: 229 passive (|||@PORT@|)
C: RETR file
$rest
END
}

@test "226 after a short transfer is no success" {
  retr '213 20' <<'END'
S: 150 here
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp -o got "$URL/file"
  assert_refused 75 '10 of 20 bytes'
  assert_played
}

@test "426 after the data is no success, even if their number is right" {
  retr '213 10' <<'END'
S: 150 here
[data S 10 bytes]
S: 426 aborted
C: QUIT
END
  ftp -o got "$URL/file"
  assert_refused 75 aborted
}

@test "451 without data" {
  retr '213 10' <<'END'
S: 451 disk trouble
C: QUIT
END
  ftp -o got "$URL/file"
  assert_refused 75 'disk trouble'
}

@test "550: 66, and the file that was there stays" {
  echo old >got
  retr '550 no' <<'END'
S: 550 no such file
C: QUIT
END
  ftp -o got "$URL/file"
  assert_status 66
  assert_error 'no such file'
  assert_content got old
}

@test "a data connection that is reset" {
  printf 'hello, world' >"$BATS_TEST_TMPDIR/hello"
  retr '213 12' <<'END'
S: 150 here
[data cut 5 < hello]
S: 226 done
C: QUIT
END
  ftp -o got "$URL/file"
  assert_refused 75 ''
}

@test "226 at once, 125 and 150 both, replies in several lines" {
  retr '213 10' <<'END'
S: 125-opening
S: 226 inside
S: 125 yes
S: 150 again
[data S 10 bytes]
S: 250-done
S: more
S: 250 indeed
C: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123456789
}

@test "421 at the greeting and in the middle: 75" {
  play <<'END'
S: 421 too many users
END
  ftp "$URL/file"
  assert_status 75
  assert_error 'too many users'
  assert_played
  retr '213 10' <<'END'
S: 421 going down
[close]
END
  ftp -o got "$URL/file"
  assert_refused 75 'going down'
}

@test "530 to RETR: 77; 552 to STOR: 75; 553: 69" {
  retr '213 10' <<'END'
S: 530 not for you
C: QUIT
END
  ftp "$URL/file"
  assert_status 77
  echo x >mine
  for code in 552/75 452/75 553/69; do
    login <<END
C: FEAT
S: 331 password
S: 230 in
S: 500 no
C: TYPE I
C: EPSV
S: 200 binary
S: 229 x (|||@PORT@|)
C: STOR file
S: ${code%/*} no
C: QUIT
END
    ftp -T mine "$URL/file"
    assert_status "${code#*/}"
  done
}

@test "a server that never connects in active mode: the deadline, 75" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPRT *
C: RETR file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 200 fine
S: 150 soon
[wait 30]
END
  ftp --connect-timeout 2 --timeout 2 -P - "$URL/file"
  assert_status 75
  assert_error 'did not connect'
}

@test "a port that nobody listens on: 75" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 229 x (|||1|)
C: RETR file
S: 425 can't
C: QUIT
END
  ftp -o got "$URL/file"
  assert_refused 75 '127.0.0.1:1'
}

@test "what is no FTP: 76" {
  play <<'END'
S: SSH-2.0-OpenSSH_9.2
[close]
END
  ftp "$URL/file"
  assert_status 76
  assert_error SSH-2.0
}

@test "an EPSV reply without a port: 76" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 229 passive, trust me
C: QUIT
END
  ftp "$URL/file"
  assert_status 76
}

@test "line breaks and NUL in any argument: 64, and nothing is sent" {
  for url in /a%0d%0aDELE%20b /a%0ab /a%00b; do
    ftp "ftp://127.0.0.1:1$url"
    assert_status 64
  done
  ftp -Q $'NOOP\r\nDELE x' ftp://127.0.0.1:1/x
  assert_status 64
  ftp --account $'a\nb' ftp://127.0.0.1:1/x
  assert [ "$status" -ne 0 ]
}

@test "arguments that make no sense: 64" {
  for args in '' '--mirror a --mirror-up b ftp://h/' '-a ftp://h/x' '-o a -O ftp://h/x' '-C 100 ftp://h/x' \
    '-C - ftp://h/x' 'h 99999999' 'http://h/x' '--delete ftp://h/' '--parallel 0 ftp://h/'; do
    # shellcheck disable=SC2086 # words
    ftp $args </dev/null
    assert_status 64
  done
}

@test "names from the server stay names: mget skips what leads elsewhere, the rest is fetched" {
  printf '%s\r\n' 'type=file;size=4; good' 'type=file;size=4; ../evil' 'type=file;size=4; /abs' \
    'type=file;size=4; |cmd' 'type=file;size=4; -rf' 'type=file;size=4; ..' $'type=file;size=4; e\x1b[31m' \
    'type=file;size=4; ' >"$BATS_TEST_TMPDIR/mlsd"
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 211-Features
S:  MLST type*;size*;
S: 211 End
C: TYPE A
C: EPSV
S: 200 text
S: 229 x (|||@PORT@|)
C: MLSD
S: 150 here
[data < mlsd]
S: 226 done
C: TYPE I
C: SIZE good
C: MDTM good
C: EPSV
S: 200 binary
S: 213 4
S: 550 no
S: 229 x (|||@PORT@|)
C: RETR good
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp -u anonymous:me@ --execute 'mget *' "$URL"
  assert_status 0
  assert_files good
  assert_said '../evil'
  assert_said '|cmd'
  refute_said $'\x1b'
  assert_played
}

@test "escapes in banners and errors never reach stderr raw" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 \x1b[31many password
S: 530 \x1b]0;evil\x07 no
S: 530 no
S: 530 no
S: 530 no
S: 530 no
C: QUIT
END
  ftp -v "$URL/file"
  assert_status 77
  refute_said $'\x1b'
}

@test "disk full: 74, and nothing is left" {
  [ -e /dev/full ] || skip
  retr '213 10' <<'END'
S: 150 here
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp -o /dev/full "$URL/file"
  assert_status 74
}

@test "--retry goes on where the transfer broke off" {
  printf 'hello, world' >"$BATS_TEST_TMPDIR/hello"
  printf ', world' >"$BATS_TEST_TMPDIR/rest"
  retr '213 12' <<'END'
S: 150 here
[data < short]
S: 226 done
C: SIZE file
C: MDTM file
S: 213 12
S: 213 20260102030405
C: EPSV
C: REST 5
S: 229 x (|||@PORT@|)
S: 350 from there
C: RETR file
S: 150 here
[data < rest]
S: 226 done
C: QUIT
END
  printf 'hello' >"$BATS_TEST_TMPDIR/short"
  ftp --retry 1 --retry-delay 0.01 -o got "$URL/file"
  assert_status 0
  assert_content got 'hello, world'
  assert_played
}

@test "-C -: a part is kept under its own name, and continued" {
  printf 'hello' >"$BATS_TEST_TMPDIR/short"
  printf ', world' >"$BATS_TEST_TMPDIR/rest"
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 12
S: 213 20260102030405
C: EPSV
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data < short]
S: 226 done
C: QUIT
END
  ftp -C - -o file "$URL/file"
  assert_status 75
  assert_files .file.part
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 12
S: 213 20260102030405
C: EPSV
C: REST 5
S: 229 x (|||@PORT@|)
S: 350 go on
C: RETR file
S: 150 here
[data < rest]
S: 226 done
C: QUIT
END
  ftp -C - -o file "$URL/file"
  assert_status 0
  assert_content file 'hello, world'
  assert_files file
  assert_played
}

@test "-C - of a file that has changed since begins anew" {
  printf 'old part' >file
  touch -d '2026-01-01 00:00Z' file
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 10
S: 213 20260102030405
C: EPSV
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp -C - -o file "$URL/file"
  assert_status 0
  assert_content file 0123456789
  assert_played
}

@test "an interrupt leaves nothing" {
  retr '213 20' <<'END'
S: 150 here
[data S 10 bytes]
[wait 30]
END
  # The data are all there, the last reply is not.
  "$PROGRAM" -o got "$URL/file" 2>/dev/null 3>&- &
  await has_lines "$PEER_LOG" 'send 10 data'
  kill -TERM $! # a background job's SIGINT is ignored
  status=0
  wait $! || status=$?
  assert_equal "$status" 130
  assert_files
}
