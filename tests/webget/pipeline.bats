#!/usr/bin/env bats
# Several URLs: which connections they take, in which order requests and answers go, what
# happens when a server closes early.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# Dialogue lines of connection $1: the requests for the pages after it, then their answers.
asks() { # CONN PAGE...
  local conn=${1#1}
  for page in "${@:2}"; do
    printf '%s\n' "C$conn: GET /$page HTTP/1.1" '[rest]'
  done
}

answers() { # CONN PAGE...
  local conn=${1#1}
  for page in "${@:2}"; do
    printf "S$conn: %s\n" 'HTTP/1.1 200 OK' "Content-Length: ${#page}"
    printf '%s\n' "S$conn:" "[send $page]"
  done
}

takes() { # CONN PAGE...: one after the other
  local page
  for page in "${@:2}"; do
    asks "$1" "$page"
    answers "$1" "$page"
  done
}

@test "a pipeline: one look at the server, then all requests at once, on one connection" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4 p5
    answers 1 p2 p3 p4 p5
  )
  fetch "$URL/p[1-5]"
  assert_status 0
  assert_output p1p2p3p4p5
  assert_played
  [ "$(peer_turns)" -eq 2 ]
}

@test "--connection persistent: one connection, one after the other" {
  play < <(takes 1 p1 p2 p3)
  fetch --connection persistent "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
  [ "$(peer_turns)" -eq 3 ]
}

@test "--connection nonpersistent: a connection each, closed after it, one at a time" {
  play < <(
    for n in 1 2 3; do
      conn=${n#1}
      printf "C$conn: %s\n" "GET /p$n HTTP/1.1" 'Host: *' 'User-Agent: *' 'Accept: */*' 'Connection: close'
      echo "C$conn:"
      answers "$n" "p$n"
      echo '[eof]'
    done
  )
  fetch --connection nonpersistent "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
}

@test "--connection parallel: connections at the same time, results in the order of the URLs" {
  # Nobody is answered before all have asked. Who comes first is not known.
  play < <(
    for n in '' 2 3; do
      printf '%s\n' "C$n: GET /p* HTTP/1.1" '[rest]'
    done
    for n in 3 2 ''; do
      printf "S$n: %s\n" 'HTTP/1.1 200 OK' 'Content-Length: 4'
      printf '%s\n' "S$n:" '[send same]' '[wait 0.05]'
    done
  )
  fetch --connection parallel -o '#1' "$URL/p[1-3]"
  assert_status 0
  assert_played
  assert_files 1 2 3
}

@test "parallel results on stdout keep the order of the URLs" {
  play --connections 1 < <(takes 1 a)
  local first=$URL
  play < <(printf '%s\n' 'C: GET /b HTTP/1.1' '[rest]'; answers 1 b)
  local second=$URL
  play < <(printf '%s\n' 'C: GET /c HTTP/1.1' '[rest]' '[wait 0.3]'; answers 1 c)
  fetch --connection parallel "$URL/c" "$first/a" "$second/b"
  assert_status 0
  assert_output cab
}

@test "a server that keeps no connection gets a new one each time" {
  play < <(
    for n in 1 2 3; do
      asks "$n" "p$n"
      conn=${n#1}
      printf "S$conn: %s\n" 'HTTP/1.1 200 OK' 'Connection: close' 'Content-Length: 2'
      printf '%s\n' "S$conn:" "[send p$n]" '[close]'
    done
  )
  fetch "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
}

@test "a server of HTTP/1.0 is not sent several requests at once" {
  play < <(
    asks 1 p1
    printf 'S: %s\n' 'HTTP/1.0 200 OK' 'Connection: keep-alive' 'Content-Length: 2'
    printf '%s\n' 'S:' '[send p1]'
    takes 1 p2 p3
  )
  fetch "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
  # p2 answered in HTTP/1.1: the first answer decides as long as the last one does not.
  [ "$(peer_turns)" -eq 3 ]
}

@test "-0: a connection each" {
  play < <(
    for n in '' 2; do
      printf '%s\n' "C$n: GET /p${n:-1} HTTP/1.0" '[rest]'
      printf "S$n: %s\n" 'HTTP/1.0 200 OK'
      printf '%s\n' "S$n:" "[send p${n:-1}]" '[close]'
    done
  )
  fetch -0 "$URL/p[1-2]"
  assert_status 0
  assert_output p1p2
  assert_played
}

@test "POSTs and unknown methods are not pipelined" {
  play < <(
    for n in 1 2 3; do
      printf '%s\n' "C: POST /p$n HTTP/1.1" '[rest]' '[read 1]'
      answers 1 "p$n"
    done
  )
  fetch -d x "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
  [ "$(peer_turns)" -eq 3 ]
}

@test "a server that closes early: what is lost is asked for again, every body comes once" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4 p5
    answers 1 p2 p3
    echo '[close]'
    asks 2 p4
    answers 2 p4
    asks 2 p5
    answers 2 p5
  )
  fetch -o '#1' "$URL/p[1-5]"
  assert_status 0
  assert_quiet
  assert_played
  assert_files 1 2 3 4 5
  for n in 1 2 3 4 5; do
    assert_content "$n" "p$n"
  done
}

