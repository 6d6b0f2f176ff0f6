#!/usr/bin/env bats
# The peer itself, driven by clients that are a few lines of shell.

bats_require_minimum_version 1.5.0

load peer.bash

teardown() {
  peer_stop
}

# Opens connection $1 (a descriptor number) to the peer.
dial() {
  eval "exec $1<>/dev/tcp/127.0.0.1/$PEER_PORT"
}

hang_up() {
  eval "exec $1>&-"
}

# The next line on descriptor $1 must be $2 (with its CR).
hear() {
  local line
  IFS= read -r -t 30 -u "$1" line
  [ "$line" = "$2"$'\r' ] || { echo "heard '$line', not '$2'"; return 1; }
}

# Lines, in one write: bash's own printf would make several.
tell() {
  local fd=$1
  shift
  printf '%s\r\n' "$@" | cat >&"$fd"
}

# The peer must end with status $1.
ends_with() {
  local status=0
  peer_wait >"$BATS_TEST_TMPDIR/said" 2>&1 || status=$?
  cat "$BATS_TEST_TMPDIR/said"
  [ "$status" -eq "$1" ]
}

said() {
  grep -Fqx -- "$1" "$BATS_TEST_TMPDIR/said" || { echo "not said: $1"; return 1; }
}

said_part() {
  grep -Fq -- "$1" "$BATS_TEST_TMPDIR/said" || { echo "not said: $1"; return 1; }
}

mail_dialogue() {
  cat <<'END'
# a greeting and two commands
[connect 127.0.0.1:25 0.41 ms]
0.001 S: 220 mail.example.org

0.002 C: HELO *
S: 250-Hello
S: 250 pleased to meet you
C: QUIT
S: 221 bye
[close]
END
}

