# shellcheck shell=bash
# What bats and the tests set and read: output, stderr, status.
# shellcheck disable=SC2034,SC2154
# Helpers of pop3fetch's bats files: `load pop3fetch`, which brings the peer along.
#
#   setup() { pop3_setup; }        # an empty directory, no configuration
#   teardown() { peer_stop; }
#   { opening; echo 'C: UIDL'; ... } | play
#   fetch --maildir box            # run --separate-stderr, from the peer, as alice

TOOL=pop3fetch
load ../peer/tool.bash

pop3_setup() {
  [ -z "${POP3_SKIP-}" ] || skip "$POP3_SKIP"
  # What a pipe ends in runs in the test's own shell: `... | play` sets PEER_PORT.
  shopt -s lastpipe
  tool_setup
}

pop3fetch() {
  timeout 60 "$PROGRAM" "$@"
}

# A dialogue on stdin.
play() { # [options of peer]
  peer_start - "$@"
}

# alice from the peer, her state in ./state.
fetch() {
  run --separate-stderr pop3fetch -u alice:hungry --state state "$@" "pop3://127.0.0.1:$PEER_PORT/"
}

by_hand() { # 'CMD; CMD' [options]
  run --separate-stderr pop3fetch --execute "$@" "pop3://127.0.0.1:$PEER_PORT/"
}

# Greeting, CAPA with these words, login.
opening() { # [KEYWORD...]
  local word
  echo 'S: +OK ready'
  echo 'C: CAPA'
  echo 'S: +OK'
  for word; do echo "S: $word"; done
  echo 'S: SASL PLAIN'
  echo 'S: .'
  echo 'C: AUTH PLAIN AGFsaWNlAGh1bmdyeQ=='
  echo 'S: +OK logged in'
}

# UIDL and LIST in one write, answered: UID... for messages 1, 2, ...
listing() {
  local word n=0
  echo 'C: UIDL'
  echo 'C: LIST'
  echo 'S: +OK'
  for word; do echo "S: $((n += 1)) $word"; done
  echo 'S: .'
  echo 'S: +OK'
  n=0
  for word; do echo "S: $((n += 1)) 40"; done
  echo 'S: .'
}

letter() { # SUBJECT
  printf 'S: +OK\nS: Subject: %s\nS:\nS: text of %s\nS: .\n' "$1" "$1"
}

closing() {
  printf 'C: QUIT\nS: +OK bye\n'
}

# The error is a line of ours with these words in it.
assert_error() { # WORDS
  case $stderr in
  *"pop3fetch: "*"$1"*) return ;;
  esac
  echo "no error of pop3fetch with '$1': $stderr"
  return 1
}

# The subjects in a Maildir's new/, sorted, on one line; nothing is left in tmp/.
subjects() { # MAILDIR
  [ -z "$(ls -A "$1/tmp")" ] || { echo "left in tmp/"; return 1; }
  cat "$1"/new/* 2>/dev/null | sed -n 's/^Subject: //p' | sort | tr '\n' ' '
}

assert_subjects() { # MAILDIR SUBJECTS
  [ "$(subjects "$1")" = "$2" ] || { echo "subjects: $(subjects "$1")"; return 1; }
}

# The unique ids in ./state, in their order.
assert_known() { # ID...
  local found
  found=$(sed -n 's/^[0-9]* //p' state 2>/dev/null | tr '\n' ' ')
  [ "$found" = "$(printf '%s ' "$@")" ] || [ "$found$#" = 0 ] || { echo "known: $found"; return 1; }
}

# A line for each file's bytes; the last line gets an end, as on the wire.
digests() { # FILE...
  python3 -c 'import hashlib, sys
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    if not data.endswith(b"\n"):
        data += b"\n"
    print(hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest())' "$@" | sort
}
