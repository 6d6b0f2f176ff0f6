# shellcheck shell=bash
# For bats files that fetch from a real Dovecot: load it after pop3fetch.bash.

load ../servers/servers.bash

# A file's setup can't skip (bats 1.8); each test's can: pop3_setup looks at POP3_SKIP.
dovecot_start() {
  if [ "$(id -u)" -eq 0 ]; then
    server_start dovecot
  else
    export POP3_SKIP='wants root'
  fi
}

dovecot_stop() {
  [ ! -d "$BATS_FILE_TMPDIR/dovecot" ] || server_stop dovecot
}

# USER has these generated letters, and nothing else.
letters() { # USER COUNT [SIZE]
  empty_mailbox "$1"
  "$BATS_TEST_DIRNAME/../servers/letters.py" "$DOVECOT_MAIL/$1" "${@:2}"
  chown -R nobody "$DOVECOT_MAIL/$1"
}

empty_mailbox() { # USER
  rm -rf "${DOVECOT_MAIL:?}/$1"
}

# What is left on the server.
left_on_server() { # USER
  find "$DOVECOT_MAIL/$1/new" "$DOVECOT_MAIL/$1/cur" -type f | wc -l
}

# From Dovecot's plain port; without TLS and by PLAIN, unless told otherwise.
drop() { # USER OPTION...
  run --separate-stderr pop3fetch --tls off --auth plain --state state "${@:2}" \
    "pop3://$1:lovelace@127.0.0.1:$DOVECOT_POP3/"
}
