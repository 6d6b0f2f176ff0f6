#!/bin/sh
# imapls lists the recipient's folders and reads the letter again, on a real Dovecot: what POP3
# would have taken away stays on the server, with its flags and folders.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" -ne 0 ]; then
  echo '(imapls: its demonstration wants root, for Dovecot)'
  exit 0
fi
tests/servers/dovecot.sh start "$DEMO/imap"
trap 'tests/servers/dovecot.sh stop "$DEMO/imap"' EXIT
. "$DEMO/imap/env"
bob="imaps://bob@localhost:$DOVECOT_IMAPS"

say() {
  printf '\n== %s\n\n' "$*"
}

# The password is asked for by a command, so that it stands in no line.
imap() {
  imapls --cacert "$DOVECOT_CA" --password-command 'echo lovelace' "$@"
}

show() {
  printf '$ imapls'
  for word; do
    case $word in
    *[!A-Za-z0-9/:@._-]*) printf " '%s'" "$word" ;;
    *) printf ' %s' "$word" ;;
    esac
  done
  echo
  imap "$@" 2>&1
}

printf 'From: Ada <ada@example.net>\nTo: bob@example.net\nSubject: Searching the Internet\n\n%s\n%s\n' \
  'Do you like ketchup?' 'How about pickles?' >"$DEMO/letter"
imap --append "$DEMO/letter" "$bob/INBOX" >"$DEMO/uid"

say "The recipient's folders: messages, unread ones, role"
show "$bob/"

say 'The messages of one, the dialogue in the open: one write carries EXAMINE, FETCH and LOGOUT'
show -v "$bob/INBOX"

say 'The letter'
show "$bob/INBOX;UID=1"

say 'It is marked and filed; unlike POP3, the next session finds it so'
show --create "$bob/Letters"
show --mark +flagged,seen --move-to Letters "$bob/INBOX;UID=1"
show "$bob/"
show "$bob/Letters"

say 'A copy for offline reading; the second run has nothing to fetch'
show --export "maildir:$DEMO/Mail" "$bob/Letters" | sed "s|$DEMO|.|"
show --export "maildir:$DEMO/Mail" "$bob/Letters" | sed "s|$DEMO|.|"
