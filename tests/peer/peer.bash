# shellcheck shell=bash
# Helpers for bats files that test a client against a dialogue:
#
#   load ../peer/peer.bash
#   teardown() { peer_stop; }
#   peer_start - [options of peer] <<'END'   # or peer_start FILE [options]
#   some-client "localhost:$PEER_PORT"
#   peer_wait                                # fails, with the diff, if the client strayed
#
# peer_start sets PEER_PORT, PEER_PID and PEER_LOG (the event log, see tests/peer/README.md).

peer_program() {
  printf '%s\n' "${PARLEY_PEER:-$BATS_TEST_DIRNAME/../../build/tests/peer}"
}

peer_start() { # FILE|- [options]
  local dialogue=$1 base tries=0
  shift
  PEER_COUNT=$((${PEER_COUNT:-0} + 1))
  base=$BATS_TEST_TMPDIR/peer$PEER_COUNT
  if [ "$dialogue" = - ]; then
    dialogue=$base.txt
    cat >"$dialogue"
  fi
  PEER_LOG=$base.log
  PEER_OUTPUT=$base.out
  # bats waits until nobody holds its descriptor 3 any more.
  # A busy machine may keep it waiting long; --timeout among the options given overrides this.
  "$(peer_program)" --timeout 30 --port-file "$base.port" --log "$PEER_LOG" "$@" "$dialogue" \
    >"$PEER_OUTPUT" 2>&1 </dev/null 3>&- 4>&- &
  PEER_PID=$!
  PEER_PIDS="${PEER_PIDS:-} $PEER_PID"
  while [ ! -e "$base.port" ]; do
    if ! kill -0 "$PEER_PID" 2>/dev/null || [ $((tries += 1)) -gt 3000 ]; then
      cat "$PEER_OUTPUT"
      return 1
    fi
    sleep 0.01
  done
  # shellcheck disable=SC2034 # for the test
  PEER_PORT=$(cat "$base.port")
}

# Waits for the last peer started to end; its exit status is the function's.
peer_wait() {
  local status=0
  wait "$PEER_PID" || status=$?
  cat "$PEER_OUTPUT"
  return "$status"
}

# For teardown: nothing that was started stays.
peer_stop() {
  local pid
  for pid in ${PEER_PIDS:-}; do
    if kill "$pid" 2>/dev/null; then
      wait "$pid" 2>/dev/null || true
    fi
  done
  PEER_PIDS=
}

# Prints how many times the client's side took the word: runs of recv in the log that no send
# interrupts. CONN is 1 if not given.
peer_turns() { # [CONN]
  awk -v conn="${1:-1}" '$4 == conn && ($2 == "recv" || $2 == "send") {
    turns += $2 == "recv" && last != "recv"
    last = $2
  } END { print turns + 0 }' "$PEER_LOG"
}

# A self-signed certificate for localhost and 127.0.0.1: sets PEER_CERT and PEER_KEY.
peer_certificate() {
  PEER_CERT=$BATS_TEST_TMPDIR/peer-cert.pem
  PEER_KEY=$BATS_TEST_TMPDIR/peer-key.pem
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
    -keyout "$PEER_KEY" -out "$PEER_CERT" 2>/dev/null
}
