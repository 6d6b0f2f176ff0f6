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
head -c 50000000 /dev/zero >"$NGINX_ROOT/big"
page=http://localhost:$NGINX_HTTP/
secure=https://localhost:$NGINX_HTTPS/

say() {
  printf '\n== %s\n\n' "$*"
}

# What webget says on stderr (dialogue, times) is part of the show, in its order.
show() {
  printf '$ webget'
  for word; do
    case $word in
    "$NGINX_CERTS"/*) printf ' %s' "${word##*/}" ;;
    *[!A-Za-z0-9/:._-]*) printf " '%s'" "$word" ;;
    *) printf ' %s' "$word" ;;
    esac
  done
  echo
  webget "$@" 2>&1
}

say 'A page'
show "$page"

say 'The same with the dialogue in the open: C: is the client, S: the server, [ ] an event'
show -v -o /dev/null "$page"

say 'The same through TLS; the CA is of this demonstration only'
show -v --cacert "$NGINX_CA" -o /dev/null "$secure"

say 'The textbook: two round trips (one to connect, one to ask) plus the time of transmission, L/R'
show --timing -o /dev/null "${page}big"

say 'TLS 1.3 adds one'
show --timing --cacert "$NGINX_CA" -o /dev/null "$secure"

say 'Ten objects: a connection for each, or one for all with the requests sent ahead'
for model in nonpersistent pipelined; do
  show --timing --connection $model -o /dev/null "${page}?[1-10]" >"$DEMO/ten"
  grep -v '^timing: http\|^  ' "$DEMO/ten"
done

say 'A page with ten images, in the four ways of the textbook: what each costs, and would at 50 ms a round trip'
{
  echo '<!DOCTYPE html><title>Ten images</title>'
  for n in 1 2 3 4 5 6 7 8 9 10; do
    echo "<img src=\"$n.png\">"
    echo "image $n" >"$NGINX_ROOT/$n.png"
  done
} >"$NGINX_ROOT/images.html"
printf '%-15s %8s %12s %12s %10s %14s\n' connections objects connections 'round trips' 'here, ms' '50 ms RTT, ms'
for model in nonpersistent parallel persistent pipelined; do
  webget -p --timing --connection $model -P "$DEMO/tree" "${page}images.html" 2>&1 |
    awk -v model=$model '
      /^timing: [0-9]+ objects/ { objects = $2; connections = $4; turns = $6; total = $(NF - 1) }
      /^timing: model/ { for (i = 1; i < NF; i++) if ($(i + 1) == "RTT") formula = $i }
      END { printf "%-15s %8d %12d %12d %10.2f %14d\n", model, objects, connections, turns, total, formula * 50 }'
done

say 'By hand: webget --interactive asks for such lines; here they come from the command line'
show --execute "GET /; quit" "$page"
