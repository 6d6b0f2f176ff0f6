#!/usr/bin/env bats
# ftpc with a real vsftpd: which takes commands one after the other, has no MLSD, and wants each
# data connection to resume the control connection's TLS session.

# shellcheck disable=SC2154 # stderr is set by bats
load ftpc.bash
load ../servers/servers

setup_file() {
  server_start vsftpd || [ "$(id -u)" -ne 0 ] || ! unshare -m true
  [ -z "${VSFTPD_PORT-}" ] || {
    printf 'hello\n' >"$VSFTPD_ANON/six"
    head -c 300000 /dev/urandom >"$VSFTPD_ANON/random"
    touch -d '2026-01-02 03:04:05Z' "$VSFTPD_ANON/six"
    mkdir -p "$VSFTPD_ANON/many"
    for i in $(seq 200); do
      echo "file $i" >"$VSFTPD_ANON/many/$i"
    done
  }
}

teardown_file() {
  server_stop vsftpd
}

setup() {
  [ -n "${VSFTPD_PORT-}" ] || skip 'vsftpd wants root and mount namespaces'
  tool_setup
  ANON=ftp://127.0.0.1:$VSFTPD_PORT
  ADA=ftp://ada:lovelace@localhost:$VSFTPD_PORT
  export SSL_CERT_FILE=$VSFTPD_CA
}

@test "a file, its time, a listing" {
  ftp -O "$ANON/six"
  assert_status 0
  assert_content six hello
  assert_equal "$(date -u -r six +%Y%m%d%H%M%S)" 20260102030405
  ftp -l "$ANON/"
  assert_output $'many\nrandom\nsix'
  ftp --jsonl "$ANON/"
  assert_line --partial '"name":"six","type":"file","size":6'
}

@test "no such file and no such directory: 66; wrong password: 77" {
  ftp "$ANON/none"
  assert_status 66
  ftp "$ANON/none/"
  assert_status 66
  ftp -u ada:wrong "$ANON/six"
  assert_status 77
}

@test "active mode, PASV, the textbook's dialogue" {
  for how in '-P -' '-P - --no-epsv' --no-epsv --no-pipelining; do
    # shellcheck disable=SC2086 # words
    ftp $how -o random "$ANON/random"
    assert_status 0
    cmp random "$VSFTPD_ANON/random"
  done
}

@test "up, down, appended, continued, through TLS 1.3, 1.2 and ftps" {
  head -c 200000 /dev/urandom >mine
  for url in "$ADA" "ftp://ada:lovelace@localhost:$VSFTPD_TLS12" "ftps://ada:lovelace@localhost:$VSFTPD_IMPLICIT"; do
    ftp --tls require -T mine "$url/up"
    assert_status 0
    cmp mine "$VSFTPD_HOME/up"
    ftp -v --tls require -o back "$url/up"
    assert_status 0
    cmp mine back
    assert_said resumed
    echo more >more.txt
    ftp -a -T more.txt "$url/up"
    assert_status 0
    cat mine more.txt | cmp - "$VSFTPD_HOME/up"
    head -c 70000 mine >"$VSFTPD_HOME/part"
    chown 2026 "$VSFTPD_HOME/part"
    ftp -C - -T mine "$url/part"
    assert_status 0
    cmp mine "$VSFTPD_HOME/part"
    head -c 50000 mine >up2
    cp mine "$VSFTPD_HOME/up2"
    touch -d '2026-01-01 00:00Z' "$VSFTPD_HOME/up2"
    chmod 644 "$VSFTPD_HOME/up2"
    ftp -v -C - -o up2 "$url/up2"
    assert_status 0
    assert_said 'REST 50000'
    cmp mine up2
    rm -rf new
    ftp -C - --create-dirs -o new/dir/up2 "$url/up2"
    assert_status 0
    cmp mine new/dir/up2
  done
}

@test "a long upload through TLS 1.3: session tickets that come while nothing can be sent" {
  head -c 9000000 /dev/urandom >long
  for nth in 1 2 3 4 5 6; do
    ftp --tls require --timeout 10 -T long "$ADA/long$nth"
    assert_status 0
    cmp long "$VSFTPD_HOME/long$nth"
    rm "$VSFTPD_HOME/long$nth"
  done
}

