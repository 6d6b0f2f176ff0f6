#!/bin/sh
# A real nginx for one test file, unprivileged, on free ports of the loopback.
#   nginx.sh start DIR   writes DIR/env (shell variables), then returns once it listens
#   nginx.sh stop DIR    stops it and removes DIR
# In env: NGINX_HTTP, NGINX_HTTPS (TLS 1.2 and 1.3), NGINX_TLS12, NGINX_CLOSING (keeps a
# connection for 100 requests), NGINX_CLIENTCERT, NGINX_EXPIRED, NGINX_OTHER (a
# certificate for other.example), NGINX_SELFSIGNED, NGINX_CHAINED (with an intermediate):
# ports. NGINX_ROOT: the directory to put files in. NGINX_CERTS: the directory of
# certs.sh. NGINX_CA: the file to trust. NGINX_LOG: one line a request:
# connection, its number there, "request line", status, bytes of body, bytes of request.
# What answers what: nginx.site.in. A user of /auth/: ada, password lovelace.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
PATH=$PATH:/usr/sbin:/sbin

ports='HTTP HTTPS TLS12 CLOSING CLIENTCERT EXPIRED OTHER SELFSIGNED CHAINED'

fill() { # FILE-IN FILE-OUT: the @WORDS@
  sed "s|@DIR@|$dir|g; s|@ROOT@|$dir/root|g; s|@CERTS@|$dir/certs|g; s|@USER@|$user|; s|@IPV6@|$ipv6|; $numbers" \
    "$1" >"$2"
}

# `return` with a number from a variable is not nginx's; so a location each.
statuses() {
  for code in 200 201 202 400 401 402 403 404 405 406 408 409 410 411 412 413 415 416 417 421 422 425 426 \
    429 431 451 500 501 502 503 504 505 507; do
    printf 'location = /status/%s { default_type text/plain; return %s "status %s\\n"; }\n' $code $code $code
  done
  for code in 204 304; do
    echo "location = /status/$code { return $code; }"
  done
  echo 'location = /retry-after { add_header Retry-After 1 always; return 503; }'
}

prepare() {
  mkdir -p "$dir/root" "$dir/dav" "$dir/certs"
  "$here/certs.sh" "$dir/certs"
  # As root the worker would be nobody and could not read a private directory.
  user=
  [ "$(id -u)" -ne 0 ] || user="user root $(id -gn);"
  ipv6='# '
  ! grep -q '^0*1 .* lo$' /proc/net/if_inet6 2>/dev/null || ipv6=
  : >"$dir/modules.conf"
  module=/usr/lib/nginx/modules/ngx_http_echo_module.so
  [ ! -e $module ] || echo "load_module $module;" >"$dir/modules.conf"
  printf 'ada:%s\n' "$(openssl passwd -apr1 lovelace)" >"$dir/htpasswd"
  statuses >"$dir/statuses.conf"
}

choose_ports() {
  numbers=''
  taken=''
  : >"$dir/env.new"
  for name in $ports; do
    port=$(free_port)
    while case " $taken " in *" $port "*) true ;; *) false ;; esac; do
      port=$(free_port)
    done
    taken="$taken $port"
    numbers="$numbers s/@$name@/$port/g;"
    echo "NGINX_$name=$port" >>"$dir/env.new"
  done
  cat >>"$dir/env.new" <<ENV
NGINX_DIR=$dir
NGINX_ROOT=$dir/root
NGINX_CERTS=$dir/certs
NGINX_CA=$dir/certs/ca.pem
NGINX_LOG=$dir/access.log
ENV
}

wait_all() { # PID: it listens on every port, and nobody else does
  for port in $taken; do
    wait_port "$port" "$1" || return 1
  done
}

# Another process may take a port between choosing and binding: then others are chosen.
start() {
  prepare
  for attempt in 1 2 3; do
    choose_ports
    fill "$here/nginx.site.in" "$dir/site.conf"
    fill "$here/nginx.conf.in" "$dir/nginx.conf"
    # No descriptor of the caller goes along: bats waits for those to close.
    nginx -p "$dir" -e "$dir/error.log" -c "$dir/nginx.conf" >"$dir/start.log" 2>&1 </dev/null 3>&- 4>&- &
    if wait_all $!; then
      mv "$dir/env.new" "$dir/env"
      return 0
    fi
    kill $! 2>/dev/null || true
    wait $! || true
  done
  echo "nginx.sh: nginx did not start ($attempt attempts):" >&2
  cat "$dir/start.log" >&2
  exit 1
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop)
  stop_pid "$dir/nginx.pid"
  rm -rf "$dir"
  ;;
*)
  echo "usage: nginx.sh start|stop DIR" >&2
  exit 64
  ;;
esac
