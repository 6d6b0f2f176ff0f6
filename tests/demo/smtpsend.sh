#!/bin/sh
# smtpsend sends a letter from one mailbox to another, through a real Postfix: the
# textbook's three phases line by line, then what a modern server makes of them.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" -ne 0 ]; then
  echo '(smtpsend: its demonstration wants root, for Postfix)'
  exit 0
fi
tests/servers/postfix.sh start "$DEMO/postfix"
trap 'tests/servers/postfix.sh stop "$DEMO/postfix"' EXIT
. "$DEMO/postfix/env"
ada="smtp://localhost:$POSTFIX_SMTP"
secure="submission://localhost:$POSTFIX_SUBMISSION"

say() {
  printf '\n== %s\n\n' "$*"
}

show() { # the message on stdin
  printf '$ smtpsend'
  for word; do
    case $word in
    "$POSTFIX_CA") printf ' ca.pem' ;;
    *[!A-Za-z0-9/:@._-]*) printf " '%s'" "$word" ;;
    *) printf ' %s' "$word" ;;
    esac
  done
  echo ' <letter'
  smtpsend "$@" 2>&1
}

# Prints the newest message of a user once it is there.
mailbox() { # USER
  tries=0
  until file=$(find "$POSTFIX_MAIL/$1/new" -type f 2>/dev/null | sort | tail -n 1 | grep .); do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || return 1
    sleep 0.05
  done
  cat "$file"
}

letter() {
  printf 'From: ada@example.net\nTo: bob@example.net\nSubject: Searching the Internet\n\n'
  printf 'Do you like ketchup?\nHow about pickles?\n'
}

say 'The textbook: handshake, transfer, closure, one command at a time'
letter | show --server "$ada" --no-ehlo --no-pipelining -v -f ada@example.net bob@example.net

say "And in Bob's mailbox"
mailbox bob

say 'The same letter to a server of today: TLS, a login, and all of it in one flight'
letter | show --server "$secure" --cacert "$POSTFIX_CA" -u ada:lovelace -v --timing carol@example.net

say 'Who does not exist is named, the others get the letter'
letter | show --server "$ada" --tls off --jsonl bob@example.net nobody@example.net || echo "(status $?)"

say 'A letter with an attachment, made on the spot'
printf 'A picture, they say.\n' | show --server "$ada" --tls off -r ada@example.net -s 'Grüße' -a LICENSE --dry-run -v \
  bob@example.net
