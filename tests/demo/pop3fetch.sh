#!/bin/sh
# pop3fetch fetches the letter that smtpsend sent, the dialogue in the open: the whole way
# of the textbook's figure, from one user agent to the other.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" -ne 0 ] || ! command -v dovecot postfix >/dev/null; then
  echo 'pop3fetch: Postfix and Dovecot want root here; this part is left out.'
  exit 0
fi
tests/servers/postfix.sh start "$DEMO/postfix"
trap 'tests/servers/postfix.sh stop "$DEMO/postfix"' EXIT
. "$DEMO/postfix/env"
server=pop3://127.0.0.1:$DOVECOT_POP3/

say() {
  printf '\n== %s\n\n' "$*"
}

show() {
  printf '$ pop3fetch'
  for word; do
    case $word in
    *[!A-Za-z0-9/:._-]*) printf " '%s'" "$word" ;;
    *) printf ' %s' "$word" ;;
    esac
  done
  echo
  pop3fetch --tls off "$@" 2>&1
}

letter='From: ada@example.net
To: bob@example.net
Subject: Parley
Date: Sun, 22 Nov 2026 10:00:00 +0000
Message-ID: <parley@example.net>

Truce, captain: let us talk first.'

say 'Ada writes to Bob: smtpsend -> Postfix -> Dovecot'
echo '$ smtpsend --tls off --server smtp://localhost bob@example.net < letter'
printf '%s\n' "$letter" | smtpsend --tls off --server "smtp://127.0.0.1:$POSTFIX_SMTP" -f ada@example.net bob@example.net
tries=0
until [ -n "$(ls "$POSTFIX_MAIL/bob/new" 2>/dev/null)" ] || [ $tries -ge 100 ]; do
  tries=$((tries + 1))
  sleep 0.1
done

say "What lies in Bob's mailbox"
show -u bob:lovelace --headers "$server"

say 'By hand, as the textbook prints it: authorization, transaction, update'
show --execute 'user bob; pass lovelace; list; retr 1; quit' "$server"

say 'Fetch what is new, and delete it there: one write leaves for each round trip'
show -v -u bob:lovelace --delete --maildir "$DEMO/bob" --timing "$server"
cat "$DEMO"/bob/new/*
