#!/usr/bin/env bats
# The command line and the configuration: what is understood, what is refused, and the hints.

load webget.bash

setup() {
  tool_setup
}

teardown() {
  peer_stop
}

usage_error() { # WORDS ARGUMENT...
  fetch "${@:2}"
  assert_refused 64 "$1"
}

page() {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Length: 4
S:
[send page]
END
}

@test "no URL, unknown options, letters, missing and surplus values" {
  usage_error 'no URL'
  usage_error --nonsense --nonsense http://127.0.0.1:1/
  usage_error -y -y http://127.0.0.1:1/
  usage_error 'needs an argument' -o
  usage_error --include --include=yes http://127.0.0.1:1/
}

@test "numbers are checked" {
  usage_error 'too large' --retry 99999999999 http://127.0.0.1:1/
  usage_error --retry --retry=-1 http://127.0.0.1:1/
  usage_error --retry --retry 1x http://127.0.0.1:1/
  usage_error --timeout --timeout soon http://127.0.0.1:1/
  usage_error --limit-rate --limit-rate 0 http://127.0.0.1:1/
  usage_error --max-filesize --max-filesize 1Q http://127.0.0.1:1/
  usage_error --connection --connection many http://127.0.0.1:1/
}

@test "options that exclude or need each other" {
  usage_error 'only one of' -d a -F b=c http://127.0.0.1:1/
  usage_error 'only one of' -d a -T /dev/null http://127.0.0.1:1/
  usage_error --head -I -d a http://127.0.0.1:1/
  usage_error 'needs -O' -J http://127.0.0.1:1/
  usage_error --ipv6 -4 -6 http://127.0.0.1:1/
  usage_error --execute --script x --execute y http://127.0.0.1:1/
  usage_error --jsonl --jsonl http://127.0.0.1:1/
}

@test "another tool's option is answered with ours" {
  usage_error '--output FILE' --output-document=x http://127.0.0.1:1/
  usage_error wget --no-check-certificate http://127.0.0.1:1/
  usage_error curl --silent http://127.0.0.1:1/
  usage_error --retry --tries=3 http://127.0.0.1:1/
  usage_error "-s: that is curl's" -fsSL http://127.0.0.1:1/
  usage_error 'always shown' -S http://127.0.0.1:1/
  usage_error "-qO-: that is wget's" -qO- http://127.0.0.1:1/
  usage_error '--s: which of' --s http://127.0.0.1:1/
}

@test "--resolve that is not HOST:PORT:ADDR is refused, whether the host is asked for or not" {
  for entry in x x:80 x:80: :80:192.0.2.1 x:y:192.0.2.1 x:65536:192.0.2.1; do
    usage_error 'HOST:PORT:ADDR' --resolve "$entry" http://127.0.0.1:1/
  done
  fetch --resolve x:80:192.0.2.1,192.0.2.2 --resolve '*:80:[2001:db8::1]' http://127.0.0.1:1/
  assert_refused 75 refused
}

@test "a script that is not there is said before a server is troubled" {
  page
  fetch --script nowhere "$URL/"
  assert_refused 66 '--script nowhere: No such file'
  refute_output --partial connect
}

@test "a mistyped option is answered with what was meant" {
  usage_error --compressed --compresed http://127.0.0.1:1/
}

@test "prefixes, =, --no-, -- and clustered letters" {
  page
  fetch --output page --max-red=2 --no-locat --no-progress -- "$URL/"
  assert_status 0
  assert_content page page
  page
  fetch -qopage2 "$URL/"
  assert_status 0
  assert_content page2 page
  rm page page2
  usage_error '--re' --re 2 http://127.0.0.1:1/
}

@test "--help, --version: to stdout, 0" {
  fetch --help
  assert_status 0
  assert_line --partial 'webget [options] URL...'
  assert_line --partial '--max-redirs'
  assert_quiet
  fetch --version
  assert_status 0
  assert_line --index 0 --partial webget
  assert_quiet
}

@test "--help into a full disk" {
  run --separate-stderr bash -c "'$PROGRAM' --help >/dev/full"
  assert_refused 74 'standard output: No space'
  run --separate-stderr bash -c "'$PROGRAM' --version >/dev/full"
  assert_refused 74 'standard output: No space'
}

# ---- configuration ----

configure() { # text on stdin
  mkdir -p "$XDG_CONFIG_HOME/parley"
  cat >"$XDG_CONFIG_HOME/parley/webget.conf"
}

@test "the configuration is read before the command line" {
  configure <<'END'
# a comment
user-agent = from the file
output configured

no-location
END
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: User-Agent: from the line
[rest]
S: HTTP/1.1 302 Found
S: Location: /x
S: Content-Length: 4
S:
[send page]
END
  fetch -A 'from the line' "$URL/"
  assert_status 0
  assert_files configured
  assert_played
}

@test "--no-config skips it" {
  echo 'nonsense' | configure
  page
  fetch --no-config "$URL/"
  assert_status 0
  assert_output page
}

@test "an error in it: 78, file and line named" {
  printf '\nuser-agent x\nnonsense yes\n' | configure
  fetch http://127.0.0.1:1/
  assert_refused 78 'webget.conf:3: nonsense'
  echo 'retry many' | configure
  fetch http://127.0.0.1:1/
  assert_refused 78 'webget.conf:1: retry'
}

