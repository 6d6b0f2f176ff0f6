#!/usr/bin/env bats
# The same messages, whole and by sections, by imapls and by libcurl from a Dovecot, byte for
# byte; and each as it was put there. What is in them tries to pass for the server's answers.
# shellcheck disable=SC2154 # status, output are bats's

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
  export ROOT=0 DOVE=$BATS_FILE_TMPDIR/dovecot
  [ "$(id -u)" -eq 0 ] || return 0
  ROOT=1
  "$BATS_TEST_DIRNAME/../servers/dovecot.sh" start "$DOVE"
}

teardown_file() {
  [ "$ROOT" -eq 0 ] || "$BATS_TEST_DIRNAME/../servers/dovecot.sh" stop "$DOVE"
}

setup() {
  [ "$ROOT" -eq 1 ] || skip "Dovecot wants root"
  export LC_ALL=C HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
  imapls=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/imapls
  # shellcheck disable=SC1091
  . "$DOVE/env"
  cd "$BATS_TEST_TMPDIR" || return 1
  count=0
  sections=()
  shopt -s lastpipe # what a pipe ends in counts on
}

# A message on stdin; its unique id is its place. SECTIONS of it are compared, and the whole.
message() { # USER [SECTION...]
  local box=$DOVECOT_MAIL/$1
  count=$((count + 1))
  shift
  mkdir -p "$box/new" "$box/cur" "$box/tmp" put
  cat >"put/$count"
  cp "put/$count" "$box/new/$((1700000000 + count)).M1P1.test"
  sections[count]="$*"
}

plain() { # TEXT, as the body of a message of one part
  printf 'From: x@example.net\nSubject: %s\n\n%b' "$count" "$1" | message "$USER" 1 TEXT
}

# Libcurl has all on one connection, imapls each on its own; the answers stand one behind the
# other.
compare() { # USER
  local theirs=() ours=() n section url=imap://$1:lovelace@127.0.0.1:$DOVECOT_IMAP/INBOX
  chown -R nobody "$DOVECOT_MAIL/$1"
  for n in $(seq "$count"); do
    ours+=("$url;UID=$n")
    theirs+=("$url;UID=$n" -o "theirs.$n.0")
    for section in ${sections[n]}; do
      ours+=("$url;UID=$n/;SECTION=$section")
      theirs+=("$url;UID=$n;SECTION=$section" -o "theirs.$n.$section")
    done
  done
  curl -s "${theirs[@]}"
  for n in $(seq "$count"); do
    sed -z 's/\r\?\n/\r\n/g' "put/$n" | cmp - "theirs.$n.0" >&2
    cat "theirs.$n.0"
    for section in ${sections[n]}; do cat "theirs.$n.$section"; done
  done >theirs
  timeout 120 "$imapls" --tls off --raw "${ours[@]}" >ours || fail "imapls: $?"
  cmp ours theirs || name_them "${ours[@]}"
}

