#!/usr/bin/env bats
# The same transfer by ftpc and by libcurl (tests/crosscheck/ftp_reference.c), with two servers:
# the same bytes, names and outcomes.

# The servers set their variables.
# shellcheck disable=SC2153

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../servers/servers

# What each of the servers shows.
fill() { # DIR
  mkdir -p "$1/a dir/ünter/deep" "$1/empty dir"
  printf 'hello\n' >"$1/six"
  : >"$1/empty"
  head -c 300000 /dev/urandom >"$1/random"
  seq 1 3000 >"$1/lines.txt"
  echo spaces >"$1/two words.txt"
  echo percent >"$1/100%25.txt"
  echo hash >"$1/a#b?c;d.txt"
  echo umlaut >"$1/grün.txt"
  echo deep >"$1/a dir/ünter/deep/file"
}

setup_file() {
  server_start pyftpd
  fill "$PYFTPD_ROOT"
  export SITES="127.0.0.1:$PYFTPD_PORT/" HOMES="127.0.0.1:$PYFTPD_PORT=$PYFTPD_ROOT"
  server_start vsftpd || [ "$(id -u)" -ne 0 ] || ! unshare -m true
  [ -z "${VSFTPD_PORT-}" ] || {
    fill "$VSFTPD_ANON"
    export SITES="$SITES 127.0.0.1:$VSFTPD_PORT/" HOMES="$HOMES 127.0.0.1:$VSFTPD_PORT=$VSFTPD_HOME"
  }
}

teardown_file() {
  server_stop pyftpd
  server_stop vsftpd
}

setup() {
  unset http_proxy https_proxy ftp_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NETRC
  export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config HOME=$BATS_TEST_TMPDIR
  build=${PARLEY_BUILD:-$BATS_TEST_DIRNAME/../../build}
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return 1
}

ours() {
  timeout 20 "${PARLEY_BIN:-$build/bin}/ftpc" -q --no-netrc --tls off "$@"
}

theirs() {
  timeout 20 "$BATS_TEST_DIRNAME/../../build/tests/ftp_reference" "$@"
}

# Both end alike, and what they brought is the same.
same() { # ARGUMENT...
  local mine=0 other=0
  rm -f mine other
  ours -o mine "$@" 2>said || mine=$?
  theirs -o other "$@" || other=$?
  [ "$mine" -eq "$other" ] || { echo "$*: $mine, libcurl $other; $(cat said)"; return 1; }
  [ "$mine" -ne 0 ] || cmp mine other
}

@test "files: names of every kind, empty, large, deep; what is not there" {
  for site in $SITES; do
    for path in six empty random lines.txt two%20words.txt 100%2525.txt a%23b%3Fc%3Bd.txt gr%C3%BCn.txt \
      a%20dir/%C3%BCnter/deep/file none a%20dir/none nodir/none; do
      same "ftp://$site$path"
    done
  done
}

@test "text" {
  for site in $SITES; do
    same "ftp://$site""lines.txt;type=a"
    same -B "ftp://$site""lines.txt"
  done
}

@test "listings: names, and the server's own text" {
  for site in $SITES; do
    for dir in '' a%20dir/ a%20dir/%C3%BCnter/ empty%20dir/ none/; do
      mine=0 other=0
      ours -l "ftp://$site$dir" >mine 2>said || mine=$?
      theirs -l "ftp://$site$dir" >other || other=$?
      # Of an empty directory vsftpd's NLST says 550 or nothing.
      [ "$dir" = empty%20dir/ ] || [ "$mine" -eq "$other" ] || { echo "$site$dir: $mine, $other"; return 1; }
      tr -d '\r' <other | sort | diff <(sort mine) -
    done
    ours --execute '@dir' "ftp://$site" | tr -d '\r' >mine
    theirs "ftp://$site" | tr -d '\r' | diff mine -
  done
}

@test "from the middle" {
  for site in $SITES; do
    ours -o whole "ftp://$site""random"
    head -c 123456 whole >mine
    head -c 123456 whole >other
    ours -C - -o mine "ftp://$site""random"
    theirs -C 123456 -o other "ftp://$site""random"
    cmp mine other
    cmp mine whole
  done
}

@test "uploads: anew, over what is there, appended, continued, empty, under any name" {
  head -c 200000 /dev/urandom >source
  : >nothing
  for home in $HOMES; do
    root=${home#*=} site=ftp://${home%%=*}
    for name in plain 'two words' grün '50%'; do
      url=$site/up-$(sed 's/%/%25/; s/ /%20/; s/ü/%C3%BC/' <<<"$name")
      ours -u ada:lovelace -T source "$url-1"
      theirs -u ada:lovelace -T source "$url-2"
      cmp "$root/up-$name-1" "$root/up-$name-2"
      ours -u ada:lovelace -a -T source "$url-1"
      theirs -u ada:lovelace -a -T source "$url-2"
      cmp "$root/up-$name-1" "$root/up-$name-2"
      [ "$(stat -c %s "$root/up-$name-1")" -eq 400000 ]
      ours -u ada:lovelace -T nothing "$url-1"
      theirs -u ada:lovelace -T nothing "$url-2"
      [ ! -s "$root/up-$name-1" ] && [ ! -s "$root/up-$name-2" ]
    done
    for n in 1 2; do
      head -c 70000 source >"$root/half-$n"
      chmod 666 "$root/half-$n"
    done
    ours -u ada:lovelace -C - -T source "$site/half-1"
    theirs -u ada:lovelace -C -1 -T source "$site/half-2"
    cmp "$root/half-1" source
    cmp "$root/half-2" source
  done
}

# With vsftpd, where there is one: pyftpdlib now and then never answers a wrong PASS of libcurl's.
@test "a wrong password" {
  case $SITES in *' '*) same -u ada:wrong "ftp://${SITES##* }six" ;; esac
  for site in $SITES; do
    run ours -u ada:wrong "ftp://${site}six"
    assert_failure 77
  done
}
