#!/usr/bin/env bats
# Accidents while pop3fetch gives messages to a program or to stdout: see crash.bash. A program
# that has taken its message can't be told not to have, so "once" here is "at
# least once, and whole": none is lost, and one may come again.

load pop3fetch
load dovecot.bash
load crash.bash

setup_file() {
  crash_start
}

teardown_file() {
  dovecot_stop
}

setup() {
  crash_setup
}

# Each letter was taken whole, in this run or the healthy one after it.
assert_taken() { # MODE N
  python3 - template/new/* <<'END' && return
import glob, sys
taken = [open(name, "rb").read() for name in glob.glob("taken/*") + ["out"]]
sys.exit(not all(any(open(name, "rb").read() in t for t in taken) for name in sys.argv[1:]))
END
  echo "$1 $2 ($(cat call)): a letter is lost"
  return 1
}

# Accidents 1, 2, ..., each followed by a healthy run.
never_lost() { # MODE OPTION...
  local n=1
  while refill && rm -rf taken && mkdir taken && accident "$1" $n "${@:2}"; do
    drop ada --delete "${@:2}"
    assert_status 0
    printf '%s\n' "$output" >>out
    assert_taken "$1" $n
    [ "$(left_on_server ada)" -eq 0 ] && assert_known
    n=$((n + 1))
    [ $n -lt 500 ]
  done
  echo "$1: $((n - 1)) accidents"
  [ $n -gt 8 ]
}

@test "a program: killed before every call; no letter is deleted before it was taken" {
  never_lost kill --mda 'cat >taken/$$'
}

@test "a program: the connection cut at every send and every 200 bytes" {
  never_lost cut --mda 'cat >taken/$$'
}

@test "stdout: killed before every call" {
  never_lost kill
}

@test "a program's order: it has exited before the state, the state is synced before DELE" {
  refill
  accident log 0 --mda 'cat >/dev/null; echo "taken" >>call'
  awk '/^taken/ { taken = NR; all++ } /^fdatasync/ { if (taken) state = NR }
    /^send DELE/ { if (!dele) dele = NR; if (state < taken) exit 1 }
    END { exit !(all == 3 && state > taken && dele) }' call
}
