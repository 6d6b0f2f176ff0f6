#!/usr/bin/env bats
# What ftpc says, line by line: logins, modes, one file, one listing, one upload.

# shellcheck disable=SC2154 # stderr is set by bats
load ftpc.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# An anonymous fetch of `file` with everything sent ahead; SIZE, then stdin.
login_ahead() { # SIZE
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
S: 213 $1
S: 213 20260102030405
S: 229 passive (|||@PORT@|)
C: RETR file
$rest
END
}

@test "a file: everything that can go ahead goes with the login, the size proves the end" {
  login_ahead 2048 <<'END'
S: 150 here it comes
[data S 2048 bytes]
S: 226 done
C: QUIT
END
  ftp -o got "$URL/file"
  assert_status 0
  assert_equal "$stderr" ''
  assert_equal "$(stat -c %s got)" 2048
  assert_equal "$(date -u -r got +%Y%m%d%H%M%S)" 20260102030405
  assert_files got
  assert_played
  # USER ... EPSV, RETR, QUIT: three times the client has the word.
  assert_equal "$(peer_turns)" 3
}

@test "the textbook's dialogue, one command at a time" {
  play <<'END'
S: 220 ready
C: USER anonymous
S: 331 any password
C: PASS *
S: 230 welcome
C: TYPE I
S: 200 binary
C: SIZE file
S: 213 10
C: MDTM file
S: 550 no time
C: EPSV
S: 229 passive (|||@PORT@|)
C: RETR file
S: 125 already open
[data S 10 bytes]
S: 250 done
C: QUIT
END
  ftp --no-pipelining "$URL/file"
  assert_status 0
  assert_output 0123456789
  assert_played
}

@test "the trace: lines of the control connection, data as events" {
  login_ahead 10 <<'END'
S: 150 here it comes
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp -v "$URL/file"
  assert_status 0
  assert_said $'\nC: RETR file\n[data 127.0.0.1:'
  assert_said $' open]\nS: 150 here it comes\n[data S 10 bytes]\nS: 226 done\nC: QUIT\n[close]'
  assert_said 'C: PASS ****'
  refute_said 'anonymous@'
}

@test "a trace can be played back" {
  login_ahead 10 <<'END'
S: 150 here it comes
[data S 10 bytes]
S: 226 done
C: QUIT
END
  ftp --trace trace "$URL/file"
  assert_played
  sed -e 's/(|||[0-9]*|)/(|||@PORT@|)/; s/\*\*\*\*/*/' trace >again
  play <again
  ftp "$URL/file"
  assert_status 0
  assert_output 0123456789
  assert_played
}

@test "EPSV refused: PASV, and another address than the server's is not believed" {
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
S: 500 what is EPSV
C: PASV
S: 227 Entering Passive Mode (10,9,8,7,@PORT1@,@PORT2@).
C: RETR file
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123
  assert_said '10.9.8.7'
  assert_played
}

@test "--no-epsv begins with PASV" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: PASV
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 227 =127,0,0,1,@PORT1@,@PORT2@
C: RETR file
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp --no-epsv "$URL/file"
  assert_status 0
  assert_equal "$stderr" ''
  assert_played
}

@test "active mode: EPRT and the command go ahead too" {
  login <<'END'
C: TYPE I
C: SIZE file
C: MDTM file
C: EPRT |1|127.0.0.1|*|
C: RETR file
S: 331 any password
S: 230 welcome
S: 200 binary
S: 213 4
S: 550 no
S: 200 fine
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp -P - "$URL/file"
  assert_status 0
  assert_output 0123
  assert_played
}

@test "active mode: EPRT refused, PORT instead" {
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
S: 500 what
S: 425 no port
C: PORT 127,0,0,1,*
S: 200 fine
C: RETR file
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp -P - "$URL/file"
  assert_status 0
  assert_output 0123
  assert_played
}

@test "user and password; USER alone may be enough; 120 first; multi-line replies with codes inside" {
  play <<'END'
S: 120 ready in 0 minutes
S: 220-Welcome
S: 226 is not the end
S:  220 nor this
S: 220 ready
C: AUTH TLS
S: 502 no
C: USER ada
C: PASS lovelace
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 230 in already
S: 503 no password wanted
S: 200 binary
S: 213 4
S: 550 no
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp -u ada:lovelace "$URL/file"
  assert_status 0
  assert_output 0123
  assert_played
}

