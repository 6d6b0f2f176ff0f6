#!/usr/bin/env bats
# --diagram: what is drawn, that it is XML and renders, and that nothing gets in through it.

load ../webget/webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

asks() { # CONN PAGE...
  for page in "${@:2}"; do
    printf '%s\n' "C${1#1}: GET /$page HTTP/1.1" '[rest]'
  done
}

answers() { # CONN PAGE...
  for page in "${@:2}"; do
    printf "S${1#1}: %s\n" 'HTTP/1.1 200 OK' "Content-Length: ${#page}"
    printf '%s\n' "S${1#1}:" "[send $page]"
  done
}

# Well-formed, nothing active in it, and a picture that is not of one colour.
assert_figure() { # FILE
  xmllint --noout "$1"
  if grep -iE '<script|<foreignObject|href=|@import| on[a-z]+="' "$1"; then
    return 1
  fi
  rsvg-convert "$1" -o figure.png
  [ "$(wc -c <figure.png)" -gt 5000 ]
}

arrows() { # CLASS
  grep -c "<line class=\"$1\"" figure.svg
}

@test "pipelined and persistent differ in structure" {
  play < <(asks 1 a; answers 1 a; asks 1 b c d; answers 1 b c d)
  fetch --diagram figure.svg -o /dev/null "$URL/{a,b,c,d}"
  assert_status 0
  assert_figure figure.svg
  [ "$(arrows c)" -eq 4 ]
  [ "$(arrows s)" -eq 4 ]
  grep -q 'total ' figure.svg
  # Two waits for an answer and TCP's: three spans of three lines each.
  [ "$(arrows rtt)" -eq 9 ]
  play < <(for p in a b c d; do asks 1 $p; answers 1 $p; done)
  fetch --connection persistent --diagram figure.svg -o /dev/null "$URL/{a,b,c,d}"
  assert_status 0
  assert_figure figure.svg
  [ "$(arrows rtt)" -eq 15 ]
}

@test "connections at the same time are further lines" {
  play < <(for n in 1 2 3; do asks $n '*'; done; for n in 1 2 3; do answers $n x; done)
  fetch --connection parallel --diagram figure.svg -o /dev/null "$URL/p[1-3]"
  assert_status 0
  assert_figure figure.svg
  [ "$(grep -c '>server</text>' figure.svg)" -eq 3 ]
}

@test "hostile words are words" {
  answer <<'END'
S: HTTP/1.1 200 </text><script>x()</script>\x1b[31m\xff\xef\xbf\xbe
S: Content-Length: 0
S:
END
  fetch --diagram figure.svg -o /dev/null "$URL/"
  assert_figure figure.svg
  grep -qF '&lt;/text&gt;&lt;script&gt;x()' figure.svg
}

@test "a session that breaks off has its diagram; so has one that never began" {
  answer <<<'[reset]'
  fetch --diagram figure.svg "$URL/"
  assert_status 75
  assert_figure figure.svg
  [ "$(arrows c)" -ge 1 ]
  fetch --diagram figure.svg http://127.0.0.1:1/
  assert_status 75
  xmllint --noout figure.svg
}

@test "a figure that can't be created is said before anything is done" {
  fetch --diagram missing/figure.svg http://127.0.0.1:1/
  assert_status 73
  assert_error missing/figure.svg
}
