#!/usr/bin/env bats
# Trying again, and giving up in time.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

milliseconds() {
  echo $(($(date +%s%N) / 1000000))
}

@test "--retry: a busy server is asked again, the page comes once" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 503 Busy
S: Content-Length: 4
S:
[send busy]
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send page]
END
  fetch --retry 2 --retry-delay 0.05 "$URL/"
  assert_status 0
  assert_output page
  assert_said 'HTTP status 503; trying again in 0.05 s (1 of 2)'
  assert_played
}

@test "without --retry nothing is tried again" {
  answer <<'END'
S: HTTP/1.1 503 Busy
S: Content-Length: 0
S:
END
  fetch "$URL/"
  assert_status 75
  assert_error 'HTTP status 503'
  assert_played
}

@test "after N tries the failure stands" {
  play < <(for _ in 1 2 3; do
    printf '%s\n' 'C: GET / HTTP/1.1' '[rest]' 'S: HTTP/1.1 503 Busy' 'S: Content-Length: 0' 'S:'
  done)
  fetch -o page -q --retry 2 --retry-delay 0.02 "$URL/"
  assert_refused 75 'HTTP status 503'
  assert_played
}

@test "what trying again cannot help is not tried" {
  local code
  for code in 404 403 501; do
    answer <<END
S: HTTP/1.1 $code No
S: Content-Length: 0
S:
END
    fetch --retry 3 --retry-delay 0.02 "$URL/"
    assert_error "HTTP status $code"
    assert_played
  done
}

@test "the delay grows from one second, Retry-After lengthens it" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 429 Slow down
S: Content-Length: 0
S:
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send page]
END
  local start
  start=$(milliseconds)
  fetch --retry 1 "$URL/"
  assert_status 0
  [ $(($(milliseconds) - start)) -ge 1000 ]
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 503 Busy
S: Retry-After: 1
S: Content-Length: 0
S:
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send page]
END
  start=$(milliseconds)
  fetch --retry 1 --retry-delay 0.01 "$URL/"
  assert_status 0
  [ $(($(milliseconds) - start)) -ge 1000 ]
}

@test "--retry-max-time: no try begins after it" {
  answer <<'END'
S: HTTP/1.1 503 Busy
S: Retry-After: 30
S: Content-Length: 0
S:
END
  local start
  start=$(milliseconds)
  fetch --retry 5 --retry-max-time 2 "$URL/"
  assert_status 75
  [ $(($(milliseconds) - start)) -lt 20000 ]
  assert_played
}

@test "a body that was cut is fetched anew, nothing of the first try stays in the file" {
  play <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 20
S:
[send FIRSTHALF]
[close]
C2: GET / HTTP/1.1
[rest]
S2: HTTP/1.1 200 OK
S2: Content-Length: 5
S2:
[send whole]
END
  fetch -o page --retry 1 --retry-delay 0.02 "$URL/"
  assert_status 0
  assert_content page whole
  assert_files page
  assert_played
}

@test "the same on stdout into a file; a pipe cannot be taken back" {
  local cut=$'C: GET / HTTP/1.1\n[rest]\nS: HTTP/1.1 200 OK\nS: Content-Length: 20\nS:\n[send FIRSTHALF]\n[close]\n'
  local whole=$'C2: GET / HTTP/1.1\n[rest]\nS2: HTTP/1.1 200 OK\nS2: Content-Length: 5\nS2:\n[send whole]'
  play <<<"$cut$whole"
  webget -q --retry 1 --retry-delay 0.02 "$URL/" >page
  assert_content page whole
  assert_played
  play <<<"$cut"
  webget -q --retry 1 --retry-delay 0.02 "$URL/" 2>err | cat >page
  assert_content page FIRSTHALF
  assert_played
}

@test "a POST is not sent twice after a lost answer, but after a 503" {
  play <<'END'
C: POST / HTTP/1.1
[rest]
[read 3]
[close]
END
  fetch --retry 2 --retry-delay 0.02 -d a=b "$URL/"
  assert_status 75
  assert_error 'empty reply'
  assert_played
  play <<'END'
C: POST / HTTP/1.1
[rest]
[read 3]
S: HTTP/1.1 503 Busy
S: Content-Length: 0
S:
C: POST / HTTP/1.1
[rest]
[read > got 3]
S: HTTP/1.1 200 OK
S: Content-Length: 2
S:
[send ok]
END
  fetch --retry 2 --retry-delay 0.02 -d a=b "$URL/"
  assert_status 0
  assert_output ok
  assert_content got a=b
}