@test "an account, when the server asks for one" {
  play <<'END'
S: 220 ready
C: USER ada
S: 331 password
C: PASS lovelace
S: 332 account
C: ACCT engine
S: 230 in
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 200 binary
S: 213 4
S: 550 no
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data S 4 bytes]
S: 226 done
C: QUIT
END
  ftp --tls off -u ada:lovelace --account engine "$URL/file"
  assert_status 0
  assert_played
}

@test "netrc gives name, password and account" {
  printf 'machine 127.0.0.1 login ada password lovelace\n' >"$HOME/.netrc"
  chmod 600 "$HOME/.netrc"
  play <<'END'
S: 220 ready
C: USER ada
C: PASS lovelace
[rest]
END
  ftp --tls off "$URL/file"
  peer_stop
  grep -q 'recv' "$PEER_LOG"
}

@test "a wrong password is 77, and the reply is quoted" {
  play <<'END'
S: 220 ready
C: USER ada
C: PASS wrong
C: TYPE I
C: SIZE file
C: MDTM file
C: EPSV
S: 331 password
S: 530 Login incorrect.
S: 530 no
S: 530 no
S: 530 no
S: 530 no
C: QUIT
END
  ftp --tls off -u ada:wrong "$URL/file"
  assert_status 77
  assert_error 'Login incorrect'
  refute_said wrong:
  assert_played
}

@test "a server that hangs up on commands sent ahead is asked step by step" {
  play <<'END'
S: 220 ready
C: USER anonymous
S: 331 password
[close]
S2: 220 ready
C2: USER anonymous
S2: 331 one at a time, please
C2: PASS *
S2: 230 welcome
C2: TYPE I
S2: 200 binary
C2: SIZE file
S2: 213 4
C2: MDTM file
S2: 550 no
C2: EPSV
S2: 229 x (|||@PORT@|)
C2: RETR file
S2: 150 here
[data S 4 bytes]
S2: 226 done
C2: QUIT
END
  ftp "$URL/file"
  assert_status 0
  assert_output 0123
  assert_played
}

@test "a listing in MLSD form, as text, names, JSON" {
  cat >list <<'END'
type=cdir;modify=20260102030405; .
type=file;size=1234;modify=20260102030405;UNIX.mode=0644; b file
Type=dir;Modify=20260102030405.123; a
type=OS.unix=slink:/etc/passwd;size=1; link
END
  unix2dos() { sed 's/$/\r/' "$1"; }
  unix2dos list >"$BATS_TEST_TMPDIR/mlsd"
  dialogue=$(cat <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 211-Features
S:  MLST type*;size*;modify*;
S: 211 End
C: TYPE A
C: EPSV
S: 200 text
S: 229 x (|||@PORT@|)
C: MLSD pub
S: 150 here
[data < mlsd]
S: 226 done
C: QUIT
END
)
  login <<<"$dialogue"
  ftp "$URL/pub/"
  assert_status 0
  assert_line --index 0 'd?????????            - 2026-01-02 03:04 a'
  assert_line --index 1 -- '-rw-r--r--         1234 2026-01-02 03:04 b file'
  assert_line --index 2 'l?????????            1                - link -> /etc/passwd'
  assert_played
  login <<<"$dialogue"
  ftp -l "$URL/pub/"
  assert_output $'a\nb file\nlink'
  login <<<"$dialogue"
  ftp --jsonl "$URL/pub/"
  assert_line --index 1 '{"name":"b file","type":"file","size":1234,"modified":"2026-01-02T03:04:05Z","mode":"0644","target":null}'
}

@test "MLSD promised and not there: LIST" {
  printf 'total 1\r\n-rw-r--r-- 1 o g 5 Jan  2  2026 x\r\n' >"$BATS_TEST_TMPDIR/unix"
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 211-Features
S:  MLST type*;
S: 211 End
C: TYPE A
C: EPSV
S: 200 text
S: 229 x (|||@PORT@|)
C: MLSD
S: 502 not really
C: EPSV
S: 229 x (|||@PORT@|)
C: LIST
S: 150 here
[data < unix]
S: 226 done
C: QUIT
END
  ftp -l "$URL/"
  assert_status 0
  assert_output x
  assert_played
}

