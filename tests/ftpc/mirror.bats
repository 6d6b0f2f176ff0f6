#!/usr/bin/env bats
# Mirrors, from and to pyftpdlib: what they take, what they leave, what they do when they are
# interrupted; proxies on the way.

# shellcheck disable=SC2154 # stderr is set by bats
load ftpc.bash
load ../servers/servers

setup_file() {
  server_start pyftpd
  server_start tinyproxy
  mkdir -p "$PYFTPD_ROOT/tree/sub/deep" "$PYFTPD_ROOT/big"
  for name in a.txt b.log sub/c.txt sub/d.log sub/deep/e.txt; do
    echo "$name" >"$PYFTPD_ROOT/tree/$name"
  done
  for i in 1 2 3 4; do
    head -c 100000 /dev/urandom >"$PYFTPD_ROOT/big/$i"
  done
}

teardown_file() {
  server_stop pyftpd
  server_stop tinyproxy
}

setup() {
  tool_setup
  ANON=ftp://127.0.0.1:$PYFTPD_PORT
  ADA=ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT
}

# The files below a directory, on one line.
tree() { # DIR
  (cd "$1" && find . -type f | sed 's#^\./##' | sort | tr '\n' ' ')
}

@test "--include and --exclude: the last that fits counts, directories are looked into" {
  ftp -q --mirror t --include '*.txt' "$ANON/tree/"
  assert_status 0
  assert_equal "$(tree t)" 'a.txt sub/c.txt sub/deep/e.txt '
  rm -rf t
  ftp -q --mirror t --exclude '*.log' "$ANON/tree/"
  assert_equal "$(tree t)" 'a.txt sub/c.txt sub/deep/e.txt '
  rm -rf t
  ftp -q --mirror t --exclude sub --include sub/c.txt "$ANON/tree/"
  assert_equal "$(tree t)" 'a.txt b.log '
  rm -rf t
  ftp -q --mirror t --include '*.log' --exclude 'sub/*' "$ANON/tree/"
  assert_equal "$(tree t)" 'b.log '
}

@test "--delete leaves alone what the globs leave out, both ways" {
  mkdir -p t/old/keep
  touch t/old/gone.txt t/old/keep/mine.log t/extra.log t/extra.txt
  ftp -q --mirror t --delete --exclude '*.log' "$ANON/tree/"
  assert_status 0
  assert_equal "$(tree t)" 'a.txt extra.log old/keep/mine.log sub/c.txt sub/deep/e.txt '
  ftp -q --mirror t --delete "$ANON/tree/"
  diff -r t "$PYFTPD_ROOT/tree"
  mkdir -p "$PYFTPD_ROOT/up/old/keep"
  touch "$PYFTPD_ROOT/up/old/gone.txt" "$PYFTPD_ROOT/up/old/keep/theirs.log"
  ftp -q --mirror-up t --delete --exclude '*.log' "$ADA/up/"
  assert_status 0
  assert_equal "$(tree "$PYFTPD_ROOT/up")" 'a.txt old/keep/theirs.log sub/c.txt sub/deep/e.txt '
  ftp -q --mirror-up t --delete "$ADA/up/"
  diff -r t "$PYFTPD_ROOT/up"
}

@test "an interrupted mirror goes on: what is there already is not fetched again" {
  one_there() { [ "$(find big -name '[1-4]' 2>/dev/null | wc -l)" -ge 1 ]; }
  "$PROGRAM" --limit-rate 100k --mirror big "$ANON/big/" 2>said 3>&- &
  await one_there
  kill -TERM $!
  status=0
  wait $! || status=$?
  assert_status 130
  there=$(tree big)
  assert [ "$(wc -w <<<"$there")" -lt 4 ]
  for name in $there; do
    cmp "big/$name" "$PYFTPD_ROOT/big/$name"
  done
  ftp --mirror big "$ANON/big/"
  assert_status 0
  diff -r big "$PYFTPD_ROOT/big"
  assert_equal "$(wc -l <<<"$stderr")" $((4 - $(wc -w <<<"$there")))
}

@test "--mirror -C: a part is continued" {
  mkdir big
  head -c 60000 "$PYFTPD_ROOT/big/2" >big/.2.part
  ftp -q -v -C - --mirror big "$ANON/big/"
  assert_status 0
  assert_said 'C: REST 60000'
  diff -r big "$PYFTPD_ROOT/big"
}

@test "times: those of the server come along, and nothing is done twice" {
  touch -d '2020-02-29 12:34:56Z' "$PYFTPD_ROOT/tree/a.txt"
  ftp -q --mirror t "$ANON/tree/"
  assert_equal "$(date -u -r t/a.txt +%FT%T)" 2020-02-29T12:34:56
  ftp --mirror t "$ANON/tree/"
  assert_quiet
  ftp -q --mirror-up t "$ADA/up2/"
  assert_equal "$(date -u -r "$PYFTPD_ROOT/up2/a.txt" +%FT%T)" 2020-02-29T12:34:56
  ftp --mirror-up t "$ADA/up2/"
  assert_quiet
}

@test "a link in a listing is not followed out of the mirror, nor made to lead out" {
  mkdir "$PYFTPD_ROOT/links" outside
  ln -s /etc/passwd "$PYFTPD_ROOT/links/abs"
  ln -s ../tree "$PYFTPD_ROOT/links/up"
  ln -s real "$PYFTPD_ROOT/links/good"
  echo real >"$PYFTPD_ROOT/links/real"
  ln -s ../outside link
  ftp -q --mirror link/m "$ANON/links/"
  # pyftpdlib shows links as what they lead to, or not at all: no link appears here.
  assert_equal "$(find outside -type l -lname '/*' -o -type l -lname '..*')" ''
}

@test "through an HTTP proxy by CONNECT, data connections too" {
  before=$(grep -c CONNECT "$TINYPROXY_LOG" || true)
  ftp -v -x "http://127.0.0.1:$TINYPROXY_PORT" -o one "$ANON/big/1"
  assert_status 0
  cmp one "$PYFTPD_ROOT/big/1"
  assert_said '[data S 100000 bytes]'
  ftp -x "http://127.0.0.1:$TINYPROXY_PORT" -T one "$ADA/through"
  assert_status 77
  assert_error 'to the proxy is not encrypted'
  ftp -x "http://127.0.0.1:$TINYPROXY_PORT" --plaintext-login -T one "$ADA/through"
  assert_status 0
  cmp one "$PYFTPD_ROOT/through"
  ftp -x "http://127.0.0.1:$TINYPROXY_PORT" -l "$ANON/tree/"
  assert_output $'a.txt\nb.log\nsub'
  # Two for each: the log may be a moment late.
  await has_lines "$TINYPROXY_LOG" CONNECT $((before + 6))
}

@test "ftp_proxy and no_proxy of the environment" {
  export ftp_proxy=http://127.0.0.1:$TINYPROXY_PORT
  before=$(grep -c CONNECT "$TINYPROXY_LOG" || true)
  no_proxy=127.0.0.0/8 ftp -l "$ANON/tree/"
  assert_output $'a.txt\nb.log\nsub'
  assert_equal "$(grep -c CONNECT "$TINYPROXY_LOG")" "$before"
  ftp_proxy=http://127.0.0.1:1 ftp -l "$ANON/tree/"
  assert_status 75
  ftp -v -l "$ANON/tree/"
  assert_status 0
  assert_said proxy
}

@test "active mode through a proxy can't work, and is said to" {
  ftp -P - -x "http://127.0.0.1:$TINYPROXY_PORT" -o one "$ANON/big/1"
  assert_status 64
  assert_error proxy
  assert_files
}
