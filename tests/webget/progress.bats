#!/usr/bin/env bats
# The progress line of a run of several files, as a terminal shows it. The peer stops at gates, which
# the test opens when it has seen what it waits for: nothing here depends on how long anything takes.

# What the helpers set, the assertions read.
# shellcheck disable=SC2034
load webget.bash
load ../peer/screen.bash

setup() {
  tool_setup
  screen_setup
  mkfifo "$BATS_TEST_TMPDIR/gate"
}

teardown() {
  screen_stop
  peer_stop
}

# In a dialogue: what was sent so far goes out, and the peer waits for `pass`. A connection's number
# may follow.
gate() {
  printf '[wait 0]\n[bytes gate]\n'
}

pass() {
  # shellcheck disable=SC2016
  timeout 60 sh -c ': >"$1"' - "$BATS_TEST_TMPDIR/gate"
}

# The peer takes a GET, and sends so many of so many bytes.
part() { # SENT TOTAL [CONNECTION]
  printf 'C%s: GET * HTTP/1.1\n[rest]\nS%s: HTTP/1.1 200 OK\nS%s: Content-Length: %s\nS%s:\n[body %s]\n' \
    "${3-}" "${3-}" "${3-}" "$2" "${3-}" "$1"
}

# Line N of the screen begins so, and the screen has no more lines than that.
assert_last_line() { # N BEGINNING
  local lines
  mapfile -t lines < <(screen)
  [ "${#lines[@]}" -eq "$1" ] && [[ ${lines[$1 - 1]} == "$2"* ]] && return
  echo "not $1 lines, the last beginning with: $2"
  screen
  return 1
}

@test "an error appears above the line, whole; the totals are right; a last line stays" {
  play < <(
    part 400 1000
    gate
    echo '[body 600]'
    printf 'C: GET /none *\n[rest]\nS: HTTP/1.1 404 Not Found\nS: Content-Length: 0\nS:\n'
    part 200 400
    gate
    echo '[body 200]'
  )
  screen_run 100 24 "$PROGRAM" --connection persistent --remote-name-all "$URL/"{a,none,b}
  screen_shows '0 of 3 files  400 B of 1.0+ KiB'
  assert_last_line 1 '0 of 3 files'
  # From here on the run has taken more than a second.
  sleep 1
  pass
  screen_shows '2 of 3 files, 1 failed ['
  assert_last_line 2 '2 of 3 files, 1 failed ['
  screen_shows ']  85%  1.2 KiB of 1.4 KiB  '
  screen | head -1 | grep -Fx "webget: $URL/none: HTTP status 404: server said: Not Found"
  pass
  screen_shows 'ended with 66'
  screen | sed -n 2p | grep -E '^3 files, 1 failed  1\.4 KiB in 0:[0-5][0-9] \([0-9.]+ K?i?B/s\)$'
  [ "$(screen | wc -l)" -eq 3 ]
  peer_wait
}

@test "-Z: one line for all that is under way, and -v above it" {
  play < <(
    part 500 1000
    part 500 1000 2
    part 500 1000 3
    gate
    printf '[conn %s]\n[body 500]\n' 1 2 3
  )
  screen_run 100 60 "$PROGRAM" -v -Z --parallel-max 3 --remote-name-all "$URL/[1-3]"
  screen_shows '0 of 3 files [====================>                   ]  50%  1.5 KiB of 2.9 KiB'
  [ "$(screen | grep -c 'of 3 files')" -eq 1 ]
  screen | tail -1 | grep -q '^0 of 3 files'
  # What is above it are records of the trace and nothing else.
  screen | sed '$d' | while IFS= read -r line; do
    [[ $line =~ ^(([CS][0-9]*:)(\ |$)|\[.*\]$) ]] || { echo "torn: $line"; exit 1; }
  done
  pass
  screen_shows 'ended with 0'
  [ "$(cat 1 2 3 | wc -c)" -eq 3000 ]
  peer_wait
}

