# shellcheck shell=bash
# Waiting in bats files is for what happens, never for a time that should be enough: on a busy
# machine none is.

# Until the command succeeds; fails, and says which it was, when that takes half a minute.
await() { # COMMAND...
  local end=$((${EPOCHREALTIME%.*} + 30))
  until "$@"; do
    [ "${EPOCHREALTIME%.*}" -lt "$end" ] || { echo "waited in vain: $*"; return 1; }
    sleep 0.02
  done
}

# For await: FILE holds at least COUNT lines that match; 1 if not given.
has_lines() { # FILE REGEX [COUNT]
  [ "$(grep -c -- "$2" "$1" 2>/dev/null)" -ge "${3:-1}" ]
}
