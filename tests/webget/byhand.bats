#!/usr/bin/env bats
# The interactive mode, driven by scripts: verbs, headers, requests typed by hand.

load webget.bash
load ../peer/screen.bash

setup() {
  tool_setup
}

teardown() {
  screen_stop
  peer_stop
}

# One exchange as dialogue: a request line, an answer with this text.
exchange() { # REQUEST-LINE TEXT
  printf '%s\n' "C: $1" '[rest]' 'S: HTTP/1.1 200 OK' 'S: Content-Type: text/plain' "S: Content-Length: ${#2}" 'S:' "[send $2]"
}

@test "--execute: verbs on one connection, the answer in the S: notation on stdout" {
  play < <(
    exchange 'GET /a HTTP/1.1' 'page a'
    exchange 'GET /b HTTP/1.1' 'page b'
  )
  fetch --execute 'GET /a; get /b' "$URL"
  assert_status 0
  assert_output --partial 'C: GET /a HTTP/1.1'
  assert_output --partial $'S: HTTP/1.1 200 OK\nS: Content-Type: text/plain\nS: Content-Length: 6\nS:\nS: page a'
  assert_output --partial 'S: page b'
  assert_said 'webget> GET /a'
  assert_played
}

@test "HEAD, POST, PUT, DELETE, OPTIONS" {
  printf 'from a file' >file
  play <<'END'
C: HEAD /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 500
S:
C: POST /b HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: Content-Type: *
C: Content-Length: 11
C:
[read > posted 11]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
C: PUT /c HTTP/1.1
[rest]
[read > put 11]
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
C: DELETE /d HTTP/1.1
[rest]
S: HTTP/1.1 204 No Content
S:
C: OPTIONS /e HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch --execute 'HEAD /a; POST /b "hello world"; PUT /c @file; DELETE /d; OPTIONS /e' "$URL"
  assert_status 0
  assert_played
  assert_content posted 'hello world'
  assert_content put 'from a file'
}