@test "a length that is not known: no share, and no time that is left" {
  play < <(
    printf 'C: GET * HTTP/1.1\n[rest]\nS: HTTP/1.1 200 OK\nS: Transfer-Encoding: chunked\nS:\n'
    printf 'S: 400\n[body 1024]\nS:\n'
    gate
    printf 'S: 0\nS:\n'
    part 1024 2048
    gate
    echo '[body 1024]'
  )
  screen_run 100 24 "$PROGRAM" --connection persistent --remote-name-all "$URL/"{a,b}
  screen_shows '0 of 2 files  1.0 KiB  '
  assert_last_line 1 '0 of 2 files'
  run ! grep -E '%|left|\[' <(screen)
  pass
  # When it has ended its length is known.
  screen_shows ']  66%  2.0 KiB of 3.0 KiB'
  pass
  screen_shows 'ended with 0'
}

@test "a page and what it needs: as many files as are known so far" {
  play < <(
    printf 'C: GET /page *\n[rest]\nS: HTTP/1.1 200 OK\nS: Content-Type: text/html\nS: Content-Length: 40\nS:\n'
    printf '[send <img src=/a.png><img src=/b.png>        ]\n'
    part 100 200
    gate
    echo '[body 100]'
    part 300 300
  )
  screen_run 100 24 "$PROGRAM" --connection persistent -p "$URL/page"
  screen_shows '1 of 3+ files  140 B of 240+ B'
  assert_last_line 1 '1 of 3+ files'
  pass
  screen_shows 'ended with 0'
}

@test "lists: a file is counted, of stdin nobody knows the end" {
  play < <(
    part 100 200
    gate
    echo '[body 100]'
    part 200 200
  )
  printf '# two\n%s/a\n\n  %s/b\n' "$URL" "$URL" >list
  screen_run 100 24 "$PROGRAM" --connection persistent --remote-name-all --input-file list
  screen_shows '0 of 2 files  100 B of 200+ B'
  pass
  screen_shows 'ended with 0'
  screen_stop
  screen_setup
  play < <(
    part 100 200
    gate
    echo '[body 100]'
    part 200 200
  )
  printf '%s/a\n%s/b\n' "$URL" "$URL" >list
  # shellcheck disable=SC2016
  screen_run 100 24 sh -c '"$1" --connection persistent --remote-name-all --input-file - <list' - "$PROGRAM"
  screen_shows '0 of 1+ files  100 B of 200+ B'
  pass
  screen_shows 'ended with 0'
}

@test "what is asked for again is not counted twice" {
  play < <(
    part 400 1000
    echo '[reset]'
    part 500 1000 2
    gate
    echo '[body 500]'
    part 1000 1000 2
  )
  screen_run 120 24 "$PROGRAM" --connection persistent --retry 1 --retry-delay 0 \
    --remote-name-all "$URL/"{a,b}
  screen_shows '0 of 2 files  500 B of 1.0+ KiB'
  assert_last_line 2 '0 of 2 files'
  screen | head -1 | grep -E '^webget: .*; trying again in .* s '
  pass
  screen_shows 'ended with 0'
  [ "$(cat a b | wc -c)" -eq 2000 ]
}

@test "what was here before counts for the total: a file that goes on, a file of the cache" {
  head -c 10000 /dev/urandom >whole
  head -c 6000 whole >begun
  # The overlap that is compared, a thousand bytes more, and what is left.
  tail -c +$((6000 - 4096 + 1)) whole | head -c 5096 >some
  tail -c 3000 whole >last
  answer < <(
    printf '%s\n' 'S: HTTP/1.1 200 OK' 'S: ETag: "v1"' 'S: Content-Length: 10000' 'S:' "[bytes $PWD/begun]" '[close]'
  )
  fetch --continue -O "$URL/a"
  assert_status 75
  peer_wait
  play --port "${URL##*:}" < <(
    printf '%s\n' 'C: GET /a *' '[rest]' 'S: HTTP/1.1 206 Partial Content' 'S: ETag: "v1"' \
      'S: Content-Range: bytes 1904-9999/10000' 'S: Content-Length: 8096' 'S:' "[bytes $PWD/some]"
    gate
    echo "[bytes $PWD/last]"
    part 100 100
  )
  screen_run 100 24 "$PROGRAM" --connection persistent --continue --remote-name-all "$URL/"{a,b}
  screen_shows '0 of 2 files  6.8 KiB of 9.8+ KiB'
  pass
  screen_shows 'ended with 0'
  cmp a whole
  screen_stop
  screen_setup
  play < <(
    printf '%s\n' 'C: GET * HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' 'S: Cache-Control: max-age=1000' \
      'S: Content-Length: 1000' 'S:' '[body 1000]' '[close]'
    part 500 1000 2
    gate
    echo '[body 500]'
  )
  fetch --cache store -o c "$URL/c"
  assert_status 0
  screen_run 100 24 "$PROGRAM" --cache store --connection persistent --remote-name-all "$URL/"{c,d}
  screen_shows '1 of 2 files [==============================>         ]  75%  1.5 KiB of 2.0 KiB'
  pass
  screen_shows 'ended with 0'
}

