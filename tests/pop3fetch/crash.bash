# shellcheck shell=bash
# shellcheck disable=SC2154 # status, stderr: run sets them
# Exactly once, whatever happens: an accident at every system call that writes,
# syncs, renames or sends (DELE and QUIT among them), then a healthy run. The
# server is a real Dovecot, the accidents are crash.c's. Load it after dovecot.bash.

crash_start() {
  case ${PARLEY_BUILD:-} in
  *-san) export POP3_SKIP='a preloaded library and the sanitizers do not mix' ;;
  *) dovecot_start ;;
  esac
}

crash_setup() {
  pop3_setup
  letters ada 3 600
  cp -a "$DOVECOT_MAIL/ada" template
}

# One run with an accident: OUT gets the call's name, nothing if there were fewer calls.
accident() { # MODE N OPTION...
  local library=${PARLEY_BUILD:-$BATS_TEST_DIRNAME/../../build}/tests/crash.so
  rm -f call
  CRASH=$1:$2 CRASH_LOG=call LD_PRELOAD=$library \
    "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/pop3fetch" --tls off --auth plain --delete \
    --state state "${@:3}" "pop3://ada:lovelace@127.0.0.1:$DOVECOT_POP3/" >out 2>&1 3>&- || true
  [ -e call ]
}

refill() {
  empty_mailbox ada
  cp -a template "$DOVECOT_MAIL/ada"
  rm -rf box box.* state state.* .box*
}

# Every letter is there once.
assert_once() { # MODE N
  local found
  found=$(cat box box/new/* 2>/dev/null | sed -n 's/^Message-ID: <\(.\)@.*/\1/p' | sort | tr '\n' ' ')
  [ "$found" = '1 2 3 ' ] && [ "$(left_on_server ada)" -eq 0 ] && assert_known && return
  echo "$1 $2 ($(cat call)): there are: $found; on the server: $(left_on_server ada)"
  cat out state
  return 1
}

# Accidents 1, 2, ... until a run has fewer calls.
every_accident() { # MODE OPTION...
  local n=1
  while refill && accident "$1" $n "${@:2}"; do
    drop ada --delete "${@:2}"
    assert_status 0
    assert_once "$1" $n
    n=$((n + 1))
    [ $n -lt 500 ]
  done
  echo "$1: $((n - 1)) accidents"
  [ $n -gt 8 ]
}