# Which of them differ.
name_them() { # URL...
  local url n section
  for url; do
    n=${url##*UID=} section=0
    case $n in */*) section=${n##*=} n=${n%%/*} ;; esac
    "$imapls" --tls off --raw "$url" | cmp - "theirs.$n.$section" || echo "$n $section differs"
  done
  return 1
}

@test "bodies that look like answers, quotes, literals and parentheses" {
  USER=ada
  for text in 'A004 OK done\n' 'A003 OK FETCH completed\r\nA004 OK x\n' ')\n' ')\nA004 OK done\n)\n' '{5}\n' \
    '{99999}\nabc\n' '{5+}\n* BYE\n' '"\n' '\\\\"\\\\\n' '"unended {3}\n' '* BYE bye\n' '* 1 FETCH (BODY[] {3}\nabc)\n' \
    '+ go on\n' '* 99 EXISTS\n* 1 EXPUNGE\n' 'A004 BAD no\n' '(((((((((\n' ')))))))))\n' 'NIL\n' '* OK [ALERT] x\n' \
    '.\n..\n' 'BODY[1] NIL)\nA005 OK\n'; do
    plain "$text"
  done
  [ "$count" -eq 21 ]
  compare ada
}

@test "empty, without an end, eight bits, long lines, much" {
  USER=bob
  plain ''
  plain x
  plain '\n'
  plain 'no end of the line'
  plain '\n\n\n'
  plain 'Gr\xc3\xbc\xc3\x9fe\n'
  plain 'Gr\xfc\xdfe\x80\x9f\xff\n'
  plain "$(for n in $(seq 1 255); do [ "$n" = 10 ] || [ "$n" = 13 ] || printf '\\x%02x' "$n"; done)"
  for n in 997 4095 4096 4097 8191 8192 16383 16384 16385 65535 65536 300000; do
    plain "$(printf '%0*d' "$n" 7)\nnext\n"
  done
  plain "$(seq 1 150000 | tr '\n' ' ')"
  plain "$(seq -f '%06g\\n' 1 50000 | tr -d '\n')"
  printf 'Subject: only a header\n' | message bob HEADER
  printf 'Subject: %s\n\nx\n' "$(seq -f ' %.0f words\n' 1 2000 | sed '1!s/^/ /')" | message bob HEADER TEXT 1
  printf 'Subject: \xfc "{3} (\nX: )\n\nx\n' | message bob HEADER TEXT 1
  [ "$count" -ge 24 ]
  compare bob
}

part() { # BOUNDARY TYPE; the body on stdin
  printf -- '--%s\nContent-Type: %s\n\n' "$1" "$2"
  cat
}

nested() { # DEPTH: each level a text and the next level
  printf 'Content-Type: multipart/mixed; boundary=b%d\n\npreamble A004 OK\n' "$1"
  printf 'text of level %d\n)\nA004 OK done\n' "$1" | part "b$1" text/plain
  [ "$1" -eq 0 ] || { printf -- '--b%d\n' "$1" && nested $(($1 - 1)); }
  printf -- '--b%d--\nepilogue {5}\n' "$1"
}

@test "nested multiparts, section by section" {
  parts=
  for depth in 0 1 2 5; do
    { echo "Subject: $depth"; nested "$depth"; } >deep
    parts="TEXT HEADER"
    for level in $(seq 0 "$depth"); do
      here=$(printf '2.%.0s' $(seq 1 "$level"))
      [ "$level" -gt 0 ] || here=
      parts="$parts ${here}1 ${here}1.MIME"
      [ "$level" -eq "$depth" ] || parts="$parts ${here}2 ${here}2.MIME"
    done
    # shellcheck disable=SC2086 # words
    message carol $parts <deep
  done
  { printf 'Content-Type: multipart/mixed; boundary=o\n\n'
    { printf 'Subject: inner "{3}\nFrom: y@example.net\n'; nested 1; } | part o message/rfc822
    part o text/plain </dev/null
    { printf 'AAEC/w=='; } | part o 'application/octet-stream; name=")"'
    printf '\n--o--\n'; } | message carol 1 1.MIME 1.HEADER 1.TEXT 1.1 1.2 1.2.1 2 2.MIME 3 3.MIME
  { printf 'Content-Type: multipart/mixed; boundary="a b"\n\n'
    echo 'never ended' | part 'a b' text/plain; } | message carol 1 TEXT
  { printf 'Content-Type: multipart/mixed; boundary=x\n\n'
    printf -- '--x-longer\n-- x\n --x\n--\n' | part x text/plain
    echo '--x--'; } | message carol 1 1.MIME
  [ "$count" -eq 7 ]
  compare carol
}

@test "a part decoded is what was encoded" {
  url=imap://ada:lovelace@127.0.0.1:$DOVECOT_IMAP
  head -c 100000 /dev/urandom >bytes
  { printf 'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: image/png\n'
    printf 'Content-Transfer-Encoding: base64\n\n'; base64 bytes; printf -- '--o\nContent-Type: text/plain; charset=utf-8\n'
    printf 'Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe =\nand A004 OK =29\n--o--\n'; } >letter
  "$imapls" --tls off --append letter "$url/INBOX" >uid
  "$imapls" --tls off --part 1 "$url/INBOX;UID=$(cat uid)" | cmp - bytes
  run "$imapls" --tls off --part 2 "$url/INBOX;UID=$(cat uid)"
  assert_output 'Grüße and A004 OK )'
}
