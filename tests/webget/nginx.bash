# shellcheck shell=bash
# What the bats files share that send webget to a real nginx. To be loaded after
# ../servers/servers; the server is started by each file's setup_file.

load ../peer/await.bash

webget() {
  "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/webget" --no-config "$@"
}

# Nothing of the caller's may lead a test elsewhere.
unset http_proxy https_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE NETRC

# The requests of the log whose request line matches; nginx writes a line after its
# answer left, so COUNT of them are waited for.
logged() { # REGEX COUNT
  await has_lines "$NGINX_LOG" "$1" "$2" >/dev/null
  grep -- "$1" "$NGINX_LOG"
}

# How many connections carried them.
connections() { # REGEX COUNT
  logged "$1" "$2" | cut -d' ' -f1 | sort -u | wc -l
}

# The only files of a directory, hidden ones too: a temporary left behind shows.
files_in() { # DIR
  find "$1" -mindepth 1 -printf '%f\n' | sort
}

# What goes through a pipe is FILE, and webget ended with 0.
same() { # FILE WEBGET-ARGUMENT...
  (
    set -o pipefail
    webget "${@:2}" | cmp - "$1"
  )
}
