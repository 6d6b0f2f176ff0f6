#!/usr/bin/env bats
# ftpc with pyftpdlib: which takes commands at once, even during a transfer, and has MLSD, MFMT,
# UTF-8 names and (here) HASH.

load ftpc.bash
load ../servers/servers

setup_file() {
  server_start pyftpd
  server_start microsocks
  mkdir -p "$PYFTPD_ROOT/many/deep"
  for i in $(seq 50); do
    echo "file $i" >"$PYFTPD_ROOT/many/$i"
  done
  echo x >"$PYFTPD_ROOT/many/deep/grün"
  head -c 300000 /dev/urandom >"$PYFTPD_ROOT/random"
  cp "$PYFTPD_ROOT/random" "$PYFTPD_ROOT/bad"
}

teardown_file() {
  server_stop pyftpd
  server_stop microsocks
}

setup() {
  tool_setup
  ANON=ftp://127.0.0.1:$PYFTPD_PORT
  ADA=ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT
}

@test "a file, a listing with UTF-8 names" {
  ftp -O "$ANON/random"
  assert_status 0
  cmp random "$PYFTPD_ROOT/random"
  ftp -l "$ANON/many/deep/"
  assert_output grün
  ftp "$ANON/many/deep/gr%C3%BCn"
  assert_output x
}

@test "files one after the other, the next asked for while the last one ends" {
  ftp -q --mirror many "$ANON/many/"
  assert_status 0
  diff -r many "$PYFTPD_ROOT/many"
  rm -rf many
  ftp -q --parallel 5 --mirror many "$ANON/many/"
  assert_status 0
  diff -r many "$PYFTPD_ROOT/many"
}

@test "up: time kept by MFMT, digest compared by HASH" {
  echo hello >mine
  touch -d '2026-01-02 03:04:05Z' mine
  ftp -v --checksum -T mine "$ADA/mine"
  assert_status 0
  assert_said 'C: HASH mine'
  assert_equal "$(date -u -r "$PYFTPD_ROOT/mine" +%Y%m%d%H%M%S)" 20260102030405
  ftp --checksum -o back "$ADA/mine"
  assert_status 0
  assert_content back hello
}

@test "a digest that differs: 65, nothing kept" {
  ftp --checksum -o bad "$ANON/bad"
  assert_refused 65 checksum
}

@test "REST both ways" {
  head -c 100000 "$PYFTPD_ROOT/random" >random
  ftp -v -C - -O "$ANON/random"
  assert_status 0
  assert_said 'REST 100000'
  cmp random "$PYFTPD_ROOT/random"
  head -c 100000 random >"$PYFTPD_ROOT/up"
  ftp -v -C - -T random "$ADA/up"
  assert_status 0
  assert_said 'REST 100000'
  cmp random "$PYFTPD_ROOT/up"
}

@test "mirror up, with --delete; find and du" {
  mkdir -p tree/a
  echo 1 >tree/a/one
  echo 22 >tree/two
  ftp -q --mirror-up tree "$ADA/tree/"
  assert_status 0
  diff -r tree "$PYFTPD_ROOT/tree"
  rm tree/two
  ftp -q --mirror-up tree --delete "$ADA/tree/"
  assert_status 0
  diff -r tree "$PYFTPD_ROOT/tree"
  ftp -q --execute '@find tree; @du tree' "$ADA"
  assert_output $'tree/a\ntree/a/one\n2\ttree/a\n2\ttree'
}

@test "through a SOCKS5 proxy, data connections too" {
  before=$(wc -l <"$MICROSOCKS_LOG")
  ftp -v -x "socks5h://127.0.0.1:$MICROSOCKS_PORT" -o random "ftp://localhost:$PYFTPD_PORT/random"
  assert_status 0
  cmp random "$PYFTPD_ROOT/random"
  assert_said '[data S 300000 bytes]'
  # The proxy's log may be a moment late.
  await has_lines "$MICROSOCKS_LOG" '' $((before + 2))
  assert_equal $(($(wc -l <"$MICROSOCKS_LOG") - before)) 2
}

@test "a listing without a path by -l; -o takes a listing too, -O has no name for it" {
  ftp -l "127.0.0.1:$PYFTPD_PORT"
  assert_status 0
  assert_line many
  ftp -l -o names "$ANON/many/deep/"
  assert_status 0
  refute_output
  assert_content names grün
  ftp -O "$ANON/many/"
  assert_status 64
  assert_error 'names no file'
  assert_files names
}