@test "a server that says Connection: close within a pipeline" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4
    printf 'S: %s\n' 'HTTP/1.1 200 OK' 'Connection: close' 'Content-Length: 2'
    printf '%s\n' 'S:' '[send p2]' '[close]'
    asks 2 p3
    answers 2 p3
    asks 2 p4
    answers 2 p4
  )
  fetch "$URL/p[1-4]"
  assert_status 0
  assert_output p1p2p3p4
  assert_quiet
  assert_played
}

@test "a reset within a pipeline, before any byte of an answer" {
  play < <(
    takes 1 p1
    asks 1 p2 p3
    echo '[reset]'
    asks 2 p2
    answers 2 p2
    asks 2 p3
    answers 2 p3
  )
  fetch "$URL/p[1-3]"
  assert_status 0
  assert_output p1p2p3
  assert_played
}

@test "a server that closes each connection after one answer comes to its end" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4
    echo '[close]'
    asks 2 p2
    answers 2 p2
    asks 2 p3
    echo '[close]'
    asks 3 p3
    answers 3 p3
    asks 3 p4
    answers 3 p4
  )
  fetch "$URL/p[1-4]"
  assert_status 0
  assert_output p1p2p3p4
  assert_played
}

@test "a body that is cut within a pipeline fails that URL; the others are delivered" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4
    printf 'S: %s\n' 'HTTP/1.1 200 OK' 'Content-Length: 10'
    printf '%s\n' 'S:' '[send half]' '[close]'
    asks 2 p3
    answers 2 p3
    asks 2 p4
    answers 2 p4
  )
  fetch -o '#1' "$URL/p[1-4]"
  assert_status 75
  assert_error "$URL/p2"
  assert_played
  assert_files 1 3 4
}

@test "an idle connection that the server closed is not used again" {
  play < <(
    takes 1 p1
    echo '[close]'
    takes 2 p2
  )
  fetch --connection persistent "$URL/p[1-2]"
  assert_status 0
  assert_output p1p2
  assert_played
}

@test "a POST lost on a used connection is not sent twice" {
  play < <(
    printf '%s\n' 'C: POST /p1 HTTP/1.1' '[rest]' '[read 1]'
    answers 1 p1
    printf '%s\n' 'C: POST /p2 HTTP/1.1' '[rest]' '[read 1]' '[close]'
  )
  fetch -d x -o '#1' "$URL/p[1-2]"
  assert_status 75
  assert_error "$URL/p2: empty reply"
  assert_files 1
  assert_played
}

@test "redirects and errors within a pipeline" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4
    printf 'S: %s\n' 'HTTP/1.1 302 Found' 'Location: /other' 'Content-Length: 0'
    echo 'S:'
    printf 'S: %s\n' 'HTTP/1.1 404 Not Found' 'Content-Length: 4'
    printf '%s\n' 'S:' '[send none]'
    answers 1 p4
    asks 2 other
    answers 2 other
  )
  fetch -o '#1' "$URL/p[1-4]"
  assert_status 66
  assert_error "$URL/p3: HTTP status 404"
  assert_files 1 2 4
  assert_content 2 other
  assert_content 4 p4
}

@test "the failing URLs are named, the others delivered; the status is the first failure's" {
  play < <(
    takes 1 p1
    asks 1 p2 p3 p4
    printf 'S: %s\n' 'HTTP/1.1 403 Forbidden' 'Content-Length: 0'
    echo 'S:'
    printf 'S: %s\n' 'HTTP/1.1 503 Busy' 'Content-Length: 0'
    echo 'S:'
    answers 1 p4
  )
  fetch "$URL/p[1-4]"
  assert_status 77
  assert_output p1p4
  assert_said "webget: $URL/p2: HTTP status 403"
  assert_said "webget: $URL/p3: HTTP status 503"
  refute_said p4
  assert_played
}

@test "two servers: a failing one does not keep the other's page away" {
  play < <(takes 1 page)
  fetch http://127.0.0.1:1/ "$URL/page" nonsense://x
  assert_status 75
  assert_output page
  assert_said 'http://127.0.0.1:1/'
  assert_said nonsense
  assert_played
}

@test "150 pages on one connection" {
  play < <(
    takes 1 p1
    for ((from = 2; from <= 150; from++)); do
      takes 1 "p$from"
    done
  )
  fetch -o all "$URL/p[1-150]"
  assert_status 0
  assert_played
  [ "$(grep -c accept "$PEER_LOG")" -eq 1 ]
}

@test "--timing sums up the objects, connections and round trips" {
  play --rtt 30 < <(
    takes 1 p1
    asks 1 p2 p3
    answers 1 p2 p3
  )
  fetch --timing "$URL/p[1-3]"
  assert_status 0
  assert_said '3 objects, 1 connection, 3 round trips'
}

@test "--timing's model is the one of the run: -Z is the parallel one, its connections used again" {
  # Nobody gets an answer before all have asked.
  play < <(
    printf 'C%s: GET *\n[rest]\n' 1 2 3
    printf 'S%s: HTTP/1.1 200 OK\nS%s: Content-Length: 0\nS%s:\n' 1 1 1 2 2 2 3 3 3
  )
  fetch --timing -Z -o a -o b -o c "$URL"/p{1,2,3}
  assert_status 0
  assert_said '3 objects, 3 connections, 6 round trips'
  assert_said 'timing: model, parallel: 2 RTT '
}
