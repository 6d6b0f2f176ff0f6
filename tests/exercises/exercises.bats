#!/usr/bin/env bats
# parley-exercises(7): each command runs as it is printed, and shows what the sheet promises.

bats_require_minimum_version 1.5.0
load exercises.bash

setup() {
  exercises_setup
}

# The total of the last line of --timing, in ms.
total() { # N: of the Nth run
  sed -n 's/^timing: [0-9]* objects, .* total \([0-9]*\)\..*/\1/p' err | sed -n "${1}p"
}

@test "the preparation; each exercise is among these tests; the directory is where make puts it" {
  # shellcheck disable=SC2016
  grep -qx 'AT=www.example.org:$PORT' prepared
  sheet_page | grep -q '\$ D=/usr/local/share/parley/dialogues PORT=8080'
  # shellcheck disable=SC2016
  grep -q '^datadir := $(PREFIX)/share/parley' "$BATS_TEST_DIRNAME/../../Makefile"
  count=$(grep -c '^\.Ss [0-9]*\. ' "$SHEET")
  [ "$count" -ge 15 ]
  for n in $(seq "$count"); do
    grep -qx "  exercise $n" "$BATS_TEST_FILENAME"
  done
}

@test "each file to compare with is there" {
  grep -o '[a-z0-9-]*\.txt' "$SHEET" | sort -u | while read -r name; do
    case $name in
    plan.txt | boats.txt | book.txt | mine.txt) ;;
    *) [ -e "$DIALOGUES/$name" ] || { echo "no $name"; exit 1; } ;;
    esac
  done
}

@test "1: by hand" {
  exercise 1
  grep -qx 'S: HTTP/1.0 200 OK' out
  grep -qx 'S: The boats leave at nine.' out
}

@test "2: two round trips" {
  exercise 2
  grep -Eq '^    model: 2 RTT \+ L/R = 2 x ' err
  measured=$(sed -n 's/.*measured \([0-9]*\)\..*/\1/p' err)
  [ "$measured" -ge 95 ]
}

@test "3: the connection models" {
  exercise 3
  grep -q '^timing: 11 objects, 11 connections, 22 round trips' err
  grep -q '^timing: 11 objects, 1 connection, 12 round trips' err
  grep -q '^timing: 11 objects, 1 connection, [2-4] round trips' err
  grep -q '^timing: 6 objects, 6 connections, 12 round trips' err
  [ "$(total 1)" -gt "$(total 2)" ]
  [ "$(total 2)" -gt "$(total 3)" ]
}

@test "4: 301 and 404" {
  exercise 4
  grep -q '^S: HTTP/1.1 301 ' err
  grep -q '^C: GET /timetable/winter.html' err
  grep -q '^Winter.' out
  grep -q "66$" out
}

@test "5: a cookie" {
  exercise 5
  grep -q '^S: Set-Cookie: ' err
  grep -q 'visitor.*1678' out
  grep -qx 'C: Cookie: visitor=1678' err
  grep -q 'Welcome back.' out
}

@test "6: conditional" {
  exercise 6
  [ "$(grep -c '^C: If-Modified-Since: Wed, 09 Sep 2026' err)" = 2 ]
  grep -q '^S: HTTP/1.1 304 ' err
  grep -q '^S: HTTP/1.1 200 ' err
  grep -q '^Fruit.' out
}

@test "7: FTP, passive" {
  exercise 7
  grep -q '^S: 229 ' err
  [ "$(grep -c '^\[data .* open\]' err)" = 3 ]
  grep -q '</svg>' ftp.svg
  [ -s boats.txt ]
  # A listing went over the data connection, and is no line of the control connection.
  if grep '^S: 0123' err; then return 1; fi
}

@test "8: FTP, active" {
  exercise 8
  grep -q '^C: EPRT ' err
  grep -q '^\[data .* accepted\]' err
  [ -s boats.txt ]
}

@test "9: FTP, refused" {
  echo plan >plan.txt
  exercise 9
  grep -A1 '^S: 425 ' err | grep -q '^    4 not now'
  grep -A1 '^S: 452 ' err | grep -q '^    4 not now'
}

@test "10: SMTP by hand" {
  exercise 10
  grep -qx 'S: 250 Message taken' out
  grep -q '^S: 221 ' out
}

@test "11: the dot" {
  exercise 11
  grep -qx 'C: \.\.' err
  grep -qx 'C: \.\.\.and this was not it\.' err
}

@test "12: MIME" {
  exercise 12
  grep -q 'GIF89a' out
  [ "$(grep -c '^C: --StartOfNextPart' err)" = 3 ]
}

@test "13: POP3" {
  exercise 13
  [ "$(grep -c '^C: DELE ' out)" = 2 ]
  [ "$(grep -c '^S: They leave at nine' out)" = 2 ]
}

@test "14: IMAP" {
  exercise 14
  [ "$(grep -c '^Boats' out)" = 2 ]
  grep -q '^C: A002 EXAMINE' err
  grep -q 'BODY.PEEK' err
  grep -q '^They leave at nine.' out
}

@test "15: explained" {
  exercise 15
  grep -A1 '^C: LIST' out err | grep -q 'RFC 1939'
  grep -q 'transaction begins' out err
}

@test "16: drawn" {
  exercise 16
  xmllint --noout waiting.svg pipelined.svg
}

@test "17: compared" {
  exercise 17
  grep -qx 65 out
  grep -q '^smtpsend: first difference: book.txt:[0-9]*: C: EHLO' err
}

@test "18: recorded" {
  exercise 18
  grep -qx 'C: PASS \*' mine.txt
  grep -qx 'C: RETR 2' mine.txt
  grep -q '^S: They leave at nine' mine.txt
}