@test "a client that follows: status 0" {
  mail_dialogue | { cat >"$BATS_TEST_TMPDIR/d"; }
  peer_start "$BATS_TEST_TMPDIR/d"
  dial 5
  hear 5 '220 mail.example.org'
  tell 5 'HELO me'
  hear 5 '250-Hello'
  hear 5 '250 pleased to meet you'
  tell 5 QUIT
  hear 5 '221 bye'
  run ! read -r -t 30 -u 5 line
  hang_up 5
  ends_with 0
  [ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "consecutive S: lines leave in one write, and the log counts turns" {
  mail_dialogue | { cat >"$BATS_TEST_TMPDIR/d"; }
  peer_start "$BATS_TEST_TMPDIR/d"
  dial 5
  tell 5 'HELO me' QUIT
  cat <&5 >"$BATS_TEST_TMPDIR/heard"
  hang_up 5
  ends_with 0
  grep -Eq '^[0-9]+\.[0-9]{6} send 36 1$' "$PEER_LOG"
  [ "$(peer_turns)" -eq 1 ]
}

@test "a wrong line: status 1 and a diff with the line's number" {
  peer_start - <<'END'
S: 220 hello
C: NOOP
S: 250 OK
C: QUIT
S: 221 bye
END
  dial 5
  tell 5 NOOP QUOT
  ends_with 1
  said '-C: QUIT'
  said '+C: QUOT'
  said ' C: NOOP'
  said_part ':4: the client strayed'
}

@test "a line too many is shown as an addition only" {
  peer_start - <<'END'
C: GET / HTTP/1.1
C: Host: *
C:
S: HTTP/1.1 204 No Content
S:
END
  dial 5
  printf 'GET / HTTP/1.1\r\nX: \033[1m\r\nHost: a\r\n\r\n' >&5
  ends_with 1
  said '+C: X: \x1b[1m'
  said ' C: Host: *'
  run ! grep '^-C' "$BATS_TEST_TMPDIR/said"
}

@test "the client closes where a line was expected" {
  peer_start - <<'END'
C: ONE
C: TWO
END
  dial 5
  tell 5 ONE
  hang_up 5
  ends_with 1
  said '-C: TWO'
  said_part ':2: the client closed the connection'
}

@test "a line after the end is a failure; [close] makes it none" {
  peer_start - <<'END'
C: ONE
END
  dial 5
  tell 5 ONE TWO
  ends_with 1
  said '+C: TWO'
  hang_up 5
  printf 'C: ONE\n[close]\n' | { cat >"$BATS_TEST_TMPDIR/d"; }
  peer_start "$BATS_TEST_TMPDIR/d"
  dial 5
  tell 5 ONE TWO
  ends_with 0
}

@test "nothing hangs: silence, a client that stays, no client" {
  peer_start - --timeout 2 <<<'C: ONE'
  dial 5
  ends_with 1
  said_part 'nothing came within 2 s'
  hang_up 5
  peer_start - --timeout 2 <<<'C: ONE'
  dial 5
  tell 5 ONE
  ends_with 1
  said_part 'the client did not close the connection'
  hang_up 5
  peer_start - --timeout 0.2 <<<'C: ONE'
  ends_with 1
  said_part 'the client did not connect'
  peer_start - --timeout 2 <<<'[body 99999999]'
  dial 5
  ends_with 1
  said_part 'the client does not read'
}

@test "a connection too many is a failure" {
  peer_start - <<<'C: ONE'
  dial 5
  dial 6
  tell 5 ONE
  hang_up 5
  ends_with 1
  said_part 'another connection'
}

@test "stars, escapes and empty lines" {
  peer_start - <<'END'
C: a*b*c
C: *
C: \x2a\\\x00
C:
S: \x01\xff\\
S:
[send no end\x0a]
[close]
END
  dial 5
  printf 'a-b-b-c\r\n\n*\\\0\r\n\r\n' >&5
  cat <&5 >"$BATS_TEST_TMPDIR/heard"
  ends_with 0
  printf '\1\377\\\r\n\r\nno end\n' | cmp - "$BATS_TEST_TMPDIR/heard"
}

@test "a literal star does not match another byte" {
  peer_start - <<<'C: \x2a'
  dial 5
  tell 5 x
  ends_with 1
  said_part 'the client strayed'
}

@test "pieces between stars must come in order" {
  peer_start - <<<'C: a*b*c*d'
  dial 5
  tell 5 axcxbxd
  ends_with 1
  said_part 'the client strayed'
}

@test "two connections in one dialogue" {
  peer_start - <<'END'
S: one
C: first
[close]
S2: two
C2: second
S2: well
END
  dial 5
  hear 5 one
  tell 5 first
  dial 6
  hear 6 two
  tell 6 second
  hear 6 well
  hang_up 6
  hang_up 5
  ends_with 0
  grep -q ' recv 8 2$' "$PEER_LOG"
}

@test "lines of two open connections, interleaved" {
  peer_start - <<'END'
S: one
S2: two
C: a
C2: b
S: to a
S2: to b
END
  dial 5
  hear 5 one
  dial 6
  hear 6 two
  tell 6 b
  tell 5 a
  hear 5 'to a'
  hear 6 'to b'
  hang_up 5
  hang_up 6
  ends_with 0
}

@test "several dialogues, and several times" {
  printf 'S: one\n[close]\n' >"$BATS_TEST_TMPDIR/one"
  peer_start - --connections 2 "$BATS_TEST_TMPDIR/one" <<<$'S: two\n[close]'
  for word in one two one two; do
    dial 5
    hear 5 "$word"
    hang_up 5
  done
  ends_with 0
}

@test "http with curl: rest, read, body" {
  peer_start - <<END
C: PUT /x HTTP/1.1
C: Host: *
[rest]
[read > $BATS_TEST_TMPDIR/got 5]
S: HTTP/1.1 200 OK
S: Content-Length: 200000
S:
[body S 200000 bytes]
END
  curl -sS --max-time 30 -X PUT -d hello "http://127.0.0.1:$PEER_PORT/x" >"$BATS_TEST_TMPDIR/body"
  ends_with 0
  [ "$(cat "$BATS_TEST_TMPDIR/got")" = hello ]
  yes 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz- | head -c 200000 |
    cmp - "$BATS_TEST_TMPDIR/body"
}

@test "a large body while the client still writes: nobody waits for the other" {
  peer_start - <<'END'
[body 8000000]
[read 8000000]
[close]
END
  dial 5
  head -c 8000000 /dev/zero >&5 &
  writer=$!
  sleep 0.1
  [ "$(head -c 8000000 <&5 | wc -c)" -eq 8000000 ]
  wait "$writer"
  ends_with 0
}

@test "bytes of a file stand beside the dialogue" {
  printf 'raw\0bytes' >"$BATS_TEST_TMPDIR/raw"
  cd /
  peer_start - <<<$'[bytes raw]\n[close]'
  dial 5
  cat <&5 | cmp - "$BATS_TEST_TMPDIR/raw"
  ends_with 0
}

@test "tls: with the goodbye, and without" {
  peer_certificate
  peer_start - --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
[tls TLSv1.3 TLS_AES_256_GCM_SHA384]
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Connection: close
S:
S: hello
[close]
[conn 2]
[tls]
C2: GET / HTTP/1.1
[rest]
S2: HTTP/1.1 200 OK
S2: Connection: close
S2:
S2: hello
[cut]
END
  run -0 curl -sS --max-time 30 --http1.1 --cacert "$PEER_CERT" "https://localhost:$PEER_PORT/"
  [ "$output" = hello$'\r' ]
  grep -q ' close 0 1$' "$PEER_LOG"
  run timeout 30 openssl s_client -quiet -ign_eof -CAfile "$PEER_CERT" \
    -connect "127.0.0.1:$PEER_PORT" <<<$'GET / HTTP/1.1\r\n\r'
  [[ "$output" == *hello*'unexpected eof'* ]]
  ends_with 0
}

@test "starttls with openssl, tls 1.2 too" {
  peer_certificate
  for version in -tls1_2 -tls1_3; do
    peer_start - --cert "$PEER_CERT" --key "$PEER_KEY" <<'END'
S: 220 hello
C: EHLO *
S: 250-hello
S: 250 STARTTLS
C: STARTTLS
S: 220 go
[wait 0.05]
[tls]
C: NOOP
S: 250 by TLS
C: QUIT
[close]
END
    { sleep 0.5; printf 'NOOP\r\nQUIT\r\n'; sleep 0.3; } | timeout 30 openssl s_client "$version" \
      -quiet -starttls smtp -CAfile "$PEER_CERT" -connect "127.0.0.1:$PEER_PORT" \
      >"$BATS_TEST_TMPDIR/heard" 2>/dev/null || true
    ends_with 0
    grep -q '250 by TLS' "$BATS_TEST_TMPDIR/heard"
  done
}

@test "tls that the client gives up is a failure, and needs a certificate" {
  peer_certificate
  peer_start - --cert "$PEER_CERT" --key "$PEER_KEY" <<<$'[tls]\nC: GET *'
  run ! curl -sS --max-time 30 "https://localhost:$PEER_PORT/"
  ends_with 1
  said_part TLS
  run -1 peer_start - <<<$'[tls]\nC: x'
  [[ "$output" == *--cert* ]]
}

@test "ftp, passive: PASV and EPSV" {
  echo listing >"$BATS_TEST_TMPDIR/list"
  cd "$BATS_TEST_TMPDIR"
  peer_start - <<'END'
C: PASV
S: 227 Entering Passive Mode (127,0,0,1,@PORT1@,@PORT2@)
C: LIST
S: 150 here it comes
[data < list]
S: 226 done
C: EPSV
S: 229 Extended (|||@PORT@|)
C: STOR x
S: 150 go
[data > stored]
S: 226 done
END
  dial 5
  tell 5 PASV
  IFS= read -r -t 30 -u 5 line
  [[ "$line" =~ \(127,0,0,1,([0-9]+),([0-9]+)\) ]]
  exec 6<>"/dev/tcp/127.0.0.1/$((BASH_REMATCH[1] * 256 + BASH_REMATCH[2]))"
  tell 5 LIST
  hear 5 '150 here it comes'
  [ "$(cat <&6)" = listing ]
  exec 6>&-
  hear 5 '226 done'
  tell 5 EPSV
  IFS= read -r -t 30 -u 5 line
  [[ "$line" =~ \|\|\|([0-9]+)\| ]]
  exec 6<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[1]}"
  tell 5 'STOR x'
  hear 5 '150 go'
  printf kept >&6
  exec 6>&-
  hear 5 '226 done'
  hang_up 5
  ends_with 0
  [ "$(cat stored)" = kept ]
  grep -q ' recv 4 data$' "$PEER_LOG"
}

@test "ftp, active: curl's EPRT and PORT" {
  printf 'active data' >"$BATS_TEST_TMPDIR/f"
  for verb in EPRT PORT; do
    peer_start - <<END
S: 220 ready
C: USER anonymous
S: 331 password
C: PASS *
S: 230 in
C: PWD
S: 257 "/"
C: $verb *
S: 200 fine
C: TYPE I
S: 200 fine
[rest-of-it-is-noted-only]
C: SIZE f
S: 213 11
C: RETR f
S: 150 here
[data < f]
S: 226 done
C: QUIT
S: 221 bye
END
    option=--eprt
    [ $verb = EPRT ] || option=--no-eprt
    run -0 curl -sS --max-time 30 $option -P 127.0.0.1 "ftp://127.0.0.1:$PEER_PORT/f"
    [ "$output" = 'active data' ]
    ends_with 0
    said_part 'does nothing here'
  done
}

@test "ftp: a data connection that is cut" {
  yes | head -c 5000 >"$BATS_TEST_TMPDIR/f"
  peer_start - <<'END'
S: 229 Extended (|||@PORT@|)
[data cut 1000 < f]
S: 426 cut
END
  dial 5
  IFS= read -r -t 30 -u 5 line
  [[ "$line" =~ \|\|\|([0-9]+)\| ]]
  exec 6<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[1]}"
  sleep 0.1
  run bash -c 'cat <&6 >"$1"' bash "$BATS_TEST_TMPDIR/part"
  [[ "$output" == *reset* ]]
  exec 6>&-
  hear 5 '426 cut'
  hang_up 5
  ends_with 0
}