@test "sizes that a metalink tells are known from the start" {
  play < <(
    part 500 1000
    gate
    echo '[body 500]'
    part 3000 3000
  )
  cat >two.meta4 <<END
<metalink xmlns="urn:ietf:params:xml:ns:metalink">
  <file name="a"><size>1000</size><url>$URL/a</url></file>
  <file name="b"><size>3000</size><url>$URL/b</url></file>
</metalink>
END
  screen_run 100 24 "$PROGRAM" --connection persistent --metalink two.meta4
  screen_shows '0 of 2 files [=====>                                  ]  12%  500 B of 3.9 KiB'
  pass
  screen_shows 'ended with 0'
}

@test "a narrow terminal: one row, the share comes before the bytes" {
  play < <(
    part 500 1000
    part 500 1000 2
    gate
    printf '[conn %s]\n[body 500]\n' 1 2
  )
  screen_run 20 24 "$PROGRAM" -Z --remote-name-all "$URL/[1-2]"
  screen_shows '0 of 2 files  50%'
  assert_last_line 1 '0 of 2 files  50%'
  pass
  screen_shows 'ended with 0'
}

@test "one file has a bar with its name, not the URL" {
  play < <(
    part 500 1000
    gate
    echo '[body 500]'
  )
  screen_run 100 24 "$PROGRAM" -Z -O "$URL/[1-1]"
  screen_shows '%  500 B of 1.0 KiB'
  assert_last_line 1 '1 [===='
  pass
  screen_shows 'ended with 0'
}

@test "a body on the terminal ends the line: what is shown is the body's" {
  play < <(
    part 500 1000
    gate
    echo '[body 500]'
    printf 'C: GET * HTTP/1.1\n[rest]\nS: HTTP/1.1 200 OK\nS: Content-Length: 12\nS:\n'
    printf '[send hello,\\x0a]\n'
    gate
    printf '[send world]\n'
  )
  screen_run 100 24 "$PROGRAM" --connection persistent -o a "$URL/a" "$URL/b"
  screen_shows '0 of 2 files'
  pass
  screen_shows 'hello,'
  assert_last_line 1 'hello,'
  pass
  screen_shows 'ended with 0'
  assert_last_line 2 'worldended with 0'
}

@test "none with -q, with --no-progress, in a file; no escape where it is forced" {
  local option
  for option in -q --no-progress; do
    play < <(
      part 500 1000
      gate
      echo '[body 500]'
      part 100 100
    )
    screen_run 100 24 "$PROGRAM" $option --connection persistent --remote-name-all "$URL/"{a,b}
    # Here it would have appeared.
    sleep 0.8
    pass
    screen_shows 'ended with 0'
    assert_last_line 1 'ended with 0'
    screen_stop
    screen_setup
  done
  for option in --max-redirs=5 --progress; do
    play < <(
      part 500 1000
      gate
      echo '[body 500]'
      part 100 100
    )
    webget $option --connection persistent --remote-name-all "$URL/"{a,b} 2>said &
    sleep 0.8
    pass
    wait $!
    peer_wait
    run ! grep -q $'\x1b' said
    if [ $option != --progress ]; then
      [ ! -s said ]
    fi
  done
}
