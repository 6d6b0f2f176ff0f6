# shellcheck shell=bash
# Helpers of imapls's bats files: `load imapls`.
# shellcheck disable=SC2034,SC2154

TOOL=imapls
load ../peer/tool.bash

imapls_setup() {
  export TZ=UTC
  tool_setup
}

imapls() {
  timeout 60 "$PROGRAM" "$@"
}

# A dialogue on stdin, played; URL is the server with a user.
play() { # [options of peer]
  peer_start - "$@" || return 1
  HOST=127.0.0.1:$PEER_PORT
  URL=imap://alice:sesame@$HOST
}

ls_it() {
  run --separate-stderr imapls "$@"
}

# Up to a login by LOGIN, its answer with the capabilities given.
login() { # [CAPABILITY...]
  cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN "alice" *
S: A001 OK [CAPABILITY IMAP4rev1 $*] welcome
END
}