@test "wait, drip, half-close, eof" {
  peer_start - <<'END'
S: one
[wait 0.3]
S: two
[drip]
S: slow
[drip off]
S: fast
[half-close]
C: heard
[eof]
END
  start=${EPOCHREALTIME/./}
  dial 5
  hear 5 one
  hear 5 two
  [ $((${EPOCHREALTIME/./} - start)) -ge 250000 ]
  hear 5 slow
  hear 5 fast
  run ! read -r -t 30 -u 5 line
  tell 5 heard
  hang_up 5
  ends_with 0
  [ "$(grep -c ' send 1 1$' "$PEER_LOG")" -eq 6 ]
  grep -q ' send 6 1$' "$PEER_LOG"
}

@test "reset is seen by the client" {
  peer_start - <<<$'C: a\n[reset]'
  dial 5
  tell 5 a
  ends_with 0
  run cat <&5
  [[ "$output" == *reset* ]]
  grep -q ' reset 0 1$' "$PEER_LOG"
}

@test "a simulated round trip: two for HTTP, three for HTTPS" {
  peer_certificate
  cat >"$BATS_TEST_TMPDIR/d" <<'END'
C: GET / HTTP/1.1
[rest]
S: HTTP/1.1 204 No Content
S:
END
  took() { # SCHEME [OPTION...]: sets tenths, the time in tenths of the simulated round trip of 100 ms
    peer_start "$BATS_TEST_TMPDIR/d" --rtt 100 "${@:2}"
    local start=${EPOCHREALTIME/./}
    curl -sS --max-time 30 --http1.1 -k "$1://127.0.0.1:$PEER_PORT/" >"$BATS_TEST_TMPDIR/out"
    tenths=$(((${EPOCHREALTIME/./} - start) / 10000))
    ends_with 0
  }
  between() { # TENTHS BELOW SCHEME [OPTION...]: never less; more at most when the machine is busy
    for _ in {1..10}; do
      took "${@:3}"
      echo "tenths: $tenths"
      [ "$tenths" -ge "$1" ] || return 1
      [ "$tenths" -ge "$2" ] || return 0
    done
    return 1
  }
  between 20 29 http
  sed -i '1i [tls]' "$BATS_TEST_TMPDIR/d"
  between 30 39 https --cert "$PEER_CERT" --key "$PEER_KEY"
}