@test "header adds to all that follows" {
  play <<'END'
C: GET /a HTTP/1.1
C: Host: *
C: User-Agent: *
C: Accept: */*
C: X-One: a; b
C:
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  printf 'header X-One: a; b\nGET /a\n' >script
  fetch --script script "$URL"
  assert_status 0
  assert_played
}

@test "raw: a request typed by hand, exactly" {
  play <<'END'
C: GET /by-hand HTTP/1.1
C: Host: www.example.org
C: x-odd:   spaces kept
C:
S: HTTP/1.1 200 OK
S: Content-Type: text/plain
S: Content-Length: 5
S:
[send hello]
C: POST / HTTP/1.1
C: Host: x
C: Content-Length: 7
C:
[read > got 7]
S: HTTP/1.1 204 No Content
S:
END
  printf '%s\n' raw 'GET /by-hand HTTP/1.1' 'Host: www.example.org' 'x-odd:   spaces kept' '' \
    raw 'POST / HTTP/1.1' 'Host: x' 'Content-Length: 7' '' 'a=1' 'b=2' >script
  fetch --script script "$URL"
  assert_status 0
  assert_output --partial 'S: hello'
  assert_played
  assert_content got $'a=1\nb=2'
}

@test "raw that ends before its empty line sends nothing more" {
  answer <<'END'
[eof]
END
  printf '%s\n' raw 'GET / HTTP/1.1' >script
  fetch --script script "$URL"
  assert_status 64
}

@test "the script comes by stdin" {
  play < <(exchange 'GET /a HTTP/1.1' 'page a')
  fetch --script - "$URL" <<'END'
# a comment, and an empty line

GET /a
quit
GET /never
END
  assert_status 0
  assert_played
}

@test "a script ends at its first failure, with that failure's status" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 0
S:
END
  fetch --execute 'GET /a; GET /b' "$URL"
  assert_status 66
  assert_said 'HTTP status 404'
  refute_said 'GET /b'
  assert_played
}

@test "- goes on after a failure, @ does not echo" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 404 Not Found
S: Content-Length: 0
S:
C: GET /b HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch --execute '-GET /a; @GET /b' "$URL"
  assert_status 0
  assert_said '-GET /a'
  refute_said 'GET /b'
  assert_said 'HTTP status 404'
  assert_played
}

@test "open and close; nothing open; another server's URL" {
  play < <(
    exchange 'GET /a HTTP/1.1' 'page a'
    echo '[eof]'
    exchange 'GET /a HTTP/1.1' 'page a' | sed 's/^C:/C2:/; s/^S:/S2:/'
  )
  fetch --execute "open $URL; GET /a; close; GET /a"
  assert_status 0
  assert_played
  fetch --execute 'GET /a'
  assert_status 64
  assert_said 'open http://HOST first'
  fetch --execute 'GET http://127.0.0.2:1/' http://127.0.0.1:1
  assert_status 64
  assert_said 'another server'
}

@test "a server that closed meanwhile is connected to anew" {
  play < <(
    exchange 'GET /a HTTP/1.1' 'page a'
    echo '[close]'
    exchange 'GET /b HTTP/1.1' 'page b' | sed 's/^C:/C2:/; s/^S:/S2:/'
  )
  fetch --execute 'GET /a; !sleep 0.1; GET /b' "$URL"
  assert_status 0
  assert_output --partial 'page b'
  assert_played
}

@test "unknown verbs, missing arguments, a missing script" {
  fetch --execute 'FROB /' http://127.0.0.1:1
  assert_status 64
  assert_said 'FROB: no such command'
  fetch --execute 'POST /' http://127.0.0.1:1
  assert_status 64
  assert_said 'argument is missing'
  fetch --execute 'header bad' http://127.0.0.1:1
  assert_status 64
  fetch --script none http://127.0.0.1:1
  assert_status 66
  assert_error none
}

@test "help lists the verbs" {
  fetch --execute 'help; help raw' http://127.0.0.1:1
  assert_status 0
  assert_line --partial 'GET [PATH]'
  assert_line --partial 'quit'
}

@test "trace off, timing" {
  play < <(
    exchange 'GET /a HTTP/1.1' 'page a'
    exchange 'GET /b HTTP/1.1' 'page b'
  )
  fetch --execute 'trace off; GET /a; trace on; GET /b; timing' "$URL"
  assert_status 0
  refute_output --partial 'page a'
  assert_output --partial 'page b'
  assert_said "timing: $URL/b"
}

@test "what a server says cannot end or forge the notation" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: text/plain
S: Content-Length: 11
S:
[send a\x0aC: x\x1b[31m]
END
  fetch --execute 'GET /' "$URL"
  assert_status 0
  assert_line 'S: a'
  assert_line 'S: C: x\x1b[31m'
}

@test "a login of -u goes along; plain CR or LF does not get in" {
  play <<'END'
C: GET /a HTTP/1.1
C: Host: *
C: Authorization: Basic bWU6cHc=
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch -u me:pw --execute 'GET /a' "$URL"
  assert_status 0
  assert_output --partial 'C: Authorization: Basic ****'
  assert_played
  fetch --execute $'GET "/a\rX: y"' http://127.0.0.1:1
  assert_status 64
}

@test "interactively without a terminal: lines from stdin, errors do not end it" {
  play < <(exchange 'GET /a HTTP/1.1' 'page a')
  fetch --interactive "$URL" <<'END'
frob
GET /a
END
  assert_status 0
  assert_said 'no such command'
  assert_output --partial 'page a'
  assert_played
}

@test "Ctrl-C in raw closes the connection: nothing goes behind half a request" {
  screen_setup
  play < <(
    exchange 'GET /a HTTP/1.1' 'page a'
    echo '[conn 2]'
    exchange 'GET /b HTTP/1.1' 'page b' | sed 's/^\([CS]\):/\12:/'
  )
  screen_run 80 40 "$PROGRAM" --interactive "$URL"
  screen_shows 'webget>'
  screen_type 'GET /a' Enter
  screen_shows 'S: page a'
  screen_type raw Enter
  screen_shows '> raw'
  screen_type 'GET /f1 HTTP/1.1' Enter 'Host: x' Enter
  screen_shows 'Host: x'
  screen_type C-c
  screen_shows '[close]'
  screen_type 'GET /b' Enter
  screen_shows ': page b'
  screen_type quit Enter
  screen_shows 'ended with 0'
  assert_played
}
