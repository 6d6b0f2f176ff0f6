# shellcheck shell=bash
# What bats and the tests set and read: output, stderr, status, URL.
# shellcheck disable=SC2034,SC2154,SC2119,SC2120
# Helpers for the bats files of webget: `load webget.bash`, which brings the peer along.
#
#   setup() { tool_setup; }             # an empty directory, no configuration, no proxies
#   teardown() { peer_stop; }
#   answer <<'END'                      # the peer takes one GET and plays this
#   S: HTTP/1.1 200 OK
#   ...
#   END
#   fetch -o page "$URL/page"           # run --separate-stderr; URL is the peer's
#   assert_status 76

TOOL=webget
load ../peer/tool.bash

webget() {
  timeout 60 "$PROGRAM" "$@"
}

# A dialogue on stdin, played; URL is the server.
play() { # [options of peer]
  peer_start - "$@" || return 1
  URL=http://127.0.0.1:$PEER_PORT
}

# One GET of anything, then what stdin says.
answer() { # [options of peer]
  local rest
  rest=$(cat)
  play "$@" <<<"C: GET * HTTP/1.1"$'\n[rest]\n'"$rest"
}

fetch() {
  run --separate-stderr webget "$@"
}

# The same in so much address space, libraries included. Sanitizers need all there is.
fetch_in() { # KIB ARGUMENT...
  local room=$1 seconds=60
  case $PROGRAM in *-san/* | *-tsan/*) room=unlimited seconds=250 ;; esac
  # shellcheck disable=SC2016 # that shell expands it
  run --separate-stderr bash -c 'ulimit -v "$1"; shift; exec "$@"' - "$room" timeout "$seconds" "$PROGRAM" "${@:2}"
}