@test "dialogues that can't be read: status 2 and the line" {
  refuses() { # TEXT WORDS
    printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/bad"
    run -2 "$(peer_program)" "$BATS_TEST_TMPDIR/bad"
    [[ "$output" == *"$2"* ]] || { echo "$output"; return 1; }
  }
  refuses $'S: a\nhello' 'bad:2: neither'
  refuses $'S: a\n[wait x]' 'bad:2: arguments'
  refuses '[wait 0.2' 'bad:1: ] is missing'
  refuses 'C: a\b' 'bad:1: a backslash'
  refuses '[data cut 5 > x]' 'bad:1: arguments'
  refuses '[read > x]' 'bad:1: arguments'
  refuses 'C0: a' 'bad:1: neither'
  refuses 'C99999999999999999999: a' 'bad:1: neither'
  refuses '# nothing' 'no S: or C: line'
  refuses $'S: a\n[close]\nC: b' 'bad:3: connection 1 was closed before'
  run -2 "$(peer_program)" /nonexistent/dialogue
  run -2 "$(peer_program)"
  run -2 "$(peer_program)" --timeout x "$BATS_TEST_TMPDIR/bad"
  [[ "$output" == *--timeout* ]]
  run -0 "$(peer_program)" --help
}

@test "a file that is missing is the dialogue's fault: status 2" {
  peer_start - <<<'[bytes missing]'
  dial 5
  ends_with 2
  said_part ':1: cannot read'
}

@test "a very long line ends it; a client that is gone does not" {
  peer_start - <<<'C: *'
  dial 5
  head -c 3000000 /dev/zero | tr '\0' a >&5 2>/dev/null || true
  ends_with 1
  said_part 'the line is too long'
  hang_up 5
  peer_start - <<<'[body 9000000]'
  dial 5
  hang_up 5
  ends_with 0
}
