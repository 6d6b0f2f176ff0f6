# shellcheck shell=bash
# What bats and the tests set and read: output, stderr, status.
# shellcheck disable=SC2034,SC2154,SC2119,SC2120
# What the helpers of each tool's bats files share; it brings the peer along.
#
#   TOOL=webget                         # a file about several tools leaves it out
#   load ../peer/tool.bash              # sets PROGRAM, its path
#   setup() { tool_setup; }             # an empty directory, no configuration, no proxies
#   teardown() { peer_stop; }
#   run --separate-stderr "$PROGRAM" ...
#   assert_status 66

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../peer/peer.bash
load ../peer/await.bash

PROGRAM=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/${TOOL-}

tool_setup() {
  unset http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY NETRC
  export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8
  export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state
  mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return 1
}

assert_status() { # N
  [ "$status" -eq "$1" ] || {
    echo "status $status, not $1; stderr: ${stderr-}; output: $output"
    [ -z "${PEER_OUTPUT-}" ] || cut -c1-200 "$PEER_OUTPUT"
    return 1
  }
}

# The error is one line of ours with these words in it.
assert_error() { # WORDS
  case $stderr in
  "$TOOL: "*"$1"*) [ "$(wc -l <<<"$stderr")" -eq 1 ] && return ;;
  esac
  echo "no one-line error of $TOOL with '$1': $stderr"
  return 1
}

assert_said() { # WORDS, on stderr
  [[ $stderr == *"$1"* ]] || { echo "not on stderr: $1; but: $stderr"; return 1; }
}

refute_said() { # WORDS, on stderr
  [[ $stderr != *"$1"* ]] || { echo "on stderr: $1"; return 1; }
}

# Nothing was said on stderr.
assert_quiet() {
  [ -z "$stderr" ] || { echo "on stderr: $stderr"; return 1; }
}

# The working directory holds these and nothing else, temporaries included.
assert_files() { # [NAME...]
  local found
  found=$(ls -A)
  [ "$found" = "$(printf '%s\n' "$@" | LC_ALL=C.UTF-8 sort)" ] || { echo "files: $found"; return 1; }
}

assert_content() { # FILE TEXT
  [ "$(cat "$1")" = "$2" ] || { echo "$1 holds: $(cat "$1")"; return 1; }
}

# A refused answer: the status, one line of error with these words, and nothing kept.
assert_refused() { # STATUS WORDS
  assert_status "$1"
  assert_error "$2"
  assert_files
}

# The peer was followed to its end.
assert_played() {
  peer_wait
}
