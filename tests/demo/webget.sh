#!/bin/sh
# webget fetches a page, the dialogue in the open: what the textbook says it
# costs (two round trips plus the time of transmission), and what was measured.
set -eu
cd "$(dirname "$0")/../.."
tests/servers/nginx.sh start "$DEMO/nginx"
trap 'tests/servers/nginx.sh stop "$DEMO/nginx"' EXIT
. "$DEMO/nginx/env"
cat >"$NGINX_ROOT/index.html" <<'HTML'
<!DOCTYPE html>
<title>Parley</title>
<p>Truce, captain: let us talk first.
HTML
page=http://localhost:$NGINX_HTTP/

say() {
  printf '\n== %s\n\n' "$*"
}

say "webget $page"
webget "$page"

say "webget -v $page   (C: is the client, S: the server, [ ] an event)"
webget -v -o /dev/null "$page"

say "webget -v --cacert ca.pem https://localhost:$NGINX_HTTPS/   (the same through TLS)"
webget -v --cacert "$NGINX_CA" -o /dev/null "https://localhost:$NGINX_HTTPS/"

say 'The textbook: a page takes two round trips (one to connect, one to ask) plus its transmission'
head -c 20000000 /dev/zero >"$NGINX_ROOT/big"
webget --timing -o /dev/null "${page}big" 2>&1

say 'The same page by hand: webget --interactive, here from a script'
webget --execute "open $page; GET /; quit" || true