@test "an upload: confirmed by 226 and by SIZE" {
  printf 'hello\n' >mine
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 211-Features
S:  MFMT
S: 211 End
C: TYPE I
C: EPSV
S: 200 binary
S: 229 x (|||@PORT@|)
C: STOR dir/mine
S: 150 send
[data > stored]
S: 226 done
C: SIZE dir/mine
S: 213 6
C: MFMT * dir/mine
S: 213 changed
C: QUIT
END
  ftp -T mine "$URL/dir/"
  assert_status 0
  assert_played
  assert_content stored hello
}

@test "an upload that the server keeps short is no success" {
  printf 'hello\n' >mine
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 500 no
C: TYPE I
C: EPSV
S: 200 binary
S: 229 x (|||@PORT@|)
C: STOR mine
S: 150 send
[data > stored]
S: 226 done
C: SIZE mine
S: 213 3
C: QUIT
END
  ftp -T mine "$URL/mine"
  assert_status 75
  assert_error '3 of 6 bytes'
}

@test "text: line ends are changed both ways" {
  printf 'a\r\nb\rc\r\n' >"$BATS_TEST_TMPDIR/text"
  login <<'END'
C: TYPE A
C: MDTM file
C: EPSV
S: 331 password
S: 230 in
S: 200 text
S: 550 no
S: 229 x (|||@PORT@|)
C: RETR file
S: 150 here
[data < text]
S: 226 done
C: QUIT
END
  ftp "$URL/file;type=a"
  assert_status 0
  assert_output $'a\nb\rc'
  assert_played
}

@test "append" {
  printf 'more\n' >mine
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 500 no
C: TYPE I
C: EPSV
S: 200 binary
S: 229 x (|||@PORT@|)
C: APPE file
S: 150 send
[data > stored]
S: 226 done
C: QUIT
END
  ftp -a -T mine "$URL/file"
  assert_status 0
  assert_content stored more
}

@test "netrc's macro init is run after the login; a password in quote is not shown" {
  printf 'machine 127.0.0.1 login anonymous password me@\nmacdef init\n@quote NOOP\n\n' >"$HOME/.netrc"
  chmod 600 "$HOME/.netrc"
  login <<'END'
C: FEAT
S: 331 password
S: 230 in
S: 500 no
C: NOOP
S: 200 yes
C: pass hidden
S: 202 so what
C: QUIT
END
  ftp -v --execute '@quote pass hidden' "$URL"
  assert_status 0
  refute_said hidden
  assert_played
}

@test "a login that is refused by hand leaves the session in step" {
  play <<'END'
S: 220 ready
C: USER ada
C: PASS *
C: FEAT
S: 331 password
S: 530 no
S: 211 none
C: USER ada
C: PASS *
C: FEAT
S: 331 password
S: 230 yes
S: 211 none
C: SYST
S: 215 UNIX
C: QUIT
END
  ftp --tls off --execute '-user ada wrong; user ada right; SYST' "$URL"
  assert_status 0
  assert_output UNIX
  assert_played
}

@test "by hand the protocol's own verbs are verbs" {
  echo plan >plan
  play <<'END'
S: 220 ready
C: USER ada
C: PASS *
C: FEAT
S: 331 password
S: 230 yes
S: 211 none
C: STAT
S: 211 well
C: CWD pub
S: 250 there
C: TYPE A
C: EPSV
S: 200 text
S: 229 passive (|||@PORT@|)
C: LIST
S: 150 here
[data S 12 bytes]
S: 226 done
C: TYPE I
C: EPSV
S: 200 binary
S: 229 passive (|||@PORT@|)
C: STOR plan
S: 150 go on
[data C 5 bytes]
S: 226 done
C: SIZE plan
S: 213 5
C: QUIT
END
  ftp --tls off --execute 'user ada right; STAT; CWD pub; list; Stor plan; QUIT' "$URL"
  assert_status 0
  assert_played
}
