#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031
# Comparison, explanation and diagram at once, for each tool: of a whole session, of one that
# breaks off in the middle, by hand; and what happens when they can't be written.

load ../peer/tool.bash

D=$BATS_TEST_DIRNAME/../dialogues
BIN=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}

setup() {
  tool_setup
  printf 'Do you like ketchup?\nHow about pickles?\n' >message
  echo plan >plan.txt
}

teardown() {
  peer_stop
}

# Runs the session of a tool with these options; status, out and err stay.
session() { # TOOL [options]
  local tool=$1 port=$PEER_PORT
  local -a run=("$BIN/$tool" --no-config "${@:2}")
  case $tool in
  webget) run+=(--resolve "www.example.org:$port:127.0.0.1" "http://www.example.org:$port/lost.html") ;;
  ftpc) run+=(--tls off --execute 'user bob hungry; ls; get boats.txt; put plan.txt; quit' "ftp://127.0.0.1:$port") ;;
  smtpsend) run+=(--no-netrc --no-ehlo --no-pipelining --no-add-headers --domain anchor.example
    -f alice@anchor.example --server "smtp://127.0.0.1:$port" bob@harbour.example) ;;
  pop3fetch) run+=(--execute 'user bob; pass hungry; list; retr 1; retr 2; quit' "pop3://127.0.0.1:$port/") ;;
  imapls) run+=("imap://bob:hungry@127.0.0.1:$port/") ;;
  esac
  status=0
  timeout 20 "${run[@]}" <message >out 2>err || status=$?
  cat err
}

dialogue_of() { # TOOL
  case $1 in
  webget) echo "$D/http-not-found.txt" ;;
  ftpc) echo "$D/ftp-session.txt" ;;
  smtpsend) echo "$D/smtp-session.txt" ;;
  pop3fetch) echo "$D/pop3-keep.txt" ;;
  imapls) echo "$D/imap-folders.txt" ;;
  esac
}

assert_figure() { # LEAST ARROWS
  xmllint --noout figure.svg
  rsvg-convert figure.svg -o figure.png
  [ "$(wc -c <figure.png)" -gt 3000 ]
  [ "$(grep -c '<line class="[cs]"' figure.svg)" -ge "$1" ]
}

all_three() { # TOOL STATUS
  local file
  file=$(dialogue_of "$1")
  peer_start "$file"
  session "$1" --explain --compare "$file" --diagram figure.svg
  [ "$status" = "$2" ]
  grep -q '^    .*(RFC [0-9]* [0-9.]*)$' err
  if grep 'first difference' err; then return 1; fi
  assert_figure 2
  peer_wait
}

# Up to the first line that matches, then nothing more.
breaks_off() { # TOOL LINE
  local file
  file=$(dialogue_of "$1")
  sed "/^#/d; /$2/q" "$file" >broken
  echo '[close]' >>broken
  peer_start broken
  session "$1" --explain --compare "$file" --diagram figure.svg
  [ "$status" = 65 ]
  grep -q '^    .*(RFC [0-9]* [0-9.]*)$' err
  grep -q 'first difference' err
  assert_figure 1
}

@test "webget: all three" { all_three webget 66; }
@test "ftpc: all three" { all_three ftpc 0; }
@test "smtpsend: all three" { all_three smtpsend 0; }
@test "pop3fetch: all three" { all_three pop3fetch 0; }
@test "imapls: all three" { all_three imapls 0; }

@test "webget: breaks off" { breaks_off webget '^S: HTTP'; }
@test "ftpc: breaks off" { breaks_off ftpc '^S: 200 Text'; }
@test "smtpsend: breaks off" { breaks_off smtpsend '^S: 354'; }
@test "pop3fetch: breaks off" { breaks_off pop3fetch '^C: RETR 1'; }
@test "imapls: breaks off" { breaks_off imapls '^S: A001'; }

@test "a bad file to compare with leaves the figure and the trace of another day alone" {
  echo old >figure.svg
  echo old >trace
  : >empty
  PEER_PORT=1
  for tool in webget ftpc smtpsend pop3fetch imapls; do
    session $tool --compare empty --diagram figure.svg --trace trace
    [ "$status" = 64 ]
    [ "$(cat figure.svg trace)" = "$(printf 'old\nold')" ]
    [ -z "$(find . -newer empty -name '*figure*' ! -name figure.svg)" ]
  done
}

@test "what is no dialogue is refused by each tool, and the line is named, before anything is asked" {
  : >empty
  head -c 5000 /dev/zero >binary
  printf '\nDear diary,\nnobody spoke.\n' >prose
  yes 'S: 250 fine' | head -c 10485760 >big
  PEER_PORT=1
  for tool in webget ftpc smtpsend pop3fetch imapls; do
    for file in empty:no\ S: binary:binary prose:2: big:large; do
      session $tool --compare "${file%%:*}"
      [ "$status" = 64 ]
      [ "$(wc -l <err)" = 1 ]
      grep -q "^$tool: .*${file%%:*}.*${file#*:}" err
    done
  done
}

# By hand, against a server that closes after the first line that matches.
by_hand() { # TOOL LINE TYPED...
  local file
  file=$(dialogue_of "$1")
  sed "/^#/d; /$2/q" "$file" >broken
  echo '[close]' >>broken
  peer_start broken
  status=0
  printf '%s\n' "${@:3}" | timeout 20 "$BIN/$1" --no-config --interactive --explain \
    --compare "$file" --diagram figure.svg "$(url_of "$1")" >out 2>err || status=$?
  cat err
  [ "$status" = 65 ]
  grep -q "^$1: .*closed the connection" err
  grep -q '^    .*(RFC [0-9]* [0-9.]*)$' err
  grep -q 'first difference' err
  assert_figure 2
}

