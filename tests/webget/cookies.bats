#!/usr/bin/env bats
# Cookies: set and returned, kept between runs, refused, shared with curl.

# shellcheck disable=SC2154 # stderr is run's
load webget.bash

# A server that answers each request after 0.15 s with a cookie, and writes a line into LOG when one
# comes: the host, how many were waiting for their heads then, what cookie came along. Bodies take
# another 0.15 s. Requests for /both... wait for one another instead.
slow_setter='
import http.server, os, sys, threading, time
lock, waiting, most = threading.Condition(), [], [0]
class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        with lock, open(sys.argv[2], "a") as log:
            print(self.headers["Host"].split(":")[0], len(waiting), self.headers.get("Cookie"), file=log)
            waiting.append(self)
            most[0] = max(most[0], len(waiting))
            lock.notify_all()
            if self.path.startswith("/both"):
                lock.wait_for(lambda: most[0] > 1, 15)
        if not self.path.startswith("/both"):
            time.sleep(0.15)
        with lock:
            waiting.remove(self)
            most[0] *= len(waiting) > 0
        head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: sid=1; Path=/\r\n\r\n"
        self.wfile.write(head.encode())
        time.sleep(0.15)
        self.wfile.write(b"ok")
    def log_message(self, *ignored):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
with open(sys.argv[1] + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()'

serve_slowly() { # sets SLOW_PORT; the log is asked
  python3 -c "$slow_setter" port asked >/dev/null 2>&1 </dev/null 3>&- 4>&- &
  SLOW_PID=$!
  await test -s port
  SLOW_PORT=$(cat port)
}

setup() {
  tool_setup
}

teardown() {
  peer_stop
  [ -z "${SLOW_PID-}" ] || kill "$SLOW_PID"
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

@test "-Z with a jar: a request that an outstanding answer may give a cookie waits for it" {
  serve_slowly
  local to=()
  for host in a.example www.a.example b.example; do
    to+=(--resolve "$host:$SLOW_PORT:127.0.0.1")
  done
  fetch -Z -c jar "${to[@]}" "http://a.example:$SLOW_PORT/[1-4]" --timing
  assert_status 0
  assert_output okokokok
  # The head of one before the next one's request; and only the first knows no cookie yet.
  [ "$(cut -d' ' -f2 asked | sort -u)" = 0 ]
  [ "$(grep -c None asked)" = 1 ]
  [ "$(grep -c 'sid=1$' asked)" = 3 ]
  # A host under the other may get a cookie of it; strangers may not.
  : >asked
  fetch -Z -c other "${to[@]}" "http://a.example:$SLOW_PORT/" "http://www.a.example:$SLOW_PORT/"
  assert_status 0
  [ "$(cut -d' ' -f2 asked | sort -u)" = 0 ]
  : >asked
  fetch -Z -c third "${to[@]}" "http://a.example:$SLOW_PORT/both" "http://b.example:$SLOW_PORT/both"
  assert_status 0
  grep -q ' 1 None' asked
  # Without a jar nobody waits.
  : >asked
  fetch -Z "${to[@]}" "http://a.example:$SLOW_PORT/both[1-2]"
  assert_status 0
  grep -q ' 1 None' asked
}

@test "-Z with a jar: who fails keeps nobody waiting; redirects and a lost connection neither" {
  play < <(
    printf '%s\n' 'C: GET /[12] HTTP/1.1' '[rest]' '[close]' | sed 's/\[12\]/*/'
    printf '%s\n' 'C2: GET /* HTTP/1.1' '[rest]' 'S2: HTTP/1.1 302 Found' 'S2: Location: /z' \
      'S2: Content-Length: 0' 'S2:' 'C2: GET /z HTTP/1.1' '[rest]' 'S2: HTTP/1.1 200 OK' \
      'S2: Content-Length: 2' 'S2:' '[send ok]'
  )
  fetch -Z -c jar -o '#1' "$URL/[1-2]"
  assert_status 75
  assert_said 'empty reply'
  assert_played
  [ "$(find . -name '[12]' | wc -l)" = 1 ]
}

# ---- bombs ----

@test "10,000 cookies in one answer are refused; 4,900 leave 180, and a Cookie field that servers take" {
  yes 'Set-Cookie: a=b' | head -n 10000 >fields
  answer <<END
S: HTTP/1.1 200 OK
[bytes $PWD/fields]
S: Content-Length: 0
S:
[close]
END
  fetch -c jar -o page "$URL/"
  assert_status 76
  assert_error 'more than 5000 fields'
  [ "$(grep -c a jar || true)" -le 1 ]

  seq -f 'Set-Cookie: name%04.0f=1234567890123456789012345678' 4900 | sed 's/$/\r/' >fields
  play < <(printf '%s\n' 'C: GET /a HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK' "[bytes $PWD/fields]" \
    'S: Content-Length: 0' 'S:' 'C: GET /b HTTP/1.1' 'C: Host: *' 'C: User-Agent: *' 'C: Accept: */*' \
    'C: Cookie: name4721=*; name4722=*' 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]')
  fetch -c jar "$URL/a" "$URL/b"
  assert_status 0
  assert_played
  [ "$(grep -c name jar)" = 180 ]
}

@test "cookies of 4 KiB: the Cookie field stays under 8 KiB, the ones for the longest path first" {
  local value
  value=$(head -c 4000 /dev/zero | tr '\0' v)
  play < <(printf '%s\n' 'C: GET /p/a HTTP/1.1' '[rest]' 'S: HTTP/1.1 200 OK'
    for n in {1..60}; do printf 'S: Set-Cookie: n%s=%s; Path=%s\n' "$n" "$value" "$([ "$n" = 60 ] && echo /p || echo /)"; done
    printf '%s\n' 'S: Set-Cookie: huge='"$value$value" 'S: Content-Length: 0' 'S:' \
      'C: GET /p/b HTTP/1.1' 'C: Host: *' 'C: User-Agent: *' 'C: Accept: */*' \
      "C: Cookie: n60=$value; n1=$value" 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]')
  fetch -v -c jar "$URL/p/a" "$URL/p/b"
  assert_status 0
  assert_said '[cookie huge refused: larger than 4096 bytes]'
  assert_played
  [ "$(wc -l <jar)" -ge 60 ]
}

# Every answer of this server has 70 cookies of 4 KiB and sends on to another host of a thousand.
bomber='
import http.server, os, sys
cookies = "".join("Set-Cookie: n%d=%s; Path=/; Max-Age=9999\r\n" % (n, "v" * 4080) for n in range(70))
class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        n = int(self.path[1:])
        to = "Location: http://h%d.example:%d/%d\r\n" % (n + 1, server.server_port, n + 1)
        self.wfile.write(("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n%s%s\r\n" % (to, cookies)).encode())
    def log_message(self, *ignored):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
with open(sys.argv[1] + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()'

@test "a bomb of 10,500 large cookies from 150 hosts: 3,000 are kept, in bounded memory and time" {
  python3 -c "$bomber" port >/dev/null 2>&1 </dev/null 3>&- 4>&- &
  SLOW_PID=$!
  await test -s port
  to=()
  for n in {1..150}; do
    to+=(--resolve "h$n.example:$(cat port):127.0.0.1")
  done
  fetch_in 200000 -c jar "${to[@]}" --max-redirs 149 "http://h1.example:$(cat port)/1"
  assert_status 76
  assert_error 'more than 149 redirects'
  [ "$(grep -c example jar)" = 3000 ]
  # What was written can be read again.
  play < <(printf '%s\n' 'C: GET http://h150.example/ HTTP/1.1' 'C: Host: *' 'C: User-Agent: *' \
    'C: Accept: */*' 'C: Cookie: n0=*' 'C:' 'S: HTTP/1.1 200 OK' 'S: Content-Length: 2' 'S:' '[send ok]')
  fetch -x "$URL" -b jar -c again http://h150.example/
  assert_status 0
  assert_played
  [ "$(grep -c example again)" = 3000 ]
}
