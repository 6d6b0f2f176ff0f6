#!/usr/bin/env bats
# Cookies: set and returned, kept between runs, refused, shared with curl.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# A request for a path that carries this Cookie header ('' for none), answered with these fields.
turn() { # PATH COOKIE [FIELD...]
  printf '%s\n' "C: GET $1 HTTP/1.1" 'C: Host: *' 'C: User-Agent: *' 'C: Accept: */*'
  [ -z "$2" ] || printf 'C: Cookie: %s\n' "$2"
  printf '%s\n' 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2'
  shift 2
  [ $# -eq 0 ] || printf 'S: %s\n' "$@"
  printf '%s\n' 'S:' '[send ok]'
}

@test "what an answer sets the next request returns, though requests could be pipelined" {
  play < <(
    turn /a '' 'Set-Cookie: sid=1; Path=/'
    turn /b sid=1 'Set-Cookie: sid=2; Path=/' 'Set-Cookie: lang=en'
    turn /c 'sid=2; lang=en'
  )
  fetch -c jar "$URL/a" "$URL/b" "$URL/c"
  assert_status 0
  assert_output okokok
  assert_played
}

@test "without -b and -c cookies are not kept" {
  play < <(
    turn /a '' 'Set-Cookie: sid=1; Path=/'
    turn /b ''
  )
  fetch "$URL/a" "$URL/b"
  assert_status 0
  assert_played
}

@test "the jar lasts from run to run: 0600, the Netscape format, session cookies too" {
  play < <(turn /a '' 'Set-Cookie: sid=1; Path=/; HttpOnly' 'Set-Cookie: old=1; Max-Age=0')
  fetch -c jar "$URL/a"
  assert_status 0
  assert_played
  [ "$(stat -c %a jar)" = 600 ]
  grep -q "^#HttpOnly_127.0.0.1	FALSE	/	FALSE	0	sid	1$" jar
  run ! grep -q old jar

  play < <(turn /b sid=1)
  fetch -b jar "$URL/b"
  assert_status 0
  assert_played

  play < <(turn /b '')
  fetch -b jar --junk-session-cookies "$URL/b"
  assert_status 0
  assert_played
}

@test "curl reads our jar, and we read curl's" {
  play < <(turn /a '' 'Set-Cookie: sid=1; Path=/; Max-Age=1000')
  fetch -c ours "$URL/a"
  assert_status 0
  assert_played
  play <<'END'
C: GET /b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Cookie: sid=1
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S: Set-Cookie: more=2; Path=/
S:
END
  curl -s -b ours -c curls "$URL/b"
  peer_wait
  # curl writes the newest first, and the file has no other order.
  play < <(turn /c 'more=2; sid=1')
  fetch -b curls "$URL/c"
  assert_status 0
  assert_played
}

@test "wget reads our jar, and we read wget's" {
  command -v wget >/dev/null || skip "no wget here"
  play < <(turn /a '' 'Set-Cookie: sid=1; Path=/; Max-Age=1000' 'Set-Cookie: all=2; Path=/')
  fetch -c ours "$URL/a"
  assert_status 0
  assert_played
  play --port "$PEER_PORT" <<'END'
C: GET /b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Accept-Encoding: *
C: Connection: *
C: Cookie: *=*; *=*
C:
S: HTTP/1.1 200 OK
S: Set-Cookie: theirs=3; Path=/; Max-Age=1000
S: Content-Length: 0
S:
END
  run wget -q -O - --no-config --load-cookies ours --keep-session-cookies --save-cookies wgets "$URL/b"
  assert_success
  assert_played
  play --port "$PEER_PORT" < <(printf '%s\n' 'C: GET /c HTTP/1.1' 'C: Host: *' 'C: User-Agent: *' \
    'C: Accept: */*' 'C: Cookie: *theirs=3*' 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 0' 'S:')
  fetch -b wgets "$URL/c"
  assert_status 0
  assert_played
}

@test "-b name=value goes to the server that was named, not to the one it redirects to" {
  play < <(turn /b '')
  local target=$URL/b pid=$PEER_PID
  # A second peer answers first, with a redirect to the one above: another port, another origin.
  play <<END
C: GET /a HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Cookie: k=v
C:
S: HTTP/1.1 302 Found
S: Location: $target
S: Content-Length: 0
S:
END
  fetch -b k=v "$URL/a"
  assert_status 0
  assert_output ok
  assert_played
  wait "$pid"
}

@test "a refused cookie is an event that says why, and is not sent" {
  play < <(
    turn /a '' 'Set-Cookie: sid=1; Domain=example.org' 'Set-Cookie: __Host-x=1; Path=/'
    turn /b ''
  )
  fetch -v -c jar "$URL/a" "$URL/b"
  assert_status 0
  assert_played
  [[ $stderr == *"[cookie sid refused: its domain is not the server's]"* ]]
  [[ $stderr == *"[cookie __Host-x refused: its name's prefix asks for Secure]"* ]]
}

@test "a jar that can't be written: 73, the pages are there all the same" {
  play < <(turn /a '' 'Set-Cookie: sid=1')
  fetch -c nowhere/jar "$URL/a"
  assert_status 73
  assert_output ok
  assert_error nowhere/jar
  assert_played
}
