#!/usr/bin/env bats
# A terminal: nothing that a server says reaches it as a control sequence.

# What the helpers set, the assertions read.
# shellcheck disable=SC2034
load webget.bash

setup() {
  tool_setup
  command -v script >/dev/null || skip 'no script(1)'
  export TERM=xterm
}

teardown() {
  peer_stop
}

# webget on a terminal of its own, stderr on it too; shown is what the terminal got.
on_terminal() { # ARGUMENT...
  local command
  command=$(printf '%q ' "$PROGRAM" "$@")
  status=0
  timeout 60 script -qec "$command" "$BATS_TEST_TMPDIR/typescript" </dev/null >shown || status=$?
  output=$(tr -d '\r' <shown)
  stderr=$output
}

# The terminal got no control bytes but line ends.
assert_harmless() {
  run ! grep -qP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' shown
}

@test "a text body on a terminal: escapes are made visible, text is not touched" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: text/html
S: Content-Length: 25
S:
[send gr\xc3\xbcn\x1b[31m\x07\x9b2J\x7f tab\x09end\x0a...]
END
  on_terminal "$URL/"
  [ "$status" -eq 0 ]
  assert_output --partial 'grün\x1b[31m\x07\x9b2J\x7f tab'$'\t''end'
  assert_harmless
}

@test "the same on a pipe is exact" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 9
S:
[send a\x1b[31m\x00\x9b\xff]
END
  webget "$URL/" >got
  printf 'a\x1b[31m\0\x9b\xff' | cmp - got
}

@test "a character that is cut between two reads" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send gr\xc3]
[wait 0.1]
[send \xbcn \xe2\x82]
[wait 0.1]
[send \xac!]
END
  on_terminal "$URL/"
  assert_output --partial 'grün €!'
}

@test "a binary body is refused, -O named; --output - does not change that" {
  local arguments
  for arguments in '' '-o -'; do
    answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: image/png
S: Content-Length: 8
S:
[send \x89PNG\x00\x1b[2]
[close]
END
    # shellcheck disable=SC2086
    on_terminal $arguments "$URL/"
    [ "$status" -eq 64 ]
    assert_output --partial -O
    refute_output --partial PNG
    assert_harmless
  done
}

@test "binary to a file is no matter of the terminal" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 8
S:
[send \x89PNG\x00\x1b[2]
END
  on_terminal --no-progress -o page "$URL/"
  [ "$status" -eq 0 ]
  [ "$(stat -c %s page)" -eq 8 ]
}

@test "heads: -i, -I, -v" {
  local option
  for option in -i -v; do
    answer <<'END'
S: HTTP/1.1 200 OK\x1b[1m
S: X-Title: \x1b]0;title\x07\xc2\x9b
S: Content-Length: 4
S:
[send page]
END
    on_terminal $option "$URL/"
    [ "$status" -eq 0 ]
    assert_output --partial 'X-Title: \x1b]0;title\x07'
    assert_harmless
  done
}

@test "errors: the server's words, a URL, a redirect" {
  answer <<'END'
S: HTTP/1.1 404 \x1b[31mGone\x07
S: Content-Length: 0
S:
END
  on_terminal "$URL/"
  [ "$status" -eq 66 ]
  assert_output --partial 'server said: \x1b[31mGone\x07'
  assert_harmless
  answer <<'END'
S: HTTP/1.1 302 Found
S: Location: evil\x1b[31m://x/
S: Content-Length: 0
S:
[close]
END
  on_terminal "$URL/"
  [ "$status" -ne 0 ]
  assert_harmless
  answer <<'END'
S: \x1b[31mNot HTTP\x07
[close]
END
  on_terminal "$URL/"
  [ "$status" -eq 76 ]
  assert_harmless
}

@test "-w on a terminal" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: text/\x1b[31m
S: Content-Length: 0
S:
END
  on_terminal -w '%{content_type}\n' "$URL/"
  assert_output --partial 'text/\x1b[31m'
  assert_harmless
}

@test "no progress bar on a pipe; one on a terminal; none with --no-progress" {
  local dialogue=$'S: HTTP/1.1 200 OK\nS: Content-Length: 4\nS:\n[send pa]\n[wait 0.6]\n[send ge]'
  answer <<<"$dialogue"
  fetch -o page "$URL/"
  assert_quiet
  answer <<<"${dialogue/wait 0.6/wait 3}"
  on_terminal -o page "$URL/"
  [ "$status" -eq 0 ]
  assert_output --partial %
  answer <<<"$dialogue"
  on_terminal --no-progress -o page "$URL/"
  [ "$status" -eq 0 ]
  assert_output ''
}

@test "the prompt: verbs, completion of none, quit" {
  play <<'END'
C: GET /page HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Type: text/plain
S: Content-Length: 5
S:
[send hello]
END
  local command
  command=$(printf '%q ' "$PROGRAM" --interactive "$URL")
  printf 'get /page\nquit\n' | timeout 60 script -qec "$command" "$BATS_TEST_TMPDIR/typescript" >shown
  output=$(tr -d '\r' <shown)
  assert_output --partial 'webget> '
  assert_output --partial 'S: hello'
  assert_played
}
