# shellcheck shell=bash
# Helpers of smtpsend's bats files: `load smtpsend`.

load ../peer/peer.bash

# Runs smtpsend against the peer, stdin to stdin.
smtpsend() {
  "${PARLEY_BIN:-$BATS_TEST_DIRNAME/../../build/bin}/smtpsend" --no-config --no-netrc \
    --domain client.example.org "$@"
}

send() { # the same, to the peer by SMTP
  smtpsend --server "smtp://127.0.0.1:$PEER_PORT" "$@"
}

# A message that needs nothing added.
letter() {
  cat <<'END'
From: alice@example.org
To: bob@example.net
Subject: Searching the Internet
Date: Sun, 22 Nov 2026 10:00:00 +0000
Message-ID: <1@example.org>

Do you like ketchup?
How about pickles?
END
}

# Its lines as the peer requires them.
letter_lines() {
  letter | sed 's/^/C: /; s/ $//; s/^C:$/C:/'
}

# An opening by which a server says what it can: KEYWORD...
opening() {
  local line
  echo "S: 220 mail.example.net ESMTP"
  echo "C: EHLO client.example.org"
  echo "S: 250-mail.example.net"
  for line in "$@"; do echo "S: 250-$line"; done
  echo "S: 250 HELP"
}

closing() {
  echo "C: QUIT"
  echo "S: 221 mail.example.net closing connection"
}

# The size of letter on the wire.
letter_size() {
  letter | sed 's/$/\r/' | wc -c
}