@test "200 files in a row, each data connection resumed" {
  for port in "$VSFTPD_PORT" "$VSFTPD_TLS12"; do
    rm -rf many
    ftp -q --tls require --mirror many "ftp://localhost:$port/many/"
    assert_status 0
    assert_equal "$stderr" ''
    diff -r many "$VSFTPD_ANON/many"
  done
}

@test "mirrors: down in parallel, nothing to do the second time, --delete, up" {
  ftp -q --parallel 4 --mirror many "$ANON/many/"
  assert_status 0
  diff -r many "$VSFTPD_ANON/many"
  ftp --mirror many "$ANON/many/"
  assert_equal "$stderr" ''
  echo extra >many/extra
  ftp --mirror many --delete --dry-run "$ANON/many/"
  assert_said 'would remove many/extra'
  assert [ -e many/extra ]
  ftp -q --mirror many --delete "$ANON/many/"
  assert [ ! -e many/extra ]
  mkdir many/sub
  echo deep >many/sub/deep
  rm -rf "${VSFTPD_HOME:?}"/*
  ftp -q --mirror-up many --exclude '1*' "$ADA/up/"
  assert_status 0
  assert_content "$VSFTPD_HOME/up/sub/deep" deep
  assert [ ! -e "$VSFTPD_HOME/up/10" ]
}

@test "mirrors over TLS by several connections at once, down and up, with a trace and a ceiling" {
  ftp --tls require --parallel 6 --trace trace --timing --limit-rate 50M --mirror many \
    "ftp://localhost:$VSFTPD_PORT/many/"
  assert_status 0
  diff -r many "$VSFTPD_ANON/many"
  rm -rf "${VSFTPD_HOME:?}"/*
  ftp -q --tls require --parallel 6 --mirror-up many "$ADA/up/"
  assert_status 0
  diff -r many "$VSFTPD_HOME/up"
}

@test "commands, in a script" {
  ftp --tls off --script - "$ADA" <<'END'
@mkdir d
@cd d
!echo text >file
@put file
@ls -1
@rename file other
@size other
@get other -
@mdelete *
@cdup
@rmdir d
END
  assert_status 0
  assert_output $'file\n5\ntext'
  ftp --execute 'cd none; pwd' "$ANON"
  assert_status 66
  refute_output
  ftp --execute '-cd none; pwd' "$ANON"
  assert_status 0
  assert_output /
}

@test "libcurl agrees: names, bytes" {
  command -v curl >/dev/null || skip 'no curl'
  curl -s -l "$ANON/many/" | sort >theirs
  ftp -l "$ANON/many/"
  sort <<<"$output" | diff theirs -
  for file in six random many/7; do
    curl -s "$ANON/$file" >theirs
    ftpc "$ANON/$file" | cmp - theirs
  done
}

@test "active mode over TLS: the server connects, we resume the session" {
  head -c 100000 /dev/urandom >mine
  for url in "$ADA" "ftp://ada:lovelace@localhost:$VSFTPD_TLS12"; do
    ftp -v --tls require -P - -T mine "$url/active"
    assert_status 0
    assert_said EPRT
    cmp mine "$VSFTPD_HOME/active"
    ftp -v --tls require -P - --no-epsv -4 -o back "$url/active"
    assert_status 0
    assert_said 'C: PORT'
    assert_said resumed
    cmp mine back
  done
}

@test "a named user is protected when the server can, anonymous when --tls require says so" {
  ftp -v -o six --tls require "ftp://localhost:$VSFTPD_PORT/six"
  assert_status 0
  assert_said '[tls'
  assert_said 'C: PROT P'
  ftp -v -u ada:lovelace -l "ftp://localhost:$VSFTPD_PORT/"
  assert_status 0
  assert_said $'C: AUTH TLS\nS: 234'
  run ! grep -q 'USER' <<<"${stderr%%\[tls*}"
}
