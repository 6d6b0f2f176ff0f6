# shellcheck shell=bash
# Helpers of imapls's bats files: `load imapls`.
# shellcheck disable=SC2034,SC2154

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../peer/peer.bash

IMAPLS=${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/imapls

imapls_setup() {
  unset http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY NETRC
  export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8 TZ=UTC
  export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state
  mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return 1
}

imapls() {
  timeout 30 "$IMAPLS" "$@"
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

assert_status() { # N
  [ "$status" -eq "$1" ] || {
    echo "status $status, not $1; stderr: ${stderr-}; output: $output"
    [ -z "${PEER_OUTPUT-}" ] || cut -c1-200 "$PEER_OUTPUT"
    return 1
  }
}

assert_error() { # WORDS
  case $stderr in
  "imapls: "*"$1"*) [ "$(wc -l <<<"$stderr")" -eq 1 ] && return ;;
  esac
  echo "no one-line error of imapls with '$1': $stderr"
  return 1
}

# Up to a login by LOGIN, its answer with the capabilities given.
login() { # [CAPABILITY...]
  cat <<END
S: * OK [CAPABILITY IMAP4rev1] ready
C: A001 LOGIN "alice" ****
S: A001 OK [CAPABILITY IMAP4rev1 $*] welcome
END
}