@test "a secret in a file that others can read is refused" {
  echo 'user me:topsecret' | configure
  chmod 644 "$XDG_CONFIG_HOME/parley/webget.conf"
  fetch http://127.0.0.1:1/
  assert_refused 78 'chmod 600'
  refute_said topsecret
  chmod 600 "$XDG_CONFIG_HOME/parley/webget.conf"
  play <<'END'
C: GET / HTTP/1.1
C: Host: *
C: Authorization: Basic *
[rest]
S: HTTP/1.1 200 OK
S: Content-Length: 0
S:
END
  fetch "$URL/"
  assert_status 0
  assert_played
}

# ---- trace ----

@test "-v shows the dialogue on stderr, the body is an event" {
  page
  fetch -v "$URL/p"
  assert_status 0
  assert_output page
  assert_said "[connect 127.0.0.1:$PEER_PORT "
  assert_said $'C: GET /p HTTP/1.1\nC: Host: '
  assert_said $'S: HTTP/1.1 200 OK\nS: Content-Length: 4\nS:'
  assert_said '[body S 4 bytes]'
  assert_said '[close]'
}

@test "a trace can be played back as a test" {
  page
  fetch --trace trace "$URL/p"
  assert_status 0
  local port=$PEER_PORT
  # The port is another one.
  sed "s/:$port/:*/" trace >dialogue
  play <dialogue
  fetch "$URL/p"
  assert_status 0
  [ "${#output}" -eq 4 ]
  assert_played
}

@test "--trace-time puts the seconds before each line" {
  page
  fetch --trace trace --trace-time "$URL/p"
  run grep -vcE '^[0-9]+\.[0-9]{3} ([CS]:|\[)' trace
  assert_output 0
}

@test "--trace-format json: each line an object, the dialogue in it" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: X-Odd: \xff\x1b"\\
S: Set-Cookie: a=s3cret
S: Content-Length: 4
S:
[send page]
END
  fetch --trace trace --trace-format json "$URL/p"
  assert_status 0
  [ "$(jq -r 'select(.from == "C") | .line' trace | head -n 1)" = 'GET /p HTTP/1.1' ]
  [ "$(jq -r 'select(.from == "S") | .conn' trace | sort -u)" = 1 ]
  jq -es 'map(select(.event == "connect")) | length == 1 and .[0].t >= 0' trace
  jq -es 'map(select(.event == "body")) | length == 1 and .[0].bytes == 4' trace
  run ! grep -q s3cret trace
}

@test "--trace-bodies shows the body's lines" {
  answer <<'END'
S: HTTP/1.1 200 OK
S: Content-Type: text/plain
S: Content-Length: 8
S:
[send one\x0atwo\x0a]
END
  fetch -v --trace-bodies "$URL/p"
  assert_said $'S: one\nS: two'
}

@test "a trace of two connections tells them apart" {
  play <<'END'
C: GET /a HTTP/1.1
[rest]
S: HTTP/1.1 200 OK
S: Connection: close
S: Content-Length: 0
S:
[close]
C2: GET /b HTTP/1.1
[rest]
S2: HTTP/1.1 200 OK
S2: Content-Length: 0
S2:
END
  fetch -v "$URL/{a,b}"
  assert_said 'C: GET /a HTTP/1.1'
  assert_said 'C2: GET /b HTTP/1.1'
  assert_said 'S2: HTTP/1.1 200 OK'
}

@test "the trace's file is for its owner alone; one that cannot be made: 73" {
  page
  fetch --trace trace "$URL/p"
  [ "$(stat -c %a trace)" = 600 ]
  fetch -o page --trace none/trace http://127.0.0.1:1/
  assert_status 73
  assert_error none/trace
}

@test "options without their partner do nothing, which is said; in the config file they wait for it" {
  for row in '--level 2|--recursive' '--no-parent|--recursive' '--span-hosts|--recursive' \
    '--cut-dirs 1|--recursive or --page-requisites' '--cache-size 1M|--cache' '--stale-if-slow 1|--cache' \
    '--xattr|-o FILE or -O'; do
    page
    # shellcheck disable=SC2086 # an option and its value
    fetch ${row%|*} "$URL/p"
    assert_status 0
    option=${row%|*}
    assert_error "${option%% *} does nothing without ${row#*|}"
    peer_stop
  done
  page
  fetch --quiet --level 2 "$URL/p"
  assert_quiet
  mkdir -p "$XDG_CONFIG_HOME/parley"
  printf 'level = 2\ncache-size = 1M\nxattr\n' >"$XDG_CONFIG_HOME/parley/webget.conf"
  page
  fetch "$URL/p"
  assert_status 0
  assert_quiet
}

@test "a directory that is missing: --create-dirs is named; what is no address of the web is said to be none" {
  page
  fetch -P new/dir -O "$URL/p"
  assert_status 73
  assert_error 'new/dir/p: No such file or directory; --create-dirs makes its directory'
  for text in mailto:ada@example.org mailto:x javascript:void data:,x; do
    fetch "$text"
    assert_status 64
    assert_error "webget speaks http and https, not ${text%%:*}"
  done
}
