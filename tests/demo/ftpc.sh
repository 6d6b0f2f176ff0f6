#!/bin/sh
# ftpc fetches a file and stores one, both connections in the open: the control connection as a
# dialogue, the data connections as events beside it.
set -eu
cd "$(dirname "$0")/../.."
if ! tests/servers/pyftpd.sh start "$DEMO/pyftpd" 2>/dev/null; then
  echo '(ftpc: its demonstration wants python3-pyftpdlib)'
  exit 0
fi
trap 'tests/servers/pyftpd.sh stop "$DEMO/pyftpd"' EXIT
. "$DEMO/pyftpd/env"
cat >"$PYFTPD_ROOT/welcome.txt" <<'TEXT'
Two connections: one to talk, one for each file.
TEXT
site=ftp://127.0.0.1:$PYFTPD_PORT
ada=ftp://ada:lovelace@127.0.0.1:$PYFTPD_PORT

say() {
  printf '\n== %s\n\n' "$*"
}

show() {
  printf '$ ftpc'
  printf ' %s' "$@" | sed "s|$DEMO/||g"
  printf '\n'
  ftpc "$@" 2>&1
}

say 'FTP: a file, what can be known beforehand sent at once'
show -v "$site/welcome.txt"

say 'The same as the textbook has it: one command, one reply'
show -v --no-pipelining "$site/welcome.txt"

say 'A file stored: 226, and the size compared'
printf 'Parley is talk.\n' >"$DEMO/talk.txt"
show -v --tls off -T "$DEMO/talk.txt" "$ada/"

say 'A directory'
show "$site/"

say 'By hand: ftpc 127.0.0.1 PORT asks for such lines; here they come from the command line'
show --execute 'mkdir old; rename talk.txt old/talk.txt; cd old; ls; cat talk.txt' "$ada"