@test "an upload from a file is sent again whole" {
  head -c 300000 /dev/urandom >file
  play <<'END'
C: PUT /up HTTP/1.1
[rest]
[read 300000]
S: HTTP/1.1 500 Oops
S: Content-Length: 0
S:
C: PUT /up HTTP/1.1
[rest]
[read > got 300000]
S: HTTP/1.1 201 Created
S: Content-Length: 0
S:
END
  fetch --retry 1 --retry-delay 0.02 -T file "$URL/up"
  assert_status 0
  assert_played
  cmp got file
}

@test "a refused connection is tried again" {
  local start
  start=$(milliseconds)
  fetch --retry 2 --retry-delay 0.1 http://127.0.0.1:1/
  assert_status 75
  assert_said '(1 of 2)'
  assert_said '(2 of 2)'
  assert_said 'Connection refused'
  [ $(($(milliseconds) - start)) -ge 200 ]
}

# ---- time ----

@test "--timeout: a server that says nothing, one that stops within a body" {
  answer <<'END'
[wait 5]
END
  fetch -o page --timeout 0.2 "$URL/"
  assert_refused 75 ''
  assert_said 'timed out'
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 10
S:
[send half]
[wait 5]
END
  fetch -o page --timeout 0.2 "$URL/"
  assert_refused 75 ''
}

@test "--timeout is for silence: a slow server is fine" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send p]
[wait 0.6]
[send a]
[wait 0.6]
[send g]
[wait 0.6]
[send e]
END
  fetch --timeout 1.6 "$URL/"
  assert_status 0
  assert_output page
}

@test "--max-time counts everything" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 100
S:
[wait 0.2]
[send x]
[wait 0.2]
[send x]
[wait 0.2]
[send x]
[wait 15]
END
  local start
  start=$(milliseconds)
  fetch -o page -m 0.5 --retry 5 "$URL/"
  assert_status 75
  assert_files
  [ $(($(milliseconds) - start)) -lt 10000 ]
}

@test "after --max-time no connection is begun, and that is said of each address" {
  answer <<'END'
[wait 15]
END
  fetch -m 0.5 "$URL/" http://127.0.0.1:1/ http://localhost:1/
  assert_status 75
  assert_said "$URL/: not done after --max-time 0.5 s"
  assert_said 'http://127.0.0.1:1/: not done after --max-time 0.5 s'
  assert_said 'http://localhost:1/: not done after --max-time 0.5 s'
}

@test "after --max-time a proxy is not to blame" {
  answer <<'END'
[wait 15]
END
  fetch -m 0.5 --proxy "$URL" http://one.invalid/ http://two.invalid/
  assert_status 75
  assert_said 'http://two.invalid/: not done after --max-time 0.5 s'
  refute_said 'the proxy:'
}

@test "--connect-timeout: an address that does not answer" {
  # A full queue of connections takes no further one.
  local fifo=$BATS_TEST_TMPDIR/port
  mkfifo "$fifo"
  perl -MSocket -MFcntl -e '
    socket(my $s, AF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 0);
    my @clients;
    for (1 .. 4) {
      socket(my $c, AF_INET, SOCK_STREAM, 0); fcntl($c, F_SETFL, O_NONBLOCK);
      connect($c, getsockname($s)); push @clients, $c;
    }
    select(undef, undef, undef, 0.1);
    open(my $out, ">", $ARGV[0]); print $out (sockaddr_in(getsockname($s)))[0]; close($out);
    sleep 60' "$fifo" 3>&- &
  local pid=$! port
  port=$(cat "$fifo")
  fetch --connect-timeout 0.3 "http://127.0.0.1:$port/"
  kill "$pid"
  assert_status 75
  assert_error 'no answer in time'
}

@test "a host that does not exist: 68" {
  fetch http://no-such-host.invalid/
  assert_status 68
  assert_error no-such-host.invalid
}

@test "a port where nobody listens: 75, and every address is named" {
  fetch --resolve host.example:1:127.0.0.1,127.0.0.2 http://host.example:1/
  assert_status 75
  assert_error "(127.0.0.1:1: Connection refused; 127.0.0.2:1: Connection refused)"
}
