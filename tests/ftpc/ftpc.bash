# shellcheck shell=bash
# What bats and the tests set and read: output, stderr, status, URL.
# shellcheck disable=SC2034,SC2154,SC2119,SC2120
# Helpers for the bats files of ftpc: `load ftpc.bash`, which brings the peer along.
#
#   setup() { tool_setup; }             # an empty directory, no configuration, no proxies
#   teardown() { peer_stop; }
#   play <<'END'                        # the peer plays this; URL is the server
#   S: 220 ready
#   ...
#   END
#   ftp -o file "$URL/file"             # run --separate-stderr
#   assert_status 66

TOOL=ftpc
load ../peer/tool.bash

ftpc() {
  timeout 60 "$PROGRAM" "$@"
}

# A dialogue on stdin, played; URL is the server.
play() { # [options of peer]
  peer_start - "$@" || return 1
  URL=ftp://127.0.0.1:$PEER_PORT
}

# The dialogue of an anonymous login, commands sent ahead, then what stdin says.
login() { # [options of peer]
  local rest
  rest=$(cat)
  play "$@" <<<$'S: 220 ready\nC: USER anonymous\nC: PASS *\n'"$rest"
}

ftp() {
  run --separate-stderr ftpc "$@"
}
