#!/usr/bin/env bats
# Ctrl-C and its kin: 130, nothing under the final name, no temporary, no hanging.

# What the helpers set, the assertions read.
# shellcheck disable=SC2034
load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

# Starts webget in the background. Job control gives it SIGINT as a terminal's child has it;
# without, background commands ignore it.
begin() { # ARGUMENT...
  set -m
  "$PROGRAM" "$@" >out 2>err 3>&- &
  child=$!
  set +m
}

# Sends the signal; sets status and stderr.
stop_by() { # SIGNAL
  kill "-$1" "$child"
  status=0
  wait "$child" || status=$?
  stderr=$(cat err)
  rm -f out err
}

half_a_page() {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 1000000
S:
[body 100000]
[wait 30]
END
}

has_temporary() {
  [ -n "$(find . -name '.page*' -size +90k 2>/dev/null)" ]
}

@test "SIGINT, SIGTERM and SIGHUP within a download" {
  local signal
  for signal in INT TERM HUP; do
    half_a_page
    begin -o page "$URL/"
    await has_temporary
    stop_by "$signal"
    assert_refused 130 interrupted
  done
}

@test "the file that was there stays" {
  echo old >page
  half_a_page
  begin -o page "$URL/"
  await has_temporary
  stop_by INT
  assert_status 130
  assert_content page old
  assert_files page
}

@test "before the answer, and while connecting" {
  answer <<'END'
[wait 30]
END
  begin -o page "$URL/"
  await has_lines "$PEER_LOG" recv
  stop_by INT
  assert_refused 130 interrupted
}

@test "while waiting for the next try" {
  begin -o page --retry 5 --retry-delay 30 http://127.0.0.1:1/
  await has_lines err 'trying again'
  stop_by INT
  assert_status 130
  stderr=${stderr##*trying again} # once that was said, only the interrupt is
  assert_said interrupted
  refute_said 'cannot connect'
  assert_files
}

@test "while several are on their way: those that came stay, the others are gone" {
  play <<'END'
C: GET /1 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 3
S:
[send one]
C: GET /2 HTTP/1.1
[rest]
C: GET /3 HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 1000000
S:
[body 100000]
[wait 30]
END
  begin -o 'page#1' "$URL/[1-3]"
  await test -e page1
  await has_temporary
  stop_by INT
  assert_status 130
  assert_files page1
  assert_content page1 one
}

@test "while the upload is stuck" {
  head -c 30000000 /dev/zero >"$BATS_TEST_TMPDIR/big"
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
S: HTTP/1.1 100 Continue
S:
[wait 30]
END
  begin -T "$BATS_TEST_TMPDIR/big" "$URL/up"
  await has_lines "$PEER_LOG" recv
  sleep 0.1
  stop_by INT
  assert_status 130
}

@test "parallel connections end together" {
  play < <(
    printf '%s\n' 'C: GET /* HTTP/1.1' '[rest]' 'C2: GET /* HTTP/1.1' '[rest]' 'C3: GET /* HTTP/1.1' '[rest]' '[wait 30]'
  )
  begin --connection parallel -o '#1' "$URL/[1-3]"
  await has_lines "$PEER_LOG" 'recv .* 3'
  stop_by INT
  assert_status 130
  assert_files
}

@test "a signal that was ignored from the start stays ignored" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send pa]
[wait 2]
[send ge]
END
  (trap '' HUP && exec "$PROGRAM" -o page "$URL/" >out 2>err 3>&-) &
  child=$!
  await has_lines "$PEER_LOG" send
  kill -HUP "$child"
  wait "$child"
  assert_content page page
}