url_of() { # TOOL
  case $1 in
  smtpsend) echo "--server=smtp://127.0.0.1:$PEER_PORT" ;;
  pop3fetch) echo "pop3://127.0.0.1:$PEER_PORT" ;;
  esac
}

@test "smtpsend: breaks off at the prompt" {
  by_hand smtpsend '^C: RCPT' 'HELO anchor.example' 'MAIL FROM:<alice@anchor.example>' \
    'RCPT TO:<bob@harbour.example>' NOOP QUIT
}

@test "pop3fetch: breaks off at the prompt" {
  by_hand pop3fetch '^C: LIST' 'USER bob' 'PASS hungry' LIST 'RETR 1' QUIT
}

# Height at which the Nth TCP arrow, or the first band, reaches the client's line.
reaches() { # N
  if [ "$1" = band ]; then
    sed -n 's/.*<polygon class="sb" points="[^ ]* [^,]*,\([0-9]*\).*/\1/p' figure.svg | head -1
  else
    sed -n 's/.*<line class="tcp".* y2="\([0-9]*\).*/\1/p' figure.svg | sed -n "$1p"
  fi
}

@test "ftpc: a listing travels on the data connection alone, and after its handshake" {
  peer_start "$D/ftp-session.txt"
  session ftpc --explain --diagram figure.svg
  [ "$status" = 0 ]
  run ! grep '^\[body' err
  # Three transfers, three bands.
  [ "$(grep -c '<polygon' figure.svg)" -eq 3 ]
  peer_start "$D/ftp-active.txt"
  "$BIN/ftpc" --no-config --tls off -P - --diagram figure.svg --execute \
    'user bob hungry; get boats.txt; quit' "ftp://127.0.0.1:$PEER_PORT" >out 2>err
  [ "$(reaches 6)" -lt "$(reaches band)" ]
}

@test "a figure or a trace that can't be finished is said and is the status" {
  for tool in webget ftpc smtpsend pop3fetch imapls; do
    peer_start "$(dialogue_of $tool)"
    session $tool --diagram /dev/full
    case $tool in
    webget) [ "$status" = 66 ] ;;
    *) [ "$status" = 74 ] ;;
    esac
    grep -q "^$tool: --diagram: .*No space left" err
    peer_start "$(dialogue_of $tool)"
    session $tool --trace /dev/full
    [ "$status" = 74 ] || [ $tool = webget ]
    grep -q "^$tool: --trace: .*No space left" err
  done
}

@test "what is held back from the screen is compared and drawn all the same" {
  peer_start "$D/pop3-keep.txt"
  "$BIN/pop3fetch" --no-config --diagram figure.svg --compare "$D/pop3-keep.txt" --execute \
    'trace off; user bob; pass hungry; list; retr 1; trace on; retr 2; quit' \
    "pop3://127.0.0.1:$PEER_PORT/" >out 2>err
  run ! grep -q '^C: LIST' out
  grep -q '^C: RETR 2' out
  grep -q 'LIST' figure.svg
}

@test "explain is a switch by hand, and help explains words and codes, in each tool" {
  PEER_PORT=1
  ask() { # TOOL COMMANDS
    timeout 10 "$BIN/$1" --no-config --execute "explain on; explain off; explain; $2" >out 2>err
    cat out err
  }
  ask webget 'help 304; help GET; help Content-Type'
  grep -q '304.*RFC 9110' out
  ask ftpc 'help 226; help RETR; help 227'
  grep -q '226.*RFC 959' out
  ask smtpsend 'help 354; help RCPT; help 5.1.1'
  grep -q '354.*RFC 5321' out
  grep -q 'RCPT.*RFC 5321' out
  ask pop3fetch 'help UIDL; help IN-USE'
  grep -q 'UIDL.*RFC 1939' out
  ask imapls 'help FETCH; help TRYCREATE'
  grep -q 'FETCH.*RFC 9051' out
}

# A few lines by hand, whose failure doesn't count; standard output is where WORDS lead.
lines_to() { # TOOL WORDS
  local greeting='S: 220 hello' typed='-noop; quit' scheme=$1
  case $1 in
  webget) greeting='' typed='-GET /' scheme=http ;;
  ftpc) scheme=ftp ;;
  pop3fetch) greeting='S: +OK hello' scheme=pop3 ;;
  imapls) greeting='S: * OK [CAPABILITY IMAP4rev1] hello' scheme=imap ;;
  esac
  peer_start - <<<"$greeting"$'\n[close]'
  local url=$scheme://127.0.0.1:$PEER_PORT/
  [ "$1" != smtpsend ] || url=$(url_of smtpsend)
  status=0
  timeout 20 bash -c "$2" - "$BIN/$1" --no-config --no-netrc --execute "$typed" "$url" 2>err ||
    status=$?
  echo "$1 $2: $status"
  cat err
}

@test "standard output that takes no dialogue is said once and is the status, in each tool" {
  [ -e /dev/full ] || skip
  # shellcheck disable=SC2016 # that shell expands them
  for tool in webget ftpc smtpsend pop3fetch imapls; do
    for words in '"$@" >/dev/full' '"$@" >&-' '"$@" --trace - >/dev/full' \
      '"$@" --trace - --trace-format json -v >/dev/full'; do
      # ftpc writes only what was asked for there, no dialogue.
      [[ $tool$words != ftpc*\>* || $words == *trace* ]] || continue
      lines_to $tool "$words"
      [ "$status" = 74 ]
      [ "$(grep -c "^$tool: standard output: [NB]" err)" = 1 ]
    done
    lines_to $tool '"$@" --trace - | head -c0; exit ${PIPESTATUS[0]}'
    [ "$status" = 0 ]
  done
}
